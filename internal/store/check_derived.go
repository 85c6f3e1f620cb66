package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/moviedb/moviedb/internal/catalog"
)

// derived compares what is derived with what the records give. What is derived
// from a record that somebody changed by hand is what it was before: the note in
// stale says from which texts.
func (c *Check) derived(ctx context.Context) error {
	if ok, err := c.sameFold(ctx); err != nil || !ok {
		return err
	}
	for _, k := range checkedKinds() {
		if err := c.kind(ctx, k); err != nil {
			return err
		}
	}
	return c.partNames(ctx)
}

// sameFold looks whether the derived rows were made by this version of the fold;
// others are made anew by the next command that writes.
func (c *Check) sameFold(ctx context.Context) (ok bool, err error) {
	if c.gone["derived_state"] || c.gone["stale"] {
		return false, nil
	}
	_, outdated, err := c.tx.stale(ctx)
	if err != nil || !outdated || c.rebuild {
		return !outdated, err
	}
	c.rebuild = true
	return false, c.found(catalog.Finding{Code: catalog.FindingDerived, Table: "derived_state",
		Text: "the search indexes and keys were made by another version of moviedb"}, c.later)
}

// later is the repair of what renew makes right in the end.
func (c *Check) later() error { return nil }

// checkedKind is a kind of record with derived rows.
type checkedKind struct {
	kind, table string
	read        string // SELECT of id, name, text, last name and date, then the noted texts, then the key row
	keys        string // the table of key rows
	cols        []string
	words       []wordIndex
	want        func(*change) []string // the key row without its id
}

func checkedKinds() []checkedKind {
	var kinds []checkedKind
	for _, d := range derivations() {
		k := checkedKind{kind: d.kind, keys: d.kind + "_keys", cols: []string{"name_key"}, words: d.words,
			want: func(c *change) []string { return []string{catalog.Fold(c.name.String)} }}
		name, text, last, date := "r.name", "NULL", "NULL", "NULL"
		switch d.kind {
		case "character":
			continue // see partNames
		case "movie":
			name, text, date = "r.title", "r.description", "r.release_date"
			k.cols = []string{"title_key", "sort_key", "year"}
			k.want = movieKeyRow
		case "person":
			name, text, last = "coalesce(r.first_name || ' ', '') || r.last_name", "r.biography", "r.last_name"
			k.cols = []string{"name_key", "sort_key"}
			k.want = func(c *change) []string {
				return []string{catalog.Fold(c.name.String), personSortKey(c.name.String, c.last)}
			}
		case "user":
			name = "r.username"
		case "file":
			name = "r.file_name"
		}
		k.table = tableOf(d.kind)
		k.read = `SELECT r.id, s.id IS NOT NULL, s.old_name, s.old_text, ` + name + `, ` + text + `, ` + last + `, ` + date +
			`, k.` + d.kind + `_id IS NOT NULL, k.` + strings.Join(k.cols, ", k.") + ` FROM ` + k.table + ` r
			LEFT JOIN ` + k.keys + ` k ON k.` + d.kind + `_id = r.id LEFT JOIN stale s ON s.kind = '` + d.kind + `' AND s.id = r.id ORDER BY r.id`
		kinds = append(kinds, k)
	}
	return kinds
}

func movieKeyRow(c *change) []string {
	key, year := catalog.Fold(c.name.String), ""
	if y := catalog.Year(c.date.String); y != 0 {
		year = strconv.Itoa(y)
	}
	return []string{key, catalog.SortKey(key), year}
}

// kept is a record with what is derived from it.
type kept struct {
	change
	stale, keyed bool
	keys         [3]sql.NullString
}

func (k *checkedKind) scan(s scanner, r *kept) error {
	var last sql.NullString
	dest := []any{&r.id, &r.stale, &r.oldName, &r.oldText, &r.name, &r.text, &last, &r.date, &r.keyed}
	for i := range k.cols {
		dest = append(dest, &r.keys[i])
	}
	err := s.Scan(dest...)
	r.last = last.String
	return err
}

// kind compares the key rows and the words of one kind.
func (c *Check) kind(ctx context.Context, k checkedKind) error {
	if c.gone[k.keys] {
		return nil
	}
	c.Step("search index of " + k.table)
	highest, err := c.tx.number(ctx, `SELECT max(id) FROM `+k.table)
	if err != nil {
		return err
	}
	sums := make([]*wordSums, len(k.words))
	for i, w := range k.words {
		sums[i] = newWordSums(w, highest)
	}
	wrong := &someIDs{}
	for r, err := range rows(ctx, c.tx, k.scan, k.read) {
		if err != nil {
			return err
		}
		if !r.stale && !k.right(&r) {
			wrong.add(r.id)
		}
		if !r.stale {
			r.oldName, r.oldText = r.name, r.text
		}
		for _, s := range sums {
			s.record(&r.change)
		}
	}
	if err := c.wrongKeys(ctx, k, wrong); err != nil {
		return err
	}
	if len(k.words) > 0 {
		for r, err := range rows(ctx, c.tx, scanGone, `SELECT id, old_name, old_text FROM stale s WHERE kind = ? AND NOT EXISTS (SELECT 1 FROM `+k.table+` WHERE id = s.id)`, k.kind) {
			if err != nil {
				return err
			}
			for _, s := range sums {
				s.record(&r)
			}
		}
	}
	for _, s := range sums {
		if err := c.words(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func scanGone(s scanner, r *change) error { return s.Scan(&r.id, &r.oldName, &r.oldText) }

// right tells that the key row of a record is what it should be. A record
// without a name has none.
func (k *checkedKind) right(r *kept) bool {
	if !r.name.Valid {
		return !r.keyed
	}
	if !r.keyed {
		return false
	}
	for i, want := range k.want(&r.change) {
		if r.keys[i].String != want {
			return false
		}
	}
	return true
}

// wrongKeys reports key rows that are wrong, and those of no record.
func (c *Check) wrongKeys(ctx context.Context, k checkedKind, wrong *someIDs) error {
	extra, err := c.tx.number(ctx, `SELECT count(*) FROM `+k.keys+` k WHERE NOT EXISTS (SELECT 1 FROM `+k.table+` r WHERE r.id = k.`+k.kind+`_id)
		AND NOT EXISTS (SELECT 1 FROM stale s WHERE s.kind = ? AND s.id = k.`+k.kind+`_id)`, k.kind)
	if err != nil {
		return err
	}
	if wrong.n > 0 {
		if err := c.wrongDerived(k.keys, "the keys of "+wrong.of(k.table)+" are missing or wrong"); err != nil {
			return err
		}
	}
	if extra > 0 {
		return c.wrongDerived(k.keys, fmt.Sprintf("%d of its rows are of no record", extra))
	}
	if wrong.n > 0 || k.kind != "genre" && k.kind != "country" && k.kind != "user" {
		return nil
	}
	return c.duplicates(ctx, k)
}

// duplicates reports records whose names are the same but for what the program
// folds; SQLite can compare ASCII only.
func (c *Check) duplicates(ctx context.Context, k checkedKind) error {
	key, id := `b.name_key = k.name_key AND b.`+k.kind+`_id`, `k.`+k.kind+`_id`
	query := `SELECT ` + id + `, (SELECT min(b.` + k.kind + `_id) FROM ` + k.keys + ` b WHERE ` + key + ` < ` + id + `) AS first
		FROM ` + k.keys + ` k WHERE first IS NOT NULL ORDER BY 1`
	for p, err := range rows(ctx, c.tx, scanPair, query) {
		if err != nil {
			return err
		}
		text := fmt.Sprintf("the name is that of %s %d but for case and accents; rename one", k.kind, p.b)
		if k.kind != "user" {
			text += fmt.Sprintf(", or put them together with 'moviedb %s merge'", k.kind)
		}
		if err := c.Report(catalog.Finding{Code: catalog.FindingDuplicate, Table: k.table, ID: p.a, Text: text}); err != nil {
			return err
		}
	}
	return nil
}

// wrongDerived reports derived rows that are wrong, all of which are made anew
// in the end.
func (c *Check) wrongDerived(table, text string) error {
	c.rebuild = true
	return c.found(catalog.Finding{Code: catalog.FindingDerived, Table: table, Text: text}, c.later)
}

// partNames compares what is derived from the names of parts, which belongs to
// the names and not to the parts.
func (c *Check) partNames(ctx context.Context) error {
	if c.gone["character_keys"] {
		return nil
	}
	c.Step("search index of characters")
	highest, err := c.tx.number(ctx, `SELECT max(id) FROM character_keys`)
	if err != nil {
		return err
	}
	missing, err := c.tx.number(ctx, `SELECT count(*) FROM (SELECT DISTINCT name FROM characters WHERE name IS NOT NULL) d
		WHERE NOT EXISTS (SELECT 1 FROM character_keys k WHERE k.name = d.name)
		AND d.name NOT IN (SELECT r.name FROM stale s JOIN characters r ON r.id = s.id WHERE s.kind = 'character' AND r.name IS NOT NULL)`)
	if err != nil {
		return err
	}
	sums := newWordSums(wordIndex{"character_words", "name", catalog.IndexPairs, names}, highest)
	wrong := &someIDs{}
	for r, err := range rows(ctx, c.tx, scanPartKey, `SELECT id, name, name_key FROM character_keys`) {
		if err != nil {
			return err
		}
		if catalog.Fold(r.oldName.String) != r.key {
			wrong.add(r.id)
		}
		sums.record(&r)
	}
	if n := missing + int64(wrong.n); n > 0 {
		if err := c.wrongDerived("character_keys", fmt.Sprintf("the keys of %d names of parts are missing or wrong", n)); err != nil {
			return err
		}
	}
	return c.words(ctx, sums)
}

func scanPartKey(s scanner, r *change) error { return s.Scan(&r.id, &r.oldName, &r.key) }

// renew makes right what is derived, once all else is.
func (c *Check) renew(ctx context.Context) error {
	if c.gone["stale"] || c.gone["derived_state"] {
		return nil
	}
	var err error
	if c.stale, err = c.tx.number(ctx, `SELECT count(*) FROM stale`); err != nil || !c.o.Fix {
		return err
	}
	for _, o := range c.want {
		if o.kind == "table" && c.broken[o.name] {
			if err := c.remakeWords(ctx, o); err != nil {
				return err
			}
		}
	}
	if !c.rebuild {
		return c.tx.Refresh(ctx)
	}
	c.Step("making derived rows")
	return c.tx.Rebuild(ctx)
}

// remakeWords makes a damaged word index anew, empty. SQLite opens one to drop
// it, which it does not do without the version of its format.
func (c *Check) remakeWords(ctx context.Context, o object) error {
	settings := o.name + `_config`
	err := c.tx.exec(ctx, `CREATE TABLE IF NOT EXISTS `+settings+` (k PRIMARY KEY, v) WITHOUT ROWID;
		INSERT OR REPLACE INTO `+settings+` VALUES ('version', 4)`)
	if err != nil {
		return err
	}
	return c.remake(ctx, o)
}

// cannotRead tells that a query of a table was refused, not the whole file.
func cannotRead(err error) bool {
	var c *classified
	if errors.As(err, &c) && c.sentinel != nil {
		return false
	}
	code := errorCode(err) & 0xff
	return code == sqlite3.SQLITE_ERROR || code == sqlite3.SQLITE_CORRUPT
}
