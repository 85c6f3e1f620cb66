package exchange

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/library"
	"github.com/moviedb/moviedb/internal/store"
)

// pictured makes a catalog of files with content, and returns their keys.
func pictured(t *testing.T, contents ...string) (o store.Options, keys []string) {
	t.Helper()
	o = absent(t)
	dir := blob.Open(o.FilesDir)
	update(t, o, func(ctx context.Context, tx *store.Tx) error {
		for _, c := range contents {
			s, err := dir.Stage(ctx, bytes.NewReader([]byte(c)), blob.Limits{}, false)
			if err != nil {
				return err
			}
			if _, _, err := library.Keep(ctx, tx, library.Incoming{Staged: s, Name: c + ".txt"}); err != nil {
				return err
			}
			keys = append(keys, s.Key)
		}
		return nil
	})
	return o, keys
}

// tree is what lies below a directory, by path, but for the marks of catalogs;
// modes are checked.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if want := map[bool]fs.FileMode{true: 0o700, false: 0o600}[e.IsDir()]; info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		if e.IsDir() || filepath.Base(filepath.Dir(path)) == "owners" {
			return nil
		}
		content, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		found[filepath.ToSlash(rel)] = string(content)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return found
}

// TestPicturesGoAlong out of one catalog, into another, and are copied once.
func TestPicturesGoAlong(t *testing.T) {
	o, keys := pictured(t, "one", "two", "three")
	away := filepath.Join(t.TempDir(), "deep", "away")
	text, done, err := tryExport(t, o, ExportOptions{Copy: blob.Open(away)})
	if err != nil || done.Copied != 3 || done.Already != 0 || done.NumBad != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	want := map[string]string{keys[0]: "one", keys[1]: "two", keys[2]: "three"}
	if got := tree(t, away); !maps.Equal(got, want) {
		t.Errorf("exported %v", got)
	}
	if _, done, err = tryExport(t, o, ExportOptions{Copy: blob.Open(away)}); err != nil || done.Already != 3 || done.Copied != 0 {
		t.Errorf("a second time: %+v, %v", done, err)
	}

	target := absent(t)
	opts := ImportOptions{Store: target, Pictures: blob.Open(target.FilesDir), From: blob.Open(away), DryRun: true}
	in, err := Import(t.Context(), opts, stream(text))
	if err != nil || in.Copied != 3 {
		t.Errorf("dry: %+v, %v", in, err)
	}
	if _, err := os.Stat(filepath.Dir(target.Path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a dry run left something: %v", err)
	}
	opts.DryRun = false
	if in, err = Import(t.Context(), opts, stream(text)); err != nil || in.Copied != 3 || in.Missing != 0 {
		t.Errorf("%+v, %v", in, err)
	}
	if got := tree(t, target.FilesDir); !maps.Equal(got, want) {
		t.Errorf("imported %v", got)
	}
	if again := export(t, target); again != text {
		t.Error("not the same bytes")
	}
}

// TestPicturesThatAreGoneOrDamaged do not end an export; they are named, and
// nothing is put in their place. An import with them is refused.
func TestPicturesThatAreGoneOrDamaged(t *testing.T) {
	o, keys := pictured(t, "one", "two", "three", "four")
	dir, away := blob.Open(o.FilesDir), filepath.Join(t.TempDir(), "away")
	for _, err := range []error{
		os.Remove(dir.Path(keys[0])), os.WriteFile(dir.Path(keys[1]), []byte("twisted"), 0o600),
		os.MkdirAll(filepath.Join(away, keys[2][:2]), 0o700), os.WriteFile(filepath.Join(away, keys[2]), []byte("mine"), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	text, done, err := tryExport(t, o, ExportOptions{Copy: blob.Open(away)})
	if err != nil || done.Copied != 1 || done.NumBad != 3 || len(done.Bad) != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	for i, want := range []string{keys[0] + ": ", keys[1] + ": damaged", "what is there already: " + keys[2] + ": damaged"} {
		if !strings.Contains(done.Bad[i], want) {
			t.Errorf("%q lacks %q", done.Bad[i], want)
		}
	}
	if got, want := tree(t, away), map[string]string{keys[2]: "mine", keys[3]: "four"}; !maps.Equal(got, want) {
		t.Errorf("exported %v", got)
	}
	for _, dry := range []bool{true, false} {
		target := absent(t)
		_, err := Import(t.Context(), ImportOptions{Store: target, Pictures: blob.Open(target.FilesDir), From: blob.Open(away), DryRun: dry}, stream(text))
		if err == nil || !strings.Contains(err.Error(), "the picture "+keys[0]+" is not in the directory") {
			t.Errorf("%v", err)
		}
		if _, err := os.Stat(target.Path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a refused import left a catalog: %v", err)
		}
	}
	if err := errors.Join(os.MkdirAll(filepath.Join(away, keys[0][:2]), 0o700), os.WriteFile(filepath.Join(away, keys[0]), []byte("other"), 0o600)); err != nil {
		t.Fatal(err)
	}
	target := absent(t)
	_, err = Import(t.Context(), ImportOptions{Store: target, Pictures: blob.Open(target.FilesDir), From: blob.Open(away)}, stream(text))
	if !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("%v", err)
	}
	if got := slices.Collect(maps.Keys(tree(t, target.FilesDir))); len(got) != 0 {
		t.Errorf("a damaged picture came in: %q", got)
	}
}
