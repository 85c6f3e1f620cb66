package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/moviedb/moviedb/internal/catalog"
)

// ownersName is the folder in a managed directory with an empty file for every
// catalog that keeps content there, named by the catalog's mark.
const ownersName = "owners"

// ErrShared says that other catalogs keep content in a managed directory. It
// wraps catalog.ErrInUse.
var ErrShared = fmt.Errorf("another catalog keeps pictures there too: %w", catalog.ErrInUse)

// Join notes that the catalog with a mark keeps content in the directory, so that
// no other catalog takes that for garbage. The mark "" is nobody's; what is no mark
// is catalog.ErrInvalid. A missing directory stays missing.
func (d *Dir) Join(mark string) error {
	if mark != "" && !catalog.IsMark(mark) {
		return catalog.Invalidf("%s is not the mark of a catalog", catalog.Quote(mark))
	}
	root, err := d.root()
	if errors.Is(err, fs.ErrNotExist) || mark == "" {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close()
	name := ownersName + "/" + mark
	if _, err := root.Lstat(name); err == nil {
		return nil
	}
	if _, err := makeDir(root, ownersName); err != nil {
		return d.failed(err)
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return d.failed(err)
	}
	if err := errors.Join(f.Close(), syncDir(root, ownersName)); err != nil {
		return d.failed(err)
	}
	return nil
}

// Enter is Join for a catalog that may come to nothing, in the place of the one
// with the mark from. It notes nothing where that is not needed yet: where from is
// noted, which keeps others from collecting, or nobody is, who could. leave takes
// back what it noted.
func (d *Dir) Enter(mark, from string) (leave func(), err error) {
	root, owners, err := d.entries(ownersName)
	if root == nil {
		return func() {}, err
	}
	defer root.Close()
	noted := func(e fs.DirEntry) bool { return e.Name() == mark || e.Name() == from }
	if len(owners) == 0 || slices.ContainsFunc(owners, noted) {
		return func() {}, nil
	}
	return func() {
		if root, err := d.root(); err == nil && mark != "" {
			root.Remove(ownersName + "/" + mark)
			root.Close()
		}
	}, d.Join(mark)
}

// Dir is the directory that the content is in.
func (s *Staged) Dir() *Dir { return s.dir }

// Pass notes that the catalog with the mark to is in the place of the one with
// the mark from, whose content is its own to collect now. The one is noted before
// the other goes.
func (d *Dir) Pass(from, to string) error {
	if err := d.Join(to); err != nil || from == to || !catalog.IsMark(from) {
		return err
	}
	root, err := d.root()
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.Remove(ownersName + "/" + from); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d.failed(err)
	}
	return nil
}

// Alone is ErrShared if another catalog than that with the mark keeps content in
// the directory.
func (d *Dir) Alone(mark string) error {
	root, owners, err := d.entries(ownersName)
	if root == nil {
		return err
	}
	defer root.Close()
	for _, o := range owners {
		if o.Name() != mark {
			return fmt.Errorf("the directory of pictures %s: %w, which cannot be told from garbage here; give each catalog a directory of its own (--files), or, if that catalog is gone, delete %s in it",
				catalog.Visible(d.path), ErrShared, catalog.Visible(ownersName+"/"+o.Name()))
		}
	}
	return nil
}
