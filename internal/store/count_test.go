package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// counted is a catalog of n films with as many people, and a counter of the
// statements that run on it. Each film has a director and two genres, the
// second film 300 parts and every other 3.
func counted(t *testing.T, n int) (store.Options, *testkit.Counter) {
	t.Helper()
	o := testkit.Options(t)
	update(t, o, func(tx *store.Tx) error {
		ctx := t.Context()
		persons, movies := make([]catalog.Person, n), make([]catalog.Movie, n)
		var parts []catalog.Character
		var links []store.Link
		for i := range movies {
			id := int64(i + 1)
			persons[i] = catalog.Person{FirstName: "Jo", LastName: sprint("Person %d", id), Country: catalog.Named{ID: id%2 + 1}}
			movies[i] = catalog.Movie{Title: sprint("The film %d", id), Director: catalog.Named{ID: id}, Country: catalog.Named{ID: id%2 + 1}}
			links = append(links, store.Link{Movie: id, Genre: 1}, store.Link{Movie: id, Genre: id%2 + 2})
			cast := 3
			if id == 2 {
				cast = 300
			}
			for k := range cast {
				parts = append(parts, catalog.Character{Name: sprint("Part %d", k), Movie: catalog.Titled{ID: id}, Actor: catalog.Named{ID: 1}})
			}
		}
		err := errors.Join(tx.InsertCountries(ctx, []catalog.Country{{Name: "Peru"}, {Name: "Chile"}}),
			tx.InsertGenres(ctx, []catalog.Genre{{Name: "a"}, {Name: "b"}, {Name: "c"}}),
			tx.InsertPersons(ctx, persons), tx.InsertMovies(ctx, movies), tx.InsertCharacters(ctx, parts))
		if err != nil {
			return err
		}
		_, err = tx.LinkGenres(ctx, links)
		return err
	})
	driver, counter := testkit.CountingDriver(t)
	o.Driver = driver
	return o, counter
}

// during returns how many statements fn needs.
func during(t *testing.T, c *testkit.Counter, fn func() error) int {
	t.Helper()
	c.Reset()
	if err := fn(); err != nil {
		t.Fatal(err)
	}
	return c.N()
}

// TestTheSizeOfTheCatalogCostsNoStatements: whatever a command reads, it runs as
// many statements on 5,000 films as on 10.
func TestTheSizeOfTheCatalogCostsNoStatements(t *testing.T) {
	notUnderRace(t)
	ctx := t.Context()
	numbers := map[int]map[string]int{}
	const large = 5000
	for _, size := range []int{10, large} {
		numbers[size] = map[string]int{}
		o, counter := counted(t, size)
		for name, read := range map[string]func(*store.Tx) error{
			"list": func(tx *store.Tx) error {
				got := collect(t, tx.Movies(ctx, catalog.MovieFilter{}))
				if len(got) != size || len(got[1].Genres) != 2 || got[1].Director.Name == "" || got[1].Country.Name == "" {
					t.Errorf("%d films, such as %+v", len(got), got[1])
				}
				return nil
			},
			"list by title, a page": func(tx *store.Tx) error {
				page := catalog.Page{Sort: []catalog.Sort{{Key: "title"}}, Limit: 5, After: 3}
				collect(t, tx.Movies(ctx, catalog.MovieFilter{Page: page}))
				return nil
			},
			"list people":     func(tx *store.Tx) error { collect(t, tx.Persons(ctx, catalog.PersonFilter{})); return nil },
			"list characters": func(tx *store.Tx) error { collect(t, tx.Characters(ctx, catalog.CharacterFilter{})); return nil },
			"resolve":         func(tx *store.Tx) error { _, err := resolve(t, tx, "movie", "the film 7"); return err },
			"resolve in vain": func(tx *store.Tx) error {
				_, err := resolve(t, tx, "movie", "the fim 7")
				if n := (&catalog.NotFoundError{}); !errors.As(err, &n) || len(n.Near) == 0 {
					t.Errorf("%v", err)
				}
				return nil
			},
			"directed": func(tx *store.Tx) error { _, err := tx.Directed(ctx, 3); return err },
			"same":     func(tx *store.Tx) error { _, err := tx.SameMovies(ctx, "The film 7", 0); return err },
			"uses":     func(tx *store.Tx) error { _, _, err := tx.Uses(ctx, "country", []int64{1}); return err },
			"in use": func(tx *store.Tx) error {
				if err := tx.CheckUnused(ctx, "country", []int64{1}, func(int64) string { return "" }); !errors.Is(err, catalog.ErrInUse) {
					t.Errorf("%v", err)
				}
				return nil
			},
		} {
			numbers[size][name] = during(t, counter, func() error {
				s, err := store.Open(ctx, o)
				if err != nil {
					return err
				}
				return errors.Join(s.View(ctx, read), s.Close())
			})
		}
	}
	for name, n := range numbers[10] {
		if n == 0 || n != numbers[large][name] {
			t.Errorf("%s: %d statements on 10 films, %d on %d", name, n, numbers[large][name], large)
		}
	}
}

// TestOneFilmCostsTheSameWithManyParts, and so do many records at once.
func TestOneFilmCostsTheSameWithManyParts(t *testing.T) {
	o, counter := counted(t, 450)
	ctx := t.Context()
	view(t, o, func(tx *store.Tx) error {
		show := func(id int64, parts int) int {
			return during(t, counter, func() error {
				m, err := tx.MoviesByID(ctx, id)
				if err != nil || len(m[0].Genres) != 2 {
					t.Errorf("%+v", m)
				}
				if n := len(collect(t, tx.Characters(ctx, catalog.CharacterFilter{Movie: id}))); n != parts {
					t.Errorf("film %d has %d parts", id, n)
				}
				return err
			})
		}
		show(1, 3) // reads the names of countries and genres, once
		if few, many := show(1, 3), show(2, 300); few == 0 || few != many {
			t.Errorf("show: %d statements with 3 parts, %d with 300", few, many)
		}
		ids, refs := make([]int64, 400), make([]string, 400)
		for i := range ids {
			ids[i], refs[i] = int64(i+1), sprint("the film %d", i+1)
			if i%2 == 0 {
				refs[i] = sprint("%d", i+1)
			}
		}
		for name, run := range map[string]func(n int) error{
			"resolve": func(n int) error {
				got, err := tx.ResolveAll(ctx, "movie", parseAll(t, "movie", refs[:n]...))
				if len(got) != n {
					t.Errorf("resolved %d of %d", len(got), n)
				}
				return err
			},
			"by id":        func(n int) error { _, err := tx.MoviesByID(ctx, ids[:n]...); return err },
			"people by id": func(n int) error { _, err := tx.PersonsByID(ctx, ids[:n]...); return err },
			"uses":         func(n int) error { _, _, err := tx.Uses(ctx, "movie", ids[:n]); return err },
		} {
			few, many := during(t, counter, func() error { return run(2) }), during(t, counter, func() error { return run(400) })
			if few == 0 || few != many {
				t.Errorf("%s: %d statements for 2, %d for 400", name, few, many)
			}
		}
		return nil
	})
}

// kinds counts statements by how they begin.
func kinds(c *testkit.Counter, starts ...string) map[string]int {
	n := map[string]int{}
	for _, s := range c.Statements() {
		kind := "other"
		for _, start := range starts {
			if strings.HasPrefix(strings.TrimSpace(s), start) {
				kind = start
			}
		}
		n[kind]++
	}
	return n
}

func TestDeletingAHundredCostsLittleMoreThanDeletingOne(t *testing.T) {
	o, counter := counted(t, 1200)
	remove := func(first, n int64) int {
		ids := make([]int64, n)
		for i := range ids {
			ids[i] = first + int64(i)
		}
		return during(t, counter, func() error {
			return store.Update(t.Context(), o, func(tx *store.Tx) error { return tx.DeleteMovies(t.Context(), ids) })
		})
	}
	one := remove(1, 1)
	if hundred := remove(2, 100); hundred < one || hundred > one+2 {
		t.Errorf("1 film: %d statements, 100: %d", one, hundred)
	}
	// A thousand: two chunks of 500 ids for the rows and for their keys, and 16
	// times 64 texts that leave the word index.
	if thousand := remove(102, 1000); thousand > one+2+16 {
		t.Errorf("1 film: %d statements, 1,000: %d", one, thousand)
	}
	view(t, o, func(tx *store.Tx) error {
		if n, err := tx.CountMovies(t.Context(), catalog.MovieFilter{}); err != nil || n != 99 {
			t.Errorf("%d films are left, %v", n, err)
		}
		return nil
	})
}

// TestManyRowsAreWrittenSixtyFourAtATime, into each table that has them.
func TestManyRowsAreWrittenSixtyFourAtATime(t *testing.T) {
	notUnderRace(t)
	o := testkit.Options(t)
	update(t, o, nil)
	driver, counter := testkit.CountingDriver(t)
	o.Driver = driver
	const rows = 10_000
	const perTable = (rows + 63) / 64
	ctx := t.Context()
	movies, persons, parts := make([]catalog.Movie, rows), make([]catalog.Person, rows), make([]catalog.Character, rows)
	links := make([]store.Link, rows)
	for i := range movies {
		id := int64(i + 1)
		movies[i] = catalog.Movie{Title: sprint("Film %d", i), ReleaseDate: "1999"}
		persons[i] = catalog.Person{LastName: sprint("P%d", i)}
		parts[i] = catalog.Character{Name: sprint("N%d", i), Movie: catalog.Titled{ID: id}, Actor: catalog.Named{ID: id}}
		links[i] = store.Link{Movie: id, Genre: 1}
	}
	total := during(t, counter, func() error {
		return store.Update(ctx, o, func(tx *store.Tx) error {
			return errors.Join(tx.InsertGenres(ctx, []catalog.Genre{{Name: "Drama"}}), tx.InsertMovies(ctx, movies), tx.Refresh(ctx),
				tx.InsertPersons(ctx, persons), tx.InsertCharacters(ctx, parts), func() error { _, err := tx.LinkGenres(ctx, links); return err }())
		})
	})
	tables := []string{"movies ", "movie_words ", "movie_keys ", "persons ", "person_words ", "person_keys ", "characters ", "character_keys ", "character_words ", "movie_genres "}
	for i := range tables {
		tables[i] = "INSERT INTO " + tables[i]
	}
	got := kinds(counter, tables...)
	for _, into := range tables {
		if got[into] != perTable {
			t.Errorf("%s: %d statements for %d rows, want %d", into, got[into], rows, perTable)
		}
	}
	if got["other"] > 60+rows/500 { // 500 names of parts are looked up at a time
		t.Errorf("%d statements beside the %d that write rows", got["other"], total-got["other"])
	}
	view(t, o, func(tx *store.Tx) error {
		n, err := tx.CountMovies(ctx, catalog.MovieFilter{Years: catalog.Years{From: 1999, To: 1999}, Genres: []int64{1}})
		if err != nil || n != rows || movies[rows-1].ID != rows {
			t.Errorf("%d films, %v; the last has id %d", n, err, movies[rows-1].ID)
		}
		_, err = resolve(t, tx, "movie", "film 9999")
		return err
	})
}

// TestAChangeOfOneTextLeavesTheWordsOfTheOther.
func TestAChangeOfOneTextLeavesTheWordsOfTheOther(t *testing.T) {
	o := testkit.Options(t)
	ctx := t.Context()
	update(t, o, func(tx *store.Tx) error {
		return errors.Join(tx.InsertMovies(ctx, []catalog.Movie{{Title: "Été", Description: "Soleil"}}),
			tx.InsertPersons(ctx, []catalog.Person{{LastName: "Varda", Biography: "Photographe"}}))
	})
	driver, counter := testkit.CountingDriver(t)
	o.Driver = driver
	for query, index := range map[string]string{
		`UPDATE movies SET description = 'Lune'`: "movie_texts", `UPDATE movies SET title = 'Hiver'`: "movie_words",
		`UPDATE persons SET biography = 'Cinéaste'`: "person_texts", `UPDATE persons SET last_name = 'Demy'`: "person_words",
		`UPDATE movies SET release_date = '1999'`: "none",
	} {
		mustExec(t, hand(t, o.Path), query)
		during(t, counter, func() error { return store.Update(ctx, o, func(*store.Tx) error { return nil }) })
		got := kinds(counter, "INSERT INTO movie_words ", "INSERT INTO movie_texts ", "INSERT INTO person_words ", "INSERT INTO person_texts ")
		delete(got, "other")
		want := map[string]int{"INSERT INTO " + index + " ": 2} // it forgets and it learns
		if index == "none" {
			want = map[string]int{}
		}
		if sprint("%v", got) != sprint("%v", want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
}
