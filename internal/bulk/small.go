package bulk

import (
	"context"
	"fmt"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/store"
)

func genresJob() job[csvio.NameRow] {
	return job[csvio.NameRow]{kind: csvio.Genres(), make: newGenres}
}

func countriesJob() job[csvio.NameRow] {
	return job[csvio.NameRow]{kind: csvio.Countries(), make: newCountries}
}

// decision is what becomes of a row of a small kind.
type decision int

const (
	leave  decision = iota // it is there, or is bad
	add                    // it is new
	change                 // it gives its values to the record that is there
)

// taken rejects a row whose record is there, in the catalog or, above before, in
// an earlier row.
func (s *session) taken(m *csvio.Meta, kind catalog.Kind, id, before int64, name string) {
	if id > before {
		s.reject(m, "", fmt.Sprintf("%s is in an earlier row already", catalog.Quote(name)))
		return
	}
	s.reject(m, "", fmt.Sprintf("%s is in the catalog already: %s %d", catalog.Quote(name), kind, id))
}

// decide counts a row whose record has the given id, 0 for a new one.
func (s *session) decide(m *csvio.Meta, kind catalog.Kind, id, before int64, name string) decision {
	switch {
	case id == 0:
		return add
	case s.opts.OnConflict == Fail:
		s.taken(m, kind, id, before, name)
	case id > before, s.opts.OnConflict == Update && s.done.add(id):
		s.res.Repeated++
	case s.opts.OnConflict == Update:
		return change
	default:
		s.res.Skipped++
	}
	return leave
}

// genres writes genres; the folded name is the genre.
type genres struct {
	*session
	before, last int64
	ids          map[string]int64 // by key
}

func newGenres(ctx context.Context, tx *store.Tx, s *session) (handler[csvio.NameRow], error) {
	before, err := tx.LastID(ctx, catalog.KindGenre)
	h := &genres{session: s, before: before, last: before, ids: map[string]int64{}}
	for key, r := range s.names.genres.byKey {
		h.ids[key] = int64(r)
	}
	return h, err
}

func (h *genres) batch(ctx context.Context, tx *store.Tx, rows []csvio.NameRow) error {
	var fresh []catalog.Genre
	var changed []*csvio.NameRow
	for i := range rows {
		row := &rows[i]
		key := catalog.Fold(row.Name)
		switch h.decide(&row.Meta, catalog.KindGenre, h.ids[key], h.before, row.Name) {
		case add:
			h.last++
			h.ids[key] = h.last
			fresh = append(fresh, catalog.Genre{Name: row.Name, Notes: row.Notes})
		case change:
			changed = append(changed, row)
		}
	}
	if err := tx.InsertGenres(ctx, fresh); err != nil {
		return err
	}
	h.res.Created += len(fresh)
	for _, row := range changed {
		id := h.ids[catalog.Fold(row.Name)]
		if err := h.update(ctx, tx, id, row); err != nil {
			return err
		}
	}
	return nil
}

func (h *genres) update(ctx context.Context, tx *store.Tx, id int64, row *csvio.NameRow) error {
	was, err := tx.GenresByID(ctx, id)
	if err != nil {
		return err
	}
	now := was[0]
	now.Name = row.Name
	row.Assign(csvio.NameNotes, &now.Notes, row.Notes)
	if now == was[0] {
		h.res.Skipped++
		return nil
	}
	h.res.Updated++
	return tx.UpdateGenre(ctx, now)
}

// countries writes countries; what means the same country is one, see
// catalog.CountryAliases.
type countries struct {
	*session
	before int64
}

func newCountries(ctx context.Context, tx *store.Tx, s *session) (handler[csvio.NameRow], error) {
	before, err := tx.LastID(ctx, catalog.KindCountry)
	return &countries{session: s, before: before}, err
}

func (h *countries) batch(ctx context.Context, tx *store.Tx, rows []csvio.NameRow) error {
	fresh := 0
	var changed []*csvio.NameRow
	var ids []int64
	for i := range rows {
		row := &rows[i]
		fits := h.names.findCountry(row.Name)
		id := int64(0)
		switch {
		case len(fits) > 1:
			h.reject(&row.Meta, "name", fmt.Sprintf("%s fits %s", catalog.Quote(row.Name),
				list(fits, func(r ref) string { return fmt.Sprintf("country %d", r) })))
			continue
		case len(fits) == 1 && fits[0] < 0:
			id = h.before + 1
		case len(fits) == 1:
			id = int64(fits[0])
		}
		switch h.decide(&row.Meta, catalog.KindCountry, id, h.before, row.Name) {
		case add:
			fresh++
			h.names.countries.add(row.Name)
		case change:
			changed, ids = append(changed, row), append(ids, id)
		}
	}
	if _, err := h.names.flush(ctx, tx); err != nil {
		return err
	}
	h.res.Countries = 0 // they are rows, not made on the way
	h.res.Created += fresh
	for i, row := range changed {
		if err := h.update(ctx, tx, ids[i], row.Name); err != nil {
			return err
		}
	}
	return nil
}

// update gives a country the spelling of a row. An alias is no other spelling.
func (h *countries) update(ctx context.Context, tx *store.Tx, id int64, name string) error {
	was, err := tx.CountriesByID(ctx, id)
	if err != nil {
		return err
	}
	now := was[0]
	if now.Name == name || catalog.Fold(now.Name) != catalog.Fold(name) {
		h.res.Skipped++
		return nil
	}
	now.Name = name
	h.res.Updated++
	return tx.UpdateCountry(ctx, now)
}
