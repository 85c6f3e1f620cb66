package store_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/testkit"
)

// brokenRule counts people with several primary photos, and people whose
// primary_photo_id is not the file of their primary photo.
const brokenRule = `SELECT
	(SELECT count(*) FROM (SELECT 1 FROM photos WHERE +is_primary = 1 GROUP BY person_id HAVING count(*) > 1)) +
	(SELECT count(*) FROM persons p WHERE primary_photo_id IS NOT
		(SELECT file_id FROM photos WHERE person_id = p.id AND +is_primary = 1))`

// photoStatement makes a random statement on photos and persons; kind tells
// its shape.
func photoStatement(r *rand.Rand) (kind int, query string) {
	person, file, primary := 1+r.IntN(5), 1+r.IntN(6), r.IntN(2)
	photo := fmt.Sprintf("(SELECT max(1, coalesce(max(id), 0) - %d) FROM photos)", r.IntN(8)) // mostly one that is there
	or := pick(r, "", "", "OR REPLACE ", "OR REPLACE ", "OR IGNORE ", "OR FAIL ")
	maybe := pick(r, fmt.Sprint(file), fmt.Sprint(file), "NULL")
	which := pick(r, "id = "+photo, "id = "+photo, fmt.Sprintf("person_id = %d", person),
		fmt.Sprintf("file_id = %d", file), "is_primary = 1", "id % 2", "1")
	who := pick(r, fmt.Sprintf("id = %d", person), fmt.Sprintf("id = %d", person), "id > 2", "1")
	kind = r.IntN(17)
	return kind, []string{
		fmt.Sprintf("INSERT %sINTO photos (person_id, file_id, is_primary) VALUES (%d, %d, %d)", or, person, file, primary),
		fmt.Sprintf("INSERT %sINTO photos (id, person_id, file_id, is_primary) VALUES (%s, %d, %d, %d)", or, photo, person, file, primary),
		fmt.Sprintf("INSERT %sINTO photos (person_id, file_id, is_primary) SELECT %d, id, %d FROM files WHERE id %% 2 = %d", or, person, primary, file%2),
		fmt.Sprintf("INSERT INTO photos (person_id, file_id, is_primary) VALUES (%d, %d, %d) ON CONFLICT (person_id, file_id) DO UPDATE SET is_primary = excluded.is_primary", person, file, primary),
		fmt.Sprintf("INSERT INTO photos (id, person_id, file_id, is_primary) VALUES (%s, %d, %d, %d) ON CONFLICT (id) DO UPDATE SET person_id = excluded.person_id, file_id = excluded.file_id, is_primary = excluded.is_primary", photo, person, file, primary),
		fmt.Sprintf("UPDATE %sphotos SET is_primary = %d WHERE %s", or, primary, which),
		fmt.Sprintf("UPDATE %sphotos SET is_primary = 1 - is_primary WHERE %s", or, which),
		fmt.Sprintf("UPDATE %sphotos SET file_id = %d WHERE %s", or, file, which),
		fmt.Sprintf("UPDATE %sphotos SET person_id = %d WHERE %s", or, person, which),
		fmt.Sprintf("UPDATE %sphotos SET person_id = %d, file_id = file_id %% 6 + 1, is_primary = %d WHERE %s", or, person, primary, which),
		fmt.Sprintf("DELETE FROM photos WHERE %s", which),
		fmt.Sprintf("INSERT %sINTO persons (id, last_name, primary_photo_id) VALUES (%d, 'x', %s)", or, person, maybe),
		fmt.Sprintf("INSERT INTO persons (id, last_name, primary_photo_id) VALUES (%d, 'x', %s) ON CONFLICT (id) DO UPDATE SET primary_photo_id = excluded.primary_photo_id", person, maybe),
		fmt.Sprintf("UPDATE %spersons SET primary_photo_id = %s WHERE %s", or, maybe, who),
		fmt.Sprintf("UPDATE %spersons SET last_name = last_name || 'x' WHERE %s", or, who),
		fmt.Sprintf("DELETE FROM persons WHERE %s", who),
		pick(r, fmt.Sprintf("DELETE FROM files WHERE id = %d", file), fmt.Sprintf("INSERT %sINTO files (id, url) VALUES (%d, 'https://f.example')", or, file)),
	}[kind]
}

const (
	photoStatements = 600 // for each setting
	photoStart      = `INSERT INTO files (id, url) VALUES (1, 'u'), (2, 'u'), (3, 'u'), (4, 'u'), (5, 'u'), (6, 'u');
		INSERT INTO persons (id, last_name) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e');`
)

// photoSettings are the pragmas with which the rule must hold.
func photoSettings() [][2]int { return [][2]int{{0, 0}, {0, 1}, {1, 0}, {1, 1}} }

func TestPrimaryPhotoRuleHoldsAfterAnyStatement(t *testing.T) {
	notUnderRace(t)
	r := random(t)
	effects, primaries := map[int]int{}, 0
	for _, set := range photoSettings() {
		o := testkit.Options(t)
		update(t, o, nil)
		db := hand(t, o.Path, fmt.Sprintf("foreign_keys(%d)", set[0]), fmt.Sprintf("recursive_triggers(%d)", set[1]))
		mustExec(t, db, photoStart)
		trial(t, db, func(tx *sql.Tx) {
			var past []string
			for range photoStatements {
				kind, query := photoStatement(r)
				past = append(past, query)
				res, err := tx.ExecContext(t.Context(), query)
				if err == nil {
					if n, err := res.RowsAffected(); err == nil && n > 0 {
						effects[kind]++
					}
				} else if !strings.Contains(err.Error(), "UNIQUE constraint") && !strings.Contains(err.Error(), "FOREIGN KEY constraint") {
					t.Fatalf("foreign_keys, recursive_triggers = %v: %s: %v", set, query, err)
				}
				if n := value(t, tx, brokenRule); n != "0" {
					t.Fatalf("foreign_keys, recursive_triggers = %v: broken for %s people after:\n%s\nphotos %q\npersons %q", set, n,
						strings.Join(past[max(0, len(past)-4):], "\n"), table(t, tx, `SELECT id, person_id, file_id, is_primary FROM photos`),
						table(t, tx, `SELECT id, primary_photo_id FROM persons`))
				}
				if value(t, tx, `SELECT count(*) FROM persons WHERE primary_photo_id IS NOT NULL`) != "0" {
					primaries++
				}
			}
		})
	}
	for kind := range 17 {
		if effects[kind] < 10 {
			t.Errorf("statements of shape %d had an effect %d times only", kind, effects[kind])
		}
	}
	if primaries < photoStatements {
		t.Errorf("only %d states had a primary photo", primaries)
	}
}

func TestPrimaryPhotoRuleHoldsInTheShell(t *testing.T) {
	notUnderRace(t)
	name, err := exec.LookPath("sqlite3")
	if err != nil {
		t.Skip("there is no sqlite3 shell")
	}
	r := random(t)
	for _, set := range photoSettings() {
		o := testkit.Options(t)
		update(t, o, nil)
		var script strings.Builder
		fmt.Fprintf(&script, "PRAGMA foreign_keys = %d; PRAGMA recursive_triggers = %d; BEGIN;\n%s\n", set[0], set[1], photoStart)
		for i := range photoStatements {
			_, query := photoStatement(r)
			fmt.Fprintf(&script, "%s;\nSELECT 'broken after statement %d' WHERE (%s) <> 0;\n", query, i, brokenRule)
		}
		fmt.Fprintf(&script, "SELECT 'changes', total_changes() > %d;\n", photoStatements/2)
		c := exec.CommandContext(t.Context(), name, "-batch", "-init", os.DevNull, o.Path)
		c.Stdin = strings.NewReader(script.String())
		var errs bytes.Buffer
		c.Stderr = &errs
		out, _ := c.Output() // it fails with the first statement that is refused, and goes on
		if string(out) != "changes|1\n" {
			t.Errorf("foreign_keys, recursive_triggers = %v: %.300s", set, out)
		}
		for line := range strings.Lines(errs.String()) {
			if !strings.Contains(line, "UNIQUE constraint") && !strings.Contains(line, "FOREIGN KEY constraint") {
				t.Errorf("foreign_keys, recursive_triggers = %v: %s", set, line)
			}
		}
	}
}

// TestPrimaryPhoto walks through the rule by example.
func TestPrimaryPhoto(t *testing.T) {
	_, db := catalogOf(t)
	state := func(tx *sql.Tx) string {
		return strings.Join(append(table(t, tx, `SELECT file_id || ':' || is_primary FROM photos WHERE person_id = 1 ORDER BY file_id`),
			"person "+value(t, tx, `SELECT primary_photo_id FROM persons WHERE id = 1`)), " ")
	}
	for _, tc := range []struct{ query, want string }{
		{`SELECT 1`, "1:1 person 1"},
		{`INSERT INTO photos (person_id, file_id) VALUES (1, 2)`, "1:1 2:0 person 1"},
		{`INSERT INTO photos (person_id, file_id, is_primary) VALUES (1, 2, 1)`, "1:0 2:1 person 2"},
		{`UPDATE photos SET is_primary = 0 WHERE person_id = 1`, "1:0 person NULL"},
		{`DELETE FROM photos WHERE person_id = 1`, "person NULL"},
		{`UPDATE photos SET file_id = 2 WHERE person_id = 1`, "2:1 person 2"},
		{`UPDATE photos SET person_id = 1 WHERE person_id = 2`, "1:0 2:1 person 2"},
		{`UPDATE persons SET primary_photo_id = 2 WHERE id = 1`, "1:0 2:1 person 2"},
		{`UPDATE persons SET primary_photo_id = NULL WHERE id = 1`, "1:0 person NULL"},
	} {
		trial(t, db, func(tx *sql.Tx) {
			mustExec(t, tx, tc.query)
			if got := state(tx); got != tc.want {
				t.Errorf("%s: %s, want %s", tc.query, got, tc.want)
			}
		})
	}
}
