package cmd_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/password"
)

// sqlRow reads one text of the catalog, not through our code.
func (w *world) sqlRow(query string, args ...any) string {
	w.t.Helper()
	db, err := sql.Open("sqlite", "file:"+w.db()+"?mode=rw")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	var s sql.NullString
	if err := db.QueryRow(query, args...).Scan(&s); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	return s.String
}

// On a terminal a password is asked for twice, and not shown.
func TestPasswordIsAskedTwiceAndNotShown(t *testing.T) {
	w := newWorld(t)
	w.must("user", "add", "ann")
	type answers []string
	tests := []struct {
		name    string
		answers answers
		code    int
		says    string
	}{
		{"both the same", answers{"correct horse", "correct horse"}, 0, "set the password of user 1: ann"},
		{"the two differ", answers{"correct horse", "correct house"}, 2, "differ"},
		{"too short", answers{"horse"}, 2, "too short"},
		{"empty", answers{""}, 2, "empty"},
	}
	for _, tt := range tests {
		before := ""
		if tt.code != 0 {
			before = w.sqlRow(`SELECT password FROM users`)
		}
		r := w.converse(w.command("user", "passwd", "ann"), []string{"New password: ", "Once more: "}, tt.answers)
		if r.code != tt.code || !strings.Contains(r.out, tt.says) {
			t.Errorf("%s: exit %d, screen:\n%s", tt.name, r.code, r.out)
		}
		if strings.Contains(r.out, "horse") || strings.Contains(r.out, "house") {
			t.Errorf("%s: the password is on the screen:\n%s", tt.name, r.out)
		}
		if after := w.sqlRow(`SELECT password FROM users`); tt.code != 0 && after != before {
			t.Errorf("%s: the password changed", tt.name)
		}
	}
	for answer, code := range map[string]int{"correct horse": 0, "wrong horse": 1} {
		r := w.converse(w.command("user", "verify", "ann"), []string{"Password: "}, answers{answer})
		if r.code != code || strings.Contains(r.out, "horse") {
			t.Errorf("verify %q: exit %d, screen:\n%s", answer, r.code, r.out)
		}
	}
	if r := w.converse(w.command("user", "passwd", "ann"), []string{"New password: "}, answers{"\x03"}); r.code != 130 {
		t.Errorf("Ctrl-C: exit %d, screen:\n%s", r.code, r.out)
	}
}

// A hash that costs less than today's is made again when its password is next
// verified, and the password stays the same.
func TestWeakHashIsRenewedAtTheNextVerify(t *testing.T) {
	w := newWorld(t)
	w.must("user", "add", "ann")
	secrets := []string{strings.Repeat("x", password.Most), "🔑🔑🔑", "  leading", "trailing   "}
	for _, secret := range secrets {
		weak, err := password.Hash([]byte(secret), password.Params{Memory: 64, Time: 1, Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", "file:"+w.db()+"?mode=rw")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(`UPDATE users SET password = ?`, weak); err != nil {
			t.Fatal(err)
		}
		db.Close()
		if r := w.runWith("wrong password\n", "user", "verify", "ann", "--password-stdin"); r.code != 1 || w.sqlRow(`SELECT password FROM users`) != weak {
			t.Errorf("a wrong password: exit %d, or the hash changed", r.code)
		}
		for range 2 {
			if r := w.runWith(secret+"\nmore", "user", "verify", "ann", "--password-stdin"); r.code != 0 {
				t.Errorf("verify %.10q: exit %d: %s", secret, r.code, r.err)
			}
		}
		if now := w.sqlRow(`SELECT password FROM users`); !strings.HasPrefix(now, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("the hash was not renewed: %s", now)
		}
	}
}

// No command prints a hash, in any format.
func TestNothingPrintsAHash(t *testing.T) {
	w := newWorld(t)
	if r := w.runWith("correct horse\n", "user", "add", "ann", "--password-stdin", "--json"); r.code != 0 || strings.Contains(r.out+r.err, "argon2") {
		t.Errorf("add: exit %d, %s", r.code, r.out+r.err)
	}
	for _, format := range []string{"table", "tsv", "csv", "json", "jsonl", "markdown"} {
		for _, args := range [][]string{{"user", "list"}, {"user", "show", "ann"}, {"user", "edit", "ann", "--first-name", "Ann"}, {"user", "delete", "ann", "--dry-run"}} {
			out := w.must(append(args, "-o", format)...)
			if strings.Contains(out, "argon2") || strings.Contains(out, "horse") {
				t.Errorf("moviedb %v -o %s: %s", args, format, out)
			}
		}
	}
	if r := w.run("user", "list", "--fields", "password"); r.code != 2 {
		t.Errorf("there is a field password: %s", r.out)
	}
}
