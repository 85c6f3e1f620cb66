package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
)

// migrations returns, for a schema version, what makes the next one of it. They
// are never changed once a version is out: catalogs of every age run them.
func migrations() map[int64]string {
	return map[int64]string{
		1: `CREATE TABLE identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  mark TEXT NOT NULL CHECK (length(mark) = 32)
) STRICT;
INSERT INTO identity (one, mark) VALUES (1, lower(hex(randomblob(16))));`,
	}
}

const (
	keptCopies = 3      // copies of a catalog from before migrations that stay
	copyEnding = ".bak" // how their names end
)

var (
	errMigrated = errors.New("another process migrated the catalog")
	errWritten  = errors.New("another process wrote to the catalog")
)

// migrate brings a catalog of an older schema up to date, in one transaction,
// after writing a copy of it beside it. Of several processes one does it.
func (o Options) migrate(ctx context.Context, db *sql.DB) error {
	if o.asItIs {
		return nil
	}
	var from int64
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&from); err != nil {
		return o.classify(err)
	}
	if from == SchemaVersion {
		return nil
	}
	if err := checkVersion(o.Path, from); err != nil {
		return err
	}
	for {
		copied, err := o.migrateOnce(ctx, db, from)
		switch {
		case errors.Is(err, errWritten):
			continue
		case errors.Is(err, errMigrated):
			return nil
		case err != nil:
			return fmt.Errorf("%s has the older schema %d and could not be brought up to date; it is as it was: %w", o.visible(), from, err)
		}
		o.prune()
		if o.Migrated != nil {
			o.Migrated(int(from), SchemaVersion, copied)
		}
		return nil
	}
}

// migrateOnce copies the catalog and migrates it, unless it changed in between.
// The copy gets its name under the write lock, before the commit.
func (o Options) migrateOnce(ctx context.Context, db *sql.DB, from int64) (copied string, err error) {
	var before int64 // changes whenever another connection commits
	if err := db.QueryRowContext(ctx, "PRAGMA data_version").Scan(&before); err != nil {
		return "", o.classify(err)
	}
	o.sweep()
	unnamed, remove, err := o.beside()
	if err != nil {
		return "", fmt.Errorf("no copy of it can be kept: %w", err)
	}
	defer remove()
	if err := o.snapshot(ctx, db, unnamed); err != nil {
		return "", err
	}
	err = o.transact(ctx, db, func(tx *Tx) error {
		now, err := tx.number(ctx, "PRAGMA data_version")
		if err != nil {
			return err
		}
		version, err := tx.number(ctx, "PRAGMA user_version")
		switch {
		case err != nil:
			return err
		case version == SchemaVersion:
			return errMigrated
		case now != before:
			return errWritten
		}
		for ; version < SchemaVersion; version++ {
			if err := tx.exec(ctx, migrations()[version]); err != nil {
				return err
			}
		}
		if err := tx.exec(ctx, fmt.Sprintf("PRAGMA user_version = %d", SchemaVersion)); err != nil {
			return err
		}
		copied, err = o.nameCopy(unnamed, from)
		return err
	})
	if err != nil && copied != "" {
		os.Remove(copied)
	}
	return copied, err
}

// nameCopy gives a copy the name under which it stays.
func (o Options) nameCopy(unnamed string, version int64) (string, error) {
	stem := fmt.Sprintf("%s.v%d-%s", o.Path, version, time.Now().UTC().Format("20060102T150405Z"))
	for i := 1; ; i++ {
		name := stem + copyEnding
		if i > 1 {
			name = fmt.Sprintf("%s-%d%s", stem, i, copyEnding)
		}
		err := os.Link(unnamed, name)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("no copy of it can be kept: %w", catalog.WithoutPath(err))
		}
		return name, syncDir(filepath.Dir(o.Path))
	}
}

// prune removes copies but for the newest, and one that is the same as the next:
// a migration killed before its commit leaves that. Their names end with their
// time.
func (o Options) prune() {
	entries, err := os.ReadDir(filepath.Dir(o.Path))
	if err != nil {
		return // whoever comes next tries again
	}
	type kept struct{ path, time string }
	var copies []kept
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), filepath.Base(o.Path)+".v")
		rest, bak := strings.CutSuffix(rest, copyEnding)
		if _, at, dash := strings.Cut(rest, "-"); ok && bak && dash && e.Type().IsRegular() {
			copies = append(copies, kept{filepath.Join(filepath.Dir(o.Path), e.Name()), at})
		}
	}
	slices.SortFunc(copies, func(a, b kept) int { return strings.Compare(b.time, a.time) })
	var stay []kept
	for _, c := range copies {
		if len(stay) == keptCopies || len(stay) > 0 && sameContent(stay[len(stay)-1].path, c.path) {
			os.Remove(c.path)
			continue
		}
		stay = append(stay, c)
	}
}

// sameContent tells that two files are the same, byte for byte.
func sameContent(a, b string) bool {
	if size(a) != size(b) {
		return false
	}
	var sums [2][]byte
	for i, path := range []string{a, b} {
		f, err := os.Open(path)
		if err != nil {
			return false
		}
		sum := sha256.New()
		_, err = io.Copy(sum, f)
		if errors.Join(err, f.Close()) != nil {
			return false
		}
		sums[i] = sum.Sum(nil)
	}
	return bytes.Equal(sums[0], sums[1])
}

// Mark returns which catalog this is, "" for one whose schema knows of no marks
// and for one that is being made in this very transaction, which may come to
// nothing.
func (tx *Tx) Mark(ctx context.Context) (string, error) {
	if tx.opts.newborn != nil {
		return "", nil
	}
	return tx.mark(ctx)
}

// mark is Mark for a catalog that is being made too.
func (tx *Tx) mark(ctx context.Context) (string, error) {
	known, err := tx.number(ctx, "SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' AND name = 'identity'")
	if err != nil || known == 0 {
		return "", err
	}
	var mark string
	err = tx.conn.QueryRowContext(ctx, "SELECT mark FROM identity").Scan(&mark)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !catalog.IsMark(mark) {
		return "", fmt.Errorf("%s has lost its mark; 'moviedb check --fix' gives it one", catalog.Visible(tx.opts.Path))
	}
	return mark, err
}

// newborn is what is to be done for a catalog that is being made.
type newborn struct{ then func() error }

// WhenMade has fn called with the mark of a catalog that is being made in this
// transaction once it is there for sure; the last fn given counts. For one that
// was there before it does nothing.
func (tx *Tx) WhenMade(ctx context.Context, fn func(mark string) error) error {
	if tx.opts.newborn == nil {
		return nil
	}
	mark, err := tx.mark(ctx)
	tx.opts.newborn.then = func() error { return fn(mark) }
	return err
}
