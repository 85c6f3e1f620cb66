package blob

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCopyTo: content gets under its key in another directory, once, and what
// is wrong with it leaves nothing there.
func TestCopyTo(t *testing.T) {
	from, to := newDir(t), newDir(t)
	key := put(t, from, []byte("content"))
	for _, want := range []bool{false, true} {
		if already, err := from.CopyTo(t.Context(), to, key); err != nil || already != want {
			t.Errorf("already %v, %v; want %v", already, err, want)
		}
	}
	if err := to.Verify(key); err != nil {
		t.Error(err)
	}
	if got, want := files(t, to.Path(key)[:len(to.Path(key))-len(key)]), []string{key[:3], key}; !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
	info, err := os.Stat(to.Path(key))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}

	if err := os.WriteFile(from.Path(key), []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	fresh := newDir(t)
	if _, err := from.CopyTo(t.Context(), fresh, key); !errors.Is(err, ErrDamaged) {
		t.Errorf("damaged content: %v", err)
	}
	if err := os.WriteFile(to.Path(key), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := from.CopyTo(t.Context(), to, key); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "what is there already") {
		t.Errorf("other content in its place: %v", err)
	}
	if got, _ := os.ReadFile(to.Path(key)); string(got) != "mine" {
		t.Errorf("it was overwritten with %q", got)
	}
	gone := makeKey(make([]byte, 32), ".jpg")
	if _, err := from.CopyTo(t.Context(), fresh, gone); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("content that is not there: %v", err)
	}
	if _, err := from.CopyTo(t.Context(), fresh, "../"+key); err == nil {
		t.Error("what is no key was copied")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := from.CopyTo(ctx, fresh, key); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := os.Stat(filepath.Dir(filepath.Dir(fresh.Path(key)))); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
}

// TestSameAs: two paths of one directory are one, whether it is there or not.
func TestSameAs(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Skip(err)
	}
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{dir, dir, true}, {dir, link, true}, {dir, dir + "/.", true}, {dir, filepath.Dir(dir), false},
		{dir + "/no", dir + "/no", true}, {dir + "/no", dir, false}, {dir, dir + "/no", false},
	} {
		if got := Open(tt.a).SameAs(Open(tt.b)); got != tt.want {
			t.Errorf("%s is %s: %v", tt.a, tt.b, got)
		}
	}
}
