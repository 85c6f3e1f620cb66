package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/moviedb/moviedb/internal/catalog"
)

// lateReferences are the references of tables that a long import writes.
func lateReferences() []lateReference {
	return []lateReference{
		{"persons", "id", "country_id", "countries"},
		{"movies", "id", "country_id", "countries"},
		{"movies", "id", "director_id", "persons"},
		{"movies", "id", "poster_id", "files"},
		{"movie_genres", "movie_id", "movie_id", "movies"},
		{"movie_genres", "movie_id", "genre_id", "genres"},
		{"characters", "id", "movie_id", "movies"},
		{"characters", "id", "actor_id", "persons"},
	}
}

// lateReference is a reference of a column to the id of a parent. Rows whose
// owner column is above an id are new.
type lateReference struct{ table, owner, column, parent string }

// lastIDs are the highest ids of the tables that a long import writes, before it
// begins.
func (tx *Tx) lastIDs(ctx context.Context) (map[string]int64, error) {
	last := map[string]int64{}
	for _, table := range []string{"movies", "persons", "characters"} {
		next, err := tx.nextID(ctx, table)
		if err != nil {
			return nil, err
		}
		last[table] = next - 1
	}
	last["movie_genres"] = last["movies"] // only new films get genres
	return last, nil
}

// lateRun runs fn without a look at references, and looks at those of the new
// rows after it.
func (tx *Tx) lateRun(ctx context.Context, fn func(*Tx) error) error {
	last, err := tx.lastIDs(ctx)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	for _, r := range lateReferences() {
		ok, err := tx.refersWell(ctx, r, last[r.table])
		if err != nil {
			return err
		}
		if !ok {
			return &classified{text: fmt.Sprintf("the catalog refuses a reference: %s.%s names a record that is not there", r.table, r.column),
				sentinel: catalog.ErrInUse, cause: errors.New("foreign key constraint failed")}
		}
	}
	return nil
}

// manyReferences is from how many references on it pays to look at all of them
// together.
const manyReferences = 10_000

// refersWell tells whether every new row of a reference names a record that is
// there. Where the parent's ids have no gap it is enough that none of many
// references is outside of them.
func (tx *Tx) refersWell(ctx context.Context, r lateReference, last int64) (bool, error) {
	fresh := ` FROM ` + r.table + ` c WHERE c.` + r.owner + ` > ? AND c.` + r.column + ` IS NOT NULL`
	var least, most sql.NullInt64
	var many int64
	err := tx.conn.QueryRowContext(ctx, `SELECT min(c.`+r.column+`), max(c.`+r.column+`), count(*)`+fresh, last).Scan(&least, &most, &many)
	if err != nil || many == 0 {
		return err == nil, err
	}
	if many >= manyReferences {
		n, err := tx.number(ctx, `SELECT count(*) FROM `+r.parent+` WHERE id BETWEEN ? AND ?`, least.Int64, most.Int64)
		if err != nil || n == most.Int64-least.Int64+1 {
			return err == nil, err
		}
	}
	n, err := tx.number(ctx, `SELECT EXISTS (SELECT 1`+fresh+` AND NOT EXISTS (SELECT 1 FROM `+r.parent+` p WHERE p.id = c.`+r.column+`))`, last)
	return err == nil && n == 0, err
}
