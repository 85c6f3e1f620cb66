package cmd_test

import (
	"database/sql"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

// withTwins is a world in which one director is three people.
func withTwins(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	csv := w.dir + "/films.csv"
	text := "title,year,director,cast\nStalker,1979,Andrei Tarkovsky,A. Tarkovsky as Self\nSolaris,1972,A. Tarkovsky,Tarkovskij as Self; A. Tarkovsky as Self\n"
	if err := os.WriteFile(csv, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w.must("import", "movies", csv)
	w.must("person", "edit", "A. Tarkovsky", "--date-of-birth", "1932-04-04")
	w.must("photo", "add", "A. Tarkovsky", root(t, "testdata/media/ripley.png"))
	w.must("person", "edit", "Andrei Tarkovsky", "--date-of-birth", "1933")
	w.must("person", "add", "Nobody")
	return w
}

func TestMergeAsksOnATerminal(t *testing.T) {
	w := withTwins(t)
	call := []string{"person", "merge", "A. Tarkovsky", "Nobody", "--into", "Andrei Tarkovsky"}
	into := strings.TrimSpace(w.must("person", "show", "Andrei Tarkovsky", "--fields", "id"))
	a := strings.TrimSpace(w.must("person", "show", "A. Tarkovsky", "--fields", "id"))
	nobody := strings.TrimSpace(w.must("person", "show", "Nobody", "--fields", "id"))
	prompt := "Merge these 2 into person " + into + ": Andrei Tarkovsky (1933)? [y/N] "
	asked := "person " + a + ": A. Tarkovsky (1932), with 1 film, 2 parts, 1 photo\nperson " + nobody + ": Nobody\n" +
		"the dates of birth differ: person " + a + " has 1932-04-04, kept is 1933\n" + prompt
	before := w.must("person", "list")
	for _, answer := range []string{"\n", "n\n", "\x04"} {
		if r := w.onTerminal(prompt, answer, call...); r.code != 1 || !strings.HasPrefix(r.out, asked) || !strings.Contains(r.out, "nothing was changed") {
			t.Errorf("answer %q: exit %d, screen:\n%s", answer, r.code, r.out)
		}
	}
	if r := w.onTerminal(prompt, "\x03", call...); r.code != 130 {
		t.Errorf("Ctrl-C: exit %d, screen:\n%s", r.code, r.out)
	}
	if r := w.onTerminal("", "", append(call, "--no-input")...); r.code != 2 {
		t.Errorf("--no-input: exit %d, screen:\n%s", r.code, r.out)
	}
	if after := w.must("person", "list"); after != before {
		t.Errorf("without a yes something was merged:\n%s", after)
	}
	sentences := func(verb string) string {
		return verb + " person " + a + ": A. Tarkovsky (1932) into person " + into + ": Andrei Tarkovsky (1933) (1 film, 2 parts, 1 photo)\n" +
			verb + " person " + nobody + ": Nobody into person " + into + ": Andrei Tarkovsky (1933)\n"
	}
	if r := w.onTerminal("", "", append(call, "--dry-run")...); r.code != 0 || !strings.HasSuffix(r.out, sentences("would merge")) {
		t.Errorf("--dry-run: exit %d, screen:\n%s", r.code, r.out)
	}
	if r := w.onTerminal(prompt, "y\n", call...); r.code != 0 || !strings.HasSuffix(r.out, "y\n"+sentences("merged")) {
		t.Errorf("yes: exit %d, screen:\n%s", r.code, r.out)
	}
	if r := w.onTerminal("Merge it into person", "y", "person", "merge", "Tarkovskij", "--into", into); r.code != 0 ||
		!strings.Contains(r.out, ": Tarkovskij into person "+into+": Andrei Tarkovsky (1933) (1 part)\n") {
		t.Errorf("one: exit %d, screen:\n%s", r.code, r.out)
	}
}

// A dry run says the same as the merge and leaves every file as it was.
func TestMergeDryRunChangesNothing(t *testing.T) {
	w := withTwins(t)
	for _, format := range [][]string{nil, {"-o", "csv"}, {"--fields", "id,name,date_of_birth"}} {
		before := w.snapshot()
		call := append([]string{"person", "merge", "A. Tarkovsky", "Tarkovskij", "--into", "Andrei Tarkovsky"}, format...)
		dry := w.run(append(call, "--dry-run")...)
		if !sameFiles(before, w.snapshot()) {
			t.Errorf("%v: a dry run changed a file", format)
		}
		copied := w.dir + "/copy.db"
		if err := os.WriteFile(copied, []byte(before[w.db()]), 0o600); err != nil {
			t.Fatal(err)
		}
		merged := w.run(append(call, "--yes", "--db", copied)...)
		if dry != merged {
			t.Errorf("%v: the dry run says %+v, the merge %+v", format, dry, merged)
		}
		os.Remove(copied)
	}
}

// A merge killed at any moment is done or is not.
func TestMergeKilledAtRandom(t *testing.T) {
	rounds := 4
	if long() {
		rounds = 40
	}
	w := newWorld(t)
	w.must("person", "add", "Ann")
	w.must("person", "add", "Anna", "--gender", "female")
	db, err := sql.Open("sqlite", "file:"+w.db())
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
			INSERT INTO movies (title, director_id) SELECT 'Film ' || i, 2 FROM n;
		INSERT INTO characters (name, movie_id, actor_id) SELECT 'Self', id, 1 + id % 2 FROM movies`)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	w.must("movie", "edit", "1", "--duration", "1") // the names of the films are in the index
	merge := []string{"person", "merge", "Anna", "--into", "Ann", "--yes"}
	state := func() string {
		t.Helper()
		db, err := sql.Open("sqlite", "file:"+w.db())
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var s, ok string
		err = db.QueryRow(`SELECT (SELECT group_concat(last_name || coalesce(gender, '-')) FROM persons) || ' ' ||
			(SELECT count(*) FROM movies WHERE director_id = 1) || ' ' || (SELECT count(*) FROM characters WHERE actor_id = 1)`).Scan(&s)
		if err == nil {
			err = db.QueryRow(`PRAGMA integrity_check`).Scan(&ok)
		}
		if err != nil || ok != "ok" {
			t.Fatalf("%v, integrity_check: %q", err, ok)
		}
		return s
	}
	const before, after = "Ann-,Annafemale 0 2500", "Annfemale 5000 5000"
	if s := state(); s != before {
		t.Fatalf("before: %s", s)
	}
	start := w.snapshot()
	began := time.Now()
	w.must(merge...)
	took := time.Since(began)
	seen := map[string]int{}
	for range rounds {
		for path, content := range start {
			if content != "dir" {
				if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, beside := range []string{"-wal", "-shm"} {
			os.Remove(w.db() + beside)
		}
		c := w.command(merge...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(rand.Int64N(int64(took*5/4))), func() { c.Process.Kill() })
		c.Wait()
		timer.Stop()
		s := state()
		if s != before && s != after {
			t.Errorf("neither before nor after: %s", s)
		}
		seen[s]++
	}
	t.Log(seen)
}
