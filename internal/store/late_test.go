package store_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// enough is from how many rows on tables are late.
const enough = 10_000

// bulkStep is one thing that an import does; it writes down what it was told.
type bulkStep func(*store.Tx) ([]string, error)

// bulkSteps are what an import may do, the same each time for one seed.
func bulkSteps(ctx context.Context, r *rand.Rand) []bulkStep {
	var steps []bulkStep
	films := int64(0)
	for range 3 + r.IntN(10) {
		movies, persons := make([]catalog.Movie, r.IntN(200)), make([]catalog.Person, r.IntN(100))
		for i := range movies {
			movies[i].Title, movies[i].ReleaseDate, movies[i].Description = randomName(r), pick(r, "", "2000-02"), pick(r, "", randomName(r))
		}
		for i := range persons {
			persons[i].LastName, persons[i].FirstName, persons[i].Biography = randomName(r), pick(r, "", randomName(r)), pick(r, "", randomName(r))
		}
		parts := make([]catalog.Character, r.IntN(100))
		films += int64(len(movies))
		for i := range parts {
			parts[i].Name, parts[i].Movie.ID = pick(r, "", randomName(r)), 1+r.Int64N(films+1)
		}
		edited, gone, title := 1+r.Int64N(films+1), 1+r.Int64N(films+1), randomName(r)
		steps = append(steps, func(tx *store.Tx) ([]string, error) {
			err := errors.Join(tx.InsertMovies(ctx, slices.Clone(movies)), tx.InsertPersons(ctx, slices.Clone(persons)))
			for _, p := range parts { // one at a time: the film may be gone
				if m, err := tx.MoviesByID(ctx, p.Movie.ID); err == nil && len(m) == 1 {
					err = tx.InsertCharacters(ctx, []catalog.Character{p})
					if err != nil && !errors.Is(err, catalog.ErrExists) {
						return nil, err
					}
				}
			}
			return nil, err
		}, func(tx *store.Tx) ([]string, error) { return asked(ctx, tx) })
		if r.IntN(3) == 0 {
			steps = append(steps, func(tx *store.Tx) ([]string, error) {
				m, err := tx.MoviesByID(ctx, edited)
				if err != nil {
					return []string{err.Error()}, nil
				}
				now := m[0]
				now.Title = title
				return nil, errors.Join(tx.UpdateMovie(ctx, m[0], now), tx.DeleteMovies(ctx, []int64{gone}), tx.Refresh(ctx))
			})
		}
	}
	return steps
}

// asked is what a transaction answers to all keys there may be.
func asked(ctx context.Context, tx *store.Tx) ([]string, error) {
	r := rand.New(rand.NewPCG(7, 7))
	keys := []string{"", "none"}
	for range 300 {
		keys = append(keys, catalog.Fold(randomName(r)))
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	movies, err1 := tx.MoviesByKey(ctx, keys)
	persons, err2 := tx.PersonsByKey(ctx, keys)
	var got []string
	for _, m := range movies {
		got = append(got, sprint("%+v", m))
	}
	for _, p := range persons {
		got = append(got, sprint("%+v", p))
	}
	return got, errors.Join(err1, err2)
}

// everything is all rows, the derived ones, and the schema.
func everything(t *testing.T, tx *store.Tx) []string {
	t.Helper()
	all := derived(t, tx.SQL())
	all = append(all, table(t, tx.SQL(), `SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name`)...)
	for _, q := range []string{
		`SELECT id, title, description, release_date, director_id FROM movies`,
		`SELECT id, first_name, last_name, biography FROM persons`,
		`SELECT id, name, movie_id, actor_id FROM characters`,
		`SELECT * FROM movie_genres`, `SELECT * FROM sqlite_sequence ORDER BY name`, `SELECT kind, id FROM stale`,
		`SELECT * FROM movie_keys`, `SELECT * FROM person_keys`, `SELECT name, name_key FROM character_keys WHERE name IN (SELECT name FROM characters)`,
		`PRAGMA foreign_key_check`,
	} {
		all = append(all, table(t, tx.SQL(), q)...)
	}
	return all
}

// TestALateBulkMakesTheSameCatalog as one that puts nothing off, with rows
// before it or without, with a good hash function or with a bad one.
func TestALateBulkMakesTheSameCatalog(t *testing.T) {
	notUnderRace(t)
	ctx := t.Context()
	weak := map[string]func(string) uint32{
		"as it is":      nil,
		"one hash":      func(string) uint32 { return 0 },
		"few hashes":    func(key string) uint32 { return uint32(len(key) % 4) },
		"as many slots": func(key string) uint32 { return uint32(len(key)) << 30 },
	}
	r := random(t)
	for name, hash := range weak {
		for _, before := range []bool{false, true} {
			seed := r.Uint64()
			run := func(late bool) (told, made []string) {
				o := testkit.Options(t)
				r := rand.New(rand.NewPCG(seed, 1))
				if before {
					update(t, o, func(tx *store.Tx) error { return ownEdits(t, r, tx) })
				}
				update(t, o, func(tx *store.Tx) error {
					if late {
						if err := tx.Bulk(ctx, enough); err != nil {
							return err
						}
						if err := tx.MakeLate(ctx, hash); err != nil {
							return err
						}
						if is, hashed := tx.Late("movie"); !is || !hashed {
							t.Error("nothing is late")
						}
					}
					for _, step := range bulkSteps(ctx, r) {
						got, err := step(tx)
						if err != nil {
							return err
						}
						if err := tx.Refresh(ctx); err != nil {
							return err
						}
						told = append(told, got...)
					}
					if err := tx.EndBulk(ctx); err != nil {
						return err
					}
					made = everything(t, tx)
					return nil
				})
				likeRebuilt(t, o, nil)
				if ok := shell(t, o.Path, `PRAGMA integrity_check`); strings.TrimSpace(ok) != "ok" {
					t.Errorf("%s: %s", name, ok)
				}
				return told, made
			}
			wantTold, wantMade := run(false)
			told, made := run(true)
			if !slices.Equal(told, wantTold) {
				t.Errorf("%s, rows before: %t: while it runs, only late: %q\nonly early: %q", name, before, without(told, wantTold), without(wantTold, told))
			}
			if !slices.Equal(made, wantMade) {
				t.Errorf("%s, rows before: %t: only late: %q\nonly early: %q", name, before, without(made, wantMade), without(wantMade, made))
			}
			if len(told) == 0 {
				t.Error("nothing was asked")
			}
		}
	}
}

// TestEachTableIsLateForItself: by what it holds and what is to come.
func TestEachTableIsLateForItself(t *testing.T) {
	o := testkit.Options(t)
	update(t, o, nil)
	db := hand(t, o.Path)
	mustExec(t, db, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
		INSERT INTO movies (title) SELECT 'Film ' || i FROM n`)
	mustExec(t, db, `INSERT INTO persons (id, last_name) VALUES (20000, 'x'); DELETE FROM persons`)
	for _, test := range []struct {
		rows int64
		want string
	}{
		// The first load is there already when the second comes.
		{0, ""}, {enough - 1, ""}, {enough, "character"}, {12_511, "character"}, {12_512, "movie character"},
		{20_511, "movie character"}, {20_512, "movie person character"},
	} {
		dry(t, o, func(tx *store.Tx) error {
			err := errors.Join(tx.Bulk(t.Context(), test.rows), fill(t.Context(), tx, store.FullLoad-1))
			for _, kind := range []string{"movie", "person", "character"} {
				if late, _ := tx.Late(kind); late {
					t.Errorf("%s is late before it gets a full load", kind)
				}
			}
			err = errors.Join(err, fill(t.Context(), tx, store.FullLoad))
			var got []string
			for _, kind := range []string{"movie", "person", "character"} {
				if late, _ := tx.Late(kind); late {
					got = append(got, kind)
				}
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("%d rows: late are %q, want %q", test.rows, got, test.want)
			}
			return err
		})
	}
}

// fill writes n records of each kind that has a table that can be late.
func fill(ctx context.Context, tx *store.Tx, n int) error {
	movies, persons, parts := make([]catalog.Movie, n), make([]catalog.Person, n), make([]catalog.Character, n)
	for i := range n {
		movies[i].Title, persons[i].LastName = "x", "y"
	}
	if err := errors.Join(tx.InsertMovies(ctx, movies), tx.InsertPersons(ctx, persons)); err != nil {
		return err
	}
	for i := range n {
		parts[i].Movie.ID = movies[i].ID
	}
	return tx.InsertCharacters(ctx, parts)
}

// TestABulkThatNobodyEnds is ended by the transaction.
func TestABulkThatNobodyEnds(t *testing.T) {
	o := testkit.Options(t)
	update(t, o, func(tx *store.Tx) error {
		return errors.Join(tx.Bulk(t.Context(), enough), tx.MakeLate(t.Context(), nil), tx.InsertMovies(t.Context(), []catalog.Movie{{Title: "Été", Description: "Soleil"}}))
	})
	view(t, o, func(tx *store.Tx) error {
		got := value(t, tx.SQL(), `SELECT (SELECT count(*) FROM sqlite_schema WHERE name IN ('movie_keys_title', 'movies_stale_ins', 'characters_name')),
			(SELECT rowid FROM movie_words('ete')), (SELECT rowid FROM movie_texts('sol*'))`)
		if got != "3|1|1" {
			t.Errorf("got %s", got)
		}
		_, err := resolve(t, tx, "movie", "ete")
		return err
	})
}

// TestHighIDsAreFoundByIndex, from the start or from where they get high.
func TestHighIDsAreFoundByIndex(t *testing.T) {
	ctx := t.Context()
	for _, early := range []bool{true, false} {
		o := testkit.Options(t)
		update(t, o, nil)
		high := func(db ask) {
			mustExec(t, db, `UPDATE sqlite_sequence SET seq = 4294967290 WHERE name IN ('movies', 'persons')`)
			mustExec(t, db, `INSERT INTO sqlite_sequence (name, seq) SELECT t, 4294967290 FROM (SELECT 'movies' AS t UNION ALL SELECT 'persons')
				WHERE t NOT IN (SELECT name FROM sqlite_sequence)`)
		}
		if early {
			high(hand(t, o.Path))
		}
		update(t, o, func(tx *store.Tx) error {
			if err := errors.Join(tx.Bulk(ctx, 1<<40), tx.MakeLate(ctx, nil)); err != nil {
				return err
			}
			if late, hashed := tx.Late("movie"); !late || hashed == early {
				t.Errorf("late %t, hashed %t", late, hashed)
			}
			for i := range 20 {
				if i == 5 && !early {
					high(tx.SQL())
				}
				name := sprint("n%d", i)
				if err := errors.Join(tx.InsertMovies(ctx, []catalog.Movie{{Title: name}}), tx.InsertPersons(ctx, []catalog.Person{{LastName: name}})); err != nil {
					return err
				}
			}
			m, err1 := tx.MoviesByKey(ctx, []string{"n3", "n19"})
			p, err2 := tx.PersonsByKey(ctx, []string{"n3", "n19"})
			if len(m) != 2 || len(p) != 2 || m[1].ID <= 1<<32 || p[1].ID != m[1].ID {
				t.Errorf("found %v %v", m, p)
			}
			if _, hashed := tx.Late("person"); hashed {
				t.Error("still hashed")
			}
			return errors.Join(err1, err2)
		})
		likeRebuilt(t, o, nil)
		got := value(t, hand(t, o.Path), `SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE name IN ('movie_keys_title', 'person_keys_name') ORDER BY name)`)
		if got != "movie_keys_title,person_keys_name" {
			t.Errorf("the indexes on keys are %q", got)
		}
	}
}

func TestKeyTableFindsWhatItWasTold(t *testing.T) {
	for name, hash := range map[string]func(string) uint32{
		"good": store.NewKeyHash(), "one": func(string) uint32 { return 1<<32 - 1 }, "length": func(k string) uint32 { return uint32(len(k)) << 31 },
	} {
		table, want := store.NewKeyTable(hash), map[string][]int64{}
		for id := int64(1); id <= 5000; id++ {
			key := strings.Repeat("x", int(id%7)) + sprint("%d", id%1000)
			if !table.Add(key, id) {
				t.Fatalf("%s: %d is too high", name, id)
			}
			want[key] = append(want[key], id)
		}
		for key, ids := range want {
			got := table.Find(key)
			if missing := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return slices.Contains(got, id) }); len(missing) > 0 {
				t.Errorf("%s: %q does not find %v", name, key, missing)
			}
			if name == "good" && len(got) > len(ids)+1 {
				t.Errorf("%q finds %v, want %v", key, got, ids)
			}
		}
		if got := table.Find("none"); name == "good" && len(got) > 1 {
			t.Errorf("none finds %v", got)
		}
		if table.Add("high", 1<<32) || table.Add("low", 0) {
			t.Error("takes an id that it cannot hold")
		}
	}
}
