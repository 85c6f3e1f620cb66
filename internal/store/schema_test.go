package store_test

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// columns is the contract: the ten tables and their columns in order.
func columns() map[string][]string {
	return map[string][]string{
		"files":           {"id", "file_name", "mime_type", "file_key", "url", "createdAt", "updatedAt"},
		"countries":       {"id", "name", "createdAt", "updatedAt"},
		"genres":          {"id", "name", "notes", "createdAt", "updatedAt"},
		"users":           {"id", "username", "first_name", "last_name", "email", "password", "avatar_id", "createdAt", "updatedAt"},
		"persons":         {"id", "first_name", "last_name", "biography", "date_of_birth", "gender", "country_id", "primary_photo_id", "createdAt", "updatedAt"},
		"movies":          {"id", "title", "description", "budget", "release_date", "duration", "country_id", "director_id", "poster_id", "createdAt", "updatedAt"},
		"characters":      {"id", "name", "description", "role", "movie_id", "actor_id", "createdAt", "updatedAt"},
		"movie_genres":    {"movie_id", "genre_id"},
		"favorite_movies": {"user_id", "movie_id"},
		"photos":          {"id", "person_id", "file_id", "is_primary", "createdAt", "updatedAt"},
	}
}

// tables are the names of the ten tables, those with an id alone if asked.
func tables(withID bool) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(columns())) {
		if !withID || columns()[name][0] == "id" {
			names = append(names, name)
		}
	}
	return names
}

// sample fills two rows of each table, with ids 1 and 2 where it has ids, and
// all columns.
const sample = `
INSERT INTO files (id, file_name, mime_type, file_key, url) VALUES (1, 'a.jpg', 'image/jpeg', 'aa/aa.jpg', 'https://a.example'), (2, 'b.png', 'image/png', 'bb/bb.png', 'https://b.example');
INSERT INTO countries (id, name) VALUES (1, 'France'), (2, 'Japan');
INSERT INTO genres (id, name, notes) VALUES (1, 'Drama', 'sad'), (2, 'Comedy', 'gay');
INSERT INTO users (id, username, first_name, last_name, email, password, avatar_id) VALUES
  (1, 'anna', 'Anna', 'Karina', 'anna@a.example', '$argon2id$v=19$m=1,t=1,p=1$aa$bb', 1), (2, 'ozu', 'Yasujiro', 'Ozu', 'ozu@b.example', '$argon2id$v=19$m=1,t=1,p=1$cc$dd', 2);
INSERT INTO persons (id, first_name, last_name, biography, date_of_birth, gender, country_id) VALUES
  (1, 'Agnès', 'Varda', 'photographer', '1928-05-30', 'female', 1), (2, 'Chishū', 'Ryū', 'actor', '1904-05', 'male', 2);
INSERT INTO photos (id, person_id, file_id, is_primary) VALUES (1, 1, 1, 1), (2, 2, 2, 1);
INSERT INTO movies (id, title, description, budget, release_date, duration, country_id, director_id, poster_id) VALUES
  (1, 'Cléo from 5 to 7', 'two hours', 64000, '1962-04-11', 90, 1, 1, 1), (2, 'Late Spring', 'a daughter', 0, '1949', 108, 2, 2, 2);
INSERT INTO characters (id, name, description, role, movie_id, actor_id) VALUES (1, 'Cléo', 'singer', 'lead', 1, 1), (2, 'Shukichi', 'father', 'lead', 2, 2);
INSERT INTO movie_genres (movie_id, genre_id) VALUES (1, 1), (2, 2);
INSERT INTO favorite_movies (user_id, movie_id) VALUES (1, 1), (2, 2);
`

// catalogOf makes a catalog with the sample in it and opens it by hand.
func catalogOf(t testing.TB, pragmas ...string) (store.Options, *sql.DB) {
	t.Helper()
	o := testkit.Options(t)
	update(t, o, nil)
	if !slices.Contains(pragmas, "foreign_keys(0)") {
		pragmas = append(pragmas, "foreign_keys(1)")
	}
	db := hand(t, o.Path, pragmas...)
	mustExec(t, db, "BEGIN;"+sample+"COMMIT")
	return o, db
}

// trial runs statements in a transaction that is rolled back.
func trial(t testing.TB, db *sql.DB, fn func(tx *sql.Tx)) {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	fn(tx)
}

// refused tells whether a statement fails; what it did before does not stay.
func refused(ctx context.Context, db *sql.DB, query string, args ...any) bool {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return true
	}
	defer tx.Rollback()
	_, err = tx.ExecContext(ctx, query, args...)
	return err != nil
}

func TestTheTenTablesHaveExactlyTheirColumnsInOrder(t *testing.T) {
	_, db := catalogOf(t)
	for name, want := range columns() {
		same(t, name, table(t, db, `SELECT name FROM pragma_table_xinfo(?) ORDER BY cid`, name), want)
	}
}

func TestEveryTableIsStrict(t *testing.T) {
	_, db := catalogOf(t)
	const ours = `FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`
	same(t, "tables that are not STRICT", table(t, db, `SELECT name `+ours+` AND NOT strict`), nil)
	if n := value(t, db, `SELECT count(*) >= 10 `+ours); n != "1" {
		t.Error("the query does not see the tables")
	}
	if !refused(t.Context(), db, `UPDATE movies SET duration = 'long'`) || !refused(t.Context(), db, `UPDATE movies SET title = x'00'`) {
		t.Error("a value of another type is taken")
	}
}

func TestLinkTablesAloneAreWithoutRowid(t *testing.T) {
	_, db := catalogOf(t)
	var got []string
	for _, name := range tables(false) {
		if value(t, db, `SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?`, name) == "1" {
			got = append(got, name)
		}
	}
	same(t, "WITHOUT ROWID", got, []string{"favorite_movies", "movie_genres"})
}

func TestStorageTypes(t *testing.T) {
	_, db := catalogOf(t)
	for name := range columns() {
		for _, line := range table(t, db, `SELECT name, type FROM pragma_table_info(?)`, name) {
			col, got, _ := strings.Cut(line, "|")
			want := "TEXT"
			switch {
			case col == "id" || strings.HasSuffix(col, "_id") || col == "is_primary" || col == "duration":
				want = "INTEGER"
			case col == "budget":
				want = "REAL"
			}
			if got != want {
				t.Errorf("%s.%s is %s, want %s", name, col, got, want)
			}
		}
	}
}

func TestAnIdIsNeverGivenTwice(t *testing.T) {
	_, db := catalogOf(t, "foreign_keys(0)")
	for _, name := range tables(true) {
		trial(t, db, func(tx *sql.Tx) {
			cols := strings.Join(quoted(columns()[name][1:]), ", ")
			mustExec(t, tx, `CREATE TEMP TABLE kept AS SELECT `+cols+` FROM `+name+` WHERE id = 2`)
			mustExec(t, tx, `DELETE FROM `+name+` WHERE id = 2`)
			mustExec(t, tx, `INSERT INTO `+name+` (`+cols+`) SELECT * FROM kept`)
			same(t, name, table(t, tx, `SELECT id FROM `+name+` ORDER BY id`), []string{"1", "3"})
		})
	}
}

// quoted makes identifiers of names.
func quoted(names []string) []string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = `"` + n + `"`
	}
	return q
}

func TestAnIdNeverChanges(t *testing.T) {
	for _, recursive := range []string{"recursive_triggers(0)", "recursive_triggers(1)"} {
		_, db := catalogOf(t, "foreign_keys(0)", recursive)
		for _, name := range tables(true) {
			var bad []string
			for _, set := range []string{"id = 2", "id = 9", `(id, "createdAt") = (9, "createdAt")`, "rowid = 2", "oid = 9", "_rowid_ = 9"} {
				for _, verb := range []string{"UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE"} {
					trial(t, db, func(tx *sql.Tx) {
						query := verb + " " + name + " SET " + set + " WHERE id = 1"
						_, err := tx.ExecContext(t.Context(), query)
						got := table(t, tx, `SELECT id FROM `+name+` ORDER BY id`)
						if verb == "UPDATE" && err == nil || !slices.Equal(got, []string{"1", "2"}) {
							bad = append(bad, query)
						}
					})
				}
			}
			if len(bad) > 0 {
				t.Errorf("%s, %s: %d statements changed an id, such as %s", recursive, name, len(bad), bad[len(bad)-1])
			}
			if refused(t.Context(), db, `UPDATE `+name+` SET id = id`) {
				t.Errorf("%s: an id set to itself is refused", name)
			}
		}
	}
}

func TestAbsentIsNullNeverEmpty(t *testing.T) {
	_, db := catalogOf(t)
	n := 0
	for _, name := range tables(false) {
		for _, line := range table(t, db, `SELECT name, "notnull" FROM pragma_table_info(?) WHERE type = 'TEXT'`, name) {
			col, required, _ := strings.Cut(line, "|")
			n++
			if !refused(t.Context(), db, `UPDATE `+name+` SET "`+col+`" = ''`) {
				t.Errorf("%s.%s may be empty", name, col)
			}
			if got, want := refused(t.Context(), db, `UPDATE `+name+` SET "`+col+`" = NULL WHERE id = 1`), required == "1"; got != want {
				t.Errorf("%s.%s = NULL: refused is %v, want %v", name, col, got, want)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d columns were tried", n)
	}
}

func TestRequiredColumns(t *testing.T) {
	_, db := catalogOf(t)
	want := []string{
		"characters.movie_id", "countries.name", "genres.name", "movies.title", "persons.last_name",
		"favorite_movies.movie_id", "favorite_movies.user_id", "movie_genres.genre_id", "movie_genres.movie_id",
		"photos.file_id", "photos.is_primary", "photos.person_id", "users.username",
	}
	for _, name := range tables(true) {
		want = append(want, name+".createdAt", name+".updatedAt")
	}
	var got []string
	for _, name := range tables(false) {
		got = append(got, table(t, db, `SELECT ? || '.' || name FROM pragma_table_info(?) WHERE "notnull"`, name, name)...)
	}
	slices.Sort(got)
	slices.Sort(want)
	same(t, "NOT NULL", got, want)
	if value(t, db, `SELECT dflt_value FROM pragma_table_info('photos') WHERE name = 'is_primary'`) != "0" {
		t.Error("a photo is primary by default")
	}
	if !refused(t.Context(), db, `INSERT INTO files (file_name) VALUES ('nowhere')`) {
		t.Error("a file may have neither a key nor a URL")
	}
}

func TestDerivedTablesAreNoneOfTheTen(t *testing.T) {
	o, db := catalogOf(t)
	update(t, o, nil)
	for _, name := range table(t, db, `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%'`) {
		if columns()[name] == nil {
			mustExec(t, db, `DELETE FROM derived_state`)
			if name != "derived_state" && name != "stale" && !strings.HasSuffix(name, "_words") && !strings.HasSuffix(name, "_texts") {
				mustExec(t, db, `DELETE FROM `+name)
			}
		}
	}
	view(t, o, func(tx *store.Tx) error {
		if f, err := resolve(t, tx, "movie", "cleo from 5 to 7"); err != nil || f.ID != 1 {
			t.Errorf("after all derived rows were lost: %+v, %v", f, err)
		}
		return nil
	})
}

func TestTheFileSaysWhatItIs(t *testing.T) {
	o, db := catalogOf(t)
	if got := value(t, db, `PRAGMA application_id`); got != "1836475490" { // "mvdb"
		t.Errorf("application_id is %s", got)
	}
	if got := value(t, db, `PRAGMA user_version`); got != sprint("%d", store.SchemaVersion) {
		t.Errorf("user_version is %s, the program knows %d", got, store.SchemaVersion)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if head := bytesOf(t, o.Path); head[68:72] != "mvdb" || head[60:64] != "\x00\x00\x00\x02" {
		t.Errorf("the header has %q and version %q", head[68:72], head[60:64])
	}
}

func TestTheShellUnderstandsTheSchema(t *testing.T) {
	path := t.TempDir() + "/by-shell.db"
	if out := shell(t, path, testkit.Schema(t)+sample+`SELECT count(*) >= 12 FROM stale; PRAGMA integrity_check; PRAGMA foreign_key_check;`); out != "1\nok\n" {
		t.Errorf("got %s", out)
	}
}
