package store_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
)

// reference is one foreign key as SQLite sees it.
type reference struct{ table, column, parent, action string }

func references(t *testing.T, db ask) []reference {
	t.Helper()
	var refs []reference
	for _, name := range tables(false) {
		for _, line := range table(t, db, `SELECT "from", "table", "to", on_delete FROM pragma_foreign_key_list(?)`, name) {
			f := strings.Split(line, "|")
			if f[2] != "id" {
				t.Errorf("%s.%s refers to %s.%s", name, f[0], f[1], f[2])
			}
			refs = append(refs, reference{name, f[0], f[1], f[3]})
		}
	}
	return refs
}

func TestReferencesAndWhatADeletionDoes(t *testing.T) {
	_, db := catalogOf(t)
	want := []string{
		"users.avatar_id -> files RESTRICT",
		"persons.country_id -> countries RESTRICT",
		"persons.primary_photo_id -> files RESTRICT",
		"movies.country_id -> countries RESTRICT",
		"movies.director_id -> persons RESTRICT",
		"movies.poster_id -> files RESTRICT",
		"characters.movie_id -> movies CASCADE",
		"characters.actor_id -> persons RESTRICT",
		"movie_genres.movie_id -> movies CASCADE",
		"movie_genres.genre_id -> genres CASCADE",
		"favorite_movies.user_id -> users CASCADE",
		"favorite_movies.movie_id -> movies CASCADE",
		"photos.person_id -> persons CASCADE",
		"photos.file_id -> files RESTRICT",
	}
	var got []string
	for _, r := range references(t, db) {
		got = append(got, r.table+"."+r.column+" -> "+r.parent+" "+r.action)
	}
	slices.Sort(got)
	slices.Sort(want)
	same(t, "references", got, want)
}

// TestADeletionIsRefusedOrTakesAlong empties every other reference to the
// parent first, so that each foreign key shows what it does by itself.
func TestADeletionIsRefusedOrTakesAlong(t *testing.T) {
	_, db := catalogOf(t)
	refs := references(t, db)
	for _, r := range refs {
		trial(t, db, func(tx *sql.Tx) {
			mustExec(t, tx, `DROP TRIGGER photos_sync_del`) // else a person's primary photo goes with the photo
			for _, o := range refs {
				switch {
				case o.parent != r.parent || o == r:
				case o.table == "movies" || o.table == "persons":
					mustExec(t, tx, `UPDATE `+o.table+` SET `+o.column+` = NULL WHERE `+o.column+` = 1`)
				default:
					mustExec(t, tx, `DELETE FROM `+o.table+` WHERE `+o.column+` = 1`)
				}
			}
			rows := `SELECT count(*) FROM ` + r.table + ` WHERE ` + r.column + ` = 1`
			if value(t, tx, rows) == "0" {
				t.Fatalf("%s.%s has no row to try", r.table, r.column)
			}
			_, err := tx.ExecContext(t.Context(), `DELETE FROM `+r.parent+` WHERE id = 1`)
			if r.action == "RESTRICT" {
				if err == nil || value(t, tx, rows) == "0" {
					t.Errorf("%s.%s lets the %s go: %v", r.table, r.column, r.parent, err)
				}
			} else if err != nil || value(t, tx, rows) != "0" {
				t.Errorf("%s.%s does not go with the %s: %v", r.table, r.column, r.parent, err)
			}
		})
	}
}

func TestAReferenceToNothingIsRefused(t *testing.T) {
	_, db := catalogOf(t)
	for _, r := range references(t, db) {
		if !refused(t.Context(), db, `UPDATE `+r.table+` SET `+r.column+` = 99 WHERE `+r.column+` = 1`) {
			t.Errorf("%s.%s may refer to nothing", r.table, r.column)
		}
	}
}

// TestEveryForeignKeyHasAnIndex: without one, deleting a single row would read
// the whole table that refers to it.
func TestEveryForeignKeyHasAnIndex(t *testing.T) {
	_, db := catalogOf(t)
	refs := references(t, db)
	if len(refs) != 14 {
		t.Fatalf("%d foreign keys, want 14", len(refs))
	}
	for _, r := range refs {
		plan := strings.Join(table(t, db, `EXPLAIN QUERY PLAN SELECT 1 FROM `+r.table+` WHERE `+r.column+` = ?`, 1), "\n")
		if !strings.Contains(plan, "SEARCH "+r.table+" USING") || strings.Contains(plan, "SCAN") {
			t.Errorf("%s.%s: %s", r.table, r.column, plan)
		}
	}
}
