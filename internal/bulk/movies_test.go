package bulk

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/moviedb/moviedb/internal/catalog"
)

const twoFilms = `title,release_date,duration,budget,country,director,genres,description,cast
Solaris,1972-03-20,167,1000000,Soviet Union,Andrei Tarkovsky,Drama|Sci-Fi,"Two
lines",Donatas Banionis as Kris Kelvin; Natalya Bondarchuk as Hari
Stalker,1979,2h 42m,0,Soviet Union,"Tarkovsky, Andrei",drama;Sci-fi,,"Alexander Kaidanovsky, Anatoly Solonitsyn"
`

func TestRowsBecomeMoviesWithAllThatBelongsToThem(t *testing.T) {
	o := absent(t)
	res := load(t, o, twoFilms)
	if want := (Result{Created: 2, Persons: 5, Genres: 2, Countries: 1, Characters: 4}); !same(res, want) {
		t.Errorf("got %+v, want %+v", res, want)
	}
	expect(t, o, `SELECT * FROM movies ORDER BY id`,
		"1|Solaris|Two\nlines|1e+06|1972-03-20|167|1|1|<nil>",
		"2|Stalker|<nil>|0|1979|162|1|1|<nil>")
	expect(t, o, `SELECT * FROM countries`, "1|Soviet Union")
	expect(t, o, `SELECT * FROM genres ORDER BY id`, "1|Drama|<nil>", "2|Sci-Fi|<nil>")
	expect(t, o, `SELECT * FROM movie_genres ORDER BY 1, 2`, "1|1", "1|2", "2|1", "2|2")
	expect(t, o, `SELECT id, first_name, last_name, date_of_birth, country_id FROM persons ORDER BY id`,
		"1|Andrei|Tarkovsky|<nil>|<nil>", "2|Donatas|Banionis|<nil>|<nil>", "3|Natalya|Bondarchuk|<nil>|<nil>",
		"4|Alexander|Kaidanovsky|<nil>|<nil>", "5|Anatoly|Solonitsyn|<nil>|<nil>")
	expect(t, o, `SELECT * FROM characters ORDER BY id`,
		"1|Kris Kelvin|<nil>|<nil>|1|2", "2|Hari|<nil>|<nil>|1|3", "3|<nil>|<nil>|<nil>|2|4", "4|<nil>|<nil>|<nil>|2|5")
}

func TestSameFileTwiceCreatesNothingTheSecondTime(t *testing.T) {
	for name, text := range map[string]string{
		"with years":    twoFilms,
		"without years": "title,director\nSolaris,Andrei Tarkovsky\nStalker,\n",
		"with and without a year": "title,year,director\nSolaris,1972,Andrei Tarkovsky\nSolaris,,Lem\nSolaris,2002,\n" +
			"SOLARIS,,\n",
		"years of birth": "title,year,director,cast\nUncharted,2022,Al A,Tom Holland (1996)\nFright Night,1985,Tom Holland (1943),\n",
	} {
		t.Run(name, func(t *testing.T) {
			o := absent(t)
			first := load(t, o, text)
			before := dump(t, o)
			second := load(t, o, text)
			if want := (Result{Skipped: first.Created + first.Repeated}); !same(second, want) || first.Created == 0 {
				t.Errorf("first %+v, second %+v, want %+v", first, second, want)
			}
			if after := dump(t, o); after != before {
				t.Errorf("the catalog changed:\n%s\nwas\n%s", after, before)
			}
		})
	}
}

func TestEachRowIsCountedOnce(t *testing.T) {
	const header = "title,year\n"
	for _, tc := range []struct {
		name, there, text string
		want              Result
	}{
		{"all new", header, "A,1\nB,2\n", Result{Created: 2}},
		{"header alone", header, "", Result{}},
		{"repeats inside the file", header, "A,1\nA,1\na ,1\nB,2\nA,1\n", Result{Created: 2, Repeated: 3}},
		{"overlap of two files", header + "A,1\nB,2\n", "B,2\nC,3\n", Result{Created: 1, Skipped: 1}},
		{"what was there before is skipped however often it comes", header + "A,1\n", "A,1\nA,1\nB,2\nB,2\n", Result{Created: 1, Skipped: 2, Repeated: 1}},
		{"the same title in another year is another film", header + "A,1\n", "A,2\nA,3\nA,2\n", Result{Created: 2, Repeated: 1}},
		{"case, accents and Unicode form do not tell films apart", header + "Amélie,1\n", "AMELIE,1\nAme\u0301lie,1\n\"  amelie \",1\n", Result{Skipped: 3}},
		{"punctuation tells films apart", header + "Alien,1\n", "Alien!,1\nAliens,1\n", Result{Created: 2}},
		{"a month is no other year", header + "A,1-05\n", "A,1\nA,1-05-06\nB,2-01\nB,2\n", Result{Created: 1, Skipped: 2, Repeated: 1}},
		{"a film with a year is not one without", header + "A,\n", "A,1\n", Result{Created: 1}},
		{"a film without a year is itself", header + "A,\n", "A,\n", Result{Skipped: 1}},
		{"inside the file a row without a year is a film of its own", header, "A,1\nA,\nA,2\nA,\n", Result{Created: 3, Repeated: 1}},
		{"the film without a year comes before that with one", header + "A,\nA,1\n", "A,\n", Result{Skipped: 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			years := strings.NewReplacer(",1", ",1971", ",2", ",1972", ",3", ",1973")
			o := absent(t)
			load(t, o, years.Replace(tc.there))
			if got := load(t, o, years.Replace(header+tc.text)); !same(got, tc.want) {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}

func TestNothingIsMadeForSkippedAndRepeatedRows(t *testing.T) {
	o := present(t, "title,year\nA,1971\n")
	before := dump(t, o)
	res := load(t, o, "title,year,duration,country,director,genres,cast\nA,1971,99,France,Di Rector,War,Ac Tor as X\n")
	if want := (Result{Skipped: 1}); !same(res, want) {
		t.Errorf("got %+v, want %+v", res, want)
	}
	if after := dump(t, o); after != before {
		t.Errorf("got\n%s\nwant\n%s", after, before)
	}
	res = load(t, o, "title,year,country\nB,1972,Spain\nB,1972,Italy\n")
	if want := (Result{Created: 1, Repeated: 1, Countries: 1}); !same(res, want) {
		t.Errorf("got %+v, want %+v", res, want)
	}
	expect(t, o, `SELECT name FROM countries`, "Spain")
}

func TestSkippedMoviesStayAsTheyAre(t *testing.T) {
	o := present(t, "title,year,duration\nA,1971,90\n")
	load(t, o, "title,year,duration,description\na,1971-05,95,new\n")
	expect(t, o, `SELECT title, release_date, duration, description FROM movies`, "A|1971|90|<nil>")
}

func TestUnknownColumnsAndNotesComeBackOnce(t *testing.T) {
	const text = "rank,title,votes,country,director\n1,A,9,\"France, Spain\",\"Al A, Bo B\"\n2,B,8,\"Spain, France\",\"Cy C, Di D\"\n"
	res := load(t, absent(t), text)
	if want := []string{"rank", "votes"}; !slices.Equal(res.Files[0].Unknown, want) {
		t.Errorf("unknown columns: got %q, want %q", res.Files[0].Unknown, want)
	}
	if len(res.Files[0].Notes) != 2 || !strings.Contains(res.Files[0].Notes[0], "line 2") || !strings.Contains(res.Files[0].Notes[1], "line 2") {
		t.Errorf("notes: got %q", res.Files[0].Notes)
	}
	if want := (Result{Created: 2, Persons: 2, Countries: 2}); !same(res, want) {
		t.Errorf("got %+v, want %+v", res, want)
	}
}

func TestMappingReachesTheReader(t *testing.T) {
	o := absent(t)
	o.Cells.Mapping = mapping(t, "Name=title,Seen=description")
	load(t, o, "Name,title,Seen\nA,x,y\n")
	expect(t, o, `SELECT title, description FROM movies`, "A|y")
}

func TestDryRunSaysWhatWouldBeAndChangesNothing(t *testing.T) {
	const more = twoFilms + "Mirror,1975,107,,Soviet Union,Andrei Tarkovsky,Drama,,\nmirror,1975,,,,,,,\n"
	for name, o := range map[string]Options{"no catalog": absent(t), "a catalog": present(t, twoFilms)} {
		t.Run(name, func(t *testing.T) {
			dry := o
			dry.DryRun = true
			var would Result
			unchanged(t, o, func() { would = load(t, dry, more) })
			unchanged(t, o, func() {
				if bad := refuse(t, dry, more+"X,soon,,,,,,,\n"); bad.Rows != 5 || bad.Rejected != 1 {
					t.Errorf("got %+v", bad)
				}
			})
			if did := load(t, o, more); !same(would, did) || did.Created == 0 {
				t.Errorf("would %+v, did %+v", would, did)
			}
		})
	}
}

func TestFileThatCannotBeReadChangesNothing(t *testing.T) {
	broken := errors.New("the disk is gone")
	good := "title\nA\n" + strings.Repeat("B\n", 3000)
	for name, tc := range map[string]struct {
		open func() (io.ReadCloser, error)
		want error
	}{
		"not there":     {func() (io.ReadCloser, error) { return nil, fs.ErrNotExist }, fs.ErrNotExist},
		"fails at once": {func() (io.ReadCloser, error) { return io.NopCloser(iotest.ErrReader(broken)), nil }, broken},
		"fails midway": {func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader(good), iotest.ErrReader(broken))), nil
		}, broken},
		"fails midway and says so once, with the last bytes": {func() (io.ReadCloser, error) { return io.NopCloser(&onceBroken{data: good, err: broken}), nil }, broken},
		"is empty":  {file("").Open, catalog.ErrInvalid},
		"no title":  {file("x\n1\n").Open, catalog.ErrInvalid},
		"no header": {file("Alien,1979\n").Open, catalog.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			for _, o := range []Options{absent(t), present(t, twoFilms)} {
				unchanged(t, o, func() {
					res, err := Movies(t.Context(), o, Source{Name: "f.csv", Open: tc.open})
					if !errors.Is(err, tc.want) || !same(res, Result{}) {
						t.Errorf("got %+v, %v, want %v", res, err, tc.want)
					}
				})
			}
		})
	}
}
