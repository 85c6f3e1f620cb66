package output

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
)

// filtered prints two films, as a list, through an expression.
func filtered(t *testing.T, format Format, expr string, films ...tFilm) (string, error) {
	t.Helper()
	f, err := NewFilter(t.Context(), expr)
	if err != nil {
		t.Fatalf("%s: %v", expr, err)
	}
	var b strings.Builder
	_, err = List(&Printer{Out: &b, Format: format, Filter: f}, nil, seq(nil, films...))
	return b.String(), err
}

func TestFilterOfAList(t *testing.T) {
	budget := 250000000000000.25
	one, two := solaris(), tFilm{ID: math.MaxInt64, Title: "A\tB\n<é>\u202e", Budget: &budget}
	for _, tt := range []struct {
		format     Format
		expr, want string
	}{
		{JSON, ".[].title", "Solaris\nA\tB\n<é>\u202e\n"},
		{JSON, ".[] | .id", "12\n9223372036854775807\n"},
		{JSON, ".[1].id, length", "9223372036854775807\n2\n"},
		{JSON, "map(.id)", "[12,9223372036854775807]\n"},
		{JSON, ".[1].budget", "250000000000000.25\n"},
		{JSON, ".[] | select(.id == 9223372036854775807) | {title, director}", `{"director":null,"title":"A\tB\n<é>` + "\u202e" + `"}` + "\n"},
		{JSON, "def f: .id; .[] | f", "12\n9223372036854775807\n"},
		{JSON, "def f: .id; .[].id", "12\n9223372036854775807\n"},
		{JSON, ".[] as $f | $f.id", "12\n9223372036854775807\n"},
		{JSON, ".[], length | type", "object\nobject\nnumber\n"},
		{JSON, ".[]? | .id", "12\n9223372036854775807\n"},
		{JSON, ".[0] | .genres | .[0].name, .[5], true", "Drama\nnull\ntrue\n"},
		{JSON, ".[] | empty", ""},
		{JSON, ".[] | if .id == 12 then .id, halt else .id end", "12\n"},
		{JSON, "$ENV, env", "{}\n{}\n"},
		{JSON, "first(.[]) | .id", "12\n"},
		{JSONL, ".id", "12\n9223372036854775807\n"},
		{JSONL, "type", "object\nobject\n"},
		{JSONL, ".id, halt", "12\n"},
	} {
		got, err := filtered(t, tt.format, tt.expr, one, two)
		if err != nil || got != tt.want {
			t.Errorf("%s of %s: %q, %v; want %q", tt.expr, tt.format, got, err, tt.want)
		}
	}
	if got, err := filtered(t, JSON, "."); got != "[]\n" || err != nil {
		t.Errorf("no films: %q, %v", got, err)
	}
}

// An expression that begins with .[] runs on each record as it comes; what it
// prints is what the whole list would give.
func TestFilterPerElementIsTheSame(t *testing.T) {
	for _, rest := range []string{"", ".id", " | .id", " | .title, .id", ".genres[].name", "[\"id\"]", " | [.id] | .[]", " | (.id | tostring) | length",
		" as $x | $x.id", " // 1", ", 5", " | def f: .id; f", " | label $out | .id, break $out, 7", " | select(.seen) | .id", ".id | . + 1"} {
		films := []tFilm{solaris(), {ID: 5, Title: "Two"}, solaris()}
		direct, err := filtered(t, JSON, ".[]"+rest, films...)
		whole, werr := filtered(t, JSON, ". as $all | $all | (.[]"+rest+")", films...)
		if direct != whole || err != nil || werr != nil {
			t.Errorf(".[]%s: %q, %v; on the whole list %q, %v", rest, direct, err, whole, werr)
		}
	}
}

func TestFilterOfARecord(t *testing.T) {
	film := tDetail{tFilm: solaris(), Cast: []tPart{{ID: 3, Name: "Kris"}}}
	show := func(expr string, p Printer) (string, error) {
		f, err := NewFilter(t.Context(), expr)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		p.Out, p.Filter = &b, f
		err = Show(&p, nil, film)
		return b.String(), err
	}
	for _, format := range []Format{JSON, JSONL} {
		if got, err := show(".title, .cast[0].name, .cast[0].role, .director.id", Printer{Format: format}); err != nil || got != "Solaris\nKris\nnull\n7\n" {
			t.Errorf("%s: %q, %v", format, got, err)
		}
	}
	got, err := show(".", Printer{Format: JSON, Fields: []string{"id", "cast.name"}})
	if err != nil || got != `{"cast":[{"name":"Kris"}],"id":12}`+"\n" {
		t.Errorf("with fields: %q, %v", got, err)
	}
}

// The document an expression sees is the one that JSON prints.
func TestFilterSeesTheDocument(t *testing.T) {
	budget := 1e21
	films := []tFilm{solaris(), {Title: "x", Budget: &budget}}
	var plain strings.Builder
	if _, err := List(&Printer{Out: &plain, Format: JSON}, nil, seq(nil, films...)); err != nil {
		t.Fatal(err)
	}
	got, err := filtered(t, JSON, ".", films...)
	if err != nil {
		t.Fatal(err)
	}
	canonical := func(s string) string {
		v, err := parse([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if canonical(got) != canonical(plain.String()) {
		t.Errorf("filter: %s\nJSON: %s", got, plain.String())
	}
}

// On a terminal nothing in the data drives it.
func TestFilterOnATerminal(t *testing.T) {
	film := tFilm{Title: "a\x1b]0;x\a\u202e\u009b1\nb\tc"}
	f, err := NewFilter(t.Context(), ".title, {t: .title}")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := Show(&Printer{Out: &b, Format: JSON, Terminal: true, Filter: f}, nil, film); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\x1b\a\u202e\u009b") || !strings.Contains(b.String(), "\nb\tc\n") {
		t.Errorf("%q", b.String())
	}
}

func TestWrongFilters(t *testing.T) {
	for _, tt := range []struct{ expr, want string }{
		{"", "the expression is blank"},
		{" \n", "the expression is blank"},
		{".[] | | x", `unexpected token "|" at character 7`},
		{"\"é\" | ]", `unexpected token "]" at character 7`},
		{".[\n | ]", `unexpected token "|" at line 2, character 2`},
		{".[", "unexpected EOF at the end"},
		{`"abc`, "unterminated string literal at the end"},
		{"nosuch(1)", "function not defined: nosuch/1"},
		{"$x", "variable not defined: $x"},
		{"input", "input(s)/0 is not allowed"},
		{"inputs", "input(s)/0 is not allowed"},
		{"input_filename", "function not defined: input_filename/0"},
		{`import "a" as a; .`, `cannot load module: "a"`},
		{`include "a"; .`, `cannot load module: "a"`},
	} {
		_, err := NewFilter(t.Context(), tt.expr)
		if !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(fmt.Sprint(err), tt.want) {
			t.Errorf("%q: %v, want ErrInvalid with %q", tt.expr, err, tt.want)
		}
	}
}

// An error of the expression, or of the rows, leaves nothing half printed.
func TestFailingFilters(t *testing.T) {
	for expr, want := range map[string]string{
		".[].title.x":                    "--jq: expected an object but got: string (\"Solaris\")",
		".[] | .id, error(\"a\\u001b\")": `--jq: error: a\x1b`,
		"length | halt_error":            "--jq: halt error: 1",
	} {
		got, err := filtered(t, JSON, expr, solaris())
		if err == nil || err.Error() != want || errors.Is(err, catalog.ErrInvalid) || got != "" {
			t.Errorf("%s: %q, %v, want %s", expr, got, err, want)
		}
	}
	boom := errors.New("boom")
	for _, expr := range []string{".", ".[]", "length"} {
		f, err := NewFilter(t.Context(), expr)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if _, err := List(&Printer{Out: &b, Format: JSON, Filter: f}, nil, seq(boom, solaris())); !same(err, boom) || b.Len() > 0 {
			t.Errorf("%s: %v, %q", expr, err, b.String())
		}
	}
}

// An expression without an end ends with its context, and prints as it goes.
func TestEndlessFilterEndsWithItsContext(t *testing.T) {
	for _, expr := range []string{"def f: f; f", "repeat(1)", "[range(infinite)] | length"} {
		ctx, cancel := context.WithCancel(t.Context())
		f, err := NewFilter(ctx, expr)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(50*time.Millisecond, cancel)
		if err := Show(&Printer{Out: new(strings.Builder), Format: JSON, Filter: f}, nil, solaris()); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", expr, err)
		}
	}
}

// JSON Lines, and a list that begins with .[], need no more memory for more
// records.
func TestFilteredListsStream(t *testing.T) {
	const n = 20_000
	for _, tt := range []struct {
		format Format
		expr   string
	}{{JSONL, ".title"}, {JSON, ".[].title"}, {JSON, ".[] | select(.id == 3)"}} {
		f, err := NewFilter(t.Context(), tt.expr)
		if err != nil {
			t.Fatal(err)
		}
		var most uint64
		if _, err := List(&Printer{Out: discard{}, Format: tt.format, Filter: f}, nil, watched(n, &most)); err != nil {
			t.Fatal(err)
		}
		if most > 16<<20 {
			t.Errorf("%s of %s: the heap grew by %d bytes", tt.expr, tt.format, most)
		}
	}
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// watched gives n films and notes by how much the live heap grows meanwhile.
func watched(n int, most *uint64) iter.Seq2[tFilm, error] {
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	return func(yield func(tFilm, error) bool) {
		before := live()
		for i := range n {
			if i%5000 == 4999 {
				if now := live(); now > before {
					*most = max(*most, now-before)
				}
			}
			if !yield(solaris(), nil) {
				return
			}
		}
	}
}
