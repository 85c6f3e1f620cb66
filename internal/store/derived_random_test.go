package store_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// words are what random names are made of: few, so that names meet.
func words() []string {
	return []string{"The", "A", "Été", "ete", "ÉTÉ", "Straße", "strasse", "Ørsted", "o'Brien", "千", "千と千尋", "2001", "Ⅳ", "ﬁn", "L’Été", "naïve", "--", "…"}
}

func randomName(r *rand.Rand) string {
	n := 1 + r.IntN(3)
	parts := make([]string, n)
	for i := range parts {
		parts[i] = pick(r, words()...)
	}
	return strings.Join(parts, " ")
}

// literal writes a text as SQL.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// nameEdit makes a random statement on a table with names; shape tells which.
func nameEdit(r *rand.Rand) (shape int, query string) {
	kind := r.IntN(7)
	name := []string{"movies", "persons", "genres", "countries", "users", "characters", "files"}[kind]
	col := []string{"title", "last_name", "name", "name", "username", "name", "file_name"}[kind]
	text, id := literal(randomName(r)), sprint("%d", 1+r.IntN(6))
	if name == "users" {
		text = literal(strings.ReplaceAll(randomName(r), " ", "") + "x")
	}
	more, value := "", ""
	switch name {
	case "movies":
		more, value = ", release_date", pick(r, ", NULL", ", '1999'", ", '1999-03'", ", '2001-09-09'")
		if r.IntN(2) == 0 {
			more, value = more+", description", value+pick(r, ", NULL", ", "+literal(randomName(r)), ", "+literal(randomName(r)))
		}
		if r.IntN(3) == 0 {
			col, text = "description", pick(r, text, text, "NULL")
			more, value = ", title", ", "+literal(randomName(r))
		}
	case "persons":
		more, value = ", first_name", pick(r, ", NULL", ", "+literal(randomName(r)))
		if r.IntN(2) == 0 {
			more, value = more+", biography", value+pick(r, ", NULL", ", "+literal(randomName(r)), ", "+literal(randomName(r)))
		}
		if r.IntN(3) == 0 {
			col, text = "biography", pick(r, text, text, "NULL")
			more, value = ", last_name", ", "+literal(randomName(r))
		}
	case "characters":
		more, value = ", movie_id", pick(r, ", 1", ", 2", ", 3")
		text = pick(r, text, text, "NULL")
	case "files":
		more, value = ", url", ", 'https://f.example'"
		text = pick(r, text, text, "NULL")
	}
	or := pick(r, "", "", " OR REPLACE", " OR REPLACE", " OR IGNORE")
	where := pick(r, " WHERE id = "+id, " WHERE id = "+id, " WHERE id > 3", " WHERE id % 2")
	list := func(verb string) string {
		return verb + " INTO " + name + " (id, " + col + more + ") VALUES (" + id + ", " + text + value + ")"
	}
	shape = r.IntN(9)
	return 10*kind + shape, []string{
		"INSERT" + or + " INTO " + name + " (" + col + more + ") VALUES (" + text + value + ")",
		list("INSERT"),
		list("INSERT OR REPLACE"),
		list("INSERT") + " ON CONFLICT (id) DO UPDATE SET " + col + " = excluded." + col,
		"UPDATE" + or + " " + name + " SET " + col + " = " + text + " WHERE id = " + id,
		"UPDATE" + or + " " + name + " SET " + col + " = " + col + " || 'é'" + where,
		"UPDATE" + or + " " + name + " SET (" + col + more + ") = (" + text + value + ")" + where,
		"DELETE FROM " + name + " WHERE id = " + id,
		"DELETE FROM " + name + where,
	}[shape]
}

// derived writes down what is derived from the records, as far as a record has
// it, and what the word indexes answer for every word there is.
func derived(t *testing.T, tx ask) []string {
	t.Helper()
	var all []string
	for _, q := range []string{
		`SELECT 'movie', m.id, k.title_key, k.sort_key, k.year FROM movies m LEFT JOIN movie_keys k ON k.movie_id = m.id ORDER BY 2`,
		`SELECT 'person', p.id, k.name_key, k.sort_key FROM persons p LEFT JOIN person_keys k ON k.person_id = p.id ORDER BY 2`,
		`SELECT DISTINCT 'character', c.name, k.name_key FROM characters c LEFT JOIN character_keys k ON k.name = c.name ORDER BY 2`,
		`SELECT 'genre', g.id, k.name_key FROM genres g LEFT JOIN genre_keys k ON k.genre_id = g.id ORDER BY 2`,
		`SELECT 'country', c.id, k.name_key FROM countries c LEFT JOIN country_keys k ON k.country_id = c.id ORDER BY 2`,
		`SELECT 'user', u.id, k.name_key FROM users u LEFT JOIN user_keys k ON k.user_id = u.id ORDER BY 2`,
		`SELECT 'file', f.id, k.name_key FROM files f LEFT JOIN file_keys k ON k.file_id = f.id ORDER BY 2`,
		`SELECT 'stale', kind, id FROM stale`,
	} {
		all = append(all, table(t, tx, q)...)
	}
	var vocabulary []string
	for _, w := range words() {
		vocabulary = append(vocabulary, catalog.Words(w)...)
		vocabulary = append(vocabulary, catalog.Words(w+"éé")...)
		vocabulary = append(vocabulary, strings.Fields(catalog.IndexPairs(w))...)
	}
	slices.Sort(vocabulary)
	vocabulary = slices.Compact(vocabulary)
	for _, w := range vocabulary { // names that no part bears any more may stay
		got := table(t, tx, `SELECT k.name FROM character_words w JOIN character_keys k ON k.id = w.rowid
			WHERE character_words MATCH ? AND k.name IN (SELECT name FROM characters) ORDER BY 1`, `"`+w+`"`)
		all = append(all, "character_words "+w+": "+strings.Join(got, "; "))
	}
	for _, index := range []string{"movie_words", "person_words", "movie_texts", "person_texts"} {
		for _, w := range vocabulary {
			got := table(t, tx, `SELECT rowid FROM `+index+` WHERE `+index+` MATCH ? ORDER BY 1`, `"`+w+`"`)
			all = append(all, index+" "+w+": "+strings.Join(got, " "))
		}
		// And whatever else is in there.
		mustExec(t, tx, `CREATE VIRTUAL TABLE temp.`+index+`_all USING fts5vocab(main, `+index+`, 'instance')`)
		all = append(all, table(t, tx, `SELECT '`+index+`', term, doc, "offset" FROM temp.`+index+`_all ORDER BY 2, 3, 4`)...)
		mustExec(t, tx, `DROP TABLE temp.`+index+`_all`)
	}
	return all
}

// likeRebuilt compares the derived rows with new ones, and fails the test with
// the statements that led there.
func likeRebuilt(t *testing.T, o store.Options, past []string) {
	t.Helper()
	dry(t, o, func(tx *store.Tx) error {
		got := derived(t, tx.SQL())
		if err := tx.Rebuild(t.Context()); err != nil {
			return err
		}
		want := derived(t, tx.SQL())
		if !slices.Equal(got, want) {
			t.Errorf("derived rows differ from rebuilt ones:\nonly before: %q\nonly after: %q\nafter\n%s",
				without(got, want), without(want, got), strings.Join(past, "\n"))
		}
		return nil
	})
}

func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

const derivedRounds = 60 // for each setting

func TestDerivedRowsAreLikeRebuiltOnesAfterAnyEdits(t *testing.T) {
	notUnderRace(t)
	r := random(t)
	effects := map[int]int{}
	for _, pragmas := range mayAlso() {
		o := testkit.Options(t)
		update(t, o, nil)
		db := hand(t, o.Path, pragmas...)
		for range derivedRounds {
			var past []string
			for range 1 + r.IntN(8) {
				shape, query := nameEdit(r)
				past = append(past, query)
				if res, err := db.ExecContext(t.Context(), query); err == nil {
					if n, err := res.RowsAffected(); err == nil && n > 0 {
						effects[shape]++
					}
				} else if !strings.Contains(err.Error(), "constraint failed") {
					t.Fatalf("%s: %v", query, err)
				}
			}
			switch r.IntN(3) {
			case 0: // a read brings up to date
				view(t, o, func(*store.Tx) error { return nil })
				past = append(past, "-- read")
			case 1: // and so does a write, of its own edits too
				update(t, o, func(tx *store.Tx) error { return ownEdits(t, r, tx) })
				past = append(past, "-- write")
			}
			likeRebuilt(t, o, past)
			if t.Failed() {
				return
			}
		}
	}
	if len(effects) < 60 {
		t.Errorf("only %d of 63 shapes of statements had an effect", len(effects))
	}
}

// ownEdits changes names through the store.
func ownEdits(t *testing.T, r *rand.Rand, tx *store.Tx) error {
	ctx := t.Context()
	movies := make([]catalog.Movie, 1+r.IntN(3))
	persons := make([]catalog.Person, 1+r.IntN(3))
	for i := range movies {
		movies[i].Title, movies[i].ReleaseDate = randomName(r), pick(r, "", "2000-02")
		movies[i].Description = pick(r, "", randomName(r))
	}
	for i := range persons {
		persons[i].LastName, persons[i].FirstName = randomName(r), pick(r, "", randomName(r))
		persons[i].Biography = pick(r, "", randomName(r))
	}
	if err := errors.Join(tx.InsertMovies(ctx, movies), tx.InsertPersons(ctx, persons)); err != nil {
		return err
	}
	parts := []catalog.Character{{Name: randomName(r), Movie: catalog.Titled{ID: movies[0].ID}}, {Name: randomName(r), Movie: catalog.Titled{ID: movies[0].ID}, Role: "x"}}
	movie, person := movies[0], persons[0]
	movies[0].Title, persons[0].LastName = randomName(r), pick(r, person.LastName, randomName(r))
	movies[0].Description, persons[0].Biography = pick(r, "", movie.Description, randomName(r)), pick(r, "", randomName(r))
	return errors.Join(tx.InsertCharacters(ctx, parts), tx.UpdateMovie(ctx, movie, movies[0]), tx.UpdatePerson(ctx, person, persons[0]),
		tx.DeleteMovies(ctx, []int64{movies[len(movies)-1].ID, int64(1 + r.IntN(8))}), tx.DeletePersons(ctx, []int64{persons[len(persons)-1].ID}))
}

func TestDerivedRowsAreLikeRebuiltOnesAfterEditsInTheShell(t *testing.T) {
	notUnderRace(t)
	changed := false
	r := random(t)
	o := testkit.Options(t)
	update(t, o, nil)
	for i := range 12 {
		past := []string{sprint("PRAGMA synchronous = 0; PRAGMA recursive_triggers = %d", i%2)}
		for range 12 {
			_, query := nameEdit(r)
			past = append(past, query)
		}
		// It fails with the first statement that is refused, and goes on.
		_, _ = tryShell(t, o.Path, strings.Join(past, ";\n")+";")
		likeRebuilt(t, o, past)
		dry(t, o, func(tx *store.Tx) error { // there may be no film left in the end
			changed = changed || value(t, tx.SQL(), `SELECT count(*) FROM movie_keys`) != "0"
			return nil
		})
	}
	if !changed {
		t.Error("the shell changed nothing")
	}
}

// TestManyNotedRecordsAreRefreshedInBatches has more of them than one batch.
func TestManyNotedRecordsAreRefreshedInBatches(t *testing.T) {
	notUnderRace(t)
	o := testkit.Options(t)
	update(t, o, nil)
	db := hand(t, o.Path)
	mustExec(t, db, `WITH RECURSIVE n(i) AS (SELECT -10 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
		INSERT INTO movies (id, title) SELECT i, 'Film ' || i FROM n WHERE i <> 0`)
	mustExec(t, db, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
		INSERT INTO characters (movie_id, name) SELECT i, 'Part ' || (i % 4500) FROM n`)
	update(t, o, nil)
	mustExec(t, db, `DELETE FROM movies WHERE id % 2; UPDATE movies SET title = 'Ré' || id`)
	update(t, o, nil)
	got := value(t, db, `SELECT (SELECT count(*) FROM movie_keys), (SELECT count(*) FROM character_keys), (SELECT count(*) FROM stale),
		(SELECT count(*) FROM movie_words('film')), (SELECT count(*) FROM movie_words('re*')),
		(SELECT count(*) FROM movies m LEFT JOIN movie_keys k ON k.movie_id = m.id WHERE k.title_key IS NOT 're' || m.id)`)
	if got != "4505|4500|0|0|4505|0" {
		t.Errorf("got %s", got)
	}
}
