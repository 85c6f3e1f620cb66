package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Examined is what Examine finds.
type Examined struct {
	Version  int   // of the schema
	Dangling int64 // references to records that are not there
}

// Examination says what Examine looks at.
type Examination struct {
	Path  string // of a database file that nobody else has open or changes
	Shown string // what messages call it; "" is the path
	Quick bool   // the indexes are not compared with their tables

	// Fn looks at what is in it; nil is nothing more.
	Fn func(*Tx, Examined) error
}

// Examine looks whether a file is a whole catalog, of a version that this
// program knows. The file comes from anywhere: it is not written to, nothing is
// made beside it, and nothing in it is trusted. References to nothing are
// counted, not refused. Of the options it needs schema and driver.
func Examine(ctx context.Context, o Options, e Examination) (found Examined, err error) {
	o.Path, o.shown, o.LateReferences = e.Path, e.Shown, false
	if unknownFormat(o.Path) {
		return found, fmt.Errorf("%s is an SQLite database of a format that cannot be written here", o.visible())
	}
	db, err := o.connect(ctx, o.dsn("immutable", "query_only(1)", "trusted_schema(0)", "cell_size_check(1)"))
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := o.begin(ctx, db, "BEGIN")
	if err != nil {
		return found, o.classify(err)
	}
	defer tx.end()
	if found.Version, err = tx.identify(ctx); err != nil {
		return found, o.classify(err)
	}
	if err := tx.sound(ctx, e.Quick); err != nil {
		return found, o.classify(err)
	}
	found.Dangling, err = tx.number(ctx, `SELECT count(*) FROM pragma_foreign_key_check`)
	if err == nil && e.Fn != nil {
		err = e.Fn(tx, found)
	}
	return found, o.classify(err)
}

// unknownFormat tells that the header of a database names a version of SQLite's
// format that this SQLite does not write: see sections 1.3.3 and 1.3.9 of
// https://www.sqlite.org/fileformat2.html. What has no header of a database is
// told by SQLite. Nobody in this process has the file open.
func unknownFormat(path string) bool {
	const file, schema = 2, 4 // the newest versions
	head, _ := header(path)
	return head != nil && (head[18] > file || head[19] > file || binary.BigEndian.Uint32(head[44:]) > schema)
}

// identify tells the version of the schema, and refuses what is no catalog.
func (tx *Tx) identify(ctx context.Context) (int, error) {
	id, err := tx.number(ctx, `PRAGMA application_id`)
	if err != nil {
		return 0, err
	}
	if id != applicationID {
		return 0, fmt.Errorf("%s is not a moviedb catalog: it is the SQLite database of another program", tx.opts.visible())
	}
	version, err := tx.number(ctx, `PRAGMA user_version`)
	if err != nil {
		return 0, err
	}
	shown := tx.opts.shown
	if shown == "" {
		shown = tx.opts.Path
	}
	if err := checkVersion(shown, version); err != nil {
		return 0, err
	}
	if version == SchemaVersion {
		return int(version), tx.hasSchema(ctx)
	}
	return int(version), nil
}

// sound runs SQLite's own check.
func (tx *Tx) sound(ctx context.Context, quick bool) error {
	query := `PRAGMA integrity_check(1)`
	if quick {
		query = `PRAGMA quick_check(1)`
	}
	var verdict string
	if err := tx.conn.QueryRowContext(ctx, query).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%s is damaged: %s", tx.opts.visible(), catalog.Visible(strings.TrimSpace(verdict)))
	}
	return nil
}

// columnsQuery lists the columns of all tables with their types.
const columnsQuery = `SELECT m.name, c.name, c.type FROM sqlite_schema m, pragma_table_xinfo(m.name) c WHERE m.type = 'table'`

// hasSchema refuses a database in which a table or a column of the schema is
// missing, which commands would fall over. What somebody added, and whether
// triggers and indexes are as they should be, is not looked at: a copy is to be
// what the catalog was.
func (tx *Tx) hasSchema(ctx context.Context) error {
	db, err := sql.Open(tx.opts.driver(), ":memory:")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	model, err := tx.opts.begin(ctx, db, "BEGIN")
	if err != nil {
		return err
	}
	defer model.end()
	if err := model.exec(ctx, tx.opts.Schema); err != nil {
		return err
	}
	want, err := all(rows(ctx, model, scanColumn, columnsQuery))
	if err != nil {
		return err
	}
	have, err := all(rows(ctx, tx, scanColumn, columnsQuery))
	if err != nil {
		return err
	}
	for _, w := range want {
		if !slices.Contains(have, w) {
			return fmt.Errorf("%s is not a whole catalog: the column %s of its table %s is missing or another", tx.opts.visible(), w[1], w[0])
		}
	}
	return nil
}

func scanColumn(s scanner, o *[3]string) error { return s.Scan(&o[0], &o[1], &o[2]) }
