package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
)

// trashLayout names the folders of the trash by the time, in UTC, at which
// their content came there.
const trashLayout = "2006-01-02T150405Z"

// Trash moves what Unreferenced found to trash/<time>/, under the names it had.
// What is gone meanwhile, or belongs to a living process, is passed over. The
// caller holds the write lock of the catalog.
func (d *Dir) Trash(l []Leftover, now time.Time) error {
	for _, one := range l {
		if !isKey(one.Key) && !isTemp(one.Key) {
			return catalog.Invalidf("%s is not the name of content", catalog.Quote(one.Key))
		}
	}
	if len(l) == 0 {
		return nil
	}
	root, err := d.root()
	if err != nil {
		return err
	}
	defer root.Close()
	m := &mover{dir: d, root: root, to: trashName + "/" + now.UTC().Format(trashLayout), now: now, changed: map[string]bool{}}
	for _, one := range l {
		if err := m.move(one.Key); err != nil {
			return errors.Join(err, m.sync())
		}
	}
	return m.sync()
}

// mover moves files to a folder of the trash and remembers what to sync.
type mover struct {
	dir     *Dir
	root    *os.Root
	to      string
	now     time.Time
	changed map[string]bool // folders
}

// move moves one file. One that is gone is passed over: a process takes its
// temporary file away without the write lock.
func (m *mover) move(name string) error {
	err := m.tryMove(name)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return m.dir.failed(err)
}

// tryMove is move with the bare error.
func (m *mover) tryMove(name string) error {
	from, target := path.Dir(name), m.to+"/"+name
	if !isDir(m.root, from) {
		return nil
	}
	info, err := m.root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	if isTemp(name) {
		f, err := m.root.OpenFile(name, os.O_RDWR|flagNonblock, 0)
		if err != nil {
			return err
		}
		defer f.Close() // with the lock, after the move
		if !diedWith(m.root, name, f, m.now) {
			return nil
		}
		if !keepOpen {
			f.Close()
		}
	}
	if err := m.mkdirs(path.Dir(target)); err != nil {
		return err
	}
	if err := m.root.Rename(name, target); err != nil {
		return err
	}
	m.changed[from], m.changed[path.Dir(target)] = true, true
	return nil
}

// mkdirs makes a folder and those above it.
func (m *mover) mkdirs(name string) error {
	if name == "." || m.changed[name] {
		return nil
	}
	if err := m.mkdirs(path.Dir(name)); err != nil {
		return err
	}
	made, err := makeDir(m.root, name)
	if made {
		m.changed[path.Dir(name)] = true
	}
	return err
}

// sync makes the moves last, the new places first.
func (m *mover) sync() error {
	names := slices.Sorted(maps.Keys(m.changed))
	slices.Reverse(names) // trash/… before ab and .
	for _, name := range names {
		if err := syncDir(m.root, name); err != nil {
			return m.dir.failed(err)
		}
	}
	return nil
}

// Expired lists what has lain in the trash for age or longer; an age of 0 or
// less is all of it.
func (d *Dir) Expired(now time.Time, age time.Duration) ([]Leftover, error) {
	root, err := d.root()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	var found []Leftover
	for name, err := range trashed(root) {
		if err != nil {
			return nil, d.failed(err)
		}
		since, _ := time.Parse(trashLayout, strings.Split(name, "/")[1])
		if age <= 0 || now.Sub(since) >= age {
			found = appendFile(found, root, name)
		}
	}
	return found, nil
}

// trashed returns the names of the content in the trash.
func trashed(root *os.Root) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if !isDir(root, trashName) {
			return
		}
		err := fs.WalkDir(root.FS(), trashName, func(name string, e fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil:
				return err
			case e.IsDir() && strings.Count(name, "/") > 2:
				return fs.SkipDir // trash/<time>/ab is as deep as it goes
			case e.Type().IsRegular() && isTrashed(name) && !yield(name, nil):
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield("", err)
		}
	}
}

// isTrashed reports whether a name has the shape trash/<time>/<key>, or that
// with a temporary name.
func isTrashed(name string) bool {
	parts := strings.SplitN(name, "/", 3)
	if len(parts) < 3 || parts[0] != trashName {
		return false
	}
	_, err := time.Parse(trashLayout, parts[1])
	return err == nil && (isKey(parts[2]) || isTemp(parts[2]))
}

// Restore puts content from the trash back into its place, if nothing lies
// there, and reports whether it did. The caller holds the write lock.
func (d *Dir) Restore(one Leftover) (done bool, err error) {
	key, ok := one.Trashed()
	if !ok {
		return false, catalog.Invalidf("%s is not in the trash", catalog.Quote(one.Key))
	}
	root, err := d.root()
	if err != nil {
		return false, err
	}
	defer root.Close()
	if _, err := root.Lstat(key); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if !isDir(root, path.Dir(one.Key)) {
		return false, nil
	}
	if _, err := makeDir(root, path.Dir(key)); err != nil {
		return false, d.failed(err)
	}
	if err := root.Rename(one.Key, key); err != nil {
		return false, d.failed(err)
	}
	return true, errors.Join(syncDir(root, path.Dir(key)), syncDir(root, "."), syncDir(root, path.Dir(one.Key)))
}

// Trashed returns the key that content in the trash had in its place; ok is
// false for what is not in the trash, or was never content.
func (l Leftover) Trashed() (key string, ok bool) {
	if !isTrashed(l.Key) {
		return "", false
	}
	key = strings.SplitN(l.Key, "/", 3)[2]
	return key, isKey(key)
}

// Destroy removes what Expired found, for good. It touches nothing outside the
// trash; what is gone already is passed over. While somebody holds the
// directory nothing is destroyed, and the error is ErrHeld.
func (d *Dir) Destroy(l []Leftover) error {
	for _, one := range l {
		if !isTrashed(one.Key) {
			return catalog.Invalidf("%s is not in the trash", catalog.Quote(one.Key))
		}
	}
	if len(l) == 0 {
		return nil
	}
	root, err := d.root()
	if err != nil {
		return err
	}
	defer root.Close()
	release, err := withdraw(root)
	if err != nil {
		return fmt.Errorf("%s: %w", catalog.Visible(d.path), err)
	}
	defer release()
	for _, one := range l {
		if err := d.destroy(root, one.Key); err != nil {
			return err
		}
	}
	return nil
}

// destroy removes one file, and the folders of the trash that are empty then.
func (d *Dir) destroy(root *os.Root, name string) error {
	for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
		if !isDir(root, folder) { // a symbolic link could lead to living content
			return nil
		}
	}
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d.failed(err)
	}
	for folder := path.Dir(name); folder != trashName; folder = path.Dir(folder) {
		if root.Remove(folder) != nil {
			break
		}
	}
	return nil
}
