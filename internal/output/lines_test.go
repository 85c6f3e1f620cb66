package output

import (
	"encoding/csv"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

const nastyText = "tab\tnl\ncr\r back\\ esc\x1b[31m del\x7f c1\u0085\u009b bidi\u202e bad\xff é 千 | \"q\", end"

func TestTSV(t *testing.T) {
	films := []tFilm{solaris(), {ID: 2, Title: nastyText, Budget: ptr(0.5)}}
	cols := columnsOfFilm()
	rows := "12\tSolaris\t1972-03-20\t167\tSoviet Union\tAndrei Tarkovsky\tDrama|Sci-Fi\n" +
		"2\ttab\\tnl\\ncr\\r back\\\\ esc\\x1b[31m del\\x7f c1\\u0085\\u009b bidi\u202e bad\\xff é 千 | \"q\", end\t\t\t\t\t\n"
	head := "id\ttitle\trelease_date\tduration\tcountry\tdirector\tgenres\n"
	tests := []struct {
		name string
		p    Printer
		in   []tFilm
		want string
	}{
		{"no header", Printer{Format: TSV}, films, rows},
		{"header", Printer{Format: TSV, Header: true}, films, head + rows},
		{"none", Printer{Format: TSV}, nil, ""},
		{"header of none", Printer{Format: TSV, Header: true}, nil, head},
		{"fields", Printer{Format: TSV, Header: true, Fields: []string{"director.name", "id", "genres.id", "budget", "seen", "poster"}}, films,
			"director.name\tid\tgenres.id\tbudget\tseen\tposter\nAndrei Tarkovsky\t12\t1|2\t1000000\ttrue\tp.jpg\n\t2\t\t0.5\tfalse\t\n"},
	}
	for _, tt := range tests {
		if got := list(t, tt.p, cols, tt.in...); got != tt.want {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.name, got, tt.want)
		}
	}
	if got := show(t, Printer{Format: TSV, Header: true}, cols[:2], solaris()); got != "id\ttitle\n12\tSolaris\n" {
		t.Errorf("Show = %q", got)
	}
}

func TestCSV(t *testing.T) {
	films := []tFilm{solaris(), {ID: 2, Title: nastyText}}
	want := "id,title,duration,director.name,genres\n12,Solaris,167,Andrei Tarkovsky,Drama|Sci-Fi\n" +
		"2,\"tab\tnl\ncr\r back\\ esc\x1b[31m del\x7f c1\u0085\u009b bidi\u202e bad\xff é 千 | \"\"q\"\", end\",,,\n"
	cols := []string{"id", "title", "duration", "director.name", "genres"}
	if got := list(t, Printer{Format: CSV}, cols, films...); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := list[tFilm](t, Printer{Format: CSV}, cols); got != "id,title,duration,director.name,genres\n" {
		t.Errorf("none: %q", got)
	}
	if got := show(t, Printer{Format: CSV}, cols[:2], solaris()); got != "id,title\n12,Solaris\n" {
		t.Errorf("Show: %q", got)
	}
}

func TestCSVOfOneEmptyColumnHasALineForEachRecord(t *testing.T) {
	got := list(t, Printer{Format: CSV, Fields: []string{"description"}}, nil, tFilm{}, solaris(), tFilm{})
	records, err := csv.NewReader(strings.NewReader(got)).ReadAll()
	if err != nil || len(records) != 4 {
		t.Errorf("%q reads as %d records, %v; want 4", got, len(records), err)
	}
}

func TestMarkdown(t *testing.T) {
	cols := []string{"id", "title", "director.name", "release_date", "genres"}
	head := "| ID | Title | Director name | Release date | Genres |\n| ---: | --- | --- | --- | --- |\n"
	want := head + "| 12 | Solaris | Andrei Tarkovsky | 1972-03-20 | Drama, Sci-Fi |\n| 2 | a |  |  |  |\n"
	if got := list(t, Printer{Format: Markdown, Width: 20, Color: true}, cols, solaris(), tFilm{ID: 2, Title: "a"}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := list[tFilm](t, Printer{Format: Markdown}, cols); got != head {
		t.Errorf("none: %q", got)
	}
	if got := show(t, Printer{Format: Markdown}, cols[:2], solaris()); got != "| ID | Title |\n| ---: | --- |\n| 12 | Solaris |\n" {
		t.Errorf("Show: %q", got)
	}
}

func TestMarkdownTextIsShownAsItIs(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain é 千 (a) #1 - b!", "plain é 千 (a) #1 - b!"},
		{"a|b", `a\|b`},
		{`a\|b`, `a\\\|b`},
		{`a\`, `a\\`},
		{"M*A*S*H", `M\*A\*S\*H`},
		{"movie_poster.jpg", "movie_poster.jpg"},
		{"_a_", `\_a\_`},
		{"<b>", `\<b>`},
		{"`x` [y](z) ~q~", "\\`x\\` \\[y](z) \\~q\\~"},
		{"Tom & Jerry", "Tom & Jerry"},
		{"&lt;", `\&lt;`},
		{"one\ntwo\r\nthree", "one<br>two<br>three"},
		{"t\tab", `t\\tab`},
		{"\x1b[31m", `\\x1b\[31m`},
		{"\u202eabc", `\\u202eabc`},
		{"\xff", `\\xff`},
	}
	for _, tt := range tests {
		if got := markdownText(tt.in); got != tt.want {
			t.Errorf("%q = %s, want %s", tt.in, got, tt.want)
		}
	}
}

// tNames is a list that shows itself.
type tNames []tRef

// Cell writes the names in brackets.
func (n tNames) Cell(sep string) string {
	return "<" + strconv.Itoa(len(n)) + sep + ">"
}

func TestCells(t *testing.T) {
	type bare struct {
		X int `json:"x"`
	}
	type noName struct {
		ID   int     `json:"id"`
		Name *string `json:"name"`
	}
	type rec struct {
		Own    tNames     `json:"own"`
		File   *tFile     `json:"file"`
		Files  []*tFile   `json:"files"`
		Face   noName     `json:"face"`
		Bare   bare       `json:"bare"`
		Parts  []tPart    `json:"parts"`
		Lists  [][]string `json:"lists"`
		Any    any        `json:"any"`
		Floats []float64  `json:"floats"`
		Yes    *bool      `json:"yes"`
	}
	r := rec{
		File: &tFile{Name: "f"}, Files: []*tFile{{Name: "a"}, nil, {Name: "b"}}, Face: noName{ID: 5}, Bare: bare{3},
		Parts: []tPart{{Name: "n", Role: ptr("lead")}, {Role: ptr("")}, {Name: "m", Role: ptr("voice"), Actor: &tRef{1, "x"}}},
		Lists: [][]string{{"a", "b"}, {}, {"c"}}, Any: "text", Floats: []float64{1e21, 0.000001}, Yes: ptr(true),
	}
	tests := []struct{ path, plain, prose string }{
		{"own", "<0|>", "<0, >"},
		{"own.name", "", ""},
		{"file", "f", "f"},
		{"file.id", "0", "0"},
		{"files", "a||b", "a, b"},
		{"face", "5", "5"},
		{"face.name", "", ""},
		{"bare", `{"x":3}`, `{"x":3}`},
		{"parts", "n|0|m", "n, 0, m"},
		{"parts.role", "lead||voice", "lead, voice"},
		{"parts.actor.name", "||x", "x"},
		{"lists", "a|b||c", "a, b, c"},
		{"any", "text", "text"},
		{"floats", "1000000000000000000000|0.000001", "1000000000000000000000, 0.000001"},
		{"yes", "true", "true"},
	}
	for _, tt := range tests {
		cols, err := compile(reflect.TypeOf(r)).columns([]string{tt.path}, nil)
		if err != nil {
			t.Fatal(err)
		}
		v := reflect.ValueOf(&r).Elem()
		for sep, want := range map[string]string{plainSep: tt.plain, proseSep: tt.prose} {
			if got, _ := cols[0].text(v, sep, nil); got != want {
				t.Errorf("%s with %q = %q, want %q", tt.path, sep, got, want)
			}
		}
	}
}

func TestLabels(t *testing.T) {
	tests := []struct{ path, heading, sentence string }{
		{"id", "ID", "ID"},
		{"release_date", "RELEASE DATE", "Release date"},
		{"director.name", "DIRECTOR NAME", "Director name"},
		{"movie.id", "MOVIE ID", "Movie ID"},
		{"url", "URL", "URL"},
	}
	for _, tt := range tests {
		if heading(tt.path) != tt.heading || sentence(tt.path) != tt.sentence {
			t.Errorf("%s: %q, %q", tt.path, heading(tt.path), sentence(tt.path))
		}
	}
}

// unescapeTSV is the inverse of appendTSV.
func unescapeTSV(t *testing.T, s string) string {
	t.Helper()
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b = append(b, s[i])
			continue
		}
		i++
		switch s[i] {
		case 't':
			b = append(b, '\t')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case '\\':
			b = append(b, '\\')
		case 'x':
			n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			b = append(b, byte(n))
			i += 2
		case 'u':
			n, err := strconv.ParseUint(s[i+1:i+5], 16, 16)
			if err != nil {
				t.Fatal(err)
			}
			b = utf8.AppendRune(b, rune(n))
			i += 4
		default:
			t.Fatalf("escape \\%c", s[i])
		}
	}
	return string(b)
}

func FuzzLines(f *testing.F) {
	f.Add(nastyText)
	f.Add(`\| a`)
	f.Fuzz(func(t *testing.T, s string) {
		film := tFilm{ID: 1, Title: s, Description: &s}
		cols := []string{"title", "id", "description"}
		line := list(t, Printer{Format: TSV}, cols, film)
		for _, r := range strings.TrimSuffix(line, "\n") {
			if r != '\t' && r < ' ' || r >= 0x7f && r <= 0x9f {
				t.Fatalf("%U in %q", r, line)
			}
		}
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(parts) != 3 || unescapeTSV(t, parts[0]) != s || unescapeTSV(t, parts[2]) != s || !utf8.ValidString(line) {
			t.Fatalf("%q as TSV is %q", s, line)
		}
		records, err := csv.NewReader(strings.NewReader(list(t, Printer{Format: CSV}, cols, film))).ReadAll()
		if want := strings.ReplaceAll(s, "\r\n", "\n"); err != nil || len(records) != 2 || records[1][0] != want || records[1][2] != want {
			t.Fatalf("%q as CSV reads %q, %v", s, records, err)
		}
		md := list(t, Printer{Format: Markdown}, cols, film)
		if strings.Count(md, "\n") != 3 || !utf8.ValidString(md) {
			t.Fatalf("%q as Markdown is %q", s, md)
		}
		wantHarmless(t, md)
		row := strings.Split(md, "\n")[2]
		bars := 0
		for i := 0; i < len(row); i++ {
			switch row[i] {
			case '\\':
				i++
			case '|':
				bars++
			}
		}
		if bars != 4 {
			t.Fatalf("%q as Markdown has %d bars: %s", s, bars, row)
		}
	})
}

// wantHarmless fails if output for people holds a control or bidi character.
func wantHarmless(t *testing.T, s string) {
	t.Helper()
	for _, r := range s {
		if r < ' ' && r != '\n' || drives(r) {
			t.Fatalf("%U in %q", r, s)
		}
	}
}
