package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite" // also registers the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	// SchemaVersion is the user_version of the schema this program knows.
	SchemaVersion = 2
	// oldest is the oldest schema that is read as it is, and migrated by what writes.
	oldest = 1
	// applicationID marks an SQLite file as ours: "mvdb".
	applicationID = 0x6d766462

	driverName = "sqlite"
)

// ErrNoCatalog says that there is no catalog at the path yet. It wraps
// catalog.ErrNotFound.
var ErrNoCatalog = fmt.Errorf("no catalog: %w", catalog.ErrNotFound)

// Options says which catalog to open and how.
type Options struct {
	Path        string        // of the SQLite file
	FilesDir    string        // the managed directory, made together with the catalog; "" makes none
	Schema      string        // the text of schema.sql, run when a catalog is created
	BusyTimeout time.Duration // how long to wait for another process; 0 is not at all
	Journal     string        // "wal" or "delete"; "" leaves an existing catalog as it is
	Driver      string        // the database/sql driver; "" is modernc's "sqlite"

	// LateReferences is for a long import that only adds records: references are
	// verified after all rows instead of at each. Nothing may be deleted then, and
	// no record changed that was there before.
	LateReferences bool

	// Chosen says which of several records a name means, where somebody was asked.
	// An id that is none of theirs, and !ok, leave the name ambiguous; nil knows of
	// none.
	Chosen func(kind catalog.Kind, ref catalog.Ref) (id int64, ok bool)

	// Migrated is told that a catalog of an older schema was brought up to date,
	// and where the copy of it as it was lies; nil is nobody.
	Migrated func(from, to int, copy string)

	newborn *newborn // of a catalog that is being made, and may come to nothing; nil for others
	asItIs  bool     // an older schema is not migrated: what is written is taken back, or derived
	shown   string   // the path that messages name; "" is Path
	mends   bool     // it is opened for a repair, which may have to touch tables of SQLite's own
}

// visible is the path as messages show it.
func (o Options) visible() string {
	if o.shown != "" {
		return catalog.Visible(o.shown)
	}
	return catalog.Visible(o.Path)
}

func (o Options) driver() string {
	if o.Driver == "" {
		return driverName
	}
	return o.Driver
}

// state is what a look at a path, without opening it as a database, finds.
type state int

const (
	absent state = iota
	blank        // a file of zero bytes: a catalog not yet begun
	present
)

// probe looks at the file's header itself, because SQLite would change a
// foreign database by opening it in our journal mode, and wait on a FIFO.
// The header is that of https://www.sqlite.org/fileformat2.html, section 1.3.
func probe(path string) (state, error) {
	if os.IsPathSeparator(path[len(path)-1]) {
		return absent, fmt.Errorf("%s names a directory; --db takes the path of a file", catalog.Visible(path))
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return absent, fmt.Errorf("%s is a symbolic link to a file that is not there", catalog.Visible(path))
		}
		return absent, nil
	case err != nil:
		return absent, fmt.Errorf("open the catalog: %w", err)
	case info.IsDir():
		return absent, fmt.Errorf("%s is a directory, not a catalog; --db takes the path of a file", catalog.Visible(path))
	case !info.Mode().IsRegular():
		return absent, fmt.Errorf("%s is not a regular file, so it cannot be a catalog", catalog.Visible(path))
	case info.Size() == 0:
		return blank, nil
	}
	head, err := header(path)
	if err != nil {
		return absent, fmt.Errorf("open the catalog: %w", err)
	}
	if head == nil {
		return absent, fmt.Errorf("%s is not a moviedb catalog: it is not an SQLite database; nothing was changed", catalog.Visible(path))
	}
	if binary.BigEndian.Uint32(head[68:]) != applicationID {
		return absent, fmt.Errorf("%s is not a moviedb catalog: it is the SQLite database of another program; nothing was changed", catalog.Visible(path))
	}
	return present, checkVersion(path, int64(binary.BigEndian.Uint32(head[60:])))
}

// header is the header of a database, nil for a file that is none. Nobody in this
// process may have the file open: to close it is to let go of SQLite's locks.
func header(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 100)
	if n, _ := f.ReadAt(head, 0); n < len(head) || string(head[:16]) != "SQLite format 3\x00" {
		return nil, nil
	}
	return head, nil
}

// checkVersion refuses a catalog that this program cannot read. One of an older
// schema is read as it is.
func checkVersion(path string, version int64) error {
	if version > SchemaVersion {
		return fmt.Errorf("%s was written by a newer moviedb (schema version %d, this one knows %d); nothing was changed, please upgrade moviedb",
			catalog.Visible(path), version, SchemaVersion)
	}
	if version < oldest {
		return fmt.Errorf("%s has schema version %d, which no release of moviedb ever wrote; nothing was changed", catalog.Visible(path), version)
	}
	return nil
}

// dsn is the one place where a data source name is made.
func (o Options) dsn(mode string, pragmas ...string) string {
	q := url.Values{"_txlock": {"immediate"}, "_dqs": {"0"}, "_defensive": {"1"}}
	if o.mends {
		q.Del("_defensive")
	}
	switch mode {
	case "immutable":
		q.Set("mode", "ro")
		q.Set("immutable", "1")
	default:
		q.Set("mode", mode)
	}
	q["_pragma"] = append([]string{
		"busy_timeout(" + o.busyTimeout() + ")",
		"foreign_keys(" + o.foreignKeys() + ")",
	}, pragmas...)
	start := "file://" // an authority that is empty, since a path may begin with two slashes
	if !filepath.IsAbs(o.Path) {
		start = "file:./" // a file, were it called :memory:
	}
	return start + (&url.URL{Path: o.Path}).EscapedPath() + "?" + q.Encode()
}

// foreignKeys is the value of the pragma.
func (o Options) foreignKeys() string {
	if o.LateReferences {
		return "0"
	}
	return "1"
}

// connect opens one connection and makes the first use of it, so that errors of
// opening show here. All work of a store goes through this one connection.
func (o Options) connect(ctx context.Context, dsn string) (*sql.DB, error) {
	db, err := sql.Open(o.driver(), dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	var version int64
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return nil, errors.Join(o.classify(err), db.Close())
	}
	return db, nil
}

// errorCode is SQLite's extended result code, 0 if err is not SQLite's.
func errorCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// classify turns SQLite's result codes into the sentinels of package catalog
// and sentences that say what to do; the cause stays in the chain.
func (o Options) classify(err error) error {
	code := errorCode(err)
	if err == nil || code == 0 || errors.Is(err, errClassified) {
		return err
	}
	if code == sqlite3.SQLITE_READONLY_DBMOVED {
		return o.wasReplaced(err)
	}
	path := o.visible()
	wrap := func(sentinel error, format string, args ...any) error {
		return &classified{text: fmt.Sprintf(format, args...), sentinel: sentinel, cause: err}
	}
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return wrap(catalog.ErrBusy, "another process is writing to %s (waited %s); try again, or wait longer with --busy-timeout", path, o.BusyTimeout)
	case sqlite3.SQLITE_INTERRUPT:
		return wrap(context.Canceled, "interrupted")
	case sqlite3.SQLITE_NOTADB:
		return wrap(nil, "%s is not a moviedb catalog: it is not an SQLite database", path)
	case sqlite3.SQLITE_CORRUPT:
		return wrap(nil, "%s is damaged (%v); see what 'moviedb check' finds, or restore a backup", path, err)
	case sqlite3.SQLITE_FULL:
		return wrap(nil, "the disk is full; nothing was changed in %s", path)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		return o.cannotBeWritten(err)
	case sqlite3.SQLITE_IOERR:
		if code == sqlite3.SQLITE_IOERR_DELETE {
			return o.cannotBeWritten(err)
		}
		return wrap(nil, "%s could not be read or written (%v); is the disk full, or a limit on the size of files set?", path, err)
	case sqlite3.SQLITE_CONSTRAINT:
		return o.classifyConstraint(code, wrap)
	}
	if text := err.Error(); o.shown == "" && (strings.Contains(text, "no such table") || strings.Contains(text, "vtable constructor failed")) {
		return wrap(nil, "%s lacks a part (%v); 'moviedb check --fix' makes what can be made again", path, err)
	}
	return wrap(nil, "%s: %v", path, err)
}

func (o Options) classifyConstraint(code int, wrap func(error, string, ...any) error) error {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return wrap(catalog.ErrExists, "the same record is in the catalog already")
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, sqlite3.SQLITE_CONSTRAINT_TRIGGER: // RESTRICT is a trigger to SQLite
		return wrap(catalog.ErrInUse, "a record that others refer to cannot go, and one that is not there cannot be referred to")
	}
	return wrap(catalog.ErrInvalid, "the catalog refuses a value")
}

var errClassified = errors.New("classified")

// classified is an error of SQLite in our own words.
type classified struct {
	text     string
	sentinel error // may be nil
	cause    error // may be nil
}

// Error is the sentence in our own words.
func (e *classified) Error() string { return e.text }

// Unwrap returns the sentinel and the cause, where there are such.
func (e *classified) Unwrap() []error {
	chain := []error{errClassified}
	for _, err := range []error{e.cause, e.sentinel} {
		if err != nil {
			chain = append(chain, err)
		}
	}
	return chain
}
