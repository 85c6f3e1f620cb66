package store

import (
	"context"
	"database/sql"
	"iter"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	characterCols = `c.id, c.name, c.description, c.role, m.id, m.title, m.release_date,
		a.id, a.first_name, a.last_name, c."createdAt", c."updatedAt"`
	characterFrom = `characters c LEFT JOIN movies m ON m.id = c.movie_id LEFT JOIN persons a ON a.id = c.actor_id`
)

func characterListing() listing {
	return listing{
		kind: catalog.KindCharacter, cols: characterCols, from: characterFrom, count: "characters c", id: "c.id",
		orders: map[string]order{
			"id":         {expr: "c.id"},
			"name":       {expr: "nk.name_key", join: "LEFT JOIN character_keys nk ON nk.name = c.name"},
			"role":       {expr: "c.role"},
			"movie":      {expr: "mk.sort_key", join: "LEFT JOIN movie_keys mk ON mk.movie_id = c.movie_id"},
			"actor":      {expr: "ak.sort_key", join: "LEFT JOIN person_keys ak ON ak.person_id = c.actor_id"},
			"created_at": {expr: `c."createdAt"`},
			"updated_at": {expr: `c."updatedAt"`},
		},
	}
}

func scanCharacter(s scanner, c *catalog.Character) error {
	var name, descr, role, title, date, first, last sql.NullString
	var movie, actor sql.NullInt64
	err := s.Scan(&c.ID, &name, &descr, &role, &movie, &title, &date, &actor, &first, &last, &c.CreatedAt, &c.UpdatedAt)
	if err != nil {
		return err
	}
	c.Name, c.Description, c.Role = name.String, descr.String, role.String
	c.Movie = catalog.Titled{ID: movie.Int64, Title: title.String, Year: catalog.Year(date.String)}
	if actor.Valid {
		c.Actor = catalog.Named{ID: actor.Int64, Name: catalog.JoinName(first.String, last.String)}
	}
	return nil
}

func characterFilters(_ context.Context, f catalog.CharacterFilter) ([]filter, error) {
	var fs []filter
	if f.Movie != 0 {
		cast := equal("characters", "c", "movie_id", f.Movie, rankRecord)
		cast.ordered = false // its index goes on with the actor
		fs = append(fs, cast)
	}
	if f.Actor != 0 {
		fs = append(fs, equal("characters", "c", "actor_id", f.Actor, rankRecord))
	}
	if f.Name != "" {
		key := catalog.Fold(f.Name)
		args := []any{key, key + "\U0010ffff"}
		fs = append(fs, filter{
			from: "character_keys k CROSS JOIN characters x ON x.name = k.name", id: "x.id",
			cond: "k.name_key >= ? AND k.name_key < ?", args: args, rank: rankWords,
			probe: "EXISTS (SELECT 1 FROM character_keys k WHERE k.name = c.name AND +k.name_key >= ? AND +k.name_key < ?)", probeArgs: args,
		})
	}
	if f.Role != "" {
		// A few words are the roles of all parts: an index would say little and
		// cost an import much.
		words := sameCase(f.Role)
		fs = append(fs, filter{probe: opaque("c.role COLLATE NOCASE IN (" + marks(len(words)) + ")"), probeArgs: words})
	}
	return fs, nil
}

// Characters yields the parts that the filter lets through, one at a time.
func (tx *Tx) Characters(ctx context.Context, f catalog.CharacterFilter) iter.Seq2[catalog.Character, error] {
	return page(ctx, tx, characterListing(), f, characterFilters, f.Page, scanCharacter)
}

// CountCharacters counts what the filter lets through, without regard to the page.
func (tx *Tx) CountCharacters(ctx context.Context, f catalog.CharacterFilter) (int64, error) {
	return total(ctx, tx, characterListing(), f, characterFilters)
}

// CharactersByID returns the parts with the given ids, in that order.
func (tx *Tx) CharactersByID(ctx context.Context, ids ...int64) ([]catalog.Character, error) {
	return byIDs(ctx, tx, characterListing(), ids, scanCharacter, func(c *catalog.Character) int64 { return c.ID })
}

const characterInsert = `INSERT INTO characters (id, name, description, role, movie_id, actor_id)`

func characterValues(c *catalog.Character) []any {
	return []any{null(c.Name), null(c.Description), null(c.Role), null(c.Movie.ID), null(c.Actor.ID)}
}

// InsertCharacters stores parts in order and sets their ids.
func (tx *Tx) InsertCharacters(ctx context.Context, cs []catalog.Character) error {
	if err := tx.late.load(ctx, tx, "character", len(cs)); err != nil {
		return err
	}
	id, err := tx.nextID(ctx, "characters")
	if err != nil {
		return err
	}
	for i := range cs {
		cs[i].ID = id + int64(i)
	}
	return insertAll(ctx, tx, characterInsert, 6, "", cs,
		func(a []any, c *catalog.Character) []any { return append(append(a, c.ID), characterValues(c)...) })
}

// UpdateCharacter writes what differs between a part as it was read and as it
// shall be.
func (tx *Tx) UpdateCharacter(ctx context.Context, was, now catalog.Character) error {
	return tx.changeColumns(ctx, catalog.KindCharacter, was.ID, []string{"name", "description", "role", "movie_id", "actor_id"},
		characterValues(&was), characterValues(&now))
}

// DeleteCharacters deletes parts.
func (tx *Tx) DeleteCharacters(ctx context.Context, ids []int64) error {
	return execIn(ctx, tx, `DELETE FROM characters WHERE id IN %IN%`, ids)
}

// SameCharacter returns the id of another part of the same actor and name in
// the same movie, absent ones included, or 0.
func (tx *Tx) SameCharacter(ctx context.Context, c catalog.Character) (int64, error) {
	return tx.number(ctx, `SELECT min(id) FROM characters WHERE movie_id = ? AND actor_id IS ? AND name IS ? AND id <> ?`,
		c.Movie.ID, null(c.Actor.ID), null(c.Name), c.ID)
}
