package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/tempfile"
)

// batchPrefix begins the name of a folder of content on its way in.
const batchPrefix = ".restore-"

// Batch is much content on its way in together: it lies in a folder of its own
// in the managed directory until all of it is put in place. The folder is locked
// as long as the process lives. It is for one goroutine.
type Batch struct {
	dir     *Dir
	root    *os.Root // of the folder
	lock    *os.File // the folder
	name    string   // of the folder in the directory
	made    bool     // the directory was made for it
	damaged map[string]bool
}

// NewBatch makes the folder, and the directory if need be. The caller calls
// Close in the end.
func (d *Dir) NewBatch() (*Batch, error) {
	const attempts = 100
	b := &Batch{dir: d, damaged: map[string]bool{}}
	for range attempts {
		root, made, err := d.create()
		b.made = b.made || made
		if errors.Is(err, fs.ErrNotExist) {
			continue // somebody whose content was refused took the empty directory away
		}
		if err == nil {
			err = b.open(root)
			root.Close()
		}
		if err == nil && b.lock != nil {
			return b, nil
		}
		if err != nil {
			b.unmake()
			return nil, d.failed(err)
		}
	}
	return nil, errors.New(catalog.Visible(d.path) + ": no folder can be made in it")
}

// open makes and locks the folder; b.lock stays nil if somebody who sweeps up
// after the dead was quicker.
func (b *Batch) open(root *os.Root) error {
	b.name = batchPrefix + strings.ToLower(rand.Text())
	if err := root.Mkdir(b.name, 0o700); err != nil {
		return err
	}
	f, err := root.Open(b.name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if tempfile.Lock(f) == tempfile.Taken || !isAt(root, b.name, f) {
		f.Close()
		return nil
	}
	folder, err := root.OpenRoot(b.name)
	if err != nil {
		f.Close()
		return err
	}
	b.lock, b.root = f, folder
	return nil
}

// Add reads the content of a key to its end, compares it with the key and lets
// it last in the folder. What is not what its key says is ErrDamaged, a key that
// is none catalog.ErrInvalid.
func (b *Batch) Add(ctx context.Context, key string, r io.Reader) error {
	if !isKey(key) {
		return catalog.Invalidf("%s is not the key of a file", catalog.Quote(key))
	}
	if _, err := makeDir(b.root, key[:2]); err != nil {
		return b.dir.failed(err)
	}
	f, err := b.root.OpenFile(key, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return b.dir.failed(err)
	}
	s := &Staged{Key: key, dir: b.dir, temp: &temp{f: f}}
	err = s.fill(ctx, r)
	if cerr := f.Close(); err == nil && cerr != nil {
		err = b.dir.failed(cerr)
	}
	if err != nil {
		return err
	}
	if errors.Is(b.dir.Verify(key), ErrDamaged) { // now, for later it would keep others from writing
		b.damaged[key] = true
	}
	return nil
}

// Commit puts all content in place. What is there already stays, unless Add
// found it damaged. It stops when ctx ends; what is in place then is content
// without a row. The caller holds the write lock of the catalog.
func (b *Batch) Commit(ctx context.Context) error {
	root, err := b.dir.root()
	if err != nil {
		return err
	}
	defer root.Close()
	shards, err := list(b.root, ".")
	if err != nil {
		return b.dir.failed(err)
	}
	for _, shard := range shards {
		if err := b.commitShard(ctx, root, shard.Name()); err != nil {
			return err
		}
	}
	if err := syncDir(root, "."); err != nil {
		return b.dir.failed(err)
	}
	b.made = false // it stays, be it empty
	return nil
}

// commitShard is Commit for one folder of content.
func (b *Batch) commitShard(ctx context.Context, root *os.Root, shard string) error {
	names, err := list(b.root, shard)
	if err != nil {
		return b.dir.failed(err)
	}
	if _, err := makeDir(root, shard); err != nil {
		return b.dir.failed(err)
	}
	for _, e := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		key := shard + "/" + e.Name()
		if b.isThere(root, key) {
			continue
		}
		if err := root.Rename(b.name+"/"+key, key); err != nil {
			return b.dir.failed(err)
		}
		b.dir.at("renamed")
	}
	if err := syncDir(root, shard); err != nil {
		return b.dir.failed(err)
	}
	return nil
}

// isThere tells that the content of a key is in place and sound.
func (b *Batch) isThere(root *os.Root, key string) bool {
	if b.damaged[key] {
		return false
	}
	ours, err := b.root.Lstat(key)
	if err != nil {
		return false
	}
	there, err := root.Lstat(key)
	return err == nil && there.Mode().IsRegular() && there.Size() == ours.Size()
}

// Close removes the folder with what is still in it, and the directory if it was
// made for it and is empty.
func (b *Batch) Close() error {
	root, err := b.dir.root()
	if err != nil {
		return err
	}
	defer root.Close()
	err = root.RemoveAll(b.name)
	b.root.Close()
	b.lock.Close()
	b.unmake()
	if err != nil {
		return b.dir.failed(err)
	}
	return nil
}

// unmake removes the directory if it was made for the batch and is empty.
func (b *Batch) unmake() { b.dir.removeIfMade(&temp{madeDir: b.made}) }

// SweepBatches removes the folders of processes that are gone.
func (d *Dir) SweepBatches() error {
	root, entries, err := d.entries(".")
	if root == nil {
		return err
	}
	defer root.Close()
	for _, e := range entries {
		if e.IsDir() && isBatch(e.Name()) {
			if err := sweepBatch(root, e.Name()); err != nil {
				return d.failed(fmt.Errorf("%s: %w", e.Name(), catalog.WithoutPath(err)))
			}
		}
	}
	return nil
}

// isBatch reports whether s is the name of a folder of content on its way in.
func isBatch(s string) bool {
	rest, ok := strings.CutPrefix(s, batchPrefix)
	return ok && len(rest) >= 16 && len(rest) <= 64 && isAlnum(rest)
}

// sweepBatch removes one folder, unless its process lives.
func sweepBatch(root *os.Root, name string) error {
	f, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.IsDir() {
		return err
	}
	switch tempfile.Lock(f) {
	case tempfile.Taken:
		return nil
	case tempfile.Unlockable:
		if time.Since(info.ModTime()) < ageOfTheDead {
			return nil
		}
	}
	return root.RemoveAll(name)
}
