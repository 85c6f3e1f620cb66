package blob

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestChild is not a test: it is the process that TestDeadAndLiving kills. It
// stages what it is told and stops at a step.
func TestChild(t *testing.T) {
	path, step := os.Getenv("BLOB_TEST_DIR"), os.Getenv("BLOB_TEST_STEP")
	if path == "" {
		t.Skip("only for other tests")
	}
	d := Open(path)
	d.OnStep(func(s string) {
		if s == step {
			fmt.Println("at", s)
			io.Copy(io.Discard, os.Stdin) // until killed
		}
	})
	s, err := d.Stage(t.Context(), strings.NewReader("a child's"), Limits{}, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Fatal(s.Commit())
}

// child starts such a process and waits until it has come to a step. kill kills
// it and waits for its end.
func child(t *testing.T, d *Dir, step string) (kill func()) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$", "-test.v")
	c.Env = append(os.Environ(), "BLOB_TEST_DIR="+d.path, "BLOB_TEST_STEP="+step)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.Contains(lines.Text(), "at "+step) {
	}
	if err := lines.Err(); err != nil || !strings.Contains(lines.Text(), "at "+step) {
		t.Fatalf("the child did not come to %q: %v", step, err)
	}
	return func() {
		c.Process.Kill()
		c.Wait()
		in.Close()
	}
}

// TestDeadAndLiving: what a living process staged is its own; what a dead one
// staged is garbage, and so is what it renamed without a row.
func TestDeadAndLiving(t *testing.T) {
	if !keepOpen {
		t.Skip("no locks here")
	}
	d := newDir(t)
	kill := child(t, d, "temp written")
	l, err := d.Unreferenced(t.Context(), nothing)
	if err != nil || len(l) > 0 {
		t.Errorf("while it lives: %v, %v", l, err)
	}
	temp := files(t, d.path)[0]
	if err := d.Trash([]Leftover{{Key: temp, Temp: true}}, day(1)); err != nil {
		t.Error(err)
	}
	if got := files(t, d.path); !slices.Equal(got, []string{temp}) {
		t.Errorf("the living was moved: %q", got)
	}
	kill()
	l, err = d.Unreferenced(t.Context(), nothing)
	if err != nil || !slices.Equal(l, []Leftover{{Key: temp, Size: 9, Temp: true}}) {
		t.Fatalf("once it is dead: %v, %v", l, err)
	}
	if err := d.Trash(l, day(1)); err != nil {
		t.Fatal(err)
	}
	expired, err := d.Expired(day(1), 0)
	if err != nil || !slices.Equal(expired, []Leftover{{Key: "trash/2026-01-01T170000Z/" + temp, Size: 9, Temp: true}}) {
		t.Fatalf("got %v, %v", expired, err)
	}
	if err := d.Destroy(expired); err != nil {
		t.Fatal(err)
	}
	if got := files(t, d.path); !slices.Equal(got, []string{"trash/"}) {
		t.Errorf("left: %q", got)
	}
	child(t, d, "renamed")()
	l, err = d.Unreferenced(t.Context(), nothing)
	if err != nil || len(l) != 1 || l[0].Temp || !isKey(l[0].Key) || d.Verify(l[0].Key) != nil {
		t.Errorf("killed after the renaming: %v, %v", l, err)
	}
}

// TestDeadByAge: where there are no locks, age tells.
func TestDeadByAge(t *testing.T) {
	if keepOpen {
		t.Skip("locks tell")
	}
	d := newDir(t)
	s := stage(t, d, []byte("staged"))
	if l, err := d.Unreferenced(t.Context(), nothing); err != nil || len(l) > 0 {
		t.Errorf("fresh: %v, %v", l, err)
	}
	old := time.Now().Add(-ageOfTheDead - time.Hour)
	os.Chtimes(filepath.Join(d.path, s.temp.name), old, old)
	if l, err := d.Unreferenced(t.Context(), nothing); err != nil || len(l) != 1 {
		t.Errorf("old: %v, %v", l, err)
	}
}

// TestCollectWhileStaging: eight stage and commit as fast as they can, and the
// first of them each time undoes what another one needs; one collects. What has
// its row is never taken.
func TestCollectWhileStaging(t *testing.T) {
	d := newDir(t)
	var lock sync.Mutex // the catalog's write lock
	rows := map[string]bool{}
	var workers, collector sync.WaitGroup
	done := make(chan struct{})
	for worker := range 8 {
		workers.Go(func() {
			for i := range 12 {
				content := fmt.Appendf(nil, "content %d", i*(worker%2*1000+1)) // half of it is that of others too
				s, err := d.Stage(t.Context(), bytes.NewReader(content), Limits{}, false)
				if err != nil {
					t.Error(err)
					return
				}
				lock.Lock()
				if err := s.Commit(); err != nil {
					t.Error(err)
				} else if i%3 > 0 { // or the transaction failed
					rows[s.Key] = true
				}
				lock.Unlock()
				s.Discard()
			}
		})
	}
	collect := func() {
		lock.Lock()
		defer lock.Unlock()
		l, err := d.Unreferenced(t.Context(), func(key string) (bool, error) { return rows[key], nil })
		if err != nil {
			t.Error(err)
		}
		err = d.Trash(l, time.Now())
		e, err2 := d.Expired(time.Now(), 0)
		if err := errors.Join(err, err2, d.Destroy(e)); err != nil {
			t.Error(err)
		}
	}
	collector.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				collect()
			}
		}
	})
	workers.Wait()
	close(done)
	collector.Wait()
	collect()
	var want []string
	for key := range rows {
		if err := d.Verify(key); err != nil {
			t.Error(err)
		}
		want = append(want, key)
	}
	var got []string
	for _, name := range files(t, d.path) {
		if !strings.HasSuffix(name, "/") {
			got = append(got, name)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// TestStagingIntoAVanishingDirectory: a refused content takes the empty
// directory away again, which others may just have found.
func TestStagingIntoAVanishingDirectory(t *testing.T) {
	d := newDir(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 30 {
				s, err := d.Stage(t.Context(), strings.NewReader("x"), Limits{}, false)
				if err != nil {
					t.Error(err)
					return
				}
				s.Discard()
			}
		})
	}
	all.Wait()
}
