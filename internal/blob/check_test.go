package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
)

// exposed lists what others can reach, with the mode.
func exposed(t *testing.T, d *Dir) []string {
	t.Helper()
	found := []string{}
	for e, err := range d.Exposed(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, fmt.Sprintf("%s %o", e.Name, e.Mode))
	}
	return found
}

func TestExposedIsWhatOthersReach(t *testing.T) {
	d := newDir(t)
	if got := exposed(t, d); len(got) > 0 {
		t.Errorf("of no directory: %q", got)
	}
	key, gone := put(t, d, []byte("one")), put(t, d, []byte("two"))
	if err := d.Trash([]Leftover{{Key: gone}}, day(1)); err != nil {
		t.Fatal(err)
	}
	write(t, "not ours", d.path, "note.txt")
	write(t, "not ours", d.path, "folder", "note.txt")
	if got := exposed(t, d); len(got) > 0 {
		t.Errorf("as it was made: %q", got)
	}
	trashed := "trash/" + day(1).UTC().Format(trashLayout) + "/" + gone
	for _, name := range []string{".", "note.txt", "folder", "folder/note.txt", key, filepath.Dir(key), trashed} {
		if err := os.Chmod(filepath.Join(d.path, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{". 755", filepath.Dir(key) + " 755", key + " 755", trashed + " 755"}
	got := exposed(t, d)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for e, err := range d.Exposed(t.Context()) {
		if err != nil || d.Restrict(e) != nil {
			t.Fatal(err)
		}
	}
	if got := exposed(t, d); len(got) > 0 {
		t.Errorf("restricted: %q", got)
	}
	if info, err := os.Stat(filepath.Join(d.path, "note.txt")); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("a file that is not ours: %v, %v", info, err)
	}
	if err := d.Restrict(Exposed{Name: "../x"}); err == nil {
		t.Error("restricted a file outside")
	}
}

func TestPresentLooksForContent(t *testing.T) {
	d := newDir(t)
	key, none := put(t, d, []byte("one")), put(t, d, nil)
	for _, k := range []string{key, none} {
		if err := d.Present(k); err != nil {
			t.Errorf("%s: %v", k, err)
		}
	}
	if err := os.Truncate(d.Path(key), 0); err != nil {
		t.Fatal(err)
	}
	if err := d.Present(key); !errors.Is(err, ErrDamaged) {
		t.Errorf("empty: %v", err)
	}
	if err := os.Remove(d.Path(key)); err != nil {
		t.Fatal(err)
	}
	if err := d.Present(key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("gone: %v", err)
	}
}

func TestRemoveTempLeavesTheLivingAlone(t *testing.T) {
	d := newDir(t)
	living := stage(t, d, []byte("on its way"))
	const name = tempPrefix + "abcdefghijklmnopqrst"
	path := write(t, "left over", d.path, name)
	long := time.Now().Add(-2 * ageOfTheDead) // where no lock can tell
	if err := os.Chtimes(path, long, long); err != nil {
		t.Fatal(err)
	}
	found, err := d.Unreferenced(t.Context(), nothing)
	if err != nil || len(found) != 1 || found[0].Key != name {
		t.Fatalf("found %v, %v", found, err)
	}
	for _, e := range files(t, d.path) {
		if err := d.RemoveTemp(Leftover{Key: e}); err != nil {
			t.Errorf("%s: %v", e, err)
		}
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
	if err := living.Commit(); err != nil {
		t.Errorf("the living one: %v", err)
	}
	for _, name := range []string{living.Key, "../" + name, "x/" + name, ""} {
		if err := d.RemoveTemp(Leftover{Key: name}); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
