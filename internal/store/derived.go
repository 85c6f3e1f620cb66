package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/moviedb/moviedb/internal/catalog"
)

// refreshBatch is how many stale records are brought up to date at a time.
const refreshBatch = 4096

// stale reports whether derived rows wait for a refresh, and whether all of
// them were made with another fold and must be rebuilt.
func (tx *Tx) stale(ctx context.Context) (stale, rebuild bool, err error) {
	var version sql.NullInt64
	err = tx.conn.QueryRowContext(ctx, `SELECT (SELECT value FROM derived_state WHERE name = 'fold_version'),
		EXISTS (SELECT 1 FROM stale)`).Scan(&version, &stale)
	return stale, version.Int64 != catalog.FoldVersion, err
}

// Rebuild makes all derived rows again from the ten tables.
func (tx *Tx) Rebuild(ctx context.Context) error {
	for _, q := range []string{
		`DELETE FROM movie_keys`, `DELETE FROM person_keys`, `DELETE FROM character_keys`,
		`DELETE FROM genre_keys`, `DELETE FROM country_keys`, `DELETE FROM user_keys`, `DELETE FROM file_keys`,
		`INSERT INTO movie_words (movie_words) VALUES ('delete-all')`,
		`INSERT INTO person_words (person_words) VALUES ('delete-all')`,
		`INSERT INTO character_words (character_words) VALUES ('delete-all')`,
		`INSERT INTO movie_texts (movie_texts) VALUES ('delete-all')`,
		`INSERT INTO person_texts (person_texts) VALUES ('delete-all')`,
		`DELETE FROM stale`,
		`INSERT INTO stale (kind, id) SELECT 'movie', id FROM movies`,
		`INSERT INTO stale (kind, id) SELECT 'person', id FROM persons`,
		`INSERT INTO stale (kind, id) SELECT 'character', min(id) FROM characters WHERE name IS NOT NULL GROUP BY name`,
		`INSERT INTO stale (kind, id) SELECT 'genre', id FROM genres`,
		`INSERT INTO stale (kind, id) SELECT 'country', id FROM countries`,
		`INSERT INTO stale (kind, id) SELECT 'user', id FROM users`,
		`INSERT INTO stale (kind, id) SELECT 'file', id FROM files`,
	} {
		if err := tx.exec(ctx, q); err != nil {
			return err
		}
	}
	if err := tx.Refresh(ctx); err != nil {
		return err
	}
	return tx.exec(ctx, `INSERT INTO derived_state (name, value) VALUES ('fold_version', ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, catalog.FoldVersion)
}

// change is one stale record: the texts the word indexes hold of it, and the
// record as it is now.
type change struct {
	id      int64
	oldName sql.NullString
	oldText sql.NullString
	name    sql.NullString // NULL when the record is gone
	text    sql.NullString // a movie's description, a person's biography
	last    string         // a person's last name
	date    sql.NullString // a movie's release date
	key     string         // folded name, filled in by whoever asks for derived rows
}

func scanChange(s scanner, c *change) error {
	var last sql.NullString
	if err := s.Scan(&c.id, &c.oldName, &c.oldText, &c.name, &c.text, &last, &c.date); err != nil {
		return err
	}
	c.last = last.String
	return nil
}

// derivation says how the derived rows of a kind are made.
type derivation struct {
	kind  string
	read  string      // SELECT of change's columns for stale records
	words []wordIndex // none for most kinds
	keys  string      // INSERT of key rows, without VALUES
	tail  string      // what follows the rows
	drop  string      // DELETE of the key rows of records that are gone, with %IN%
	cols  int
	bind  func([]any, *change) []any
}

// wordIndex is an FTS5 table over one text of a kind.
type wordIndex struct {
	table, column string
	index         func(string) string // what the table is given of a text
	texts         func(*change) (was, is sql.NullString)
}

func names(c *change) (was, is sql.NullString) { return c.oldName, c.name }
func texts(c *change) (was, is sql.NullString) { return c.oldText, c.text }

// staleRead is the SELECT for a table whose columns are given.
func staleRead(kind, table, name, text, last, date string) string {
	return `SELECT s.id, s.old_name, s.old_text, ` + name + `, ` + text + `, ` + last + `, ` + date + `
		FROM stale s LEFT JOIN ` + table + ` r ON r.id = s.id WHERE s.kind = '` + kind + `' ORDER BY s.id LIMIT ?`
}

func smallKind(kind, table, name string) derivation {
	return derivation{
		kind: kind, read: staleRead(kind, table, "r."+name, "NULL", "NULL", "NULL"),
		keys: `INSERT INTO ` + kind + `_keys (` + kind + `_id, name_key)`, cols: 2,
		tail: ` ON CONFLICT (` + kind + `_id) DO UPDATE SET name_key = excluded.name_key`,
		drop: `DELETE FROM ` + kind + `_keys WHERE ` + kind + `_id IN %IN%`,
		bind: func(a []any, c *change) []any { return append(a, c.id, c.key) },
	}
}

func movieDerivation() derivation {
	return derivation{
		kind: "movie", read: staleRead("movie", "movies", "r.title", "r.description", "NULL", "r.release_date"),
		words: []wordIndex{
			{"movie_words", "title", catalog.IndexText, names},
			{"movie_texts", "description", catalog.IndexPairs, texts},
		},
		keys: `INSERT INTO movie_keys (movie_id, title_key, sort_key, year)`, cols: 4,
		tail: ` ON CONFLICT (movie_id) DO UPDATE SET title_key = excluded.title_key, sort_key = excluded.sort_key, year = excluded.year`,
		drop: `DELETE FROM movie_keys WHERE movie_id IN %IN%`,
		bind: func(a []any, c *change) []any {
			return append(a, c.id, c.key, catalog.SortKey(c.key), null(int64(catalog.Year(c.date.String))))
		},
	}
}

func personDerivation() derivation {
	return derivation{
		kind: "person", read: staleRead("person", "persons", "coalesce(r.first_name || ' ', '') || r.last_name", "r.biography", "r.last_name", "NULL"),
		words: []wordIndex{
			{"person_words", "name", catalog.IndexText, names},
			{"person_texts", "biography", catalog.IndexPairs, texts},
		},
		keys: `INSERT INTO person_keys (person_id, name_key, sort_key)`, cols: 3,
		tail: ` ON CONFLICT (person_id) DO UPDATE SET name_key = excluded.name_key, sort_key = excluded.sort_key`,
		drop: `DELETE FROM person_keys WHERE person_id IN %IN%`,
		bind: func(a []any, c *change) []any { return append(a, c.id, c.key, personSortKey(c.name.String, c.last)) },
	}
}

func characterDerivation() derivation {
	return derivation{
		kind: "character", read: staleRead("character", "characters", "r.name", "NULL", "NULL", "NULL"),
		keys: `INSERT INTO character_keys (name, name_key)`, cols: 2, // see learnNames
		bind: func(a []any, c *change) []any { return append(a, c.name.String, c.key) },
	}
}

// learnNames derives what belongs to names of parts. Names that are known stay
// as they are: a name never changes, and the fold only with a rebuild. many is
// for when there are more to come than one call brings, see late.feed.
func (tx *Tx) learnNames(ctx context.Context, parts []change, many bool) error {
	known := map[string]bool{}
	texts := make([]string, len(parts))
	for i := range parts {
		texts[i] = parts[i].name.String
	}
	got, err := eachIn(ctx, tx, scanText, `SELECT name FROM character_keys WHERE name IN %IN%`, texts)
	if err != nil {
		return err
	}
	for _, name := range got {
		known[name] = true
	}
	id, err := tx.number(ctx, `SELECT max(id) FROM character_keys`)
	if err != nil {
		return err
	}
	var fresh []change
	for _, c := range parts {
		if !known[c.name.String] {
			known[c.name.String] = true
			id++
			c.id = id
			fresh = append(fresh, c)
		}
	}
	err = insertAll(ctx, tx, `INSERT INTO character_keys (id, name, name_key)`, 3, "", fresh,
		func(a []any, c *change) []any { return append(a, c.id, c.name.String, c.key) })
	if err != nil {
		return err
	}
	words := func(a []any, c *change) []any { return append(a, c.id, catalog.IndexPairs(c.name.String)) }
	if !many {
		return insertAll(ctx, tx, `INSERT INTO character_words (rowid, name)`, 2, "", fresh, words)
	}
	return tx.execEach(ctx, `INSERT INTO character_words (rowid, name) VALUES (?, ?)`, len(fresh),
		func(a []any, i int) []any { return words(a, &fresh[i]) })
}

func scanText(s scanner, text *string) error { return s.Scan(text) }

func derivations() []derivation {
	return []derivation{
		movieDerivation(),
		personDerivation(),
		characterDerivation(),
		smallKind("genre", "genres", "name"),
		smallKind("country", "countries", "name"),
		smallKind("user", "users", "username"),
		smallKind("file", "files", "file_name"),
	}
}

// personSortKey is the folded "last, first" of a whole name whose last name is
// known.
func personSortKey(name, last string) string {
	if first := name[:max(0, len(name)-len(last)-1)]; first != "" {
		return catalog.Fold(last + ", " + first)
	}
	return catalog.Fold(last)
}

// Refresh brings the derived rows of all noted records up to date. There is one
// path for our own writes and for edits by hand.
func (tx *Tx) Refresh(ctx context.Context) error {
	stale, err := tx.number(ctx, `SELECT EXISTS (SELECT 1 FROM stale)`)
	if err != nil || stale == 0 {
		return err
	}
	for _, d := range derivations() {
		for {
			more, err := tx.refreshBatch(ctx, d)
			if err != nil {
				return err
			}
			if !more {
				break
			}
		}
	}
	return nil
}

// refreshBatch brings a number of records of one kind up to date and reports
// whether there may be more.
func (tx *Tx) refreshBatch(ctx context.Context, d derivation) (more bool, err error) {
	noted, err := all(rows(ctx, tx, scanChange, d.read, refreshBatch))
	if err != nil || len(noted) == 0 {
		return false, err
	}
	var learn []change
	var gone []int64
	for _, c := range noted {
		if c.name.Valid {
			c.key = catalog.Fold(c.name.String)
			learn = append(learn, c)
		} else {
			gone = append(gone, c.id)
		}
	}
	for _, w := range d.words {
		if err := tx.rewords(ctx, w, noted); err != nil {
			return false, err
		}
	}
	if d.kind == "character" {
		err = tx.learnNames(ctx, learn, false)
	} else {
		err = insertAll(ctx, tx, d.keys, d.cols, d.tail, learn, d.bind)
	}
	if err != nil {
		return false, err
	}
	if err := tx.late.learn(ctx, tx, d.kind, learn); err != nil {
		return false, err
	}
	if d.drop != "" {
		if err := execIn(ctx, tx, d.drop, gone); err != nil {
			return false, err
		}
	}
	last := noted[len(noted)-1].id
	return len(noted) == refreshBatch, tx.exec(ctx, `DELETE FROM stale WHERE kind = ? AND id <= ?`, d.kind, last)
}

// rewords takes old texts out of a word index and puts new ones in. A text that
// did not change stays in it.
func (tx *Tx) rewords(ctx context.Context, w wordIndex, noted []change) error {
	type entry struct {
		id   int64
		text string
	}
	var forget, learn []entry
	for i := range noted {
		was, is := w.texts(&noted[i])
		if was == is {
			continue
		}
		if was.Valid {
			forget = append(forget, entry{noted[i].id, was.String})
		}
		if is.Valid {
			learn = append(learn, entry{noted[i].id, is.String})
		}
	}
	if len(forget)+len(learn) == 0 {
		return nil
	}
	if err := tx.late.feed(ctx, tx, w); err != nil { // it may yet have to get what it shall forget
		return err
	}
	err := insertAll(ctx, tx, `INSERT INTO `+w.table+` (`+w.table+`, rowid, `+w.column+`)`, 3, "", forget,
		func(a []any, e *entry) []any { return append(a, "delete", e.id, w.index(e.text)) })
	if err != nil {
		return err
	}
	return insertAll(ctx, tx, `INSERT INTO `+w.table+` (rowid, `+w.column+`)`, 2, "", learn,
		func(a []any, e *entry) []any { return append(a, e.id, w.index(e.text)) })
}

// overlay lets this read transaction see the noted records under their present
// names although the catalog cannot be written now: a temporary view hides each
// key table and adds the fresh rows. Temporary tables live in memory and touch
// no file of the catalog.
func (tx *Tx) overlay(ctx context.Context) (err error) {
	for _, q := range []string{`PRAGMA temp_store = memory`, `PRAGMA query_only = 0`} {
		if err := tx.exec(ctx, q); err != nil {
			return err
		}
	}
	defer func() { err = errors.Join(err, tx.exec(ctx, `PRAGMA query_only = 1`)) }()
	views := map[string][2]string{
		"movie":     {"movie_keys", "movie_id, title_key, sort_key, year"},
		"person":    {"person_keys", "person_id, name_key, sort_key"},
		"character": {"character_keys", "name, name_key"},
		"genre":     {"genre_keys", "genre_id, name_key"},
		"country":   {"country_keys", "country_id, name_key"},
		"user":      {"user_keys", "user_id, name_key"},
		"file":      {"file_keys", "file_id, name_key"},
	}
	for _, d := range derivations() {
		table, cols := views[d.kind][0], views[d.kind][1]
		noted, err := all(rows(ctx, tx, scanChange, d.read, -1))
		if err != nil {
			return err
		}
		if len(noted) == 0 {
			continue
		}
		hide := ` WHERE ` + d.kind + `_id NOT IN (SELECT id FROM stale WHERE kind = '` + d.kind + `')`
		if d.kind == "character" {
			hide = ` WHERE name NOT IN (SELECT name FROM fresh_character_keys)`
		}
		for _, q := range []string{
			`CREATE TEMP TABLE fresh_` + table + ` AS SELECT ` + cols + ` FROM main.` + table + ` LIMIT 0`,
			`CREATE TEMP VIEW ` + table + ` AS SELECT ` + cols + ` FROM main.` + table + hide +
				` UNION ALL SELECT ` + cols + ` FROM fresh_` + table,
		} {
			if err := tx.exec(ctx, q); err != nil {
				return err
			}
		}
		var learn []change
		names := map[string]bool{}
		for _, c := range noted {
			if c.name.Valid {
				if d.kind == "character" && names[c.name.String] {
					continue // one row a name, however many parts bear it
				}
				names[c.name.String] = true
				c.key = catalog.Fold(c.name.String)
				learn = append(learn, c)
			}
		}
		if err := insertAll(ctx, tx, `INSERT INTO fresh_`+table+` (`+cols+`)`, d.cols, "", learn, d.bind); err != nil {
			return err
		}
	}
	return nil
}
