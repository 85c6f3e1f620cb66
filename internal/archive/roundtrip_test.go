package archive

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// What is restored is what was backed up: every row, hashes of passwords and
// counters included, and every file, readable by its owner alone.
func TestRoundTrip(t *testing.T) {
	from, _ := filled(t)
	want := content(t, from)
	for _, name := range []string{"films.tar", "films.tar.gz", "films.TGZ", "films"} {
		t.Run(name, func(t *testing.T) {
			path := backUp(t, from, name)
			archive, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if zipped := bytes.HasPrefix(archive, []byte("\x1f\x8b")); zipped != isZipped(name) {
				t.Errorf("zipped: %v", zipped)
			}
			if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
				t.Errorf("%v, %v", info.Mode(), err)
			}
			to := absent(t)
			done, err := tryRestore(to, archive, false)
			if err != nil || done.Replaced || done.Path != to.Path || done.Files.Count != 3 {
				t.Fatalf("%+v, %v", done, err)
			}
			if got := content(t, to); got != want {
				t.Errorf("restored\n%s\nwant\n%s", got, want)
			}
			for name, what := range tree(t, filepath.Dir(to.Path)) {
				if mode := what[:10]; mode != "-rw-------" && mode != "drwx------" || strings.Contains(name, tempMark) || strings.Contains(name, ".restore-") {
					t.Errorf("%s has mode %s", name, mode)
				}
			}
			update(t, to, func(ctx context.Context, tx *store.Tx) error { // it is a catalog like any other
				return tx.InsertMovies(ctx, []catalog.Movie{{Title: "Stalker"}})
			})
		})
	}
}

// tar extracts an archive, and finds what the manifest says.
func TestTarExtracts(t *testing.T) {
	if _, err := exec.LookPath("tar"); err != nil {
		t.Skip(err)
	}
	o, keys := filled(t)
	for _, name := range []string{"films.tar", "films.tar.gz"} {
		dir := t.TempDir()
		if out, err := exec.Command("tar", "-C", dir, "-x", "-f", backUp(t, o, name)).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		for _, key := range keys {
			if err := blob.Open(filepath.Join(dir, "files")).Verify(key); err != nil {
				t.Error(err)
			}
		}
		if db := hand(t, filepath.Join(dir, databaseName)); db.Ping() != nil {
			t.Error("the database cannot be opened")
		}
	}
}

// An archive of tar itself, of the same members, is as good, whatever zeros it
// ends in.
func TestRepackedArchive(t *testing.T) {
	o, _ := filled(t)
	archive, err := os.ReadFile(backUp(t, o, "films.tar"))
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	w.Write(append(pack(t, unpack(t, archive)), make([]byte, 10240)...))
	w.Close()
	to := absent(t)
	if _, err := tryRestore(to, zipped.Bytes(), false); err != nil {
		t.Fatal(err)
	}
	if content(t, to) != content(t, o) {
		t.Error("another catalog")
	}
}

// A catalog in the place is replaced only by force; then what it had is gone but
// for its content, which is collected like any that no row stands for.
func TestRestoreOverACatalog(t *testing.T) {
	from, _ := filled(t)
	archive, err := os.ReadFile(backUp(t, from, "films.tar"))
	if err != nil {
		t.Fatal(err)
	}
	to := absent(t)
	old := addFile(t, to, "old.txt", "old")
	addFile(t, to, "both.txt", "one")
	damaged := addFile(t, to, "damaged.txt", "two, which is longer")
	if err := os.WriteFile(blob.Open(to.FilesDir).Path(damaged), []byte("two, which is Longer"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := tree(t, filepath.Dir(to.Path))
	if _, err := tryRestore(to, archive, false); !errors.Is(err, catalog.ErrExists) {
		t.Fatalf("without force: %v", err)
	}
	same(t, "without force", before, tree(t, filepath.Dir(to.Path)))
	done, err := tryRestore(to, archive, true)
	if err != nil || !done.Replaced {
		t.Fatalf("%+v, %v", done, err)
	}
	if got, want := content(t, to), content(t, from); got != want {
		t.Errorf("restored\n%s\nwant\n%s", got, want)
	}
	if err := blob.Open(to.FilesDir).Verify(old); err != nil {
		t.Errorf("content of the old catalog: %v", err)
	}
	for name := range tree(t, filepath.Dir(to.Path)) {
		if strings.Contains(name, ".replaced-") || strings.Contains(name, tempMark) || strings.Contains(name, ".restore-") {
			t.Errorf("left behind: %s", name)
		}
	}
}

// A dry run says what would be, and changes nothing.
func TestDryRun(t *testing.T) {
	from, _ := filled(t)
	archive, err := os.ReadFile(backUp(t, from, "films.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	to := absent(t)
	dry := RestoreOptions{Store: to, Pictures: blob.Open(to.FilesDir), Archive: bytes.NewReader(archive), Name: "films.tar.gz", DryRun: true}
	done, err := Restore(t.Context(), dry)
	if err != nil || done.Replaced || done.Files.Count != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := os.Stat(filepath.Dir(to.Path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a dry run left something: %v", err)
	}
	dry.Archive = io.LimitReader(bytes.NewReader(archive), int64(len(archive)/2))
	var bad *BadArchiveError
	if _, err := Restore(t.Context(), dry); !errors.As(err, &bad) {
		t.Errorf("half of it: %v", err)
	}
}

// References to nothing, as a hand edit leaves them, keep nobody from having a
// backup; but no archive comes back with others than it had.
func TestDanglingReferences(t *testing.T) {
	o, _ := filled(t)
	byHand(t, o.Path, `UPDATE movies SET director_id = 77 WHERE id = 1`)
	archive, err := os.ReadFile(backUp(t, o, "films.tar"))
	if err != nil {
		t.Fatal(err)
	}
	done, err := tryRestore(absent(t), archive, false)
	if err != nil || done.Dangling != 1 {
		t.Errorf("%+v, %v", done, err)
	}
}

// Pictures may lie on another file system than the catalog.
func TestRestoreAcrossFileSystems(t *testing.T) {
	shm, err := os.MkdirTemp("/dev/shm", "moviedb-test-")
	if err != nil {
		t.Skip(err)
	}
	defer os.RemoveAll(shm)
	from, _ := filled(t)
	archive, err := os.ReadFile(backUp(t, from, "films.tar"))
	if err != nil {
		t.Fatal(err)
	}
	to := absent(t)
	to.FilesDir = filepath.Join(shm, "pictures")
	if one, known := sameVolume(filepath.Dir(filepath.Dir(to.Path)), shm); one || !known {
		t.Skip("it is one file system")
	}
	for _, force := range []bool{false, true} {
		if _, err := tryRestore(to, archive, force); err != nil {
			t.Fatal(err)
		}
		if content(t, to) != content(t, from) {
			t.Error("another catalog")
		}
	}
}

// What has no room is refused before anything is written.
func TestNoRoom(t *testing.T) {
	o := RestoreOptions{Store: absent(t)}
	o.Store.Path = filepath.Join(t.TempDir(), "moviedb.db")
	if _, known := freeSpace(filepath.Dir(o.Store.Path)); !known {
		t.Skip("how much is free is not known here")
	}
	if err := o.roomFor(Manifest{Database: Database{Size: 1 << 20}}); err != nil {
		t.Error(err)
	}
	if err := o.roomFor(Manifest{Database: Database{Size: 1 << 59}}); err == nil || !strings.Contains(err.Error(), "no room in ") {
		t.Errorf("512 PiB: %v", err)
	}
}
