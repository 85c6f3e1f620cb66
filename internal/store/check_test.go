package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// inspect returns what a check finds, as "code table id: text", and "fixed"
// before it where that was done.
func inspect(t testing.TB, o store.Options, co store.CheckOptions) []string {
	t.Helper()
	var found []string
	co.Report = func(f catalog.Finding) error {
		line := sprint("%s %s %d: %s", f.Code, f.Table, f.ID, f.Text)
		if f.Fixed {
			line = "fixed " + line
		}
		found = append(found, line)
		return nil
	}
	if _, err := store.Inspect(t.Context(), o, co, func(*store.Check) error { return nil }); err != nil {
		t.Fatalf("inspect: %v", err)
	}
	return found
}

// checkable makes a catalog with something in every table.
func checkable(t testing.TB) store.Options {
	t.Helper()
	o := testkit.Options(t)
	update(t, o, nil)
	db := hand(t, o.Path, "foreign_keys(1)")
	mustExec(t, db, `
		INSERT INTO files (file_name, url) VALUES ('a.jpg', 'https://f.example/a'), ('b.jpg', 'https://f.example/b'), (NULL, 'https://f.example/c');
		INSERT INTO countries (name) VALUES ('Japan'), ('United States');
		INSERT INTO genres (name, notes) VALUES ('Drama', 'sad'), ('Comedy', NULL);
		INSERT INTO users (username, email, avatar_id) VALUES ('ann', 'ann@example.org', 1), ('bob', NULL, NULL);
		INSERT INTO persons (first_name, last_name, biography, country_id) VALUES
			('Akira', 'Kurosawa', 'a director of films, a painter', 1), (NULL, 'Cher', NULL, NULL), ('Toshirō', 'Mifune', '俳優である', 1);
		INSERT INTO photos (person_id, file_id, is_primary) VALUES (1, 1, 1), (1, 2, 0), (3, 2, 1);
		INSERT INTO movies (title, description, release_date, country_id, director_id, poster_id) VALUES
			('The Seven Samurai', 'samurai, samurai everywhere', '1954-04-26', 1, 1, 1), ('Ikiru', NULL, '1952', 1, 1, NULL), ('Été — 夏の日', '夏の長い日', NULL, NULL, NULL, NULL);
		INSERT INTO characters (name, role, movie_id, actor_id) VALUES ('Kikuchiyo', 'lead', 1, 3), ('Self', NULL, 2, 2), ('Self', NULL, 1, NULL), (NULL, NULL, 3, 1);
		INSERT INTO movie_genres VALUES (1, 1), (2, 1), (3, 2);
		INSERT INTO favorite_movies VALUES (1, 1), (2, 3)`)
	db.Close()
	update(t, o, nil)
	return o
}

// written is all that people wrote, without the times of the last change.
func written(t testing.TB, o store.Options) []string {
	t.Helper()
	db := hand(t, o.Path)
	defer db.Close()
	var all []string
	for _, tb := range store.Tables() {
		for _, line := range table(t, db, `SELECT * FROM `+tb.Name+` ORDER BY 1, 2`) {
			all = append(all, tb.Name+": "+line[:max(0, len(line)-len("|2026-11-23T21:09:51Z"))])
		}
	}
	return all
}

// byHand changes a catalog as the sqlite3 shell does, with nothing enforced.
func byHand(t testing.TB, o store.Options, script string) {
	t.Helper()
	db := hand(t, o.Path, "foreign_keys(0)", "ignore_check_constraints(1)", "writable_schema(1)")
	mustExec(t, db, script)
	db.Close()
}

func TestCheckFindsNothingInAWholeCatalog(t *testing.T) {
	o := checkable(t)
	for _, co := range []store.CheckOptions{{}, {Quick: true}, {Fix: true}, {Fix: true, Quick: true}} {
		before := written(t, o)
		same(t, "found", inspect(t, o, co), nil)
		same(t, "after", written(t, o), before)
	}
}

// damage is something done by hand, what a check finds, and what is left after a
// repair. Texts are the beginnings of lines without "fixed".
type damage struct {
	name, script string
	found        []string
	left         []string // that cannot be repaired
	quick        bool     // a quick check finds it as well
	loses        bool     // the repair changes the ten tables
}

func damages() []damage {
	derived := func(table string) []string { return []string{"derived_wrong " + table + " 0: "} }
	return []damage{
		{name: "keys emptied", script: `DELETE FROM movie_keys`, found: []string{"derived_wrong movie_keys 0: the keys of 3 movies (1, 2, 3) "}, quick: true},
		{name: "a key falsified", script: `UPDATE person_keys SET sort_key = 'x' WHERE person_id = 2`, found: derived("person_keys")},
		{name: "a year falsified", script: `UPDATE movie_keys SET year = 1955 WHERE movie_id = 1`, found: derived("movie_keys")},
		{name: "a key of nothing", script: `INSERT INTO genre_keys VALUES (99, 'x')`, found: derived("genre_keys"), quick: true},
		{name: "a user's key", script: `UPDATE user_keys SET name_key = 'eve'`, found: derived("user_keys")},
		{name: "a country's key", script: `DELETE FROM country_keys WHERE country_id = 1`, found: derived("country_keys"), quick: true},
		{name: "a file's key", script: `UPDATE file_keys SET name_key = '' WHERE file_id = 1`, found: derived("file_keys")},
		{name: "words emptied", script: `INSERT INTO movie_words (movie_words) VALUES ('delete-all')`,
			found: []string{"derived_wrong movie_words 0: it does not hold the words of 3 movies (1, 2, 3)"}, quick: true},
		{name: "a word too many", script: `INSERT INTO movie_words (rowid, title) VALUES (2, 'alien')`,
			found: []string{"derived_wrong movie_words 0: it does not hold the words of 1 movies (2)"}},
		{name: "a word gone", script: `INSERT INTO person_words (person_words, rowid, name) VALUES ('delete', 1, 'akira')`, found: derived("person_words"), quick: true},
		{name: "a word moved", script: `INSERT INTO movie_texts (movie_texts, rowid, description) VALUES ('delete', 1, 'everywhere');
			INSERT INTO movie_texts (rowid, description) VALUES (2, 'everywhere')`, found: derived("movie_texts")},
		{name: "words of biographies", script: `INSERT INTO person_texts (person_texts) VALUES ('delete-all')`, found: derived("person_texts"), quick: true},
		{name: "words of parts", script: `INSERT INTO character_words (character_words) VALUES ('delete-all')`, found: derived("character_words")},
		{name: "names of parts", script: `DELETE FROM character_keys WHERE name = 'Self'`,
			found: append(derived("character_keys"), derived("character_words")...)},
		{name: "the note of a change gone", script: `UPDATE movies SET title = 'Rashomon' WHERE id = 2; DELETE FROM stale`,
			found: append(derived("movie_keys"), derived("movie_words")...), quick: true},
		{name: "another fold", script: `UPDATE derived_state SET value = 77`, found: derived("derived_state"), quick: true},
		{name: "derived table dropped", script: `DROP TABLE movie_keys`, found: []string{"schema_changed movie_keys 0: the derived table movie_keys is missing"}, quick: true},
		{name: "words dropped", script: `DROP TABLE person_words`, found: []string{"schema_changed person_words 0: "}, quick: true},
		{name: "state dropped", script: `DROP TABLE derived_state`, found: []string{"schema_changed derived_state 0: "}, quick: true},
		{name: "notes dropped", script: `DROP TABLE stale`, found: []string{"schema_changed stale 0: "}, quick: true},
		{name: "index dropped", script: `DROP INDEX movies_director`, found: []string{"schema_changed movies 0: the index movies_director is missing"}, quick: true},
		{name: "trigger dropped", script: `DROP TRIGGER movies_touch`, found: []string{"schema_changed movies 0: the trigger movies_touch is missing"}, quick: true},
		{name: "trigger changed", script: `DROP TRIGGER movies_id_fixed; CREATE TRIGGER movies_id_fixed BEFORE UPDATE ON movies WHEN 0 BEGIN SELECT 1; END`,
			found: []string{"schema_changed movies 0: the trigger movies_id_fixed is not as"}, quick: true},
		{name: "a trigger of others", script: `CREATE TRIGGER mine AFTER UPDATE ON movies BEGIN SELECT 1; END`,
			found: []string{"schema_changed movies 0: the trigger mine is not one of ours"}, left: []string{"schema_changed"}, quick: true},
		{name: "a column more", script: `ALTER TABLE movies ADD COLUMN rating INTEGER`, found: []string{"schema_changed movies 0: the table movies is not as"},
			left: []string{"schema_changed"}, quick: true},
		{name: "sequence lowered", script: `UPDATE sqlite_sequence SET seq = 1 WHERE name = 'movies'`, found: []string{"sequence_low movies 0: "}, quick: true},
		{name: "sequence gone", script: `DELETE FROM sqlite_sequence`, quick: true, found: []string{"sequence_low files", "sequence_low countries", "sequence_low genres",
			"sequence_low users", "sequence_low persons", "sequence_low photos", "sequence_low movies", "sequence_low characters"}},
		{name: "dangling director", script: `UPDATE movies SET director_id = 99 WHERE id = 2`, quick: true, loses: true,
			found: []string{"dangling_reference movies 2: director_id refers to person 99, which is not there"}},
		{name: "country deleted", script: `DELETE FROM countries WHERE id = 1`, quick: true, loses: true,
			found: []string{"dangling_reference persons 1: country_id", "dangling_reference persons 3: ", "dangling_reference movies 1: ", "dangling_reference movies 2: "}},
		{name: "dangling link", script: `INSERT INTO movie_genres VALUES (1, 99); INSERT INTO favorite_movies VALUES (99, 2)`, quick: true, loses: true,
			found: []string{"dangling_reference movie_genres 0: the link of movie 1 and genre 99 has no genre", "dangling_reference favorite_movies 0: the link of user 99"}},
		{name: "part without film", script: `UPDATE characters SET movie_id = 99 WHERE id = 2`, quick: true,
			found: []string{"dangling_reference characters 2: movie_id refers to movie 99, which is not there, and has to"}, left: []string{"dangling_reference characters 2: "}},
		{name: "file of a photo deleted", script: `DELETE FROM files WHERE id = 2`, quick: true, loses: true,
			found: []string{"dangling_reference persons 3: primary_photo_id", "dangling_reference photos 2: file_id", "dangling_reference photos 3: file_id"},
			left:  []string{"dangling_reference photos 2: file_id", "dangling_reference photos 3: file_id"}},
		{name: "references that must stay", quick: true, script: `UPDATE movies SET country_id = 99 WHERE id > 1; CREATE TRIGGER mine BEFORE UPDATE ON movies BEGIN SELECT RAISE(ABORT, 'no'); END`,
			found: []string{"schema_changed movies 0: the trigger mine", "dangling_reference movies 2: ", "dangling_reference movies 3: "},
			left:  []string{"schema_changed movies 0: the trigger mine", "dangling_reference movies 2: ", "dangling_reference movies 3: "}},
		{name: "two primary photos of nobody", quick: true, script: `DROP INDEX photos_one_primary; DROP TRIGGER photos_demote_ins;
			INSERT INTO photos (person_id, file_id, is_primary) VALUES (99, 1, 1), (99, 2, 1)`,
			found: []string{"schema_changed photos 0: the trigger", "dangling_reference photos 4: ", "dangling_reference photos 5: ", "schema_changed photos 0: the index photos_one_primary"},
			left:  []string{"dangling_reference photos 4: ", "dangling_reference photos 5: ", "schema_changed photos 0: the index photos_one_primary"}},
	}
}

func (d *damage) check(t *testing.T, what string, got, want []string) {
	t.Helper()
	ok := len(got) == len(want)
	for i := 0; ok && i < len(got); i++ {
		ok = strings.HasPrefix(strings.TrimPrefix(got[i], "fixed "), want[i])
	}
	if !ok {
		t.Errorf("%s: %s:\ngot  %q\nwant %q", d.name, what, got, want)
	}
}

// Each kind of damage is found, without a byte written; what can be repaired is,
// and found no more; and nothing that people wrote is lost.
func TestCheckFindsAndRepairs(t *testing.T) {
	for _, d := range slices.Concat(damages(), primaryDamages(), brokenIndexes()) {
		t.Run(d.name, func(t *testing.T) {
			o := checkable(t)
			byHand(t, o, d.script)
			before, file := written(t, o), bytesOf(t, o.Path)
			d.check(t, "found", inspect(t, o, store.CheckOptions{}), d.found)
			if quick := inspect(t, o, store.CheckOptions{Quick: true}); (len(quick) > 0) != d.quick && len(d.found) > 0 {
				t.Errorf("quick: %v, found %q", d.quick, quick)
			}
			if bytesOf(t, o.Path) != file {
				t.Error("a check wrote")
			}
			fixed := inspect(t, o, store.CheckOptions{Fix: true})
			if len(fixed) != len(d.found) {
				t.Errorf("repaired %q, found %q", fixed, d.found)
			}
			for _, want := range d.found {
				if !slices.ContainsFunc(fixed, func(f string) bool { return strings.HasPrefix(strings.TrimPrefix(f, "fixed "), want) }) {
					t.Errorf("no %q in %q", want, fixed)
				}
			}
			for _, f := range fixed {
				if left := slices.ContainsFunc(d.left, func(l string) bool { return strings.HasPrefix(f, l) }); left == strings.HasPrefix(f, "fixed ") {
					t.Errorf("fixed or not: %q", f)
				}
			}
			d.check(t, "left", inspect(t, o, store.CheckOptions{}), d.left)
			if !d.loses {
				same(t, "what people wrote", written(t, o), before)
			}
			likeRebuilt(t, o, []string{d.script})
		})
	}
}
