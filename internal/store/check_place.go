package store

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/tempfile"
)

// place looks at the files of the database from outside, before it is opened:
// what SQLite makes beside it gets its mode.
func (c *Check) place(o Options) error {
	path := o.Path
	if there, err := filepath.EvalSymlinks(path); err == nil {
		path = there // SQLite's own files lie there
	}
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := c.mode(path + suffix); err != nil {
			return err
		}
	}
	left, err := unborns(o.Path)
	if err != nil {
		return nil // a folder that cannot be listed
	}
	for _, name := range left {
		f := catalog.Finding{Code: catalog.FindingTemp,
			Text: fmt.Sprintf("%s is left over from a command that was killed while it made the catalog", catalog.Visible(name))}
		if err := c.Outside(f, func() error { return tempfile.Remove(name) }); err != nil {
			return err
		}
	}
	return nil
}

// mode reports a file that others can read.
func (c *Check) mode(path string) error {
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" || info.Mode()&0o077 == 0 {
		return nil
	}
	return c.Outside(Exposure(path, info.Mode()), func() error { return os.Chmod(path, info.Mode().Perm()&^0o077) })
}

// Exposure is the finding that others can reach a file or folder.
func Exposure(path string, mode fs.FileMode) catalog.Finding {
	return catalog.Finding{Code: catalog.FindingPermissions,
		Text: fmt.Sprintf("%s is open to others (mode %04o, not %04o)", catalog.Visible(path), mode.Perm(), mode.Perm()&^0o077)}
}

// Outside reports a finding about a file, after its repair if that is asked for;
// nil is no repair. One that fails leaves it as it is.
func (c *Check) Outside(f catalog.Finding, repair func() error) error {
	if c.o.Fix && repair != nil {
		err := repair()
		f.Fixed = err == nil
		if err != nil {
			f = refused(f, err)
		}
	}
	return c.Report(f)
}

// StoredFiles yields the files that have content, by id.
func (tx *Tx) StoredFiles(ctx context.Context) iter.Seq2[KeyedID, error] {
	return rows(ctx, tx, scanIDKey, `SELECT id, file_key FROM files WHERE file_key IS NOT NULL ORDER BY id`)
}

// Look runs fn on a snapshot of the catalog as it stands, without a look at
// derived rows. fn must not write.
func Look(ctx context.Context, o Options, fn func(*Tx) error) error { return o.look(ctx, fn) }
