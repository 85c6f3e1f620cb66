package store_test

import (
	"testing"

	"github.com/moviedb/moviedb/internal/testkit"
)

// TestAChangeOfCaseIsAChange: names of small kinds compare without case, but
// another spelling is another value.
func TestAChangeOfCaseIsAChange(t *testing.T) {
	for _, tc := range []struct{ insert, change, read string }{
		{`INSERT INTO countries (id, name, "updatedAt") VALUES (1, 'france', '2000-01-01T00:00:00Z')`,
			`UPDATE countries SET name = 'France'`, `SELECT name, "updatedAt" > '2000-01-01T00:00:00Z' FROM countries`},
		{`INSERT INTO genres (id, name, "updatedAt") VALUES (1, 'drama', '2000-01-01T00:00:00Z')`,
			`UPDATE genres SET name = 'Drama'`, `SELECT name, "updatedAt" > '2000-01-01T00:00:00Z' FROM genres`},
		{`INSERT INTO users (id, username, "updatedAt") VALUES (1, 'ann', '2000-01-01T00:00:00Z')`,
			`UPDATE users SET username = 'Ann'`, `SELECT username, "updatedAt" > '2000-01-01T00:00:00Z' FROM users`},
		{`INSERT INTO users (id, username, email, "updatedAt") VALUES (1, 'Ann', 'ann@example.org', '2000-01-01T00:00:00Z')`,
			`UPDATE users SET email = 'Ann@example.org'`, `SELECT username, "updatedAt" > '2000-01-01T00:00:00Z' FROM users`},
	} {
		o := testkit.Options(t)
		update(t, o, nil)
		db := hand(t, o.Path)
		mustExec(t, db, tc.insert)
		mustExec(t, db, tc.change)
		if got := table(t, db, tc.read); len(got) != 1 || got[0][len(got[0])-1] != '1' {
			t.Errorf("%s: got %q", tc.change, got)
		}
	}
}
