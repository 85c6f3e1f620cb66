package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/tempfile"
	"github.com/moviedb/moviedb/internal/testkit"
)

// TestCreationSweepsWhatKilledOnesLeft: a catalog that was being built a day
// ago is nobody's; a young one may be another process at work.
func TestCreationSweepsWhatKilledOnesLeft(t *testing.T) {
	o := testkit.Options(t)
	long := time.Now().Add(-25 * time.Hour)
	old, young, other := o.Path+".new-1", o.Path+".new-2", filepath.Join(filepath.Dir(o.Path), "other.db.new-1")
	for _, path := range []string{old, old + "-wal", young, other} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if path == young {
			continue
		}
		if err := os.Chtimes(path, long, long); err != nil {
			t.Fatal(err)
		}
	}
	update(t, o, nil)
	for path, stays := range map[string]bool{old: false, old + "-wal": false, young: true, other: true} {
		if _, err := os.Stat(path); (err == nil) != stays {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
	}
}

// TestCollectionSweepsWhatKilledOnesLeft: once there is a catalog nobody creates
// it again, so a collection sweeps; at once, for what is built is locked.
func TestCollectionSweepsWhatKilledOnesLeft(t *testing.T) {
	o := testkit.Options(t)
	update(t, o, nil)
	name := strings.Repeat("a", 26)
	dead := []string{o.Path + ".new-" + name, o.Path + ".tmp-" + name}
	if err := os.Mkdir(dead[0], 0o700); err != nil {
		t.Fatal(err)
	}
	alive, err := tempfile.NewDir(o.Path + ".new-")
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Close()
	if tempfile.Lock(alive) == tempfile.Unlockable {
		t.Skip("no locks here")
	}
	for _, path := range []string{filepath.Join(dead[0], "moviedb.db"), dead[1], filepath.Join(alive.Name(), "moviedb.db")} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	update(t, o, func(tx *store.Tx) error { tx.Sweep(); return nil })
	for _, path := range dead {
		if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s stays: %v", filepath.Base(path), err)
		}
	}
	if _, err := os.Lstat(filepath.Join(alive.Name(), "moviedb.db")); err != nil {
		t.Errorf("a living one was taken: %v", err)
	}
}

// TestDryRunSweepsWhatKilledOnesLeft in the folder for temporary files: what a
// living one has there, and what others called alike, stays.
func TestDryRunSweepsWhatKilledOnesLeft(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	alive, remove, err := store.ScratchDir()
	if err != nil || filepath.Dir(alive) != tmp {
		t.Fatalf("%s: %v", alive, err)
	}
	defer remove()
	dead, err := tempfile.NewDir(filepath.Join(tmp, "moviedb-dry-run-"))
	if err != nil {
		t.Fatal(err)
	}
	if tempfile.Lock(dead) == tempfile.Unlockable {
		t.Skip("no locks here")
	}
	dead.Close()
	other := filepath.Join(tmp, "moviedb-dry-run-of-mine")
	for _, path := range []string{filepath.Join(alive, "scratch.db"), filepath.Join(dead.Name(), "scratch.db"), other} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dry := func(tx *store.Tx) error {
		if left, err := filepath.Glob(filepath.Join(tmp, "*")); err != nil || len(left) != 3 {
			t.Errorf("meanwhile: %q, %v", left, err)
		}
		return nil
	}
	if err := store.DryRun(t.Context(), testkit.Options(t), dry); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(tmp, "*")); err != nil || len(left) != 2 {
		t.Errorf("in the end: %q, %v", left, err)
	}
	if _, err := os.Lstat(filepath.Join(alive, "scratch.db")); err != nil {
		t.Errorf("a living one was taken: %v", err)
	}
	remove()
	if _, err := os.Lstat(alive); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it stays: %v", err)
	}
}

// TestCreationInABlankFileThatIsLocked by another process, whose journal is no
// left-over one.
func TestCreationInABlankFileThatIsLocked(t *testing.T) {
	for _, how := range []string{"BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "BEGIN IMMEDIATE; CREATE TABLE other (x)"} {
		for what, create := range map[string]func(store.Options) error{
			"write": func(o store.Options) error {
				return store.Update(t.Context(), o, func(*store.Tx) error { return nil })
			},
			"install": func(o store.Options) error {
				_, err := store.Install(t.Context(), o, store.Installation{Built: built(t, o, "Moon")})
				os.Remove(o.Path + ".built")
				return err
			},
		} {
			o := testkit.Options(t)
			if err := os.WriteFile(o.Path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			other := hand(t, o.Path)
			mustExec(t, other, how)
			o.BusyTimeout = 30 * time.Millisecond
			if err := create(o); !errors.Is(err, catalog.ErrBusy) || !strings.Contains(err.Error(), o.Path+" (waited 30ms)") {
				t.Errorf("%s, %s: %v", how, what, err)
			}
			o.BusyTimeout = time.Minute
			done := make(chan error)
			go func() { done <- create(o) }()
			mustExec(t, other, "ROLLBACK")
			if err := <-done; err != nil {
				t.Errorf("%s, %s, let go of: %v", how, what, err)
			}
			other.Close()
			if there, err := store.Exists(o.Path); err != nil || !there {
				t.Errorf("%s, %s: %v, %v", how, what, there, err)
			}
		}
	}
}

// TestMessagesNameTheCatalogAndNotWhereItIsBuilt in its first transaction.
func TestMessagesNameTheCatalogAndNotWhereItIsBuilt(t *testing.T) {
	o := testkit.Options(t)
	err := store.Update(t.Context(), o, func(tx *store.Tx) error {
		_, err := tx.SQL().ExecContext(t.Context(), `SELECT * FROM nowhere`)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), o.Path+": ") || strings.Contains(err.Error(), ".new-") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(o.Path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a catalog was left: %v", err)
	}
}
