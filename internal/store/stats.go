package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Stats describes the whole catalog. top is how many genres, countries,
// directors and actors are listed; 0 is all. It reads every film and person
// once, and else indexes alone, from end to end: a million films with four
// million parts take about five seconds.
func (tx *Tx) Stats(ctx context.Context, top int) (catalog.Stats, error) {
	c := census{tx: tx, ctx: ctx, top: top}
	for _, take := range []func() error{c.movies, c.persons, c.characters, c.others, c.decades, c.genres, c.countries, c.people, c.distributions} {
		if err := take(); err != nil {
			return catalog.Stats{}, err
		}
	}
	return c.stats, nil
}

// census collects the Stats of a catalog.
type census struct {
	tx    *Tx
	ctx   context.Context
	top   int
	stats catalog.Stats
}

// ask scans the one row that a query answers.
func (c *census) ask(query string, dest ...any) error {
	return c.tx.conn.QueryRowContext(c.ctx, query).Scan(dest...)
}

// references is what a column refers to.
type references struct {
	from int64 // rows that refer to a row that is there
	to   int64 // rows that they refer to
	gone int64 // rows that are referred to and not there
}

// referring looks at a column that refers to another table. It goes through the
// index of the column, in which the rows of one are together.
func (c *census) referring(table, column, to string) (r references, err error) {
	err = c.ask(`SELECT coalesce(sum(n) FILTER (WHERE there), 0), count(*) FILTER (WHERE there), count(*) FILTER (WHERE NOT there)
		FROM (SELECT count(*) AS n, EXISTS (SELECT 1 FROM `+to+` t WHERE t.id = r.`+column+`) AS there
			FROM `+table+` r WHERE r.`+column+` IS NOT NULL GROUP BY r.`+column+`)`, &r.from, &r.to, &r.gone)
	return r, err
}

// movies counts films and what they lack, in the order of their ids, in which
// genres and casts are read from one end to the other. That a text is missing is
// told by the head of a row, so long texts are not read.
func (c *census) movies() error {
	m := &c.stats.Missing.Movies
	if err := c.ask(`SELECT count(*), count(*) FILTER (WHERE description IS NULL), count(*) FILTER (WHERE release_date IS NULL),
		count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM movie_genres mg JOIN genres g ON g.id = mg.genre_id WHERE mg.movie_id = m.id)),
		count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM characters c WHERE c.movie_id = m.id))
		FROM movies m`, &c.stats.Totals.Movies, &m.Description, &m.ReleaseDate, &m.Genre, &m.Cast); err != nil {
		return err
	}
	posters, err := c.referring("movies", "poster_id", "files")
	m.Poster = c.stats.Totals.Movies - posters.from
	return err
}

// persons counts people and what they lack.
func (c *census) persons() error {
	p := &c.stats.Missing.Persons
	if err := c.ask(`SELECT count(*), count(*) FILTER (WHERE biography IS NULL), count(*) FILTER (WHERE date_of_birth IS NULL),
		count(*) FILTER (WHERE gender IS NULL) FROM persons`, &c.stats.Totals.Persons, &p.Biography, &p.DateOfBirth, &p.Gender); err != nil {
		return err
	}
	countries, err := c.referring("persons", "country_id", "countries")
	if err != nil {
		return err
	}
	photos, err := c.referring("photos", "person_id", "persons")
	p.Country, p.Photo = c.stats.Totals.Persons-countries.from, c.stats.Totals.Persons-photos.to
	return err
}

// characters counts parts. The index that keeps them unique has all it takes.
func (c *census) characters() error {
	return c.ask(`SELECT count(*), count(*) FILTER (WHERE name IS NULL) FROM characters`,
		&c.stats.Totals.Characters, &c.stats.Missing.Characters.Name)
}

// others counts the kinds that have nothing to lack, and the bytes.
func (c *census) others() error {
	t := &c.stats.Totals
	return c.ask(`SELECT (SELECT count(*) FROM genres), (SELECT count(*) FROM countries), (SELECT count(*) FROM photos),
		(SELECT count(*) FROM files), (SELECT count(*) FROM users), (SELECT count(*) FROM favorite_movies),
		(SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size())`,
		&t.Genres, &t.Countries, &t.Photos, &t.Files, &t.Users, &t.Favorites, &c.stats.Bytes)
}

// decades counts each decade that the schema allows by a range of the index.
func (c *census) decades() error {
	scan := func(s scanner, d *catalog.DecadeCount) error { return s.Scan(&d.Decade, &d.Count) }
	found, err := all(rows(c.ctx, c.tx, scan, `WITH RECURSIVE decades (y) AS (VALUES (1800) UNION ALL SELECT y + 10 FROM decades WHERE y < 2200)
		SELECT y, (SELECT count(*) FROM movies WHERE release_date >= CAST(y AS TEXT) AND release_date < CAST(y + 10 AS TEXT)) FROM decades`))
	for len(found) > 0 && found[0].Count == 0 {
		found = found[1:]
	}
	for len(found) > 0 && found[len(found)-1].Count == 0 {
		found = found[:len(found)-1]
	}
	c.stats.Decades = found
	return err
}

// genres counts the films of each genre.
func (c *census) genres() (err error) {
	c.stats.Genres, err = all(rows(c.ctx, c.tx, scanNamedCount, `SELECT g.id, g.name, (SELECT count(*) FROM movie_genres mg WHERE mg.genre_id = g.id) AS n
		FROM genres g ORDER BY n DESC, g.id LIMIT ?`, c.limit()))
	return err
}

// countries counts the films of each country.
func (c *census) countries() error {
	have, err := c.referring("movies", "country_id", "countries")
	if err != nil {
		return err
	}
	c.stats.Missing.Movies.Country = c.stats.Totals.Movies - have.from
	c.stats.Countries, err = all(rows(c.ctx, c.tx, scanNamedCount, `SELECT c.id, c.name, (SELECT count(*) FROM movies m WHERE m.country_id = c.id) AS n
		FROM countries c ORDER BY n DESC, c.id LIMIT ?`, c.limit()))
	return err
}

// people counts the films of directors and the parts of actors.
func (c *census) people() error {
	s := &c.stats
	directors, err := c.referring("movies", "director_id", "persons")
	if err != nil {
		return err
	}
	actors, err := c.referring("characters", "actor_id", "persons")
	if err != nil {
		return err
	}
	s.Totals.Directors, s.Missing.Movies.Director = directors.to, s.Totals.Movies-directors.from
	s.Totals.Actors, s.Missing.Characters.Actor = actors.to, s.Totals.Characters-actors.from
	if s.Directors, err = c.busiest("movies", "director_id", directors.gone); err != nil {
		return err
	}
	s.Actors, err = c.busiest("characters", "actor_id", actors.gone)
	return err
}

// busiest returns the people whom most rows of a table refer to. gone is how many
// of those whom it refers to are not there: so many more than are wanted may come
// first. The groups come out of the index, what is sorted is never more than the
// limit, and people are looked up for those alone.
func (c *census) busiest(table, column string, gone int64) ([]catalog.NamedCount, error) {
	limit := int64(c.limit())
	if limit >= 0 {
		limit += gone
	}
	return all(rows(c.ctx, c.tx, scanNamedCount, `SELECT p.id, coalesce(p.first_name || ' ', '') || p.last_name, b.n
		FROM (SELECT r.`+column+` AS id, count(*) AS n FROM `+table+` r WHERE r.`+column+` IS NOT NULL
			GROUP BY r.`+column+` ORDER BY n DESC, id LIMIT ?) b
		JOIN persons p ON p.id = b.id ORDER BY b.n DESC, b.id LIMIT ?`, limit, c.limit()))
}

func scanNamedCount(s scanner, n *catalog.NamedCount) error { return s.Scan(&n.ID, &n.Name, &n.Count) }

// limit is top as SQL has it.
func (c *census) limit() int {
	if c.top == 0 {
		return -1
	}
	return c.top
}

// distributions looks at running times and budgets.
func (c *census) distributions() (err error) {
	s := &c.stats
	if s.Duration, err = c.distribution("duration", catalog.DurationBounds()); err != nil {
		return err
	}
	if s.Budget, err = c.distribution("budget", catalog.BudgetBounds()); err != nil {
		return err
	}
	s.Missing.Movies.Duration, s.Missing.Movies.Budget = s.Duration.Unknown, s.Budget.Unknown
	return nil
}

// distribution looks at a column of movies that has an index of its own: the
// median is in the middle of it.
func (c *census) distribution(column string, bounds []float64) (catalog.Distribution, error) {
	d := catalog.Distribution{}
	var least, most, mean, median sql.NullFloat64
	if err := c.ask(`SELECT count(`+column+`), min(`+column+`), max(`+column+`), avg(`+column+`) FROM movies`, &d.Known, &least, &most, &mean); err != nil {
		return d, err
	}
	d.Unknown = c.stats.Totals.Movies - d.Known
	skip, take := (d.Known-1)/2, 2-d.Known%2 // the one in the middle, or the two
	if err := c.tx.conn.QueryRowContext(c.ctx, `SELECT avg(v) FROM (SELECT `+column+` AS v FROM movies WHERE `+column+` IS NOT NULL
		ORDER BY `+column+` LIMIT ? OFFSET ?)`, take, skip).Scan(&median); err != nil {
		return d, err
	}
	d.Min, d.Max, d.Mean, d.Median = least.Float64, most.Float64, mean.Float64, median.Float64
	var err error
	d.Buckets, err = c.buckets(column, bounds)
	return d, err
}

// buckets counts the values of a column of movies from each bound to the next,
// by ranges of its index.
func (c *census) buckets(column string, bounds []float64) ([]catalog.Bucket, error) {
	buckets, counts := make([]catalog.Bucket, len(bounds)), make([]string, len(bounds))
	dest := make([]any, len(bounds))
	for i, from := range bounds {
		buckets[i].From, dest[i] = from, &buckets[i].Count
		cond := column + ` >= ` + decimal(from)
		if i+1 < len(bounds) {
			buckets[i].Below = bounds[i+1]
			cond += ` AND ` + column + ` < ` + decimal(bounds[i+1])
		}
		counts[i] = `(SELECT count(*) FROM movies WHERE ` + cond + `)`
	}
	return buckets, c.ask(`SELECT `+strings.Join(counts, ", "), dest...)
}

// decimal writes a number for SQL.
func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
