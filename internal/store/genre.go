package store

import (
	"context"
	"database/sql"
	"iter"

	"github.com/moviedb/moviedb/internal/catalog"
)

func genreListing() listing {
	return listing{
		kind: catalog.KindGenre, cols: `g.id, g.name, g.notes, g."createdAt", g."updatedAt"`,
		from: "genres g", count: "genres g", id: "g.id",
		orders: map[string]order{
			"id":         {expr: "g.id"},
			"name":       {expr: "gk.name_key", join: "JOIN genre_keys gk ON gk.genre_id = g.id", id: "gk.genre_id"},
			"created_at": {expr: `g."createdAt"`},
			"updated_at": {expr: `g."updatedAt"`},
		},
	}
}

func scanGenre(s scanner, g *catalog.Genre) error {
	var notes sql.NullString
	err := s.Scan(&g.ID, &g.Name, &notes, &g.CreatedAt, &g.UpdatedAt)
	g.Notes = notes.String
	return err
}

func genreFilters(_ context.Context, f catalog.GenreFilter) ([]filter, error) {
	if f.Name == "" {
		return nil, nil
	}
	return []filter{prefixed("g", "genre_keys", "genre_id", "name_key", f.Name)}, nil
}

// Genres yields the genres that the filter lets through, one at a time.
func (tx *Tx) Genres(ctx context.Context, f catalog.GenreFilter) iter.Seq2[catalog.Genre, error] {
	return page(ctx, tx, genreListing(), f, genreFilters, f.Page, scanGenre)
}

// CountGenres counts what the filter lets through, without regard to the page.
func (tx *Tx) CountGenres(ctx context.Context, f catalog.GenreFilter) (int64, error) {
	return total(ctx, tx, genreListing(), f, genreFilters)
}

// GenresByID returns the genres with the given ids, in that order.
func (tx *Tx) GenresByID(ctx context.Context, ids ...int64) ([]catalog.Genre, error) {
	return byIDs(ctx, tx, genreListing(), ids, scanGenre, func(g *catalog.Genre) int64 { return g.ID })
}

// InsertGenres stores genres in order and sets their ids. Whether a name is
// taken in another spelling is for the caller to ask, see Resolve.
func (tx *Tx) InsertGenres(ctx context.Context, gs []catalog.Genre) error {
	id, err := tx.nextID(ctx, "genres")
	if err != nil {
		return err
	}
	for i := range gs {
		gs[i].ID = id + int64(i)
	}
	tx.genres = nil
	return insertAll(ctx, tx, `INSERT INTO genres (id, name, notes)`, 3, "", gs,
		func(a []any, g *catalog.Genre) []any { return append(a, g.ID, g.Name, null(g.Notes)) })
}

// UpdateGenre writes all columns of a genre.
func (tx *Tx) UpdateGenre(ctx context.Context, g catalog.Genre) error {
	tx.genres = nil
	return tx.changeOne(ctx, catalog.KindGenre, g.ID, `UPDATE genres SET name = ?, notes = ? WHERE id = ?`, g.Name, null(g.Notes), g.ID)
}

// DeleteGenres deletes genres with their links to movies.
func (tx *Tx) DeleteGenres(ctx context.Context, ids []int64) error {
	tx.genres = nil
	return execIn(ctx, tx, `DELETE FROM genres WHERE id IN %IN%`, ids)
}

// Link joins a movie and a genre.
type Link struct{ Movie, Genre int64 }

// LinkGenres gives movies genres; what is linked already stays so. It returns
// how many links are new.
func (tx *Tx) LinkGenres(ctx context.Context, links []Link) (added int64, err error) {
	return tx.counted(ctx, func() error {
		return insertAll(ctx, tx, `INSERT INTO movie_genres (movie_id, genre_id)`, 2, ` ON CONFLICT DO NOTHING`, links,
			func(a []any, l *Link) []any { return append(a, l.Movie, l.Genre) })
	})
}

// counted returns how many rows a change wrote. It is for tables without
// triggers, whose rows would count too.
func (tx *Tx) counted(ctx context.Context, change func() error) (int64, error) {
	const written = `SELECT total_changes()` // by this connection
	before, err := tx.number(ctx, written)
	if err != nil {
		return 0, err
	}
	if err := change(); err != nil {
		return 0, err
	}
	after, err := tx.number(ctx, written)
	return after - before, err
}

// UnlinkGenre takes a genre from movies and returns how many had it.
func (tx *Tx) UnlinkGenre(ctx context.Context, genre int64, movies []int64) (removed int64, err error) {
	return tx.counted(ctx, func() error {
		for part := range chunks(movies) {
			args := append([]any{genre}, anys(part)...)
			if err := tx.exec(ctx, `DELETE FROM movie_genres WHERE genre_id = ? AND movie_id IN (`+marks(len(part))+`)`, args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// SetGenres makes genres the whole set of a movie's genres.
func (tx *Tx) SetGenres(ctx context.Context, movie int64, genres []int64) error {
	if err := tx.exec(ctx, `DELETE FROM movie_genres WHERE movie_id = ?`, movie); err != nil {
		return err
	}
	links := make([]Link, len(genres))
	for i, g := range genres {
		links[i] = Link{Movie: movie, Genre: g}
	}
	_, err := tx.LinkGenres(ctx, links)
	return err
}
