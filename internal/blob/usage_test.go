package blob

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestUsageCountsContentAndNothingElse(t *testing.T) {
	d := newDir(t)
	usage := func(files, bytes int64) {
		t.Helper()
		if f, b, err := d.Usage(t.Context()); f != files || b != bytes || err != nil {
			t.Errorf("%d files, %d bytes, %v; want %d and %d", f, b, err, files, bytes)
		}
	}
	usage(0, 0) // there is no directory
	if _, err := os.Stat(d.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("looking made the directory: %v", err)
	}
	var keys []string
	for _, content := range []string{"one", "three", ""} {
		s := stage(t, d, []byte(content))
		if err := s.Commit(); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, s.Key)
	}
	usage(3, 8)
	stage(t, d, []byte("not committed"))
	if err := os.WriteFile(filepath.Join(d.path, "ab.txt"), []byte("not ours"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.path, filepath.Dir(keys[0]), "note.txt"), []byte("not ours"), 0o600); err != nil {
		t.Fatal(err)
	}
	usage(3, 8)
	if err := d.Trash([]Leftover{{Key: keys[1], Size: 5}}, time.Now()); err != nil {
		t.Fatal(err)
	}
	usage(2, 3)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := d.Usage(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}
