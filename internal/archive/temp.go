package archive

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/moviedb/moviedb/internal/tempfile"
)

const (
	tempMark = ".tmp-"
	// snapshotSuffix is what the snapshot of a backup is called after the archive.
	snapshotSuffix = ".db"
	// journalSuffix is what SQLite adds to that for its journal.
	journalSuffix = "-journal"
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
	f, err := tempfile.New(path + tempMark)
	if err != nil {
		return nil, at(filepath.Dir(path), err)
	}
	return &temp{f: f, path: f.Name()}, nil
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
	stem := path + tempMark
	tempfile.Sweep(stem)
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return // whoever comes next tries again
	}
	for _, e := range entries {
		full := filepath.Join(filepath.Dir(path), e.Name())
		name, ours := strings.CutSuffix(strings.TrimSuffix(full, journalSuffix), snapshotSuffix)
		if ours && e.Type().IsRegular() && tempfile.IsName(stem, name) && isGone(name) {
			os.Remove(full)
		}
	}
}

func isGone(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, os.ErrNotExist)
}
