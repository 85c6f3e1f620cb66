package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Dir is the managed directory. Opening it touches nothing; the first Stage
// makes it, for its owner alone (0700).
type Dir struct {
	path string
	step func(string)
}

// Open returns the managed directory at path, whether it is there or not.
func Open(path string) *Dir { return &Dir{path: path} }

// OnStep has step called at the points where a test wants to kill the process:
// "temp written", when Stage has synced content under its temporary name, and
// "renamed", when Commit has given it its own. nil calls nothing.
func (d *Dir) OnStep(step func(step string)) { d.step = step }

// at announces a step.
func (d *Dir) at(step string) {
	if d.step != nil {
		d.step(step)
	}
}

// Path returns where the content of a key is, below the path the directory was
// opened with, whether it is there or not; "" for what is no key.
func (d *Dir) Path(key string) string {
	if !isKey(key) {
		return ""
	}
	return filepath.Join(d.path, filepath.FromSlash(key))
}

// Stat returns the size of a key's content in bytes. Content that is not there
// is fs.ErrNotExist, what is no key catalog.ErrInvalid; what is no regular file
// or lies outside the directory by way of a symbolic link is an error too.
func (d *Dir) Stat(key string) (size int64, err error) {
	f, info, err := d.open(key)
	if err != nil {
		return 0, err
	}
	return info.Size(), f.Close()
}

// OpenFile opens the content of a key for reading, with the care and the errors
// of Stat.
func (d *Dir) OpenFile(key string) (*os.File, error) {
	f, _, err := d.open(key)
	return f, err
}

// open opens the content of a key.
func (d *Dir) open(key string) (*os.File, fs.FileInfo, error) {
	if !isKey(key) {
		return nil, nil, catalog.Invalidf("%s is not the key of a file", catalog.Quote(key))
	}
	root, err := d.root()
	if err != nil {
		return nil, nil, err
	}
	defer root.Close()
	f, info, err := openRegular(root.OpenFile, filepath.FromSlash(key))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", key, catalog.WithoutPath(err))
	}
	return f, info, nil
}

// root opens the directory, which has to be there.
func (d *Dir) root() (*os.Root, error) {
	info, err := os.Stat(d.path) // os.OpenRoot would wait for the writer of a FIFO
	if err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s: %s, not a directory", catalog.Visible(d.path), kindOf(info.Mode()))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", catalog.Visible(d.path), catalog.WithoutPath(err))
	}
	root, err := os.OpenRoot(d.path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", catalog.Visible(d.path), catalog.WithoutPath(err))
	}
	return root, nil
}

// create opens the directory and makes it if need be; made tells that it was.
func (d *Dir) create() (root *os.Root, made bool, err error) {
	root, err = d.root()
	if !errors.Is(err, fs.ErrNotExist) {
		return root, false, err
	}
	parent := filepath.Dir(d.path)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, false, fmt.Errorf("%s: %w", catalog.Visible(parent), catalog.WithoutPath(err))
	}
	err = os.Mkdir(d.path, 0o700)
	if made = err == nil; !made && !errors.Is(err, fs.ErrExist) {
		return nil, false, fmt.Errorf("%s: %w", catalog.Visible(d.path), catalog.WithoutPath(err))
	}
	if made {
		if err := syncPath(parent); err != nil {
			return nil, true, err
		}
	}
	root, err = d.root()
	return root, made, err
}

// opener is os.OpenFile or that of an os.Root.
type opener func(name string, flag int, perm fs.FileMode) (*os.File, error)

// openRegular opens a regular file for reading, and nothing else. It neither
// waits for the other end of a FIFO nor wakes a device.
func openRegular(open opener, name string) (*os.File, fs.FileInfo, error) {
	f, err := open(name, os.O_RDONLY|flagNonblock, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = catalog.Invalidf("%s, not a file", kindOf(info.Mode()))
	}
	if err == nil {
		err = setBlocking(f)
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// kindOf says what a file that is not a regular one is.
func kindOf(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "it is a directory"
	case m&fs.ModeNamedPipe != 0:
		return "it is a FIFO"
	case m&fs.ModeSocket != 0:
		return "it is a socket"
	case m&fs.ModeDevice != 0:
		return "it is a device"
	case m.IsRegular():
		return "it is a file"
	case m&fs.ModeSymlink != 0:
		return "it is a symbolic link"
	}
	return "it is something special"
}
