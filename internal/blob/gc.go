package blob

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"time"
)

// Leftover is a file that nothing needs.
type Leftover struct {
	Key  string // its name in the directory, with slashes: a key, a temporary name, or one below trash/
	Size int64  // bytes
	Temp bool   // content that never got its name
}

// Unreferenced lists the content that no row refers to, as referenced tells by
// the key, and what was staged by a process that is gone. Files of names that
// are not ours are left alone, and so is the trash. The caller holds the write
// lock of the catalog until Trash is done.
func (d *Dir) Unreferenced(ctx context.Context, referenced func(key string) (bool, error)) ([]Leftover, error) {
	root, err := d.root()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	names, err := list(root, ".")
	if err != nil {
		return nil, d.failed(err)
	}
	var found []Leftover
	now := time.Now()
	for _, e := range names {
		switch {
		case e.IsDir() && isShard(e.Name()):
			if found, err = d.unreferencedIn(ctx, root, e.Name(), found, referenced); err != nil {
				return nil, err
			}
		case e.Type().IsRegular() && isTemp(e.Name()) && isDead(root, e.Name(), now):
			found = appendFile(found, root, e.Name())
		}
	}
	return found, nil
}

// unreferencedIn is Unreferenced for one folder of content.
func (d *Dir) unreferencedIn(ctx context.Context, root *os.Root, shard string, found []Leftover,
	referenced func(key string) (bool, error)) ([]Leftover, error) {
	names, err := list(root, shard)
	if err != nil {
		return nil, d.failed(err)
	}
	for _, e := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		key := shard + "/" + e.Name()
		if !e.Type().IsRegular() || !isKey(key) {
			continue
		}
		needed, err := referenced(key)
		if err != nil {
			return nil, err
		}
		if !needed {
			found = appendFile(found, root, key)
		}
	}
	return found, nil
}

// entries opens the directory and lists a folder in it; root is nil, and nothing
// is to be closed, after an error and for a directory that is not there.
func (d *Dir) entries(name string) (root *os.Root, entries []fs.DirEntry, err error) {
	root, err = d.root()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if entries, err = list(root, name); err != nil {
		return nil, nil, errors.Join(d.failed(err), root.Close())
	}
	return root, entries, nil
}

// list returns the entries of a folder in the directory, by name; none of one
// that is gone.
func list(root *os.Root, name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(root.FS(), name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return entries, err
}

// appendFile adds a regular file of the directory to a list, unless it is gone.
func appendFile(found []Leftover, root *os.Root, name string) []Leftover {
	info, err := root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return found
	}
	return append(found, Leftover{Key: name, Size: info.Size(), Temp: isTemp(path.Base(name))})
}
