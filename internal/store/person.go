package store

import (
	"context"
	"database/sql"
	"iter"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	personCols = `p.id, p.first_name, p.last_name, p.biography, p.date_of_birth, p.gender, p.country_id,
		f.id, f.file_name, f.file_key, p."createdAt", p."updatedAt"`
	personFrom = `persons p LEFT JOIN files f ON f.id = p.primary_photo_id`
)

func personListing() listing {
	return listing{
		kind: catalog.KindPerson, cols: personCols, from: personFrom, count: "persons p", id: "p.id",
		orders: map[string]order{
			"id":            {expr: "p.id"},
			"name":          {expr: "pk.sort_key", join: "JOIN person_keys pk ON pk.person_id = p.id", id: "pk.person_id", walk: true},
			"date_of_birth": {expr: "p.date_of_birth"},
			"gender":        {expr: "p.gender"},
			"country":       {expr: "ck.name_key", join: "LEFT JOIN countries c ON c.id = p.country_id LEFT JOIN country_keys ck ON ck.country_id = c.id"},
			"created_at":    {expr: `p."createdAt"`},
			"updated_at":    {expr: `p."updatedAt"`},
		},
	}
}

func (tx *Tx) scanPerson(s scanner, p *catalog.Person) error {
	var first, bio, born, gender, file, key sql.NullString
	var country, photo sql.NullInt64
	err := s.Scan(&p.ID, &first, &p.LastName, &bio, &born, &gender, &country, &photo, &file, &key, &p.CreatedAt, &p.UpdatedAt)
	if err != nil {
		return err
	}
	p.FirstName, p.Biography, p.DateOfBirth, p.Gender = first.String, bio.String, born.String, gender.String
	if name, ok := tx.countries[country.Int64]; ok {
		p.Country = catalog.Named{ID: country.Int64, Name: name}
	}
	if photo.Valid {
		p.PrimaryPhoto = catalog.File{ID: photo.Int64, Name: file.String, Key: key.String}
	}
	return nil
}

func (tx *Tx) personFilters(ctx context.Context, f catalog.PersonFilter) ([]filter, error) {
	var fs []filter
	if f.Name != "" {
		w, err := tx.words(ctx, catalog.KindPerson, "p", f.Name)
		if err != nil {
			return nil, err
		}
		fs = append(fs, w)
	}
	if f.Country != 0 {
		fs = append(fs, equal("persons", "p", "country_id", f.Country, rankGroup))
	}
	if f.Gender != "" {
		words := sameCase(f.Gender)
		is := "gender COLLATE NOCASE = ?"
		if len(words) > 1 {
			is = "gender COLLATE NOCASE IN (" + marks(len(words)) + ")"
		}
		fs = append(fs, filter{
			from: "persons x", id: "x.id", cond: "x." + is, args: words, ordered: len(words) == 1, rank: rankGroup,
			probe: opaque("p." + is), probeArgs: words,
		})
	}
	if f.Born != (catalog.Years{}) {
		fs = append(fs, years("persons", "p", "date_of_birth", "date_of_birth", f.Born))
	}
	for _, role := range f.Roles {
		fs = append(fs, ofRole(role))
	}
	for _, what := range f.Missing {
		switch what {
		case "photo":
			what = "primary_photo_id"
		case "country":
			what = "country_id"
		}
		// In most catalogs most people lack each of them: an index would say
		// little and cost an import much.
		fs = append(fs, gap("persons", "p", what, false))
	}
	return fs, nil
}

// ofRole is the filter that a person directs or acts. Of all the movies or
// parts of one person the first one stands for the person.
func ofRole(role string) filter {
	table, column := "movies", "director_id"
	if role == "actor" {
		table, column = "characters", "actor_id"
	}
	somebody := "x." + column + " > 0"
	return filter{
		from: table + " x", id: "x." + column, ordered: true, rank: rankGap, bound: somebody,
		cond:  somebody + " AND NOT EXISTS (SELECT 1 FROM " + table + " e WHERE e." + column + " = x." + column + " AND e.id < x.id)",
		probe: "EXISTS (SELECT 1 FROM " + table + " e WHERE e." + column + " = p.id)",
	}
}

// Persons yields the people that the filter lets through, one at a time.
func (tx *Tx) Persons(ctx context.Context, f catalog.PersonFilter) iter.Seq2[catalog.Person, error] {
	return page(ctx, tx, personListing(), f, tx.personFilters, f.Page, tx.scanPerson)
}

// CountPersons counts what the filter lets through, without regard to the page.
func (tx *Tx) CountPersons(ctx context.Context, f catalog.PersonFilter) (int64, error) {
	return total(ctx, tx, personListing(), f, tx.personFilters)
}

// PersonsByID returns the people with the given ids, in that order.
func (tx *Tx) PersonsByID(ctx context.Context, ids ...int64) ([]catalog.Person, error) {
	return byIDs(ctx, tx, personListing(), ids, tx.scanPerson, func(p *catalog.Person) int64 { return p.ID })
}

const personInsert = `INSERT INTO persons (id, first_name, last_name, biography, date_of_birth, gender, country_id)`

func personValues(p *catalog.Person) []any {
	return []any{null(p.FirstName), p.LastName, null(p.Biography), null(p.DateOfBirth), null(p.Gender), null(p.Country.ID)}
}

// InsertPersons stores people in order and sets their ids.
func (tx *Tx) InsertPersons(ctx context.Context, ps []catalog.Person) error {
	if err := tx.late.load(ctx, tx, "person", len(ps)); err != nil {
		return err
	}
	id, err := tx.nextID(ctx, "persons")
	if err != nil {
		return err
	}
	for i := range ps {
		ps[i].ID = id + int64(i)
	}
	err = insertAll(ctx, tx, personInsert, 7, "", ps,
		func(a []any, p *catalog.Person) []any { return append(append(a, p.ID), personValues(p)...) })
	if err != nil {
		return err
	}
	return tx.deriveLate(ctx, personDerivation(), len(ps), func(i int, c *change) {
		c.id, c.name, c.text, c.last = ps[i].ID, given(ps[i].Name()), given(ps[i].Biography), ps[i].LastName
	})
}

// UpdatePerson writes what differs between a person as it was read and as it
// shall be, but for the primary photo.
func (tx *Tx) UpdatePerson(ctx context.Context, was, now catalog.Person) error {
	return tx.changeColumns(ctx, catalog.KindPerson, was.ID,
		[]string{"first_name", "last_name", "biography", "date_of_birth", "gender", "country_id"},
		personValues(&was), personValues(&now))
}

// DeletePersons deletes people with their photos; the pictures stay.
func (tx *Tx) DeletePersons(ctx context.Context, ids []int64) error {
	return execIn(ctx, tx, `DELETE FROM persons WHERE id IN %IN%`, ids)
}

// SamePersons returns the people with the name's key, a bounded number. Each
// carries its date of birth as Detail.
func (tx *Tx) SamePersons(ctx context.Context, name string) ([]catalog.Candidate, error) {
	return all(rows(ctx, tx, scanPersonCandidate, `SELECT p.id, p.first_name, p.last_name, p.date_of_birth
		FROM person_keys k JOIN persons p ON p.id = k.person_id
		WHERE k.name_key = ? ORDER BY p.id LIMIT 100`, catalog.Fold(name)))
}

func scanPersonCandidate(s scanner, c *catalog.Candidate) error {
	var first, born sql.NullString
	var last string
	if err := s.Scan(&c.ID, &first, &last, &born); err != nil {
		return err
	}
	c.Name, c.Detail, c.Year = catalog.JoinName(first.String, last), born.String, catalog.Year(born.String)
	return nil
}
