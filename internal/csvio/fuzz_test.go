package csvio

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/fuzzkit"
)

// FuzzMovieReader: no file makes the reader panic; each row has errors or
// values that the rules of the catalog take as they are; lines rise, but for rows of
// JSON on one line; messages
// are fit for a terminal.
func FuzzMovieReader(f *testing.F) {
	const header = "title,release_date,year,duration,budget,country,director,genres,description,cast\n"
	for _, text := range []string{
		"", "\ufeff", "title", header, header + "A,1979-05-25,1979,2h 16m,\"$1,000.50\",\"Korea, Republic of\",\"Al A, Bo B\",Drama|War,\"one\r\ntwo\",A as B; C\n",
		header + "A,,,,,\"France, Spain\",\"Holland, Tom\",\"a;b,c\",\t,\"as Neo|X as Y as Z\"\n",
		header + "\x00,\x1b,\xff,\u202e,\u2028,\u200b,\u0301,|\u200b|,\u009b,as \u200b;\n",
		"\ufeff\"Movie\nTitle\",x\r\n\"A\"\"B\",1\r\n\r\nC\r\nD,2,3\r\n\"E\n",
		"title\nx\"y\n", "title\n\"x\"y\n", "title,title\n", "c\x1bountry,title\n\"a, b\",x\n", "title\rA\r", "\xff\xfet\x00i\x00",
		"title,year\nA,1979\n\n\n\n\"\n\n\",1980\nB,\n", "title,cast\nA,\u037eb as c\u037e\nB,a,\n", "title,director\nA,\", , \"\nB,\"\u3000,\u00a0 x\"\n",
	} {
		f.Add(text, "", []byte(nil))
	}
	for _, text := range []string{`[{"title":"A"},{"title":"B","genres":["x",["y"]]}]`, `{"title":"A (1979)"}` + "\n" + `{"Title":"B","year":1979}`} {
		f.Add(text, "", []byte(nil))
	}
	f.Add("Name,Year\nA,1979\n", "Name=title,Year=release_date", []byte(nil))
	f.Add("#,\n1,2\n", "#=title", []byte(nil))
	f.Add("a,b\n1,2\n", "a=title,b=\x1b[2J", []byte(nil))
	for i, s := range fuzzkit.Hostile() {
		f.Add(s, "", []byte{byte(i), byte(i * 3), byte(i * 5), byte(i * 7), byte(i * 11), byte(i * 13), byte(i * 17), byte(i * 19), byte(i * 23)})
	}
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, text, maps string, shape []byte) {
		share.Try(t)
		if len(shape) > 0 {
			s := fuzzkit.From(shape)
			text = fuzzkit.Pick(s, fuzzkit.CSV, fuzzkit.JSON)(s, "movies", text)
		}
		m, err := ParseMapping(Movies(), maps)
		if err != nil {
			typed(t, err)
			return
		}
		r, err := newReader(strings.NewReader(text), "f.csv", m)
		if err != nil {
			typed(t, err)
			return
		}
		accepted := false
		for last := 0; ; {
			row, errs, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				typed(t, err)
				break
			}
			if row.Line < last || row.Line == last && !r.JSON() {
				t.Fatalf("line %d after line %d", row.Line, last)
			}
			last = row.Line
			for _, e := range errs {
				typed(t, e)
				if e.Line != row.Line || e.File != "f.csv" {
					t.Errorf("got %+v for the row in line %d", e, row.Line)
				}
			}
			if len(errs) == 0 {
				accepted = true
				valid(t, row)
			}
		}
		if accepted {
			share.Accept()
		}
		for _, n := range r.Notes() {
			harmless(t, n)
		}
	})
}

// typed fails for an error that is not ErrInvalid or unfit for a terminal.
func typed(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("%v is not ErrInvalid", err)
	}
	harmless(t, err.Error())
}

// valid fails for a row that the rules of the catalog refuse or would change.
func valid(t *testing.T, row MovieRow) {
	t.Helper()
	m := row.Movie
	same := func(what, text string, clean func(string) (string, error)) {
		t.Helper()
		if got, err := clean(text); err != nil || got != text {
			t.Errorf("the %s %q is %q, %v, in the catalog", what, text, got, err)
		}
	}
	name := func(what, text string) {
		t.Helper()
		same(what, text, catalog.CleanLine)
		if text == "" {
			t.Errorf("a %s without a name: %+v", what, row)
		}
	}
	name("title", m.Title)
	same("description", m.Description, catalog.CleanText)
	if m.ReleaseDate != "" {
		same("release date", m.ReleaseDate, catalog.ParseDate)
	}
	if d, err := catalog.ParseDuration(fmt.Sprint(m.Duration)); m.Duration != 0 && (err != nil || d != m.Duration) {
		t.Errorf("the duration %d is %d, %v, in the catalog", m.Duration, d, err)
	}
	if m.Budget != nil {
		if b, err := catalog.ParseBudget(catalog.FormatBudget(*m.Budget)); err != nil || b != *m.Budget {
			t.Errorf("the budget %v is %v, %v, in the catalog", *m.Budget, b, err)
		}
	}
	same("country", row.Country, catalog.CleanLine)
	same("director", row.Director, catalog.CleanLine)
	for _, g := range row.Genres {
		name("genre", g)
	}
	for _, p := range row.Cast {
		same("actor", p.Actor, catalog.CleanLine)
		same("character", p.Character, catalog.CleanLine)
		name("part", p.Actor+p.Character)
	}
}
