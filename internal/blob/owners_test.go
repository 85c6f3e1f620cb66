package blob

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Who keeps content in a directory is known there; one who is alone may collect.
func TestOwners(t *testing.T) {
	dir := Open(filepath.Join(t.TempDir(), "files"))
	a, b := strings.Repeat("a", 32), strings.Repeat("b", 32)
	if err := errors.Join(dir.Join(a), dir.Alone(a)); err != nil {
		t.Errorf("a directory that is not there: %v", err)
	}
	if _, err := os.Stat(dir.path); !errors.Is(err, os.ErrNotExist) {
		t.Fatal("it was made")
	}
	if err := os.Mkdir(dir.path, 0o700); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := errors.Join(dir.Join(""), dir.Alone(a), dir.Join(a), dir.Alone(a)); err != nil {
			t.Fatal(err)
		}
	}
	for _, other := range []string{b, ""} {
		err := dir.Alone(other)
		if !errors.Is(err, ErrShared) || !errors.Is(err, catalog.ErrInUse) || !strings.Contains(err.Error(), "owners/"+a) || !strings.Contains(err.Error(), dir.path) {
			t.Errorf("%q: %v", other, err)
		}
	}
	if err := dir.Join(b); err != nil {
		t.Fatal(err)
	}
	if err := dir.Alone(a); !errors.Is(err, ErrShared) {
		t.Errorf("both: %v", err)
	}
	for name, mode := range map[string]os.FileMode{"owners": os.ModeDir | 0o700, "owners/" + a: 0o600} {
		if info, err := os.Stat(filepath.Join(dir.path, name)); err != nil || info.Mode() != mode {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	found, err := dir.Unreferenced(t.Context(), func(string) (bool, error) { return false, nil })
	if err != nil || len(found) > 0 {
		t.Errorf("marks are taken for garbage: %v, %v", found, err)
	}
	if err := errors.Join(dir.Pass(b, a), dir.Alone(a), dir.Pass("", a), dir.Pass(b, a), dir.Alone(a)); err != nil {
		t.Errorf("b is replaced by a: %v", err)
	}
	// What is no mark names no file.
	key := put(t, dir, []byte("wanted"))
	if err := dir.Join("../" + key[:2] + "/new"); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("a path: %v", err)
	}
	if err := errors.Join(dir.Pass("../"+key, a), dir.Alone(a), dir.Verify(key)); err != nil {
		t.Error(err)
	}
	// A link out of the directory is not followed.
	if err := errors.Join(os.RemoveAll(filepath.Join(dir.path, "owners")), os.Symlink(t.TempDir(), filepath.Join(dir.path, "owners"))); err != nil {
		t.Fatal(err)
	}
	if err := dir.Join(a); err == nil {
		t.Error("a link in the place of the folder was followed")
	}
}
