package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// referrersShown is how many referrers a conflict lists.
const referrersShown = 10

// reference is one column that refers to a kind of record.
type reference struct {
	kind   catalog.Kind // of the record that refers
	table  string
	column string
	as     string
	label  string // SELECT of owner, id, name and date of rows whose column is IN a list
	whole  bool   // the column cannot be empty: to let go, the row is deleted
}

// restricted returns the references that keep a record of the kind from being
// deleted. Those that go with it (links, parts of a movie) are not among them.
func restricted(kind catalog.Kind) []reference {
	movie := func(column, as string) reference {
		return reference{catalog.KindMovie, "movies", column, as,
			`SELECT ` + column + `, id, title, release_date FROM movies WHERE ` + column + ` IN %IN% ORDER BY id`, false}
	}
	switch kind {
	case catalog.KindCountry:
		return []reference{movie("country_id", "country"), {catalog.KindPerson, "persons", "country_id", "country",
			`SELECT country_id, id, coalesce(first_name || ' ', '') || last_name, date_of_birth FROM persons WHERE country_id IN %IN% ORDER BY id`, false}}
	case catalog.KindPerson:
		return []reference{movie("director_id", "director"), {catalog.KindCharacter, "characters", "actor_id", "actor",
			`SELECT c.actor_id, c.id, coalesce(c.name || ' in ', 'a part in ') || m.title, m.release_date
			 FROM characters c JOIN movies m ON m.id = c.movie_id WHERE c.actor_id IN %IN% ORDER BY c.id`, false}}
	case catalog.KindFile:
		return []reference{movie("poster_id", "poster"),
			{catalog.KindUser, "users", "avatar_id", "avatar",
				`SELECT avatar_id, id, username, NULL FROM users WHERE avatar_id IN %IN% ORDER BY id`, false},
			{catalog.KindPhoto, "photos", "file_id", "picture",
				`SELECT ph.file_id, ph.id, coalesce(p.first_name || ' ', '') || p.last_name, NULL
				 FROM photos ph JOIN persons p ON p.id = ph.person_id WHERE ph.file_id IN %IN% ORDER BY ph.id`, true}}
	}
	return nil
}

type tally struct{ id, n int64 }

func scanTally(s scanner, t *tally) error { return s.Scan(&t.id, &t.n) }

// tallies counts, for each of ids, the rows of a table whose column has it.
func (tx *Tx) tallies(ctx context.Context, table, column string, ids []int64) (map[int64]int64, error) {
	got, err := eachIn(ctx, tx, scanTally,
		`SELECT `+column+`, count(*) FROM `+table+` WHERE `+column+` IN %IN% GROUP BY `+column, ids)
	counts := map[int64]int64{}
	for _, t := range got {
		counts[t.id] = t.n
	}
	return counts, err
}

// CheckUnused returns a *catalog.InUseError for the first of ids that other
// records still refer to, nil if none is.
func (tx *Tx) CheckUnused(ctx context.Context, kind catalog.Kind, ids []int64, label func(int64) string) error {
	refs := restricted(kind)
	totals := map[int64]int64{}
	for _, r := range refs {
		counts, err := tx.tallies(ctx, r.table, r.column, ids)
		if err != nil {
			return err
		}
		for id, n := range counts {
			totals[id] += n
		}
	}
	for _, id := range ids {
		if totals[id] == 0 {
			continue
		}
		e := &catalog.InUseError{Kind: kind, ID: id, Name: label(id), Total: int(totals[id])}
		for _, r := range refs {
			got, err := tx.referrers(ctx, r, id, referrersShown-len(e.Referrers))
			if err != nil {
				return err
			}
			e.Referrers = append(e.Referrers, got...)
		}
		return e
	}
	return nil
}

// referrers returns up to limit records whose column r refers to a record.
func (tx *Tx) referrers(ctx context.Context, r reference, id int64, limit int) ([]catalog.Referrer, error) {
	scan := func(s scanner, rr *catalog.Referrer) error {
		var owner int64
		var name, date sql.NullString
		err := s.Scan(&owner, &rr.ID, &name, &date)
		rr.Kind, rr.As, rr.Name = r.kind, r.as, catalog.YearLabel(name.String, catalog.Year(date.String))
		return err
	}
	return all(rows(ctx, tx, scan, strings.Replace(r.label, "%IN%", "(?)", 1)+" LIMIT ?", id, limit))
}

// Referrers returns the records that refer to one, up to limit.
func (tx *Tx) Referrers(ctx context.Context, kind catalog.Kind, id int64, limit int) ([]catalog.Referrer, error) {
	var found []catalog.Referrer
	for _, r := range restricted(kind) {
		got, err := tx.referrers(ctx, r, id, limit-len(found))
		if err != nil {
			return nil, err
		}
		found = append(found, got...)
	}
	return found, nil
}

// Detach empties every reference to the records. A photo is nothing without
// its file and goes.
func (tx *Tx) Detach(ctx context.Context, kind catalog.Kind, ids []int64) error {
	for _, r := range restricted(kind) {
		change := `UPDATE ` + r.table + ` SET ` + r.column + ` = NULL`
		if r.whole {
			change = `DELETE FROM ` + r.table
		}
		if err := execIn(ctx, tx, change+` WHERE `+r.column+` IN %IN%`, ids); err != nil {
			return err
		}
	}
	return nil
}

// Use is how many rows of one sort go, or are emptied, with a record.
type Use struct {
	One, Many string // "character", "characters"; "movie as director", "movies as director"
	N         int64
}

// String is "3 characters".
func (u Use) String() string {
	return strconv.FormatInt(u.N, 10) + " " + catalog.Plural(int(u.N), u.One, u.Many)
}

// Uses returns, for each record, what a deletion takes along (owned) and which
// references it would empty (referring). Zero counts are left out.
func (tx *Tx) Uses(ctx context.Context, kind catalog.Kind, ids []int64) (owned, referring map[int64][]Use, err error) {
	owned, referring = map[int64][]Use{}, map[int64][]Use{}
	count := func(to map[int64][]Use, table, column, one, many string) error {
		counts, err := tx.tallies(ctx, table, column, ids)
		for id, n := range counts {
			to[id] = append(to[id], Use{one, many, n})
		}
		return err
	}
	for _, o := range ownedBy(kind) {
		if err := count(owned, o[0], o[1], o[2], o[3]); err != nil {
			return nil, nil, err
		}
	}
	for _, r := range restricted(kind) {
		to := referring
		if r.whole {
			to = owned
		}
		if err := count(to, r.table, r.column, string(r.kind)+" as "+r.as, r.kind.Plural()+" as "+r.as); err != nil {
			return nil, nil, err
		}
	}
	return owned, referring, nil
}

// ownedBy lists table, column and name, for one and for many, of what is
// deleted with a kind.
func ownedBy(kind catalog.Kind) [][4]string {
	switch kind {
	case catalog.KindMovie:
		return [][4]string{{"characters", "movie_id", "character", "characters"}, {"movie_genres", "movie_id", "genre link", "genre links"},
			{"favorite_movies", "movie_id", "favorite", "favorites"}}
	case catalog.KindPerson:
		return [][4]string{{"photos", "person_id", "photo", "photos"}}
	case catalog.KindUser:
		return [][4]string{{"favorite_movies", "user_id", "favorite", "favorites"}}
	case catalog.KindGenre:
		return [][4]string{{"movie_genres", "genre_id", "link to a movie", "links to movies"}}
	}
	return nil
}

// Directed yields the movies a person directed, by id.
func (tx *Tx) Directed(ctx context.Context, person int64) ([]catalog.Titled, error) {
	return all(rows(ctx, tx, scanTitled, `SELECT id, title, release_date FROM movies WHERE director_id = ? ORDER BY id`, person))
}

func scanTitled(s scanner, t *catalog.Titled) error {
	var date sql.NullString
	err := s.Scan(&t.ID, &t.Title, &date)
	t.Year = catalog.Year(date.String)
	return err
}
