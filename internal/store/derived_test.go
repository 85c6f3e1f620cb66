package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// handEdit is what somebody does to a record with a shell: afterwards it has a
// name that is found, and another no more.
type handEdit struct {
	kind        catalog.Kind
	query       string
	finds       string // "" is nothing
	id          int64  // that is found
	findsNoMore string // "" is nothing
}

func handEdits() []handEdit {
	return []handEdit{
		{"movie", `UPDATE movies SET title = 'Vagabond' WHERE id = 1`, "vagabond", 1, "cleo from 5 to 7"},
		{"movie", `UPDATE movies SET release_date = '1963' WHERE id = 1`, "cleo from 5 to 7 (1963)", 1, "cleo from 5 to 7 (1962)"},
		{"movie", `UPDATE movies SET title = 'A' WHERE id = 1; UPDATE movies SET title = 'Le Bonheur' WHERE id = 1`, "le bonheur", 1, "title:a"},
		{"movie", `INSERT INTO movies (id, title) VALUES (7, 'ÉTÉ')`, "ete", 7, ""},
		{"movie", `INSERT OR REPLACE INTO movies (id, title) VALUES (1, 'Mur Murs')`, "mur murs", 1, "cleo from 5 to 7"},
		{"movie", `DELETE FROM movies WHERE id = 1`, "", 0, "cleo from 5 to 7"},
		{"movie", `DELETE FROM movies WHERE id = 1; INSERT INTO movies (id, title) VALUES (1, 'Daguerréotypes')`, "daguerreotypes", 1, "cleo from 5 to 7"},
		{"movie", `INSERT INTO movies (id, title) VALUES (1, 'Jacquot') ON CONFLICT (id) DO UPDATE SET title = excluded.title`, "jacquot", 1, "cleo from 5 to 7"},
		{"person", `UPDATE persons SET first_name = 'Arlette' WHERE id = 1`, "arlette varda", 1, "agnes varda"},
		{"person", `UPDATE persons SET first_name = NULL WHERE id = 1`, "VARDA", 1, "agnes varda"},
		{"person", `UPDATE persons SET last_name = 'Demy' WHERE id = 1`, "demy, agnes", 1, "varda, agnes"},
		{"person", `INSERT INTO persons (id, last_name) VALUES (7, 'Björk')`, "bjork", 7, ""},
		{"person", `INSERT OR REPLACE INTO persons (id, last_name) VALUES (1, 'JR')`, "jr", 1, "agnes varda"},
		{"person", `DELETE FROM persons WHERE id = 1`, "", 0, "agnes varda"},
		{"genre", `UPDATE genres SET name = 'Drame' WHERE id = 1`, "drame", 1, "drama"},
		{"genre", `INSERT INTO genres (id, name) VALUES (7, 'Comédie')`, "comedie", 7, ""},
		{"genre", `INSERT OR REPLACE INTO genres (id, name) VALUES (1, 'Essay')`, "essay", 1, "drama"},
		{"genre", `INSERT OR REPLACE INTO genres (id, name) VALUES (7, 'DRAMA')`, "drama", 7, ""},
		{"genre", `UPDATE OR REPLACE genres SET name = 'Comedy' WHERE id = 1`, "comedy", 1, "drama"},
		{"genre", `DELETE FROM genres WHERE id = 1`, "", 0, "drama"},
		{"country", `UPDATE countries SET name = 'Gaul' WHERE id = 1`, "gaul", 1, "france"},
		{"country", `INSERT INTO countries (id, name) VALUES (7, 'Côte d''Ivoire')`, "cote d'ivoire", 7, ""},
		{"country", `INSERT OR REPLACE INTO countries (id, name) VALUES (1, 'Italy')`, "it", 1, "fr"},
		{"country", `DELETE FROM countries WHERE id = 1`, "", 0, "france"},
		{"user", `UPDATE users SET username = 'Agnès' WHERE id = 1`, "agnes", 1, "anna"},
		{"user", `INSERT OR REPLACE INTO users (id, username) VALUES (7, 'ANNA')`, "anna", 7, ""},
		{"user", `DELETE FROM users WHERE id = 1`, "", 0, "anna"},
		{"file", `UPDATE files SET file_name = 'Été.jpg' WHERE id = 1`, "ete.jpg", 1, "a.jpg"},
		{"file", `UPDATE files SET file_name = NULL WHERE id = 1`, "", 0, "a.jpg"},
		{"file", `INSERT OR REPLACE INTO files (id, file_name, file_key) VALUES (7, 'c.jpg', 'aa/aa.jpg')`, "c.jpg", 7, "a.jpg"},
		{"file", `DELETE FROM files WHERE id = 1`, "", 0, "a.jpg"},
		{"character", `UPDATE characters SET name = 'Florence' WHERE id = 1`, "florence", 1, "cleo"},
		{"character", `UPDATE characters SET name = 'CLEO' WHERE id = 1`, "cléo", 1, ""},
		{"character", `INSERT INTO characters (id, name, movie_id) VALUES (7, 'Angèle', 1)`, "angele", 7, ""},
		{"character", `INSERT OR REPLACE INTO characters (id, name, movie_id) VALUES (1, 'Dorothée', 1)`, "dorothee", 1, "cleo"},
		{"character", `INSERT OR REPLACE INTO characters (id, name, movie_id, actor_id) VALUES (7, 'Cléo', 1, 1)`, "cleo", 7, ""},
		{"character", `UPDATE characters SET name = NULL WHERE id = 1`, "", 0, "cleo"},
		{"character", `DELETE FROM characters WHERE id = 1`, "", 0, "cleo"},
	}
}

// check looks both names of an edit up.
func (e handEdit) check(t *testing.T, tx *store.Tx, how string) {
	t.Helper()
	if e.finds != "" {
		if f, err := resolve(t, tx, e.kind, e.finds); err != nil || f.ID != e.id {
			t.Errorf("%s, %s: %q is %+v, %v; want id %d", e.query, how, e.finds, f, err, e.id)
		}
	}
	if e.findsNoMore != "" {
		if f, err := resolve(t, tx, e.kind, e.findsNoMore); !errors.Is(err, catalog.ErrNotFound) {
			t.Errorf("%s, %s: %q is still %+v, %v", e.query, how, e.findsNoMore, f, err)
		}
	}
}

// mayAlso are the settings of a connection that knows nothing of moviedb.
func mayAlso() [][]string {
	return [][]string{{"foreign_keys(0)", "recursive_triggers(0)"}, {"foreign_keys(0)", "recursive_triggers(1)"}}
}

func TestAHandEditIsSeenByTheNextCommand(t *testing.T) {
	for _, pragmas := range mayAlso() {
		o, db := catalogOf(t, pragmas...)
		for _, e := range handEdits() {
			reset(t, o, db)
			mustExec(t, db, e.query)
			dry(t, o, func(tx *store.Tx) error { e.check(t, tx, "write"); return nil })
			view(t, o, func(tx *store.Tx) error { e.check(t, tx, "read"); return nil })
			same(t, e.query+": still noted after a read that could write", table(t, db, `SELECT kind, id FROM stale`), nil)
			if slices.Contains(pragmas, "recursive_triggers(0)") { // the harder case: REPLACE tells no trigger
				likeRebuilt(t, o, []string{e.query})
			}
		}
	}
}

// reset makes the catalog the sample again, up to date.
func reset(t *testing.T, o store.Options, db ask) {
	t.Helper()
	empty := "BEGIN;"
	for _, name := range []string{"characters", "photos", "movie_genres", "favorite_movies", "movies", "persons", "users", "genres", "countries", "files"} {
		empty += "DELETE FROM " + name + ";"
	}
	mustExec(t, db, empty+sample+"COMMIT")
	update(t, o, nil)
}

// TestAHandEditInTheShellIsSeenByTheNextCommand has no connection open while
// the shell is at work: looking at a file's header, as the store does first,
// takes this process's locks away from the others it has on the file.
func TestAHandEditInTheShellIsSeenByTheNextCommand(t *testing.T) {
	o := testkit.Options(t)
	for i, e := range handEdits() {
		update(t, o, nil)
		db := hand(t, o.Path, "foreign_keys(0)")
		reset(t, o, db)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		shell(t, o.Path, sprint("PRAGMA recursive_triggers = %d;\n%s;", i%2, e.query))
		view(t, o, func(tx *store.Tx) error { e.check(t, tx, "shell"); return nil })
	}
}

// TestAHandEditIsSeenWhileAnotherWrites: the derived rows cannot be brought up
// to date then, so they are read around. The same happens where the catalog
// cannot be written at all.
func TestAHandEditIsSeenWhileAnotherWrites(t *testing.T) {
	for _, pragmas := range mayAlso() {
		o, db := catalogOf(t, pragmas...)
		for _, e := range handEdits() {
			reset(t, o, db)
			mustExec(t, db, e.query)
			noted := table(t, db, `SELECT kind, id FROM stale`)
			s, err := store.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			mustExec(t, db, `BEGIN IMMEDIATE`)
			for range 2 {
				err = errors.Join(err, s.View(t.Context(), func(tx *store.Tx) error { e.check(t, tx, "locked"); return nil }))
			}
			mustExec(t, db, `ROLLBACK`)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "noted after a read that could not write", table(t, db, `SELECT kind, id FROM stale`), noted)
			err = s.View(t.Context(), func(tx *store.Tx) error { e.check(t, tx, "unlocked"); return nil })
			if err = errors.Join(err, s.Close()); err != nil {
				t.Fatal(err)
			}
			same(t, "noted after a read that could write", table(t, db, `SELECT kind, id FROM stale`), nil)
		}
	}
}

// TestADeletedRecordLeavesNoKey. One would be harmless, but they would pile up.
func TestADeletedRecordLeavesNoKey(t *testing.T) {
	for _, how := range []string{"by hand", "by the store"} {
		o, db := catalogOf(t, "foreign_keys(0)")
		update(t, o, nil)
		if how == "by hand" {
			mustExec(t, db, `DELETE FROM movies; DELETE FROM persons; DELETE FROM genres; DELETE FROM countries; DELETE FROM users; DELETE FROM files`)
			view(t, o, func(*store.Tx) error { return nil })
		} else {
			ctx, both := t.Context(), []int64{1, 2}
			update(t, o, func(tx *store.Tx) error {
				return errors.Join(tx.DeleteMovies(ctx, both), tx.DeletePersons(ctx, both), tx.DeleteGenres(ctx, both),
					tx.DeleteCountries(ctx, both), tx.DeleteUsers(ctx, both), tx.DeleteFiles(ctx, both))
			})
		}
		for _, keys := range []string{"movie_keys", "person_keys", "genre_keys", "country_keys", "user_keys", "file_keys", "stale"} {
			if n := value(t, db, `SELECT count(*) FROM `+keys); n != "0" {
				t.Errorf("%s: %s has %s rows", how, keys, n)
			}
		}
	}
}

// TestListsAreWholeWhileAnotherWrites: a list that is ordered by a name needs
// each record's key, once.
func TestListsAreWholeWhileAnotherWrites(t *testing.T) {
	o, db := catalogOf(t)
	update(t, o, nil)
	mustExec(t, db, `
		INSERT INTO movies (id, title) VALUES (3, 'The Apple'), (4, 'Zebra'); UPDATE movies SET title = 'Mango' WHERE id = 1;
		INSERT INTO persons (id, last_name) VALUES (3, 'Aa'), (4, 'Zz'); UPDATE persons SET last_name = 'Mm', first_name = NULL WHERE id = 1;
		INSERT INTO genres (id, name) VALUES (3, 'Aa'), (4, 'Zz'); UPDATE genres SET name = 'Mm' WHERE id = 1;
		INSERT INTO countries (id, name) VALUES (3, 'Aa'), (4, 'Zz'); UPDATE countries SET name = 'Mm' WHERE id = 1;
		INSERT INTO characters (id, name, movie_id) VALUES (3, 'Aa', 1), (4, 'Aa', 2), (5, 'Aa', 3), (6, 'Bb', 1), (7, NULL, 1);
		UPDATE characters SET name = 'Cléo' WHERE id = 6;
		BEGIN IMMEDIATE`)
	byName := catalog.Page{Sort: []catalog.Sort{{Key: "name"}}}
	view(t, o, func(tx *store.Tx) error {
		ctx := t.Context()
		var got []string
		for _, m := range collect(t, tx.Movies(ctx, catalog.MovieFilter{Page: catalog.Page{Sort: []catalog.Sort{{Key: "title"}}}})) {
			got = append(got, sprint("m%d", m.ID))
		}
		for _, p := range collect(t, tx.Persons(ctx, catalog.PersonFilter{Page: byName})) {
			got = append(got, sprint("p%d", p.ID))
		}
		for _, g := range collect(t, tx.Genres(ctx, catalog.GenreFilter{Page: byName})) {
			got = append(got, sprint("g%d", g.ID))
		}
		for _, c := range collect(t, tx.Countries(ctx, catalog.CountryFilter{Page: byName})) {
			got = append(got, sprint("c%d", c.ID))
		}
		for _, c := range collect(t, tx.Characters(ctx, catalog.CharacterFilter{Page: byName})) {
			got = append(got, sprint("n%d", c.ID))
		}
		want := "m3 m2 m1 m4 p3 p1 p2 p4 g3 g2 g1 g4 c3 c2 c1 c4 n3 n4 n5 n1 n6 n2 n7"
		same(t, "order", got, strings.Fields(want))
		return nil
	})
}

func TestAnotherFoldVersionMeansRebuild(t *testing.T) {
	o, db := catalogOf(t)
	update(t, o, nil)
	for name, spoil := range map[string]string{
		"older": `UPDATE derived_state SET value = value - 1`, "newer": `UPDATE derived_state SET value = value + 1`, "none": `DELETE FROM derived_state`,
	} {
		for _, how := range []string{"read", "write"} {
			mustExec(t, db, spoil+`; UPDATE movie_keys SET title_key = 'x'; DELETE FROM person_keys; DELETE FROM character_keys; INSERT INTO character_keys VALUES (1, 'x', 'x');
				INSERT INTO movie_keys VALUES (99, 'x', 'x', 1); INSERT INTO person_keys VALUES (99, 'x', 'x'); INSERT INTO genre_keys VALUES (99, 'x');
				INSERT INTO country_keys VALUES (99, 'x'); INSERT INTO user_keys VALUES (99, 'x'); INSERT INTO file_keys VALUES (99, 'x')`)
			if how == "read" {
				view(t, o, func(*store.Tx) error { return nil })
			} else {
				update(t, o, nil)
			}
			if got := value(t, db, `SELECT value FROM derived_state WHERE name = 'fold_version'`); got != sprint("%d", catalog.FoldVersion) {
				t.Errorf("%s, %s: the version is %s", name, how, got)
			}
			got := value(t, db, `SELECT (SELECT group_concat(title_key) FROM movie_keys), (SELECT count(*) FROM person_keys),
				(SELECT count(*) FROM character_keys), (SELECT count(*) FROM genre_keys), (SELECT count(*) FROM country_keys),
				(SELECT count(*) FROM user_keys), (SELECT count(*) FROM file_keys), (SELECT count(*) FROM stale)`)
			if got != "cleo from 5 to 7,late spring|2|2|2|2|2|2|0" {
				t.Errorf("%s, %s: %s", name, how, got)
			}
		}
	}
}

// TestAnotherFoldVersionIsNeverReadAround: rows of another fold would give
// wrong answers, so a reader waits for the lock, and then for nothing else.
func TestAnotherFoldVersionIsNeverReadAround(t *testing.T) {
	o, db := catalogOf(t)
	update(t, o, nil)
	mustExec(t, db, `UPDATE derived_state SET value = 0; BEGIN IMMEDIATE`)
	o.BusyTimeout = 50 * time.Millisecond
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	called := false
	err = s.View(t.Context(), func(*store.Tx) error { called = true; return nil })
	if called || !errors.Is(err, catalog.ErrBusy) {
		t.Errorf("called %v, error %v", called, err)
	}
	mustExec(t, db, `ROLLBACK`)
	if err := s.View(t.Context(), func(*store.Tx) error { called = true; return nil }); err != nil || !called {
		t.Errorf("after the other writer: called %v, error %v", called, err)
	}
}

// TestAReadIsNeverSilentlyEmpty: somebody edits by hand again at the moment
// when a read has just brought the derived rows up to date.
func TestAReadIsNeverSilentlyEmpty(t *testing.T) {
	o, db := catalogOf(t)
	var hook hooks
	o.Driver = hook.driver(db)
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	edits := 0
	hook.closed = func(string) {
		hook.closed = nil
		edits++
		mustExec(t, db, `UPDATE movies SET title = 'Again' WHERE id = 1`)
	}
	calls := 0
	err = s.View(t.Context(), func(tx *store.Tx) error {
		calls++
		if f, err := resolve(t, tx, "movie", "again"); err != nil || f.ID != 1 {
			t.Errorf("%+v, %v", f, err)
		}
		return nil
	})
	if err != nil || calls != 1 || edits != 1 {
		t.Errorf("%d calls, %d edits, %v", calls, edits, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestReadingLeavesNothingNewBehind(t *testing.T) {
	for _, journal := range []string{"wal", "delete"} {
		o := testkit.Options(t)
		o.Journal = journal
		update(t, o, nil)
		db := hand(t, o.Path)
		mustExec(t, db, sample)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		dir := strings.TrimSuffix(o.Path, "/moviedb.db")
		for _, what := range []string{"stale", "up to date"} {
			before := bytesOf(t, o.Path)
			view(t, o, func(tx *store.Tx) error {
				_, err := resolve(t, tx, "movie", "late spring")
				return err
			})
			same(t, journal+", "+what, ls(t, dir), []string{"moviedb.db"})
			after := bytesOf(t, o.Path)
			if what == "up to date" && after != before {
				t.Errorf("%s: a read changed the file", journal)
			}
			if after[18:20] != before[18:20] {
				t.Errorf("%s: a read changed the journal mode", journal)
			}
		}
	}
}
