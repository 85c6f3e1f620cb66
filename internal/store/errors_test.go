package store_test

import (
	"errors"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// TestARefusalSaysWhatItIs: the sentinel decides the exit code.
func TestARefusalSaysWhatItIs(t *testing.T) {
	o, _ := catalogOf(t)
	ctx := t.Context()
	one := []int64{1}
	budget := -1.0
	for name, tc := range map[string]struct {
		want error
		run  func(*store.Tx) error
	}{
		"a country that is referred to": {catalog.ErrInUse, func(tx *store.Tx) error { return tx.DeleteCountries(ctx, one) }},
		"a director":                    {catalog.ErrInUse, func(tx *store.Tx) error { return tx.DeletePersons(ctx, one) }},
		"a picture in use":              {catalog.ErrInUse, func(tx *store.Tx) error { return tx.DeleteFiles(ctx, one) }},
		"a director that is not there": {catalog.ErrInUse, func(tx *store.Tx) error {
			return tx.InsertMovies(ctx, []catalog.Movie{{Title: "x", Director: catalog.Named{ID: 99}}})
		}},
		"a part in no film": {catalog.ErrInvalid, func(tx *store.Tx) error { return tx.InsertCharacters(ctx, []catalog.Character{{Name: "x"}}) }},
		"a genre's name": {catalog.ErrExists, func(tx *store.Tx) error {
			return tx.InsertGenres(ctx, []catalog.Genre{{Name: "x"}, {Name: "drama"}})
		}},
		"a username": {catalog.ErrExists, func(tx *store.Tx) error { _, err := tx.InsertUser(ctx, catalog.User{Username: "ANNA"}, ""); return err }},
		"the same part again": {catalog.ErrExists, func(tx *store.Tx) error {
			return tx.InsertCharacters(ctx, []catalog.Character{{Name: "Cléo", Movie: catalog.Titled{ID: 1}, Actor: catalog.Named{ID: 1}}})
		}},
		"the same photo again": {catalog.ErrExists, func(tx *store.Tx) error { _, err := tx.InsertPhoto(ctx, 1, 1, false); return err }},
		"no title":             {catalog.ErrInvalid, func(tx *store.Tx) error { return tx.InsertMovies(ctx, []catalog.Movie{{}}) }},
		"a budget below zero": {catalog.ErrInvalid, func(tx *store.Tx) error {
			return tx.UpdateMovie(ctx, catalog.Movie{ID: 1}, catalog.Movie{ID: 1, Title: "x", Budget: &budget})
		}},
		"a date that is none": {catalog.ErrInvalid, func(tx *store.Tx) error {
			return tx.UpdatePerson(ctx, catalog.Person{ID: 1}, catalog.Person{ID: 1, LastName: "x", DateOfBirth: "1999-02-30"})
		}},
		"a password in clear text": {catalog.ErrInvalid, func(tx *store.Tx) error { return tx.SetPasswordHash(ctx, 1, "secret") }},
		"a film that is not there": {catalog.ErrNotFound, func(tx *store.Tx) error {
			return tx.UpdateMovie(ctx, catalog.Movie{ID: 99}, catalog.Movie{ID: 99, Title: "x"})
		}},
		"a photo that is not there":         {catalog.ErrNotFound, func(tx *store.Tx) error { return tx.SetPrimaryPhoto(ctx, 99) }},
		"a user that is not there":          {catalog.ErrNotFound, func(tx *store.Tx) error { _, err := tx.PasswordHash(ctx, 99); return err }},
		"one of several films is not there": {catalog.ErrNotFound, func(tx *store.Tx) error { _, err := tx.MoviesByID(ctx, 1, 99); return err }},
	} {
		err := store.Update(ctx, o, tc.run)
		for _, sentinel := range []error{catalog.ErrInUse, catalog.ErrExists, catalog.ErrInvalid, catalog.ErrNotFound, catalog.ErrBusy} {
			if got, want := errors.Is(err, sentinel), sentinel == tc.want; got != want {
				t.Errorf("%s: %v: is %q %v, want %v", name, err, sentinel, got, want)
			}
		}
	}
}
