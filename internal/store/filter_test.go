package store_test

import (
	"context"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// restriction is one way to filter a list.
type restriction[F any] struct {
	name  string
	set   func(*F)
	where string // the same, said plainly over a row of the table t
	walk  bool   // no index knows: the records are read in the order of ids
}

// filteredList is a list with its restrictions, which go by their places.
type filteredList struct {
	kind, table string
	names       []string
	where       []string
	walk        []bool
	list        func(*store.Tx, catalog.Page, ...int) ([]int64, error)
	count       func(*store.Tx, catalog.Page, ...int) (int64, error)
	sorts       []string // keys that an index gives the order of
}

// listOf makes a filteredList. It fails for a field of F that no restriction
// sets, so that a new one cannot be forgotten.
func listOf[F, T any](t *testing.T, kind, table string, sorts []string, list func(*store.Tx, context.Context, F) iter.Seq2[T, error],
	count func(*store.Tx, context.Context, F) (int64, error), page func(*F) *catalog.Page, rs ...restriction[F]) filteredList {
	t.Helper()
	l := filteredList{kind: kind, table: table, sorts: sorts}
	unset := map[string]bool{"Page": false}
	for i := range reflect.TypeFor[F]().NumField() {
		if name := reflect.TypeFor[F]().Field(i).Name; name != "Page" {
			unset[name] = true
		}
	}
	for _, r := range rs {
		l.names, l.where, l.walk = append(l.names, r.name), append(l.where, r.where), append(l.walk, r.walk)
		var f F
		r.set(&f)
		for name := range unset {
			if !reflect.ValueOf(f).FieldByName(name).IsZero() {
				unset[name] = false
			}
		}
	}
	for name, is := range unset {
		if is {
			t.Errorf("%s list: no restriction sets %s", kind, name)
		}
	}
	filter := func(p catalog.Page, at []int) F {
		var f F
		for _, i := range at {
			rs[i].set(&f)
		}
		*page(&f) = p
		return f
	}
	l.list = func(tx *store.Tx, p catalog.Page, at ...int) ([]int64, error) {
		return ids(list(tx, t.Context(), filter(p, at)), func(v T) int64 { return reflect.ValueOf(v).FieldByName("ID").Int() })
	}
	l.count = func(tx *store.Tx, p catalog.Page, at ...int) (int64, error) {
		return count(tx, t.Context(), filter(p, at))
	}
	return l
}

// filteredLists are all lists; the values of their restrictions are those of
// manyTies.
func filteredLists(t *testing.T) []filteredList {
	t.Helper()
	type movie = catalog.MovieFilter
	type person = catalog.PersonFilter
	type part = catalog.CharacterFilter
	type file = catalog.FileFilter
	type photo = catalog.PhotoFilter
	hundred, one := 100.0, 1.0
	movies := []restriction[movie]{
		{name: "title", set: func(f *movie) { f.Title = "t3" }, where: "t.id IN (SELECT movie_id FROM movie_keys WHERE title_key IN ('t3', 'the t3', 'a t3', 'et3') AND title_key LIKE '%t3' AND title_key <> 'et3')"},
		{name: "title without a word", set: func(f *movie) { f.Title = "!" }, where: "t.title LIKE '!%'"},
		{name: "year", set: func(f *movie) { f.Years = catalog.Years{From: 1991, To: 1999} }, where: "substr(t.release_date, 1, 4) BETWEEN '1991' AND '1999'"},
		{name: "genre", set: func(f *movie) { f.Genres = append(f.Genres, 2) }, where: "EXISTS (SELECT 1 FROM movie_genres WHERE movie_id = t.id AND genre_id = 2)"},
		{name: "genre 4", set: func(f *movie) { f.Genres = append(f.Genres, 4) }, where: "EXISTS (SELECT 1 FROM movie_genres WHERE movie_id = t.id AND genre_id = 4)"},
		{name: "any genre", set: func(f *movie) { f.Genres, f.AnyGenre = []int64{3, 4}, true }, where: "EXISTS (SELECT 1 FROM movie_genres WHERE movie_id = t.id AND genre_id IN (3, 4))"},
		{name: "country", set: func(f *movie) { f.Country = 2 }, where: "t.country_id = 2"},
		{name: "director", set: func(f *movie) { f.Director = 3 }, where: "t.director_id = 3"},
		{name: "actor", set: func(f *movie) { f.Actor = 5 }, where: "t.id IN (SELECT movie_id FROM characters WHERE actor_id = 5)"},
		{name: "favorite", set: func(f *movie) { f.Favorite = 2 }, where: "t.id IN (SELECT movie_id FROM favorite_movies WHERE user_id = 2)"},
		{name: "duration", set: func(f *movie) { f.Durations = catalog.Durations{From: 82} }, where: "t.duration >= 82"},
		{name: "budget", set: func(f *movie) { f.Budgets = catalog.Budgets{From: &one, To: &hundred} }, where: "t.budget BETWEEN 1 AND 100"},
	}
	gaps := map[string]string{"genre": "t.id NOT IN (SELECT movie_id FROM movie_genres)", "poster": "t.poster_id IS NULL", "director": "t.director_id IS NULL", "country": "t.country_id IS NULL"}
	for _, gap := range catalog.MovieGaps() {
		where := "t." + gap + " IS NULL"
		if gaps[gap] != "" {
			where = gaps[gap]
		}
		movies = append(movies, restriction[movie]{name: "no " + gap, set: func(f *movie) { f.Missing = append(f.Missing, gap) }, where: where, walk: gap == "genre"})
	}
	persons := []restriction[person]{
		{name: "name", set: func(f *person) { f.Name = "L3 f" }, where: "t.last_name = 'L3' AND t.first_name LIKE 'F%'"},
		{name: "gender", set: func(f *person) { f.Gender = "X1" }, where: "lower(t.gender) = 'x1'"},
		{name: "country", set: func(f *person) { f.Country = 2 }, where: "t.country_id = 2"},
		{name: "born", set: func(f *person) { f.Born = catalog.Years{To: 1901} }, where: "t.date_of_birth < '1902'"},
		{name: "director", set: func(f *person) { f.Roles = append(f.Roles, "director") }, where: "t.id IN (SELECT director_id FROM movies)"},
		{name: "actor", set: func(f *person) { f.Roles = append(f.Roles, "actor") }, where: "t.id IN (SELECT actor_id FROM characters)"},
	}
	for _, gap := range catalog.PersonGaps() {
		column := map[string]string{"photo": "primary_photo_id", "country": "country_id"}[gap]
		if column == "" {
			column = gap
		}
		persons = append(persons, restriction[person]{name: "no " + gap, set: func(f *person) { f.Missing = append(f.Missing, gap) }, where: "t." + column + " IS NULL", walk: true})
	}
	unused := "t.id NOT IN (SELECT poster_id FROM movies WHERE poster_id > 0) AND t.id NOT IN (SELECT avatar_id FROM users WHERE avatar_id > 0) AND t.id NOT IN (SELECT file_id FROM photos)"
	return []filteredList{
		listOf(t, "movie", "movies", []string{"title", "-title", "release_date", "-release_date", "duration", "-budget"}, (*store.Tx).Movies, (*store.Tx).CountMovies,
			func(f *movie) *catalog.Page { return &f.Page }, movies...),
		listOf(t, "person", "persons", []string{"name", "-name"}, (*store.Tx).Persons, (*store.Tx).CountPersons, func(f *person) *catalog.Page { return &f.Page }, persons...),
		listOf(t, "character", "characters", nil, (*store.Tx).Characters, (*store.Tx).CountCharacters, func(f *part) *catalog.Page { return &f.Page },
			restriction[part]{name: "movie", set: func(f *part) { f.Movie = 6 }, where: "t.movie_id = 6"},
			restriction[part]{name: "actor", set: func(f *part) { f.Actor = 5 }, where: "t.actor_id = 5"},
			restriction[part]{name: "name", set: func(f *part) { f.Name = "n2" }, where: "lower(t.name) LIKE 'n2%'"},
			restriction[part]{name: "role", set: func(f *part) { f.Role = "Lead" }, where: "t.role = 'lead'", walk: true}),
		listOf(t, "file", "files", nil, (*store.Tx).Files, (*store.Tx).CountFiles, func(f *file) *catalog.Page { return &f.Page },
			restriction[file]{name: "name", set: func(f *file) { f.Name = "F" }, where: "t.file_name LIKE 'f%'"},
			restriction[file]{name: "type", set: func(f *file) { f.Type = "image/png" }, where: "t.mime_type = 'image/png'"},
			restriction[file]{name: "half a type", set: func(f *file) { f.Type = "video" }, where: "t.mime_type LIKE 'video/%'"},
			restriction[file]{name: "unused", set: func(f *file) { f.Unused = true }, where: unused, walk: true}),
		listOf(t, "photo", "photos", nil, (*store.Tx).Photos, (*store.Tx).CountPhotos, func(f *photo) *catalog.Page { return &f.Page },
			restriction[photo]{name: "person", set: func(f *photo) { f.Person = 2 }, where: "t.person_id = 2"},
			restriction[photo]{name: "primary", set: func(f *photo) { f.Primary = true }, where: "t.is_primary = 1", walk: true}),
		listOf(t, "user", "users", nil, (*store.Tx).Users, (*store.Tx).CountUsers, func(f *catalog.UserFilter) *catalog.Page { return &f.Page },
			restriction[catalog.UserFilter]{name: "name", set: func(f *catalog.UserFilter) { f.Name = "Ä" }, where: "t.username IN ('Anna', 'ärla')"}),
		listOf(t, "genre", "genres", nil, (*store.Tx).Genres, (*store.Tx).CountGenres, func(f *catalog.GenreFilter) *catalog.Page { return &f.Page },
			restriction[catalog.GenreFilter]{name: "name", set: func(f *catalog.GenreFilter) { f.Name = "EP" }, where: "t.name = 'Épopée'"}),
		listOf(t, "country", "countries", nil, (*store.Tx).Countries, (*store.Tx).CountCountries, func(f *catalog.CountryFilter) *catalog.Page { return &f.Page },
			restriction[catalog.CountryFilter]{name: "name", set: func(f *catalog.CountryFilter) { f.Name = "a" }, where: "t.name = 'Åland'"}),
	}
}

// pairs calls fn for no restriction, for each and for every pair.
func (l filteredList) pairs(fn func(name string, at ...int)) {
	fn(l.kind)
	for i := range l.names {
		fn(l.kind+": "+l.names[i], i)
		for j := range i {
			fn(l.kind+": "+l.names[j]+" and "+l.names[i], j, i)
		}
	}
}

// alike reports whether restrictions set the same field, so that the later one
// wins and the pair means nothing.
func (l filteredList) alike(at []int) bool {
	if len(at) < 2 {
		return false
	}
	names := []string{l.names[at[0]], l.names[at[1]]}
	return names[0] == "title" && names[1] == "title without a word" || names[0] == "type" && names[1] == "half a type" ||
		slices.Contains(names, "any genre") && (slices.Contains(names, "genre") || slices.Contains(names, "genre 4"))
}

// TestEveryPairOfFiltersMeansBoth compares with SQL that knows nothing of
// indexes, by id, in every order that an index gives, and page by page.
func TestEveryPairOfFiltersMeansBoth(t *testing.T) {
	o := withTies(t)
	full, empty := 0, 0
	view(t, o, func(tx *store.Tx) error {
		for _, l := range filteredLists(t) {
			l.pairs(func(name string, at ...int) {
				if l.alike(at) {
					return
				}
				where := "true"
				for _, i := range at {
					where += " AND (" + l.where[i] + ")"
				}
				want := int64s(t, table(t, tx.SQL(), "SELECT t.id FROM "+l.table+" t WHERE "+where+" ORDER BY t.id"))
				if len(want) == 0 {
					empty++
				} else {
					full++
				}
				got, err := l.list(tx, catalog.Page{}, at...)
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("%s: %v\ngot  %d\nwant %d", name, err, got, want)
				}
				if n, err := l.count(tx, catalog.Page{Limit: 1}, at...); err != nil || n != int64(len(want)) {
					t.Errorf("%s: counted %d, want %d, %v", name, n, len(want), err)
				}
				for _, sort := range append([]string{"", "-id", "created_at"}, l.sorts...) {
					l.checkPages(t, tx, name, sort, want, at...)
				}
				l.checkRandom(t, tx, name, want, at...)
			})
		}
		return nil
	})
	if full < 60 || empty > full {
		t.Errorf("%d lists have records, %d have none", full, empty)
	}
}

// checkPages compares the whole in an order with its pages.
func (l filteredList) checkPages(t *testing.T, tx *store.Tx, name, sort string, want []int64, at ...int) {
	t.Helper()
	var p catalog.Page
	if sort != "" {
		p.Sort, _ = catalog.ParseSort(sort)
	}
	whole, err := l.list(tx, p, at...)
	if err != nil || !slices.Equal(slices.Sorted(slices.Values(whole)), want) {
		t.Errorf("%s by %q: got %d, want %d in some order, %v", name, sort, whole, want, err)
	}
	p.Limit = 4
	var byOffset, byAfter []int64
	for len(byOffset) < len(whole) {
		part, err := l.list(tx, p, at...)
		if err != nil || len(part) == 0 {
			t.Errorf("%s by %q from %d: %v", name, sort, p.Offset, err)
			return
		}
		byOffset, p.Offset = append(byOffset, part...), p.Offset+p.Limit
	}
	p.Offset = 0
	for len(byAfter) < len(whole) {
		part, err := l.list(tx, p, at...)
		if err != nil || len(part) == 0 {
			t.Errorf("%s by %q after %d: %v", name, sort, p.After, err)
			return
		}
		byAfter, p.After = append(byAfter, part...), part[len(part)-1]
	}
	if !slices.Equal(byOffset, whole) || !slices.Equal(byAfter, whole) {
		t.Errorf("%s by %q: the whole  %d\nby offset %d\nby after  %d", name, sort, whole, byOffset, byAfter)
	}
}

// checkRandom draws from a list.
func (l filteredList) checkRandom(t *testing.T, tx *store.Tx, name string, want []int64, at ...int) {
	t.Helper()
	p := catalog.Page{Sort: []catalog.Sort{{Key: catalog.SortRandom}}}
	got, err := l.list(tx, p, at...)
	if err != nil || !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("%s at random: got %d, want %d in some order, %v", name, got, want, err)
	}
	p.Limit = 2
	got, err = l.list(tx, p, at...)
	if err != nil || len(got) != min(2, len(want)) || len(got) == 2 && got[0] == got[1] {
		t.Errorf("%s, two at random: %d, %v", name, got, err)
	}
	for _, id := range got {
		if !slices.Contains(want, id) {
			t.Errorf("%s at random: %d is none of %d", name, id, want)
		}
	}
}

// TestRandomIsAnotherOrderEachTime, and an order of its own.
func TestRandomIsAnotherOrderEachTime(t *testing.T) {
	o := withTies(t)
	view(t, o, func(tx *store.Tx) error {
		draw := func(p catalog.Page) ([]int64, error) {
			return ids(tx.Movies(t.Context(), catalog.MovieFilter{Page: p}), func(m catalog.Movie) int64 { return m.ID })
		}
		random := []catalog.Sort{{Key: catalog.SortRandom}}
		first, err := draw(catalog.Page{Sort: random})
		if err != nil {
			return err
		}
		if second, err := draw(catalog.Page{Sort: random}); err != nil || slices.Equal(first, second) { // once in 60! runs
			t.Errorf("twice the order %d, %v", first, err)
		}
		for _, p := range []catalog.Page{
			{Sort: random, After: 1}, {Sort: []catalog.Sort{{Key: catalog.SortRandom, Desc: true}}}, {Sort: append(random, catalog.Sort{Key: "title"})},
			{Sort: []catalog.Sort{{Key: "title"}, {Key: catalog.SortRandom}}},
		} {
			if _, err := draw(p); err == nil || !strings.Contains(err.Error(), "random") {
				t.Errorf("%+v: %v", p, err)
			}
		}
		return nil
	})
}

// TestAFilterSeesWhatWasEditedByHand although the catalog cannot be written at
// the time, so that the word index cannot be brought up to date.
func TestAFilterSeesWhatWasEditedByHand(t *testing.T) {
	o, db := catalogOf(t)
	update(t, o, nil)
	mustExec(t, db, `UPDATE movies SET title = 'Early Autumn' WHERE id = 2; UPDATE persons SET last_name = 'Demy' WHERE id = 1;
		INSERT INTO movies (title) VALUES ('Late Autumn'); DELETE FROM movies WHERE id = 1`)
	mustExec(t, db, `BEGIN IMMEDIATE`) // nobody else can write
	defer mustExec(t, db, `ROLLBACK`)
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(t.Context(), func(tx *store.Tx) error {
		for title, want := range map[string][]int64{"spring": nil, "autumn": {2, 3}, "late": {3}, "late autumn": {3}, "autumn early": {2}, "cleo": nil} {
			for _, f := range []catalog.MovieFilter{{Title: title}, {Title: title, Missing: []string{"poster"}}, {Title: title, Years: catalog.Years{From: 1900}}} {
				got, err := ids(tx.Movies(t.Context(), f), func(m catalog.Movie) int64 { return m.ID })
				expected := slices.DeleteFunc(slices.Clone(want), func(id int64) bool { return f.Missing != nil && id == 2 || f.Years.From != 0 && id == 3 })
				if err != nil || !slices.Equal(got, expected) {
					t.Errorf("%+v: got %d, want %d, %v", f, got, expected, err)
				}
			}
		}
		for name, want := range map[string][]int64{"varda": nil, "demy, a": {1}} {
			got, err := ids(tx.Persons(t.Context(), catalog.PersonFilter{Name: name}), func(p catalog.Person) int64 { return p.ID })
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: got %d, want %d, %v", name, got, want, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
