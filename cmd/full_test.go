package cmd_test

import (
	"database/sql"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// limited runs the program with files that cannot grow beyond a number of KiB:
// to it the disk is full.
func (w *world) limited(kib int, args ...string) result {
	w.t.Helper()
	c := exec.Command("sh", append([]string{"-c", fmt.Sprintf(`ulimit -f %d && exec moviedb "$@"`, kib*2), "sh"}, args...)...)
	c.Env, c.Dir = w.env, w.dir
	return finish(w.t, c, "")
}

// rows are all rows of the ten tables that a film import writes, as anybody
// could read them.
func (w *world) rows() string {
	w.t.Helper()
	db, err := sql.Open("sqlite", "file:"+w.db()+"?mode=rw")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	var ok, rows string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&ok); err != nil || ok != "ok" {
		w.t.Fatalf("integrity_check: %q, %v", ok, err)
	}
	err = db.QueryRow(`SELECT (SELECT count(*) || ':' || total(id) FROM movies) || ' ' || (SELECT count(*) || ':' || total(id) FROM persons) || ' ' ||
		(SELECT count(*) || ':' || total(id) FROM genres) || ' ' || (SELECT count(*) FROM movie_genres) || ' ' || (SELECT group_concat(name || seq) FROM sqlite_sequence)`).Scan(&rows)
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}

// manyFilms writes a file of films that makes a catalog of some MiB.
func manyFilms(t *testing.T, dir string, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("title,year,director,genres,description\n")
	for i := range n {
		fmt.Fprintf(&b, "Film number %d,%d,Director %d,Genre %d,%s\n", i, 1900+i%100, i, i%10, strings.Repeat("word ", 20))
	}
	path := filepath.Join(dir, "many.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFullDiskLeavesTheCatalogAsItWas(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip(err)
	}
	for journal, n := range map[string]int{"wal": 12_000, "delete": 3000} { // the larger one builds indexes after its rows
		t.Run(fmt.Sprintf("%s, %d films", journal, n), func(t *testing.T) {
			w := newWorld(t)
			w.env = append(w.env, "MOVIEDB_JOURNAL="+journal)
			many := manyFilms(t, t.TempDir(), n)
			for _, kib := range sizes(64, 700, 1500) {
				r := w.limited(kib, "import", "movies", many)
				if r.code != 1 || r.out != "" || !strings.HasPrefix(r.err, "moviedb: ") || strings.Count(r.err, "\n") != 1 {
					t.Errorf("a first import with %d KiB: exit %d, %q, %q", kib, r.code, r.out, r.err)
				}
				w.nothing()
			}
			w.must("import", "movies", root(t, "testdata/sample/movies.csv"))
			before := w.rows()
			for _, kib := range sizes(300, 700, 1500) {
				if r := w.limited(kib, "import", "movies", many); r.code != 1 || r.out != "" || !strings.HasPrefix(r.err, "moviedb: ") {
					t.Errorf("with %d KiB: exit %d, %q, %q", kib, r.code, r.out, r.err)
				}
				if after := w.rows(); after != before {
					t.Errorf("with %d KiB: the catalog has %s, it had %s", kib, after, before)
				}
			}
			if out := w.must("import", "movies", many); !strings.HasPrefix(out, fmt.Sprintf("created=%d ", n)) {
				t.Errorf("with room: %q", out)
			}
		})
	}
}

// Without room for the memory that processes share, the sentence is about room.
func TestNoRoomForSharedMemory(t *testing.T) {
	w := newWorld(t)
	w.must("movie", "add", "Sun")
	r := w.limited(16, "movie", "add", "Moon")
	if r.code != 1 || r.out != "" || !strings.Contains(r.err, "there is no room for "+w.db()+"-shm beside it") || !strings.Contains(r.err, "is the disk full") {
		t.Errorf("exit %d, %q, %q", r.code, r.out, r.err)
	}
	if films := w.must("movie", "list", "--fields", "title"); films != "Sun\n" {
		t.Errorf("films %q", films)
	}
	w.tidy()
}

// sizes are all of them, or where time is short one by chance.
func sizes(all ...int) []int {
	if long() {
		return all
	}
	return []int{all[rand.IntN(len(all))]}
}

// A catalog for whose replacement there is no room, though the new one has some,
// stays as it was, and that is said in one line.
func TestFullDiskWhileACatalogIsReplaced(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip(err)
	}
	w := newWorld(t)
	w.env = append(w.env, "MOVIEDB_JOURNAL=wal")
	w.must("--db", "other.db", "import", "movies", manyFilms(t, t.TempDir(), 1000))
	w.must("--db", "other.db", "backup", "other.tar")
	w.must("--db", "copy.db", "restore", "other.tar")
	info, err := os.Stat(filepath.Join(w.dir, "copy.db"))
	if err != nil {
		t.Fatal(err)
	}
	w.must("import", "movies", root(t, "testdata/sample/movies.csv"))
	before := w.rows()
	r := w.limited(int(info.Size()/1024), "restore", "other.tar", "--force") // the WAL is larger than what it holds
	if r.code != 1 || r.out != "" || !strings.Contains(r.err, "is the disk full") || strings.Count(r.err, "\n") != 1 {
		t.Errorf("exit %d, %q, %q", r.code, r.out, r.err)
	}
	if after := w.rows(); after != before {
		t.Errorf("the catalog has %s, it had %s", after, before)
	}
	w.tidy()
}

// nothing fails if an import left a file anywhere.
func (w *world) nothing() {
	w.t.Helper()
	err := filepath.WalkDir(w.dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			w.t.Errorf("left behind: %s", path)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
