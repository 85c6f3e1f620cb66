package store_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// allAlike is a catalog in which every restriction of filteredLists lets more
// records through than a list sorts: there is no rare filter to begin with. The
// films above 10,100 have all there is, the others lack all they can.
const allAlike = `
INSERT INTO countries (name) VALUES ('Peru'), ('Åland'); INSERT INTO genres (name) VALUES ('Drama'), ('Épopée'), ('comedy'), ('Western');
INSERT INTO users (username) VALUES ('zoe'), ('Anna');
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20200) INSERT INTO files (file_name, mime_type, url)
  SELECT 'f' || i, CASE WHEN i % 2 THEN 'image/png' ELSE 'video/mp4' END, 'https://u.example' FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20200) INSERT INTO persons (first_name, last_name, date_of_birth, gender, country_id)
  SELECT 'F', 'L3', CASE WHEN i > 10100 THEN '1901' END, 'x1', CASE WHEN i > 10100 THEN 2 END FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20200) INSERT INTO movies (title)
  SELECT CASE WHEN i % 2 THEN 'T3' ELSE '!' END FROM n;
UPDATE movies SET release_date = '1999', duration = 90, budget = 50, country_id = 2, director_id = 3, description = 'd', poster_id = 1 WHERE id > 10100;
INSERT INTO movie_genres SELECT m.id, g.id FROM movies m, genres g WHERE m.id > 10100;
INSERT INTO favorite_movies SELECT 2, id FROM movies WHERE id > 10100;
INSERT INTO characters (name, role, movie_id, actor_id) SELECT 'n2', 'lead', id, 5 FROM movies;
INSERT INTO characters (name, role, movie_id, actor_id) SELECT 'n2' || id, 'lead', 6, 5 FROM movies;
INSERT INTO photos (person_id, file_id) SELECT 2, id FROM files;
`

// rare adds records to manyTies that none of its restrictions lets through, but
// for what is missing. A table of a single page SQLite reads whole, with ANALYZE,
// whatever the index.
const rare = `
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO movies (title) SELECT 'More' || i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO persons (last_name) SELECT 'More' || i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO files (file_name, url) SELECT 'm' || i, 'https://u.example' FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO characters (name, movie_id) SELECT 'M' || i, i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO photos (person_id, file_id) SELECT i, i FROM n WHERE true ON CONFLICT DO NOTHING;
`

// innocent is a step of a plan that reads no table of records from end to end:
// hits of a word index, a list of values, and what was found so far.
var innocent = regexp.MustCompile(`^SCAN (\S+ VIRTUAL TABLE INDEX .*|CONSTANT ROW|\d+ CONSTANT ROWS|\(subquery-\d+\))$`)

// TestFilteredListsAreReadThroughAnIndex walks all filters and all pairs of
// filters, where each lets few records through and where each lets many,
// before ANALYZE and after it. Where time is short it is a third of the pairs.
func TestFilteredListsAreReadThroughAnIndex(t *testing.T) {
	notUnderRace(t)
	lists := filteredLists(t)
	for name, content := range map[string]string{"rare": manyTies + rare, "all alike": allAlike} {
		o := testkit.Options(t)
		update(t, o, nil)
		mustExec(t, hand(t, o.Path, "foreign_keys(0)"), "BEGIN;"+content+"COMMIT")
		update(t, o, nil)
		var counter *testkit.Counter
		o.Driver, counter = testkit.CountingDriver(t)
		for _, analyzed := range []bool{false, true} {
			if analyzed {
				mustExec(t, hand(t, o.Path), "ANALYZE")
				name += ", analyzed"
			}
			view(t, o, func(tx *store.Tx) error {
				for _, l := range lists {
					if slices.Contains([]string{"user", "genre", "country"}, l.kind) { // of few records
						continue
					}
					l.pairs(func(what string, at ...int) {
						if len(at) < 2 || testkit.Long() || !analyzed && (at[0]+at[1])%3 == 0 {
							l.checkPlans(t, tx, counter, name+": "+what, at)
						}
					})
				}
				return nil
			})
		}
	}
}

// checkPlans checks a list as a whole, by pages and counted.
func (l filteredList) checkPlans(t *testing.T, tx *store.Tx, counter *testkit.Counter, name string, at []int) {
	t.Helper()
	last := slices.ContainsFunc(at, func(i int) bool { return !l.walk[i] })
	check := func(name string, byIndex bool, run func() error) {
		t.Helper()
		counter.Reset()
		if err := run(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, q := range counter.Statements() {
			if strings.HasPrefix(q, "SELECT id, name FROM ") { // of the small kinds, once a transaction
				continue
			}
			plan := explain(t, tx.SQL(), q)
			for i, step := range strings.Split(plan, "\n") {
				switch {
				case len(at) == 0 || innocent.MatchString(step):
				case byIndex && i == 0: // a page of many, in the order of an index
				case strings.HasPrefix(step, "SCAN "), last && strings.HasSuffix(step, "USING INTEGER PRIMARY KEY (rowid>?)"):
					t.Errorf("%s: %s, of\n%s\nfor %s", name, step, plan, q)
				}
			}
			if !strings.Contains(name, " by ") && strings.Contains(plan, "TEMP B-TREE") {
				t.Errorf("%s is sorted:\n%s\nfor %s", name, plan, q)
			}
		}
	}
	first := func(p catalog.Page) func() error {
		return func() error {
			_, err := l.list(tx, p, at...)
			return err
		}
	}
	check(name+", counted", false, func() error {
		_, err := l.count(tx, catalog.Page{}, at...)
		return err
	})
	check(name, false, first(catalog.Page{Limit: 5}))
	sorts := l.sorts
	if len(at) == 2 { // what is true of each filter need not be asked of every pair
		sorts = sorts[:min(1, len(sorts))]
		if strings.HasPrefix(name, "all alike") {
			sorts = nil
		}
	} else {
		check(name+" after 4", false, first(catalog.Page{Limit: 5, After: 4}))
		check(name+" backwards", false, first(catalog.Page{Limit: 5, Sort: []catalog.Sort{{Key: "id", Desc: true}}}))
	}
	for _, sort := range sorts {
		page := catalog.Page{Limit: 5}
		page.Sort, _ = catalog.ParseSort(sort)
		byIndex := !last || strings.Contains(name, "all alike")
		check(name+" by "+sort, byIndex, first(page))
	}
}

// TestAPageOfManyIsNotSorted: --genre Drama --sort title is quick for a genre
// that most films have as for one that few have.
func TestAPageOfManyIsNotSorted(t *testing.T) {
	notUnderRace(t)
	o := testkit.Options(t)
	update(t, o, nil)
	mustExec(t, hand(t, o.Path, "foreign_keys(1)"), `BEGIN;
		INSERT INTO genres (name) VALUES ('Drama'), ('Noir'); INSERT INTO persons (last_name) VALUES ('P');
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15000) INSERT INTO movies (title, release_date) SELECT 'Film ' || i, 1900 + i % 100 FROM n;
		INSERT INTO movie_genres SELECT id, 1 FROM movies; INSERT INTO movie_genres SELECT id, 2 FROM movies WHERE id % 100 = 0; COMMIT`)
	update(t, o, nil)
	var counter *testkit.Counter
	o.Driver, counter = testkit.CountingDriver(t)
	const drama, noir = 1, 2
	view(t, o, func(tx *store.Tx) error {
		for _, c := range []struct {
			f     catalog.MovieFilter
			sort  string
			limit int
			first string
		}{
			{catalog.MovieFilter{Genres: []int64{drama}}, "title", 50, "SCAN mk USING COVERING INDEX movie_keys_sort"},
			{catalog.MovieFilter{Genres: []int64{drama}}, "-release_date", 50, "SCAN m USING INDEX movies_release_date"},
			{catalog.MovieFilter{Genres: []int64{noir}}, "title", 50, "SEARCH x USING COVERING INDEX movie_genres_genre (genre_id=?)"},
			{catalog.MovieFilter{Genres: []int64{noir}}, "-release_date", 50, "SEARCH x USING COVERING INDEX movie_genres_genre (genre_id=?)"},
			{catalog.MovieFilter{Genres: []int64{drama, noir}}, "title", 50, "SEARCH x USING COVERING INDEX movie_genres_genre (genre_id=?)"},
			{catalog.MovieFilter{Genres: []int64{drama}}, "title", 0, "SEARCH x USING COVERING INDEX movie_genres_genre (genre_id=?)"},
			{catalog.MovieFilter{Genres: []int64{drama}, Years: catalog.Years{From: 1950}}, "release_date", 50, "SEARCH m USING INDEX movies_release_date (release_date>?)"},
		} {
			c.f.Sort, _ = catalog.ParseSort(c.sort)
			c.f.Limit = c.limit
			counter.Reset()
			got := collect(t, tx.Movies(t.Context(), c.f))
			if len(got) == 0 || c.limit > 0 && len(got) > c.limit {
				t.Errorf("%+v: %d films", c.f, len(got))
			}
			all := counter.Statements()
			if plan := explain(t, tx.SQL(), all[len(all)-1]); !strings.HasPrefix(plan, c.first) {
				t.Errorf("%+v:\n%s\nwant %s", c.f, plan, c.first)
			}
		}
		return nil
	})
}
