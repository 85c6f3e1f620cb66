package blob

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/tempfile"
)

// ageOfTheDead is how old a temporary file has to be to be nobody's, where no
// lock can tell.
const ageOfTheDead = 24 * time.Hour

// temp is a file under a temporary name, locked as long as it is open.
type temp struct {
	f       *os.File
	name    string // in the directory
	madeDir bool   // the directory was made for it
}

// newTemp makes a file with a new name in the directory, and the directory if
// need be. A collector that meets the file before it is locked takes it for
// that of a dead process; then there is another.
func (d *Dir) newTemp() (*temp, error) {
	const attempts = 100
	t := &temp{}
	for range attempts {
		root, made, err := d.create()
		t.madeDir = t.madeDir || made
		if errors.Is(err, fs.ErrNotExist) {
			continue // somebody whose content was refused took the empty directory away
		}
		if err != nil {
			return nil, err
		}
		err = t.make(root)
		root.Close()
		switch {
		case err == nil && t.f != nil:
			return t, nil
		case err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist):
			d.removeIfMade(t)
			return nil, d.failed(err)
		}
	}
	return nil, errors.New(catalog.Visible(d.path) + ": no temporary file can be made in it")
}

// make makes and locks a file; t.f stays nil if a collector was quicker.
func (t *temp) make(root *os.Root) error {
	name := tempPrefix + strings.ToLower(rand.Text())
	f, err := root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if tempfile.Lock(f) == tempfile.Taken || !isAt(root, name, f) {
		f.Close()
		root.Remove(name)
		return nil
	}
	t.f, t.name = f, name
	return nil
}

// isAt tells that name in the directory is the file that is open as f.
func isAt(root *os.Root, name string, f *os.File) bool {
	there, err := root.Lstat(name)
	if err != nil {
		return false
	}
	ours, err := f.Stat()
	return err == nil && os.SameFile(there, ours)
}

// isDead tells that a temporary file belongs to no living process.
func isDead(root *os.Root, name string, now time.Time) bool {
	f, err := root.OpenFile(name, os.O_RDWR|flagNonblock, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	return diedWith(root, name, f, now)
}

// diedWith is isDead for an open file, which it locks if it can.
func diedWith(root *os.Root, name string, f *os.File, now time.Time) bool {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	switch tempfile.Lock(f) {
	case tempfile.Taken:
		return false
	case tempfile.Unlockable:
		if now.Sub(info.ModTime()) < ageOfTheDead {
			return false
		}
	}
	return isAt(root, name, f)
}

// removeIfMade takes the directory away again, if it was made for the file and
// nothing else came into it since.
func (d *Dir) removeIfMade(t *temp) {
	if t.madeDir {
		os.Remove(d.path)
	}
}
