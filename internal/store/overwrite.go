package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/moviedb/moviedb/internal/catalog"
)

// overwrite replaces what a catalog holds by what the new file holds, in one
// transaction: https://www.sqlite.org/backup.html.
//
// A rename would be quicker, but SQLite finds the journal by the name of the
// database: a process that opened the old file before, and reads it after, would
// take the WAL of the new one for its own and write into it, or play back a
// journal that is not its own and delete it.
//
// damaged says that the catalog cannot even be begun with, so that nothing was
// placed. What goes wrong later is no sign of that: it may be the new file.
func (o Options) overwrite(ctx context.Context, in Installation) (damaged bool, err error) {
	if _, err := os.Stat(in.Built); err != nil {
		return false, err
	}
	began := false
	var later error
	err = o.inTurn(ctx, func() error {
		err := o.tryOverwrite(ctx, in, &began)
		if began { // it had its turn, and does not come right by waiting
			later = err
			return nil
		}
		return err
	})
	switch {
	case began:
		return false, o.classify(later)
	case errorCode(err)&0xff == sqlite3.SQLITE_BUSY:
		return false, &classified{text: fmt.Sprintf("another process has %s open (waited %s); try again, or wait longer with --busy-timeout",
			o.visible(), o.BusyTimeout), sentinel: catalog.ErrBusy, cause: err}
	}
	return isDamaged(err) || o.damagedFormat(err), o.classify(err)
}

// tryOverwrite is overwrite without waiting. Once it has its turn it says that it
// began.
func (o Options) tryOverwrite(ctx context.Context, in Installation, began *bool) (err error) {
	to, from := o, o
	to.BusyTimeout, from.Path = 0, in.Built
	db, err := sql.Open(driverName, to.dsn("rw", "synchronous(FULL)"))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var pageSize int64
	if err := conn.QueryRowContext(ctx, "PRAGMA page_size").Scan(&pageSize); err != nil {
		return err
	}
	if err := from.setPageSize(ctx, pageSize); err != nil {
		return o.ofTheNew(ctx, err)
	}
	var mark string
	err = conn.QueryRowContext(ctx, "SELECT mark FROM identity").Scan(&mark)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errorCode(err)&0xff == sqlite3.SQLITE_BUSY:
		return err
	case err != nil || !catalog.IsMark(mark):
		mark = "" // whatever is wrong with it, it is replaced
	}
	in.Replacing(mark)
	return conn.Raw(func(c any) (err error) {
		copying, err := c.(interface {
			NewRestore(from string) (*sqlite.Backup, error)
		}).NewRestore(from.dsn("immutable"))
		if err != nil {
			return o.ofTheNew(ctx, err)
		}
		defer func() { // takes back what is not committed, and tells the error of a step again
			if again := copying.Finish(); err == nil {
				err = again
			}
		}()
		if _, err := copying.Step(0); err != nil {
			return err
		}
		*began = true
		in.Step("locked")
		return in.copy(ctx, copying)
	})
}

// ofTheNew is an error of the new file, which is no damage of the catalog.
func (o Options) ofTheNew(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("what shall replace %s cannot be read: %v", o.visible(), err)
}

// pagesAtOnce is how many pages are copied between two looks whether to stop.
const pagesAtOnce = 1024

// copy copies all pages. The last ones come with the commit.
func (in Installation) copy(ctx context.Context, copying *sqlite.Backup) error {
	for copying.Remaining() > pagesAtOnce {
		if _, err := copying.Step(pagesAtOnce); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	in.Step("copied")
	if err := in.place(ctx); err != nil {
		return err
	}
	if _, err := copying.Step(-1); err != nil {
		return err
	}
	in.Step("installed")
	return nil
}

// setPageSize gives a database that nobody else has open the page size of
// another. In WAL a catalog cannot change its own, and so the new one, which may
// come from anywhere, is taken out of WAL, too.
func (o Options) setPageSize(ctx context.Context, size int64) (err error) {
	db, err := sql.Open(driverName, o.dsn("rw", "journal_mode(MEMORY)"))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	var is int64
	if err := db.QueryRowContext(ctx, "PRAGMA page_size").Scan(&is); err != nil || is == size {
		return err
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf("PRAGMA page_size = %d; VACUUM", size))
	return err
}
