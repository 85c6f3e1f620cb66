package store

import (
	"context"
	"database/sql"
	"iter"

	"github.com/moviedb/moviedb/internal/catalog"
)

// KnownMovie is what an import compares its rows with.
type KnownMovie struct {
	Key         string // folded title
	Year        int    // 0 is unknown
	ID          int64
	Director    int64  // 0 is none
	DirectorKey string // folded name
}

// MoviesByKey returns the movies with any of the title keys, by id.
func (tx *Tx) MoviesByKey(ctx context.Context, keys []string) ([]KnownMovie, error) {
	return eachIn(ctx, tx, scanKnownMovie, `SELECT k.title_key, k.year, m.id, m.director_id, d.name_key
		FROM movie_keys k JOIN movies m ON m.id = k.movie_id LEFT JOIN person_keys d ON d.person_id = m.director_id
		WHERE k.title_key IN %IN% ORDER BY m.id`, keys)
}

func scanKnownMovie(s scanner, m *KnownMovie) error {
	var year, director sql.NullInt64
	var key sql.NullString
	err := s.Scan(&m.Key, &year, &m.ID, &director, &key)
	m.Year, m.Director, m.DirectorKey = int(year.Int64), director.Int64, key.String
	return err
}

// KnownPerson is a person under a folded name. Year is that of birth, 0 if unknown.
type KnownPerson struct {
	Key  string
	ID   int64
	Name string
	Year int
}

// PersonsByKey returns the people with any of the name keys, by id.
func (tx *Tx) PersonsByKey(ctx context.Context, keys []string) ([]KnownPerson, error) {
	return eachIn(ctx, tx, scanKnownPerson, `SELECT k.name_key, p.id, p.first_name, p.last_name, p.date_of_birth
		FROM person_keys k JOIN persons p ON p.id = k.person_id WHERE k.name_key IN %IN% ORDER BY p.id`, keys)
}

func scanKnownPerson(s scanner, p *KnownPerson) error {
	var first, born sql.NullString
	var last string
	err := s.Scan(&p.Key, &p.ID, &first, &last, &born)
	p.Name, p.Year = catalog.JoinName(first.String, last), catalog.Year(born.String)
	return err
}

// KeyedID is the id of a record of a small kind under its folded name.
type KeyedID struct {
	Key string
	ID  int64
}

func scanKeyedID(s scanner, k *KeyedID) error { return s.Scan(&k.Key, &k.ID) }

// CountryKeys yields the keys of all countries.
func (tx *Tx) CountryKeys(ctx context.Context) iter.Seq2[KeyedID, error] {
	return rows(ctx, tx, scanKeyedID, `SELECT k.name_key, c.id FROM country_keys k JOIN countries c ON c.id = k.country_id ORDER BY c.id`)
}

// GenreKeys yields the keys of all genres.
func (tx *Tx) GenreKeys(ctx context.Context) iter.Seq2[KeyedID, error] {
	return rows(ctx, tx, scanKeyedID, `SELECT k.name_key, g.id FROM genre_keys k JOIN genres g ON g.id = k.genre_id ORDER BY g.id`)
}

// LastMovieID returns the highest id a movie ever had.
func (tx *Tx) LastMovieID(ctx context.Context) (int64, error) {
	id, err := tx.nextID(ctx, "movies")
	return id - 1, err
}

// Bulk prepares the transaction for writing many rows: more of the file is kept
// in memory (64 MiB), for this connection only.
//
// late is for when most rows of the catalog are still to come: indexes that the
// import itself does not need are dropped and built after the rows, and the
// words are put into the word indexes at once in the end. EndBulk must follow.
func (tx *Tx) Bulk(ctx context.Context, late bool) (err error) {
	if err := tx.exec(ctx, `PRAGMA cache_size = -65536`); err != nil || !late {
		return err
	}
	tx.late, err = all(rows(ctx, tx, scanIndex, `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL
		AND tbl_name IN ('movies', 'persons', 'characters', 'movie_genres', 'movie_keys', 'person_keys')
		AND name NOT IN ('movie_keys_title', 'person_keys_name') ORDER BY rowid`))
	if err != nil {
		return err
	}
	for _, ix := range tx.late {
		if err := tx.exec(ctx, `DROP INDEX `+ix.name); err != nil {
			return err
		}
	}
	for _, d := range derivations() {
		if d.words == "" {
			continue
		}
		if err := tx.exec(ctx, `CREATE TEMP TABLE late_`+d.words+` (id INTEGER PRIMARY KEY, words TEXT)`); err != nil {
			return err
		}
	}
	return nil
}

// lateIndex is an index that is built after the rows.
type lateIndex struct{ name, sql string }

func scanIndex(s scanner, ix *lateIndex) error { return s.Scan(&ix.name, &ix.sql) }

// EndBulk builds what Bulk put off. The indexes are made from the text that
// made them before, in the same order.
func (tx *Tx) EndBulk(ctx context.Context) error {
	if tx.late == nil {
		return nil
	}
	for _, ix := range tx.late {
		if err := tx.exec(ctx, ix.sql); err != nil {
			return err
		}
	}
	for _, d := range derivations() {
		if d.words == "" {
			continue
		}
		for _, q := range []string{
			`INSERT INTO ` + d.words + ` (rowid, ` + d.column + `) SELECT id, words FROM late_` + d.words + ` ORDER BY id`,
			`DROP TABLE late_` + d.words,
		} {
			if err := tx.exec(ctx, q); err != nil {
				return err
			}
		}
	}
	tx.late = nil
	return nil
}
