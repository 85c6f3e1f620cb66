package store

import (
	"context"
	"database/sql"
	"iter"
	"strconv"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	movieCols = `m.id, m.title, m.description, m.budget, m.release_date, m.duration, m.country_id,
		d.id, d.first_name, d.last_name, f.id, f.file_name, f.file_key, m."createdAt", m."updatedAt",
		(SELECT group_concat(mg.genre_id) FROM movie_genres mg WHERE mg.movie_id = m.id)`
	movieFrom = `movies m LEFT JOIN persons d ON d.id = m.director_id LEFT JOIN files f ON f.id = m.poster_id`
)

func movieListing() listing {
	return listing{
		kind: catalog.KindMovie, cols: movieCols, from: movieFrom, count: "movies m", id: "m.id",
		orders: map[string]order{
			"id":    {expr: "m.id"},
			"title": {expr: "mk.sort_key", join: "JOIN movie_keys mk ON mk.movie_id = m.id", id: "mk.movie_id", walk: true},
			// Dates sort as text: 1999 before 1999-03 before 1999-03-31.
			"release_date": {expr: "m.release_date", walk: true},
			"duration":     {expr: "m.duration", walk: true},
			"budget":       {expr: "m.budget", walk: true},
			"director":     {expr: "dk.sort_key", join: "LEFT JOIN person_keys dk ON dk.person_id = d.id"},
			"country":      {expr: "ck.name_key", join: "LEFT JOIN countries c ON c.id = m.country_id LEFT JOIN country_keys ck ON ck.country_id = c.id"},
			"created_at":   {expr: `m."createdAt"`},
			"updated_at":   {expr: `m."updatedAt"`},
		},
	}
}

// scanMovie scans movieCols; names of countries and genres come from the small
// tables read once. A reference to a record that is gone reads as none.
func (tx *Tx) scanMovie(s scanner, m *catalog.Movie) error {
	var descr, date, first, last, file, key, genres sql.NullString
	var budget sql.NullFloat64
	var duration, country, director, poster sql.NullInt64
	err := s.Scan(&m.ID, &m.Title, &descr, &budget, &date, &duration, &country,
		&director, &first, &last, &poster, &file, &key, &m.CreatedAt, &m.UpdatedAt, &genres)
	if err != nil {
		return err
	}
	m.Description, m.ReleaseDate, m.Duration = descr.String, date.String, int(duration.Int64)
	if budget.Valid {
		m.Budget = &budget.Float64
	}
	if name, ok := tx.countries[country.Int64]; ok {
		m.Country = catalog.Named{ID: country.Int64, Name: name}
	}
	if director.Valid {
		m.Director = catalog.Named{ID: director.Int64, Name: catalog.JoinName(first.String, last.String)}
	}
	if poster.Valid {
		m.Poster = catalog.File{ID: poster.Int64, Name: file.String, Key: key.String}
	}
	for list := genres.String; list != ""; {
		var id string
		id, list, _ = strings.Cut(list, ",")
		n, _ := strconv.ParseInt(id, 10, 64)
		if name, ok := tx.genres[n]; ok {
			m.Genres = append(m.Genres, catalog.Named{ID: n, Name: name})
		}
	}
	return nil
}

// loadNames reads the names of the small kinds, which movies refer to.
func (tx *Tx) loadNames(ctx context.Context) (err error) {
	if tx.countries == nil {
		if tx.countries, err = tx.names(ctx, `SELECT id, name FROM countries`); err != nil {
			return err
		}
	}
	if tx.genres == nil {
		tx.genres, err = tx.names(ctx, `SELECT id, name FROM genres`)
	}
	return err
}

func (tx *Tx) names(ctx context.Context, query string) (map[int64]string, error) {
	names := map[int64]string{}
	for n, err := range rows(ctx, tx, scanNamed, query) {
		if err != nil {
			return nil, err
		}
		names[n.ID] = n.Name
	}
	return names, nil
}

func scanNamed(s scanner, n *catalog.Named) error { return s.Scan(&n.ID, &n.Name) }

func (tx *Tx) movieFilters(ctx context.Context, f catalog.MovieFilter) ([]filter, error) {
	var fs []filter
	if f.Title != "" {
		w, err := tx.words(ctx, catalog.KindMovie, "m", f.Title)
		if err != nil {
			return nil, err
		}
		fs = append(fs, w)
	}
	if f.Actor != 0 {
		fs = append(fs, filter{
			from: "characters x", id: "x.movie_id", cond: "x.actor_id = ?", args: []any{f.Actor}, rank: rankRecord,
			probe: "EXISTS (SELECT 1 FROM characters c WHERE c.movie_id = m.id AND c.actor_id = ?)", probeArgs: []any{f.Actor},
		})
	}
	if f.Director != 0 {
		fs = append(fs, equal("movies", "m", "director_id", f.Director, rankRecord))
	}
	if f.Favorite != 0 {
		fs = append(fs, filter{
			from: "favorite_movies x", id: "x.movie_id", cond: "x.user_id = ?", args: []any{f.Favorite}, ordered: true, rank: rankGroup,
			probe: "EXISTS (SELECT 1 FROM favorite_movies l WHERE l.movie_id = m.id AND l.user_id = ?)", probeArgs: []any{f.Favorite},
		})
	}
	if f.AnyGenre && len(f.Genres) > 1 {
		fs = append(fs, ofGenres(f.Genres))
	} else {
		for _, g := range f.Genres {
			fs = append(fs, ofGenres([]int64{g}))
		}
	}
	if f.Country != 0 {
		fs = append(fs, equal("movies", "m", "country_id", f.Country, rankGroup))
	}
	if f.Years != (catalog.Years{}) {
		fs = append(fs, years("movies", "m", "release_date", "release_date", f.Years))
	}
	if d := f.Durations; d != (catalog.Durations{}) {
		fs = append(fs, between("movies", "m", "duration", "duration", null(d.From), null(d.To), "<="))
	}
	if b := f.Budgets; b != (catalog.Budgets{}) {
		fs = append(fs, between("movies", "m", "budget", "budget", opt(b.From), opt(b.To), "<="))
	}
	for _, what := range f.Missing {
		fs = append(fs, movieGap(what))
	}
	return fs, nil
}

// ofGenres is the filter that a movie has one of the genres.
func ofGenres(genres []int64) filter {
	is, args := "= ?", anys(genres)
	if len(genres) > 1 {
		is = "IN (" + marks(len(genres)) + ")"
	}
	return filter{
		from: "movie_genres x", id: "x.movie_id", cond: "x.genre_id " + is, args: args, ordered: len(genres) == 1, rank: rankGroup,
		probe: "EXISTS (SELECT 1 FROM movie_genres l WHERE l.movie_id = m.id AND l.genre_id " + is + ")", probeArgs: args,
	}
}

// movieGap is the filter of catalog.MovieGaps. No index knows which movies have
// no genre: they are looked for in the order of ids.
func movieGap(what string) filter {
	switch what {
	case "genre":
		return filter{probe: "NOT EXISTS (SELECT 1 FROM movie_genres l WHERE l.movie_id = m.id)"}
	case "poster", "director", "country":
		what += "_id"
	}
	return gap("movies", "m", what, true)
}

// Movies yields the movies that the filter lets through, one at a time.
func (tx *Tx) Movies(ctx context.Context, f catalog.MovieFilter) iter.Seq2[catalog.Movie, error] {
	return page(ctx, tx, movieListing(), f, tx.movieFilters, f.Page, tx.scanMovie)
}

// CountMovies counts what the filter lets through, without regard to the page.
func (tx *Tx) CountMovies(ctx context.Context, f catalog.MovieFilter) (int64, error) {
	return total(ctx, tx, movieListing(), f, tx.movieFilters)
}

// page yields one page of a listing: the records that f lets through, which
// filters knows how to say.
func page[T, F any](ctx context.Context, tx *Tx, l listing, f F, filters func(context.Context, F) ([]filter, error), p catalog.Page, scan func(scanner, *T) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		if err := tx.loadNames(ctx); err != nil {
			yield(zero, err)
			return
		}
		fs, err := filters(ctx, f)
		if err != nil {
			yield(zero, tx.opts.classify(err))
			return
		}
		q, args, err := l.query(ctx, tx, fs, p)
		if err != nil {
			yield(zero, err)
			return
		}
		rows(ctx, tx, scan, q, args...)(yield)
	}
}

// byIDs returns the records of the given ids in that order; one that is not
// there is a *catalog.NotFoundError.
func byIDs[T any](ctx context.Context, tx *Tx, l listing, ids []int64, scan func(scanner, *T) error, id func(*T) int64) ([]T, error) {
	if err := tx.loadNames(ctx); err != nil {
		return nil, err
	}
	found, err := eachIn(ctx, tx, scan, "SELECT "+l.cols+" FROM "+l.from+" WHERE "+l.id+" IN %IN%", ids)
	if err != nil {
		return nil, err
	}
	at := make(map[int64]int, len(found))
	for i := range found {
		at[id(&found[i])] = i
	}
	sorted := make([]T, len(ids))
	for i, want := range ids {
		j, ok := at[want]
		if !ok {
			return nil, &catalog.NotFoundError{Kind: l.kind, Ref: catalog.Ref{ID: want}}
		}
		sorted[i] = found[j]
	}
	return sorted, nil
}

// MoviesByID returns the movies with the given ids, in that order.
func (tx *Tx) MoviesByID(ctx context.Context, ids ...int64) ([]catalog.Movie, error) {
	return byIDs(ctx, tx, movieListing(), ids, tx.scanMovie, func(m *catalog.Movie) int64 { return m.ID })
}

const movieInsert = `INSERT INTO movies (id, title, description, budget, release_date, duration, country_id, director_id, poster_id)`

func bindMovie(a []any, m *catalog.Movie) []any { return append(append(a, m.ID), movieValues(m)...) }

func movieValues(m *catalog.Movie) []any {
	return []any{m.Title, null(m.Description), opt(m.Budget), null(m.ReleaseDate), null(int64(m.Duration)),
		null(m.Country.ID), null(m.Director.ID), null(m.Poster.ID)}
}

// InsertMovies stores movies in order and sets their ids. Their genres are not
// stored, see LinkGenres.
func (tx *Tx) InsertMovies(ctx context.Context, ms []catalog.Movie) error {
	if err := tx.late.load(ctx, tx, "movie", len(ms)); err != nil {
		return err
	}
	id, err := tx.nextID(ctx, "movies")
	if err != nil {
		return err
	}
	for i := range ms {
		ms[i].ID = id + int64(i)
	}
	if err := insertAll(ctx, tx, movieInsert, 9, "", ms, bindMovie); err != nil {
		return err
	}
	return tx.deriveLate(ctx, movieDerivation(), len(ms), func(i int, c *change) {
		c.id, c.name, c.text, c.date = ms[i].ID, given(ms[i].Title), given(ms[i].Description), given(ms[i].ReleaseDate)
	})
}

// UpdateMovie writes what differs between a movie as it was read and as it
// shall be, but for its genres.
func (tx *Tx) UpdateMovie(ctx context.Context, was, now catalog.Movie) error {
	return tx.changeColumns(ctx, catalog.KindMovie, was.ID,
		[]string{"title", "description", "budget", "release_date", "duration", "country_id", "director_id", "poster_id"},
		movieValues(&was), movieValues(&now))
}

// DeleteMovies deletes movies with their characters, links and favorites.
func (tx *Tx) DeleteMovies(ctx context.Context, ids []int64) error {
	return execIn(ctx, tx, `DELETE FROM movies WHERE id IN %IN%`, ids)
}

// SameMovies returns the movies with the title's key and the year (0 is
// unknown), a bounded number.
func (tx *Tx) SameMovies(ctx context.Context, title string, year int) ([]catalog.Candidate, error) {
	return all(rows(ctx, tx, scanCandidate, `SELECT m.id, m.title, k.year FROM movie_keys k JOIN movies m ON m.id = k.movie_id
		WHERE k.title_key = ? AND k.year IS ? ORDER BY m.id LIMIT 10`, catalog.Fold(title), null(int64(year))))
}

func scanCandidate(s scanner, c *catalog.Candidate) error {
	var year sql.NullInt64
	err := s.Scan(&c.ID, &c.Name, &year)
	c.Year = int(year.Int64)
	return err
}
