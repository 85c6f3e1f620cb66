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
	const read = `SELECT k.title_key, k.year, m.id, m.director_id, d.name_key
		FROM movie_keys k JOIN movies m ON m.id = k.movie_id LEFT JOIN person_keys d ON d.person_id = m.director_id WHERE `
	return byKey(ctx, tx, tx.late.hashed("movie"), scanKnownMovie, read+`k.title_key IN %IN% ORDER BY m.id`,
		read+`k.movie_id IN %IN% ORDER BY m.id`, keys, func(m *KnownMovie) string { return m.Key })
}

// TitlesByKey is MoviesByKey without directors, read from the index of keys
// alone. The order is that of the index.
func (tx *Tx) TitlesByKey(ctx context.Context, keys []string) ([]KnownMovie, error) {
	const read = `SELECT title_key, year, movie_id FROM movie_keys WHERE `
	return byKey(ctx, tx, tx.late.hashed("movie"), func(s scanner, m *KnownMovie) error {
		var year sql.NullInt64
		err := s.Scan(&m.Key, &year, &m.ID)
		m.Year = int(year.Int64)
		return err
	}, read+`title_key IN %IN%`, read+`movie_id IN %IN%`, keys, func(m *KnownMovie) string { return m.Key })
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
	const read = `SELECT k.name_key, p.id, p.first_name, p.last_name, p.date_of_birth
		FROM person_keys k JOIN persons p ON p.id = k.person_id WHERE `
	return byKey(ctx, tx, tx.late.hashed("person"), scanKnownPerson, read+`k.name_key IN %IN% ORDER BY p.id`,
		read+`k.person_id IN %IN% ORDER BY p.id`, keys, func(p *KnownPerson) string { return p.Key })
}

// PersonIDsByKey is PersonsByKey without names and years, read from the index of
// keys alone. The order is that of the index.
func (tx *Tx) PersonIDsByKey(ctx context.Context, keys []string) ([]KeyedID, error) {
	const read = `SELECT name_key, person_id FROM person_keys WHERE `
	return byKey(ctx, tx, tx.late.hashed("person"), scanKeyedID, read+`name_key IN %IN%`, read+`person_id IN %IN%`, keys,
		func(k *KeyedID) string { return k.Key })
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
