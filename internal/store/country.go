package store

import (
	"context"
	"iter"

	"github.com/moviedb/moviedb/internal/catalog"
)

func countryListing() listing {
	return listing{
		kind: catalog.KindCountry, cols: `c.id, c.name, c."createdAt", c."updatedAt"`,
		from: "countries c", count: "countries c", id: "c.id",
		orders: map[string]order{
			"id":         {expr: "c.id"},
			"name":       {expr: "ck.name_key", join: "JOIN country_keys ck ON ck.country_id = c.id", id: "ck.country_id"},
			"created_at": {expr: `c."createdAt"`},
			"updated_at": {expr: `c."updatedAt"`},
		},
	}
}

func scanCountry(s scanner, c *catalog.Country) error {
	return s.Scan(&c.ID, &c.Name, &c.CreatedAt, &c.UpdatedAt)
}

func countryFilters(_ context.Context, f catalog.CountryFilter) ([]filter, error) {
	if f.Name == "" {
		return nil, nil
	}
	return []filter{prefixed("c", "country_keys", "country_id", "name_key", f.Name)}, nil
}

// Countries yields the countries that the filter lets through, one at a time.
func (tx *Tx) Countries(ctx context.Context, f catalog.CountryFilter) iter.Seq2[catalog.Country, error] {
	return page(ctx, tx, countryListing(), f, countryFilters, f.Page, scanCountry)
}

// CountCountries counts what the filter lets through, without regard to the page.
func (tx *Tx) CountCountries(ctx context.Context, f catalog.CountryFilter) (int64, error) {
	return total(ctx, tx, countryListing(), f, countryFilters)
}

// CountriesByID returns the countries with the given ids, in that order.
func (tx *Tx) CountriesByID(ctx context.Context, ids ...int64) ([]catalog.Country, error) {
	return byIDs(ctx, tx, countryListing(), ids, scanCountry, func(c *catalog.Country) int64 { return c.ID })
}

// InsertCountries stores countries in order and sets their ids. Whether a name
// is taken in another spelling is for the caller to ask, see Resolve.
func (tx *Tx) InsertCountries(ctx context.Context, cs []catalog.Country) error {
	id, err := tx.nextID(ctx, "countries")
	if err != nil {
		return err
	}
	for i := range cs {
		cs[i].ID = id + int64(i)
	}
	tx.countries = nil
	return insertAll(ctx, tx, `INSERT INTO countries (id, name)`, 2, "", cs,
		func(a []any, c *catalog.Country) []any { return append(a, c.ID, c.Name) })
}

// UpdateCountry writes all columns of a country.
func (tx *Tx) UpdateCountry(ctx context.Context, c catalog.Country) error {
	tx.countries = nil
	return tx.changeOne(ctx, catalog.KindCountry, c.ID, `UPDATE countries SET name = ? WHERE id = ?`, c.Name, c.ID)
}

// DeleteCountries deletes countries nobody refers to.
func (tx *Tx) DeleteCountries(ctx context.Context, ids []int64) error {
	tx.countries = nil
	return execIn(ctx, tx, `DELETE FROM countries WHERE id IN %IN%`, ids)
}
