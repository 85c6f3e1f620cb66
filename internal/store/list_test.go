package store_test

import (
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// manyTies is a catalog where most values come several times and many are
// absent; some references dangle.
const manyTies = `
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6) INSERT INTO files (file_name, mime_type, file_key, url)
  SELECT CASE WHEN i % 3 THEN 'f' || i % 2 END, CASE WHEN i < 4 THEN 'image/png' WHEN i < 6 THEN 'video/mp4' END, CASE WHEN i < 6 THEN 'k' || i END, 'https://u.example' FROM n;
INSERT INTO countries (name) VALUES ('Peru'), ('Åland'), ('Zaire'), ('chile');
INSERT INTO genres (name) VALUES ('Drama'), ('Épopée'), ('comedy'), ('Western');
INSERT INTO users (username, first_name, last_name, email) VALUES ('zoe', NULL, NULL, NULL), ('Anna', 'A', 'K', 'a@b'), ('ärla', 'Ö', NULL, 'C@d'), ('ben', 'b', 'K', NULL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) INSERT INTO persons (first_name, last_name, date_of_birth, gender, country_id, "createdAt")
  SELECT CASE WHEN i % 3 THEN 'F' || i % 4 END, 'L' || i % 5, CASE WHEN i % 4 THEN 1900 + i % 3 END, CASE WHEN i % 2 THEN 'x' || i % 3 END,
    CASE WHEN i % 3 THEN i % 6 END, '2026-01-0' || (1 + i % 3) || 'T00:00:00Z' FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) INSERT INTO movies (title, release_date, duration, budget, country_id, director_id, "createdAt", "updatedAt")
  SELECT CASE i % 5 WHEN 0 THEN 'The ' WHEN 1 THEN 'é' ELSE '' END || 'T' || i % 7, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN '1999' WHEN 2 THEN '1999-03' ELSE '1990-0' || (1 + i % 9) || '-11' END,
    CASE WHEN i % 3 THEN 80 + i % 4 END, CASE WHEN i % 2 THEN (i % 5) * 1.5 END, CASE WHEN i % 3 THEN i % 6 END, CASE WHEN i % 4 THEN i % 23 END,
    '2026-01-0' || (1 + i % 3) || 'T00:00:00Z', '2026-02-0' || (1 + i % 2) || 'T00:00:00Z' FROM n;
INSERT INTO movie_genres SELECT id, 1 + id % 3 FROM movies; INSERT INTO movie_genres SELECT id, 4 FROM movies WHERE id % 3 = 0;
INSERT INTO favorite_movies SELECT 1 + id % 2, id FROM movies WHERE id % 5 = 0;
INSERT INTO characters (name, role, movie_id, actor_id) SELECT CASE WHEN id % 3 THEN 'N' || id % 4 END, CASE WHEN id % 2 THEN 'lead' END, 1 + id % 9, CASE WHEN id % 4 THEN id % 23 END FROM movies WHERE true ON CONFLICT DO NOTHING;
INSERT INTO photos (person_id, file_id, is_primary) SELECT id % 4 + 1, 1 + id % 5, id % 2 FROM movies WHERE true ON CONFLICT DO NOTHING;
`

// noun is a list of one kind, and what each sort key means: an expression over
// a row of its table t.
type noun struct {
	kind  catalog.Kind
	table string
	list  func(*testing.T, *store.Tx, catalog.Page) ([]int64, error)
	keys  map[string]string
}

func nouns() []noun {
	both := func(more map[string]string) map[string]string {
		maps.Copy(more, map[string]string{"id": "t.id", "created_at": `t."createdAt"`, "updated_at": `t."updatedAt"`})
		return more
	}
	key := func(table, column, id, of string) string {
		return "(SELECT " + column + " FROM " + table + " WHERE " + id + " = " + of + ")"
	}
	return []noun{
		{"movie", "movies", func(t *testing.T, tx *store.Tx, p catalog.Page) ([]int64, error) {
			return ids(tx.Movies(t.Context(), catalog.MovieFilter{Page: p}), func(m catalog.Movie) int64 { return m.ID })
		}, both(map[string]string{
			"title": key("movie_keys", "sort_key", "movie_id", "t.id"), "release_date": "t.release_date", "duration": "t.duration", "budget": "t.budget",
			"director": key("person_keys", "sort_key", "person_id", "t.director_id"), "country": key("country_keys", "name_key", "country_id", "t.country_id"),
		})},
		{"person", "persons", func(t *testing.T, tx *store.Tx, p catalog.Page) ([]int64, error) {
			return ids(tx.Persons(t.Context(), catalog.PersonFilter{Page: p}), func(m catalog.Person) int64 { return m.ID })
		}, both(map[string]string{
			"name": key("person_keys", "sort_key", "person_id", "t.id"), "date_of_birth": "t.date_of_birth", "gender": "t.gender",
			"country": key("country_keys", "name_key", "country_id", "t.country_id"),
		})},
		{"character", "characters", func(t *testing.T, tx *store.Tx, p catalog.Page) ([]int64, error) {
			return ids(tx.Characters(t.Context(), catalog.CharacterFilter{Page: p}), func(m catalog.Character) int64 { return m.ID })
		}, both(map[string]string{
			"name": key("character_keys", "name_key", "name", "t.name"), "role": "t.role",
			"movie": key("movie_keys", "sort_key", "movie_id", "t.movie_id"), "actor": key("person_keys", "sort_key", "person_id", "t.actor_id"),
		})},
		{"genre", "genres", func(t *testing.T, tx *store.Tx, p catalog.Page) ([]int64, error) {
			return ids(tx.Genres(t.Context(), catalog.GenreFilter{Page: p}), func(m catalog.Genre) int64 { return m.ID })
		}, both(map[string]string{"name": key("genre_keys", "name_key", "genre_id", "t.id")})},
		{"country", "countries", func(t *testing.T, tx *store.Tx, p catalog.Page) ([]int64, error) {
			return ids(tx.Countries(t.Context(), catalog.CountryFilter{Page: p}), func(m catalog.Country) int64 { return m.ID })
		}, both(map[string]string{"name": key("country_keys", "name_key", "country_id", "t.id")})},
		{"file", "files", func(t *testing.T, tx *store.Tx, p catalog.Page) ([]int64, error) {
			return ids(tx.Files(t.Context(), catalog.FileFilter{Page: p}), func(m catalog.File) int64 { return m.ID })
		}, both(map[string]string{"file_name": key("file_keys", "name_key", "file_id", "t.id"), "mime_type": "t.mime_type"})},
		{"photo", "photos", func(t *testing.T, tx *store.Tx, p catalog.Page) ([]int64, error) {
			return ids(tx.Photos(t.Context(), catalog.PhotoFilter{Page: p}), func(m catalog.Photo) int64 { return m.ID })
		}, both(map[string]string{"person": key("person_keys", "sort_key", "person_id", "t.person_id"), "primary": "t.is_primary"})},
		{"user", "users", func(t *testing.T, tx *store.Tx, p catalog.Page) ([]int64, error) {
			return ids(tx.Users(t.Context(), catalog.UserFilter{Page: p}), func(m catalog.User) int64 { return m.ID })
		}, both(map[string]string{
			"username": key("user_keys", "name_key", "user_id", "t.id"), "name": "lower(coalesce(t.last_name, t.first_name))", "email": "lower(t.email)",
		})},
	}
}

// ids reads a list to its end.
func ids[T any](seq iter.Seq2[T, error], id func(T) int64) (all []int64, err error) {
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		all = append(all, id(v))
	}
	return all, nil
}

func withTies(t *testing.T) store.Options {
	t.Helper()
	o := testkit.Options(t)
	update(t, o, nil)
	db := hand(t, o.Path, "foreign_keys(0)")
	mustExec(t, db, manyTies)
	update(t, o, nil)
	return o
}

// expected asks for the order in the plainest SQL there is.
func (n noun) expected(t *testing.T, tx *store.Tx, sort []catalog.Sort) []int64 {
	t.Helper()
	terms, last := "", ""
	for _, s := range sort {
		expr, ok := n.keys[s.Key]
		if !ok {
			t.Fatalf("%s by %s: this test does not know what that means", n.kind, s.Key)
		}
		last = ""
		if s.Desc {
			last = " DESC"
		}
		terms += expr + " IS NULL, " + expr + last + ", "
	}
	var want []int64
	rows, err := tx.SQL().QueryContext(t.Context(), "SELECT t.id FROM "+n.table+" t ORDER BY "+terms+"t.id"+last)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		want = append(want, id)
	}
	return want
}

// orders are each key up and down, and some of several keys.
func (n noun) orders(t *testing.T, tx *store.Tx) [][]catalog.Sort {
	t.Helper()
	_, err := n.list(t, tx, catalog.Page{Sort: []catalog.Sort{{Key: "no such key"}}})
	if !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), `cannot be sorted by "no such key"; known keys: `) {
		t.Fatalf("an unknown key: %v", err)
	}
	_, list, _ := strings.Cut(err.Error(), "known keys: ")
	known := strings.Split(list, ", ")
	same(t, string(n.kind)+": known keys", known, append(slices.Sorted(maps.Keys(n.keys)), catalog.SortRandom))
	known = known[:len(known)-1]
	all := [][]catalog.Sort{nil}
	for i, k := range known {
		other := known[(i+1)%len(known)]
		all = append(all, []catalog.Sort{{Key: k}}, []catalog.Sort{{Key: k, Desc: true}},
			[]catalog.Sort{{Key: k}, {Key: other, Desc: true}}, []catalog.Sort{{Key: k, Desc: true}, {Key: other}})
	}
	return all
}

func TestAListIsInTotalOrderAndItsPagesMakeTheWhole(t *testing.T) {
	o := withTies(t)
	view(t, o, func(tx *store.Tx) error {
		for _, n := range nouns() {
			for _, sort := range n.orders(t, tx) {
				want := n.expected(t, tx, sort)
				if len(want) < 4 {
					t.Fatalf("%s: only %d records", n.kind, len(want))
				}
				got, err := n.list(t, tx, catalog.Page{Sort: sort})
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("%s by %v: %v\ngot  %d\nwant %d", n.kind, sort, err, got, want)
					continue
				}
				const size = 7
				var byOffset, byAfter []int64
				for page := (catalog.Page{Sort: sort, Limit: size}); ; page.Offset += size {
					part, err := n.list(t, tx, page)
					if byOffset = append(byOffset, part...); err != nil || len(part) < size {
						break
					}
				}
				for page := (catalog.Page{Sort: sort, Limit: size}); ; page.After = byAfter[len(byAfter)-1] {
					part, err := n.list(t, tx, page)
					if err != nil {
						t.Errorf("%s by %v after %d: %v", n.kind, sort, page.After, err)
					}
					if byAfter = append(byAfter, part...); len(part) < size || len(byAfter) > len(want) {
						break
					}
				}
				if !slices.Equal(byOffset, want) {
					t.Errorf("%s by %v, pages by offset:\ngot  %d\nwant %d", n.kind, sort, byOffset, want)
				}
				if !slices.Equal(byAfter, want) {
					t.Errorf("%s by %v, pages by after:\ngot  %d\nwant %d", n.kind, sort, byAfter, want)
				}
			}
		}
		return nil
	})
}

// TestAbsentValuesComeLastBothWays says by example what the test above gets
// from SQL, and that the id breaks ties in the direction of the last key.
func TestAbsentValuesComeLastBothWays(t *testing.T) {
	o := testkit.Options(t)
	update(t, o, func(tx *store.Tx) error {
		zero, ten := 0.0, 10.0
		return tx.InsertMovies(t.Context(), []catalog.Movie{
			{Title: "The Apple", Budget: &ten, ReleaseDate: "1999-03"}, {Title: "Zoo", ReleaseDate: "1999-03-31"}, {Title: "an Ape", Budget: &zero, ReleaseDate: "1999"},
			{Title: "Ápple", Budget: &ten}, {Title: "zoo"}, {Title: "A"},
		})
	})
	view(t, o, func(tx *store.Tx) error {
		for text, want := range map[string][]int64{
			"id": {1, 2, 3, 4, 5, 6}, "-id": {6, 5, 4, 3, 2, 1},
			"title": {6, 3, 1, 4, 2, 5}, "-title": {5, 2, 4, 1, 3, 6}, "title,-id": {6, 3, 4, 1, 5, 2},
			"budget": {3, 1, 4, 2, 5, 6}, "-budget": {4, 1, 3, 6, 5, 2}, "budget,-title": {3, 4, 1, 5, 2, 6}, "-budget,title": {1, 4, 3, 6, 2, 5},
			"release_date": {3, 1, 2, 4, 5, 6}, "-release_date": {2, 1, 3, 6, 5, 4},
		} {
			sort, err := catalog.ParseSort(text)
			if err != nil {
				return err
			}
			got, err := ids(tx.Movies(t.Context(), catalog.MovieFilter{Page: catalog.Page{Sort: sort}}), func(m catalog.Movie) int64 { return m.ID })
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: got %d, want %d, %v", text, got, want, err)
			}
		}
		return nil
	})
}

func TestAPage(t *testing.T) {
	o := withTies(t)
	view(t, o, func(tx *store.Tx) error {
		for _, tc := range []struct {
			page catalog.Page
			want []int64
		}{
			{catalog.Page{Limit: 2}, []int64{1, 2}},
			{catalog.Page{Limit: 2, Offset: 57}, []int64{58, 59}},
			{catalog.Page{Limit: 5, Offset: 58}, []int64{59, 60}},
			{catalog.Page{Offset: 58}, []int64{59, 60}},
			{catalog.Page{Offset: 60}, nil},
			{catalog.Page{After: 58}, []int64{59, 60}},
			{catalog.Page{After: 60}, nil},
			{catalog.Page{After: 3, Sort: []catalog.Sort{{Key: "id", Desc: true}}}, []int64{2, 1}},
			{catalog.Page{After: 57, Offset: 1, Limit: 1}, []int64{59}},
		} {
			got, err := ids(tx.Movies(t.Context(), catalog.MovieFilter{Page: tc.page}), func(m catalog.Movie) int64 { return m.ID })
			if err != nil || !slices.Equal(got, tc.want) {
				t.Errorf("%+v: got %d, want %d, %v", tc.page, got, tc.want, err)
			}
		}
		for _, n := range nouns() {
			var missing *catalog.NotFoundError
			if _, err := n.list(t, tx, catalog.Page{After: 999}); !errors.As(err, &missing) || missing.Kind != n.kind || missing.Ref.ID != 999 {
				t.Errorf("%s after 999: %v", n.kind, err)
			}
		}
		// A list that is not read to its end holds nothing up.
		for m, err := range tx.Movies(t.Context(), catalog.MovieFilter{}) {
			if err != nil || m.ID != 1 {
				t.Errorf("%d, %v", m.ID, err)
			}
			break
		}
		return nil
	})
}

func TestFilters(t *testing.T) {
	o := withTies(t)
	ctx := t.Context()
	years := func(s string) (y catalog.Years) {
		if err := y.Set(s); err != nil {
			t.Fatal(err)
		}
		return y
	}
	view(t, o, func(tx *store.Tx) error {
		check := func(query string, got []int64, err error, n int64, nErr error) {
			t.Helper()
			var texts []string
			for _, id := range got {
				texts = append(texts, sprint("%d", id))
			}
			want := table(t, tx.SQL(), "SELECT t.id FROM "+query+"\nORDER BY t.id")
			if err != nil || nErr != nil {
				t.Errorf("%s: %v, %v", query, err, nErr)
			}
			same(t, query, texts, want)
			if int(n) != len(want) {
				t.Errorf("%s: counted %d, want %d", query, n, len(want))
			}
			if len(want) == 0 && !strings.HasSuffix(query, "-- none") {
				t.Errorf("%s: nothing to see", query)
			}
		}
		for query, f := range map[string]catalog.MovieFilter{
			"movies t": {},
			"movies t WHERE substr(release_date, 1, 4) = '1999'":                                             {Years: years("1999")},
			"movies t WHERE substr(release_date, 1, 4) BETWEEN '1990' AND '1998'":                            {Years: years("1990..1998")},
			"movies t WHERE substr(release_date, 1, 4) >= '1991'":                                            {Years: years("1991..")},
			"movies t WHERE substr(release_date, 1, 4) <= '1999'":                                            {Years: years("..1999")},
			"movies t WHERE substr(release_date, 1, 4) < '1990' -- none":                                     {Years: years("..1989")},
			"movies t WHERE country_id = 2":                                                                  {Country: 2},
			"movies t WHERE director_id = 3":                                                                 {Director: 3},
			"movies t WHERE id IN (SELECT movie_id FROM movie_genres WHERE genre_id = 4)":                    {Genres: []int64{4}},
			"movies t WHERE id IN (SELECT movie_id FROM favorite_movies WHERE user_id = 2)":                  {Favorite: 2},
			"movies t WHERE id IN (SELECT movie_id FROM characters WHERE actor_id = 5)":                      {Actor: 5},
			"movies t WHERE country_id = 2 AND release_date >= '1999'":                                       {Country: 2, Years: years("1999")},
			"movies t WHERE id IN (SELECT movie_id FROM movie_genres WHERE genre_id = 2) AND country_id = 1": {Genres: []int64{2}, Country: 1},
			"movies t WHERE country_id = 99 -- none":                                                         {Country: 99},
		} {
			got, err := ids(tx.Movies(ctx, f), func(m catalog.Movie) int64 { return m.ID })
			f.Limit = 1 // a count has no regard to the page
			n, nErr := tx.CountMovies(ctx, f)
			check(query, got, err, n, nErr)
		}
		for query, f := range map[string]catalog.PersonFilter{"persons t": {}, "persons t WHERE country_id = 2": {Country: 2}} {
			got, err := ids(tx.Persons(ctx, f), func(m catalog.Person) int64 { return m.ID })
			n, nErr := tx.CountPersons(ctx, f)
			check(query, got, err, n, nErr)
		}
		for query, f := range map[string]catalog.CharacterFilter{
			"characters t": {}, "characters t WHERE movie_id = 2": {Movie: 2}, "characters t WHERE actor_id = 5": {Actor: 5},
			"characters t WHERE movie_id = 6 AND actor_id = 5": {Movie: 6, Actor: 5},
		} {
			got, err := ids(tx.Characters(ctx, f), func(m catalog.Character) int64 { return m.ID })
			n, nErr := tx.CountCharacters(ctx, f)
			check(query, got, err, n, nErr)
		}
		for query, f := range map[string]catalog.FileFilter{
			"files t": {}, "files t WHERE mime_type = 'image/png'": {Type: "image/png"}, "files t WHERE mime_type LIKE 'video/%'": {Type: "video"},
			"files t WHERE id NOT IN (SELECT file_id FROM photos)": {Unused: true},
		} {
			got, err := ids(tx.Files(ctx, f), func(m catalog.File) int64 { return m.ID })
			n, nErr := tx.CountFiles(ctx, f)
			check(query, got, err, n, nErr)
		}
		for query, f := range map[string]catalog.PhotoFilter{"photos t": {}, "photos t WHERE person_id = 2": {Person: 2}} {
			got, err := ids(tx.Photos(ctx, f), func(m catalog.Photo) int64 { return m.ID })
			n, nErr := tx.CountPhotos(ctx, f)
			check(query, got, err, n, nErr)
		}
		for query, count := range map[string]func() (int64, error){
			"genres t":    func() (int64, error) { return tx.CountGenres(ctx, catalog.GenreFilter{}) },
			"countries t": func() (int64, error) { return tx.CountCountries(ctx, catalog.CountryFilter{}) },
			"users t":     func() (int64, error) { return tx.CountUsers(ctx, catalog.UserFilter{}) },
		} {
			n, err := count()
			check(query, int64s(t, table(t, tx.SQL(), "SELECT id FROM "+query+" ORDER BY id")), nil, n, err)
		}
		return nil
	})
}

func int64s(t *testing.T, texts []string) []int64 {
	t.Helper()
	var all []int64
	for _, s := range texts {
		id, err := catalog.ParseID(s)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, id)
	}
	return all
}

// TestACountryThatIsGoneSortsAsAbsent: INSERT OR REPLACE over its name took it
// away by hand, without a trigger being told.
func TestACountryThatIsGoneSortsAsAbsent(t *testing.T) {
	o, db := catalogOf(t, "foreign_keys(0)")
	update(t, o, nil)
	mustExec(t, db, `INSERT OR REPLACE INTO countries (id, name) VALUES (7, 'FRANCE')`)
	view(t, o, func(tx *store.Tx) error {
		page := catalog.Page{Sort: []catalog.Sort{{Key: "country"}}}
		movies := collect(t, tx.Movies(t.Context(), catalog.MovieFilter{Page: page}))
		persons := collect(t, tx.Persons(t.Context(), catalog.PersonFilter{Page: page}))
		if movies[0].ID != 2 || movies[1].Country.ID != 0 {
			t.Errorf("movies: %+v", movies)
		}
		if persons[0].ID != 2 || persons[1].Country.ID != 0 {
			t.Errorf("people: %+v", persons)
		}
		return nil
	})
}
