package tempfile_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/moviedb/moviedb/internal/tempfile"
)

// What a process has open is its own; what it let go of is garbage; and nothing
// else is touched, whatever it is called.
func TestTheDeadAreSweptUpAndTheLivingAreNot(t *testing.T) {
	dir := t.TempDir()
	stem := filepath.Join(dir, "x.new-")
	alive, err := tempfile.New(stem)
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Close()
	if tempfile.Lock(alive) == tempfile.Unlockable {
		t.Skip("no locks here")
	}
	aliveDir, err := tempfile.NewDir(stem)
	if err != nil {
		t.Fatal(err)
	}
	defer aliveDir.Close()
	dead, err := tempfile.New(stem)
	if err != nil {
		t.Fatal(err)
	}
	deadDir, err := tempfile.NewDir(stem)
	if err != nil {
		t.Fatal(err)
	}
	others := []string{stem, stem + "1", stem + "copy", filepath.Join(dir, "y.new-"+strings.Repeat("a", 26)), filepath.Join(deadDir.Name(), "inside")}
	for _, path := range others {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for f, mode := range map[*os.File]fs.FileMode{dead: 0o600, deadDir: fs.ModeDir | 0o700} {
		if info, err := f.Stat(); err != nil || info.Mode() != mode {
			t.Errorf("%s: %v, %v", f.Name(), info.Mode(), err)
		}
		f.Close()
	}
	left, err := tempfile.Left(stem)
	slices.Sort(left)
	want := []string{dead.Name(), deadDir.Name()}
	slices.Sort(want)
	if err != nil || !slices.Equal(left, want) {
		t.Errorf("left %q, %v; want %q", left, err, want)
	}
	tempfile.Sweep(stem)
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 6 {
		t.Errorf("%d entries stay, %v; want 6", len(entries), err)
	}
	for _, path := range append(others[:4], alive.Name(), aliveDir.Name()) {
		if _, err := os.Lstat(path); err != nil {
			t.Errorf("taken: %v", err)
		}
	}
}

// Nothing that somebody has just made is swept away, however often that is tried.
func TestSweepingWhileOthersMake(t *testing.T) {
	stem := filepath.Join(t.TempDir(), "x.new-")
	var making, sweeping sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		sweeping.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					tempfile.Sweep(stem)
				}
			}
		})
	}
	for range 4 {
		making.Go(func() {
			for range 200 {
				dir, err := tempfile.NewDir(stem)
				if err != nil {
					t.Error(err)
					return
				}
				path := filepath.Join(dir.Name(), "inside")
				if err := os.WriteFile(path, nil, 0o600); err != nil {
					t.Error(err)
				}
				if _, err := os.Lstat(path); err != nil {
					t.Error(err)
				}
				if err := os.RemoveAll(dir.Name()); err != nil {
					t.Error(err)
				}
				dir.Close()
			}
		})
	}
	making.Wait()
	close(done)
	sweeping.Wait()
}
