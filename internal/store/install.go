package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Installation says what Install puts where.
type Installation struct {
	Built string // the file: whole, synced, with nothing beside it, in the folder of the catalog
	Force bool   // replace a catalog that is there

	// Place is called at the last moment, while nobody else can write to the
	// catalog that is replaced; an error ends the installation. nil is nothing.
	Place func() error
	// Step is called at named moments, for tests; nil is nobody.
	Step func(string)
}

// replacedMark is in the name of a catalog that is being replaced.
const replacedMark = ".replaced-"

// Install gives a database file the name of the catalog, at one moment: whoever
// opens the catalog finds the old one or the new one. A process killed on the
// way leaves one of the two, and at worst a second name of the old one, which
// the next installation removes.
//
// The old one is held exclusively meanwhile, so that no process is in the middle
// of it and none applies its journal to the new one; catalog.ErrBusy if that
// cannot be had in time. One too damaged to be locked is replaced all the same.
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
	if st == present {
		if !in.Force {
			return false, InTheWay(o)
		}
		return true, o.replace(ctx, in)
	}
	if err := o.leftOver(); err != nil {
		return false, err
	}
	if in.Place != nil {
		if err := in.Place(); err != nil {
			return false, err
		}
	}
	if err := o.name(ctx, in.Built, st); err != nil {
		if errors.Is(err, errRaced) {
			err = InTheWay(o)
		}
		return false, err
	}
	in.Step("installed")
	return false, syncDir(filepath.Dir(o.Path))
}

// InTheWay is the error for a catalog that is there already, a catalog.ErrExists.
func InTheWay(o Options) error {
	return &classified{text: fmt.Sprintf("there is a catalog at %s already; --force replaces it", catalog.Visible(o.Path)), sentinel: catalog.ErrExists}
}

// replace puts the file in the place of a catalog.
func (o Options) replace(ctx context.Context, in Installation) (err error) {
	release, err := o.exclude(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release(err != nil)) }()
	in.Step("locked")
	if in.Place != nil {
		if err := in.Place(); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := o.swap(in); err != nil {
		return fmt.Errorf("replace the catalog %s: %w", catalog.Visible(o.Path), catalog.WithoutPath(err))
	}
	return nil
}

// journals are the files that SQLite keeps beside a database.
func journals() []string { return []string{"-wal", "-journal", "-shm"} }

// swap gives the old catalog a second name, and the new one its first. There is
// a file at the path at any moment. Beside a catalog that is locked there is no
// journal; one that is too damaged for that keeps its own under the second name.
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

// excludePause is how long exclude waits before it tries again.
const excludePause = 10 * time.Millisecond

// exclude takes the catalog for this process alone: nobody has it open in WAL
// mode, nobody reads or writes it, and no journal lies beside it. release lets
// it go, and with undo gives it its journal mode back.
func (o Options) exclude(ctx context.Context) (release func(undo bool) error, err error) {
	before, err := os.Stat(o.Path) // never opened: closing it would drop SQLite's locks
	if err != nil {
		return nil, err
	}
	for until := time.Now().Add(o.BusyTimeout); ; {
		release, err = o.tryExclude(ctx)
		if isDamaged(err) {
			return func(bool) error { return nil }, nil
		}
		if errorCode(err)&0xff != sqlite3.SQLITE_BUSY && !errors.Is(err, errNotAlone) {
			break
		}
		if !time.Now().Before(until) {
			return nil, &classified{text: fmt.Sprintf("another process has %s open (waited %s); try again, or wait longer with --busy-timeout",
				o.visible(), o.BusyTimeout), sentinel: catalog.ErrBusy, cause: err}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(excludePause):
		}
	}
	if err != nil {
		return nil, o.classify(err)
	}
	if now, err := os.Stat(o.Path); err != nil || !os.SameFile(before, now) {
		return nil, errors.Join(o.wasReplaced(err), release(false))
	}
	return release, nil
}

// errNotAlone says that another process has the catalog open.
var errNotAlone = errors.New("another process has it open")

// tryExclude is exclude without waiting. Its errors are SQLite's.
func (o Options) tryExclude(ctx context.Context) (release func(undo bool) error, err error) {
	o.BusyTimeout = 0
	db, err := sql.Open(o.driver(), o.dsn("rw", "synchronous(FULL)"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	defer func() {
		if err != nil {
			db.Close()
		}
	}()
	var was, mode string
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&was); err != nil {
		return nil, err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode = delete").Scan(&mode); err != nil {
		return nil, err
	}
	if mode != "delete" {
		return nil, errNotAlone
	}
	if _, err := db.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		return nil, err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return nil, err
	}
	if mode != "delete" { // somebody came in between
		return nil, errNotAlone
	}
	return func(undo bool) error {
		_, err := db.ExecContext(context.Background(), "ROLLBACK")
		if undo && was != mode {
			db.ExecContext(context.Background(), "PRAGMA journal_mode = "+was) // else the next who writes does it
		}
		return errors.Join(err, db.Close())
	}, nil
}

// isDamaged tells an error of a catalog that nobody can work with.
func isDamaged(err error) bool {
	code := errorCode(err) & 0xff
	return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB
}

// wasReplaced is the error for a catalog that is another file by now.
func (o Options) wasReplaced(cause error) error {
	return &classified{text: fmt.Sprintf("%s was replaced by another process meanwhile; try again", o.visible()), sentinel: catalog.ErrBusy, cause: cause}
}
