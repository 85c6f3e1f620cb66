package output

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
)

const solarisJSON = `{"id":12,"title":"Solaris","description":"A psychologist is sent to a station.\nIt is not <empty>.",` +
	`"budget":1000000,"release_date":"1972-03-20","duration":167,"country":{"id":1,"name":"Soviet Union"},` +
	`"director":{"id":7,"name":"Andrei Tarkovsky"},"genres":[{"id":1,"name":"Drama"},{"id":2,"name":"Sci-Fi"}],` +
	`"poster":{"id":3,"file_name":"p.jpg","path":"ab/abc.jpg"},"seen":true,"created_at":"2026-11-23T21:09:51Z"}`

const emptyJSON = `{"id":0,"title":"","description":null,"budget":null,"release_date":null,"duration":null,"country":null,` +
	`"director":null,"genres":[],"poster":null,"seen":false,"created_at":""}`

func TestJSONList(t *testing.T) {
	tests := []struct {
		name    string
		p       Printer
		records []tFilm
		want    string
	}{
		{"none", Printer{Format: JSON}, nil, "[]\n"},
		{"none on a terminal", Printer{Format: JSON, Terminal: true}, nil, "[]\n"},
		{"none as lines", Printer{Format: JSONL}, nil, ""},
		{"one", Printer{Format: JSON}, []tFilm{solaris()}, "[\n" + solarisJSON + "\n]\n"},
		{"two", Printer{Format: JSON}, []tFilm{solaris(), {}}, "[\n" + solarisJSON + ",\n" + emptyJSON + "\n]\n"},
		{"two as lines", Printer{Format: JSONL}, []tFilm{solaris(), {}}, solarisJSON + "\n" + emptyJSON + "\n"},
		{"two as lines on a terminal", Printer{Format: JSONL, Terminal: true}, []tFilm{solaris(), {}}, solarisJSON + "\n" + emptyJSON + "\n"},
		{"fields on a terminal", Printer{Format: JSON, Terminal: true, Fields: []string{"id", "genres"}}, []tFilm{{ID: 1}, {ID: 2, Genres: []tRef{{3, "x"}}}},
			"[\n  {\n    \"id\": 1,\n    \"genres\": []\n  },\n  {\n    \"id\": 2,\n    \"genres\": [\n      {\n        \"id\": 3,\n        \"name\": \"x\"\n      }\n    ]\n  }\n]\n"},
	}
	for _, tt := range tests {
		if got := list(t, tt.p, columnsOfFilm(), tt.records...); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestJSONListOnTerminalIsMarshalIndent(t *testing.T) {
	films := []tFilm{solaris(), {Genres: []tRef{}}, solaris()}
	var want bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(films); err != nil {
		t.Fatal(err)
	}
	if got := list(t, Printer{Format: JSON, Terminal: true}, nil, films...); got != want.String() {
		t.Errorf("got  %s\nwant %s", got, want.String())
	}
}

func TestJSONShow(t *testing.T) {
	var want bytes.Buffer
	if err := json.Indent(&want, []byte(solarisJSON+"\n"), "", "  "); err != nil {
		t.Fatal(err)
	}
	for _, terminal := range []bool{false, true} {
		if got := show(t, Printer{Format: JSON, Terminal: terminal}, nil, solaris()); got != want.String() {
			t.Errorf("terminal %v:\ngot  %s\nwant %s", terminal, got, want.String())
		}
		if got := show(t, Printer{Format: JSONL, Terminal: terminal}, nil, solaris()); got != solarisJSON+"\n" {
			t.Errorf("jsonl, terminal %v: %s", terminal, got)
		}
	}
}

func TestJSONFields(t *testing.T) {
	d := tDetail{tFilm: solaris(), Tags: []string{"a"}, Cast: []tPart{{ID: 1, Name: "Kris", Actor: &tRef{2, "B"}}, {ID: 2}}}
	var none tDetail
	tests := []struct {
		fields string
		record tDetail
		want   string
	}{
		{"id,director.name", d, `{"id":12,"director":{"name":"Andrei Tarkovsky"}}`},
		{"director.name,id", d, `{"director":{"name":"Andrei Tarkovsky"},"id":12}`},
		{"director.name,id,director.id", d, `{"director":{"name":"Andrei Tarkovsky","id":7},"id":12}`},
		{"director.name,director", d, `{"director":{"id":7,"name":"Andrei Tarkovsky"}}`},
		{"id,id", d, `{"id":12}`},
		{"genres.name", d, `{"genres":[{"name":"Drama"},{"name":"Sci-Fi"}]}`},
		{"cast.actor.name,tags", d, `{"cast":[{"actor":{"name":"B"}},{"actor":null}],"tags":["a"]}`},
		{"director.name,genres.name,cast.actor.id,tags,duration", none, `{"director":null,"genres":[],"cast":[],"tags":[],"duration":null}`},
	}
	for _, tt := range tests {
		p := Printer{Format: JSONL, Fields: strings.Split(tt.fields, ",")}
		if got := show(t, p, nil, tt.record); got != tt.want+"\n" {
			t.Errorf("%s:\ngot  %swant %s", tt.fields, got, tt.want)
		}
	}
}

// tKinds has every kind of field.
type tKinds struct {
	S    string                 `json:"s"`
	PS   *string                `json:"ps"`
	I    int                    `json:"i"`
	I64  int64                  `json:"i64"`
	PI   *int                   `json:"pi"`
	PI64 *int64                 `json:"pi64"`
	U    uint8                  `json:"u"`
	F    float64                `json:"f"`
	F32  float32                `json:"f32"`
	PF   *float64               `json:"pf"`
	B    bool                   `json:"b"`
	PB   *bool                  `json:"pb"`
	PP   **int                  `json:"pp"`
	R    tRef                   `json:"r"`
	PR   *tRef                  `json:"pr"`
	LS   []string               `json:"ls"`
	LI   []*int                 `json:"li"`
	LR   []*tRef                `json:"lr"`
	LL   [][]string             `json:"ll"`
	A    [2]int                 `json:"a"`
	T    time.Time              `json:"t"`
	PT   *time.Time             `json:"pt"`
	M    map[string]int         `json:"m"`
	Any  any                    `json:"any"`
	Raw  json.RawMessage        `json:"raw"`
	By   []byte                 `json:"by"`
	Num  json.Number            `json:"num"`
	An   struct{ Untagged int } `json:"an"`
	Key  string                 `json:"k<é"`
	no   int
	Skip string `json:"-"`
}

func kinds(s string, i int64, f float64, b bool) tKinds {
	n, tm := int(i), time.Unix(i%1e9, 0).UTC()
	p := &n
	k := tKinds{
		S: s, PS: &s, I: n, I64: i, PI: &n, PI64: &i, U: uint8(i), F: f, F32: 0.1, PF: &f, B: b, PB: &b, PP: &p,
		R: tRef{i, s}, PR: &tRef{i, s}, LS: []string{s, "", s}, LI: []*int{&n, nil}, LR: []*tRef{{i, s}, nil},
		LL: [][]string{{s}, {}}, A: [2]int{1, n}, T: tm, PT: &tm, M: map[string]int{s: n}, Any: []any{s, nil},
		Raw: json.RawMessage(` {"a" : "<b>"} `), By: []byte(s), Num: "1e9", Key: s, no: 1,
	}
	k.An.Untagged = n
	return k
}

// marshalled is what encoding/json makes of a value.
func marshalled(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJSONIsThatOfEncodingJSON(t *testing.T) {
	all := func() string {
		var b strings.Builder
		for r := rune(0); r < 0x3100; r++ {
			b.WriteRune(r)
		}
		return b.String() + "\xff\xc0\x80\xed\xa0\x80\U0001F469\u200d\U0001F467 \xf0\x9f"
	}()
	for _, s := range []string{"", "a", `<a href="b">&'\/`, "\u2028\u2029", "tab\tnl\ncr\rbs\bff\f\x00\x1b\x7f\u0085\u202e", "bad \xff", all} {
		k := kinds(s, 42, 0.25, true)
		if got, want := show(t, Printer{Format: JSONL}, nil, k), marshalled(t, k); got != want {
			t.Errorf("%.40q:\ngot  %.400s\nwant %.400s", s, got, want)
		}
		var back tKinds
		if err := json.Unmarshal([]byte(show(t, Printer{Format: JSON, Terminal: true}, nil, k)), &back); err != nil {
			t.Errorf("%.40q on a terminal: %v", s, err)
		} else if want := strings.ToValidUTF8(s, "\ufffd"); len(s) == len(want) && back.S != s {
			t.Errorf("on a terminal %.40q became %.40q", s, back.S)
		}
	}
}

func TestJSONOfZeroValues(t *testing.T) {
	want := `{"s":"","ps":null,"i":0,"i64":0,"pi":null,"pi64":null,"u":0,"f":0,"f32":0,"pf":null,"b":false,"pb":null,` +
		`"pp":null,"r":{"id":0,"name":""},"pr":null,"ls":[],"li":[],"lr":[],"ll":[],"a":[0,0],"t":"0001-01-01T00:00:00Z",` +
		`"pt":null,"m":null,"any":null,"raw":null,"by":null,"num":0,"an":{"Untagged":0},"k<é":""}` + "\n"
	if got := show(t, Printer{Format: JSONL}, nil, tKinds{}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestJSONNumbersHaveNoExponent(t *testing.T) {
	type rec struct {
		F float64 `json:"f"`
	}
	for f, want := range map[float64]string{
		0: "0", 1e21: "1000000000000000000000", 1e-7: "0.0000001", 0.1: "0.1", -1.5: "-1.5", 237000000: "237000000",
		1e22: "10000000000000000000000", math.Inf(1): "null", 123456789.125: "123456789.125",
	} {
		if got := show(t, Printer{Format: JSONL}, nil, rec{f}); got != `{"f":`+want+"}\n" {
			t.Errorf("%g: %s, want %s", f, got, want)
		}
	}
}

// tEmbed* are for the rules by which Go flattens embedded structs.
type (
	tEmbedA struct {
		X int `json:"x"`
		Y int `json:"y"`
		Q int
		Z int
	}
	tEmbedB struct {
		Q int // two of a kind: neither shows
		Z int `json:"Z"`
		W int `json:"w"`
	}
	TEmbedP struct {
		P int `json:"p"`
		*tEmbedA
	}
	tEmbed struct {
		W string `json:"w"`
		tEmbedA
		tEmbedB
		*TEmbedP `json:"named"`
	}
	tLoop struct {
		ID   int      `json:"id"`
		Next *tLoop   `json:"next"`
		More []*tLoop `json:"more"`
	}
)

func TestJSONOfEmbeddedStructs(t *testing.T) {
	e := tEmbed{"w", tEmbedA{1, 2, 0, 3}, tEmbedB{4, 5, 6}, &TEmbedP{P: 7, tEmbedA: &tEmbedA{8, 9, 0, 10}}}
	if got, want := show(t, Printer{Format: JSONL}, nil, e), marshalled(t, e); got != want {
		t.Errorf("got  %swant %s", got, want)
	}
	e.tEmbedA.X, e.TEmbedP.tEmbedA = 0, nil
	want := `{"w":"w","x":0,"y":2,"Z":5,"named":{"p":7,"x":null,"y":null,"Q":null,"Z":null}}` + "\n" // absent is null, not left out
	if got := show(t, Printer{Format: JSONL}, nil, e); got != want {
		t.Errorf("nil embedded: got  %swant %s", got, want)
	}
}

func TestRecordInsideItself(t *testing.T) {
	l := tLoop{1, &tLoop{2, nil, []*tLoop{}}, []*tLoop{{3, nil, []*tLoop{}}}}
	if got, want := show(t, Printer{Format: JSONL}, nil, l), marshalled(t, l); got != want {
		t.Errorf("got  %swant %s", got, want)
	}
	if got := strings.Join(FieldNames[tLoop](), " "); got != "id next more" {
		t.Errorf("FieldNames = %s", got)
	}
}

func TestMarshalErrorEndsTheList(t *testing.T) {
	type rec struct {
		Any any `json:"any"`
	}
	var b strings.Builder
	p := &Printer{Out: &b, Format: JSON}
	if _, err := List(p, nil, seq(nil, rec{1}, rec{func() {}})); err == nil {
		t.Error("no error for a func")
	}
	if err := Show(p, nil, rec{func() {}}); err == nil {
		t.Error("Show: no error for a func")
	}
}

func TestJSONOnTerminalCannotDriveIt(t *testing.T) {
	type rec struct {
		S string `json:"s"`
		A any    `json:"a"`
	}
	s := "\x1b]0;x\x07\u009b31m\x7f\u202eabc\u2066\u200f é 千"
	got := show(t, Printer{Format: JSON, Terminal: true}, nil, rec{s, s})
	for _, r := range got {
		if r != '\n' && (r < ' ' || drives(r)) {
			t.Errorf("%U is in the clear: %s", r, got)
		}
	}
	var back rec
	if err := json.Unmarshal([]byte(got), &back); err != nil || back.S != s || back.A != s {
		t.Errorf("reads back as %q, %v", back, err)
	}
}

// tOpt is a text that is absent when it is empty.
type tOpt string

func (o tOpt) Absent() bool { return o == "" }

func TestAbsenterIsNull(t *testing.T) {
	type rec struct {
		A tOpt   `json:"a"`
		B *tOpt  `json:"b"`
		C []tOpt `json:"c"`
	}
	r := rec{C: []tOpt{"x", ""}}
	if got := show(t, Printer{Format: JSONL}, nil, r); got != `{"a":null,"b":null,"c":["x",null]}`+"\n" {
		t.Errorf("got %s", got)
	}
	if got := list(t, Printer{Format: TSV}, nil, r, rec{A: "y", B: ptr(tOpt("z"))}); got != "\t\tx|\ny\tz\t\n" {
		t.Errorf("got %q", got)
	}
}

func FuzzJSON(f *testing.F) {
	f.Add("a<b>\u2028\xff", int64(3), 0.5, true)
	f.Add("\x1b[31m\u202e\x7f\u0085", int64(-1), 1e21, false)
	f.Fuzz(func(t *testing.T, s string, i int64, x float64, b bool) {
		if e := math.Abs(x); e != 0 && (e < 1e-6 || e >= 1e21) || math.IsInf(x, 0) || math.IsNaN(x) {
			x = 1 // encoding/json writes an exponent or refuses
		}
		k := kinds(s, i, x, b)
		if got, want := show(t, Printer{Format: JSONL}, nil, k), marshalled(t, k); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
		var back tKinds
		if err := json.Unmarshal([]byte(show(t, Printer{Format: JSON, Terminal: true}, nil, k)), &back); err != nil {
			t.Fatal(err)
		}
		var again tKinds
		if err := json.Unmarshal([]byte(marshalled(t, k)), &again); err != nil {
			t.Fatal(err)
		}
		if got, want := marshalled(t, back), marshalled(t, again); got != want {
			t.Fatalf("on a terminal %s became %s", want, got)
		}
	})
}
