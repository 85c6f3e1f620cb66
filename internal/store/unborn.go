package store

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/tempfile"
)

const (
	// unborn marks a folder in which a catalog is being built beside its place.
	unborn = ".new-"
	// dead is how old a file of that name must be for its builder to be taken for
	// killed: what earlier versions built lay in no folder, and had no lock.
	dead = 24 * time.Hour
)

// beside returns a path at which a database can be built, in a folder of its own
// next to the catalog. The folder is locked, and not the file: closing that would
// take the locks off it that SQLite has. remove takes away all of it.
func (o Options) beside() (path string, remove func(), err error) {
	dir, err := tempfile.NewDir(o.Path + unborn)
	if err != nil {
		return "", nil, catalog.WithoutPath(err)
	}
	return filepath.Join(dir.Name(), filepath.Base(o.Path)), remover(dir), nil
}

// ScratchDir makes a folder for what a dry run needs, in that for temporary files,
// and removes those that killed dry runs left there. remove takes it away with
// what is in it.
func ScratchDir() (path string, remove func(), err error) {
	stem := filepath.Join(os.TempDir(), "moviedb-dry-run-")
	tempfile.Sweep(stem)
	dir, err := tempfile.NewDir(stem)
	if err != nil {
		return "", nil, err
	}
	return dir.Name(), remover(dir), nil
}

// remover returns what takes away a locked folder with what is in it.
func remover(dir *os.File) func() {
	return func() {
		os.RemoveAll(dir.Name())
		dir.Close()
		os.Remove(dir.Name()) // where it cannot go while it is open
	}
}

// sweep removes what killed processes left of catalogs they were building.
func (o Options) sweep() {
	left, _ := unborns(o.Path) // else whoever comes next tries again
	for _, name := range left {
		tempfile.Remove(name)
	}
}

// unborns are the folders and files beside a catalog in which killed processes
// were building it.
func unborns(path string) (left []string, err error) {
	if left, err = tempfile.Left(path + unborn); err != nil {
		return left, err
	}
	dir := filepath.Dir(path)
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), filepath.Base(path)+unborn) {
			continue
		}
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > dead {
			left = append(left, filepath.Join(dir, e.Name()))
		}
	}
	return left, err
}

// Sweep removes what killed processes left beside the catalog while they made or
// replaced it. It is for a transaction that writes: then nobody replaces it now.
func (tx *Tx) Sweep() {
	tx.opts.sweep()
	tempfile.Sweep(tx.opts.Path + arriving)
	tx.opts.sweepReplaced()
}

// arriving marks a database beside the catalog whose place it shall take; package
// archive makes it.
const arriving = ".tmp-"
