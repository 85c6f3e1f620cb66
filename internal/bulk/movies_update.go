package bulk

import (
	"context"
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/store"
)

// update gives movies the values of their rows. What a row has no value for
// stays; a row that changes nothing counts as skipped.
func (h *movies) update(ctx context.Context, tx *store.Tx, rows []*movieRow, made made) error {
	if len(rows) == 0 {
		return nil
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.id
	}
	was, err := tx.MoviesByID(ctx, ids...)
	if err != nil {
		return err
	}
	for i, row := range rows {
		changed, err := h.updateOne(ctx, tx, was[i], row, made)
		if err != nil {
			return err
		}
		if changed {
			h.res.Updated++
		} else {
			h.res.Skipped++
		}
	}
	return nil
}

// updateOne reports whether it changed anything.
func (h *movies) updateOne(ctx context.Context, tx *store.Tx, was catalog.Movie, row *movieRow, made made) (bool, error) {
	now := was
	row.assign(&now, made)
	changed := !sameMovie(was, now)
	if changed {
		if err := tx.UpdateMovie(ctx, was, now); err != nil {
			return false, err
		}
	}
	if len(row.genres) > 0 || row.Cleared.Has(csvio.MovieGenres) {
		var has, want []int64
		for _, g := range was.Genres {
			has = append(has, g.ID)
		}
		for _, g := range row.genres {
			want = append(want, made.genre(g))
		}
		slices.Sort(want)
		if want = slices.Compact(want); !slices.Equal(has, want) {
			changed = true
			if err := tx.SetGenres(ctx, row.id, want); err != nil {
				return false, err
			}
		}
	}
	cast, err := h.updateCast(ctx, tx, row, made)
	return changed || cast, err
}

// updateCast adds the parts that a movie has not got, or takes all away.
func (h *movies) updateCast(ctx context.Context, tx *store.Tx, row *movieRow, made made) (changed bool, err error) {
	clear := row.Cleared.Has(csvio.MovieCast)
	if len(row.cast) == 0 && !clear {
		return false, nil
	}
	var has []catalog.Character
	var ids []int64
	for c, err := range tx.Characters(ctx, catalog.CharacterFilter{Movie: row.id}) {
		if err != nil {
			return false, err
		}
		has, ids = append(has, c), append(ids, c.ID)
	}
	if clear {
		return len(ids) > 0, tx.DeleteCharacters(ctx, ids)
	}
	parts := row.parts(made, has)
	h.res.Characters += len(parts)
	return len(parts) > 0, tx.InsertCharacters(ctx, parts)
}

// assign puts the values of a row into a movie.
func (row *movieRow) assign(m *catalog.Movie, made made) {
	set := func(column csvio.Columns, give func(), clear func()) {
		switch {
		case row.Given.Has(column):
			give()
		case row.Cleared.Has(column) && clear != nil:
			clear()
		}
	}
	set(csvio.MovieTitle, func() { m.Title = row.Movie.Title }, nil)
	set(csvio.MovieDescription, func() { m.Description = row.Movie.Description }, func() { m.Description = "" })
	set(csvio.MovieBudget, func() { m.Budget = row.Movie.Budget }, func() { m.Budget = nil })
	set(csvio.MovieReleaseDate, func() { m.ReleaseDate = moreExact(m.ReleaseDate, row.Movie.ReleaseDate) }, nil)
	set(csvio.MovieDuration, func() {
		if row.Movie.Duration != 0 {
			m.Duration = row.Movie.Duration
		}
	}, func() { m.Duration = 0 })
	set(csvio.MovieCountry, func() {
		if row.country != 0 {
			m.Country.ID = made.country(row.country)
		}
	}, func() { m.Country.ID = 0 })
	set(csvio.MovieDirector, func() {
		if row.director != 0 {
			m.Director.ID = made.person(row.director)
		}
	}, func() { m.Director.ID = 0 })
}

// moreExact is the new date, unless the old one says the same and more: 1972
// does not take the day from 1972-03-20.
func moreExact(was, now string) string {
	if strings.HasPrefix(was, now) {
		return was
	}
	return now
}

// sameMovie compares what an update can change.
func sameMovie(a, b catalog.Movie) bool {
	if (a.Budget == nil) != (b.Budget == nil) || a.Budget != nil && *a.Budget != *b.Budget {
		return false
	}
	return a.Title == b.Title && a.Description == b.Description && a.ReleaseDate == b.ReleaseDate &&
		a.Duration == b.Duration && a.Country.ID == b.Country.ID && a.Director.ID == b.Director.ID
}
