package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/moviedb/moviedb/internal/catalog"
)

// heldError says that the journal mode could not be changed now.
type heldError struct{ mode string } // that it has

// Error is for whoever tries again; people are told by stillHeld.
func (e *heldError) Error() string {
	return "another process has the catalog open with journal = " + e.mode
}

// errOutOfWAL says that a catalog that could not be opened was taken out of WAL,
// and can be opened now.
var errOutOfWAL = errors.New("taken out of WAL")

// openWriter opens an existing catalog for writing, with the journal mode of the
// settings. The mode can change only while nobody else has the catalog open:
// whoever is refused lets go of it before it tries again, for others may be
// waiting for the same.
func (o Options) openWriter(ctx context.Context) (*sql.DB, error) {
	for began := time.Now(); ; {
		db, err := o.tryWriter(ctx)
		var held *heldError
		if !errors.As(err, &held) && !errors.Is(err, errOutOfWAL) {
			return db, err
		}
		left := o.BusyTimeout - time.Since(began)
		if held != nil && left <= 0 {
			return nil, o.stillHeld(held)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(min(max(left, 0), time.Millisecond+rand.N(10*time.Millisecond))):
		}
	}
}

// stillHeld is the error of a change of mode that was not possible in time.
func (o Options) stillHeld(held *heldError) error {
	return &classified{text: fmt.Sprintf("%s cannot change from journal = %s to %s while another process has it open (waited %s); try again, wait longer with --busy-timeout, or set journal = %s",
		o.visible(), held.mode, o.Journal, o.BusyTimeout, held.mode), sentinel: catalog.ErrBusy, cause: held}
}

// tryWriter is openWriter without waiting for another mode.
func (o Options) tryWriter(ctx context.Context) (*sql.DB, error) {
	// The journal that takes back a single statement stays in memory: on disk
	// it was a seventh of the time of an import.
	pragmas := []string{"synchronous(FULL)", "temp_store(MEMORY)"}
	db, err := o.connect(ctx, o.dsn("rw", pragmas...))
	if err != nil {
		return nil, o.withoutMemory(ctx, err)
	}
	if err = o.setJournal(ctx, db); err == nil {
		err = o.assert(ctx, db)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// setJournal gives the catalog the journal mode of the settings, or is a
// *heldError.
func (o Options) setJournal(ctx context.Context, db *sql.DB) error {
	if o.Journal == "" {
		return nil
	}
	var was, mode string
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&was); err != nil || was == o.Journal {
		return o.classify(err)
	}
	if _, err := db.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err != nil { // openWriter waits
		return o.classify(err)
	}
	err := db.QueryRowContext(ctx, "PRAGMA journal_mode = "+o.Journal).Scan(&mode)
	if errorCode(err)&0xff == sqlite3.SQLITE_BUSY {
		return &heldError{was}
	}
	if err != nil {
		return o.classify(err)
	}
	if mode != o.Journal {
		return o.noWAL("SQLite answers " + mode)
	}
	_, err = db.ExecContext(ctx, "PRAGMA busy_timeout = "+o.busyTimeout())
	return o.classify(err)
}

// noWAL is the error of a place in which there can be no WAL.
func (o Options) noWAL(why string) error {
	return fmt.Errorf("%s cannot use journal = wal here, where processes cannot share memory (%s); set journal = \"delete\" in the configuration, or MOVIEDB_JOURNAL=delete",
		o.visible(), why)
}

// withoutMemory looks what to do about a catalog that cannot be opened. One in
// WAL needs memory that processes share, and a place that can be written may have
// none, as some network drives. With journal = delete the catalog is then taken
// out of WAL by a connection that has it for itself, which needs no such memory,
// and errOutOfWAL says so.
func (o Options) withoutMemory(ctx context.Context, cause error) error {
	if o.Journal == "" || !cannotWrite(cause) || !usesWAL(o.Path) || !o.folderWritable() {
		return cause
	}
	if o.Journal != "delete" {
		if errorCode(cause) == sqlite3.SQLITE_IOERR_SHMSIZE {
			return fmt.Errorf("%s cannot be opened: there is no room for %s-shm beside it (%s); is the disk full, or a limit on the size of files set?",
				o.visible(), o.visible(), plainDamage(cause))
		}
		return o.noWAL(plainDamage(cause))
	}
	alone, err := o.connect(ctx, o.dsn("rw", "locking_mode(EXCLUSIVE)", "synchronous(FULL)"))
	if err != nil {
		return errors.Join(cause, err)
	}
	var mode string
	err = alone.QueryRowContext(ctx, "PRAGMA journal_mode = delete").Scan(&mode)
	if err = errors.Join(o.classify(err), alone.Close()); err == nil && mode != "delete" {
		err = cause
	}
	if err == nil {
		err = errOutOfWAL
	}
	return err
}

// usesWAL tells that a catalog is in WAL mode, by its header: see section 1.3.3
// of https://www.sqlite.org/fileformat2.html. Nobody in this process has it open.
func usesWAL(path string) bool {
	head, _ := header(path)
	return head != nil && head[18] == 2 && head[19] == 2
}

// folderWritable tells that files can be made beside the catalog.
func (o Options) folderWritable() bool {
	f, err := os.CreateTemp(filepath.Dir(o.Path), filepath.Base(o.Path)+unborn+"*")
	if err != nil {
		return false
	}
	return errors.Join(f.Close(), os.Remove(f.Name())) == nil
}

// assert reads the pragmas back that safety depends on: the driver takes a
// misspelt one without a word.
func (o Options) assert(ctx context.Context, db *sql.DB) error {
	want := [][2]string{
		{"foreign_keys", o.foreignKeys()}, {"synchronous", "2"},
		{"busy_timeout", o.busyTimeout()},
	}
	if o.Journal != "" {
		want = append(want, [2]string{"journal_mode", o.Journal})
	}
	for _, w := range want {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+w[0]).Scan(&got); err != nil {
			return o.classify(err)
		}
		if got == w[1] {
			continue
		}
		if w[0] == "journal_mode" {
			return &heldError{got} // somebody with another setting was in between
		}
		return fmt.Errorf("SQLite did not take PRAGMA %s = %s (it is %s)", w[0], w[1], got)
	}
	return nil
}
