package store

import (
	"context"
	"math"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// manyRows is from how many rows on it pays to put work off.
const manyRows = 10_000

// fullLoad is how many new records at a time show that a table gets many.
const fullLoad = 512

// Bulk prepares the transaction for writing many rows; rows is about how many
// records are still to come. More of the file is kept in memory (64 MiB), for
// this connection only.
//
// A table that is going to have most of its records from this transaction is
// late from its first full load on: its indexes are dropped and built after the
// rows, and what is derived from new records is made from them without a note
// in between. Until EndBulk, which must follow, names in a late table are found
// by MoviesByKey and PersonsByKey; other queries are right, but slow.
func (tx *Tx) Bulk(ctx context.Context, rows int64) error {
	if rows >= manyRows {
		tx.late = &late{rows: rows, kinds: map[string]bool{}, keys: map[string]*keyTable{}, feeds: map[string]*feed{}}
	}
	return tx.exec(ctx, `PRAGMA cache_size = -65536`)
}

// late is the work that a bulk puts off. Its methods take nil for a transaction
// that puts nothing off.
type late struct {
	rows    int64                // to come
	kinds   map[string]bool      // whose table is late
	objects []object             // that EndBulk makes again
	keys    map[string]*keyTable // by kind, while there is no index on keys
	feeds   map[string]*feed     // by word index
}

// load makes a kind's table late if n records for it are a full load and it is
// going to have more of them than it holds.
func (l *late) load(ctx context.Context, tx *Tx, kind string, n int) error {
	if l == nil || n < fullLoad || l.kinds[kind] {
		return nil
	}
	for _, t := range lateTables() {
		if t.kind != kind {
			continue
		}
		next, err := tx.nextID(ctx, t.name)
		if err != nil || l.rows < next {
			return err
		}
		return l.putOff(ctx, tx, t, next)
	}
	return nil
}

// lateTable is a table that can be late.
type lateTable struct {
	name, kind string
	indexed    []string // tables whose indexes go
	triggers   []string // that go
	keyed      string   // SELECT of id and key of all key rows, "" if nothing asks for keys
	byKey      string   // the index on keys
}

func lateTables() []lateTable {
	return []lateTable{
		{
			name: "movies", kind: "movie", indexed: []string{"movies", "movie_genres", "movie_keys"},
			triggers: []string{"movies_stale_ins", "movies_stale_replace"},
			keyed:    `SELECT movie_id, title_key FROM movie_keys`, byKey: "movie_keys_title",
		},
		{
			name: "persons", kind: "person", indexed: []string{"persons", "person_keys"},
			triggers: []string{"persons_stale_ins", "persons_stale_replace"},
			keyed:    `SELECT person_id, name_key FROM person_keys`, byKey: "person_keys_name",
		},
		{
			name: "characters", kind: "character", indexed: []string{"characters", "character_keys"},
			triggers: []string{"characters_stale_ins"},
		},
	}
}

// object is an index or a trigger.
type object struct{ kind, name, table, sql string }

func scanObject(s scanner, o *object) error { return s.Scan(&o.kind, &o.name, &o.table, &o.sql) }

// putOff makes a table late, whose next record gets the id next.
func (l *late) putOff(ctx context.Context, tx *Tx, t lateTable, next int64) error {
	found, err := all(rows(ctx, tx, scanObject, `SELECT type, name, tbl_name, sql FROM sqlite_schema
		WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (`+quoted(t.indexed)+`)
			OR type = 'trigger' AND name IN (`+quoted(t.triggers)+`) ORDER BY rowid`))
	if err != nil {
		return err
	}
	hash := t.keyed != "" && next < math.MaxUint32/2
	for _, o := range found {
		if o.name == t.byKey && !hash {
			continue
		}
		if err := tx.exec(ctx, `DROP `+o.kind+` "`+strings.ReplaceAll(o.name, `"`, `""`)+`"`); err != nil {
			return err
		}
		l.objects = append(l.objects, o)
	}
	l.kinds[t.kind] = true
	if hash {
		l.keys[t.kind], err = tx.loadKeys(ctx, t.keyed, newKeyHash())
	}
	return err
}

// quoted makes a list of texts of names that need no escape.
func quoted(names []string) string { return "'" + strings.Join(names, "', '") + "'" }

// is tells whether a kind's table is late.
func (l *late) is(kind string) bool { return l != nil && l.kinds[kind] }

// hashed is what finds the keys of a kind without their index; nil is the
// index.
func (l *late) hashed(kind string) *keyTable {
	if l == nil {
		return nil
	}
	return l.keys[kind]
}

// learn lets the keys of new or changed records be found.
func (l *late) learn(ctx context.Context, tx *Tx, kind string, records []change) error {
	t := l.hashed(kind)
	if t == nil {
		return nil
	}
	for i := range records {
		if !t.add(records[i].key, records[i].id) {
			return l.unhash(ctx, tx, kind)
		}
	}
	return nil
}

// unhash gives a kind its index on keys back, for ids that a keyTable cannot
// hold.
func (l *late) unhash(ctx context.Context, tx *Tx, kind string) error {
	delete(l.keys, kind)
	for _, t := range lateTables() {
		for i, o := range l.objects {
			if t.kind == kind && o.name == t.byKey {
				l.objects = append(l.objects[:i:i], l.objects[i+1:]...)
				return tx.exec(ctx, o.sql)
			}
		}
	}
	return nil
}

// deriveLate makes what is derived from new records of a kind whose table is
// late. record fills in the record at an index.
func (tx *Tx) deriveLate(ctx context.Context, d derivation, n int, record func(int, *change)) error {
	if !tx.late.is(d.kind) {
		return nil
	}
	made := make([]change, n)
	for i := range made {
		record(i, &made[i])
		made[i].key = catalog.Fold(made[i].name.String)
	}
	if err := insertAll(ctx, tx, d.keys, d.cols, d.tail, made, d.bind); err != nil {
		return err
	}
	if err := tx.late.learn(ctx, tx, d.kind, made); err != nil {
		return err
	}
	for _, w := range d.words {
		f := tx.late.feeds[w.table]
		if f == nil {
			f = &feed{}
			tx.late.feeds[w.table] = f
		}
		for i := range made {
			if _, is := w.texts(&made[i]); is.Valid {
				f.add(made[i].id, w.index(is.String))
			}
		}
		if f.size < feedBytes {
			continue
		}
		if err := tx.late.feed(ctx, tx, w); err != nil {
			return err
		}
	}
	return nil
}

// feedBytes is how much text waits for a word index. Every time it gets some it
// begins another part of itself, which a query has to look into.
const feedBytes = 4 << 20

// feed is what a word index has yet to get.
type feed struct {
	ids   []int64
	texts []string
	size  int
}

func (f *feed) add(id int64, text string) {
	f.ids, f.texts, f.size = append(f.ids, id), append(f.texts, text), f.size+len(text)
}

// feed gives a word index what waits for it. FTS5 begins another part of the
// index with every statement of several rows, so each row has its own.
func (l *late) feed(ctx context.Context, tx *Tx, w wordIndex) error {
	if l == nil || l.feeds[w.table] == nil {
		return nil
	}
	f := l.feeds[w.table]
	l.feeds[w.table] = nil
	return tx.execEach(ctx, `INSERT INTO `+w.table+` (rowid, `+w.column+`) VALUES (?, ?)`, len(f.ids),
		func(a []any, i int) []any { return append(a, f.ids[i], f.texts[i]) })
}

// EndBulk does what Bulk put off. Indexes and triggers are made from the text
// that made them before.
func (tx *Tx) EndBulk(ctx context.Context) error {
	l := tx.late
	if l == nil {
		return nil
	}
	l.keys = nil
	for _, d := range derivations() {
		for _, w := range d.words {
			if err := l.feed(ctx, tx, w); err != nil {
				return err
			}
		}
	}
	tx.late = nil
	// Sorted in memory, each key of an index is an allocation of its own, and all
	// of them are there at once; in files, up to 64 MiB stay in memory as one. It
	// cannot be changed while somebody uses temporary tables; then it stays.
	_ = tx.exec(ctx, `PRAGMA temp_store = file`)
	defer func() { _ = tx.exec(ctx, `PRAGMA temp_store = memory`) }()
	if err := tx.make(ctx, l.objects, func(o object) bool { return o.table != "character_keys" }); err != nil {
		return err
	}
	if l.kinds["character"] {
		if err := tx.deriveNames(ctx); err != nil {
			return err
		}
	}
	return tx.make(ctx, l.objects, func(o object) bool { return o.table == "character_keys" })
}

// make makes those objects again that are wanted.
func (tx *Tx) make(ctx context.Context, objects []object, wanted func(object) bool) error {
	for _, o := range objects {
		if !wanted(o) {
			continue
		}
		if err := tx.exec(ctx, o.sql); err != nil {
			return err
		}
	}
	return nil
}

// deriveNames makes the keys of all names of parts, in the order of the table
// that takes them.
func (tx *Tx) deriveNames(ctx context.Context) error {
	last := ""
	for {
		made, err := all(rows(ctx, tx, scanPartName, `SELECT DISTINCT name FROM characters WHERE name > ? ORDER BY name LIMIT ?`, last, refreshBatch))
		if err != nil || len(made) == 0 {
			return err
		}
		for i := range made {
			made[i].key = catalog.Fold(made[i].name.String)
		}
		if err := tx.learnNames(ctx, made, true); err != nil {
			return err
		}
		last = made[len(made)-1].name.String
	}
}

func scanPartName(s scanner, c *change) error { return s.Scan(&c.name) }
