package store

import (
	"context"
	"database/sql"

	"github.com/moviedb/moviedb/internal/catalog"
)

// LastID returns the highest id a record of the kind ever had.
func (tx *Tx) LastID(ctx context.Context, kind catalog.Kind) (int64, error) {
	id, err := tx.nextID(ctx, namings(kind).table)
	return id - 1, err
}

// KnownPart is a part that an import compares its rows with.
type KnownPart struct {
	ID    int64
	Movie int64
	Actor int64 // 0 is unknown
	Name  string
}

// PartsOf returns the parts of movies, by movie and id.
func (tx *Tx) PartsOf(ctx context.Context, movies []int64) ([]KnownPart, error) {
	return eachIn(ctx, tx, scanKnownPart, `SELECT id, movie_id, actor_id, name FROM characters
		WHERE movie_id IN %IN% ORDER BY movie_id, id`, movies)
}

func scanKnownPart(s scanner, p *KnownPart) error {
	var actor sql.NullInt64
	var name sql.NullString
	err := s.Scan(&p.ID, &p.Movie, &actor, &name)
	p.Actor, p.Name = actor.Int64, name.String
	return err
}
