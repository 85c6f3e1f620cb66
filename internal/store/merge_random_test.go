package store_test

import (
	"cmp"
	"database/sql"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// randomPeople fills a catalog with six people and what belongs to them; some
// of it refers to films, files and countries that are not there.
func randomPeople(t *testing.T, r *rand.Rand, db *sql.DB) {
	t.Helper()
	mustExec(t, db, `BEGIN; INSERT INTO movies (title) VALUES ('a'), ('b'), ('c');
		INSERT INTO countries (name) VALUES ('A'), ('B'); INSERT INTO files (url) VALUES ('u'), ('u'), ('u');`)
	text := func(s string) any { return pick(r, any(nil), any(s)) }
	number := func(most int) any { return pick(r, any(nil), any(1+r.IntN(most)), any(1+r.IntN(most))) }
	for id := range 6 {
		mustExec(t, db, `INSERT INTO persons (last_name, biography, gender, country_id) VALUES (?, ?, ?, ?)`,
			sprint("P%d", id), text(sprint("b%d", id)), text(sprint("g%d", id)), number(3))
	}
	for i := range 24 {
		mustExec(t, db, `INSERT OR IGNORE INTO characters (name, description, role, movie_id, actor_id) VALUES (?, ?, ?, ?, ?)`,
			pick(r, any(nil), any("x"), any("y")), text(sprint("d%d", i)), text(sprint("r%d", i)), 1+r.IntN(4), 1+r.IntN(6))
		mustExec(t, db, `INSERT OR IGNORE INTO photos (person_id, file_id, is_primary) VALUES (?, ?, ?)`, 1+r.IntN(6), 1+r.IntN(4), r.IntN(2))
	}
	mustExec(t, db, `UPDATE movies SET director_id = id + 1; COMMIT`)
}

// part is a row of characters, "NULL" where that is in it.
type part struct{ id, name, descr, role, movie, actor string }

// people is what a merge is about, read without the program: the parts, the
// photos of each person and which is primary, and the values of each.
type people struct {
	parts   []part
	photos  map[string]map[string]bool // by person: the files
	primary map[string]string          // by person: the file, if it is there
	values  map[string][]string        // by person
}

func readPeople(t *testing.T, db ask) people {
	t.Helper()
	w := people{photos: map[string]map[string]bool{}, primary: map[string]string{}, values: map[string][]string{}}
	for _, line := range table(t, db, `SELECT id, name, description, role, movie_id, actor_id FROM characters ORDER BY id`) {
		c := strings.Split(line, "|")
		w.parts = append(w.parts, part{c[0], c[1], c[2], c[3], c[4], c[5]})
	}
	for _, line := range table(t, db, `SELECT p.person_id, p.file_id, p.is_primary, f.id FROM photos p LEFT JOIN files f ON f.id = p.file_id`) {
		c := strings.Split(line, "|")
		if w.photos[c[0]] == nil {
			w.photos[c[0]] = map[string]bool{}
		}
		w.photos[c[0]][c[1]] = true
		if c[2] == "1" && c[3] != "NULL" {
			w.primary[c[0]] = c[1]
		}
	}
	for _, line := range table(t, db, `SELECT p.id, biography, gender, c.id FROM persons p LEFT JOIN countries c ON c.id = p.country_id`) {
		c := strings.Split(line, "|")
		w.values[c[0]] = c[1:]
	}
	return w
}

// orElse is b where a is NULL.
func orElse(a, b string) string {
	if a == "NULL" {
		return b
	}
	return a
}

// merge does to people, one record at a time, what the program does with a few
// statements.
func (w *people) merge(from []string, into string) {
	owners := append([]string{into}, from...)
	slices.SortStableFunc(w.parts, func(a, b part) int {
		return cmp.Compare(slices.Index(owners, a.actor), slices.Index(owners, b.actor))
	})
	var kept []part
	for _, p := range w.parts {
		at := slices.IndexFunc(kept, func(k part) bool { return k.actor == into && k.name == p.name && k.movie == p.movie })
		switch {
		case !slices.Contains(from, p.actor):
			kept = append(kept, p)
		case at >= 0:
			kept[at].descr, kept[at].role = orElse(kept[at].descr, p.descr), orElse(kept[at].role, p.role)
		default:
			p.actor = into
			kept = append(kept, p)
		}
	}
	slices.SortFunc(kept, func(a, b part) int { return cmp.Or(cmp.Compare(len(a.id), len(b.id)), cmp.Compare(a.id, b.id)) })
	w.parts = kept
	for _, f := range from {
		for file := range w.photos[f] {
			if w.photos[into] == nil {
				w.photos[into] = map[string]bool{}
			}
			w.photos[into][file] = true
		}
		if file := w.primary[f]; file != "" && w.primary[into] == "" {
			w.primary[into] = file
		}
		for i, v := range w.values[f] {
			w.values[into][i] = orElse(w.values[into][i], v)
		}
		delete(w.photos, f)
		delete(w.primary, f)
		delete(w.values, f)
	}
}

// TestAnyMergeIsLikeOneDoneByHand compares merges of random people with a model
// that works on one record at a time.
func TestAnyMergeIsLikeOneDoneByHand(t *testing.T) {
	notUnderRace(t)
	r := random(t)
	o := testkit.Options(t)
	update(t, o, nil)
	empty := bytesOf(t, o.Path)
	auditing := audited(t, o, hand(t, o.Path)).Driver
	twice := 0
	for range 80 {
		o := testkit.Options(t)
		if err := os.WriteFile(o.Path, []byte(empty), 0o600); err != nil {
			t.Fatal(err)
		}
		db := hand(t, o.Path, "foreign_keys(0)")
		randomPeople(t, r, db)
		ids := r.Perm(6)[:2+r.IntN(4)]
		into := int64(ids[0] + 1)
		var from []int64
		var names []string
		for _, id := range ids[1:] {
			from, names = append(from, int64(id+1)), append(names, sprint("%d", id+1))
		}
		want := readPeople(t, db)
		want.merge(names, sprint("%d", into))
		o.Driver = auditing
		update(t, o, func(tx *store.Tx) error {
			twins, err := tx.MergePersons(t.Context(), from, into)
			twice += len(twins)
			return err
		})
		if got := readPeople(t, db); sprint("%v", got) != sprint("%v", want) {
			t.Fatalf("%v into %d:\ngot  %v\nwant %v", from, into, got, want)
		}
		db.Close()
	}
	if twice < 40 {
		t.Errorf("only %d merges met something twice", twice)
	}
}
