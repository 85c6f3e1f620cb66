package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestStageAndCommit(t *testing.T) {
	d := newDir(t)
	var steps []string
	d.OnStep(func(step string) { steps = append(steps, step) })
	content := []byte("a poster, one day\n")
	s := stage(t, d, content)
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	want := Staged{Key: hash[:2] + "/" + hash + ".txt", MIME: "text/plain", Size: 18, dir: d, temp: s.temp}
	if !reflect.DeepEqual(*s, want) || s.Hash() != hash {
		t.Errorf("got  %+v\nwant %+v", *s, want)
	}
	if got := files(t, d.path); len(got) != 1 || !isTemp(got[0]) {
		t.Errorf("staged: %q", got)
	}
	if _, err := d.Stat(s.Key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("staged: %v, want fs.ErrNotExist", err)
	}
	for range 2 { // twice is once
		if err := s.Commit(); err != nil {
			t.Fatal(err)
		}
		if err := s.Discard(); err != nil {
			t.Fatal(err)
		}
		if got := files(t, d.path); !slices.Equal(got, []string{hash[:2] + "/", s.Key}) {
			t.Errorf("committed: %q", got)
		}
	}
	if !slices.Equal(steps, []string{"temp written", "renamed"}) {
		t.Errorf("steps %q", steps)
	}
	if size, err := d.Stat(s.Key); size != 18 || err != nil {
		t.Errorf("Stat: %d, %v", size, err)
	}
	f, err := d.OpenFile(s.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := io.ReadAll(f); string(got) != string(content) || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if err := d.Verify(s.Key); err != nil {
		t.Error(err)
	}
	for _, name := range []string{".", hash[:2], s.Key} {
		info, err := os.Stat(filepath.Join(d.path, name))
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v: others may look", name, info.Mode(), err)
		}
	}
}

func TestDiscard(t *testing.T) {
	d := newDir(t)
	s := stage(t, d, []byte("never mind"))
	for range 2 {
		if err := s.Discard(); err != nil {
			t.Fatal(err)
		}
		empty(t, d)
	}
	if err := s.Commit(); err == nil {
		t.Error("discarded content was committed")
	}
	os.Mkdir(d.path, 0o700)
	stage(t, d, []byte("never mind")).Discard()
	if got := files(t, filepath.Dir(d.path)); !slices.Equal(got, []string{"media/"}) {
		t.Errorf("a directory that was there: %q", got)
	}
}

func TestSameContentIsStoredOnce(t *testing.T) {
	d := newDir(t)
	content := []byte("twice")
	a, b := stage(t, d, content), stage(t, d, content)
	if a.Key != b.Key || a.temp.name == b.temp.name {
		t.Fatalf("%+v and %+v", a, b)
	}
	if err := a.Commit(); err != nil {
		t.Fatal(err)
	}
	before, _ := os.Stat(d.Path(a.Key))
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(d.Path(a.Key))
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("the content was replaced: %v", err)
	}
	if got := files(t, d.path); !slices.Equal(got, []string{a.Key[:2] + "/", a.Key}) {
		t.Errorf("%q", got)
	}
	if err := b.Discard(); err != nil || d.Verify(a.Key) != nil {
		t.Errorf("discarded after all: %v", err)
	}
}

// TestCommitMends: content that is damaged is replaced, whatever its size.
func TestCommitMends(t *testing.T) {
	d := newDir(t)
	key := put(t, d, []byte("whole"))
	for _, damaged := range []string{"who", "", "whale", "whole and more"} {
		if err := os.WriteFile(d.Path(key), []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := d.Verify(key); !errors.Is(err, ErrDamaged) {
			t.Errorf("%q: got %v, want ErrDamaged", damaged, err)
		}
		put(t, d, []byte("whole"))
		if err := d.Verify(key); err != nil {
			t.Errorf("%q: %v", damaged, err)
		}
	}
}

// TestCommitAgainNoticesLoss: a transaction that runs twice must not make a row
// for what was collected in between.
func TestCommitAgainNoticesLoss(t *testing.T) {
	d := newDir(t)
	s := stage(t, d, []byte("here today"))
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	os.Remove(d.Path(s.Key))
	if err := s.Commit(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
	lost := stage(t, d, []byte("gone before"))
	os.Remove(filepath.Join(d.path, lost.temp.name))
	if err := lost.Commit(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
	if err := lost.Discard(); err != nil {
		t.Error(err)
	}
}

func TestTwoDirectories(t *testing.T) {
	parent := t.TempDir()
	a, b := Open(filepath.Join(parent, "a")), Open(filepath.Join(parent, "b"))
	key := put(t, a, []byte("shared"))
	if other := put(t, b, []byte("shared")); other != key {
		t.Fatalf("%s and %s", key, other)
	}
	living := stage(t, b, []byte("b's own"))
	unused, err := a.Unreferenced(t.Context(), func(string) (bool, error) { return false, nil })
	if err != nil || len(unused) != 1 {
		t.Fatalf("%v, %v", unused, err)
	}
	if err := a.Trash(unused, day(1)); err != nil {
		t.Fatal(err)
	}
	if err := b.Verify(key); err != nil {
		t.Error(err)
	}
	if err := living.Commit(); err != nil {
		t.Error(err)
	}
}

func TestDirectoryInTheWay(t *testing.T) {
	parent := t.TempDir()
	file := write(t, "a file", parent, "file")
	for _, path := range []string{file, filepath.Join(file, "below")} {
		d := Open(path)
		if _, err := d.Stage(t.Context(), strings.NewReader("x"), Limits{}, false); err == nil {
			t.Errorf("%s: content was staged in a file", path)
		}
		if _, err := d.Unreferenced(t.Context(), nil); err == nil && path == file {
			t.Error("a file was searched")
		}
	}
	d := newDir(t)
	s := stage(t, d, []byte("content"))
	write(t, "", d.path, s.Key[:2])
	if err := s.Commit(); err == nil {
		t.Error("committed through a file")
	}
	os.Remove(filepath.Join(d.path, s.Key[:2]))
	write(t, "", d.Path(s.Key), "a folder")
	if err := s.Commit(); err == nil {
		t.Error("committed over a folder")
	}
	os.RemoveAll(d.Path(s.Key))
	if err := s.Commit(); err != nil {
		t.Errorf("with the way free: %v", err)
	}
}
