package blob

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// batch makes a batch of contents and returns their keys.
func batch(t *testing.T, d *Dir, contents ...string) (*Batch, []string) {
	t.Helper()
	b, err := d.NewBatch()
	if err != nil {
		t.Fatal(err)
	}
	other := newDir(t)
	var keys []string
	for _, c := range contents {
		keys = append(keys, put(t, other, []byte(c)))
		if err := b.Add(t.Context(), keys[len(keys)-1], strings.NewReader(c)); err != nil {
			t.Fatal(err)
		}
	}
	return b, keys
}

// Content of a batch is part of the directory all at once, only its owner can
// read it, and nothing else is left.
func TestBatch(t *testing.T) {
	d := newDir(t)
	there := put(t, d, []byte("there already"))
	before, err := os.Stat(d.Path(there))
	if err != nil {
		t.Fatal(err)
	}
	b, keys := batch(t, d, "one", "two", "there already")
	for _, key := range keys[:2] {
		if _, err := d.Stat(key); err == nil {
			t.Error("content was in place before Commit")
		}
	}
	if err := errors.Join(b.Commit(t.Context()), b.Close()); err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if err := d.Verify(key); err != nil {
			t.Error(err)
		}
		if info, err := os.Stat(d.Path(key)); err != nil || info.Mode() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	}
	if after, err := os.Stat(d.Path(there)); err != nil || !os.SameFile(before, after) {
		t.Errorf("what was there is another file: %v", err)
	}
	want := []string{}
	for _, key := range keys {
		want = append(want, key[:3], key)
	}
	slices.Sort(want)
	if got := files(t, d.path); !slices.Equal(got, slices.Compact(want)) {
		t.Errorf("files %q, want %q", got, want)
	}
}

// What is damaged in its place is mended.
func TestBatchMends(t *testing.T) {
	d := newDir(t)
	key := put(t, d, []byte("content"))
	if err := os.WriteFile(d.Path(key), []byte("CONTENT"), 0o600); err != nil {
		t.Fatal(err)
	}
	b, _ := batch(t, d, "content")
	if err := errors.Join(b.Commit(t.Context()), b.Close()); err != nil {
		t.Fatal(err)
	}
	if err := d.Verify(key); err != nil {
		t.Error(err)
	}
}

// What is refused, or given up, leaves nothing.
func TestBatchRefused(t *testing.T) {
	d := newDir(t)
	other := put(t, newDir(t), []byte("content"))
	b, _ := batch(t, d, "good")
	if err := b.Add(t.Context(), other, strings.NewReader("another content")); !errors.Is(err, ErrDamaged) {
		t.Errorf("another content: %v", err)
	}
	for _, key := range []string{"../" + other, "/" + other, "", "trash/" + other, ".restore-x"} {
		if err := b.Add(t.Context(), key, strings.NewReader("content")); err == nil {
			t.Errorf("%q was taken", key)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Commit(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range files(t, filepath.Dir(d.path)) {
		if name != "media/" && len(name) != len("media/ab/") { // a folder of content may be there, empty
			t.Errorf("left behind: %s", name)
		}
	}
}

// A folder whose process is gone is swept up, that of a living one is not, and
// no other.
func TestSweepBatches(t *testing.T) {
	d := newDir(t)
	if err := d.SweepBatches(); err != nil {
		t.Errorf("no directory: %v", err)
	}
	living, _ := batch(t, d, "living")
	dead, _ := batch(t, d, "dead")
	dead.lock.Close() // as the end of its process does
	mine := filepath.Join(d.path, ".restore-mine")
	if err := os.Mkdir(mine, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := d.SweepBatches(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{living.name: true, dead.name: false, filepath.Base(mine): true} {
		if _, err := os.Stat(filepath.Join(d.path, name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := errors.Join(living.Commit(t.Context()), living.Close()); err != nil {
		t.Error(err)
	}
}
