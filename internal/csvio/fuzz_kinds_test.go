package csvio

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/fuzzkit"
)

// seeds are files for fuzzers of every kind.
func seeds() []string {
	return []string{
		"", "name\n", "name\n\x00\n", "[]", "[{}]", `{"name":"A"}` + "\n" + `{"Name":"B"}`, `[{"name":"A"},{"name":"B","movie":"C"},{"x":[1,{"y":2}]}]`,
		"first_name,last_name,name,date_of_birth,gender,country,biography,id\nTom,Holland,,1996,m,\"UK, France\",x,1\n,,\"Holland, Tom (1996)\",,,,,\n",
		"movie,year,actor,name,role,description\nAlien (1979),,Al A,Kane,lead,\"a\nb\"\n,1979.0,,,,\n",
		"username,first_name,last_name,email\nada,A,B,a@example.org\n12,,,x\n", "user,movie,year\nada,Alien,1979\n", "person,file,primary\nAl A,a.png,yes\nBo B,,perhaps\n",
		"name,notes\nDrama,\"a\tb\"\n", "tconst\ttitleType\tprimaryTitle\tstartYear\nt1\tmovie\t\\N\t\\N\n", "tconst\tnconst\tcategory\tcharacters\nt1\tn1\tself\t[\"A\",\"B\"]\nt1\tn1\tactor\t[\"A\n",
	}
}

// fuzzKind reads a text as a file of a kind: no panic, errors that name their
// row, rows in the order of the file, and good rows whose texts the catalog
// takes as they are.
func fuzzKind[T any](t *testing.T, k Kind[T], text, null string, lines func(*T) []string) {
	r, err := read(k, strings.NewReader(text), "f.csv", Options{Null: null, KeepCells: true, DateFormat: DateFormat{pattern: "%d.%m.%Y", keep: 10}})
	if err != nil {
		typed(t, err)
		return
	}
	for number := 1; ; number++ {
		row, errs, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			typed(t, err)
			break
		}
		m := k.Meta(&row)
		if m.Row != number || m.Line < 1 {
			t.Fatalf("got row %d in line %d, want row %d", m.Row, m.Line, number)
		}
		if m.Given&m.Cleared != 0 {
			t.Errorf("row %d has and clears %b", number, m.Given&m.Cleared)
		}
		if len(m.Cells) > len(r.Headers()) && len(errs) == 0 {
			t.Errorf("row %d has %d cells under %d headers", number, len(m.Cells), len(r.Headers()))
		}
		for _, e := range errs {
			typed(t, e)
			if e.Line != m.Line || e.File != "f.csv" {
				t.Errorf("got %+v for the row in line %d", e, m.Line)
			}
		}
		if len(errs) > 0 {
			continue
		}
		for _, s := range lines(&row) {
			if got, err := catalog.CleanLine(s); err != nil || got != s {
				t.Errorf("the text %q is %q, %v, in the catalog", s, got, err)
			}
		}
	}
	for _, n := range r.Notes() {
		harmless(t, catalog.Visible(n))
	}
	for i := range r.Headers() {
		if name := r.Feeds(i); name != "" && r.Header(name) == "" && r.Headers()[i] != "" {
			t.Errorf("the header %q feeds %s, which has none", r.Headers()[i], name)
		}
	}
}

// FuzzKinds reads each text as every kind of file.
func FuzzKinds(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s, "")
		f.Add(s, `\N`)
	}
	f.Fuzz(func(t *testing.T, text, null string) {
		null = strings.TrimSpace(null)
		fuzzKind(t, Persons(), text, null, func(r *PersonRow) []string {
			if r.Person.LastName == "" {
				t.Errorf("a person without a name: %+v", r)
			}
			if d := r.Person.DateOfBirth; d != "" {
				if got, err := catalog.ParseDate(d); err != nil || got != d {
					t.Errorf("the date %q is %q, %v, in the catalog", d, got, err)
				}
			}
			return []string{r.Person.FirstName, r.Person.LastName, r.Person.Gender, r.Country}
		})
		fuzzKind(t, Characters(), text, null, func(r *CharacterRow) []string {
			if r.Movie.Title == "" || r.Character.Name+r.Actor == "" {
				t.Errorf("a part of nothing: %+v", r)
			}
			return []string{r.Movie.Title, r.Actor, r.Character.Name, r.Character.Role}
		})
		name := func(r *NameRow) []string {
			if r.Name == "" {
				t.Error("no name")
			}
			return []string{r.Name}
		}
		fuzzKind(t, Genres(), text, null, name)
		fuzzKind(t, Countries(), text, null, name)
		fuzzKind(t, Users(), text, null, func(r *UserRow) []string {
			if got, err := catalog.ParseUsername(r.User.Username); err != nil || got != r.User.Username {
				t.Errorf("the username %q is %q, %v", r.User.Username, got, err)
			}
			return []string{r.User.FirstName, r.User.LastName, r.User.Email}
		})
		fuzzKind(t, Favorites(), text, null, func(r *FavoriteRow) []string { return []string{r.User, r.Movie.Title} })
		fuzzKind(t, Photos(), text, null, func(r *PhotoRow) []string {
			if r.Path == "" {
				t.Error("no picture")
			}
			return []string{r.Person}
		})
		fuzzKind(t, IMDbTitles(), text, null, func(r *IMDbTitleRow) []string { return append(r.Genres, r.Movie.Title) })
		fuzzKind(t, IMDbPrincipals(), text, null, func(r *IMDbPrincipalRow) []string { return r.Characters })
	})
}

// FuzzLiteral: no cell makes the reading of lists panic; what is a list has
// entries with a name, and reads the same with space around it left off.
func FuzzLiteral(f *testing.F) {
	for _, s := range []string{`["a","b"]`, `['a', "b"]`, `[{"id":1,"name":"x"}]`, `{'name': 'x', 'of': [1, {"y": []}]}`, `[{"a":[[[[`, `["\u00e9\x41\ud83c\udfac"]`, `[None, nan, 1e5]`, `[]]`, "[\xff]", `["\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		entries, ok := literal(text)
		if !ok {
			return
		}
		for _, e := range entries {
			if e.name == "" && e.character == "" || !e.object && e.character != "" {
				t.Errorf("%q: got %+v", text, e)
			}
			if utf8.ValidString(text) && !utf8.ValidString(e.name+e.character) {
				t.Errorf("%q: %q is not valid UTF-8", text, e.name+e.character)
			}
		}
	})
}

// FuzzDateFormat: what is taken for a format reads every date into one of the
// catalog, or refuses it.
func FuzzDateFormat(f *testing.F) {
	for _, s := range []string{"%d.%m.%Y", "%b %d %Y", "%B %-d, %Y", "%Y", "%y", "%j %Y", "%s", "%Y%m%d", "%c", "%x", "%D", "%F", "%+", "%G-W%V-%u", "%", "%%Y", "%E", "%-", "%Y-%m-%dT%H:%M:%SZ"} {
		f.Add(s, "31.03.1999", []byte(nil))
		f.Add(s, "Jun 12 1998", []byte(nil))
		f.Add(s, "1999-03-31T20:15:00Z", []byte(nil))
	}
	for i := range 32 {
		f.Add("%q", "x", []byte{byte(i), byte(i * 3), byte(i * 5), byte(i * 7), byte(i * 11), byte(i * 13), byte(i * 17), byte(i * 19), byte(i * 23)})
	}
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, format, text string, shape []byte) {
		share.Try(t)
		if len(shape) > 0 {
			format, text = dated(fuzzkit.From(shape), format, text)
		}
		d, err := ParseDateFormat(format)
		if err != nil {
			typed(t, err)
			return
		}
		date, err := d.parse(text)
		if err != nil {
			typed(t, err)
			return
		}
		share.Accept()
		if got, err := catalog.ParseDate(date); err != nil || got != date {
			t.Errorf("%q by %q is %q, which is %q, %v", text, format, date, got, err)
		}
	})
}

// dated makes a date format and a text that has a date in it, or nearly.
func dated(s *fuzzkit.Source, format, text string) (string, string) {
	day := time.Date(1790+s.N(420), time.Month(1+s.N(12)), 1+s.N(31), 20, 15, 0, 0, time.UTC)
	parts := [][2]string{{"%d", "02"}, {"%-d", "2"}, {"%m", "01"}, {"%b", "Jan"}, {"%B", "January"}, {"%e", "_2"}, {"%H:%M", "15:04"}}
	order := [][][2]string{{{"%Y", "2006"}}, {parts[s.N(2)], parts[2+s.N(3)], {"%Y", "2006"}}, {{"%Y", "2006"}, parts[2+s.N(3)], parts[s.N(2)]}, {parts[2+s.N(3)], {"%Y", "2006"}},
		{{"%Y", "2006"}, parts[s.N(len(parts))], parts[s.N(len(parts))]}}[s.N(5)]
	sign := fuzzkit.Pick(s, ".", "/", "-", " ", ", ", "")
	var directives, layout []string
	for _, p := range order {
		directives, layout = append(directives, p[0]), append(layout, p[1])
	}
	made := day.Format(strings.Join(layout, sign))
	if s.N(16) == 15 {
		return format, made
	}
	return strings.Join(directives, sign), made + fuzzkit.Pick(s, "", "", "", "", "", text)
}
