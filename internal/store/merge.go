package store

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/moviedb/moviedb/internal/catalog"
)

// The statements of a merge get the ids of the records that go as one JSON
// array, so that their number is the same for one record and for a thousand.
// Each starts from those records and finds the rest by indexes: what the record
// that stays has, or the catalog, costs nothing.

// leaving is an IN list of the records that go.
const leaving = `(SELECT value FROM json_each(?))`

// leavingParts is a WITH clause. mine has the parts of the people that go, in the
// order of rank and id, and for each the part that is kept: the same part of
// the person that stays, else the first of them in the same film under the same
// name, else itself. Nameless parts in one film are the same, as they are for
// SameCharacter. The arguments are the people that go and the one that stays.
const leavingParts = `WITH mine AS (
	SELECT c.id, c.description, c.role, g.key AS rank, coalesce(
		(SELECT min(b.id) FROM characters b WHERE b.movie_id = c.movie_id AND b.name IS c.name AND b.actor_id = t.id),
		first_value(c.id) OVER (PARTITION BY c.movie_id, c.name ORDER BY g.key, c.id)) AS kept
	FROM json_each(?) g CROSS JOIN (SELECT ? AS id) t CROSS JOIN characters c ON c.actor_id = g.value)`

// MergePersons moves the films, parts and photos of people to the one that
// stays, which is none of them, gives it what it lacks from the first that has
// it, and deletes them. same counts what both had and is kept once: parts of one
// name in one film, which give the kept one what it lacks, and photos of one
// file. The primary photo of the person that stays remains so; if there is
// none, it is that of the first who has one.
func (tx *Tx) MergePersons(ctx context.Context, from []int64, into int64) (same []Use, err error) {
	list, err := leavers(catalog.KindPerson, from, into)
	if err != nil {
		return nil, err
	}
	if err := tx.fillPerson(ctx, from, into); err != nil {
		return nil, err
	}
	if err := tx.exec(ctx, `UPDATE movies SET director_id = ? WHERE director_id IN `+leaving, into, list); err != nil {
		return nil, err
	}
	sameParts, err := tx.mergeParts(ctx, list, into)
	if err != nil {
		return nil, err
	}
	samePhotos, err := tx.mergePhotos(ctx, list, into)
	if err != nil {
		return nil, err
	}
	return nonzero(Use{"part", "parts", sameParts}, Use{"photo", "photos", samePhotos}), tx.DeletePersons(ctx, from)
}

// MergeGenres moves the films of genres to the one that stays, which is none of
// them, gives it notes of the first that has some if it has none, and deletes
// them. same counts the links to films that had another of them already.
func (tx *Tx) MergeGenres(ctx context.Context, from []int64, into int64) (same []Use, err error) {
	list, err := leavers(catalog.KindGenre, from, into)
	if err != nil {
		return nil, err
	}
	gs, err := tx.GenresByID(ctx, append([]int64{into}, from...)...)
	if err != nil {
		return nil, err
	}
	now := gs[0]
	for _, g := range gs[1:] {
		now.Notes = cmp.Or(now.Notes, g.Notes)
	}
	if now != gs[0] {
		if err := tx.UpdateGenre(ctx, now); err != nil {
			return nil, err
		}
	}
	n, err := tx.move(ctx, "movie_genres", "genre_id", list, into)
	if err != nil {
		return nil, err
	}
	return nonzero(Use{"film", "films", n}), tx.DeleteGenres(ctx, from)
}

// MergeCountries moves the films and people of countries to the one that stays,
// which is none of them, and deletes them. same is always empty.
func (tx *Tx) MergeCountries(ctx context.Context, from []int64, into int64) (same []Use, err error) {
	list, err := leavers(catalog.KindCountry, from, into)
	if err != nil {
		return nil, err
	}
	for _, table := range []string{"movies", "persons"} {
		if err := tx.exec(ctx, `UPDATE `+table+` SET country_id = ? WHERE country_id IN `+leaving, into, list); err != nil {
			return nil, err
		}
	}
	return nil, tx.DeleteCountries(ctx, from)
}

// References counts, for each record, what a merge moves. Zero counts are left
// out.
func (tx *Tx) References(ctx context.Context, kind catalog.Kind, ids []int64) (map[int64][]Use, error) {
	uses := map[int64][]Use{}
	for _, r := range merged(kind) {
		counts, err := tx.tallies(ctx, r[0], r[1], ids)
		if err != nil {
			return nil, err
		}
		for id, n := range counts {
			uses[id] = append(uses[id], Use{r[2], r[3], n})
		}
	}
	return uses, nil
}

// merged lists table, column and name, for one and for many, of what a merge of
// a kind moves.
func merged(kind catalog.Kind) [][4]string {
	switch kind {
	case catalog.KindPerson:
		return [][4]string{{"movies", "director_id", "film", "films"}, {"characters", "actor_id", "part", "parts"},
			{"photos", "person_id", "photo", "photos"}}
	case catalog.KindGenre:
		return [][4]string{{"movie_genres", "genre_id", "film", "films"}}
	case catalog.KindCountry:
		return [][4]string{{"movies", "country_id", "film", "films"}, {"persons", "country_id", "person", "people"}}
	}
	return nil
}

// fillPerson gives a person what it lacks from the first of others that has it.
// A country that dangles is none. The two names are one value, which nobody
// lacks.
func (tx *Tx) fillPerson(ctx context.Context, from []int64, into int64) error {
	ps, err := tx.PersonsByID(ctx, append([]int64{into}, from...)...)
	if err != nil {
		return err
	}
	now := ps[0]
	for _, p := range ps[1:] {
		now.Biography = cmp.Or(now.Biography, p.Biography)
		now.DateOfBirth = cmp.Or(now.DateOfBirth, p.DateOfBirth)
		now.Gender = cmp.Or(now.Gender, p.Gender)
		now.Country = cmp.Or(now.Country, p.Country)
	}
	return tx.UpdatePerson(ctx, ps[0], now)
}

// mergeParts moves parts to an actor and returns how many were there twice.
func (tx *Tx) mergeParts(ctx context.Context, list string, into int64) (same int64, err error) {
	err = tx.exec(ctx, leavingParts+`
		UPDATE characters SET description = coalesce(characters.description, m.description), role = coalesce(characters.role, m.role)
		FROM (SELECT DISTINCT kept,
			first_value(description) OVER (PARTITION BY kept ORDER BY description IS NULL, rank, id) AS description,
			first_value(role) OVER (PARTITION BY kept ORDER BY role IS NULL, rank, id) AS role FROM mine) m
		WHERE characters.id = m.kept
			AND (characters.description IS NULL AND m.description IS NOT NULL OR characters.role IS NULL AND m.role IS NOT NULL)`, list, into)
	if err != nil {
		return 0, err
	}
	same, err = tx.affected(ctx, leavingParts+` DELETE FROM characters WHERE id IN (SELECT id FROM mine WHERE id <> kept)`, list, into)
	if err != nil {
		return 0, err
	}
	return same, tx.exec(ctx, `UPDATE characters SET actor_id = ? WHERE actor_id IN `+leaving, into, list)
}

// mergePhotos moves photos to a person and returns how many were there twice.
// No photo moves as a primary one: the person that stays may have its own, and
// one whose file is missing must not become the primary photo of anybody.
func (tx *Tx) mergePhotos(ctx context.Context, list string, into int64) (same int64, err error) {
	first, err := tx.number(ctx, `SELECT (SELECT ph.file_id
		FROM json_each(?) g CROSS JOIN photos ph ON ph.person_id = g.value AND ph.is_primary = 1 JOIN files f ON f.id = ph.file_id
		WHERE NOT EXISTS (SELECT 1 FROM photos b JOIN files f ON f.id = b.file_id WHERE b.person_id = ? AND b.is_primary = 1)
		ORDER BY g.key LIMIT 1)`, list, into)
	if err != nil {
		return 0, err
	}
	if err := tx.exec(ctx, `UPDATE photos SET is_primary = 0 WHERE is_primary = 1 AND person_id IN `+leaving, list); err != nil {
		return 0, err
	}
	same, err = tx.move(ctx, "photos", "person_id", list, into)
	if err != nil || first == 0 {
		return same, err
	}
	return same, tx.exec(ctx, `UPDATE photos SET is_primary = 1 WHERE person_id = ? AND file_id = ?`, into, first)
}

// move makes the rows of records that go those of the one that stays, and
// deletes and counts the rows that it has already. A row changes its column
// alone, so that what else dangles in it does not matter.
func (tx *Tx) move(ctx context.Context, table, column, list string, into int64) (same int64, err error) {
	err = tx.exec(ctx, `UPDATE OR IGNORE `+table+` SET `+column+` = ? WHERE `+column+` IN `+leaving, into, list)
	if err != nil {
		return 0, err
	}
	return tx.affected(ctx, `DELETE FROM `+table+` WHERE `+column+` IN `+leaving, list)
}

// affected is exec that returns how many rows the statement itself changed.
func (tx *Tx) affected(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := tx.conn.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// leavers is the argument of a statement that reads the ids of those that go
// from json_each. Whoever goes and stays at once would be lost with all that is
// theirs.
func leavers(kind catalog.Kind, from []int64, into int64) (string, error) {
	if slices.Contains(from, into) {
		return "", catalog.Invalidf("%s %d cannot go into itself", kind, into)
	}
	b, err := json.Marshal(from)
	return string(b), err
}

// nonzero leaves out what counts nothing.
func nonzero(uses ...Use) []Use {
	var some []Use
	for _, u := range uses {
		if u.N != 0 {
			some = append(some, u)
		}
	}
	return some
}
