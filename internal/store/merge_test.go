package store_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// mergingCatalog is a catalog made by hand whose rows are from the year 2000, so that
// one that is changed is seen. Its person 1 is the one that stays, 4 has
// nothing to do with it.
func mergingCatalog(t *testing.T, more string) (store.Options, *sql.DB) {
	t.Helper()
	o := testkit.Options(t)
	update(t, o, nil)
	db := hand(t, o.Path, "foreign_keys(0)")
	mustExec(t, db, `BEGIN;
		INSERT INTO countries (id, name) VALUES (1, 'Peru'), (2, 'Chile'), (3, 'Chili');
		INSERT INTO genres (id, name) VALUES (1, 'Science Fiction'), (2, 'Sci-Fi'), (3, 'SF');
		INSERT INTO files (id, url) VALUES (1, 'u'), (2, 'u'), (3, 'u'), (4, 'u');
		INSERT INTO movies (id, title) VALUES (1, 'One'), (2, 'Two'), (3, 'Three');
		INSERT INTO persons (id, first_name, last_name) VALUES (1, 'Ann', 'Lee'), (2, 'Anne', 'Leigh'), (3, 'A.', 'Lee'), (4, NULL, 'Cher');`+
		more+`;COMMIT`)
	for _, name := range []string{"countries", "genres", "movies", "persons", "characters", "photos"} {
		mustExec(t, db, `UPDATE `+name+` SET "updatedAt" = '2000-01-01T00:00:00Z'`)
	}
	return o, db
}

// mergeInto merges and returns what was there twice. Afterwards no derived row of
// the others is left, what is left is like rebuilt, and primary photos agree.
func mergeInto(t *testing.T, o store.Options, kind catalog.Kind, into int64, from ...int64) string {
	t.Helper()
	var same []store.Use
	update(t, o, func(tx *store.Tx) (err error) {
		same, err = mergeAs(t, tx, kind, from, into)
		return err
	})
	db := hand(t, o.Path)
	for _, q := range []string{`SELECT * FROM stale`, `SELECT * FROM person_keys WHERE person_id NOT IN (SELECT id FROM persons)`,
		`SELECT * FROM genre_keys WHERE genre_id NOT IN (SELECT id FROM genres)`,
		`SELECT * FROM country_keys WHERE country_id NOT IN (SELECT id FROM countries)`} {
		if left := table(t, db, q); len(left) > 0 {
			t.Errorf("%s: %q", q, left)
		}
	}
	if n := value(t, db, brokenRule); n != "0" {
		t.Errorf("%s people whose primary photo is not theirs", n)
	}
	likeRebuilt(t, o, nil)
	return strings.Trim(fmt.Sprint(same), "[]")
}

// changed returns the rows of a table that a merge has changed.
func changed(t *testing.T, db *sql.DB, name string) []string {
	t.Helper()
	return table(t, db, `SELECT id FROM `+name+` WHERE "updatedAt" > '2000-01-01T00:00:00Z' ORDER BY id`)
}

func TestAMergeMovesFilmsPartsAndPhotos(t *testing.T) {
	o, db := mergingCatalog(t, `
		UPDATE movies SET director_id = id; UPDATE movies SET director_id = 4 WHERE id = 3;
		INSERT INTO characters (id, name, movie_id, actor_id) VALUES (1, 'Eve', 1, 1), (2, 'Eve', 2, 2), (3, 'Joan', 1, 3), (4, 'Eve', 1, 4), (5, 'Eve', 1, NULL);
		INSERT INTO photos (id, person_id, file_id) VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 4, 4)`)
	if same := mergeInto(t, o, "person", 1, 2, 3); same != "" {
		t.Errorf("there twice: %s", same)
	}
	got := table(t, db, `SELECT 'movie', id, director_id FROM movies UNION ALL SELECT 'part', id, actor_id FROM characters
		UNION ALL SELECT 'photo', id, person_id FROM photos UNION ALL SELECT 'person', id, last_name FROM persons ORDER BY 1, 2`)
	same(t, "after", got, []string{"movie|1|1", "movie|2|1", "movie|3|4", "part|1|1", "part|2|1", "part|3|1", "part|4|4", "part|5|NULL",
		"person|1|Lee", "person|4|Cher", "photo|1|1", "photo|2|1", "photo|3|1", "photo|4|4"})
	same(t, "changed movies", changed(t, db, "movies"), []string{"2"})
	same(t, "changed parts", changed(t, db, "characters"), []string{"2", "3"})
	same(t, "changed photos", changed(t, db, "photos"), []string{"2", "3"})
	same(t, "changed people", changed(t, db, "persons"), nil)
	same(t, "dangling", table(t, db, `PRAGMA foreign_key_check`), nil)
}

// TestTheSamePartIsKeptOnce: same film and same name, or both without a name.
func TestTheSamePartIsKeptOnce(t *testing.T) {
	for _, tc := range []struct {
		name, parts string
		from        []int64
		want        []string
		same        string
	}{
		{"what is there stays", `(1, 'Eve', 'kept', 'lead', 1, 1), (2, 'Eve', 'lost', 'cameo', 1, 2)`, []int64{2}, []string{"1|Eve|kept|lead|1|1"}, "1 part"},
		{"what lacks comes from the other", `(1, 'Eve', NULL, 'lead', 1, 1), (2, 'Eve', 'told', 'cameo', 1, 2)`, []int64{2}, []string{"1|Eve|told|lead|1|1"}, "1 part"},
		{"a higher id stays too", `(9, 'Eve', NULL, NULL, 1, 1), (2, 'Eve', 'told', 'lead', 1, 2)`, []int64{2}, []string{"9|Eve|told|lead|1|1"}, "1 part"},
		{"nameless", `(1, NULL, NULL, 'lead', 1, 1), (2, NULL, 'told', NULL, 1, 2), (3, NULL, 'other', NULL, 2, 2)`, []int64{2},
			[]string{"1|NULL|told|lead|1|1", "3|NULL|other|NULL|2|1"}, "1 part"},
		{"a name is not no name", `(1, NULL, NULL, NULL, 1, 1), (2, 'Eve', 'told', NULL, 1, 2), (3, 'eve', NULL, NULL, 1, 2)`, []int64{2},
			[]string{"1|NULL|NULL|NULL|1|1", "2|Eve|told|NULL|1|1", "3|eve|NULL|NULL|1|1"}, ""},
		{"the first of two gives", `(1, 'Eve', NULL, NULL, 1, 1), (2, 'Eve', 'two', NULL, 1, 2), (3, 'Eve', 'three', 'lead', 1, 3)`, []int64{2, 3},
			[]string{"1|Eve|two|lead|1|1"}, "2 parts"},
		{"in the order of the call", `(1, 'Eve', NULL, NULL, 1, 1), (2, 'Eve', 'two', NULL, 1, 2), (3, 'Eve', 'three', 'lead', 1, 3)`, []int64{3, 2},
			[]string{"1|Eve|three|lead|1|1"}, "2 parts"},
		{"two that go, the first stays", `(1, 'Eve', NULL, 'lead', 1, 2), (2, 'Eve', 'told', 'cameo', 1, 3)`, []int64{3, 2}, []string{"2|Eve|told|cameo|1|1"}, "1 part"},
		{"two nameless that go", `(1, NULL, NULL, 'lead', 1, 2), (2, NULL, 'told', NULL, 1, 3)`, []int64{2, 3}, []string{"1|NULL|told|lead|1|1"}, "1 part"},
		{"doubles by hand", `(1, NULL, NULL, NULL, 1, 1), (2, NULL, 'own', NULL, 1, 1), (3, NULL, 'told', NULL, 1, 2), (4, NULL, 'more', 'lead', 1, 2)`, []int64{2},
			[]string{"1|NULL|told|lead|1|1", "2|NULL|own|NULL|1|1"}, "2 parts"},
		{"in a film that is gone", `(1, 'Eve', NULL, NULL, 99, 1), (2, 'Eve', 'told', NULL, 99, 2), (3, NULL, NULL, NULL, 98, 2)`, []int64{2},
			[]string{"1|Eve|told|NULL|99|1", "3|NULL|NULL|NULL|98|1"}, "1 part"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o, db := mergingCatalog(t, `INSERT INTO characters (id, name, description, role, movie_id, actor_id) VALUES `+tc.parts)
			if got := mergeInto(t, o, "person", 1, tc.from...); got != tc.same {
				t.Errorf("there twice: %q, want %q", got, tc.same)
			}
			same(t, "parts", table(t, db, `SELECT id, name, description, role, movie_id, actor_id FROM characters ORDER BY id`), tc.want)
		})
	}
}

// TestOnlyAPartThatChangesIsTouched: one that has all it can have keeps its
// time, also where others of its actor change.
func TestOnlyAPartThatChangesIsTouched(t *testing.T) {
	o, db := mergingCatalog(t, `INSERT INTO characters (id, name, description, role, movie_id, actor_id) VALUES
		(1, 'Eve', 'a', NULL, 1, 1), (2, 'Eve', 'b', NULL, 1, 2), (3, 'Joan', NULL, NULL, 1, 1), (4, 'Joan', 'b', NULL, 1, 2), (5, 'Sue', NULL, NULL, 1, 1)`)
	mergeInto(t, o, "person", 1, 2)
	same(t, "changed parts", changed(t, db, "characters"), []string{"3"})
}

func TestPhotosOfTheMerged(t *testing.T) {
	for _, tc := range []struct {
		name, photos string // photos have id, person, file, primary
		from         []int64
		want         []string // file and primary of person 1
		same         string
		person       bool // person 1 changes
	}{
		{"its primary photo stays", `(1, 1, 1, 1), (2, 2, 2, 1)`, []int64{2}, []string{"1|1", "2|0"}, "", false},
		{"it gets one", `(1, 1, 1, 0), (2, 2, 2, 1)`, []int64{2}, []string{"1|0", "2|1"}, "", true},
		{"it had no photo", `(2, 2, 2, 1), (3, 2, 3, 0)`, []int64{2}, []string{"2|1", "3|0"}, "", true},
		{"nobody has one", `(1, 1, 1, 0), (2, 2, 2, 0)`, []int64{2}, []string{"1|0", "2|0"}, "", false},
		{"of the first", `(2, 2, 2, 1), (3, 3, 3, 1)`, []int64{2, 3}, []string{"2|1", "3|0"}, "", true},
		{"of the first of the call", `(2, 2, 2, 1), (3, 3, 3, 1)`, []int64{3, 2}, []string{"2|0", "3|1"}, "", true},
		{"of the first who has one", `(2, 2, 2, 0), (3, 3, 3, 1)`, []int64{2, 3}, []string{"2|0", "3|1"}, "", true},
		{"the same picture", `(1, 1, 1, 1), (2, 2, 1, 1)`, []int64{2}, []string{"1|1"}, "1 photo", false},
		{"the same picture becomes primary", `(1, 1, 1, 0), (2, 2, 1, 1)`, []int64{2}, []string{"1|1"}, "1 photo", true},
		{"the same picture at all", `(1, 1, 1, 0), (2, 2, 1, 0), (3, 3, 1, 1), (4, 2, 2, 1)`, []int64{2, 3}, []string{"1|0", "2|1"}, "2 photos", true},
		{"the same picture at two that go", `(2, 2, 1, 0), (3, 3, 1, 1)`, []int64{2, 3}, []string{"1|1"}, "1 photo", true},
		{"a file that is gone", `(1, 1, 1, 0), (2, 2, 99, 1), (3, 3, 3, 1)`, []int64{2, 3}, []string{"1|0", "3|1", "99|0"}, "", true},
		{"its own file is gone", `(1, 1, 99, 1), (2, 2, 2, 1)`, []int64{2}, []string{"2|1", "99|0"}, "", true},
		{"its own file is gone and nobody has one", `(1, 1, 99, 1), (2, 2, 2, 0)`, []int64{2}, []string{"2|0", "99|1"}, "", false},
		{"the same file that is gone", `(1, 1, 99, 1), (2, 2, 99, 1)`, []int64{2}, []string{"99|1"}, "1 photo", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o, db := mergingCatalog(t, `INSERT INTO photos (id, person_id, file_id, is_primary) VALUES `+tc.photos+`, (9, 4, 4, 1)`)
			if got := mergeInto(t, audited(t, o, db), "person", 1, tc.from...); got != tc.same {
				t.Errorf("there twice: %q, want %q", got, tc.same)
			}
			same(t, "photos", table(t, db, `SELECT file_id, is_primary FROM photos WHERE person_id = 1 ORDER BY file_id`), tc.want)
			same(t, "photos of others", table(t, db, `SELECT * FROM photos WHERE person_id NOT IN (1, 4)`), nil)
			var people []string
			if tc.person {
				people = []string{"1"}
			}
			same(t, "changed people", changed(t, db, "persons"), people)
		})
	}
}

// audited makes the rule about primary photos be checked after every statement
// of the program that changes something.
func audited(t *testing.T, o store.Options, db *sql.DB) store.Options {
	t.Helper()
	name := fmt.Sprintf("sqlite-audited-%s", o.Path)
	sql.Register(name, auditingDriver{db.Driver(), t})
	o.Driver = name
	return o
}

type auditingDriver struct {
	driver.Driver
	t *testing.T
}

func (d auditingDriver) Open(dsn string) (driver.Conn, error) {
	c, err := d.Driver.Open(dsn)
	if err != nil {
		return nil, err
	}
	return auditingConn{c.(connection), d.t}, nil
}

type auditingConn struct {
	connection
	t *testing.T
}

func (c auditingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	res, err := c.connection.ExecContext(ctx, query, args)
	if err != nil || !strings.Contains(query, "photos") {
		return res, err
	}
	rows, qerr := c.connection.QueryContext(ctx, brokenRule, nil)
	if qerr != nil {
		c.t.Fatal(qerr)
	}
	defer rows.Close()
	broken := make([]driver.Value, 1)
	if err := rows.Next(broken); err != nil || broken[0] != int64(0) {
		c.t.Errorf("%v people have a wrong primary photo, %v, after %s", broken[0], err, query)
	}
	return res, nil
}

func TestValuesOfTheMerged(t *testing.T) {
	const columns = `first_name, last_name, biography, date_of_birth, gender, country_id`
	for _, tc := range []struct {
		name, one, two, three string // values to set
		from                  []int64
		want                  string // columns of person 1
		changed               bool
	}{
		{"nothing is there", `gender = NULL`, `gender = NULL`, `gender = NULL`, []int64{2, 3}, "Ann|Lee|NULL|NULL|NULL|NULL", false},
		{"it has all", `biography = 'b', date_of_birth = '1970', gender = 'f', country_id = 1`, `biography = 'x', date_of_birth = '1980', gender = 'm', country_id = 2`,
			`gender = NULL`, []int64{2}, "Ann|Lee|b|1970|f|1", false},
		{"it has nothing", `gender = NULL`, `biography = 'x', date_of_birth = '1980-02', gender = 'm', country_id = 2`, `gender = 'q'`,
			[]int64{2, 3}, "Ann|Lee|x|1980-02|m|2", true},
		{"each from the first that has it", `gender = 'f'`, `biography = 'two', country_id = 2`, `biography = 'three', date_of_birth = '1980', country_id = 3`,
			[]int64{3, 2}, "Ann|Lee|three|1980|f|3", true},
		{"the names are one", `first_name = NULL`, `first_name = 'Anne'`, `gender = NULL`, []int64{2}, "NULL|Lee|NULL|NULL|NULL|NULL", false},
		{"a country that is gone is none", `country_id = 99`, `country_id = 98`, `country_id = 2`, []int64{2, 3}, "Ann|Lee|NULL|NULL|NULL|2", true},
		{"and stays where nobody has one", `country_id = 99`, `country_id = 98`, `gender = 'm'`, []int64{2, 3}, "Ann|Lee|NULL|NULL|m|99", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o, db := mergingCatalog(t, `UPDATE persons SET `+tc.one+` WHERE id = 1; UPDATE persons SET `+tc.two+` WHERE id = 2; UPDATE persons SET `+tc.three+` WHERE id = 3`)
			mergeInto(t, o, "person", 1, tc.from...)
			if got := value(t, db, `SELECT `+columns+` FROM persons WHERE id = 1`); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
			if got := len(changed(t, db, "persons")) == 1; got != tc.changed {
				t.Errorf("changed: %v, want %v", got, tc.changed)
			}
		})
	}
}

func TestGenresAreMerged(t *testing.T) {
	links := `INSERT INTO movie_genres (movie_id, genre_id) VALUES (1, 1), (1, 2), (2, 2), (2, 3), (3, 3), (99, 2);`
	for _, tc := range []struct {
		notes, want string
		from        []int64
		changed     bool
	}{
		{``, "Science Fiction|NULL", []int64{2, 3}, false},
		{`UPDATE genres SET notes = 'n' || id`, "Science Fiction|n1", []int64{2, 3}, false},
		{`UPDATE genres SET notes = 'n' || id WHERE id > 1`, "Science Fiction|n2", []int64{2, 3}, true},
		{`UPDATE genres SET notes = 'n' || id WHERE id > 1`, "Science Fiction|n3", []int64{3, 2}, true},
		{`UPDATE genres SET notes = 'n' || id WHERE id > 2`, "Science Fiction|n3", []int64{2, 3}, true},
	} {
		o, db := mergingCatalog(t, links+tc.notes)
		if got := mergeInto(t, o, "genre", 1, tc.from...); got != "2 films" {
			t.Errorf("there twice: %q", got)
		}
		same(t, "links", table(t, db, `SELECT * FROM movie_genres ORDER BY movie_id`), []string{"1|1", "2|1", "3|1", "99|1"})
		same(t, "genres", table(t, db, `SELECT name, notes FROM genres`), []string{tc.want})
		same(t, "changed movies", changed(t, db, "movies"), nil)
		if got := len(changed(t, db, "genres")) == 1; got != tc.changed {
			t.Errorf("%s: changed: %v", tc.notes, got)
		}
	}
}

func TestCountriesAreMerged(t *testing.T) {
	o, db := mergingCatalog(t, `UPDATE movies SET country_id = id, director_id = 99; UPDATE persons SET country_id = 5 - id WHERE id > 1; UPDATE persons SET country_id = 98 WHERE id = 1`)
	if got := mergeInto(t, o, "country", 2, 3); got != "" {
		t.Errorf("there twice: %q", got)
	}
	same(t, "countries", table(t, db, `SELECT id, name FROM countries ORDER BY id`), []string{"1|Peru", "2|Chile"})
	same(t, "movies", table(t, db, `SELECT id, country_id FROM movies`), []string{"1|1", "2|2", "3|2"})
	same(t, "people", table(t, db, `SELECT id, country_id FROM persons`), []string{"1|98", "2|2", "3|2", "4|1"})
	same(t, "changed movies", changed(t, db, "movies"), []string{"3"})
	same(t, "changed people", changed(t, db, "persons"), []string{"2"})
	same(t, "changed countries", changed(t, db, "countries"), nil)
}

// TestNobodyGoesIntoItself: what belongs to them would go with them.
func TestNobodyGoesIntoItself(t *testing.T) {
	o, _ := mergingCatalog(t, `SELECT 1`)
	update(t, o, func(tx *store.Tx) error {
		for _, kind := range []catalog.Kind{"person", "genre", "country"} {
			if _, err := mergeAs(t, tx, kind, []int64{2, 1}, 1); !errors.Is(err, catalog.ErrInvalid) {
				t.Errorf("%s: %v", kind, err)
			}
		}
		return nil
	})
}
