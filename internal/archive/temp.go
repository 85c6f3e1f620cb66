package archive

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/moviedb/moviedb/internal/blob"
)

const (
	tempMark   = ".tmp-"
	tempRandom = 26 // letters and digits after the mark
	// snapshotSuffix is what the snapshot of a backup is called after the archive.
	snapshotSuffix = ".db"
	// ageOfTheDead is how old a file has to be to be nobody's, where no lock can
	// tell.
	ageOfTheDead = 24 * time.Hour
)

// temp is a new file beside the place it is meant for, which only its owner can
// read. It is locked as long as its process lives.
type temp struct {
	f    *os.File
	path string
	kept bool // it has its own name
}

// newTemp makes a file beside path.
func newTemp(path string) (*temp, error) {
	const attempts = 100
	for range attempts {
		name := path + tempMark + strings.ToLower(rand.Text())
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, at(filepath.Dir(path), err)
		}
		free, _ := blob.TryLock(f)
		ours, err := f.Stat()
		there, terr := os.Lstat(name)
		if free && err == nil && terr == nil && os.SameFile(ours, there) {
			return &temp{f: f, path: name}, nil
		}
		f.Close() // somebody who sweeps up after the dead was quicker
		os.Remove(name)
	}
	return nil, at(filepath.Dir(path), errors.New("no temporary file can be made in it"))
}

// snapshot is where the snapshot of a backup goes.
func (t *temp) snapshot() string { return t.path + snapshotSuffix }

// close removes what did not get its own name.
func (t *temp) close() {
	os.Remove(t.snapshot())
	if !t.kept {
		os.Remove(t.path)
	}
	t.f.Close()
}

// sweepTemps removes what processes that are gone made beside path.
func sweepTemps(path string) {
	dir := filepath.Dir(path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // whoever comes next tries again
	}
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), filepath.Base(path)+tempMark)
		name, isSnapshot := strings.CutSuffix(rest, snapshotSuffix)
		if !ours || !e.Type().IsRegular() || !isRandom(name) {
			continue
		}
		full := filepath.Join(dir, e.Name())
		if isSnapshot && !isGone(strings.TrimSuffix(full, snapshotSuffix)) || !isSnapshot && !isDead(full) {
			continue
		}
		os.Remove(full)
		os.Remove(full + snapshotSuffix)
	}
}

// isRandom tells the part of a name that newTemp makes up.
func isRandom(s string) bool {
	return len(s) == tempRandom && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

func isGone(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, os.ErrNotExist)
}

// isDead tells that a file belongs to no living process.
func isDead(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false
	}
	free, sure := blob.TryLock(f)
	return free && (sure || time.Since(info.ModTime()) > ageOfTheDead)
}
