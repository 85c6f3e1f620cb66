package store_test

import (
	"errors"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// TestLateReferencesAreVerified: an import that looks at references after its
// rows refuses what one that looks at each refuses, and keeps nothing of it,
// whether the rows are few or many, and whether ids have gaps.
func TestLateReferencesAreVerified(t *testing.T) {
	ctx := t.Context()
	base := func(tx *store.Tx) error {
		return errors.Join(tx.InsertCountries(ctx, []catalog.Country{{Name: "France"}}), tx.InsertGenres(ctx, []catalog.Genre{{Name: "Drama"}}),
			tx.InsertPersons(ctx, []catalog.Person{{LastName: "A"}, {LastName: "B"}, {LastName: "C"}}), tx.InsertMovies(ctx, []catalog.Movie{{Title: "Old"}}))
	}
	for name, tc := range map[string]struct {
		write func(*store.Tx) error
		bad   bool
	}{
		"director": {func(tx *store.Tx) error {
			return tx.InsertMovies(ctx, []catalog.Movie{{Title: "X", Director: catalog.Named{ID: 99}}})
		}, true},
		"director in a gap": {func(tx *store.Tx) error {
			return tx.InsertMovies(ctx, []catalog.Movie{{Title: "X", Director: catalog.Named{ID: 2}}})
		}, true},
		"country": {func(tx *store.Tx) error {
			return tx.InsertPersons(ctx, []catalog.Person{{LastName: "X", Country: catalog.Named{ID: 7}}})
		}, true},
		"poster": {func(tx *store.Tx) error {
			return tx.InsertMovies(ctx, []catalog.Movie{{Title: "X", Poster: catalog.File{ID: 1}}})
		}, true},
		"actor": {func(tx *store.Tx) error {
			return tx.InsertCharacters(ctx, []catalog.Character{{Name: "X", Movie: catalog.Titled{ID: 1}, Actor: catalog.Named{ID: 99}}})
		}, true},
		"movie": {func(tx *store.Tx) error {
			return tx.InsertCharacters(ctx, []catalog.Character{{Name: "X", Movie: catalog.Titled{ID: 99}}})
		}, true},
		"genre": {func(tx *store.Tx) error {
			ms := []catalog.Movie{{Title: "X"}}
			if err := tx.InsertMovies(ctx, ms); err != nil {
				return err
			}
			_, err := tx.LinkGenres(ctx, []store.Link{{Movie: ms[0].ID, Genre: 9}})
			return err
		}, true},
		"one of many": {func(tx *store.Tx) error {
			ms := make([]catalog.Movie, 12_000)
			for i := range ms {
				ms[i] = catalog.Movie{Title: sprint("Film %d", i), Director: catalog.Named{ID: 1}}
			}
			ms[7_000].Director.ID = 2
			return tx.InsertMovies(ctx, ms)
		}, true},
		"all right": {func(tx *store.Tx) error {
			ms := make([]catalog.Movie, 12_000)
			for i := range ms {
				ms[i] = catalog.Movie{Title: sprint("Film %d", i), Director: catalog.Named{ID: int64(1 + i%2*2)}, Country: catalog.Named{ID: 1}}
			}
			return tx.InsertMovies(ctx, ms)
		}, false},
	} {
		for _, there := range []bool{false, true} {
			o := testkit.Options(t)
			late := o
			late.LateReferences = true
			if there {
				update(t, o, base)
				update(t, o, func(tx *store.Tx) error { return tx.DeletePersons(ctx, []int64{2}) })
			}
			err := store.Update(ctx, late, func(tx *store.Tx) error {
				if !there {
					if err := errors.Join(base(tx), tx.DeletePersons(ctx, []int64{2})); err != nil {
						return err
					}
				}
				return tc.write(tx)
			})
			if (err != nil) != tc.bad || tc.bad && !errors.Is(err, catalog.ErrInUse) {
				t.Errorf("%s, catalog there: %v: got %v", name, there, err)
			}
			if there && tc.bad {
				db := hand(t, o.Path)
				if got := value(t, db, `SELECT (SELECT count(*) FROM movies), (SELECT count(*) FROM persons), (SELECT count(*) FROM characters)`); got != "1|2|0" {
					t.Errorf("%s: something stayed: %s", name, got)
				}
			}
			if !tc.bad {
				if got := table(t, hand(t, o.Path), `PRAGMA foreign_key_check`); len(got) != 0 {
					t.Errorf("%s: %q", name, got)
				}
			}
		}
	}
}
