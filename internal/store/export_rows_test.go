package store_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// TestExportIsTheList: an export, which reads in batches, has what the list
// has, whatever the gaps between ids and the length of texts.
func TestExportIsTheList(t *testing.T) {
	o := testkit.Options(t)
	ctx := t.Context()
	const n = 1300 // several batches
	update(t, o, func(tx *store.Tx) error {
		var ps []catalog.Person
		for i := range 700 {
			ps = append(ps, catalog.Person{FirstName: "Ann", LastName: fmt.Sprint("No ", i)})
		}
		if err := tx.InsertPersons(ctx, ps); err != nil {
			return err
		}
		if err := tx.InsertCountries(ctx, []catalog.Country{{Name: "Nepal"}}); err != nil {
			return err
		}
		if err := tx.InsertGenres(ctx, []catalog.Genre{{Name: "Drama"}, {Name: "Crime"}}); err != nil {
			return err
		}
		var ms []catalog.Movie
		var cs []catalog.Character
		var links []store.Link
		for i := range n {
			m := catalog.Movie{Title: fmt.Sprint("Film ", i), Director: catalog.Named{ID: int64(i%800 - 99)}}
			m.Director.ID = max(0, m.Director.ID)
			m.Country.ID = int64(i % 2)
			if i%100 == 7 {
				m.Description = strings.Repeat("long ", 1<<16)
			}
			ms = append(ms, m)
			links = append(links, store.Link{Movie: int64(i + 1), Genre: int64(1 + i%2)}, store.Link{Movie: int64(i/3 + 1), Genre: 2})
			cs = append(cs, catalog.Character{Name: fmt.Sprint("Part ", i), Movie: catalog.Titled{ID: int64(i + 1)}, Actor: m.Director})
		}
		if err := tx.InsertMovies(ctx, ms); err != nil {
			return err
		}
		if _, err := tx.LinkGenres(ctx, links); err != nil {
			return err
		}
		if err := tx.InsertCharacters(ctx, cs); err != nil {
			return err
		}
		return tx.DeleteMovies(ctx, []int64{1, 2, 600, 601, n})
	})
	view(t, o, func(tx *store.Tx) error {
		var want, got []catalog.Movie
		for m, err := range tx.Movies(ctx, catalog.MovieFilter{}) {
			if err != nil {
				return err
			}
			m.CreatedAt, m.UpdatedAt = "", ""
			want = append(want, m)
		}
		for m, err := range tx.ExportMovies(ctx) {
			if err != nil {
				return err
			}
			got = append(got, m)
		}
		if len(got) != n-5 || !reflect.DeepEqual(got, want) {
			t.Errorf("%d movies exported, %d listed, or they differ", len(got), len(want))
		}
		var parts, listed []catalog.Character
		for c, err := range tx.Characters(ctx, catalog.CharacterFilter{}) {
			if err != nil {
				return err
			}
			c.CreatedAt, c.UpdatedAt = "", ""
			listed = append(listed, c)
		}
		for c, err := range tx.ExportCharacters(ctx) {
			if err != nil {
				return err
			}
			parts = append(parts, c)
		}
		if len(parts) != n-5 || !reflect.DeepEqual(parts, listed) {
			t.Errorf("%d parts exported, %d listed, or they differ", len(parts), len(listed))
		}
		return nil
	})
}

// TestExportTellsNamesakesApart: a name that several bear, however they write
// it, comes with the year of birth; one that was changed by hand a moment ago
// does too.
func TestExportTellsNamesakesApart(t *testing.T) {
	o := testkit.Options(t)
	ctx := t.Context()
	update(t, o, func(tx *store.Tx) error {
		ps := []catalog.Person{{FirstName: "Zoë", LastName: "Bell", DateOfBirth: "1978-11"}, {FirstName: "ZOE", LastName: "BELL"},
			{FirstName: "Ida", LastName: "Lupino", DateOfBirth: "1918"}}
		if err := tx.InsertPersons(ctx, ps); err != nil {
			return err
		}
		return tx.InsertMovies(ctx, []catalog.Movie{
			{Title: "A", Director: catalog.Named{ID: 1}}, {Title: "B", Director: catalog.Named{ID: 2}}, {Title: "C", Director: catalog.Named{ID: 3}}, {Title: "D"}})
	})
	directors := func() (names []string) {
		view(t, o, func(tx *store.Tx) error {
			for m, err := range tx.ExportMovies(ctx) {
				if err != nil {
					return err
				}
				names = append(names, m.Director.Name)
			}
			return nil
		})
		return names
	}
	if got, want := directors(), []string{"Zoë Bell (1978)", "ZOE BELL", "Ida Lupino", ""}; !reflect.DeepEqual(got, want) {
		t.Errorf("directors %q, want %q", got, want)
	}
	db := hand(t, o.Path)
	mustExec(t, db, `UPDATE persons SET first_name = 'Zoé', last_name = 'Bell' WHERE id = 3`)
	mustExec(t, db, `PRAGMA foreign_keys = 0`)
	mustExec(t, db, `DELETE FROM persons WHERE id = 2`)
	if got, want := directors(), []string{"Zoë Bell (1978)", "", "Zoé Bell (1918)", ""}; !reflect.DeepEqual(got, want) {
		t.Errorf("directors after an edit by hand %q, want %q", got, want)
	}
}
