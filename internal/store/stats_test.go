package store_test

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// smallCatalog is a catalog whose numbers can be counted by hand.
const smallCatalog = `
INSERT INTO countries (name) VALUES ('Peru'), ('Chile'), ('Nepal');
INSERT INTO genres (name) VALUES ('Drama'), ('Comedy'), ('Giallo');
INSERT INTO files (file_name, file_key, url) VALUES ('a.png', 'k1', NULL), (NULL, NULL, 'https://u.example');
INSERT INTO users (username) VALUES ('ann');
INSERT INTO persons (first_name, last_name, date_of_birth, gender, country_id, biography) VALUES
  ('Ada', 'Able', '1901', 'female', 1, 'Long.'), ('Ben', 'Baker', NULL, 'male', NULL, NULL), (NULL, 'Cher', '1946-05-20', NULL, 99, NULL);
INSERT INTO movies (title, release_date, duration, budget, country_id, director_id, poster_id, description) VALUES
  ('A', '1979-12-31', 39, 0, 1, 1, 1, 'About.'),
  ('B', '1980', 40, 99999.5, 2, 2, NULL, NULL),
  ('C', '1989-03', 100, 100000, 2, 2, 77, 'About.'),
  ('D', '2000-01-01', 240, 1e8, 77, 77, NULL, NULL),
  ('E', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO movie_genres VALUES (1, 1), (1, 2), (2, 2), (3, 77);
INSERT INTO characters (name, movie_id, actor_id) VALUES ('x', 1, 2), ('y', 1, 2), ('x', 2, 3), (NULL, 2, 2), ('z', 3, NULL), ('z', 3, 77);
INSERT INTO photos (person_id, file_id) VALUES (1, 1), (77, 1);
INSERT INTO favorite_movies VALUES (1, 1), (1, 2);
`

// handMade is a catalog that another program filled, without a look at foreign
// keys.
func handMade(t *testing.T, script string) store.Options {
	t.Helper()
	o := testkit.Options(t)
	update(t, o, nil)
	mustExec(t, hand(t, o.Path, "foreign_keys(0)"), script)
	return o
}

func statsOf(t *testing.T, o store.Options, top int) (s catalog.Stats) {
	t.Helper()
	view(t, o, func(tx *store.Tx) (err error) {
		s, err = tx.Stats(t.Context(), top)
		return err
	})
	return s
}

// countOf is a record with its number.
func countOf(id int64, name string, n int64) catalog.NamedCount {
	return catalog.NamedCount{Named: catalog.Named{ID: id, Name: name}, Count: n}
}

func TestStatsOfASmallCatalog(t *testing.T) {
	o := handMade(t, smallCatalog)
	got := statsOf(t, o, 0)
	pages := value(t, hand(t, o.Path), `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`)
	if strconv.FormatInt(got.Bytes, 10) != pages {
		t.Errorf("%d bytes, the pages are %s", got.Bytes, pages)
	}
	got.Bytes = 0
	want := catalog.Stats{
		Totals: catalog.Totals{Movies: 5, Persons: 3, Characters: 6, Genres: 3, Countries: 3, Photos: 2, Files: 2, Users: 1, Favorites: 2,
			Directors: 2, Actors: 2},
		Decades:   []catalog.DecadeCount{{Decade: 1970, Count: 1}, {Decade: 1980, Count: 2}, {Decade: 1990}, {Decade: 2000, Count: 1}},
		Genres:    []catalog.NamedCount{countOf(2, "Comedy", 2), countOf(1, "Drama", 1), countOf(3, "Giallo", 0)},
		Countries: []catalog.NamedCount{countOf(2, "Chile", 2), countOf(1, "Peru", 1), countOf(3, "Nepal", 0)},
		Directors: []catalog.NamedCount{countOf(2, "Ben Baker", 2), countOf(1, "Ada Able", 1)},
		Actors:    []catalog.NamedCount{countOf(2, "Ben Baker", 3), countOf(3, "Cher", 1)},
		Duration: catalog.Distribution{Known: 4, Unknown: 1, Min: 39, Max: 240, Mean: 104.75, Median: 70, Buckets: []catalog.Bucket{
			{From: 0, Below: 40, Count: 1}, {From: 40, Below: 60, Count: 1}, {From: 60, Below: 80}, {From: 80, Below: 100}, {From: 100, Below: 120, Count: 1},
			{From: 120, Below: 140}, {From: 140, Below: 160}, {From: 160, Below: 180}, {From: 180, Below: 240}, {From: 240, Count: 1}}},
		Budget: catalog.Distribution{Known: 4, Unknown: 1, Max: 1e8, Mean: 25049999.875, Median: 99999.75, Buckets: []catalog.Bucket{
			{From: 0, Below: 1e5, Count: 2}, {From: 1e5, Below: 1e6, Count: 1}, {From: 1e6, Below: 1e7}, {From: 1e7, Below: 1e8}, {From: 1e8, Count: 1}}},
		Missing: catalog.Missing{
			Movies:     catalog.MissingOfMovies{Poster: 4, Director: 2, Country: 2, Genre: 3, Description: 3, ReleaseDate: 1, Duration: 1, Budget: 1, Cast: 2},
			Persons:    catalog.MissingOfPersons{Photo: 2, DateOfBirth: 1, Gender: 1, Country: 2, Biography: 2},
			Characters: catalog.MissingOfCharacters{Actor: 2, Name: 1},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if top := statsOf(t, o, 1); len(top.Genres) != 1 || len(top.Countries) != 1 || len(top.Directors) != 1 || len(top.Actors) != 1 ||
		top.Actors[0] != want.Actors[0] || top.Totals != want.Totals || !reflect.DeepEqual(top.Missing, want.Missing) {
		t.Errorf("the first of each: %+v", top)
	}
}

func TestStatsOfAnEmptyCatalog(t *testing.T) {
	o := testkit.Options(t)
	update(t, o, nil)
	got := statsOf(t, o, 10)
	if got.Bytes == 0 || len(got.Duration.Buckets) == 0 || len(got.Budget.Buckets) == 0 {
		t.Errorf("%+v", got)
	}
	for _, b := range append(got.Duration.Buckets, got.Budget.Buckets...) {
		if b.Count != 0 {
			t.Errorf("bucket %+v", b)
		}
	}
	if len(got.Decades) != 0 {
		t.Errorf("decades: %v", got.Decades)
	}
	got.Bytes, got.Decades, got.Duration.Buckets, got.Budget.Buckets = 0, nil, nil, nil
	if !reflect.DeepEqual(got, catalog.Stats{}) {
		t.Errorf("%+v", got)
	}
}

// TestWhoIsNotThereIsNotTheBusiest: a hand that deleted people left their films
// and parts.
func TestWhoIsNotThereIsNotTheBusiest(t *testing.T) {
	o := handMade(t, smallCatalog+`
		INSERT INTO characters (name, movie_id, actor_id) SELECT 'n' || value, 4, 70 + value % 3 FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12]');
		INSERT INTO movies (title, director_id) VALUES ('F', 78), ('G', 78), ('H', 78);`)
	for top, want := range map[int][]catalog.NamedCount{1: {countOf(2, "Ben Baker", 3)}, 2: {countOf(2, "Ben Baker", 3), countOf(3, "Cher", 1)},
		9: {countOf(2, "Ben Baker", 3), countOf(3, "Cher", 1)}, 0: {countOf(2, "Ben Baker", 3), countOf(3, "Cher", 1)}} {
		got := statsOf(t, o, top)
		if !slices.Equal(got.Actors, want) || got.Directors[0] != countOf(2, "Ben Baker", 2) {
			t.Errorf("%d: actors %v, directors %v", top, got.Actors, got.Directors)
		}
	}
}

// TestEveryYearHasADecade: the first and the last that a film may have.
func TestEveryYearHasADecade(t *testing.T) {
	o := handMade(t, `INSERT INTO movies (title, release_date) VALUES ('a', '1800'), ('b', '2200-12-31'), ('c', '2199-12-31')`)
	got := statsOf(t, o, 0).Decades
	if len(got) != 41 || got[0] != (catalog.DecadeCount{Decade: 1800, Count: 1}) || got[39] != (catalog.DecadeCount{Decade: 2190, Count: 1}) ||
		got[40] != (catalog.DecadeCount{Decade: 2200, Count: 1}) {
		t.Errorf("%+v", got)
	}
}

// TestMedian is in the middle, whatever the order in which films were added.
func TestMedian(t *testing.T) {
	for values, want := range map[string]float64{"(7)": 7, "(9), (1)": 5, "(9), (1), (2)": 2, "(5), (5), (NULL), (8), (1), (NULL)": 5, "(3), (4), (NULL)": 3.5} {
		o := handMade(t, `INSERT INTO movies (title, duration) SELECT 'x', column1 FROM (VALUES `+values+`)`)
		if got := statsOf(t, o, 0).Duration.Median; got != want {
			t.Errorf("median of %s is %g, want %g", values, got, want)
		}
	}
}

// tallyOf counts names, the highest first, then the lowest id.
func tallyOf(refs []catalog.Named, zero []catalog.Named) []catalog.NamedCount {
	counts := map[catalog.Named]int64{}
	for _, r := range zero {
		counts[r] = 0
	}
	for _, r := range refs {
		if r.ID != 0 {
			counts[r]++
		}
	}
	var out []catalog.NamedCount
	for r, n := range counts {
		out = append(out, catalog.NamedCount{Named: r, Count: n})
	}
	slices.SortFunc(out, func(a, b catalog.NamedCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// TestStatsAgreeWithTheLists on a catalog in which many values are equal or
// absent and some references lead nowhere.
func TestStatsAgreeWithTheLists(t *testing.T) {
	o := withTies(t)
	got := statsOf(t, o, 0)
	view(t, o, func(tx *store.Tx) error {
		var directors, countries, genres, actors, allCountries, allGenres []catalog.Named
		var want catalog.Missing
		cast := map[int64]bool{}
		for _, c := range collect(t, tx.Characters(t.Context(), catalog.CharacterFilter{})) {
			actors, cast[c.Movie.ID] = append(actors, c.Actor), true
			want.Characters.Actor += one(c.Actor.ID == 0)
			want.Characters.Name += one(c.Name == "")
		}
		for _, m := range collect(t, tx.Movies(t.Context(), catalog.MovieFilter{})) {
			directors, countries, genres = append(directors, m.Director), append(countries, m.Country), append(genres, m.Genres...)
			w := &want.Movies
			w.Poster, w.Director, w.Country = w.Poster+one(m.Poster.ID == 0), w.Director+one(m.Director.ID == 0), w.Country+one(m.Country.ID == 0)
			w.Genre, w.Description = w.Genre+one(len(m.Genres) == 0), w.Description+one(m.Description == "")
			w.ReleaseDate, w.Duration = w.ReleaseDate+one(m.ReleaseDate == ""), w.Duration+one(m.Duration == 0)
			w.Budget, w.Cast = w.Budget+one(m.Budget == nil), w.Cast+one(!cast[m.ID])
		}
		photos := map[int64]bool{}
		for _, p := range collect(t, tx.Photos(t.Context(), catalog.PhotoFilter{})) {
			photos[p.Person.ID] = true
		}
		for _, p := range collect(t, tx.Persons(t.Context(), catalog.PersonFilter{})) {
			w := &want.Persons
			w.Photo, w.DateOfBirth, w.Gender = w.Photo+one(!photos[p.ID]), w.DateOfBirth+one(p.DateOfBirth == ""), w.Gender+one(p.Gender == "")
			w.Country, w.Biography = w.Country+one(p.Country.ID == 0), w.Biography+one(p.Biography == "")
		}
		for _, c := range collect(t, tx.Countries(t.Context(), catalog.CountryFilter{})) {
			allCountries = append(allCountries, catalog.Named{ID: c.ID, Name: c.Name})
		}
		for _, g := range collect(t, tx.Genres(t.Context(), catalog.GenreFilter{})) {
			allGenres = append(allGenres, catalog.Named{ID: g.ID, Name: g.Name})
		}
		if got.Missing != want {
			t.Errorf("missing:\ngot  %+v\nwant %+v", got.Missing, want)
		}
		for _, l := range []struct {
			name      string
			got, want []catalog.NamedCount
		}{
			{"directors", got.Directors, tallyOf(directors, nil)}, {"actors", got.Actors, tallyOf(actors, nil)},
			{"countries", got.Countries, tallyOf(countries, allCountries)}, {"genres", got.Genres, tallyOf(genres, allGenres)},
		} {
			if len(l.want) < 3 || !slices.Equal(l.got, l.want) {
				t.Errorf("%s:\ngot  %v\nwant %v", l.name, l.got, l.want)
			}
		}
		if got.Totals.Directors != int64(len(got.Directors)) || got.Totals.Actors != int64(len(got.Actors)) {
			t.Errorf("%d directors and %d actors: %+v", len(got.Directors), len(got.Actors), got.Totals)
		}
		return nil
	})
}

// one is 1 for true.
func one(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

// TestStatsReadIndexes: a table is read for what no index has, once, and what is
// sorted are groups, of which a limit keeps the first. That holds with and
// without the numbers of ANALYZE.
func TestStatsReadIndexes(t *testing.T) {
	o := withTies(t)
	driver, counter := testkit.CountingDriver(t)
	o.Driver = driver
	for _, analyzed := range []bool{false, true} {
		if analyzed {
			mustExec(t, hand(t, o.Path), "ANALYZE")
		}
		view(t, o, func(tx *store.Tx) error {
			counter.Reset()
			if _, err := tx.Stats(t.Context(), 10); err != nil {
				return err
			}
			scans := map[string]int{}
			statements := counter.Statements()
			if len(statements) < 10 {
				t.Errorf("%d statements", len(statements))
			}
			for _, query := range statements {
				plan := explain(t, tx.SQL(), query)
				sorted := 0
				for step := range strings.SplitSeq(plan, "\n") {
					switch {
					case strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, "USING COVERING INDEX"):
						scans[strings.Fields(step)[1]]++
					case strings.Contains(step, "TEMP B-TREE"):
						sorted++
						if step != "USE TEMP B-TREE FOR ORDER BY" || !strings.Contains(query, "LIMIT ?") {
							t.Errorf("analyzed %t: %s:\n%s", analyzed, query, plan)
						}
					case strings.Contains(step, "AUTOMATIC"):
						t.Errorf("analyzed %t: %s:\n%s", analyzed, query, plan)
					}
				}
				if sorted > 1 {
					t.Errorf("analyzed %t: sorts twice: %s:\n%s", analyzed, query, plan)
				}
			}
			want := map[string]int{"m": 1, "persons": 1} // movies and persons
			for _, small := range []string{"CONSTANT", "(subquery-1)", "(subquery-2)", "b", "decades", "favorite_movies", "pragma_page_count", "pragma_page_size"} {
				delete(scans, small) // what is no table, and one that is its own index
			}
			if !reflect.DeepEqual(scans, want) {
				t.Errorf("analyzed %t: scans of tables: %v, want %v", analyzed, scans, want)
			}
			return nil
		})
	}
}

// TestStatsEndWhenTheyAreToldTo.
func TestStatsEndWhenTheyAreToldTo(t *testing.T) {
	o := withTies(t)
	view(t, o, func(tx *store.Tx) error {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := tx.Stats(ctx, 10); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		return nil
	})
}
