package archive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/library"
	"github.com/moviedb/moviedb/internal/store"
)

// Content that is missing or damaged is named, and there is no backup; what lies
// in the trash is found there.
func TestBadContent(t *testing.T) {
	o, keys := filled(t)
	dir := blob.Open(o.FilesDir)
	file := filepath.Join(t.TempDir(), "films.tar")
	want := func(parts ...string) {
		t.Helper()
		_, err := Backup(t.Context(), backupOptions(o, file))
		var bad *BadContentError
		if !errors.As(err, &bad) {
			t.Fatalf("got %v", err)
		}
		for _, part := range parts {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q lacks %q", err, part)
			}
		}
		same(t, "beside the archive", map[string]string{".": "drwxr-xr-x"}, tree(t, filepath.Dir(file)))
	}
	if err := os.WriteFile(dir.Path(keys[0]), []byte("One"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir.Path(keys[2]), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	want("2 files of the catalog cannot be read", "file 1 (file-0.txt): damaged: its content", "file 3 (file-2.txt): damaged", "moviedb check")
	if err := dir.Trash([]blob.Leftover{{Key: keys[1]}}, time.Now()); err != nil {
		t.Fatal(err)
	}
	want("2 files of the catalog cannot be read")
	for i, content := range []string{"one", "", strings.Repeat("three", 50_000)} {
		if i != 1 {
			os.WriteFile(dir.Path(keys[i]), []byte(content), 0o600)
		}
	}
	if _, err := Backup(t.Context(), backupOptions(o, file)); err != nil {
		t.Errorf("with content in the trash: %v", err)
	}
	os.Remove(file)
	lost, err := dir.Expired(time.Now(), 0)
	if err != nil || dir.Destroy(lost) != nil {
		t.Fatal(err)
	}
	want("1 file of the catalog cannot be read", "file 2 (file-1.txt): ", "no such file")
}

// Where a backup must not go it does not go.
func TestBackupTargets(t *testing.T) {
	o, _ := filled(t)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	link := func(target, name string) string {
		if err := os.Symlink(target, at(name)); err != nil {
			t.Skip(err)
		}
		return at(name)
	}
	os.WriteFile(at("there"), []byte("mine"), 0o600)
	if err := os.Link(o.Path, at("hard")); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)
	for _, tt := range []struct {
		file  string
		force bool
		is    error
		want  string
	}{
		{"", true, catalog.ErrInvalid, "names no file"},
		{dir, true, catalog.ErrInvalid, "is a directory"},
		{dir + "/", true, catalog.ErrInvalid, "names no file"},
		{at("nowhere/x.tar"), true, os.ErrNotExist, "the folder of"},
		{at("there"), false, catalog.ErrExists, "--force overwrites it"},
		{o.Path, true, catalog.ErrInvalid, "is the catalog itself"},
		{o.Path + "-wal", true, catalog.ErrInvalid, "is the catalog itself"},
		{at("hard"), true, catalog.ErrInvalid, "is the catalog itself"},
		{filepath.Join(o.FilesDir, "x.tar"), true, catalog.ErrInvalid, "in the directory of the pictures"},
		{link(o.FilesDir, "inside") + "/x.tar", true, catalog.ErrInvalid, "in the directory of the pictures"},
		{link(o.Path, "catalog"), true, catalog.ErrInvalid, "is the catalog itself"},
		{link(at("gone"), "dangling"), true, catalog.ErrInvalid, "symbolic link to a file that is not there"},
		{"/dev/zero", true, catalog.ErrInvalid, "no regular file"},
	} {
		b := backupOptions(o, tt.file)
		b.Force = tt.force
		if _, err := Backup(t.Context(), b); !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.file, err, tt.want)
		}
	}
	for _, name := range []string{"inside", "catalog", "dangling"} {
		os.Remove(at(name))
	}
	same(t, "the folder", before, tree(t, dir))
	through := link(at("there"), "through")
	b := backupOptions(o, through)
	b.Force = true
	if _, err := Backup(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(through); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is none any more: %v", err)
	}
	if info, err := os.Stat(at("there")); err != nil || info.Size() < 1000 {
		t.Errorf("not overwritten: %v", err)
	}
	if _, err := Backup(t.Context(), backupOptions(absent(t), at("none.tar"))); !errors.Is(err, store.ErrNoCatalog) {
		t.Errorf("no catalog: %v", err)
	}
}

// Whenever it is interrupted, or a file comes in its way, nothing is left, and
// the old archive is as it was.
func TestBackupInterrupted(t *testing.T) {
	o, _ := filled(t)
	for _, step := range []string{"snapshot", "written", "checked"} {
		file := filepath.Join(t.TempDir(), "films.tar.gz")
		b := backupOptions(o, file)
		ctx, cancel := context.WithCancel(t.Context())
		b.Step = func(name string) {
			if name != step {
				return
			}
			cancel()
			if step == "checked" {
				os.WriteFile(file, []byte("mine"), 0o600)
			}
		}
		_, err := Backup(ctx, b)
		want := map[string]string{".": "drwxr-xr-x"}
		if step == "checked" {
			want["films.tar.gz"] = "-rw------- mine"
			if !errors.Is(err, catalog.ErrExists) {
				t.Errorf("%s: %v", step, err)
			}
		} else if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", step, err)
		}
		same(t, step, want, tree(t, filepath.Dir(file)))
	}
}

// What does not read back is no backup.
func TestBackupIsReadBack(t *testing.T) {
	o, _ := filled(t)
	file := filepath.Join(t.TempDir(), "films.tar")
	b := backupOptions(o, file)
	b.Step = func(name string) {
		if name != "written" {
			return
		}
		temps, _ := filepath.Glob(file + tempMark + "*")
		for _, name := range temps {
			if !strings.HasSuffix(name, snapshotSuffix) {
				f, err := os.OpenFile(name, os.O_RDWR, 0)
				if err != nil {
					t.Error(err)
					continue
				}
				f.WriteAt([]byte{1}, 100_000) // a bad block
				f.Close()
			}
		}
	}
	if _, err := Backup(t.Context(), b); err == nil || !strings.Contains(err.Error(), "cannot be read back") {
		t.Errorf("got %v", err)
	}
	same(t, "beside the archive", map[string]string{".": "drwxr-xr-x"}, tree(t, filepath.Dir(file)))
}

// What killed backups and restorations left is removed by the next one; what
// living ones and others have there is not.
func TestSweepTemps(t *testing.T) {
	path := filepath.Join(t.TempDir(), "films.tar")
	living, err := newTemp(path)
	if err != nil {
		t.Fatal(err)
	}
	defer living.close()
	dead, err := newTemp(path)
	if err != nil {
		t.Fatal(err)
	}
	dead.f.Close()
	lone := path + tempMark + strings.Repeat("a", 26) + snapshotSuffix
	journal := lone + journalSuffix
	mine := path + tempMark + "mine"
	for _, name := range []string{living.snapshot(), dead.snapshot(), lone, journal, mine, path} {
		os.WriteFile(name, nil, 0o600)
	}
	sweepTemps(path)
	for name, want := range map[string]bool{living.path: true, living.snapshot(): true, mine: true, path: true,
		dead.path: false, dead.snapshot(): false, lone: false, journal: false} {
		if _, err := os.Stat(name); (err == nil) != want {
			t.Errorf("%s: %v", filepath.Base(name), err)
		}
	}
}

// While others add, delete and collect, and destroy at once, each backup is one
// moment of the catalog with all of its files.
func TestBackupWhileOthersDelete(t *testing.T) {
	o, _ := filled(t)
	ctx, stop := context.WithCancel(t.Context())
	var others sync.WaitGroup
	for w := range 2 {
		others.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				key := addFile(t, o, "x.txt", fmt.Sprintf("content %d of %d", i, w))
				update(t, o, func(ctx context.Context, tx *store.Tx) error {
					id, err := tx.FileByKey(ctx, key, "")
					if err != nil || id == 0 {
						return errors.Join(err, fmt.Errorf("file %s: %d", key, id))
					}
					return tx.DeleteFiles(ctx, []int64{id})
				})
			}
		})
	}
	others.Go(func() {
		for ctx.Err() == nil {
			update(t, o, func(ctx context.Context, tx *store.Tx) error {
				_, err := library.Collect(ctx, tx, blob.Open(o.FilesDir), 0)
				return err
			})
		}
	})
	for i := range 6 {
		path := filepath.Join(t.TempDir(), "films.tar")
		if _, err := Backup(t.Context(), backupOptions(o, path)); err != nil {
			t.Errorf("backup %d: %v", i, err)
			continue
		}
		archive, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		to := absent(t)
		if _, err := tryRestore(to, archive, false); err != nil {
			t.Errorf("restore %d: %v", i, err)
			continue
		}
		content(t, to)
	}
	stop()
	others.Wait()
}

// What is deleted and collected after the snapshot is in the backup all the
// same, and destroyed by the next collection.
func TestBackupKeepsWhatItNeeds(t *testing.T) {
	o, keys := filled(t)
	want := content(t, o)
	collect := func() (g library.Garbage) {
		t.Helper()
		update(t, o, func(ctx context.Context, tx *store.Tx) (err error) {
			g, err = library.Collect(ctx, tx, blob.Open(o.FilesDir), 0)
			return err
		})
		return g
	}
	b := backupOptions(o, filepath.Join(t.TempDir(), "films.tar"))
	b.Step = func(name string) {
		if name != "snapshot" {
			return
		}
		update(t, o, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteFiles(ctx, []int64{1, 2, 3}) })
		if g := collect(); len(g.Unused) != 3 || len(g.Expired) != 0 || !g.Held {
			t.Errorf("collected %+v", g)
		}
	}
	done, err := Backup(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := os.ReadFile(done.Path)
	if err != nil {
		t.Fatal(err)
	}
	to := absent(t)
	if _, err := tryRestore(to, archive, false); err != nil {
		t.Fatal(err)
	}
	if got := content(t, to); got != want {
		t.Errorf("restored\n%s\nwant\n%s", got, want)
	}
	if g := collect(); len(g.Expired) != 3 || g.Held {
		t.Errorf("then collected %+v", g)
	}
	if _, err := blob.Open(o.FilesDir).OpenKept(keys[0]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("still there: %v", err)
	}
}
