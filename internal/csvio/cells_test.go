package csvio

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
)

// harmless fails if a message would do something to a terminal.
func harmless(t testing.TB, message string) {
	t.Helper()
	bad := strings.IndexFunc(message, func(r rune) bool { return unicode.IsControl(r) || r >= 0x202a && r <= 0x202e })
	if bad >= 0 || !utf8.ValidString(message) {
		t.Errorf("%q has something that does not belong in a message", message)
	}
}

func TestCellsAreReadByTheRulesOfTheCatalog(t *testing.T) {
	zero, half := 0.0, 30000000.5
	for _, tc := range []struct {
		column, text string
		want         catalog.Movie
	}{
		{"release_date", "1979", catalog.Movie{ReleaseDate: "1979"}},
		{"release_date", "1979-05", catalog.Movie{ReleaseDate: "1979-05"}},
		{"release_date", " 1979-05-25\t", catalog.Movie{ReleaseDate: "1979-05-25"}},
		{"year", "1979", catalog.Movie{ReleaseDate: "1979"}},
		{"year", "\u00a01979\u00a0", catalog.Movie{ReleaseDate: "1979"}},
		{"year", "1979-05-25", catalog.Movie{ReleaseDate: "1979-05-25"}},
		{"duration", "146.0", catalog.Movie{Duration: 146}},
		{"duration", "2h 16m", catalog.Movie{Duration: 136}},
		{"duration", "PT2H16M", catalog.Movie{Duration: 136}},
		{"budget", "0", catalog.Movie{Budget: &zero}},
		{"budget", "$30,000,000.50", catalog.Movie{Budget: &half}},
		{"description", " one\r\ntwo\tthree\n", catalog.Movie{Description: "one\ntwo\tthree"}},
		{"description", "cafe\u0301", catalog.Movie{Description: "café"}},
		{"description", "=1+1", catalog.Movie{Description: "=1+1"}},
	} {
		row, errs, _ := cell(t, tc.column, tc.text)
		tc.want.Title = "T"
		if len(errs) > 0 || !sameMovie(row.Movie, tc.want) {
			t.Errorf("%s %q: got %+v, %q, want %+v", tc.column, tc.text, row.Movie, messages(errs), tc.want)
		}
	}
}

// sameMovie compares movies with what their budgets are, not where.
func sameMovie(a, b catalog.Movie) bool {
	if (a.Budget == nil) != (b.Budget == nil) || a.Budget != nil && *a.Budget != *b.Budget {
		return false
	}
	return a.Title == b.Title && a.Description == b.Description && a.ReleaseDate == b.ReleaseDate && a.Duration == b.Duration
}

func TestBlankCellIsAbsent(t *testing.T) {
	for _, column := range Movies().Names()[1:] {
		for _, text := range []string{"", " ", "\u00a0\u3000", "\t"} {
			row, errs, r := cell(t, column, text)
			if len(errs) > 0 || len(r.Notes()) > 0 {
				t.Errorf("%s %q: got %q, %q", column, text, messages(errs), r.Notes())
			}
			if !sameMovie(row.Movie, catalog.Movie{Title: "T"}) || row.Country != "" || row.Director != "" || len(row.Genres) > 0 || len(row.Cast) > 0 {
				t.Errorf("%s %q: got %+v", column, text, row)
			}
		}
	}
}

func TestBadCellIsReportedWithLineAndColumn(t *testing.T) {
	for _, tc := range []struct{ column, text, want string }{
		{"release_date", "31.03.1999", `f.csv:2: release_date: "31.03.1999" is not a date`},
		{"release_date", "1999-02-29", `f.csv:2: release_date: "1999-02-29" is not a date: February 1999 has 28 days`},
		{"Release Year", "1066", `f.csv:2: Release Year: "1066" is not a date of the catalog`},
		{"Year", "PG", `f.csv:2: Year: "PG" is not a date`},
		{"Runtime (Minutes)", "0", `f.csv:2: Runtime (Minutes): "0" is no duration`},
		{"duration", "-5", `f.csv:2: duration: "-5" is negative`},
		{"budget", "$56.7M", `f.csv:2: budget: "$56.7M" is not an amount`},
		{"budget", "1,00", `f.csv:2: budget: "1,00" has commas that are not at the thousands`},
		{"country", "a\nb", `f.csv:2: country: "a\nb" has more than one line`},
		{"director", "a\x00b", `f.csv:2: director: "a\x00b" has a control character, \x00`},
		{"genres", "a|\x07", `f.csv:2: genres: "a|\x07" has a control character, \x07`},
		{"cast", "\xff\xfe", `f.csv:2: cast: "\xff\xfe" is not valid UTF-8`},
		{"description", "a\x1b]0;x\x07", `f.csv:2: description: "a\x1b]0;x\x07" has a control character, \x1b`},
	} {
		_, errs, _ := cell(t, tc.column, tc.text)
		if len(errs) != 1 || !strings.HasPrefix(errs[0].Error(), tc.want) {
			t.Errorf("%s %q:\ngot  %q\nwant %s", tc.column, tc.text, messages(errs), tc.want)
			continue
		}
		if !errors.Is(errs[0], catalog.ErrInvalid) || errs[0].Line != 2 || errs[0].Column != tc.column || errs[0].File != "f.csv" {
			t.Errorf("%s %q: got %+v", tc.column, tc.text, *errs[0])
		}
		harmless(t, errs[0].Error())
	}
}

func TestTitleIsOneHarmlessLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "f.csv:2: Name: a movie needs a title; this cell is blank",
		" \u00a0":              "f.csv:2: Name: a movie needs a title; this cell is blank",
		"\u200b":               "f.csv:2: Name: a movie needs a title; this cell is blank",
		"a\x00":                `f.csv:2: Name: "a\x00" has a control character, \x00`,
		"\xe9t\xe9":            `f.csv:2: Name: "\xe9t\xe9" is not valid UTF-8; name the encoding of the file with --encoding, such as latin1`,
		"\x1b[31mred\x1b[0m":   `f.csv:2: Name: "\x1b[31mred\x1b[0m" has a control character, \x1b`,
		"\u009b31mred":         `f.csv:2: Name: "\u009b31mred" has a control character, \u009b`,
		"two\nlines":           `f.csv:2: Name: "two\nlines" has more than one line`,
		"two\u2028lines":       `f.csv:2: Name: "two\u2028lines" has more than one line`,
		"tab\tstop":            `f.csv:2: Name: "tab\tstop" has a control character, \t`,
		"\u202egnp.exe\x7f.md": `f.csv:2: Name: "\u202egnp.exe\x7f.md" has a control character, \x7f`,
	} {
		r := open(t, "Name,x\n\""+text+"\",y\n", "Name=title")
		rows, errs, end := rest(r)
		if end != nil || len(rows) > 0 || !slices.Equal(messages(errs), []string{want}) {
			t.Errorf("%q:\ngot  %q, %v\nwant %s", text, messages(errs), end, want)
		}
		for _, m := range messages(errs) {
			harmless(t, m)
		}
	}
	for text, want := range map[string]string{
		" Alien\u00a0":          "Alien",
		"Ame\u0301lie":          "Amélie",
		"=HYPERLINK(\"\"x\"\")": `=HYPERLINK("x")`,
		"'; DROP TABLE movies":  "'; DROP TABLE movies",
		"\u200b\ufeffSe7en":     "Se7en",
		"x\u202ey":              "x\u202ey",
	} {
		rows, errs, end := rest(open(t, "title\n\""+text+"\"\n", ""))
		if end != nil || len(errs) > 0 || len(rows) != 1 || rows[0].Movie.Title != want {
			t.Errorf("%q: got %+v, %q, %v, want %q", text, rows, messages(errs), end, want)
		}
	}
}

func TestEveryBadCellOfARowIsReported(t *testing.T) {
	_, errs, end := rest(open(t, "title,year,duration,budget,country,director,genres,description,cast\n\x01,x,x,x,\x02,\x03,\x04,\x05,\x06\nT,,,,,,,,\n", ""))
	var got []string
	for _, e := range errs {
		got = append(got, e.Column)
	}
	want := []string{"title", "duration", "budget", "description", "country", "director", "genres", "cast", "year"}
	slices.Sort(got)
	slices.Sort(want)
	if end != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, end, want)
	}
}

func TestReleaseDateAndYearTogether(t *testing.T) {
	for _, tc := range []struct{ date, year, want, err string }{
		{"1979-05-25", "1979", "1979-05-25", ""},
		{"", "1979", "1979", ""},
		{"1979-05-25", "", "1979-05-25", ""},
		{"1979", "1979-05", "1979", ""},
		{"", "", "", ""},
		{"1979-05-25", "1980", "", `f.csv:2: Year: 1980 is not the year of the release date 1979-05-25`},
		{"soon", "1980", "", `f.csv:2: release_date: "soon" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD`},
		{"1979", "x", "", `f.csv:2: Year: "x" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD`},
	} {
		for _, text := range []string{
			"title,release_date,Year\nT," + tc.date + "," + tc.year + "\n",
			"Year,title,release_date\n" + tc.year + ",T," + tc.date + "\n",
		} {
			rows, errs, end := rest(open(t, text, ""))
			if end != nil {
				t.Fatal(end)
			}
			if tc.err != "" {
				if !slices.Equal(messages(errs), []string{tc.err}) {
					t.Errorf("%q: got %q, want %s", text, messages(errs), tc.err)
				}
				continue
			}
			if len(rows) != 1 || rows[0].Movie.ReleaseDate != tc.want {
				t.Errorf("%q: got %+v, %q, want %q", text, rows, messages(errs), tc.want)
			}
		}
	}
}
