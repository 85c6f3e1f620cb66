package store_test

import (
	"database/sql"
	"strings"
	"testing"
)

func TestDatesTheSchemaTakes(t *testing.T) {
	_, db := catalogOf(t)
	for _, tc := range []struct {
		date string
		ok   bool
	}{
		{"1999", true}, {"1800", true}, {"2200", true}, {"1799", false}, {"2201", false}, {"0999", false}, {"3000", false},
		{"1999-01", true}, {"1999-12", true}, {"2200-12", true}, {"1999-00", false}, {"1999-13", false}, {"1999-1", false}, {"1799-12", false},
		{"1999-03-31", true}, {"1999-02-28", true}, {"2000-02-29", true}, {"2200-12-31", true}, {"1800-01-01", true},
		{"1999-02-29", false}, {"1900-02-29", false}, {"1999-04-31", false}, {"1999-03-32", false}, {"1999-03-00", false}, {"1999-13-01", false},
		{"1999-3-31", false}, {"1999-03-1", false}, {"1799-12-31", false}, {"2201-01-01", false},
		{"", false}, {" ", false}, {"99", false}, {"19999", false}, {"199a", false}, {"1999-", false}, {"1999-03-", false},
		{"1999/03/31", false}, {"31.03.1999", false}, {"1999-03-31 ", false}, {" 1999", false}, {"1999-03-31\n", false},
		{"1999-03-31T00:00:00Z", false}, {"1999-03-31 00:00", false}, {"now", false}, {"２０００", false}, {"2451545", false},
	} {
		for _, set := range []string{"movies SET release_date", "persons SET date_of_birth"} {
			if got := !refused(t.Context(), db, `UPDATE `+set+` = ?`, tc.date); got != tc.ok {
				t.Errorf("%s = %q: taken is %v, want %v", set, tc.date, got, tc.ok)
			}
		}
	}
	trial(t, db, func(tx *sql.Tx) { // the SQL type keeps 1999 a text
		mustExec(t, tx, `UPDATE movies SET release_date = '1999' WHERE id = 1`)
		if got := value(t, tx, `SELECT typeof(release_date), release_date FROM movies WHERE id = 1`); got != "text|1999" {
			t.Errorf("got %s", got)
		}
	})
}

func TestValuesTheSchemaTakes(t *testing.T) {
	_, db := catalogOf(t)
	for _, tc := range []struct {
		set, values string // values are SQL, separated by spaces
		ok          bool
	}{
		{"movies SET budget", `NULL 0 0.0 0.01 160000000 1e15 '12.5'`, true},
		{"movies SET budget", `-0.01 -1 1.1e15 9e999 'free' '' x'31'`, false},
		{"movies SET duration", `NULL 1 90 100000 90.0 '90'`, true},
		{"movies SET duration", `0 -1 100001 90.5 '90min' ''`, false},
		{"photos SET is_primary", `0 1 0.0`, true},
		{"photos SET is_primary", `NULL 2 -1 'true' 0.5`, false},
		{`movies SET "createdAt"`, `'2026-11-23T21:09:51Z' '1999-01-01T00:00:00Z'`, true},
		{`movies SET "createdAt"`, `NULL '' '2026-11-23' '2026-11-23T21:09:51' '2026-11-23t21:09:51z' '2026-11-23T21:09:51+00:00' '2026-11-23T21:09:51.5Z' 1700000000`, false},
		{`photos SET "updatedAt"`, `'2026-11-23T21:09:51Z'`, true},
		{`photos SET "updatedAt"`, `NULL '' 'now' '2026-11-23T21:09Z'`, false},
		{"movies SET title", `'1917' '.' '!'`, true},
		{"movies SET title", `NULL '' char(32) char(32,32) x'41'`, false},
		{"persons SET last_name", `'Cher' '50'`, true},
		{"persons SET last_name", `NULL '' char(32)`, false},
		{"persons SET first_name", `NULL 'Agnès'`, true},
		{"persons SET first_name", `'' char(32)`, false},
		{"characters SET name", `NULL 'Neo'`, true},
		{"characters SET name", `'' char(32)`, false},
		{"users SET username", `'a' '007a' 'ann@home' 'é'`, true},
		{"users SET username", `NULL '' '7' '007' 'a'||char(32)||'b'`, false},
		{"users SET email", `NULL 'a@b'`, true},
		{"users SET email", `'' 'a' '@' 'a@' '@b'`, false},
		{"users SET password", `NULL '$argon2id$v=19$x'`, true},
		{"users SET password", `'' 'secret' 'argon2id' '$2b$10$x'`, false},
		{"genres SET name", `'film-noir'`, true},
		{"genres SET name", `NULL '' char(32)`, false},
		{"countries SET name", `NULL '' char(32)`, false},
		{"files SET file_name", `'' char(32)`, false},
	} {
		for v := range strings.FieldsSeq(tc.values) {
			query := "UPDATE " + tc.set + " = " + v + " WHERE id = 1"
			if got := !refused(t.Context(), db, query); got != tc.ok {
				t.Errorf("%s: taken is %v, want %v", query, got, tc.ok)
			}
		}
	}
}

func TestUniqueValues(t *testing.T) {
	_, db := catalogOf(t)
	for query, ok := range map[string]bool{
		`INSERT INTO genres (name) VALUES ('DRAMA')`:                                                           false,
		`INSERT INTO genres (name) VALUES ('Drama queen')`:                                                     true,
		`INSERT INTO countries (name) VALUES ('france')`:                                                       false,
		`INSERT INTO users (username) VALUES ('Anna')`:                                                         false,
		`INSERT INTO users (username, email) VALUES ('x', 'ANNA@a.example')`:                                   false,
		`INSERT INTO users (username) VALUES ('x'), ('y')`:                                                     true,
		`INSERT INTO files (file_key) VALUES ('aa/aa.jpg')`:                                                    false,
		`INSERT INTO files (url) VALUES ('https://a.example')`:                                                 true,
		`INSERT INTO photos (person_id, file_id) VALUES (1, 1)`:                                                false,
		`INSERT INTO photos (person_id, file_id) VALUES (1, 2)`:                                                true,
		`INSERT INTO characters (movie_id, actor_id, name) VALUES (1, 1, 'Cléo')`:                              false,
		`INSERT INTO characters (movie_id, actor_id, name) VALUES (1, 1, 'Florence'), (1, 2, 'Cléo')`:          true,
		`INSERT INTO movies (title, release_date) VALUES ('Late Spring', '1949')`:                              true,
		`INSERT INTO persons (first_name, last_name, date_of_birth) VALUES ('Agnès', 'Varda', '1928-05-30')`:   true,
		`INSERT INTO movie_genres VALUES (1, 1)`:                                                               false,
		`INSERT INTO favorite_movies VALUES (1, 1)`:                                                            false,
		`INSERT INTO movie_genres VALUES (1, 2); INSERT INTO favorite_movies (movie_id, user_id) VALUES (1,2)`: true,
	} {
		if got := !refused(t.Context(), db, query); got != ok {
			t.Errorf("%s: taken is %v, want %v", query, got, ok)
		}
	}
}

func TestTheSchemaSetsBothTimestamps(t *testing.T) {
	_, db := catalogOf(t)
	before := value(t, db, `SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')`)
	mustExec(t, db, strings.ReplaceAll(`
		INSERT INTO files (id, url) VALUES (7, 'https://c.example');
		INSERT INTO countries (id, name) VALUES (7, 'x');
		INSERT INTO genres (id, name) VALUES (7, 'x');
		INSERT INTO users (id, username) VALUES (7, 'x');
		INSERT INTO persons (id, last_name) VALUES (7, 'x');
		INSERT INTO movies (id, title) VALUES (7, 'x');
		INSERT INTO characters (id, movie_id) VALUES (7, 7);
		INSERT INTO photos (id, person_id, file_id) VALUES (7, 7, 7)`, "\n", " "))
	after := value(t, db, `SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')`)
	for _, name := range tables(true) {
		got := value(t, db, `SELECT "createdAt" BETWEEN ? AND ? AND "updatedAt" BETWEEN "createdAt" AND ? FROM `+name+` WHERE id = 7`, before, after, after)
		if got != "1" {
			t.Errorf("%s: the timestamps are not now", name)
		}
	}
}

// other is two more values for each column that an UPDATE may set, as SQL.
func other(col string) [2]string {
	switch col {
	case "createdAt":
		return [2]string{`'2001-01-01T00:00:00Z'`, `'2002-01-01T00:00:00Z'`}
	case "date_of_birth", "release_date":
		return [2]string{`'1970'`, `'1971-02'`}
	case "email":
		return [2]string{`'x@y'`, `'y@x'`}
	case "password":
		return [2]string{`'$argon2id$x'`, `'$argon2id$y'`}
	case "is_primary":
		return [2]string{`0`, `1`}
	case "budget", "duration":
		return [2]string{`3`, `4`}
	}
	if strings.HasSuffix(col, "_id") {
		return [2]string{`2`, `1`}
	}
	return [2]string{`'other'`, `'another'`}
}

func TestUpdatedAtMovesWhenAnotherColumnChangesAndOnlyThen(t *testing.T) {
	const past, given = `'2000-01-01T00:00:00Z'`, `'2003-03-03T03:03:03Z'`
	for _, recursive := range []string{"recursive_triggers(0)", "recursive_triggers(1)"} {
		_, db := catalogOf(t, recursive)
		for _, name := range tables(true) {
			for _, col := range columns()[name] {
				if col == "id" || col == "updatedAt" {
					continue
				}
				set := func(tx *sql.Tx, assign string) string {
					t.Helper()
					mustExec(t, tx, `UPDATE `+name+` SET "updatedAt" = `+past)
					mustExec(t, tx, `UPDATE `+name+` SET `+assign+` WHERE id = 1`)
					// A primary photo that goes to person 2 does change row 2.
					if got := value(t, tx, `SELECT "updatedAt" = `+past+` FROM `+name+` WHERE id = 2`); got != "1" && name+col != "photosperson_id" {
						t.Errorf("%s, %s: SET %s of row 1 moved row 2", recursive, name, assign)
					}
					return value(t, tx, `SELECT "updatedAt" FROM `+name+` WHERE id = 1`)
				}
				first, second := `"`+col+`" = `+other(col)[0], `"`+col+`" = `+other(col)[1]
				trial(t, db, func(tx *sql.Tx) {
					if got := set(tx, first); got < "2020" {
						t.Errorf("%s, %s: SET %s left it at %s", recursive, name, first, got)
					}
					if got := set(tx, first); got > "2020" {
						t.Errorf("%s, %s: SET %s once more moved it to %s", recursive, name, first, got)
					}
					if got := set(tx, second+`, "updatedAt" = `+given); got != strings.Trim(given, "'") {
						t.Errorf("%s, %s: SET %s with a time of its own gave %s", recursive, name, second, got)
					}
				})
				if value(t, db, `SELECT "notnull" FROM pragma_table_info(?) WHERE name = ?`, name, col) == "0" {
					trial(t, db, func(tx *sql.Tx) {
						if got := set(tx, `"`+col+`" = NULL`); got < "2020" {
							t.Errorf("%s, %s: SET %s = NULL left it at %s", recursive, name, col, got)
						}
					})
				}
			}
		}
	}
}
