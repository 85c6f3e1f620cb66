package bulk

import (
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestRowThatCannotBeToldIsRejectedWithTheIds(t *testing.T) {
	two := catalog.Movie{Title: "Twice", ReleaseDate: "1972"}
	for _, tc := range []struct {
		name  string
		there []catalog.Movie
		row   string // of title, year and director
		want  string // "" is no error
	}{
		{"no year, one film with a year", []catalog.Movie{{Title: "Solaris", ReleaseDate: "1972-03"}}, "solaris,,",
			`f.csv:2: "solaris" has no year here and could be movie 1 (1972); add the year`},
		{"no year, films of several years", []catalog.Movie{{Title: "Solaris", ReleaseDate: "1972"}, {Title: "x"}, {Title: "SOLARIS", ReleaseDate: "2002"}}, "Solaris,,",
			`f.csv:2: "Solaris" has no year here and could be movie 1 (1972), movie 3 (2002); add the year`},
		{"no year, two films without one", []catalog.Movie{{Title: "Solaris"}, {Title: "Solaris"}}, "Solaris,,",
			`f.csv:2: "Solaris" has no year here and could be movie 1, movie 2; add the year`},
		{"no year, one film without one", []catalog.Movie{{Title: "Solaris"}}, "Solaris,,Any Body", ""},
		{"year, several films of that year", []catalog.Movie{two, two}, "Twice,1972,Any Body", ""},
		{"year, films of other years", []catalog.Movie{two, two}, "Twice,1973,", ""},
		{"more films than a message holds", slices.Repeat([]catalog.Movie{{Title: "Many", ReleaseDate: "1999"}}, 12), "Many,,",
			`f.csv:2: "Many" has no year here and could be movie 1 (1999), movie 2 (1999), movie 3 (1999), movie 4 (1999), movie 5 (1999), ` +
				`movie 6 (1999), movie 7 (1999), movie 8 (1999), movie 9 (1999), movie 10 (1999) and 2 more; add the year`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := absent(t)
			addMovies(t, o, tc.there...)
			const header = "title,year,director\n"
			if tc.want == "" {
				load(t, o, header+tc.row+"\n")
				return
			}
			bad := refuse(t, o, header+tc.row+"\n")
			if got := rejections(bad); !slices.Equal(got, []string{tc.want}) || bad.Rejected != 1 || bad.Rows != 1 {
				t.Errorf("got  %q (%d of %d)\nwant %q", got, bad.Rejected, bad.Rows, tc.want)
			}
		})
	}
}

func TestDirectorTellsFilmsOfOneTitleAndYearApart(t *testing.T) {
	const header = "title,year,director\n"
	for _, tc := range []struct{ name, there, row, want string }{
		{"the same", "A,1972,Andrei Tarkovsky", "A,1972,andrei TARKOVSKY", ""},
		{"the same, turned round", "A,1972,Andrei Tarkovsky", "A,1972,\"Tarkovsky, Andrei\"", ""},
		{"the same, with a year of birth", "A,1972,Andrei Tarkovsky", "A,1972,Andrei Tarkovsky (1932)", ""},
		{"none in the row", "A,1972,Andrei Tarkovsky", "A,1972,", ""},
		{"none in the catalog", "A,1972,", "A,1972,Andrei Tarkovsky", ""},
		{"another", "A,1972,Andrei Tarkovsky", "a,1972,Steven Soderbergh",
			`f.csv:2: "a (1972)" by "Steven Soderbergh" is not movie 1 (1972), which has another director`},
		{"another, without years", "A,,Andrei Tarkovsky", "A,,Steven Soderbergh",
			`f.csv:2: "A" by "Steven Soderbergh" is not movie 1, which has another director`},
		{"another, in another year", "A,1972,Andrei Tarkovsky", "A,2002,Steven Soderbergh", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := present(t, header+tc.there+"\n")
			if tc.want == "" {
				load(t, o, header+tc.row+"\n")
				return
			}
			if got := rejections(refuse(t, o, header+tc.row+"\n")); len(got) != 1 || !strings.HasPrefix(got[0], tc.want) {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
	t.Run("one of several fits", func(t *testing.T) {
		o := present(t, header+"A,1972,Al A\n")
		addMovies(t, o, catalog.Movie{Title: "A", ReleaseDate: "1972"})
		if res := load(t, o, header+"A,1972,Bo B\n"); !same(res, Result{Skipped: 1}) {
			t.Errorf("got %+v", res)
		}
	})
}

// TestContradictionInsideTheFileNamesNoId: the film it contradicts is in no
// catalog, so there is no id to look at.
func TestContradictionInsideTheFileNamesNoId(t *testing.T) {
	o := present(t, "title\nOther\n")
	bad := refuse(t, o, "title,year,director\nA,1972,Al A\nA,1972,\nA,1972,Bo B\n")
	want := `f.csv:4: "A (1972)" by "Bo B" is not the film of an earlier row, which has another director`
	if got := rejections(bad); len(got) != 1 || !strings.HasPrefix(got[0], want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if bad.Rows != 3 || bad.Rejected != 1 {
		t.Errorf("got %d of %d", bad.Rejected, bad.Rows)
	}
}
