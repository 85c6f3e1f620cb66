package bulk

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/csvio"
)

// importer imports files of one kind.
type importer func(context.Context, Options, ...Source) (Result, error)

// files are files that hold texts: f.csv, or f1.csv, f2.csv …
func files(texts ...string) []Source {
	list := make([]Source, len(texts))
	for i, text := range texts {
		list[i] = file(text)
		if len(texts) > 1 {
			list[i].Name = fmt.Sprintf("f%d.csv", i+1)
		}
	}
	return list
}

// take imports texts that are right.
func take(t testing.TB, o Options, kind importer, texts ...string) Result {
	t.Helper()
	res, err := kind(t.Context(), o, files(texts...)...)
	if err != nil {
		t.Fatalf("import of %q: %v", texts, err)
	}
	return res
}

// deny imports texts that have bad rows, which must leave everything as it was.
func deny(t testing.TB, o Options, kind importer, texts ...string) *RejectedError {
	t.Helper()
	var bad *RejectedError
	unchanged(t, o, func() {
		t.Helper()
		res, err := kind(t.Context(), o, files(texts...)...)
		if !errors.As(err, &bad) {
			t.Fatalf("import of %q: got %+v, %v, want rejected rows", texts, counts(res), err)
		}
	})
	return bad
}

// denied fails unless the import is refused for just these reasons; each is the
// beginning of what the message says.
func denied(t testing.TB, o Options, kind importer, text string, want ...string) {
	t.Helper()
	got := rejections(deny(t, o, kind, text))
	if len(got) != len(want) {
		t.Errorf("%q:\ngot  %q\nwant %q", text, got, want)
		return
	}
	for i := range got {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("%q:\ngot  %q\nwant %q", text, got[i], want[i])
		}
	}
}

// unraced skips a test that makes many catalogs and has no goroutines that other
// tests have not: with the race detector each takes seconds.
func unraced(t *testing.T) {
	t.Helper()
	if raceOn {
		t.Skip("not for the race detector")
	}
}

// execute runs a statement as anybody could, in the catalog's file.
func execute(t testing.TB, o Options, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+o.Store.Path+"?mode=rw")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(statement, err)
	}
}

// stamped are the tables that have timestamps.
func stamped() []string {
	return []string{"files", "countries", "genres", "users", "persons", "movies", "characters", "photos"}
}

// age makes every record one of 2001, so that a change shows.
func age(t testing.TB, o Options) {
	t.Helper()
	for _, table := range stamped() {
		execute(t, o, "UPDATE "+table+" SET updatedAt = '2001-01-01T00:00:00Z'")
	}
}

// moved are the records that changed since age: "movies 1".
func moved(t testing.TB, o Options) (list []string) {
	t.Helper()
	for _, table := range stamped() {
		for _, id := range query(t, o, "SELECT id FROM "+table+" WHERE updatedAt <> '2001-01-01T00:00:00Z' ORDER BY id") {
			list = append(list, table+" "+id)
		}
	}
	return list
}

// withTimes is all ten tables with their timestamps.
func withTimes(t testing.TB, o Options) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(dump(t, o))
	for _, table := range stamped() {
		for _, row := range query(t, o, "SELECT id, createdAt AS c, updatedAt AS u FROM "+table+" ORDER BY id") {
			fmt.Fprintln(&b, table, row)
		}
	}
	return b.String()
}

// A kindFile is a file of each kind that is right.
type kindFile struct {
	name string
	kind importer
	text string
	rows int
}

func kindFiles() []kindFile {
	return []kindFile{
		{"movies", Movies, twoFilms, 2},
		{"persons", Persons, "name,date_of_birth,gender,country,biography\nAda A,1950-01-02,female,France,\"Two\nlines\"\n\"Holland, Tom\",1996,male,UK,\nTom Hardy,1977,male,,\nCher,,,,\nada a,,,,\n", 5},
		{"characters", Characters, "movie,year,actor,name,role,description\nAlien,1979,Ada A,Ripley,lead,x\nAlien,1979,Bo B,Kane,,\nSolaris (1972),,Ada A,,self,\nAlien,1979,ada a,RIPLEY,,\nNobody plays,,,The Cat,,\n", 5},
		{"genres", Genres, "name,notes\nDrama,\"a\nb\"\nWar,\nDRAMA,\n", 3},
		{"countries", Countries, "name\nFrance\nUSA\nUnited States\nAtlantis\n", 4},
		{"users", Users, "username,first_name,last_name,email\nada,Ada,Lovelace,ada@example.org\nbob,,,\nADA,,,\n", 3},
		{"favorites", Favorites, "user,movie,year\nada,Alien,1979\nada,Solaris (1972),\nBob,Alien,1979\nADA,alien,1979\n", 4},
	}
}

func TestSameFileTwiceLeavesEveryKindAsItIs(t *testing.T) {
	for _, k := range kindFiles() {
		t.Run(k.name, func(t *testing.T) {
			o := absent(t)
			first := take(t, o, k.kind, k.text)
			if first.Created == 0 || first.Created+first.Repeated != k.rows {
				t.Errorf("the first time: got %+v, want %d rows", counts(first), k.rows)
			}
			age(t, o)
			before := withTimes(t, o)
			if again := take(t, o, k.kind, k.text); !same(again, Result{Skipped: k.rows}) {
				t.Errorf("the second time: got %+v, want %d skipped", counts(again), k.rows)
			}
			if after := withTimes(t, o); after != before {
				t.Errorf("the catalog changed:\n%s\nwas\n%s", after, before)
			}
		})
	}
}

func TestUpdateWithTheSameFileChangesNothing(t *testing.T) {
	unraced(t)
	for _, k := range kindFiles() {
		if k.name == "favorites" {
			continue // have no values
		}
		t.Run(k.name, func(t *testing.T) {
			o := absent(t)
			first := take(t, o, k.kind, k.text)
			age(t, o)
			before := withTimes(t, o)
			o.OnConflict = Update
			again := take(t, o, k.kind, k.text)
			// A spelling that comes later in the file is a repeat, and changes nothing.
			if again.Created+again.Updated+again.Rejected != 0 || again.Skipped+again.Repeated != k.rows || again.Skipped < first.Created {
				t.Errorf("got %+v", counts(again))
			}
			if after := withTimes(t, o); after != before {
				t.Errorf("the catalog changed:\n%s\nwas\n%s", after, before)
			}
		})
	}
}

func TestSameFileGivesTheSameIdsInTwoCatalogs(t *testing.T) {
	unraced(t)
	for _, k := range kindFiles() {
		t.Run(k.name, func(t *testing.T) {
			a, b := absent(t), absent(t)
			take(t, a, k.kind, k.text)
			take(t, b, k.kind, k.text)
			if dump(t, a) != dump(t, b) {
				t.Errorf("got\n%s\nand\n%s", dump(t, a), dump(t, b))
			}
		})
	}
	t.Run("many names in several batches", func(t *testing.T) {
		var b strings.Builder
		b.WriteString("title,year,director,genres,country,cast\n")
		for i := range batchRows + 500 {
			fmt.Fprintf(&b, "Film %d,%d,Di %d,G%d|G%d,C%d,\"Ac %d, Ac %d\"\n", i, 1900+i%100, i%700, i%11, i%13, i%17, i%900, i%37)
		}
		one, two := absent(t), absent(t)
		load(t, one, b.String())
		load(t, two, b.String())
		if dump(t, one) != dump(t, two) {
			t.Error("the catalogs differ")
		}
	})
}

func TestConflictCanBeAnError(t *testing.T) {
	unraced(t)
	for _, k := range kindFiles() {
		t.Run(k.name, func(t *testing.T) {
			o := absent(t)
			take(t, o, k.kind, k.text)
			o.OnConflict = Fail
			bad := deny(t, o, k.kind, k.text)
			if bad.Rejected != k.rows || bad.Total != k.rows {
				t.Errorf("got %d of %d rows, %d errors: %v", bad.Rejected, k.rows, bad.Total, bad)
			}
			for _, text := range rejections(bad) {
				if !strings.Contains(text, "already") {
					t.Errorf("got %q", text)
				}
			}
		})
	}
}

func TestConflictInsideAFileCanBeAnError(t *testing.T) {
	unraced(t)
	for _, k := range kindFiles() {
		t.Run(k.name, func(t *testing.T) {
			first, row, _ := strings.Cut(k.text, "\n")
			row = strings.NewReplacer("\"Two\nlines\"", "x", "\"a\nb\"", "x").Replace(row)
			row, _, _ = strings.Cut(row, "\n")
			o := absent(t)
			o.OnConflict = Fail
			bad := deny(t, o, k.kind, first+"\n"+row+"\n"+row+"\n")
			if bad.Rejected != 1 || !strings.Contains(bad.Error(), "earlier row") && k.name != "favorites" {
				t.Errorf("got %v", bad)
			}
		})
	}
}

func TestDryRunOfEveryKindChangesNothing(t *testing.T) {
	unraced(t)
	for _, k := range kindFiles() {
		t.Run(k.name, func(t *testing.T) {
			o := absent(t)
			dry := o
			dry.DryRun = true
			var would Result
			unchanged(t, o, func() { would = take(t, dry, k.kind, k.text) })
			if did := take(t, o, k.kind, k.text); !same(did, would) {
				t.Errorf("would %+v, did %+v", counts(would), counts(did))
			}
		})
	}
}

func TestFilesWithoutRowsOrHeader(t *testing.T) {
	unraced(t)
	for _, k := range kindFiles() {
		t.Run(k.name, func(t *testing.T) {
			header, _, _ := strings.Cut(k.text, "\n")
			for _, text := range []string{header + "\n", header, "[]", ""} {
				o := present(t, twoFilms)
				before := dump(t, o)
				res, err := k.kind(t.Context(), o, file(text))
				if (err != nil) != (text == "") || !same(res, Result{}) || dump(t, o) != before {
					t.Errorf("%q: got %+v, %v", text, counts(res), err)
				}
			}
			first, _, _ := strings.Cut(header, ",")
			text := header + "," + first + "\n"
			o := absent(t)
			unchanged(t, o, func() {
				if res, err := k.kind(t.Context(), o, file(text)); err == nil || !strings.Contains(err.Error(), "is there twice") {
					t.Errorf("the header %q: got %+v, %v", text, counts(res), err)
				}
			})
		})
	}
}

func TestTemplateIsAFileOfItsKind(t *testing.T) {
	unraced(t)
	check := func(name string, template []string, kind importer, values map[string]string) {
		t.Run(name, func(t *testing.T) {
			row := make([]string, len(template))
			for i, c := range template {
				row[i] = values[c]
				if row[i] == "" {
					t.Errorf("no value for %s", c)
				}
			}
			o := absent(t)
			res := take(t, o, kind, strings.Join(template, ",")+"\n"+strings.Join(row, ",")+"\n")
			if res.Created != 1 || len(res.Files[0].Unknown)+len(res.Files[0].Notes) > 0 {
				t.Errorf("got %+v", res)
			}
		})
	}
	check("movies", csvio.Movies().Template(), Movies, map[string]string{"title": "Alien", "release_date": "1979-05-25", "duration": "117",
		"budget": "11000000", "country": "UK", "director": "Ridley Scott", "genres": "Horror|War", "description": "x", "cast": "Al A as B; Cy C"})
	check("persons", csvio.Persons().Template(), Persons, map[string]string{"first_name": "Tom", "last_name": "Holland", "date_of_birth": "1996-06-01",
		"gender": "male", "country": "UK", "biography": "x"})
	check("characters", csvio.Characters().Template(), Characters, map[string]string{"movie": "Alien", "year": "1979", "actor": "Al A", "name": "Kane",
		"role": "lead", "description": "x"})
	check("genres", csvio.Genres().Template(), Genres, map[string]string{"name": "War", "notes": "x"})
	check("countries", csvio.Countries().Template(), Countries, map[string]string{"name": "France"})
	check("users", csvio.Users().Template(), Users, map[string]string{"username": "ada", "first_name": "Ada", "last_name": "L", "email": "a@example.org"})
	check("favorites", csvio.Favorites().Template(), Favorites, map[string]string{"user": "ada", "movie": "Alien", "year": "1979"})
}

func TestSeveralFilesAreOneImport(t *testing.T) {
	o := absent(t)
	res := take(t, o, Movies, "title,year\nA,1971\nB,1972\n", "Year;Film;Genre\n1971;A;War\n1973;C;War, Drama\n", `[{"title":"D","year":1974,"genres":["War"]}]`)
	if want := (Result{Created: 4, Repeated: 1, Genres: 2}); !same(res, want) {
		t.Errorf("got %+v, want %+v", counts(res), want)
	}
	expect(t, o, `SELECT title, release_date FROM movies ORDER BY id`, "A|1971", "B|1972", "C|1973", "D|1974")
	bad := deny(t, o, Movies, "title,year\nE,1975\n", "title,year\nF,soon\n", "title,year\nG,never\n")
	if got := rejections(bad); bad.File != "3 files" || bad.Rows != 3 || len(got) != 2 || !strings.HasPrefix(got[0], "f2.csv:2: year: ") || !strings.HasPrefix(got[1], "f3.csv:2: year: ") {
		t.Errorf("got %v", bad)
	}
	unchanged(t, o, func() {
		_, err := Movies(t.Context(), o, file("title\nH\n"), Source{Name: "gone.csv", Open: func() (io.ReadCloser, error) { return nil, io.ErrUnexpectedEOF }})
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got %v", err)
		}
	})
	if !slices.Equal(query(t, o, `SELECT count(*) FROM movies`), []string{"4"}) {
		t.Error("a refused import left films")
	}
}

func itoa(n int) string { return fmt.Sprint(n) }

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
