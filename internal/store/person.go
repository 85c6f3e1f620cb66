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
			"name":          {expr: "pk.sort_key", join: "JOIN person_keys pk ON pk.person_id = p.id", id: "pk.person_id"},
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

func personWhere(f catalog.PersonFilter) where {
	var w where
	if f.Country != 0 {
		w.and("p.country_id = ?", f.Country)
	}
	return w
}

// Persons yields the people that the filter lets through, one at a time.
func (tx *Tx) Persons(ctx context.Context, f catalog.PersonFilter) iter.Seq2[catalog.Person, error] {
	return page(ctx, tx, personListing(), personWhere(f), f.Page, tx.scanPerson)
}

// CountPersons counts what the filter lets through, without regard to the page.
func (tx *Tx) CountPersons(ctx context.Context, f catalog.PersonFilter) (int64, error) {
	return personListing().total(ctx, tx, personWhere(f))
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
