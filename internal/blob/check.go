package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"runtime"
	"strings"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
)

// others are the bits of a mode by which others than the owner reach a file.
const others fs.FileMode = 0o077

// Exposed is something in the managed directory that others than its owner can
// reach.
type Exposed struct {
	Name string // in the directory, with slashes; "." is the directory itself
	Mode fs.FileMode
}

// Exposed yields the directory, its folders and its content, as far as the mode
// lets others reach them. What is not ours is passed over. Where files have no
// such modes there is nothing.
func (d *Dir) Exposed(ctx context.Context) iter.Seq2[Exposed, error] {
	return func(yield func(Exposed, error) bool) {
		root, err := d.root()
		if errors.Is(err, fs.ErrNotExist) || runtime.GOOS == "windows" {
			return
		}
		if err != nil {
			yield(Exposed{}, err)
			return
		}
		defer root.Close()
		err = fs.WalkDir(root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil:
				return err
			case !isOurs(name, e) && e.IsDir():
				return fs.SkipDir
			case !isOurs(name, e):
				return nil
			}
			info, err := e.Info()
			if err != nil || info.Mode()&others == 0 {
				return nil // gone meanwhile, or closed
			}
			if !yield(Exposed{name, info.Mode().Perm()}, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(Exposed{}, d.failed(err))
		}
	}
}

// isOurs tells that the program made a file or folder of the directory.
func isOurs(name string, e fs.DirEntry) bool {
	first, _, deeper := strings.Cut(name, "/")
	switch {
	case e.IsDir():
		return name == "." || name == ownersName || !deeper && isShard(name) || first == trashName
	case !e.Type().IsRegular():
		return false
	}
	return isKey(name) || isTemp(name) || isTrashed(name) || deeper && first == ownersName
}

// Restrict takes a file or folder that Exposed found away from others.
func (d *Dir) Restrict(e Exposed) error {
	root, err := d.root()
	if err != nil {
		return err
	}
	defer root.Close()
	info, err := root.Lstat(e.Name)
	if err == nil && (info.IsDir() || info.Mode().IsRegular()) {
		err = root.Chmod(e.Name, info.Mode().Perm()&^others)
	}
	if err != nil {
		return d.failed(err)
	}
	return nil
}

// Present is Verify without reading: of the content it looks only whether there
// is any. Its errors are those of Verify.
func (d *Dir) Present(key string) error {
	size, err := d.Stat(key)
	if err != nil {
		return err
	}
	if none := sha256.Sum256(nil); size == 0 && hashOf(key) != hex.EncodeToString(none[:]) {
		return fmt.Errorf("%s: %w: it is empty", key, ErrDamaged)
	}
	return nil
}

// RemoveTemp removes a temporary file that Unreferenced found, unless a living
// process has it meanwhile.
func (d *Dir) RemoveTemp(l Leftover) error {
	if !isTemp(l.Key) || path.Base(l.Key) != l.Key {
		return catalog.Invalidf("%s is not the name of a temporary file", catalog.Quote(l.Key))
	}
	root, err := d.root()
	if err != nil {
		return err
	}
	defer root.Close()
	if !isDead(root, l.Key, time.Now()) {
		return nil
	}
	if err := root.Remove(l.Key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d.failed(err)
	}
	return nil
}

// SweepTemps removes the temporary files of processes that are gone, from a
// directory that no collection looks after. A missing one has none.
func (d *Dir) SweepTemps() error {
	root, entries, err := d.entries(".")
	if root == nil {
		return err
	}
	defer root.Close()
	for _, e := range entries {
		if !isTemp(e.Name()) {
			continue
		}
		if err := d.RemoveTemp(Leftover{Key: e.Name()}); err != nil {
			return err
		}
	}
	return nil
}

// Root is the path that the directory was opened with.
func (d *Dir) Root() string { return d.path }
