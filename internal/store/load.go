package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Load fills an empty catalog with rows as they were in another: with their
// ids, timestamps and all. It is made by BeginLoad and ended by End.
type Load struct{ tx *Tx }

// notEmptyError says that there are rows where none may be.
type notEmptyError struct{ text string }

// Error says which catalog it is, and what it has.
func (e *notEmptyError) Error() string { return e.text }

// Unwrap returns catalog.ErrExists.
func (e *notEmptyError) Unwrap() error { return catalog.ErrExists }

// BeginLoad prepares an empty catalog: a row in any of the ten tables is a
// catalog.ErrExists. Until End there are no triggers, which would change what
// is written, and no indexes but the unique ones.
func (tx *Tx) BeginLoad(ctx context.Context) (*Load, error) {
	for _, t := range Tables() {
		if n, err := tx.CountRows(ctx, t); err != nil {
			return nil, err
		} else if n > 0 {
			return nil, &notEmptyError{fmt.Sprintf("%s is not empty: it has %d %s; a whole catalog goes into an empty one only, choose another with --db",
				tx.opts.visible(), n, catalog.Plural(int(n), "row", "rows")+" of "+t.Name)}
		}
	}
	found, err := all(rows(ctx, tx, scanObject, `SELECT type, name, tbl_name, sql FROM sqlite_schema
		WHERE type = 'trigger' OR type = 'index' AND sql LIKE 'CREATE INDEX%' ORDER BY rowid`))
	if err != nil {
		return nil, err
	}
	if err := tx.Bulk(ctx, manyRows); err != nil {
		return nil, err
	}
	tx.late.objects = found
	for _, t := range lateTables() {
		tx.late.kinds[t.kind] = true
	}
	for _, o := range found {
		if err := tx.exec(ctx, `DROP `+o.kind+` `+o.name); err != nil {
			return nil, err
		}
	}
	return &Load{tx: tx}, nil
}

// BadRow is a row that the schema refuses.
type BadRow struct {
	Index  int    // among the rows given to Insert
	Column string // "" if it is not one alone
	Reason string
	Refers string // the kind of record that it refers to and that is not there
}

// Insert writes rows of a table, each with all its columns as Rows yields them.
// Rows that the schema refuses are left out and returned; then the load is only
// good for finding more of them.
func (l *Load) Insert(ctx context.Context, t Table, rows [][]any) (bad []BadRow, err error) {
	head := `INSERT INTO ` + t.Name + ` (` + t.list(len(t.Columns)) + `)`
	bind := func(a []any, row *[]any) []any { return append(a, *row...) }
	for at := 0; at < len(rows); at += batch {
		part := rows[at:min(at+batch, len(rows))]
		err := insertAll(ctx, l.tx, head, len(t.Columns), "", part, bind)
		if err == nil {
			continue
		}
		if !isConstraint(err) {
			return nil, err
		}
		for i := range part { // which of them is it?
			err := insertAll(ctx, l.tx, head, len(t.Columns), "", part[i:i+1], bind)
			if err == nil {
				continue
			}
			if !isConstraint(err) {
				return nil, err
			}
			b, err := l.explain(ctx, t, part[i], err)
			if err != nil {
				return nil, err
			}
			b.Index = at + i
			bad = append(bad, b)
		}
	}
	if len(bad) > 0 {
		return bad, nil // nothing will be kept
	}
	return nil, l.derive(ctx, t, rows)
}

// derive makes what is derived from rows, where that is not left to End.
func (l *Load) derive(ctx context.Context, t Table, rows [][]any) error {
	at := make(map[string]int, len(t.Columns))
	for i, c := range t.Columns {
		at[c.Name] = i
	}
	text := func(row []any, column string) (s sql.NullString) {
		s.String, s.Valid = row[at[column]].(string)
		return s
	}
	switch t.Kind {
	case "movie":
		return l.tx.deriveLate(ctx, movieDerivation(), len(rows), func(i int, c *change) {
			c.id, _ = rows[i][0].(int64)
			c.name, c.text, c.date = text(rows[i], "title"), text(rows[i], "description"), text(rows[i], "release_date")
		})
	case "person":
		return l.tx.deriveLate(ctx, personDerivation(), len(rows), func(i int, c *change) {
			c.id, _ = rows[i][0].(int64)
			c.last = text(rows[i], "last_name").String
			c.name, c.text = given(catalog.JoinName(text(rows[i], "first_name").String, c.last)), text(rows[i], "biography")
		})
	}
	return nil
}

func isConstraint(err error) bool { return errorCode(err)&0xff == sqlite3.SQLITE_CONSTRAINT }

// explain says why the schema refuses a row.
func (l *Load) explain(ctx context.Context, t Table, row []any, refusal error) (BadRow, error) {
	text := refusal.Error()
	_, what, _ := strings.Cut(text, "constraint failed: ") // modernc says it once, SQLite again
	if _, again, ok := strings.Cut(what, "constraint failed: "); ok {
		what = again
	}
	if i := strings.LastIndex(what, " ("); i > 0 { // the code
		what = what[:i]
	}
	switch errorCode(refusal) {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		b := BadRow{Reason: "another row has the same " + strings.ReplaceAll(what, t.Name+".", "")}
		if !strings.Contains(what, ",") {
			b.Column = strings.TrimPrefix(what, t.Name+".")
		}
		return b, nil
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return l.dangling(ctx, t, row)
	}
	b := BadRow{Reason: "the schema refuses it: " + catalog.Visible(what)}
	var named []string
	for _, c := range t.Columns {
		if strings.Contains(what, c.sql) {
			named = append(named, c.Name)
		}
	}
	if len(named) > 0 { // "email" is in "email LIKE …", "name" in "last_name": the longest is meant
		b.Column = slices.MaxFunc(named, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	}
	return b, nil
}

// dangling finds the reference of a row that leads nowhere.
func (l *Load) dangling(ctx context.Context, t Table, row []any) (BadRow, error) {
	for i, c := range t.Columns {
		if c.Refers == "" || row[i] == nil {
			continue
		}
		n, err := l.tx.number(ctx, `SELECT EXISTS (SELECT 1 FROM `+tableOf(c.Refers)+` WHERE id = ?)`, row[i])
		if err != nil {
			return BadRow{}, err
		}
		if n == 0 {
			return BadRow{Column: c.Name, Reason: fmt.Sprintf("there is no %s %d", c.Refers, row[i]), Refers: c.Refers}, nil
		}
	}
	return BadRow{Reason: "it refers to a record that is not there"}, nil
}

// tableOf is the name of the table of a kind.
func tableOf(kind string) string {
	for _, t := range Tables() {
		if t.Kind == kind {
			return t.Name
		}
	}
	return ""
}

// Disagreement is a person whose primary photo is not the one that the photos
// say. Before is how many people come before in the order of their ids.
type Disagreement struct{ Person, Before int64 }

// PrimaryPhotos returns the first people whose primary photo and photos
// disagree, up to a number, once all rows are written.
func (l *Load) PrimaryPhotos(ctx context.Context, most int) ([]Disagreement, error) {
	return all(rows(ctx, l.tx, func(s scanner, d *Disagreement) error { return s.Scan(&d.Person, &d.Before) },
		`SELECT p.id, (SELECT count(*) FROM persons b WHERE b.id < p.id) FROM persons p
		WHERE p.primary_photo_id IS NOT NULL
			AND p.primary_photo_id IS NOT (SELECT file_id FROM photos WHERE person_id = p.id AND is_primary = 1)
		OR p.id IN (SELECT person_id FROM photos WHERE is_primary = 1) AND p.primary_photo_id IS NULL
		ORDER BY p.id LIMIT ?`, most))
}

// SetSequence sets the highest id that a row of the table ever had; it is never
// less than the highest there is.
func (l *Load) SetSequence(ctx context.Context, t Table, seq int64) error {
	highest, err := l.tx.number(ctx, `SELECT max(id) FROM `+t.Name)
	if err != nil {
		return err
	}
	if err := l.tx.exec(ctx, `DELETE FROM sqlite_sequence WHERE name = ?`, t.Name); err != nil {
		return err
	}
	if seq = max(seq, highest); seq == 0 {
		return nil
	}
	return l.tx.exec(ctx, `INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)`, t.Name, seq)
}

// End makes the derived rows that are still to come, the indexes and the
// triggers.
func (l *Load) End(ctx context.Context) error {
	for _, q := range []string{
		`INSERT INTO stale (kind, id) SELECT 'genre', id FROM genres`,
		`INSERT INTO stale (kind, id) SELECT 'country', id FROM countries`,
		`INSERT INTO stale (kind, id) SELECT 'user', id FROM users`,
		`INSERT INTO stale (kind, id) SELECT 'file', id FROM files`,
	} {
		if err := l.tx.exec(ctx, q); err != nil {
			return err
		}
	}
	if err := l.tx.Refresh(ctx); err != nil {
		return err
	}
	l.tx.countries, l.tx.genres = nil, nil
	return l.tx.EndBulk(ctx)
}
