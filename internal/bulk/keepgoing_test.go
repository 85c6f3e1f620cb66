package bulk

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

// keepGoing imports the good rows of texts and returns what is said of the others.
func keepGoing(t *testing.T, o Options, kind importer, texts ...string) (Result, []string) {
	t.Helper()
	o.KeepGoing = true
	res := take(t, o, kind, texts...)
	if res.Bad == nil {
		if res.Rejected != 0 {
			t.Errorf("%d rejected rows, and no errors", res.Rejected)
		}
		return res, nil
	}
	if !res.Bad.Kept || res.Bad.Rejected != res.Rejected {
		t.Errorf("got %+v", res.Bad)
	}
	return res, rejections(res.Bad)
}

func TestBadCellAmongGoodOnesKeepsTheOthersOnlyIfAsked(t *testing.T) {
	const text = "title,year,duration\nA,1971,90\nB,soon,90\nC,1973,ninety\nshort\nD,1974,\n"
	o := absent(t)
	if bad := deny(t, o, Movies, text); bad.Rejected != 3 || bad.Rows != 5 {
		t.Errorf("got %v", bad)
	}
	if left := tree(t, root(o)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	res, bad := keepGoing(t, o, Movies, text)
	if !same(res, Result{Created: 2, Rejected: 3}) || len(bad) != 3 {
		t.Errorf("got %+v, %q", counts(res), bad)
	}
	expect(t, o, `SELECT title FROM movies ORDER BY id`, "A", "D")
}

// TestRejectedRowLeavesNothingBehind: no person, country, genre, film or user
// that it alone named.
func TestRejectedRowLeavesNothingBehind(t *testing.T) {
	twins := func(t *testing.T) Options {
		o := present(t, "title,year\nOld,1972\nTwice,1999\n")
		execute(t, o, `INSERT INTO movies (title, release_date) VALUES ('Twice', '1999')`)
		addPersons(t, o, "Tom Holland (1943)", "Tom Holland (1996)")
		return o
	}
	for _, tc := range []struct {
		name string
		kind importer
		text string
		want Result
	}{
		{"movies", Movies, "title,year,director,country,genres,cast\n" +
			"A,1971,Only Here,France,War,Tom Holland\n" + // the cast is in doubt
			"A,1971,New One,Spain,Crime,Tom Holland (1996)\n" + // no repeat of a row that was not stored
			"Old,,Nobody Else,Italy,Western,\n", Result{Created: 1, Rejected: 2, Persons: 1, Countries: 1, Genres: 1, Characters: 1}},
		{"persons", Persons, "name,date_of_birth,country\nTom Holland,,France\nTom Holland,1950,Spain\nNew One,,Italy\n",
			Result{Created: 1, Rejected: 2, Countries: 1}},
		{"characters", Characters, "movie,year,actor,name\nNew Film,2000,Tom Holland,X\nTwice,1999,Only Here,X\nNew Film,2000,New One,Y\n",
			Result{Created: 1, Rejected: 2, Movies: 1, Persons: 1}},
		{"favorites", Favorites, "user,movie,year\nonlyhere,Twice,1999\nnew,New Film,2000\n", Result{Created: 1, Rejected: 1, Movies: 1, Users: 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := twins(t)
			res, bad := keepGoing(t, o, tc.kind, tc.text)
			if !same(res, tc.want) || len(bad) != tc.want.Rejected {
				t.Errorf("got %+v %q, want %+v", counts(res), bad, tc.want)
			}
			for q, want := range map[string]int{
				"SELECT count(*) FROM persons":    2 + tc.want.Persons,
				"SELECT count(*) FROM countries":  tc.want.Countries,
				"SELECT count(*) FROM genres":     tc.want.Genres,
				"SELECT count(*) FROM users":      tc.want.Users,
				"SELECT count(*) FROM characters": tc.want.Characters,
			} {
				switch {
				case tc.name == "persons" && strings.HasSuffix(q, "persons"), tc.name == "characters" && strings.HasSuffix(q, "characters"):
					want++
				}
				if got := query(t, o, q)[0]; got != itoa(want) {
					t.Errorf("%s: got %s, want %d", q, got, want)
				}
			}
			expect(t, o, `SELECT count(*) FROM movies WHERE title IN ('A', 'New Film')`, itoa(tc.want.Movies+b2i(tc.name == "movies")))
			expect(t, o, `SELECT count(*) FROM persons WHERE last_name = 'Here'`, "0")
		})
	}
}

// TestMoviesRejectedInOneBatchStayOutOfTheNext: the ids of what is made are
// given before it is written.
func TestMoviesRejectedInOneBatchStayOutOfTheNext(t *testing.T) {
	var b strings.Builder
	b.WriteString("movie,year,actor,name\n")
	for i := range batchRows {
		b.WriteString("F" + itoa(i%50) + ",1999,Tom Holland,X\n") // all bad
	}
	b.WriteString("F7,1999,Ada A,X\nF3,1999,Ada A,X\n")
	o := absent(t)
	addPersons(t, o, "Tom Holland (1943)", "Tom Holland (1996)")
	res, _ := keepGoing(t, o, Characters, b.String())
	if want := (Result{Created: 2, Rejected: batchRows, Movies: 2, Persons: 1}); !same(res, want) {
		t.Errorf("got %+v, want %+v", counts(res), want)
	}
	expect(t, o, `SELECT m.id, m.title, c.name, p.last_name FROM characters c JOIN movies m ON m.id = c.movie_id JOIN persons p ON p.id = c.actor_id ORDER BY c.id`,
		"1|F7|X|A", "2|F3|X|A")
}

// TestMendedRejectsCompleteTheCatalog: the file of rejected rows is imported
// as it is once each of its bad cells is mended.
func TestMendedRejectsCompleteTheCatalog(t *testing.T) {
	unraced(t)
	for _, tc := range []struct {
		name    string
		texts   []string
		mend    []string // old, new …
		titles  string   // that are there in the end, by id
		want    string   // the file; "" is not compared
		mapping string
	}{
		{name: "CSV", texts: []string{"Title,Year,Nonsense\nA,1971,x\n\"B, \"\"b\"\"\",soon,\"y\nz\"\nC,1973,\n"}, mend: []string{"soon,", "1972,"},
			titles: `A|1971;C|1973;B, "b"|1972`,
			want:   "Title,Year,Nonsense,error\n\"B, \"\"b\"\"\",soon,\"y\nz\",\"Year: \"\"soon\"\" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD\"\n"},
		{name: "a column of errors is there already", texts: []string{"error,title,year\nwas wrong,A,soon\n,B,1972\n"}, mend: []string{",soon", ",1971"},
			titles: "B|1972;A|1971"},
		{name: "the column of errors has a capital", texts: []string{"Error,title,year\nwas wrong,A,soon\n,B,1972\n"}, mend: []string{",soon", ",1971"},
			titles: "B|1972;A|1971"},
		{name: "mapped headers", texts: []string{"Name,When\nA,soon\n"}, mend: []string{"soon,", "1971,"}, titles: "A|1971", mapping: "Name=title,When=year"},
		{name: "several columns for one list", texts: []string{"title,year,Star1,Star2\nA,soon,Al A,Bo B\n"}, mend: []string{",soon,", ",1971,"}, titles: "A|1971"},
		{name: "several files with other headers", texts: []string{"Title,Year\nA,soon\n", "release_year;Film;genre\nlater;B;War\n1973;C;\n", "title,year\nD,1974\nE,never\n"},
			mend: []string{"soon", "1971", "later", "1972", "never", "1975"}, titles: "C|1973;D|1974;A|1971;B|1972;E|1975"},
		{name: "JSON Lines", texts: []string{`{"title":"A","year":"soon","genres":["War","Crime"]}` + "\n" + `{"title":"B","year":1972}` + "\n" + `{"title":"C","year":1973,"duration":"x","cast":[{"name":"Al A","character":"X"}]}` + "\n"},
			mend: []string{`"soon"`, `1971`, `"duration":"x"`, `"duration":90`}, titles: "B|1972;A|1971;C|1973"},
		{name: "JSON beside CSV", texts: []string{"title,year\nA,soon\n", `[{"title":"B","year":"later"},{"title":"C"}]`}, mend: []string{`"soon"`, `1971`, `"later"`, `1972`},
			titles: "C|<nil>;A|1971;B|1972"},
		{name: "tabs and another delimiter", texts: []string{"title\tyear\nA\tsoon\nB, b\t1972\nC|c\tlater\n"}, mend: []string{"soon", "1971", "later", "1973"}, titles: "B, b|1972;A|1971;C|c|1973"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := absent(t)
			if tc.mapping != "" {
				o.Cells.Mapping = mapping(t, tc.mapping)
			}
			rejected := filepath.Join(t.TempDir(), "bad.csv")
			first := o
			first.Rejects = rejected
			res, bad := keepGoing(t, first, Movies, tc.texts...)
			if len(bad) == 0 || res.Created+res.Rejected == 0 {
				t.Fatalf("got %+v, %q", counts(res), bad)
			}
			b, err := os.ReadFile(rejected)
			if err != nil {
				t.Fatal(err)
			}
			if tc.want != "" && string(b) != tc.want {
				t.Errorf("got the file\n%s\nwant\n%s", b, tc.want)
			}
			text := string(b)
			for i := 0; i < len(tc.mend); i += 2 {
				if !strings.Contains(text, tc.mend[i]) {
					t.Errorf("no %q in\n%s", tc.mend[i], text)
				}
				text = strings.Replace(text, tc.mend[i], tc.mend[i+1], 1)
			}
			again := take(t, o, Movies, text)
			if again.Created != res.Rejected {
				t.Errorf("the mended file: got %+v, want %d created:\n%s", counts(again), res.Rejected, text)
			}
			for _, u := range again.Files[0].Unknown {
				if strings.EqualFold(u, "error") {
					t.Error("the column of errors is called unknown")
				}
			}
			expect(t, o, `SELECT title, release_date FROM movies ORDER BY id`, strings.Split(tc.titles, ";")...)
			if tc.name == "several columns for one list" {
				expect(t, o, `SELECT count(*) FROM characters`, "2")
			}
			if tc.name == "JSON Lines" {
				expect(t, o, `SELECT count(*) FROM genres`, "2")
				expect(t, o, `SELECT name FROM characters`, "X")
			}
			// Not mended, it is refused again and grows no second column of errors.
			o.Rejects = rejected
			if _, still := keepGoing(t, o, Movies, string(b)); len(still) != len(bad) {
				t.Errorf("not mended: got %q, want %q", still, bad)
			}
			second, err := os.ReadFile(rejected)
			if err != nil || len(tc.texts) == 1 && string(second) != string(b) {
				t.Errorf("not mended: got\n%s\nwant\n%s", second, b)
			}
		})
	}
}

func TestRejectsOfARaggedRowLoseNothing(t *testing.T) {
	o := absent(t)
	o.Rejects = filepath.Join(t.TempDir(), "bad.csv")
	if _, bad := keepGoing(t, o, Movies, "title,year\nThe Good, the Bad,1966,161\nA\n"); len(bad) != 2 {
		t.Fatalf("got %q", bad)
	}
	b, err := os.ReadFile(o.Rejects)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"The Good", "the Bad", "1966", "161", "\nA,,"} {
		if !strings.Contains(string(b), part) {
			t.Errorf("no %q in\n%s", part, b)
		}
	}
}

func TestRejectsAppearOnlyWithAnImportThatIsKept(t *testing.T) {
	dir := t.TempDir()
	names := func() (list []string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			list = append(list, e.Name())
		}
		return list
	}
	o := absent(t)
	o.Rejects, o.KeepGoing = filepath.Join(dir, "bad.csv"), true
	dry := o
	dry.DryRun = true
	if res := take(t, dry, Movies, "title,year\nA,soon\n"); res.Rejected != 1 || names() != nil {
		t.Errorf("a dry run: got %+v and %q", counts(res), names())
	}
	if _, err := Movies(t.Context(), o, file("x,y\n1,2\n")); err == nil || names() != nil {
		t.Errorf("a file without titles: got %v and %q", err, names())
	}
	o.FavoriteOf = "nobody"
	if _, err := Movies(t.Context(), o, file("title,year\nA,soon\n")); err == nil || names() != nil {
		t.Errorf("an import that fails: got %v and %q", err, names())
	}
	o.FavoriteOf = ""
	take(t, o, Movies, "title,year\nA,1971\n")
	if got := names(); !slices.Equal(got, []string{"bad.csv"}) {
		t.Errorf("got %q", got)
	}
	if b, err := os.ReadFile(o.Rejects); err != nil || string(b) != "title,year,error\n" {
		t.Errorf("without a bad row: got %q, %v", b, err)
	}
	o.Rejects = filepath.Join(dir, "no", "folder", "bad.csv")
	if _, err := Movies(t.Context(), o, file("title\nB\n")); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("got %v", err)
	}
	expect(t, o, `SELECT title FROM movies`, "A")
}

// TestVeryWideAndVeryLongRows: what nobody writes by hand is read, and its bad
// rows are written, in the time of any other file of its size.
func TestVeryWideAndVeryLongRows(t *testing.T) {
	unraced(t)
	const columns = 100_000
	var b strings.Builder
	b.WriteString("title")
	for i := range columns {
		b.WriteString("," + []string{"", "c" + itoa(i)}[i%2]) // half of them without a name
	}
	row := strings.Repeat(",x", columns)
	b.WriteString("\nA" + row + "\n" + row + "\nB\n")
	o := absent(t)
	o.Rejects = filepath.Join(t.TempDir(), "bad.csv")
	res, bad := keepGoing(t, o, Movies, b.String())
	if !same(res, Result{Created: 1, Rejected: 2}) || len(res.Files[0].Unknown) != columns || len(bad) != 2 {
		t.Errorf("got %+v, %d unknown columns, %q", counts(res), len(res.Files[0].Unknown), bad)
	}
	rejected, err := os.ReadFile(o.Rejects)
	if err != nil || !strings.Contains(string(rejected), row+",") {
		t.Errorf("the file of rejected rows has %d bytes, %v", len(rejected), err)
	}
	long := strings.Repeat("word ", 10<<20/5)
	if res := take(t, absent(t), Movies, "title,description\nA,"+long+"\n"); !same(res, Result{Created: 1}) {
		t.Errorf("10 MiB in a cell: got %+v", counts(res))
	}
	denied(t, absent(t), Movies, "title,year\nA\x00B,1999\nC,\x00\n", `f.csv:2: title: "A\x00B" has a control character`, `f.csv:3: year: "\x00" is not a date`)
}

// TestRejectsReplaceNothingButAFile: the file takes the place of what has its
// name, which must not be the catalog, there or not yet, nor a directory or pipe.
func TestRejectsReplaceNothingButAFile(t *testing.T) {
	const text = "title,year\nA,1971\nB,soon\n"
	there := present(t, "title\nOld\n")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(there.Store.Path, link); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, path, want string
		o                Options
	}{
		{"the catalog", there.Store.Path, "where the catalog is", there},
		{"a link to it", link, "where the catalog is", there},
		{"its log", there.Store.Path + "-wal", "where the catalog is", there},
		{"a directory", t.TempDir(), "a directory", there},
		{"standard output", "-", "standard output", there},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := tc.o
			o.KeepGoing, o.Rejects = true, tc.path
			unchanged(t, there, func() { refusedPath(t, o, text, tc.want) })
		})
	}
	t.Run("the catalog that is not there yet", func(t *testing.T) {
		o := absent(t)
		o.KeepGoing, o.Rejects = true, o.Store.Path
		refusedPath(t, o, text, "where the catalog is")
		if left := tree(t, root(o)); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	t.Run("a link is followed", func(t *testing.T) {
		dir, o := t.TempDir(), absent(t)
		o.KeepGoing, o.Rejects = true, filepath.Join(dir, "link.csv")
		real := filepath.Join(dir, "real.csv")
		if err := errors.Join(os.WriteFile(real, nil, 0o600), os.Symlink(real, o.Rejects)); err != nil {
			t.Fatal(err)
		}
		take(t, o, Movies, text)
		if b, err := os.ReadFile(real); err != nil || !strings.Contains(string(b), "soon") {
			t.Errorf("got %q, %v", b, err)
		}
	})
}

// refusedPath imports a text, whose file of rejected rows is refused.
func refusedPath(t *testing.T, o Options, text, want string) {
	t.Helper()
	_, err := Movies(t.Context(), o, files(text)...)
	if !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}
