package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/moviedb/moviedb/internal/catalog"
)

// references looks for rows that refer to a record that is not there. Reads take
// such a reference for none, so that one that may be absent is cleared, and a
// link without one of its ends goes.
func (c *Check) references(ctx context.Context) error {
	c.Step("references")
	for _, t := range Tables() {
		for _, col := range t.Columns {
			if col.Refers == "" {
				continue
			}
			ok, err := c.refersWell(ctx, t, col)
			if err == nil && !ok {
				err = c.reference(ctx, t, col)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Dangles tells whether any row refers to a record that is not there.
func (tx *Tx) Dangles(ctx context.Context) (bool, error) {
	c := &Check{tx: tx}
	for _, t := range Tables() {
		for _, col := range t.Columns {
			if col.Refers == "" {
				continue
			}
			ok, err := c.refersWell(ctx, t, col)
			if err != nil {
				return false, err
			}
			if ok {
				continue
			}
			if n, err := tx.number(ctx, `SELECT EXISTS (SELECT 1 FROM `+t.Name+` c WHERE `+dangling(col)+`)`); err != nil || n > 0 {
				return n > 0, err
			}
		}
	}
	return false, nil
}

// mostGaps is how many runs of ids that are not there are worth a look each.
const mostGaps = 10_000

// refersWell tells that every reference of a column names a record that is
// there. It asks the other way round: few ids are missing in a table, and an
// index knows whether somebody refers to them. false may be a false alarm.
func (c *Check) refersWell(ctx context.Context, t Table, col Column) (bool, error) {
	of, is := ` FROM `+t.Name+` WHERE `+col.sql, tableOf(col.Refers)
	var least, most sql.NullInt64
	err := c.tx.conn.QueryRowContext(ctx, `SELECT (SELECT min(`+col.sql+`)`+of+` IS NOT NULL), (SELECT max(`+col.sql+`)`+of+` IS NOT NULL)`).Scan(&least, &most)
	if err != nil || !least.Valid {
		return err == nil, err
	}
	n, err := c.tx.number(ctx, `SELECT count(*) FROM `+is+` WHERE id BETWEEN ? AND ?`, least.Int64, most.Int64)
	if err != nil || n == most.Int64-least.Int64+1 {
		return err == nil, err
	}
	var gaps []pair
	next := least.Int64
	for id, err := range rows(ctx, c.tx, scanID, `SELECT id FROM `+is+` WHERE id BETWEEN ? AND ? ORDER BY id`, least.Int64, most.Int64) {
		if err != nil {
			return false, err
		}
		if id > next {
			gaps = append(gaps, pair{next, id - 1})
		}
		if next = id + 1; len(gaps) > mostGaps {
			return false, nil
		}
	}
	if next <= most.Int64 {
		gaps = append(gaps, pair{next, most.Int64})
	}
	for _, g := range gaps {
		if n, err := c.tx.number(ctx, `SELECT EXISTS (SELECT 1`+of+` BETWEEN ? AND ?)`, g.a, g.b); err != nil || n > 0 {
			return false, err
		}
	}
	return true, nil
}

// dangling is the condition that a column of a table, c, refers to nothing.
func dangling(col Column) string {
	return `c.` + col.sql + ` IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ` + tableOf(col.Refers) + ` p WHERE p.id = c.` + col.sql + `)`
}

// pair is two ids: of a row and what it refers to, or of the ends of a link.
type pair struct{ a, b int64 }

func scanPair(s scanner, p *pair) error { return s.Scan(&p.a, &p.b) }

// reference reports the rows of a table whose column refers to nothing.
func (c *Check) reference(ctx context.Context, t Table, col Column) error {
	second := col.sql
	if !t.HasID() {
		second = t.Columns[1].sql
	}
	where, repair := dangling(col), ""
	switch {
	case !t.HasID():
		repair = `DELETE FROM ` + t.Name + ` AS c WHERE ` + where
	case !col.Required:
		repair = `UPDATE ` + t.Name + ` AS c SET ` + col.sql + ` = NULL WHERE ` + where
	}
	before := len(c.fixed)
	for p, err := range rows(ctx, c.tx, scanPair, `SELECT c.`+t.Columns[0].sql+`, c.`+second+` FROM `+t.Name+` c WHERE `+where) {
		if err != nil {
			return err
		}
		f := catalog.Finding{Code: catalog.FindingReference, Table: t.Name, ID: p.a, Fixed: c.o.Fix && repair != "",
			Text: fmt.Sprintf("%s refers to %s %d, which is not there", col.Name, col.Refers, p.b)}
		if !t.HasID() {
			f.ID = 0
			f.Text = fmt.Sprintf("the link of %s %d and %s %d has no %s", t.Columns[0].Refers, p.a, t.Columns[1].Refers, p.b, col.Refers)
		} else if repair == "" {
			f.Text += fmt.Sprintf(", and has to refer to one; delete it with 'moviedb %s delete %d'", t.Kind, p.a)
		}
		if err := c.Report(f); err != nil {
			return err
		}
	}
	if !c.o.Fix || repair == "" {
		return nil
	}
	err := c.tx.exec(ctx, repair)
	if !isRefusal(err) {
		return err
	}
	back := slices.Clone(c.fixed[before:])
	c.fixed = c.fixed[:before]
	for _, f := range back {
		if err := c.Report(refused(f, err)); err != nil {
			return err
		}
	}
	return nil
}

// disagreeing are the people whose primary photo and photos do not name the same
// file. A reference to a file that is gone counts for none.
const disagreeing = `SELECT p.id FROM persons p WHERE p.primary_photo_id IS NOT NULL AND EXISTS (SELECT 1 FROM files f WHERE f.id = p.primary_photo_id)
		AND p.primary_photo_id IS NOT (SELECT file_id FROM photos WHERE person_id = p.id AND is_primary = 1)
	UNION SELECT ph.person_id FROM photos ph JOIN persons p ON p.id = ph.person_id
		WHERE ph.is_primary = 1 AND p.primary_photo_id IS NOT ph.file_id`

// primaryPhotos looks for people whose primary photo and photos disagree.
func (c *Check) primaryPhotos(ctx context.Context) error {
	people, err := all(rows(ctx, c.tx, scanID, disagreeing))
	if err != nil {
		return err
	}
	for _, id := range people {
		f := catalog.Finding{Code: catalog.FindingPrimaryPhoto, Table: "persons", ID: id,
			Text: "the primary photo is not the file of the one photo that is marked as primary"}
		if err := c.found(f, func() error { return c.mendPrimary(ctx, id) }); err != nil {
			return err
		}
	}
	return nil
}

// mendPrimary makes a person's primary photo and photos agree: on a photo that
// is marked, if the person names it, else the first that is; without one, on
// what the person names. A picture that the person names becomes a photo.
func (c *Check) mendPrimary(ctx context.Context, person int64) error {
	var named, marked, same sql.NullInt64
	err := c.tx.conn.QueryRowContext(ctx, `SELECT (SELECT f.id FROM files f WHERE f.id = p.primary_photo_id),
		(SELECT file_id FROM photos WHERE person_id = p.id AND is_primary = 1 AND file_id IN (SELECT id FROM files) ORDER BY id LIMIT 1),
		(SELECT file_id FROM photos WHERE person_id = p.id AND is_primary = 1 AND file_id = p.primary_photo_id)
		FROM persons p WHERE p.id = ?`, person).Scan(&named, &marked, &same)
	if err != nil {
		return err
	}
	primary := marked
	if named.Valid && (same.Valid || !marked.Valid) {
		primary = named
	}
	for _, s := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO photos (person_id, file_id, is_primary) SELECT ?, id, 0 FROM files WHERE id = ? ON CONFLICT (person_id, file_id) DO NOTHING`, []any{person, named}},
		{`UPDATE photos SET is_primary = 0 WHERE person_id = ? AND is_primary = 1 AND file_id IS NOT ?`, []any{person, primary}},
		{`UPDATE photos SET is_primary = 1 WHERE person_id = ? AND is_primary = 0 AND file_id IS ?`, []any{person, primary}},
		{`UPDATE persons SET primary_photo_id = ?2 WHERE id = ?1 AND primary_photo_id IS NOT ?2`, []any{person, primary}},
	} {
		if err := c.tx.exec(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}
