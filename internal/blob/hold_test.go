package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// readKept is the content that OpenKept finds.
func readKept(t *testing.T, d *Dir, key string) string {
	t.Helper()
	f, err := d.OpenKept(key)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// As long as somebody holds the directory content is found, in its place or in
// the trash, and nothing is destroyed.
func TestHoldKeepsContent(t *testing.T) {
	d := newDir(t)
	key := put(t, d, []byte("content"))
	release, err := d.Hold(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	also, err := d.Hold(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	also()
	if got := readKept(t, d, key); got != "content" {
		t.Errorf("in its place: %q", got)
	}
	if err := d.Trash([]Leftover{{Key: key}}, day(1)); err != nil {
		t.Fatal(err)
	}
	if got := readKept(t, d, key); got != "content" {
		t.Errorf("in the trash: %q", got)
	}
	expired, err := d.Expired(day(2), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Destroy(expired); !errors.Is(err, ErrHeld) {
		t.Fatalf("destroyed while held: %v", err)
	}
	readKept(t, d, key)
	release()
	if err := d.Destroy(expired); err != nil {
		t.Fatal(err)
	}
	if _, err := d.OpenKept(key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("destroyed and open: %v", err)
	}
}

// Whoever wants to hold waits while content is being destroyed.
func TestHoldWaits(t *testing.T) {
	d := newDir(t)
	if release, err := d.Hold(t.Context()); err != nil {
		t.Errorf("a directory that is not there: %v", err)
	} else {
		release()
	}
	put(t, d, []byte("content"))
	root, err := d.root()
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	done, err := withdraw(root)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Hold(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	held := make(chan error)
	go func() {
		release, err := d.Hold(t.Context())
		if err == nil {
			release()
		}
		held <- err
	}()
	done()
	if err := <-held; err != nil {
		t.Error(err)
	}
}

// A trash that leads elsewhere is not followed.
func TestOpenKeptFollowsNoLink(t *testing.T) {
	d := newDir(t)
	key := put(t, d, []byte("content"))
	outside := filepath.Join(t.TempDir(), "2026-01-01T170000Z")
	write(t, "secret", outside, filepath.FromSlash(key))
	if err := os.Remove(d.Path(key)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Dir(outside), filepath.Join(d.path, "trash")); err != nil {
		t.Skip(err)
	}
	if _, err := d.OpenKept(key); err == nil {
		t.Error("content outside the directory was opened")
	}
	if _, err := d.OpenKept("../x"); err == nil {
		t.Error("what is no key was opened")
	}
}
