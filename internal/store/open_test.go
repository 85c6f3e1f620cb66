package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// everyWay asks whether there is a catalog, runs a read, a write and a dry run,
// and returns their errors by name.
func everyWay(ctx context.Context, o store.Options) map[string]error {
	nothing := func(*store.Tx) error { return nil }
	_, exists := store.Exists(o.Path)
	return map[string]error{"question": exists, "read": lookAt(ctx, o), "dry run": store.DryRun(ctx, o, nothing), "write": store.Update(ctx, o, nothing)}
}

// lookAt runs a read that asks nothing.
func lookAt(ctx context.Context, o store.Options) error {
	s, err := store.Open(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(s.View(ctx, func(*store.Tx) error { return nil }), s.Close())
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestWhatIsNoCatalogIsRefusedAndLeftAlone: with a sentence, not a byte changed
// and nothing new beside it.
func TestWhatIsNoCatalogIsRefusedAndLeftAlone(t *testing.T) {
	database := func(statements string) func(*testing.T, store.Options) {
		return func(t *testing.T, o store.Options) {
			db := hand(t, o.Path)
			mustExec(t, db, statements)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, tc := range map[string]struct {
		make func(*testing.T, store.Options)
		says string
	}{
		"short text":   {func(t *testing.T, o store.Options) { write(t, o.Path, "Title,Year\n") }, "is not an SQLite database; nothing was changed"},
		"long text":    {func(t *testing.T, o store.Options) { write(t, o.Path, strings.Repeat("Title,Year\n", 1000)) }, "is not an SQLite database; nothing was changed"},
		"cut header":   {func(t *testing.T, o store.Options) { write(t, o.Path, "SQLite format 3\x00") }, "is not an SQLite database; nothing was changed"},
		"one byte":     {func(t *testing.T, o store.Options) { write(t, o.Path, "\x00") }, "is not an SQLite database; nothing was changed"},
		"other tables": {database(`CREATE TABLE movies (id INTEGER PRIMARY KEY, title TEXT)`), "the SQLite database of another program; nothing was changed"},
		"other wal":    {database(`PRAGMA journal_mode = wal; CREATE TABLE t (x)`), "the SQLite database of another program; nothing was changed"},
		"other id":     {database(`PRAGMA application_id = 1; CREATE TABLE t (x)`), "the SQLite database of another program; nothing was changed"},
		"newer": {func(t *testing.T, o store.Options) {
			update(t, o, nil)
			database(sprint(`PRAGMA user_version = %d`, store.SchemaVersion+1))(t, o)
		}, "was written by a newer moviedb (schema version 3, this one knows 2); nothing was changed, please upgrade"},
		"version 0": {func(t *testing.T, o store.Options) {
			update(t, o, nil)
			database(`PRAGMA user_version = 0`)(t, o)
		}, "which no release of moviedb ever wrote; nothing was changed"},
	} {
		t.Run(name, func(t *testing.T) {
			o := testkit.Options(t)
			tc.make(t, o)
			before, beside := bytesOf(t, o.Path), ls(t, filepath.Dir(o.Path))
			o.Journal, o.FilesDir = "wal", o.Path+".files"
			for how, err := range everyWay(t.Context(), o) {
				if err == nil || !strings.Contains(err.Error(), tc.says) || !strings.Contains(err.Error(), o.Path) || errors.Is(err, store.ErrNoCatalog) {
					t.Errorf("%s: %v", how, err)
				}
			}
			if bytesOf(t, o.Path) != before {
				t.Error("the file was changed")
			}
			same(t, "the folder", ls(t, filepath.Dir(o.Path)), beside)
		})
	}
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		make func(*testing.T, string)
		says string
	}{
		"directory": {func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "is a directory, not a catalog"},
		"FIFO": {func(t *testing.T, path string) { // opening it would wait for a writer
			if err := syscall.Mkfifo(path, 0o600); err != nil {
				t.Skip(err)
			}
		}, "is not a regular file"},
		"link to a device": {func(t *testing.T, path string) { link(t, os.DevNull, path) }, "is not a regular file"},
		"link to nothing":  {func(t *testing.T, path string) { link(t, "gone.db", path) }, "is a symbolic link to a file that is not there"},
		"below a file":     {func(t *testing.T, path string) { write(t, filepath.Dir(path), "") }, "not a directory"},
	} {
		t.Run(name, func(t *testing.T) {
			o := testkit.Options(t)
			top := filepath.Dir(o.Path)
			o.Path = filepath.Join(top, "sub", "moviedb.db")
			if name != "below a file" {
				if err := os.Mkdir(filepath.Dir(o.Path), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			tc.make(t, o.Path)
			beside := ls(t, top)
			calls := 0
			for how, err := range map[string]error{
				"write": store.Update(t.Context(), o, func(*store.Tx) error {
					if calls++; calls > 3 {
						return errors.New("no end of it")
					}
					return nil
				}),
				"read": lookAt(t.Context(), o),
			} {
				if err == nil || !strings.Contains(err.Error(), tc.says) {
					t.Errorf("%s: %v", how, err)
				}
			}
			same(t, "the folder", ls(t, top), beside)
		})
	}
}

func link(t *testing.T, to, path string) {
	t.Helper()
	if err := os.Symlink(to, path); err != nil {
		t.Skip(err)
	}
}

func TestNoCatalogYet(t *testing.T) {
	for _, name := range []string{"absent", "blank", "no folder"} {
		t.Run(name, func(t *testing.T) {
			o := testkit.Options(t)
			top := filepath.Dir(o.Path)
			switch name {
			case "blank":
				write(t, o.Path, "")
			case "no folder":
				o.Path = filepath.Join(top, "a", "b", "moviedb.db")
			}
			o.FilesDir = o.Path + ".files"
			t.Setenv("TMPDIR", t.TempDir())
			before := ls(t, top)
			unchanged := func(what string) {
				t.Helper()
				same(t, what, ls(t, top), before)
				same(t, what+": the folder for temporary files", ls(t, os.TempDir()), nil)
				if name == "blank" && bytesOf(t, o.Path) != "" {
					t.Errorf("%s: the file is no longer blank", what)
				}
			}
			_, err := store.Open(t.Context(), o)
			if !errors.Is(err, store.ErrNoCatalog) || !errors.Is(err, catalog.ErrNotFound) {
				t.Errorf("a read says %v", err)
			}
			unchanged("read")
			if yes, err := store.Exists(o.Path); yes || err != nil {
				t.Errorf("there is a catalog: %v, %v", yes, err)
			}

			addOne := func(tx *store.Tx) error {
				if err := tx.InsertMovies(t.Context(), []catalog.Movie{{Title: "Solaris"}}); err != nil {
					return err
				}
				if err := tx.Refresh(t.Context()); err != nil {
					return err
				}
				f, err := resolve(t, tx, "movie", "solaris")
				if err != nil || f.ID != 1 {
					t.Errorf("the new film is %+v, %v", f, err)
				}
				return err
			}
			dry(t, o, addOne)
			unchanged("dry run")
			no := errors.New("no")
			for what, run := range map[string]func(context.Context, store.Options, func(*store.Tx) error) error{"write": store.Update, "dry run": store.DryRun} {
				if err := run(t.Context(), o, func(tx *store.Tx) error { return errors.Join(addOne(tx), no) }); !errors.Is(err, no) {
					t.Errorf("%s that fails: %v", what, err)
				}
				unchanged(what + " that fails")
			}
			ctx, cancel := context.WithCancel(t.Context())
			err = store.Update(ctx, o, func(tx *store.Tx) error { err := addOne(tx); cancel(); return err })
			if !errors.Is(err, context.Canceled) {
				t.Errorf("a write that is interrupted: %v", err)
			}
			unchanged("write that is interrupted")

			update(t, o, addOne)
			view(t, o, func(tx *store.Tx) error { _, err := resolve(t, tx, "movie", "solaris"); return err })
			if yes, err := store.Exists(o.Path); !yes || err != nil {
				t.Errorf("there is a catalog: %v, %v", yes, err)
			}
			same(t, "after the first write", ls(t, filepath.Dir(o.Path)), []string{"moviedb.db", "moviedb.db.files"})
		})
	}
}

// TestAFirstWriteThatFailsLate: not the work fails but its publication, because
// there is no place for pictures, or because somebody removed what was built.
func TestAFirstWriteThatFailsLate(t *testing.T) {
	for _, blank := range []bool{false, true} {
		for _, blocked := range []bool{false, true} {
			o := testkit.Options(t)
			top := filepath.Dir(o.Path)
			o.FilesDir = filepath.Join(top, "new", "pictures")
			if blocked {
				o.FilesDir = filepath.Join(top, "pictures")
				write(t, o.FilesDir, "a file, not a folder")
			}
			if blank {
				write(t, o.Path, "")
			}
			before := ls(t, top)
			err := store.Update(t.Context(), o, func(*store.Tx) error {
				for _, name := range ls(t, top) {
					if strings.Contains(name, ".new-") && !blocked {
						return os.Remove(filepath.Join(top, name))
					}
				}
				return nil
			})
			if err == nil {
				t.Error("no error")
			}
			same(t, sprint("blank %v, no place for pictures %v", blank, blocked), ls(t, top), before)
			if blank && bytesOf(t, o.Path) != "" {
				t.Error("the blank file is a catalog")
			}
		}
	}
}

func TestPermissions(t *testing.T) {
	for _, mask := range []int{0, 0o022, 0o077} {
		old := syscall.Umask(mask)
		o := testkit.Options(t)
		top := filepath.Dir(o.Path)
		o.Path = filepath.Join(top, "a", "b", "moviedb.db")
		o.FilesDir = o.Path + ".files"
		update(t, o, nil)
		db := hand(t, o.Path)
		mustExec(t, db, `INSERT INTO genres (name) VALUES ('x')`) // -wal and -shm stand there as long as somebody looks
		syscall.Umask(old)
		for name, want := range map[string]os.FileMode{
			"a": 0o700, "a/b": 0o700, "a/b/moviedb.db": 0o600, "a/b/moviedb.db.files": 0o700, "a/b/moviedb.db-wal": 0o600, "a/b/moviedb.db-shm": 0o600,
		} {
			info, err := os.Stat(filepath.Join(top, name))
			if err != nil {
				t.Errorf("umask %o: %v", mask, err)
			} else if got := info.Mode().Perm(); got != want {
				t.Errorf("umask %o: %s has mode %o, want %o", mask, name, got, want)
			}
		}
	}
}

func TestJournal(t *testing.T) {
	o := testkit.Options(t)
	mode := func() string {
		db := hand(t, o.Path)
		defer db.Close()
		return value(t, db, `PRAGMA journal_mode`)
	}
	for _, tc := range []struct{ set, want string }{{"", "wal"}, {"delete", "delete"}, {"", "delete"}, {"wal", "wal"}, {"", "wal"}} {
		o.Journal = tc.set
		update(t, o, nil)
		if got := mode(); got != tc.want {
			t.Errorf("journal = %q leaves %s, want %s", tc.set, got, tc.want)
		}
	}
	o = testkit.Options(t)
	o.Journal = "delete"
	update(t, o, nil)
	if got := mode(); got != "delete" {
		t.Errorf("made with %s, want delete", got)
	}
}

func TestAnyPathWillDo(t *testing.T) {
	dir, base := t.TempDir(), testkit.Options(t)
	t.Chdir(dir)
	for _, name := range []string{
		"with space.db", "what?.db", "a#b.db", "100%.db", "%41.db", "é.db", "e\u0301.db", "a&mode=memory;d+e.db", "file:x.db", ":memory:",
		`a'b"c.db`, `back\slash.db`, "new\nline.db", "\xff.db", "?",
	} {
		for _, path := range []string{name, "/" + filepath.Join(dir, "abs", name), filepath.Join(dir, "deep "+name, name)} {
			o := base
			o.Path, o.FilesDir = path, path+".files"
			update(t, o, func(tx *store.Tx) error {
				return tx.InsertMovies(t.Context(), []catalog.Movie{{Title: "Solaris"}})
			})
			update(t, o, nil)
			view(t, o, func(tx *store.Tx) error { _, err := resolve(t, tx, "movie", "solaris"); return err })
			if info, err := os.Stat(path); err != nil || info.Size() == 0 {
				t.Errorf("%q: %v", path, err)
			}
		}
	}
}

func TestALinkToACatalogStaysALink(t *testing.T) {
	for _, blank := range []bool{false, true} {
		o := testkit.Options(t)
		there := filepath.Join(t.TempDir(), "there.db")
		if blank {
			write(t, there, "")
		} else {
			o := o
			o.Path = there
			update(t, o, nil)
		}
		link(t, there, o.Path)
		update(t, o, func(tx *store.Tx) error {
			return tx.InsertGenres(t.Context(), []catalog.Genre{{Name: "Drama"}})
		})
		if info, err := os.Lstat(o.Path); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("blank %v: the link was replaced", blank)
		}
		o.Path = there
		view(t, o, func(tx *store.Tx) error {
			if n, err := tx.CountGenres(t.Context(), catalog.GenreFilter{}); err != nil || n != 1 {
				t.Errorf("blank %v: %d genres, %v", blank, n, err)
			}
			return nil
		})
	}
}
