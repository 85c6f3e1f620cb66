package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Installation says what Install puts where.
type Installation struct {
	Built string // the file: whole, synced, with nothing beside it, in the folder of the catalog
	Force bool   // replace a catalog that is there

	// Replacing is told the mark of the catalog that is about to be replaced, "" if
	// that cannot be read, and maybe again when its turn did not come; nil is nobody.
	Replacing func(mark string)
	// Place is called at the last moment, while nobody else can write to the
	// catalog that is replaced; an error ends the installation. nil is nothing.
	Place func() error
	// Step is called at named moments, for tests; nil is nobody.
	Step func(string)
}

// replacedMark is in the second name of a catalog that is being replaced.
const replacedMark = ".replaced-"

// Install puts a database file in the place of the catalog, at one moment:
// whoever opens the catalog finds the old one or the new one, and so does who has
// it open. A process killed on the way leaves one of the two.
//
// A catalog that is there keeps its file: what it holds is replaced in one
// transaction of SQLite's, which waits for others as any does; catalog.ErrBusy if
// its turn does not come in time. Only one too damaged for a transaction gives
// its name to the new file; of that, a process killed leaves at worst a second
// name of the old one, which the next installation removes.
// Without Force a catalog in the place is catalog.ErrExists; what is there and
// no catalog is an error in any case.
func Install(ctx context.Context, o Options, in Installation) (replaced bool, err error) {
	st, err := probe(o.Path)
	if err != nil {
		return false, err
	}
	if in.Step == nil {
		in.Step = func(string) {}
	}
	if in.Replacing == nil {
		in.Replacing = func(string) {}
	}
	if st == present {
		if !in.Force {
			return false, InTheWay(o)
		}
		return true, o.replace(ctx, in)
	}
	if err := o.leftOver(ctx); err != nil {
		return false, o.raced(err)
	}
	if err := in.place(ctx); err != nil {
		return false, err
	}
	if err := o.name(ctx, in.Built, st); err != nil {
		return false, o.raced(err)
	}
	in.Step("installed")
	return false, syncDir(filepath.Dir(o.Path))
}

// raced is the error of an installation in a place where there was no catalog.
func (o Options) raced(err error) error {
	if errors.Is(err, errRaced) {
		return InTheWay(o)
	}
	return err
}

// InTheWay is the error for a catalog that is there already, a catalog.ErrExists.
func InTheWay(o Options) error {
	return &classified{text: fmt.Sprintf("there is a catalog at %s already; --force replaces it", catalog.Visible(o.Path)), sentinel: catalog.ErrExists}
}

// replace puts what the file holds in the place of a catalog.
func (o Options) replace(ctx context.Context, in Installation) error {
	if err := o.mayWrite(); err != nil {
		return err
	}
	damaged, err := o.overwrite(ctx, in)
	if err == nil {
		o.sweepReplaced()
	}
	if !damaged {
		return err
	}
	if err := in.place(ctx); err != nil {
		return err
	}
	if err := o.swap(in); err != nil {
		return fmt.Errorf("replace the catalog %s: %w", catalog.Visible(o.Path), catalog.WithoutPath(err))
	}
	return nil
}

// place is the last moment before the installation.
func (in Installation) place(ctx context.Context) error {
	if in.Place != nil {
		if err := in.Place(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// journals are the files that SQLite keeps beside a database.
func journals() []string { return []string{"-wal", "-journal", "-shm"} }

// swap gives a damaged catalog a second name, and the new one its first. There
// is a file at the path at any moment. The journal of the old one stays beside it.
func (o Options) swap(in Installation) (err error) {
	aside := o.Path + replacedMark + strings.ToLower(rand.Text())
	if err := os.Link(o.Path, aside); err != nil {
		return err
	}
	in.Step("kept")
	moved, err := moveJournals(o.Path, aside)
	if err == nil {
		err = os.Rename(in.Built, o.Path)
	}
	if err != nil {
		for _, suffix := range moved {
			err = errors.Join(err, os.Rename(aside+suffix, o.Path+suffix))
		}
		return errors.Join(err, os.Remove(aside))
	}
	in.Step("installed")
	if err := syncDir(filepath.Dir(o.Path)); err != nil {
		return errors.Join(err, os.Rename(aside, o.Path))
	}
	o.sweepReplaced()
	return nil
}

// moveJournals renames what lies beside one name so that it lies beside another.
func moveJournals(from, to string) (moved []string, err error) {
	for _, suffix := range journals() {
		if size(from+suffix) < 0 {
			continue
		}
		if err := os.Rename(from+suffix, to+suffix); err != nil {
			return moved, err
		}
		moved = append(moved, suffix)
	}
	return moved, nil
}

// sweepReplaced removes catalogs that were replaced. What cannot be removed
// stays for the next time.
func (o Options) sweepReplaced() {
	entries, err := os.ReadDir(filepath.Dir(o.Path))
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), filepath.Base(o.Path)+replacedMark) && e.Type().IsRegular() {
			os.Remove(filepath.Join(filepath.Dir(o.Path), e.Name()))
		}
	}
}

// isDamaged tells an error of a catalog that nobody can work with.
func isDamaged(err error) bool {
	code := errorCode(err) & 0xff
	return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB
}

// damagedFormat tells an error of a catalog that SQLite does not write because of
// what its header says: this program writes no such format.
func (o Options) damagedFormat(err error) bool {
	code := errorCode(err) & 0xff
	return (code == sqlite3.SQLITE_READONLY || code == sqlite3.SQLITE_ERROR) && unknownFormat(o.Path)
}

// wasReplaced is the error for a catalog that is another file by now.
func (o Options) wasReplaced(cause error) error {
	return &classified{text: fmt.Sprintf("%s was replaced by another process meanwhile; try again", o.visible()), sentinel: catalog.ErrBusy, cause: cause}
}
