package store_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// crowded is a catalog of 100 people, genres and countries; number 2 of each
// has n films, parts, photos and people, number 1 the same number of others,
// and the first two share half of them.
func crowded(t *testing.T, n int) (store.Options, *testkit.Counter) {
	t.Helper()
	o := testkit.Options(t)
	update(t, o, nil)
	mustExec(t, hand(t, o.Path), `
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
			INSERT INTO persons (last_name) SELECT 'Person ' || i FROM n;
		INSERT INTO genres (name) SELECT 'Genre ' || id FROM persons;
		INSERT INTO countries (name) SELECT 'Country ' || id FROM persons;`)
	mustExec(t, hand(t, o.Path), strings.ReplaceAll(`
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %N%)
			INSERT INTO files (url) SELECT 'https://f.example/' || i FROM n;
		INSERT INTO movies (title, director_id, country_id) SELECT 'Film ' || id, id % 2 + 1, id % 2 + 1 FROM files;
		INSERT INTO persons (last_name, country_id) SELECT 'Extra', id % 2 + 1 FROM movies;
		INSERT INTO movie_genres SELECT id, 1 FROM movies UNION ALL SELECT id, 2 FROM movies WHERE id % 2;
		INSERT INTO characters (name, movie_id, actor_id) SELECT 'Part', id, 1 FROM movies;
		INSERT INTO characters (name, role, movie_id, actor_id) SELECT 'Part', 'lead', id, 2 FROM movies WHERE id % 2;
		INSERT INTO characters (name, movie_id, actor_id) SELECT 'Other', id, 2 FROM movies;
		INSERT INTO photos (person_id, file_id) SELECT 1, id FROM files UNION ALL SELECT 2, id FROM files WHERE id % 2;
		UPDATE persons SET primary_photo_id = 1 WHERE id = 2;`, "%N%", sprint("%d", n)))
	update(t, o, nil)
	driver, counter := testkit.CountingDriver(t)
	o.Driver = driver
	return o, counter
}

// mergeAs merges records of a kind, after counting what they have.
func mergeAs(t *testing.T, tx *store.Tx, kind catalog.Kind, from []int64, into int64) (same []store.Use, err error) {
	t.Helper()
	if _, err := tx.References(t.Context(), kind, from); err != nil {
		return nil, err
	}
	switch kind {
	case catalog.KindGenre:
		return tx.MergeGenres(t.Context(), from, into)
	case catalog.KindCountry:
		return tx.MergeCountries(t.Context(), from, into)
	}
	return tx.MergePersons(t.Context(), from, into)
}

// TestAMergeOfMuchTakesNoMoreStatements: neither what the records have nor what
// the catalog has adds to their number, and a hundred records cost no more than
// what their own names take in the word index.
func TestAMergeOfMuchTakesNoMoreStatements(t *testing.T) {
	notUnderRace(t)
	for _, kind := range []catalog.Kind{"person", "genre", "country"} {
		cost := func(n int, from ...int64) int {
			o, counter := crowded(t, n)
			return during(t, counter, func() error {
				return store.Update(t.Context(), o, func(tx *store.Tx) error {
					_, err := mergeAs(t, tx, kind, from, 1)
					return err
				})
			})
		}
		few, much := cost(4, 2), cost(3000, 2)
		if few == 0 || few != much {
			t.Errorf("%s: %d statements where there is little, %d where there is much", kind, few, much)
		}
		var many []int64
		for id := range int64(98) {
			many = append(many, 3+id)
		}
		if hundred := cost(4, append(many, 2)...); hundred > few+4 {
			t.Errorf("%s: %d statements for one record, %d for 99", kind, few, hundred)
		}
	}
}

// TestAMergeReadsNoTableWhole: every statement starts from the records that go.
func TestAMergeReadsNoTableWhole(t *testing.T) {
	o, counter := crowded(t, 4)
	// What a plan may go through from end to end: the list of records, what was
	// found for them, and the countries, which are read for their names.
	allowed := regexp.MustCompile(`^SCAN (g VIRTUAL TABLE|json_each VIRTUAL TABLE|mine|m|t|countries|genres|CONSTANT ROW|\(subquery-\d+\))( |$)`)
	searches := map[string]bool{}
	for _, kind := range []catalog.Kind{"person", "genre", "country"} {
		update(t, o, func(tx *store.Tx) error {
			counter.Reset()
			if _, err := mergeAs(t, tx, kind, []int64{2, 3}, 1); err != nil {
				return err
			}
			for _, query := range counter.Statements() {
				plan := explain(t, tx.SQL(), query)
				for line := range strings.Lines(plan) {
					line = strings.TrimSpace(line)
					if strings.HasPrefix(line, "SCAN") && !allowed.MatchString(line) {
						t.Errorf("%s: %s\n%s", kind, query, plan)
					}
					if strings.HasPrefix(line, "SEARCH") {
						searches[strings.Fields(line)[1]] = true
					}
				}
			}
			return nil
		})
	}
	for _, name := range []string{"movies", "characters", "c", "b", "photos", "ph", "persons", "movie_genres"} {
		if !searches[name] {
			t.Errorf("no plan searches %s: is this still the merge?", name)
		}
	}
}
