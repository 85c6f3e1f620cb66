package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Snapshot writes a copy of the catalog, as it is at one moment, to a new file
// that only its owner can read, and lets the file last. Others may write
// meanwhile. The copy is whole in one file, without a journal beside it.
//
// A missing or empty catalog is ErrNoCatalog. A file that is there already is an
// error, and so are a full disk and a damaged catalog; then no copy is left.
func Snapshot(ctx context.Context, o Options, to string) error {
	s, err := Open(ctx, o)
	if err != nil {
		return err
	}
	err = o.snapshot(ctx, s.db.DB, to)
	if moved := s.db.moved(); err == nil && moved != nil {
		err = errors.Join(moved, os.Remove(to))
	}
	return errors.Join(err, s.Close())
}

// snapshot is Snapshot by a connection that has no transaction under way. It
// looks at no version. In the end the connection is not held to reading.
func (o Options) snapshot(ctx context.Context, db *sql.DB, to string) (err error) {
	abs, err := filepath.Abs(to) // what begins with file: would be a URI to SQLite
	if err != nil {
		return err
	}
	f, err := os.OpenFile(abs, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) // VACUUM alone would make it 0644
	if err != nil {
		return fmt.Errorf("write a copy of the catalog to %s: %w", catalog.Visible(abs), catalog.WithoutPath(err))
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			os.Remove(abs)
			os.Remove(abs + "-journal") // SQLite leaves it on a full disk
		}
	}()
	if _, err := db.ExecContext(ctx, "PRAGMA query_only = 0"); err != nil {
		return o.classify(err)
	}
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", abs); err != nil {
		return o.classify(err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("write a copy of the catalog to %s: %w", catalog.Visible(abs), catalog.WithoutPath(err))
	}
	return syncDir(filepath.Dir(abs))
}
