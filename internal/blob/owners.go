package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

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

// Dir is the directory that the content is in.
func (s *Staged) Dir() *Dir { return s.dir }

// Pass notes that the catalog with the mark to is in the place of the one with
// the mark from, whose content is its own to collect now.
func (d *Dir) Pass(from, to string) error {
	if from != to && catalog.IsMark(from) {
		root, err := d.root()
		if err != nil {
			return err
		}
		defer root.Close()
		if err := root.Remove(ownersName + "/" + from); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return d.failed(err)
		}
	}
	return d.Join(to)
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
