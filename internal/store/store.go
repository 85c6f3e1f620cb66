package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Store is an open catalog. It holds one connection; use it from one goroutine.
type Store struct {
	db   *reader
	opts Options
}

// Open opens the catalog for reading. A missing or empty file is ErrNoCatalog.
func Open(ctx context.Context, o Options) (*Store, error) {
	st, err := probe(o.Path)
	if err != nil {
		return nil, err
	}
	if st != present {
		return nil, ErrNoCatalog
	}
	db, err := o.openReader(ctx)
	if err != nil {
		return nil, err
	}
	return &Store{db: db, opts: o}, nil
}

// Close closes the connection; the last one to close leaves no -wal behind.
func (s *Store) Close() error { return s.db.Close() }

// View runs fn on one snapshot of the catalog. fn must not write. Rows changed
// by hand are seen under their new names, see Tx.freshen.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	need, err := s.view(ctx, false, fn)
	if err != nil || need == fresh {
		return err
	}
	// Somebody edited by hand. Mend the derived rows if that is possible at
	// once, else read around them. Rows made with another fold cannot be read
	// around: for those it is worth the wait.
	now := s.opts
	now.Journal = ""
	now.asItIs = true
	if need == handEdited {
		now.BusyTimeout = 0
	}
	if s.db.rw {
		err = now.update(ctx, func(*Tx) error { return nil })
	}
	if need == outdated && errors.Is(err, catalog.ErrBusy) {
		return err
	}
	// Also after a success: somebody may have edited again by now.
	_, err = s.view(ctx, true, fn)
	return err
}

// freshness is what the derived rows need before they can be read.
type freshness int

const (
	fresh      freshness = iota
	handEdited           // some wait for a refresh
	outdated             // all were made with another fold
)

// view runs fn unless derived rows need something and overlay is not asked for.
func (s *Store) view(ctx context.Context, overlay bool, fn func(*Tx) error) (need freshness, err error) {
	tx, err := s.opts.begin(ctx, s.db.DB, "BEGIN")
	if err != nil {
		return fresh, s.opts.classify(err)
	}
	defer tx.end()
	stale, rebuild, err := tx.stale(ctx)
	if err != nil {
		return fresh, s.opts.classify(err)
	}
	if rebuild && !overlay {
		return outdated, nil
	}
	if stale && !overlay {
		return handEdited, nil
	}
	if overlay {
		if rebuild {
			return fresh, fmt.Errorf("%s was last written by another version of moviedb and cannot be brought up to date now; it needs to be writable once", catalog.Visible(s.opts.Path))
		}
		if err := tx.overlay(ctx); err != nil {
			return fresh, s.opts.classify(err)
		}
	}
	return fresh, s.db.whole(fn(tx))
}

// Update runs fn in one write transaction, after bringing derived rows up to
// date, and creates the catalog if there is none: then a failure leaves none.
// fn may be called again when another process created the catalog meanwhile,
// so it must reset what it collects.
func Update(ctx context.Context, o Options, fn func(*Tx) error) error {
	for {
		st, err := probe(o.Path)
		if err != nil {
			return err
		}
		if st == present {
			if err := o.mayWrite(); err != nil {
				return err
			}
			return o.update(ctx, fn)
		}
		if err := o.create(ctx, st, fn); !errors.Is(err, errRaced) {
			return err
		}
	}
}

// errDry makes update roll back and report success.
var errDry = errors.New("dry run")

// DryRun does all that Update does but for the commit: nothing changes. With no
// catalog yet it works in a temporary one.
func DryRun(ctx context.Context, o Options, fn func(*Tx) error) error {
	st, err := probe(o.Path)
	if err != nil {
		return err
	}
	dry := func(tx *Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errDry
	}
	if st == present {
		if err := o.mayWrite(); err != nil {
			return err
		}
		o.Journal = "" // to switch it would be a change
		o.asItIs = true
		err = o.update(ctx, dry)
	} else {
		err = o.scratch(ctx, dry)
	}
	if errors.Is(err, errDry) {
		return nil
	}
	return err
}

// update runs fn on an existing catalog.
func (o Options) update(ctx context.Context, fn func(*Tx) error) error {
	return o.write(ctx, func(tx *Tx) error { return tx.run(ctx, fn) })
}

// write runs fn in one write transaction that takes an existing catalog as it
// is, but for an older schema.
func (o Options) write(ctx context.Context, fn func(*Tx) error) (err error) {
	db, err := o.openWriter(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := o.migrate(ctx, db); err != nil {
		return err
	}
	return o.transact(ctx, db, fn)
}

// transact runs fn in one write transaction.
func (o Options) transact(ctx context.Context, db *sql.DB, fn func(*Tx) error) error {
	tx, err := o.begin(ctx, db, "BEGIN IMMEDIATE")
	if err != nil {
		return o.classify(err)
	}
	defer tx.end()
	if err := fn(tx); err != nil {
		return o.classify(err)
	}
	err = tx.commit(ctx)
	if errorCode(err)&0xff == sqlite3.SQLITE_BUSY { // who writes was kept out, so they read
		return &classified{text: fmt.Sprintf("another process is reading %s, and with journal = delete what is written waits for readers (waited %s); try again, or wait longer with --busy-timeout",
			o.visible(), o.BusyTimeout), sentinel: catalog.ErrBusy, cause: err}
	}
	return o.classify(err)
}

// run is what every write transaction does.
func (tx *Tx) run(ctx context.Context, fn func(*Tx) error) error {
	if tx.opts.LateReferences {
		return tx.lateRun(ctx, func(tx *Tx) error { return tx.bringUpToDate(ctx, fn) })
	}
	return tx.bringUpToDate(ctx, fn)
}

// bringUpToDate renews derived rows, then runs fn, then renews those of what fn
// wrote.
func (tx *Tx) bringUpToDate(ctx context.Context, fn func(*Tx) error) error {
	var version int64
	if err := tx.conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if err := checkVersion(tx.opts.Path, version); err != nil {
		return err
	}
	stale, rebuild, err := tx.stale(ctx)
	if err != nil {
		return err
	}
	if rebuild {
		err = tx.Rebuild(ctx)
	} else if stale {
		err = tx.Refresh(ctx)
	}
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.EndBulk(ctx); err != nil {
		return err
	}
	return tx.Refresh(ctx)
}
