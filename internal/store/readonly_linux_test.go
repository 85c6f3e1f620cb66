package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// readOnly makes a catalog and its folder read-only and runs fn as somebody
// for whom that counts: root's thread takes the rights of nobody for its files.
func readOnly(t *testing.T, o store.Options, fn func()) {
	t.Helper()
	dir := filepath.Dir(o.Path)
	for _, name := range ls(t, dir) {
		if err := os.Chmod(filepath.Join(dir, name), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	if os.Geteuid() == 0 {
		const nobody = 65534
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // above it is only the folder for temporary files
			t.Fatal(err)
		}
		if err := syscall.Setfsuid(nobody); err != nil {
			t.Skip(err)
		}
		defer syscall.Setfsuid(0)
	}
	if f, err := os.Create(filepath.Join(dir, "try")); err == nil {
		f.Close()
		t.Skip("this system lets us write anyway")
	}
	if _, err := os.ReadDir(dir); err != nil {
		t.Skip(err)
	}
	fn()
}

// asOwner runs what only the owner of the files may do, within readOnly.
func asOwner(t *testing.T, fn func() error) {
	t.Helper()
	if os.Geteuid() == 0 {
		if err := syscall.Setfsuid(0); err != nil {
			t.Fatal(err)
		}
		defer syscall.Setfsuid(65534)
	}
	if err := fn(); err != nil {
		t.Fatal(err)
	}
}

func TestAReadOnlyCatalogIsRead(t *testing.T) {
	for _, journal := range []string{"wal", "delete"} {
		o := testkit.Options(t)
		o.Journal = journal
		update(t, o, nil)
		db := hand(t, o.Path, "foreign_keys(0)")
		reset(t, o, db)
		for _, edit := range []string{`SELECT 1`, `UPDATE movies SET title = 'Vagabond' WHERE id = 1`} {
			mustExec(t, db, edit)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			before := bytesOf(t, o.Path)
			readOnly(t, o, func() {
				view(t, o, func(tx *store.Tx) error {
					name := "late spring"
					if edit != `SELECT 1` {
						name = "vagabond" // which no derived row says yet
						if _, err := resolve(t, tx, "movie", "cleo from 5 to 7"); !errors.Is(err, catalog.ErrNotFound) {
							t.Errorf("%s: the old name is found: %v", journal, err)
						}
					}
					_, err := resolve(t, tx, "movie", name)
					return err
				})
				for _, quick := range []bool{false, true} {
					found := inspect(t, o, store.CheckOptions{Quick: quick})
					same(t, journal+": checked", found, []string{"permissions  0: " + o.Path + " is open to others (mode 0444, not 0400)"})
				}
				err := store.Update(t.Context(), o, func(tx *store.Tx) error {
					return tx.InsertGenres(t.Context(), []catalog.Genre{{Name: "x"}})
				})
				if err == nil || !strings.Contains(err.Error(), o.Path+" cannot be written: the file or its folder is read-only for you") {
					t.Errorf("%s: a write says %v", journal, err)
				}
			})
			if bytesOf(t, o.Path) != before {
				t.Errorf("%s: the catalog changed", journal)
			}
			same(t, journal, ls(t, filepath.Dir(o.Path)), []string{"moviedb.db"})
			db = hand(t, o.Path)
		}
	}
}

// TestAReadOnlyCatalogWithAJournal: rows that are only in the WAL must not be
// missed in silence.
func TestAReadOnlyCatalogWithAJournal(t *testing.T) {
	o, db := catalogOf(t)
	update(t, o, nil)
	mustExec(t, db, `INSERT INTO movies (title) VALUES ('in the journal'); INSERT INTO movie_keys VALUES (3, 'in the journal', 'in the journal', NULL); DELETE FROM stale`)
	for name, tc := range map[string]struct {
		files []string
		says  string // "" is that it can be read
	}{
		"-wal alone":    {[]string{"", "-wal"}, "holds newer rows and the place is not writable; copy both files to a writable place"},
		"-wal and -shm": {[]string{"", "-wal", "-shm"}, ""},
	} {
		o := o
		o.Path = snapshot(t, o.Path, tc.files...)
		beside := ls(t, filepath.Dir(o.Path))
		readOnly(t, o, func() {
			err := lookAt(t.Context(), o)
			if tc.says == "" {
				if err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
				view(t, o, func(tx *store.Tx) error { _, err := resolve(t, tx, "movie", "in the journal"); return err })
			} else if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%s: %v", name, err)
			}
		})
		same(t, name, ls(t, filepath.Dir(o.Path)), beside)
	}
}

// TestWhatIsWrittenWhileItIsReadWithoutLocks is not believed: whoever may not
// make the shared memory cannot keep a writer from the file.
func TestWhatIsWrittenWhileItIsReadWithoutLocks(t *testing.T) {
	o := testkit.Options(t)
	o.Journal = "wal"
	addFilm(t, o, "Sun")
	before, dir := bytesOf(t, o.Path), filepath.Dir(o.Path)
	for _, written := range []bool{false, true} {
		readOnly(t, o, func() {
			s, err := store.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			err = s.View(t.Context(), func(tx *store.Tx) error {
				if written {
					asOwner(t, func() error {
						err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(o.Path, 0o644))
						return errors.Join(err, os.WriteFile(o.Path, []byte(before), 0o644)) // as a checkpoint does
					})
				}
				_, err := resolve(t, tx, "movie", "sun")
				return err
			})
			if written && (!errors.Is(err, catalog.ErrBusy) || !strings.Contains(err.Error(), o.Path+" was written by another process while it was read")) || !written && err != nil {
				t.Errorf("written %v: %v", written, err)
			}
		})
	}
}

// TestAReadOnlyCatalogOfAnOlderVersionIsRead, with what was edited by hand.
func TestAReadOnlyCatalogOfAnOlderVersionIsRead(t *testing.T) {
	o, _ := testkit.OldCatalog(t, 1)
	before := bytesOf(t, o.Path)
	readOnly(t, o, func() {
		view(t, o, func(tx *store.Tx) error {
			n, err := tx.CountMovies(t.Context(), catalog.MovieFilter{})
			if n == 0 {
				t.Error("no films")
			}
			return err
		})
		err := store.Update(t.Context(), o, func(*store.Tx) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "cannot be written") {
			t.Errorf("a write: %v", err)
		}
	})
	if bytesOf(t, o.Path) != before {
		t.Error("it changed")
	}
	same(t, "the folder", ls(t, filepath.Dir(o.Path)), []string{"moviedb.db"})
}

func TestAFolderThatCannotBeWrittenTakesNoCatalog(t *testing.T) {
	o := testkit.Options(t)
	readOnly(t, o, func() {
		err := store.Update(t.Context(), o, func(*store.Tx) error { return nil })
		if err == nil || !strings.Contains(err.Error(), filepath.Dir(o.Path)+" cannot be written") || strings.Contains(err.Error(), ".new-") {
			t.Errorf("a write says %v", err)
		}
		dry(t, o, func(tx *store.Tx) error {
			return tx.InsertGenres(t.Context(), []catalog.Genre{{Name: "x"}})
		})
	})
}

// A catalog that is read-only is not replaced, be it whole or damaged, and
// nothing stays beside it.
func TestAReadOnlyCatalogIsNotReplaced(t *testing.T) {
	for _, journal := range []string{"wal", "delete"} {
		for _, damaged := range []bool{false, true} {
			o := testkit.Options(t)
			o.Journal = journal
			addFilm(t, o, "Sun")
			in := store.Installation{Built: built(t, o, "Moon"), Force: true, Place: func() error { t.Error("it is placed"); return nil }}
			if damaged {
				writeAt(t, o.Path, 16, 3) // its page size
			}
			before := bytesOf(t, o.Path)
			readOnly(t, o, func() {
				asOwner(t, func() error { return errors.Join(os.Chmod(filepath.Dir(o.Path), 0o777), os.Chmod(in.Built, 0o666)) })
				if _, err := store.Install(t.Context(), o, in); err == nil || !strings.Contains(err.Error(), "the file or its folder is read-only for you") || strings.Contains(err.Error(), "\n") {
					t.Errorf("%s, damaged %v: %v", journal, damaged, err)
				}
			})
			same(t, journal, ls(t, filepath.Dir(o.Path)), []string{filepath.Base(o.Path), filepath.Base(in.Built)})
			if bytesOf(t, o.Path) != before {
				t.Errorf("%s, damaged %v: it was changed", journal, damaged)
			}
		}
	}
}
