package store

import (
	"context"
	"database/sql"
	"iter"
	"math"
	"math/bits"
	"slices"

	"github.com/moviedb/moviedb/internal/catalog"
)

// The Export methods yield whole tables by id, with references by the names
// under which an import finds them again. A person whose folded name others
// bear too is "Tom Holland (1996)", if the year of birth is known. A reference
// to a record that is gone reads as none.

const (
	// exportRows is how many records are read before the names they refer to.
	exportRows = 512
	// exportBytes ends a batch of long texts earlier.
	exportBytes = 1 << 20
	// exportNames bounds the people whose names are remembered.
	exportNames = 1 << 17
)

// batches yields the records of a table by id: it reads some, has fill complete
// them, and goes on. query has two parameters, the first id and how many; weigh
// tells a record's id and about how long its texts are.
func batches[T any](ctx context.Context, tx *Tx, query string, scan func(scanner, *T) error,
	weigh func(*T) (id int64, bytes int), fill func([]T) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		if err := tx.exec(ctx, `PRAGMA cache_size = -8192`); err != nil {
			yield(zero, tx.opts.classify(err))
			return
		}
		var batch []T
		for from, more := int64(math.MinInt64), true; more; {
			var err error
			batch, more, err = readBatch(ctx, tx, query, scan, weigh, from, batch[:0])
			if err == nil {
				err = fill(batch)
			}
			if err != nil {
				yield(zero, tx.opts.classify(err))
				return
			}
			for i := range batch {
				if !yield(batch[i], nil) {
					return
				}
			}
			if more {
				last, _ := weigh(&batch[len(batch)-1])
				from = last + 1
			}
		}
	}
}

// readBatch reads up to exportRows records, or exportBytes of them, from an id
// on and tells whether there may be more.
func readBatch[T any](ctx context.Context, tx *Tx, query string, scan func(scanner, *T) error,
	weigh func(*T) (id int64, bytes int), from int64, batch []T) (_ []T, more bool, err error) {
	stmt, err := tx.prepared(ctx, query)
	if err != nil {
		return nil, false, err
	}
	rs, err := stmt.QueryContext(ctx, from, exportRows)
	if err != nil {
		return nil, false, err
	}
	defer rs.Close()
	weight := 0
	for rs.Next() {
		var t T
		if err := scan(rs, &t); err != nil {
			return nil, false, err
		}
		batch = append(batch, t)
		_, bytes := weigh(&t)
		if weight += bytes; weight > exportBytes {
			return batch, true, nil
		}
	}
	return batch, len(batch) == exportRows, rs.Err()
}

// personNames finds the names of people for an export, a batch at a time.
type personNames struct {
	tx   *Tx
	byID map[int64]string
	want []int64
}

func (tx *Tx) personNames() *personNames { return &personNames{tx: tx, byID: map[int64]string{}} }

// ask notes that the name of a person will be needed; 0 is nobody.
func (p *personNames) ask(id int64) {
	if _, known := p.byID[id]; id != 0 && !known {
		p.byID[id] = ""
		p.want = append(p.want, id)
	}
}

// answer reads the names that were asked for.
func (p *personNames) answer(ctx context.Context) error {
	slices.Sort(p.want)
	for part := range chunks(p.want) {
		if err := p.read(ctx, part); err != nil {
			return err
		}
	}
	p.want = p.want[:0]
	return nil
}

// read reads the names of up to chunk people.
func (p *personNames) read(ctx context.Context, ids []int64) error {
	// Whether others bear the name is a look into the index, not a count.
	n := min(1<<bits.Len(uint(len(ids)-1)), chunk) // few different statements
	stmt, err := p.tx.prepared(ctx, `SELECT p.id, p.first_name, p.last_name, p.date_of_birth,
		EXISTS (SELECT 1 FROM person_keys k JOIN person_keys o ON o.name_key = k.name_key AND o.person_id <> k.person_id
			JOIN persons op ON op.id = o.person_id WHERE k.person_id = p.id)
		FROM persons p WHERE p.id IN (`+marks(n)+`)`)
	if err != nil {
		return err
	}
	args := anys(ids)
	for len(args) < n {
		args = append(args, nil)
	}
	rs, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rs.Close()
	var v [5]any // see movieScan
	for rs.Next() {
		if err := rs.Scan(&v[0], &v[1], &v[2], &v[3], &v[4]); err != nil {
			return err
		}
		id, _ := v[0].(int64)
		first, _ := v[1].(string)
		last, _ := v[2].(string)
		name := catalog.JoinName(first, last)
		if shared, _ := v[4].(int64); shared != 0 {
			born, _ := v[3].(string)
			name = catalog.YearLabel(name, catalog.Year(born))
		}
		p.byID[id] = name
	}
	return rs.Err()
}

// forget is called between batches.
func (p *personNames) forget() {
	if len(p.byID) > exportNames {
		clear(p.byID)
	}
}

// named is the reference to a person, none if there is no such person.
func (p *personNames) named(id int64) catalog.Named {
	if name := p.byID[id]; name != "" {
		return catalog.Named{ID: id, Name: name}
	}
	return catalog.Named{}
}

// ExportMovies yields all movies with the names of country, director and
// genres. They have no poster and no timestamps.
func (tx *Tx) ExportMovies(ctx context.Context) iter.Seq2[catalog.Movie, error] {
	people := tx.personNames()
	return batches(ctx, tx, `SELECT id, title, description, budget, release_date, duration, country_id, director_id
		FROM movies WHERE id >= ? ORDER BY id LIMIT ?`, movieScan(),
		func(m *catalog.Movie) (int64, int) { return m.ID, len(m.Title) + len(m.Description) },
		func(ms []catalog.Movie) error {
			people.forget()
			for i := range ms {
				people.ask(ms[i].Director.ID)
			}
			if err := people.answer(ctx); err != nil {
				return err
			}
			if err := tx.loadNames(ctx); err != nil {
				return err
			}
			for i := range ms {
				ms[i].Director = people.named(ms[i].Director.ID)
				ms[i].Country.Name = tx.countries[ms[i].Country.ID]
			}
			return tx.exportGenres(ctx, ms)
		})
}

// movieScan returns a scan for ExportMovies. Its values go through any, which
// database/sql fills at a third of the cost of sql.NullString.
func movieScan() func(scanner, *catalog.Movie) error {
	var v [8]any
	var dest [len(v)]any
	for i := range v {
		dest[i] = &v[i]
	}
	return func(s scanner, m *catalog.Movie) error {
		if err := s.Scan(dest[:]...); err != nil {
			return err
		}
		m.ID, _ = v[0].(int64)
		m.Title, _ = v[1].(string)
		m.Description, _ = v[2].(string)
		m.ReleaseDate, _ = v[4].(string)
		minutes, _ := v[5].(int64)
		m.Duration = int(minutes)
		m.Country.ID, _ = v[6].(int64)
		m.Director.ID, _ = v[7].(int64)
		if budget, ok := v[3].(float64); ok {
			m.Budget = &budget
		}
		return nil
	}
}

// exportGenres gives movies, which are in the order of their ids, their genres.
func (tx *Tx) exportGenres(ctx context.Context, ms []catalog.Movie) error {
	if len(ms) == 0 {
		return nil
	}
	stmt, err := tx.prepared(ctx, `SELECT movie_id, genre_id FROM movie_genres WHERE movie_id BETWEEN ? AND ? ORDER BY movie_id, genre_id`)
	if err != nil {
		return err
	}
	rs, err := stmt.QueryContext(ctx, ms[0].ID, ms[len(ms)-1].ID)
	if err != nil {
		return err
	}
	defer rs.Close()
	i := 0
	var v [2]any // see movieScan
	for rs.Next() {
		if err := rs.Scan(&v[0], &v[1]); err != nil {
			return err
		}
		movie, _ := v[0].(int64)
		genre, _ := v[1].(int64)
		for ms[i].ID < movie && i < len(ms)-1 {
			i++
		}
		if name, ok := tx.genres[genre]; ok && ms[i].ID == movie {
			if ms[i].Genres == nil {
				ms[i].Genres = make([]catalog.Named, 0, 4)
			}
			ms[i].Genres = append(ms[i].Genres, catalog.Named{ID: genre, Name: name})
		}
	}
	return rs.Err()
}

// ExportCharacters yields all parts with title and year of the movie and the
// name of the actor. They have no timestamps.
func (tx *Tx) ExportCharacters(ctx context.Context) iter.Seq2[catalog.Character, error] {
	people := tx.personNames()
	return batches(ctx, tx, `SELECT c.id, c.name, c.description, c.role, m.id, m.title, m.release_date, c.actor_id
		FROM characters c LEFT JOIN movies m ON m.id = c.movie_id WHERE c.id >= ? ORDER BY c.id LIMIT ?`, scanExportCharacter,
		func(c *catalog.Character) (int64, int) {
			return c.ID, len(c.Name) + len(c.Description) + len(c.Movie.Title)
		},
		func(cs []catalog.Character) error {
			people.forget()
			for i := range cs {
				people.ask(cs[i].Actor.ID)
			}
			if err := people.answer(ctx); err != nil {
				return err
			}
			for i := range cs {
				cs[i].Actor = people.named(cs[i].Actor.ID)
			}
			return nil
		})
}

func scanExportCharacter(s scanner, c *catalog.Character) error {
	var name, descr, role, title, date sql.NullString
	var movie, actor sql.NullInt64
	err := s.Scan(&c.ID, &name, &descr, &role, &movie, &title, &date, &actor)
	c.Name, c.Description, c.Role, c.Actor.ID = name.String, descr.String, role.String, actor.Int64
	c.Movie = catalog.Titled{ID: movie.Int64, Title: title.String, Year: catalog.Year(date.String)}
	return err
}

// ExportPhotos yields all photos with the name of the person and the key of the
// file, "" for a file that is a URL alone. They have no timestamps.
func (tx *Tx) ExportPhotos(ctx context.Context) iter.Seq2[catalog.Photo, error] {
	people := tx.personNames()
	return batches(ctx, tx, `SELECT ph.id, ph.person_id, f.id, f.file_name, f.file_key, ph.is_primary
		FROM photos ph LEFT JOIN files f ON f.id = ph.file_id WHERE ph.id >= ? ORDER BY ph.id LIMIT ?`, scanExportPhoto,
		func(p *catalog.Photo) (int64, int) { return p.ID, len(p.File.Name) },
		func(ps []catalog.Photo) error {
			people.forget()
			for i := range ps {
				people.ask(ps[i].Person.ID)
			}
			if err := people.answer(ctx); err != nil {
				return err
			}
			for i := range ps {
				ps[i].Person = people.named(ps[i].Person.ID)
			}
			return nil
		})
}

func scanExportPhoto(s scanner, p *catalog.Photo) error {
	var file sql.NullInt64
	var name, key sql.NullString
	err := s.Scan(&p.ID, &p.Person.ID, &file, &name, &key, &p.Primary)
	p.File = catalog.File{ID: file.Int64, Name: name.String, Key: key.String}
	return err
}

// Liked is that a user likes a movie. The username is "" if the user is gone,
// the movie has the id 0 if it is gone.
type Liked struct {
	User  string
	Movie catalog.Titled
}

// ExportFavorites yields what all users like, by their ids and those of the movies.
func (tx *Tx) ExportFavorites(ctx context.Context) iter.Seq2[Liked, error] {
	return rows(ctx, tx, scanLiked, `SELECT u.username, m.id, m.title, m.release_date FROM favorite_movies f
		LEFT JOIN users u ON u.id = f.user_id LEFT JOIN movies m ON m.id = f.movie_id ORDER BY f.user_id, f.movie_id`)
}

func scanLiked(s scanner, l *Liked) error {
	var user, title, date sql.NullString
	var movie sql.NullInt64
	err := s.Scan(&user, &movie, &title, &date)
	l.User = user.String
	l.Movie = catalog.Titled{ID: movie.Int64, Title: title.String, Year: catalog.Year(date.String)}
	return err
}
