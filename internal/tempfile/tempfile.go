// Package tempfile makes files and folders that are only for a while, and finds
// those whose process was killed: whoever makes one keeps a lock on it, which
// goes with the process.
package tempfile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

const (
	// ageOfTheDead is how old one has to be to be nobody's, where no lock can tell.
	ageOfTheDead = 24 * time.Hour
	// randomLen is how many letters and digits rand.Text gives.
	randomLen = 26
)

// errNone says that no name could be had, which somebody must be bent on.
var errNone = errors.New("no temporary file can be made")

// New makes a file whose path is stem and some letters, for its owner alone
// (0600). It is locked until it is closed; it goes when somebody removes it.
func New(stem string) (*os.File, error) {
	return create(stem, func(path string) (*os.File, error) {
		return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	})
}

// NewDir makes a folder likewise (0700), with what is in it. It is locked until
// lock is closed, and has the path lock.Name().
func NewDir(stem string) (lock *os.File, err error) {
	return create(stem, func(path string) (*os.File, error) {
		if err := os.Mkdir(path, 0o700); err != nil {
			return nil, err
		}
		return os.Open(path)
	})
}

// create tries names. One who sweeps up after the dead and comes between the
// making and the lock takes the file for garbage; then there is another.
func create(stem string, open func(path string) (*os.File, error)) (*os.File, error) {
	const attempts = 100
	for range attempts {
		path := stem + strings.ToLower(rand.Text())
		f, err := open(path)
		if errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) && exists(filepath.Dir(path)) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if Lock(f) != Taken && isAt(path, f) {
			return f, nil
		}
		f.Close()
		os.Remove(path)
	}
	return nil, errNone
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// isAt tells that the file that is open as f is the one at path.
func isAt(path string, f *os.File) bool {
	there, err := os.Lstat(path)
	if err != nil {
		return false
	}
	ours, err := f.Stat()
	return err == nil && os.SameFile(there, ours)
}

// Left lists what processes that are gone made with a stem. The error is that of
// reading the folder.
func Left(stem string) (paths []string, err error) {
	dir := filepath.Dir(stem)
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if !IsName(stem, path) || !e.Type().IsRegular() && !e.IsDir() {
			continue
		}
		if f := claim(path); f != nil {
			f.Close()
			paths = append(paths, path)
		}
	}
	return paths, err
}

// Sweep removes what Left finds. What cannot be removed is left for the next.
func Sweep(stem string) {
	paths, _ := Left(stem)
	for _, path := range paths {
		Remove(path)
	}
}

// IsName tells whether a path is one that New or NewDir could make of a stem.
func IsName(stem, path string) bool {
	rest, ours := strings.CutPrefix(path, filepath.Clean(stem))
	return ours && len(rest) == randomLen && strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// Remove removes a file or folder with what is in it, unless a living process
// has it. It keeps the lock meanwhile: whoever has just made it and did not lock
// it yet sees that, and makes another.
func Remove(path string) error {
	f := claim(path)
	if f == nil {
		return nil
	}
	err := os.RemoveAll(path)
	f.Close()
	if runtime.GOOS == "windows" { // where it cannot go while it is open
		return os.RemoveAll(path)
	}
	return err
}

// claim opens a file that belongs to no living process, with the lock on it; nil
// is that one has it.
func claim(path string) *os.File {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	info, err := f.Stat()
	c := Lock(f)
	if err != nil || c == Taken || c == Unlockable && time.Since(info.ModTime()) <= ageOfTheDead {
		f.Close()
		return nil
	}
	return f
}
