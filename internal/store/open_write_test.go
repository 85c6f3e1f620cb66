package store_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// TestEightProcessesAtOnceLoseNothing: they all find no catalog, or one of zero
// bytes, and each adds 25 films; then once more on the catalog that is there.
func TestEightProcessesAtOnceLoseNothing(t *testing.T) {
	notUnderRace(t)
	schema := filepath.Join(t.TempDir(), "schema.sql")
	write(t, schema, testkit.Schema(t))
	all := []struct{ start, journal string }{{"absent", "wal"}, {"blank", "delete"}, {"blank", "wal"}, {"absent", "delete"}}
	if i := rand.IntN(len(all)); !testkit.Long() {
		all = all[i : i+1]
	}
	for _, how := range all {
		start := how.start
		t.Run(start+" "+how.journal, func(t *testing.T) {
			o := testkit.Options(t)
			dir := filepath.Dir(o.Path)
			if start == "blank" {
				write(t, o.Path, "")
			} else {
				o.Path = filepath.Join(dir, "new", "moviedb.db")
			}
			for round := 1; round <= 2; round++ {
				eightProcesses(t, func(name string) *exec.Cmd {
					c := child(t, "add", o.Path, schema, sprint("round %d, process %s, film", round, name))
					c.Env = append(c.Env, "STORE_TEST_JOURNAL="+how.journal)
					return c
				})
				db := hand(t, o.Path)
				got := value(t, db, `SELECT count(*), count(DISTINCT title), min(id), max(id), (SELECT count(*) FROM movie_keys) FROM movies`)
				if n := 200 * round; got != sprint("%d|%d|1|%d|%d", n, n, n, n) {
					t.Errorf("round %d: %s", round, got)
				}
				if got := value(t, db, `PRAGMA integrity_check`); got != "ok" {
					t.Error(got)
				}
				if got := value(t, db, `PRAGMA journal_mode`); got != how.journal {
					t.Errorf("the mode is %s", got)
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				same(t, "the folder", ls(t, filepath.Dir(o.Path)), []string{"moviedb.db", "moviedb.db.files"})
			}
		})
	}
}

// eightProcesses starts processes that wait for the end of their input, lets
// all of them go and waits until they are done.
func eightProcesses(t *testing.T, prepare func(name string) *exec.Cmd) {
	t.Helper()
	var go_ []io.Closer
	var all []*exec.Cmd
	for i := range 8 {
		c := prepare(sprint("%d", i))
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		c.Stderr = &strings.Builder{}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		go_, all = append(go_, in), append(all, c)
	}
	for _, in := range go_ {
		in.Close()
	}
	for _, c := range all {
		if err := c.Wait(); err != nil {
			t.Errorf("%v: %s", err, c.Stderr)
		}
	}
}

// TestTwoWhoBeginABlankFileLoseNothing: while one is about to replace it, the
// other has done so and goes on writing. SQLite deletes the WAL beside a file of
// zero bytes, which the first one may still have in hand.
func TestTwoWhoBeginABlankFileLoseNothing(t *testing.T) {
	for _, moment := range []string{"opened", "closed"} {
		o := testkit.Options(t)
		write(t, o.Path, "")
		add := func(title string) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				return tx.InsertMovies(t.Context(), []catalog.Movie{{Title: title}})
			}
		}
		db := hand(t, o.Path)
		first, calls := o, 0
		var hook hooks
		first.Driver = hook.driver(db)
		other := func(dsn string) {
			// First comes the connection that builds the catalog, then the one on the blank file.
			if calls++; calls != 2 {
				return
			}
			update(t, o, add("other"))
			mustExec(t, db, `INSERT INTO movies (title) VALUES ('by hand')`) // this connection stays, and so does the WAL
		}
		if moment == "opened" {
			hook.opened = other
		} else {
			hook.closed = other
		}
		update(t, first, add("first"))
		if calls < 2 {
			t.Fatalf("%d connections", calls)
		}
		view(t, o, func(tx *store.Tx) error {
			var got []string
			for _, m := range collect(t, tx.Movies(t.Context(), catalog.MovieFilter{})) {
				got = append(got, m.Title)
			}
			want := []string{"other", "by hand", "first"}
			if moment == "closed" {
				want = []string{"first", "other", "by hand"}
			}
			same(t, moment, got, want)
			return nil
		})
	}
}

// TestAFailedWriteChangesNothing, not a byte, and leaves nothing beside the
// catalog, also when more was written than the page cache holds.
func TestAFailedWriteChangesNothing(t *testing.T) {
	no := errors.New("no")
	for _, journal := range []string{"wal", "delete"} {
		for _, big := range []bool{false, true} {
			o := testkit.Options(t)
			o.Journal = journal
			update(t, o, func(tx *store.Tx) error {
				return tx.InsertMovies(t.Context(), []catalog.Movie{{Title: "Solaris"}, {Title: "Stalker"}})
			})
			before := bytesOf(t, o.Path)
			spilled := false
			work := func(tx *store.Tx) error {
				movies := []catalog.Movie{{Title: "Mirror"}}
				if big {
					movies = make([]catalog.Movie, 1500)
					for i := range movies {
						movies[i] = catalog.Movie{Title: sprint("Film %d", i), Description: strings.Repeat("long ", 1000)}
					}
				}
				if err := tx.InsertMovies(t.Context(), movies); err != nil {
					return err
				}
				if err := tx.DeleteMovies(t.Context(), []int64{1}); err != nil {
					return err
				}
				if journal == "wal" {
					info, err := os.Stat(o.Path + "-wal")
					spilled = err == nil && info.Size() > 1<<20
				} else {
					spilled = len(bytesOf(t, o.Path)) > len(before)+1<<20
				}
				return nil
			}
			for name, run := range map[string]func() error{
				"an error": func() error {
					return store.Update(t.Context(), o, func(tx *store.Tx) error { return errors.Join(work(tx), no) })
				},
				"a refused value": func() error {
					return store.Update(t.Context(), o, func(tx *store.Tx) error {
						return errors.Join(work(tx), tx.InsertMovies(t.Context(), []catalog.Movie{{Title: ""}}))
					})
				},
				"an interruption": func() error {
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					return store.Update(ctx, o, func(tx *store.Tx) error { err := work(tx); cancel(); return err })
				},
				"a dry run": func() error {
					if err := store.DryRun(t.Context(), o, work); err != nil {
						t.Error(err)
					}
					return no
				},
			} {
				if err := run(); err == nil {
					t.Errorf("%s: no error", name)
				}
				if spilled != big && journal == "delete" || big && !spilled {
					t.Fatalf("%s, big %v: more than the page cache was written: %v", journal, big, spilled)
				}
				if bytesOf(t, o.Path) != before {
					t.Errorf("%s, big %v: the catalog changed with %s", journal, big, name)
				}
				same(t, "after "+name, ls(t, filepath.Dir(o.Path)), []string{"moviedb.db"})
			}
		}
	}
}

func TestADryRunLeavesTheJournalModeAlone(t *testing.T) {
	o := testkit.Options(t)
	update(t, o, nil)
	before := bytesOf(t, o.Path)
	o.Journal = "delete"
	dry(t, o, func(*store.Tx) error { return nil })
	if bytesOf(t, o.Path) != before {
		t.Error("a dry run changed the catalog")
	}
}

// TestALockedCatalogIsBusyAndReadable: a write gives up after the timeout, a
// read goes on.
func TestALockedCatalogIsBusyAndReadable(t *testing.T) {
	for _, journal := range []string{"wal", "delete"} {
		o := testkit.Options(t)
		o.Journal = journal
		add := func(tx *store.Tx) error {
			return tx.InsertMovies(t.Context(), []catalog.Movie{{Title: "Solaris"}})
		}
		update(t, o, add)
		other := held(t, o.Path, 10)
		for _, wait := range []time.Duration{0, 30 * time.Millisecond} {
			o := o
			o.BusyTimeout = wait
			for how, run := range map[string]func(context.Context, store.Options, func(*store.Tx) error) error{"write": store.Update, "dry run": store.DryRun} {
				err := run(t.Context(), o, func(*store.Tx) error { t.Error("got in"); return nil })
				if !errors.Is(err, catalog.ErrBusy) || !strings.Contains(err.Error(), "another process is writing to "+o.Path+" (waited "+wait.String()+")") {
					t.Errorf("%s, %s: %v", journal, how, err)
				}
			}
			view(t, o, func(tx *store.Tx) error {
				if n, err := tx.CountMovies(t.Context(), catalog.MovieFilter{}); err != nil || n != 1 {
					t.Errorf("%s: a read sees %d films, %v", journal, n, err)
				}
				return nil
			})
		}
		other.release(t)
		update(t, o, add)
	}
}

// TestAKilledWriterLosesOnlyItsOwn: it had written more than the page cache
// holds, and not committed.
func TestAKilledWriterLosesOnlyItsOwn(t *testing.T) {
	for _, journal := range []string{"wal", "delete"} {
		for _, next := range []string{"read", "write"} {
			o := testkit.Options(t)
			o.Journal = journal
			update(t, o, func(tx *store.Tx) error {
				return tx.InsertMovies(t.Context(), []catalog.Movie{{Title: "Solaris"}})
			})
			held(t, o.Path, 5<<20).kill(t)
			if len(ls(t, filepath.Dir(o.Path))) == 1 {
				t.Errorf("%s: the other process left nothing to clean up", journal)
			}
			if next == "write" {
				update(t, o, nil)
			}
			view(t, o, func(tx *store.Tx) error {
				got := collect(t, tx.Movies(t.Context(), catalog.MovieFilter{}))
				if len(got) != 1 || got[0].Title != "Solaris" {
					t.Errorf("%s, %s: %d films", journal, next, len(got))
				}
				return nil
			})
			same(t, journal+", "+next, ls(t, filepath.Dir(o.Path)), []string{"moviedb.db"})
		}
	}
}

// TestAWriteWaitsForAnother: here the other one ends in time.
func TestAWriteWaitsForAnother(t *testing.T) {
	o := testkit.Options(t)
	update(t, o, nil)
	other := held(t, o.Path, 10)
	done := make(chan error)
	go func() { done <- store.Update(t.Context(), o, func(*store.Tx) error { return nil }) }()
	other.release(t)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestAViewIsOneSnapshot: what others commit meanwhile is not seen.
func TestAViewIsOneSnapshot(t *testing.T) {
	o, db := catalogOf(t)
	update(t, o, nil)
	view(t, o, func(tx *store.Tx) error {
		for _, query := range []string{`SELECT 1`, `INSERT INTO movies (title) VALUES ('x')`} {
			mustExec(t, db, query)
			if n, err := tx.CountMovies(t.Context(), catalog.MovieFilter{}); err != nil || n != 2 {
				t.Errorf("%d films, %v", n, err)
			}
		}
		return nil
	})
}

func TestAViewCannotWrite(t *testing.T) {
	o, db := catalogOf(t)
	for _, what := range []string{"up to date", "stale"} {
		if what == "stale" {
			mustExec(t, db, `UPDATE movies SET title = 'x' WHERE id = 1; BEGIN IMMEDIATE`)
		} else {
			update(t, o, nil)
		}
		view(t, o, func(tx *store.Tx) error {
			if err := tx.InsertGenres(t.Context(), []catalog.Genre{{Name: "x"}}); err == nil {
				t.Errorf("%s: a read can write", what)
			}
			return nil
		})
	}
}

// snapshot copies the files of a catalog as they stand, as if the power had
// gone now.
func snapshot(t *testing.T, path string, suffixes ...string) (copied string) {
	t.Helper()
	copied = filepath.Join(t.TempDir(), "moviedb.db")
	for _, s := range suffixes {
		write(t, copied+s, bytesOf(t, path+s))
	}
	return copied
}

func TestAJournalLeftByACrashIsUsed(t *testing.T) {
	o, db := catalogOf(t)
	mustExec(t, db, `INSERT INTO movies (title) VALUES ('in the journal')`)
	for _, how := range []string{"read", "write"} {
		o := o
		o.Path = snapshot(t, o.Path, "", "-wal")
		if how == "write" {
			update(t, o, nil)
		}
		view(t, o, func(tx *store.Tx) error { _, err := resolve(t, tx, "movie", "in the journal"); return err })
		same(t, how, ls(t, filepath.Dir(o.Path)), []string{"moviedb.db"})
	}
}

// TestAJournalWithoutItsCatalogIsNoPartOfANewOne: SQLite would play it into the
// new file.
func TestAJournalWithoutItsCatalogIsNoPartOfANewOne(t *testing.T) {
	o, db := catalogOf(t)
	mustExec(t, db, `INSERT INTO movies (title) VALUES ('of old')`)
	for _, blank := range []bool{false, true} {
		o := o
		o.Path = snapshot(t, o.Path, "-wal")
		if blank {
			write(t, o.Path, "")
		}
		before := bytesOf(t, o.Path+"-wal")
		err := store.Update(t.Context(), o, func(*store.Tx) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "-wal") {
			t.Errorf("blank %v: %v", blank, err)
			t.Log(tryTable(t.Context(), hand(t, o.Path), `SELECT title FROM movies`))
		} else if bytesOf(t, o.Path+"-wal") != before {
			t.Errorf("blank %v: the journal changed", blank)
		}
	}
}

// TestANewerVersionInTheJournalIsSeen: the header of the file may be old.
func TestANewerVersionInTheJournalIsSeen(t *testing.T) {
	o, db := catalogOf(t)
	update(t, o, nil)
	mustExec(t, db, `PRAGMA user_version = 3`)
	if v := bytesOf(t, o.Path)[63]; v != 2 {
		t.Fatalf("the file itself has version %d already", v)
	}
	for how, err := range everyWay(t.Context(), o) {
		if how == "question" {
			continue // which the header answers
		}
		if err == nil || !strings.Contains(err.Error(), "was written by a newer moviedb (schema version 3") {
			t.Errorf("%s: %v", how, err)
		}
	}
}
