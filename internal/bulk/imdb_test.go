package bulk

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

// imdbSet are the three files of IMDb; a blank is a tab.
type imdbSet struct{ titles, names, principals string }

const (
	titleHeader     = "tconst titleType primaryTitle originalTitle isAdult startYear endYear runtimeMinutes genres\n"
	nameHeader      = "nconst primaryName birthYear deathYear primaryProfession knownForTitles\n"
	principalHeader = "tconst ordering nconst category job characters\n"
)

func (f imdbSet) sources() []Source {
	tabs := strings.NewReplacer(" ", "\t", "_", " ").Replace
	list := files(tabs(titleHeader+f.titles), tabs(nameHeader+f.names), tabs(principalHeader+f.principals))
	for i, name := range []string{"title.basics.tsv", "name.basics.tsv", "title.principals.tsv"} {
		list[i].Name = name
	}
	return list
}

func someIMDb() imdbSet {
	return imdbSet{
		titles: `tt0000001 movie The_Glass Glas 0 1961 \N 97 Crime,Drama
tt0000002 movie The_Glass Glas 0 1961 \N 12 \N
tt0000003 short "Sr." "Sr." 0 \N \N \N Short
tt0000004 tvEpisode "A"_and_"B Episode 0 1999 \N \N Drama
tt0000005 movie No_Director No 0 2000 \N \N \N
`,
		names: `nm0000001 Ida_Marsh 1921 1990 actress tt0000001
nm0000002 Ole_Brandt \N \N director tt0000001
nm0000003 Ida_Marsh \N \N actress tt0000003
nm0000004 Cher 1946 \N \N \N
`,
		principals: `tt0000001 1 nm0000001 actress \N ["Vera","The_\"Widow\""]
tt0000001 2 nm0000002 director \N \N
tt0000001 3 nm0000003 director co-director \N
tt0000001 4 nm0000002 actor \N \N
tt0000002 1 nm0000003 actress \N ["Vera"]
tt0000002 2 nm0000003 actress \N ["Vera"]
tt0000002 3 nm0000001 director \N \N
tt0000003 1 nm0000004 self \N ["Self"]
tt0000003 2 nm0000004 producer \N \N
tt0000004 1 nm0000009 actor \N ["Nobody"]
tt0000009 1 nm0000001 actor \N ["Nowhere"]
`,
	}
}

func takeIMDb(t *testing.T, o Options, f imdbSet, types ...string) Result {
	t.Helper()
	res, err := IMDb(t.Context(), o, types, f.sources()...)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

const imdbMovies = `SELECT m.id, title, release_date, duration, p.id || ' ' || last_name,
	(SELECT group_concat(name, '+') FROM (SELECT name FROM movie_genres l JOIN genres g ON g.id = genre_id WHERE movie_id = m.id ORDER BY g.id))
	FROM movies m LEFT JOIN persons p ON p.id = director_id ORDER BY m.id`

func TestFilesOfIMDbAreLinkedByTheirIds(t *testing.T) {
	o := absent(t)
	res := takeIMDb(t, o, someIMDb())
	if want := (Result{Created: 14, Repeated: 1, Persons: 4, Movies: 5, Characters: 5, Genres: 3, Left: []Count{
		{"further directors", 1}, {"principals of category producer", 1}, {"principals of titles that are not there", 1}, {"principals whose names are not there", 1},
	}}); !same(res, want) {
		t.Errorf("got  %+v\nwant %+v", counts(res), want)
	}
	expect(t, o, imdbMovies, "1|The Glass|1961|97|2 Brandt|Crime+Drama", "2|The Glass|1961|12|1 Marsh|<nil>", `3|"Sr."|<nil>|<nil>|<nil>|Short`,
		`4|"A" and "B|1999|<nil>|<nil>|Drama`, "5|No Director|2000|<nil>|<nil>|<nil>")
	expect(t, o, `SELECT id, first_name, last_name, date_of_birth FROM persons ORDER BY id`, "1|Ida|Marsh|1921", "2|Ole|Brandt|<nil>", "3|Ida|Marsh|<nil>", "4|<nil>|Cher|1946")
	expect(t, o, `SELECT movie_id, actor_id, name, role FROM characters ORDER BY id`,
		"1|1|Vera|<nil>", `1|1|The "Widow"|<nil>`, "1|2|<nil>|<nil>", "2|3|Vera|<nil>", "3|4|Self|self")
	if left := query(t, o, `SELECT count(*) FROM stale`); !slices.Equal(left, []string{"0"}) {
		t.Errorf("%q rows are not in the index", left)
	}
	for _, how := range []Conflict{Skip, Update} {
		o.OnConflict = how
		age(t, o)
		before := withTimes(t, o)
		again := takeIMDb(t, o, someIMDb())
		if again.Created+again.Updated+again.Persons+again.Movies+again.Characters+again.Genres != 0 || withTimes(t, o) != before {
			t.Errorf("a second time: got %+v and\n%s\nwas\n%s", counts(again), withTimes(t, o), before)
		}
	}
	o.OnConflict = Skip
	turned := someIMDb()
	turned.titles, turned.names = turnLines(turned.titles), turnLines(turned.names)
	before := dump(t, o)
	if again := takeIMDb(t, o, turned); again.Created != 0 || dump(t, o) != before {
		t.Errorf("in another order: got %+v", counts(again))
	}
	other := absent(t)
	takeIMDb(t, other, someIMDb())
	if dump(t, other) != dump(t, o) {
		t.Error("another catalog has other ids")
	}
}

// turnLines gives lines in the opposite order.
func turnLines(s string) string {
	lines := strings.SplitAfter(s, "\n")
	slices.Reverse(lines)
	return strings.Join(lines, "")
}

func TestRepeatsOfIMDbAreCounted(t *testing.T) {
	o := present(t, "title,year\nThe Glass,1961\n")
	addPersons(t, o, "Ida Marsh")
	res := takeIMDb(t, o, someIMDb())
	if res.Persons != 3 || res.Movies != 4 || res.Skipped != 2 {
		t.Errorf("got %+v", counts(res))
	}
	expect(t, o, `SELECT count(*) FROM movies WHERE title = 'The Glass'`, "2")
	expect(t, o, `SELECT count(*) FROM persons WHERE last_name = 'Marsh'`, "2")
}

func TestUpdateByIMDbGivesTheDirector(t *testing.T) {
	o := present(t, "title,year\nThe Glass,1961\n")
	o.OnConflict = Update
	takeIMDb(t, o, imdbSet{titles: "tt1 movie The_Glass x 0 1961 \\N 97 War\n", names: "nm2 Ole_Brandt \\N \\N x x\n", principals: "tt1 1 nm2 director \\N \\N\n"})
	expect(t, o, imdbMovies, "1|The Glass|1961|97|1 Brandt|War")
}

func TestTypesOfTitlesAreChosen(t *testing.T) {
	o := absent(t)
	res := takeIMDb(t, o, someIMDb(), "short", "tvepisode")
	if res.Movies != 2 || !slices.Contains(res.Left, Count{"titles of type movie", 3}) || !slices.Contains(res.Left, Count{"principals of titles that are not there", 8}) {
		t.Errorf("got %+v", counts(res))
	}
	expect(t, o, `SELECT title FROM movies ORDER BY id`, `"Sr."`, `"A" and "B`)
	expect(t, o, `SELECT count(*) FROM persons`, "4")
}

func TestIMDbNeedsThreeGoodFiles(t *testing.T) {
	good := someIMDb().sources()
	for name, tc := range map[string]struct {
		sources []Source
		want    string
	}{
		"one is missing":     {good[:2], "title.principals is missing"},
		"one is there twice": {[]Source{good[0], good[1], good[2], good[1]}, "are both name.basics"},
		"another file":       {[]Source{good[0], good[1], file("title,year\nA,1999\n")}, "f.csv is none of title.basics"},
		"an empty file":      {[]Source{good[0], good[1], file("")}, "is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			o := absent(t)
			unchanged(t, o, func() {
				_, err := IMDb(t.Context(), o, nil, tc.sources...)
				if !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), tc.want) {
					t.Errorf("got %v, want %s", err, tc.want)
				}
			})
		})
	}
	bad := someIMDb()
	bad.titles += "tt0000006 movie \\N x 0 1999 \\N \\N \\N\nx7 movie Seven x 0 soon \\N \\N \\N\ntt movie Eight x 0 1999 \\N \\N \\N\n"
	bad.names += "nm7 \\N \\N \\N \\N \\N\n"
	bad.principals += "tt0000001 9 \\N actor \\N \\N\n"
	want := []string{"name.basics.tsv:6: primaryName: a person needs a name", "title.basics.tsv:7: primaryTitle: a movie needs a title", `title.basics.tsv:8: startYear: "soon" is not a date`,
		`title.basics.tsv:9: tconst: "tt" is no tconst`, "title.principals.tsv:13: tconst: the row needs tconst, nconst and category"}
	o := absent(t)
	unchanged(t, o, func() {
		_, err := IMDb(t.Context(), o, nil, bad.sources()...)
		var rejected *RejectedError
		if !errors.As(err, &rejected) || !slices.EqualFunc(rejections(rejected), want, strings.HasPrefix) {
			t.Errorf("got %v", err)
		}
	})
	o.KeepGoing = true
	res := takeIMDb(t, o, bad)
	if res.Rejected != len(want) || res.Movies != 5 || res.Persons != 4 {
		t.Errorf("got %+v", counts(res))
	}
}

func TestFilesOfIMDbMayBePacked(t *testing.T) {
	sources := someIMDb().sources()
	for i, src := range sources {
		sources[i].Open = func() (io.ReadCloser, error) {
			f, err := src.Open()
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			if _, err := io.Copy(w, f); err != nil {
				return nil, err
			}
			return io.NopCloser(&b), w.Close()
		}
	}
	slices.Reverse(sources)
	o, plain := absent(t), absent(t)
	if _, err := IMDb(t.Context(), o, nil, sources...); err != nil {
		t.Fatal(err)
	}
	takeIMDb(t, plain, someIMDb())
	if dump(t, o) != dump(t, plain) {
		t.Errorf("got\n%s\nwant\n%s", dump(t, o), dump(t, plain))
	}
	dry := absent(t)
	dry.DryRun = true
	unchanged(t, dry, func() { takeIMDb(t, dry, someIMDb()) })
}
