package store_test

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// modeOf is the journal mode of a catalog.
func modeOf(t *testing.T, path string) string {
	t.Helper()
	db := hand(t, path)
	defer db.Close()
	return value(t, db, `PRAGMA journal_mode`)
}

// TestTheJournalChangesWhenNobodyElseHasIt: while somebody does, that is said in
// time, and nothing is written in the other mode.
func TestTheJournalChangesWhenNobodyElseHasIt(t *testing.T) {
	for from, to := range map[string]string{"wal": "delete", "delete": "wal"} {
		o := testkit.Options(t)
		o.Journal = from
		addFilm(t, o, "Sun")
		db := hand(t, o.Path)
		mustExec(t, db, `BEGIN; SELECT count(*) FROM movies`)
		o.Journal, o.BusyTimeout = to, 30*time.Millisecond
		err := store.Update(t.Context(), o, func(*store.Tx) error { t.Error("it went on"); return nil })
		says := "cannot change from journal = " + from + " to " + to + " while another process has it open (waited 30ms)"
		if !errors.Is(err, catalog.ErrBusy) || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "set journal = "+from) {
			t.Errorf("%s: %v", to, err)
		}
		view(t, o, func(*store.Tx) error { return nil }) // who reads takes it as it is
		dry(t, o, func(*store.Tx) error { return nil })
		if err := store.Update(t.Context(), withJournal(o, ""), func(*store.Tx) error { return nil }); from == "wal" && err != nil {
			t.Errorf("without a wish: %v", err)
		}
		o.BusyTimeout = 30 * time.Second
		done := make(chan error)
		go func() { done <- store.Update(t.Context(), o, func(*store.Tx) error { return nil }) }()
		time.Sleep(20 * time.Millisecond)
		mustExec(t, db, `ROLLBACK`)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Errorf("%s: nobody had it: %v", to, err)
		}
		if got := modeOf(t, o.Path); got != to {
			t.Errorf("%s became %s", from, got)
		}
	}
}

func withJournal(o store.Options, mode string) store.Options {
	o.Journal = mode
	return o
}

// TestManyChangeTheJournalAtOnce, with readers among them: none fails, nothing
// is lost, and no reader ever sees less than before.
func TestManyChangeTheJournalAtOnce(t *testing.T) {
	notUnderRace(t)
	schema := filepath.Join(t.TempDir(), "schema.sql")
	write(t, schema, testkit.Schema(t))
	for from, to := range map[string]string{"wal": "delete", "delete": "wal"} {
		o := testkit.Options(t)
		o.Journal = from
		update(t, o, nil)
		eightProcesses(t, func(name string) *exec.Cmd {
			if name == "7" {
				return child(t, "count", o.Path)
			}
			c := child(t, "add", o.Path, schema, "process "+name)
			c.Env = append(c.Env, "STORE_TEST_JOURNAL="+to)
			return c
		})
		if got := modeOf(t, o.Path); got != to {
			t.Errorf("%s became %s", from, got)
		}
		db := hand(t, o.Path)
		if got := value(t, db, `SELECT count(*), count(DISTINCT title) FROM movies`); got != "175|175" {
			t.Errorf("%s to %s: %s", from, to, got)
		}
		db.Close()
	}
}

// TestReadersAmongWriters never fail, in either mode.
func TestReadersAmongWriters(t *testing.T) {
	notUnderRace(t)
	schema := filepath.Join(t.TempDir(), "schema.sql")
	write(t, schema, testkit.Schema(t))
	journals := []string{"wal", "delete"}
	if i := rand.IntN(2); !testkit.Long() {
		journals = journals[i : i+1]
	}
	for _, journal := range journals {
		o := testkit.Options(t)
		o.Journal = journal
		update(t, o, nil)
		var readers []*exec.Cmd
		var stop []func() error
		for range 3 {
			c := child(t, "count", o.Path)
			in, err := c.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			c.Stderr = &strings.Builder{}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			readers, stop = append(readers, c), append(stop, in.Close)
		}
		eightProcesses(t, func(name string) *exec.Cmd {
			c := child(t, "add", o.Path, schema, "process "+name)
			c.Env = append(c.Env, "STORE_TEST_JOURNAL="+journal)
			return c
		})
		for i, c := range readers {
			stop[i]()
			if err := c.Wait(); err != nil {
				t.Errorf("%s: %v: %s", journal, err, c.Stderr)
			}
		}
		db := hand(t, o.Path)
		if got := value(t, db, `SELECT count(DISTINCT title) FROM movies`); got != "200" {
			t.Errorf("%s: %s films", journal, got)
		}
		db.Close()
	}
}

// TestACommitThatWaitsForReaders: without WAL they keep writers out, and the
// sentence is about them.
func TestACommitThatWaitsForReaders(t *testing.T) {
	o := testkit.Options(t)
	o.Journal = "delete"
	addFilm(t, o, "Sun")
	db := hand(t, o.Path)
	mustExec(t, db, `BEGIN; SELECT count(*) FROM movies`)
	o.BusyTimeout = 30 * time.Millisecond
	add := func(tx *store.Tx) error {
		return tx.InsertGenres(t.Context(), []catalog.Genre{{Name: "Drama"}})
	}
	err := store.Update(t.Context(), o, add)
	if !errors.Is(err, catalog.ErrBusy) || !strings.Contains(err.Error(), "another process is reading "+o.Path+", and with journal = delete") {
		t.Errorf("%v", err)
	}
	mustExec(t, db, `ROLLBACK`)
	if got := value(t, db, `SELECT count(*) FROM genres WHERE name = 'Drama'`); got != "0" {
		t.Errorf("%s genres", got)
	}
	update(t, o, add)
}

// memoryless opens databases as on a file system without memory that processes
// share: SQLite's VFS "unix-dotfile", which has no such methods, answers there as
// it does on network drives.
type memoryless struct{ driver.Driver }

func (d memoryless) Open(dsn string) (driver.Conn, error) {
	return d.Driver.Open(dsn + "&vfs=unix-dotfile")
}

// withoutMemory is a driver for such a file system.
func withoutMemory(t *testing.T) (name string) {
	t.Helper()
	db := hand(t, filepath.Join(t.TempDir(), "x.db"))
	defer db.Close()
	name = "sqlite-memoryless-" + strings.ReplaceAll(t.Name(), "/", "-")
	if !slices.Contains(sql.Drivers(), name) { // with -count=2
		sql.Register(name, memoryless{db.Driver()})
	}
	return name
}

const noMemory = `set journal = "delete" in the configuration, or MOVIEDB_JOURNAL=delete`

// TestWithoutSharedMemory a catalog is not made in WAL mode, one in WAL mode is
// not written, and the error says what to do; that then works.
func TestWithoutSharedMemory(t *testing.T) {
	o := testkit.Options(t)
	o.Driver, o.Journal = withoutMemory(t), "wal"
	nothing := func(*store.Tx) error { return nil }
	if err := store.Update(t.Context(), o, nothing); err == nil || !strings.Contains(err.Error(), o.Path+" cannot use journal = wal here") || !strings.Contains(err.Error(), noMemory) {
		t.Errorf("made: %v", err)
	}
	same(t, "the folder", ls(t, filepath.Dir(o.Path)), nil)
	update(t, withJournal(o, "delete"), nil)
	if err := store.Update(t.Context(), o, nothing); err == nil || !strings.Contains(err.Error(), noMemory) {
		t.Errorf("written: %v", err)
	}
	addFilm(t, withJournal(o, "delete"), "Sun")
	view(t, o, func(tx *store.Tx) error { _, err := resolve(t, tx, "movie", "sun"); return err })
	same(t, "the folder", ls(t, filepath.Dir(o.Path)), []string{"moviedb.db"})
}

// TestACatalogInWALComesWhereThereIsNoSharedMemory, whole or with rows that are
// only in its WAL.
func TestACatalogInWALComesWhereThereIsNoSharedMemory(t *testing.T) {
	made, db := catalogOf(t)
	update(t, withJournal(made, "wal"), nil)
	mustExec(t, db, `INSERT INTO movies (title) VALUES ('in the journal')`)
	for _, files := range [][]string{{""}, {"", "-wal"}, {"", "-wal", "-shm"}} {
		o := made
		o.Path = snapshot(t, made.Path, files...)
		o.Driver, o.Journal = withoutMemory(t), "wal"
		left := len(files) > 1
		before := bytesOf(t, o.Path)
		if err := store.Update(t.Context(), o, func(*store.Tx) error { return nil }); err == nil || !strings.Contains(err.Error(), noMemory) {
			t.Errorf("%q: written: %v", files, err)
		}
		err := lookAt(t.Context(), o)
		if left && (err == nil || !strings.Contains(err.Error(), noMemory)) || !left && err != nil {
			t.Errorf("%q: read: %v", files, err)
		}
		if bytesOf(t, o.Path) != before {
			t.Errorf("%q: the file changed", files)
		}
		o.Journal = "delete"
		update(t, o, nil)
		if got := modeOf(t, o.Path); got != "delete" {
			t.Errorf("%q: the mode is %s", files, got)
		}
		view(t, o, func(tx *store.Tx) error {
			_, err := resolve(t, tx, "movie", "in the journal")
			if errors.Is(err, catalog.ErrNotFound) && !left {
				err = nil
			}
			return err
		})
		names := slices.DeleteFunc(ls(t, filepath.Dir(o.Path)), func(name string) bool { return strings.HasSuffix(name, "-shm") })
		same(t, "the folder", names, []string{"moviedb.db"})
		if _, err := os.Stat(o.Path + "-wal"); err == nil {
			t.Errorf("%q: the WAL is still there", files)
		}
	}
}
