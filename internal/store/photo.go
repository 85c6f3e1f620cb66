package store

import (
	"context"
	"database/sql"
	"iter"

	"github.com/moviedb/moviedb/internal/catalog"
)

func photoListing() listing {
	return listing{
		kind: catalog.KindPhoto,
		cols: `ph.id, p.id, p.first_name, p.last_name, f.id, f.file_name, f.file_key, ph.is_primary, ph."createdAt", ph."updatedAt"`,
		from: "photos ph LEFT JOIN persons p ON p.id = ph.person_id LEFT JOIN files f ON f.id = ph.file_id", count: "photos ph", id: "ph.id",
		orders: map[string]order{
			"id":         {expr: "ph.id"},
			"person":     {expr: "pk.sort_key", join: "LEFT JOIN person_keys pk ON pk.person_id = ph.person_id"},
			"primary":    {expr: "ph.is_primary"},
			"created_at": {expr: `ph."createdAt"`},
			"updated_at": {expr: `ph."updatedAt"`},
		},
	}
}

func scanPhoto(s scanner, p *catalog.Photo) error {
	var person, file sql.NullInt64
	var first, last, name, key sql.NullString
	err := s.Scan(&p.ID, &person, &first, &last, &file, &name, &key, &p.Primary, &p.CreatedAt, &p.UpdatedAt)
	p.Person = catalog.Named{ID: person.Int64, Name: catalog.JoinName(first.String, last.String)}
	p.File = catalog.File{ID: file.Int64, Name: name.String, Key: key.String}
	return err
}

func photoFilters(_ context.Context, f catalog.PhotoFilter) ([]filter, error) {
	var fs []filter
	if f.Person != 0 {
		own := equal("photos", "ph", "person_id", f.Person, rankRecord)
		own.ordered = false // its index goes on with the file
		fs = append(fs, own)
	}
	if f.Primary { // one of a few photos is: in the order of ids it is met soon
		fs = append(fs, filter{probe: opaque("ph.is_primary = 1")})
	}
	return fs, nil
}

// Photos yields the photos that the filter lets through, one at a time.
func (tx *Tx) Photos(ctx context.Context, f catalog.PhotoFilter) iter.Seq2[catalog.Photo, error] {
	return page(ctx, tx, photoListing(), f, photoFilters, f.Page, scanPhoto)
}

// CountPhotos counts what the filter lets through, without regard to the page.
func (tx *Tx) CountPhotos(ctx context.Context, f catalog.PhotoFilter) (int64, error) {
	return total(ctx, tx, photoListing(), f, photoFilters)
}

// PhotosByID returns the photos with the given ids, in that order.
func (tx *Tx) PhotosByID(ctx context.Context, ids ...int64) ([]catalog.Photo, error) {
	return byIDs(ctx, tx, photoListing(), ids, scanPhoto, func(p *catalog.Photo) int64 { return p.ID })
}

// PhotoOf returns the id of a person's photo with the file, 0 if there is none.
func (tx *Tx) PhotoOf(ctx context.Context, person, file int64) (int64, error) {
	return tx.number(ctx, `SELECT min(id) FROM photos WHERE person_id = ? AND file_id = ?`, person, file)
}

// CountPhotosOf returns how many photos a person has.
func (tx *Tx) CountPhotosOf(ctx context.Context, person int64) (int64, error) {
	return tx.number(ctx, `SELECT count(*) FROM photos WHERE person_id = ?`, person)
}

// InsertPhoto stores a photo and returns its id. A primary one demotes the
// person's primary photo before it.
func (tx *Tx) InsertPhoto(ctx context.Context, person, file int64, primary bool) (int64, error) {
	id, err := tx.nextID(ctx, "photos")
	if err != nil {
		return 0, err
	}
	return id, tx.exec(ctx, `INSERT INTO photos (id, person_id, file_id, is_primary) VALUES (?, ?, ?, ?)`, id, person, file, primary)
}

// SetPrimaryPhoto makes a photo the primary one of its person, and demotes the
// one before it.
func (tx *Tx) SetPrimaryPhoto(ctx context.Context, id int64) error {
	return tx.changeOne(ctx, catalog.KindPhoto, id, `UPDATE photos SET is_primary = 1 WHERE id = ?`, id)
}

// DeletePhotos deletes photos; the files stay. Without its primary photo a
// person has none.
func (tx *Tx) DeletePhotos(ctx context.Context, ids []int64) error {
	return execIn(ctx, tx, `DELETE FROM photos WHERE id IN %IN%`, ids)
}
