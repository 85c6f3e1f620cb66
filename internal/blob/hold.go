package blob

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/tempfile"
)

// ErrHeld marks that nothing can be destroyed because somebody holds the
// directory.
var ErrHeld = errors.New("a backup is being made of it")

// holdPause is how long Hold waits before it looks again.
const holdPause = 10 * time.Millisecond

// Hold sees to it that no content is destroyed, by this or by another process,
// until release is called or the process ends. Content may still move to the
// trash, where OpenKept finds it. Where the file system has no locks, and for a
// directory that is not there, there is nothing to hold. It waits while content
// is being destroyed; the error is that of ctx, or of opening the directory.
func (d *Dir) Hold(ctx context.Context) (release func(), err error) {
	root, err := d.root()
	if errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.Open(".")
	if err != nil {
		return nil, d.failed(err)
	}
	for tempfile.LockShared(f) == tempfile.Taken {
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		case <-time.After(holdPause):
		}
	}
	return func() { f.Close() }, nil
}

// withdraw keeps others from holding the directory until release is called. If
// somebody does it is ErrHeld.
func withdraw(root *os.Root) (release func(), err error) {
	f, err := root.Open(".")
	if errors.Is(err, fs.ErrPermission) {
		return func() {}, nil // one may write to a directory and not read it
	}
	if err != nil {
		return nil, catalog.WithoutPath(err)
	}
	if tempfile.Lock(f) == tempfile.Taken {
		f.Close()
		return nil, ErrHeld
	}
	return func() { f.Close() }, nil
}

// OpenKept opens the content of a key for reading, be it in its place or, the
// place being empty, in the trash. Its errors are those of Stat.
func (d *Dir) OpenKept(key string) (*os.File, error) {
	f, err := d.OpenFile(key)
	if !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	if f := d.openTrashed(key); f != nil {
		return f, nil
	}
	return d.OpenFile(key) // a collection may have put it back meanwhile
}

// openTrashed opens content in the trash, the last that came there; nil if there
// is none.
func (d *Dir) openTrashed(key string) *os.File {
	root, err := d.root()
	if err != nil {
		return nil
	}
	defer root.Close()
	times, err := list(root, trashName)
	if err != nil {
		return nil
	}
	for i := len(times) - 1; i >= 0; i-- {
		name := path.Join(trashName, times[i].Name(), key)
		if strings.HasPrefix(name, trashName+"/") && isTrashed(name) && isDir(root, path.Dir(name)) {
			if f, _, err := openRegular(root.OpenFile, name); err == nil {
				return f
			}
		}
	}
	return nil
}
