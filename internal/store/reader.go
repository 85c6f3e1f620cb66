package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/moviedb/moviedb/internal/catalog"
)

// reader is a connection that only reads.
type reader struct {
	*sql.DB
	opts Options
	rw   bool        // it could be written
	was  fs.FileInfo // of a file that is read without any locks; nil for others
}

// openReader opens an existing catalog for reading and leaves nothing new
// behind.
func (o Options) openReader(ctx context.Context) (*reader, error) {
	// A file that is not ours to write may still lie in a folder that is: the
	// shared memory made there would be ours, and keep its owner out.
	db, err := (*reader)(nil), writable(o.Path)
	if err == nil {
		db, err = o.tryReader(ctx, "rw")
	}
	if !cannotWrite(err) {
		return db, o.classify(err)
	}
	return o.openUnwritable(ctx)
}

// openUnwritable opens a catalog whose place cannot be written, or has no memory
// that processes share. With a journal beside it only SQLite itself can tell
// which rows are committed, so that none is missed, and none read that a crash
// has to take back. One in WAL mode without a WAL is whole in its file; SQLite
// reads it only when it is told that nobody writes, so that has to be looked
// after, see moved. The locks of the other mode work everywhere.
func (o Options) openUnwritable(ctx context.Context) (*reader, error) {
	wal, modes := size(o.Path+"-wal") > 0, []string{"ro", "immutable"}
	switch {
	case wal && size(o.Path+"-shm") <= 0:
		return nil, o.leftWAL(nil)
	case wal, size(o.Path+"-journal") > 0:
		modes = []string{"ro"}
	case usesWAL(o.Path):
		modes = []string{"immutable"}
	}
	var db *reader
	var err error
	for _, mode := range modes {
		if db, err = o.tryReader(ctx, mode); err == nil || errorCode(err)&0xff == sqlite3.SQLITE_BUSY {
			break
		}
	}
	switch {
	case errorCode(err) == sqlite3.SQLITE_READONLY_ROLLBACK:
		return nil, fmt.Errorf("%s cannot be read here: %s-journal beside it has to take back what a crash left half done, and the place is not writable; copy both files to a writable place",
			o.visible(), o.visible())
	case wal && cannotWrite(err):
		return nil, o.leftWAL(err)
	}
	return db, o.classify(err)
}

// leftWAL is the error of a catalog with rows that are only in its WAL, which
// cannot be read here.
func (o Options) leftWAL(cause error) error {
	if o.folderWritable() && writable(o.Path) == nil {
		return o.noWAL("a WAL is left over, which a command that writes with journal = delete takes over")
	}
	text := fmt.Sprintf("%s cannot be read here: %s-wal beside it holds newer rows and the place is not writable; copy both files to a writable place",
		o.visible(), o.visible())
	return &classified{text: text, cause: cause}
}

// tryReader opens the catalog in a mode of its data source name.
func (o Options) tryReader(ctx context.Context, mode string) (*reader, error) {
	r := &reader{opts: o, rw: mode == "rw"}
	if mode == "immutable" {
		var err error
		if r.was, err = os.Stat(o.Path); err != nil {
			return nil, err
		}
	}
	db, err := o.connect(ctx, o.dsn(mode, "query_only(1)"))
	if err != nil {
		return nil, err
	}
	r.DB = db
	if err := o.firstRead(ctx, db); err != nil {
		db.Close()
		return nil, err
	}
	if r.was != nil && size(o.Path+"-wal") > 0 {
		db.Close()
		return nil, r.changed()
	}
	return r, nil
}

// whole is the error of what was done with it, classified, or that the file was
// changed meanwhile, which explains any other.
func (r *reader) whole(err error) error {
	if moved := r.moved(); moved != nil {
		return moved
	}
	return r.opts.classify(err)
}

// moved is a catalog.ErrBusy if a file that was read without locks was written
// meanwhile, by somebody who may write there: what was read may be half of each.
func (r *reader) moved() error {
	if r.was == nil {
		return nil
	}
	now, err := os.Stat(r.opts.Path)
	if err == nil && os.SameFile(r.was, now) && now.Size() == r.was.Size() && now.ModTime().Equal(r.was.ModTime()) {
		return nil
	}
	return r.changed()
}

func (r *reader) changed() error {
	return &classified{text: fmt.Sprintf("%s was written by another process while it was read, from a place that is not writable for you; try again",
		r.opts.visible()), sentinel: catalog.ErrBusy}
}

// firstRead looks at the version again: the header that probe read may be older
// than the WAL.
func (o Options) firstRead(ctx context.Context, db *sql.DB) error {
	var version, n int64
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if err := checkVersion(o.Path, version); err != nil {
		return err
	}
	return db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n)
}

// mayWrite is an error if the catalog cannot be opened for writing. SQLite finds
// that out only after it made the files beside it, which would be ours and keep
// their owner out. Nobody in this process has the catalog open.
func (o Options) mayWrite() error {
	if err := writable(o.Path); err != nil {
		return o.cannotBeWritten(catalog.WithoutPath(err))
	}
	return nil
}

func (o Options) cannotBeWritten(cause error) error {
	return &classified{text: fmt.Sprintf("%s cannot be written: the file or its folder is read-only for you (%v)", o.visible(), cause), cause: cause}
}

// writable is an error if the file cannot be opened for writing.
func writable(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

func cannotWrite(err error) bool {
	switch errorCode(err) { // no room for the shared memory, or a journal that has to go
	case sqlite3.SQLITE_IOERR_DELETE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMMAP:
		return true
	}
	code := errorCode(err) & 0xff
	return code == sqlite3.SQLITE_CANTOPEN || code == sqlite3.SQLITE_READONLY || code == sqlite3.SQLITE_PERM ||
		errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// size is that of a file in bytes, -1 if there is none.
func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return -1
	}
	return info.Size()
}
