package archive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// target is the absolute path of the archive, which is nothing that the catalog
// needs. A symbolic link stays one.
func (o BackupOptions) target() (string, error) {
	shown := catalog.Visible(o.File)
	if o.File == "" || os.IsPathSeparator(o.File[len(o.File)-1]) {
		return "", catalog.Invalidf("%s names no file; give the backup a name, such as films.tar.gz", catalog.Quote(o.File))
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(o.File))
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return "", fmt.Errorf("the folder of %s cannot be used: %w", shown, catalog.WithoutPath(err))
	}
	path := filepath.Join(dir, filepath.Base(o.File))
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	} else if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return "", catalog.Invalidf("%s is a symbolic link to a file that is not there", shown)
	}
	if isWithin(path, o.Store.FilesDir) {
		return "", catalog.Invalidf("%s is in the directory of the pictures, which would be part of its own backup; write it elsewhere", shown)
	}
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if isSame(path, o.Store.Path+suffix) {
			return "", catalog.Invalidf("%s is the catalog itself; give the backup another name", shown)
		}
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return path, nil
	case err != nil:
		return "", at(path, err)
	case info.IsDir():
		return "", catalog.Invalidf("%s is a directory; name a file in it", shown)
	case !info.Mode().IsRegular():
		return "", catalog.Invalidf("%s is no regular file; a backup is read back, so it has to be one", shown)
	case !o.Force:
		return "", exists(path)
	}
	return path, nil
}

// isWithin tells that a path, without symbolic links, is a directory or below it.
func isWithin(path, dir string) bool {
	rel, err := filepath.Rel(settled(dir), path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// isSame tells that two paths are one file.
func isSame(path, other string) bool {
	if path == settled(other) {
		return true
	}
	a, err := os.Stat(path)
	if err != nil {
		return false
	}
	b, err := os.Stat(other)
	return err == nil && os.SameFile(a, b)
}

// settled is a path, absolute and as far as it exists without symbolic links.
func settled(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}

// existsError is a file that is there already.
type existsError struct{ path string }

// exists is the error for a file in the way.
func exists(path string) error { return &existsError{path} }

// Error says what to do.
func (e *existsError) Error() string {
	return catalog.Visible(e.path) + " is there already; --force overwrites it"
}

// Unwrap returns catalog.ErrExists.
func (e *existsError) Unwrap() error { return catalog.ErrExists }

// badKept is how many bad files are remembered with their reason.
const badKept = 10

// BadContentError says that content of the catalog is missing or damaged.
type BadContentError struct {
	Bad   []string // the first of them, with their reasons
	Total int
}

// add notes a file; its error is that of asking the catalog for its name.
func (e *BadContentError) add(ctx context.Context, tx *store.Tx, key string, reason error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if e.Total++; len(e.Bad) >= badKept {
		return nil
	}
	id, err := tx.FileByKey(ctx, key, "")
	if err != nil {
		return err
	}
	fs, err := tx.FilesByID(ctx, id)
	if err != nil {
		return err
	}
	e.Bad = append(e.Bad, fmt.Sprintf("file %d (%s): %s", id, catalog.Visible(fs[0].Label()), catalog.Visible(reason.Error())))
	return nil
}

// Error names the first files, and says what to do.
func (e *BadContentError) Error() string {
	text := fmt.Sprintf("no backup was made, for %d %s of the catalog cannot be read; 'moviedb check' tells of them all:",
		e.Total, catalog.Plural(e.Total, "file", "files"))
	for _, b := range e.Bad {
		text += "\n" + b
	}
	if more := e.Total - len(e.Bad); more > 0 {
		text += fmt.Sprintf("\n… and %d more", more)
	}
	return text
}

// syncDir lets the names in a folder last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return at(dir, err)
	}
	defer d.Close()
	// Some file systems cannot sync a directory and say EINVAL.
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return at(dir, err)
	}
	return nil
}
