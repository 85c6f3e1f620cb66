package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// built makes a copy of a catalog with one film beside the place of another.
func built(t *testing.T, o store.Options, title string) string {
	t.Helper()
	from := testkit.Options(t)
	addFilm(t, from, title)
	to := o.Path + ".built"
	if err := store.Snapshot(t.Context(), from, to); err != nil {
		t.Fatal(err)
	}
	return to
}

// titles are those of the catalog, and what lies beside it.
func titles(t *testing.T, o store.Options) (films string, beside []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(o.Path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(o.Path) {
			beside = append(beside, e.Name())
		}
	}
	return strings.Join(table(t, hand(t, o.Path), `SELECT title FROM movies ORDER BY id`), ","), beside
}

func TestInstall(t *testing.T) {
	for name, prepare := range map[string]func(o store.Options){
		"nothing there": func(store.Options) {},
		"a blank file":  func(o store.Options) { os.WriteFile(o.Path, nil, 0o600) },
		"a catalog":     func(o store.Options) { addFilm(t, o, "Sun") },
		"a killed restore": func(o store.Options) {
			addFilm(t, o, "Sun")
			os.Link(o.Path, o.Path+".replaced-abc")
		},
		"a killed writer": func(o store.Options) {
			addFilm(t, o, "Sun")
			db := hand(t, o.Path, "journal_mode(WAL)")
			mustExec(t, db, `UPDATE movies SET title = 'Star'`)
			wal, err := os.ReadFile(o.Path + "-wal")
			if err != nil || len(wal) == 0 {
				t.Fatalf("no wal: %v", err)
			}
			db.Close()
			os.WriteFile(o.Path+"-wal", wal, 0o600)
		},
		"a damaged catalog": func(o store.Options) {
			addFilm(t, o, "Sun")
			f, err := os.OpenFile(o.Path, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			f.WriteAt(make([]byte, 8), 16) // its page size
			f.Close()
			os.WriteFile(o.Path+"-wal", []byte(strings.Repeat("old", 1000)), 0o600)
		},
		"a header of a later format": func(o store.Options) {
			addFilm(t, o, "Sun")
			writeAt(t, o.Path, 47, 77)
		},
		"a header that keeps writers out": func(o store.Options) {
			o.Journal = "delete"
			addFilm(t, o, "Sun")
			writeAt(t, o.Path, 18, 3)
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := testkit.Options(t)
			prepare(o)
			in := store.Installation{Built: built(t, o, "Moon")}
			there, err := store.Exists(o.Path)
			if err != nil {
				t.Fatal(err)
			}
			if there {
				if _, err := store.Install(t.Context(), o, in); !errors.Is(err, catalog.ErrExists) {
					t.Fatalf("without force: %v", err)
				}
				in.Force = true
			}
			placed := 0
			in.Place = func() error { placed++; return nil }
			replaced, err := store.Install(t.Context(), o, in)
			if err != nil || replaced != there || placed != 1 {
				t.Fatalf("replaced %v, placed %d times, %v", replaced, placed, err)
			}
			os.Remove(in.Built)
			if films, beside := titles(t, o); films != "Moon" || len(beside) > 0 {
				t.Errorf("films %q, beside it %q", films, beside)
			}
		})
	}
}

// What fails leaves the old catalog as it was, its journal mode too.
func TestInstallThatFails(t *testing.T) {
	o := testkit.Options(t)
	o.Journal = "wal"
	addFilm(t, o, "Sun")
	failed := errors.New("no room for the pictures")
	in := store.Installation{Built: built(t, o, "Moon"), Force: true, Place: func() error { return failed }}
	if _, err := store.Install(t.Context(), o, in); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	in.Place = func() error { cancel(); return nil }
	if _, err := store.Install(ctx, o, in); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	os.Remove(in.Built)
	in.Place = nil
	if _, err := store.Install(t.Context(), o, in); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nothing to install: %v", err)
	}
	if films, beside := titles(t, o); films != "Sun" || len(beside) > 0 {
		t.Errorf("films %q, beside it %q", films, beside)
	}
	if mode := table(t, hand(t, o.Path), `PRAGMA journal_mode`); mode[0] != "wal" {
		t.Errorf("journal mode %s", mode)
	}
}

// While another writes, or reads what has to stay as it is, the catalog is not
// replaced.
func TestInstallWaitsForOthers(t *testing.T) {
	const writes, reads = "BEGIN IMMEDIATE", "BEGIN; SELECT count(*) FROM movies"
	for _, other := range [][2]string{{"wal", writes}, {"delete", writes}, {"delete", reads}} {
		t.Run(strings.Join(other[:], " "), func(t *testing.T) {
			o := testkit.Options(t)
			o.Journal = other[0]
			addFilm(t, o, "Sun")
			in := store.Installation{Built: built(t, o, "Moon"), Force: true}
			db := hand(t, o.Path)
			mustExec(t, db, other[1])
			o.BusyTimeout = 30 * time.Millisecond
			if _, err := store.Install(t.Context(), o, in); !errors.Is(err, catalog.ErrBusy) || !strings.Contains(err.Error(), "(waited 30ms)") {
				t.Fatalf("got %v", err)
			}
			o.BusyTimeout = 30 * time.Second
			in.Place = func() error { return nil }
			done := make(chan error)
			go func() {
				_, err := store.Install(t.Context(), o, in)
				done <- err
			}()
			mustExec(t, db, "ROLLBACK")
			db.Close()
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			if films, _ := titles(t, o); films != "Moon" {
				t.Errorf("films %q", films)
			}
		})
	}
}

// In WAL mode one who reads goes on reading the old catalog, and then the new.
func TestInstallBesideAReader(t *testing.T) {
	o := testkit.Options(t)
	o.Journal, o.BusyTimeout = "wal", 0
	addFilm(t, o, "Sun")
	db := hand(t, o.Path)
	mustExec(t, db, "BEGIN")
	const query = "SELECT title FROM movies"
	before := table(t, db, query)
	if _, err := store.Install(t.Context(), o, store.Installation{Built: built(t, o, "Moon"), Force: true}); err != nil {
		t.Fatal(err)
	}
	during := table(t, db, query)
	mustExec(t, db, "COMMIT")
	if after := table(t, db, query); before[0] != "Sun" || during[0] != "Sun" || after[0] != "Moon" {
		t.Errorf("before %q, during %q, after %q", before, during, after)
	}
}

// A catalog keeps its page size: in WAL mode it cannot have another.
func TestInstallOfAnotherPageSize(t *testing.T) {
	for _, journal := range []string{"wal", "delete"} {
		o := testkit.Options(t)
		o.Journal = "delete"
		addFilm(t, o, "Sun")
		db := hand(t, o.Path)
		mustExec(t, db, "PRAGMA page_size = 8192; VACUUM; PRAGMA journal_mode = "+journal)
		db.Close()
		if _, err := store.Install(t.Context(), o, store.Installation{Built: built(t, o, "Moon"), Force: true}); err != nil {
			t.Fatalf("%s: %v", journal, err)
		}
		db = hand(t, o.Path)
		films, state := table(t, db, "SELECT title FROM movies"), table(t, db, "PRAGMA integrity_check")[0]+table(t, db, "PRAGMA page_size")[0]
		if films[0] != "Moon" || state != "ok8192" {
			t.Errorf("%s: films %q, %s", journal, films, state)
		}
	}
}

// An archive may hold a database in WAL mode, which cannot change its page size
// either.
func TestInstallOfOneInWAL(t *testing.T) {
	for _, journal := range []string{"wal", "delete"} {
		o := testkit.Options(t)
		o.Journal = "delete"
		addFilm(t, o, "Sun")
		db := hand(t, o.Path)
		mustExec(t, db, "PRAGMA page_size = 1024; VACUUM; PRAGMA journal_mode = "+journal)
		in := store.Installation{Built: built(t, o, "Moon"), Force: true}
		f, err := os.OpenFile(in.Built, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteAt([]byte{2, 2}, 18)
		f.Close()
		if _, err := store.Install(t.Context(), o, in); err != nil {
			t.Fatalf("%s: %v", journal, err)
		}
		os.Remove(in.Built)
		mode := table(t, db, "PRAGMA journal_mode")[0]
		db.Close()
		if films, beside := titles(t, o); films != "Moon" || mode != journal || len(beside) > 0 {
			t.Errorf("%s: films %q, mode %s, beside it %q", journal, films, mode, beside)
		}
	}
}

// What cannot be done to the new file is no damage of the catalog: that keeps
// its file, for others have it open.
func TestInstallOfWhatIsDamaged(t *testing.T) {
	o := testkit.Options(t)
	addFilm(t, o, "Sun")
	in := store.Installation{Built: built(t, o, "Moon"), Force: true}
	f, err := os.OpenFile(in.Built, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteAt(make([]byte, 16), 0)
	f.Close()
	if replaced, err := store.Install(t.Context(), o, in); err == nil {
		t.Errorf("replaced %v", replaced)
	}
	os.Remove(in.Built)
	if films, beside := titles(t, o); films != "Sun" || len(beside) > 0 {
		t.Errorf("films %q, beside it %q", films, beside)
	}
}

// What goes wrong once the catalog is held is no damage of it, whatever SQLite
// calls it.
func TestInstallThatFailsOnSomethingDamaged(t *testing.T) {
	o := testkit.Options(t)
	addFilm(t, o, "Sun")
	in := store.Installation{Built: built(t, o, "Moon"), Force: true}
	placed := 0
	in.Place = func() error {
		if placed++; placed > 1 {
			return nil
		}
		other := filepath.Join(t.TempDir(), "letter")
		write(t, other, strings.Repeat("a letter ", 1000))
		_, err := hand(t, other).Exec("SELECT * FROM movies")
		return err
	}
	if _, err := store.Install(t.Context(), o, in); err == nil {
		t.Error("installed")
	}
	if placed != 1 {
		t.Errorf("placed %d times", placed)
	}
	os.Remove(in.Built)
	if films, beside := titles(t, o); films != "Sun" || len(beside) > 0 {
		t.Errorf("films %q, beside it %q", films, beside)
	}
}

// Whoever had the catalog open when it was replaced, without a lock, finds the
// new one, and leaves the journals alone that others have by then.
func TestOpenWhileReplaced(t *testing.T) {
	for name, others := range map[string]struct{ journal, statements, films string }{
		"with rows in the WAL": {"wal", "PRAGMA journal_mode = wal; INSERT INTO movies (title) VALUES ('Star')", "Moon,Star,Late"},
		"with a journal":       {"delete", "BEGIN IMMEDIATE; INSERT INTO movies (title) VALUES ('Star')", "Moon,Late"},
		"as it was":            {"delete", "", "Moon,Late"},
	} {
		t.Run(name, func(t *testing.T) {
			o := testkit.Options(t)
			o.Journal = "delete"
			addFilm(t, o, "Sun")
			in := store.Installation{Built: built(t, o, "Moon"), Force: true}
			h := &hooks{}
			first := true
			var done sync.WaitGroup
			defer done.Wait()
			h.opened = func(string) { // the writer has it open, and has not read yet
				if !first {
					return
				}
				first = false
				if _, err := store.Install(t.Context(), o, in); err != nil {
					t.Error(err)
				}
				os.Remove(in.Built)
				other := hand(t, o.Path)
				mustExec(t, other, others.statements)
				if others.journal == "delete" && others.statements != "" {
					done.Go(func() {
						time.Sleep(50 * time.Millisecond)
						if _, err := os.Stat(o.Path + "-journal"); err != nil {
							t.Errorf("the journal of one who writes: %v", err)
						}
						other.Exec("ROLLBACK")
					})
				}
			}
			late := o
			late.Journal, late.BusyTimeout, late.Driver = others.journal, time.Minute, h.driver(hand(t, filepath.Join(t.TempDir(), "x.db")))
			err := store.Update(t.Context(), late, func(tx *store.Tx) error {
				return tx.InsertMovies(t.Context(), []catalog.Movie{{Title: "Late"}})
			})
			if err != nil {
				t.Fatal(err)
			}
			if films, _ := titles(t, o); films != others.films {
				t.Errorf("films %q", films)
			}
			if state := table(t, hand(t, o.Path), "PRAGMA integrity_check"); state[0] != "ok" {
				t.Errorf("integrity: %q", state)
			}
		})
	}
}

// What is no catalog is not replaced.
func TestInstallOverSomethingElse(t *testing.T) {
	o := testkit.Options(t)
	in := store.Installation{Built: built(t, o, "Moon"), Force: true}
	for name, content := range map[string]string{"text": "a letter", "SQLite": "SQLite format 3\x00" + strings.Repeat("\x00", 4096)} {
		os.WriteFile(o.Path, []byte(content), 0o600)
		if _, err := store.Install(t.Context(), o, in); err == nil || !strings.Contains(err.Error(), "not a moviedb catalog") {
			t.Errorf("%s: %v", name, err)
		}
		if b, _ := os.ReadFile(o.Path); string(b) != content {
			t.Errorf("%s: it was overwritten", name)
		}
	}
	os.Remove(o.Path)
	os.WriteFile(o.Path+"-wal", []byte("left over"), 0o600)
	if _, err := store.Install(t.Context(), o, in); err == nil || !strings.Contains(err.Error(), "left over from one that is gone") {
		t.Errorf("a journal of a catalog that is gone: %v", err)
	}
}
