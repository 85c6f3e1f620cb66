package cmd_test

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// row is every column of one record, as it is in the database.
func (w *world) row(table string, id int) map[string]string {
	w.t.Helper()
	db, err := sql.Open("sqlite", "file:"+w.db()+"?mode=rw")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(fmt.Sprintf("SELECT * FROM %s WHERE id = %d", table, id))
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil || !rows.Next() {
		w.t.Fatalf("no %s %d: %v", table, id, err)
	}
	values := make([]sql.NullString, len(names))
	into := make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	if err := rows.Scan(into...); err != nil {
		w.t.Fatal(err)
	}
	row := map[string]string{}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	for i, name := range names {
		row[name] = fmt.Sprint(values[i].Valid, values[i].String)
	}
	return row
}

// age gives a record a time of change that is long ago.
func (w *world) age(table string, id int) {
	w.t.Helper()
	w.sqlExec(fmt.Sprintf(`UPDATE %s SET "createdAt" = '2001-01-01T00:00:00Z', "updatedAt" = '2001-01-01T00:00:00Z' WHERE id = %d`, table, id))
}

// differing are the columns in which two rows differ.
func differing(before, after map[string]string) string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if before[name] != after[name] {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// full is a world with one record of each kind of which every field is filled.
func full(t *testing.T) *world {
	w := newWorld(t)
	pictures := makePictures(t, w.dir, 2)
	w.must("country", "add", "Soviet Union")
	w.must("genre", "add", "Drama", "--notes", "one\ntwo")
	w.must("genre", "add", "War")
	w.must("person", "add", "Andrei Tarkovsky", "--date-of-birth", "1932-04-04", "--gender", "male", "--country", "Soviet Union", "--biography", "first\n\nthird")
	w.must("movie", "add", "Mirror", "--release-date", "1975-03-07", "--duration", "107", "--budget", "622000.5", "--country", "Soviet Union",
		"--director", "Andrei Tarkovsky", "--genre", "Drama", "--genre", "War", "--description", "a line\nan\tother\n", "--poster", pictures[0])
	w.must("character", "add", "Maria", "--movie", "Mirror", "--actor", "Andrei Tarkovsky", "--role", "lead", "--description", "the mother")
	w.must("user", "add", "andrei", "--first-name", "Andrei", "--last-name", "T.", "--email", "a@example.com", "--avatar", pictures[1])
	for _, table := range []string{"countries", "genres", "persons", "movies", "characters", "users"} {
		w.age(table, 1)
	}
	return w
}

// The form of a change begins with the record. Saved as it is, nothing of it
// changes, not even when it was last changed; else only what was changed does.
func TestFormsOfChanges(t *testing.T) {
	t.Parallel()
	w := full(t)
	for _, tt := range []struct {
		noun, table string
		shown       []string // in the form, from its first field
		end         string   // keys that reach the last field
		keys        []string // a change
		columns     string   // what it changes
	}{
		{"movie", "movies", []string{"Mirror", "1975-03-07", "107", "622000.5", "Soviet Union", "Andrei Tarkovsky", "Drama, War", "a line", "an    other"},
			strings.Repeat(tab, 7), []string{tab, ctrl('u'), "1975"}, "release_date updatedAt"},
		{"person", "persons", []string{"Andrei", "Tarkovsky", "1932-04-04", "male", "Soviet Union", "first", "third"},
			strings.Repeat(tab, 5), []string{tab, tab, tab, tab, ctrl('u')}, "country_id updatedAt"},
		{"character", "characters", []string{"Mirror (1975)", "Andrei Tarkovsky", "Maria", "lead", "the mother"},
			strings.Repeat(tab, 4), []string{tab, tab, tab, ctrl('u'), "cameo"}, "role updatedAt"},
		{"genre", "genres", []string{"Drama", "one", "two"}, tab, []string{tab, "!"}, "notes updatedAt"},
		{"country", "countries", []string{"Soviet Union"}, "", []string{ctrl('u'), "USSR"}, "name updatedAt"},
		{"user", "users", []string{"andrei", "Andrei", "T.", "a@example.com", "file:2"}, strings.Repeat(tab, 4), []string{tab, "j"}, "first_name updatedAt"},
	} {
		before := w.row(tt.table, 1)
		s := w.screen(tt.noun, "edit", "id:1")
		s.wait("Edit " + tt.noun + " 1: ")
		for _, text := range tt.shown {
			s.wait(text)
		}
		s.keys(tt.end, ctrl('s'))
		s.code(0).has(t, tt.noun+" 1 stays as it is")
		if diff := differing(before, w.row(tt.table, 1)); diff != "" {
			t.Errorf("%s: a form saved as it was changes %s", tt.noun, diff)
		}
		s = w.screen(tt.noun, "edit", "id:1")
		s.wait("Edit " + tt.noun + " 1: ").keys(tt.keys...).keys(ctrl('s'))
		s.code(0).has(t, "edited "+tt.noun+" 1: ")
		if diff := differing(before, w.row(tt.table, 1)); diff != tt.columns {
			t.Errorf("%s: changed are %q, want %q", tt.noun, diff, tt.columns)
		}
	}
	if m := w.shown("movie", "show", "1"); m["description"] != "a line\nan\tother" || named(m["genres"]) != "Drama|War" {
		t.Errorf("movie: %v", m)
	}
}

// What another process changed while the form was open stays, in fields that
// were not touched here.
func TestFormKeepsTheChangesOfOthers(t *testing.T) {
	t.Parallel()
	w := full(t)
	s := w.screen("movie", "edit", "Mirror")
	s.wait("Edit movie 1: ")
	w.must("movie", "edit", "Mirror", "--duration", "108", "--description", "changed", "--genre", "War")
	s.keys(tab, ctrl('u'), "1974", ctrl('s'))
	s.code(0)
	m := w.shown("movie", "show", "1")
	if m["release_date"] != "1974" || m["duration"] != 108.0 || m["description"] != "changed" || named(m["genres"]) != "War" {
		t.Errorf("movie: %v", m)
	}
}

// What another process changed in the very field that was changed here is said
// before it is overwritten.
func TestFormOfAFieldThatOthersChange(t *testing.T) {
	t.Parallel()
	w := full(t)
	s := w.screen("movie", "edit", "Mirror")
	s.wait("Edit movie 1: ").keys(tab, ctrl('u'), "1974")
	w.must("movie", "edit", "Mirror", "--release-date", "1973", "--duration", "108")
	s.keys(ctrl('s')).wait(`Released is "1973" by now`)
	if m := w.shown("movie", "show", "1"); m["release_date"] != "1973" {
		t.Errorf("movie: %v", m)
	}
	s.keys(ctrl('s'))
	s.code(0)
	if m := w.shown("movie", "show", "1"); m["release_date"] != "1974" || m["duration"] != 108.0 {
		t.Errorf("movie: %v", m)
	}
}

// A record that is deleted meanwhile is said so, and nothing is made of it.
func TestFormOfARecordThatIsDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must("genre", "add", "Drama")
	s := w.screen("genre", "edit", "Drama")
	s.wait("Edit genre 1: Drama")
	w.must("genre", "delete", "Drama", "--yes")
	s.keys("!", ctrl('s')).wait("no genre 1 in the catalog").keys(esc).wait("[y/N]").keys("y")
	s.code(130)
}

// While another process writes the form says that it waits; what is typed in the
// meantime is not lost, nor is what could not be saved.
func TestFormSavesIntoALockedCatalog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must("genre", "add", "Drama")
	s := w.screen("movie", "add", "--busy-timeout", "2s")
	s.wait("Add a movie").keys("Mirror")
	unlock := lock(t, w.db())
	s.keys(ctrl('s')).wait("one moment…").keys(" II").wait("another process is writing to").wait("Mirror II")
	unlock()
	s.keys(ctrl('s'))
	s.code(0)
	if m := w.shown("movie", "show", "1"); m["title"] != "Mirror II" {
		t.Errorf("title %q", m["title"])
	}
}

// A record that has the id in a catalog that took the place of the one in which
// the form was opened is not changed.
func TestFormOfARecordOfAnotherCatalog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must("genre", "add", "Drama")
	w.sqlExec("UPDATE genres SET createdAt = '2001-01-01T00:00:00Z'")
	other := newWorld(t)
	other.must("genre", "add", "Western")
	other.must("backup", other.dir+"/backup.tar")
	s := w.screen("genre", "edit", "Drama")
	s.wait("Edit genre 1: Drama").keys(tab, "notes")
	w.must("restore", other.dir+"/backup.tar", "--force")
	s.keys(ctrl('s')).wait("the catalog was replaced").wait(`genre 1 is "Western" now`).keys(esc).wait("[y/N]").keys("y")
	s.code(130)
	if g := w.shown("genre", "show", "1"); g["name"] != "Western" || g["notes"] != nil {
		t.Errorf("genre: %v", g)
	}
}

// Fields are emptied, pictures and all, and flags are in the form when it opens.
func TestFormEmptiesFields(t *testing.T) {
	t.Parallel()
	w := full(t)
	s := w.screen("movie", "edit", "Mirror", "-i", "--duration", "99")
	s.wait("Edit movie 1: ").wait("99")
	s.keys(tab, ctrl('u'), tab, tab, ctrl('u'), tab, ctrl('u'), tab, ctrl('u'), tab, backspace, backspace, tab)
	s.keys(strings.Repeat(backspace, 20), tab, ctrl('u'), ctrl('s'))
	s.code(0)
	m := w.shown("movie", "show", "1")
	for _, key := range []string{"release_date", "budget", "country", "director", "description", "poster"} {
		if m[key] != nil {
			t.Errorf("%s is %v", key, m[key])
		}
	}
	if m["duration"] != 99.0 || named(m["genres"]) != "" {
		t.Errorf("movie: %v", m)
	}
	before := w.row("movies", 1)
	s = w.screen("movie", "edit", "Mirror", "-i", "--duration", "98", "--dry-run")
	s.wait("98").keys(ctrl('s'))
	s.code(0).has(t, "would")
	if diff := differing(before, w.row("movies", 1)); diff != "" {
		t.Errorf("--dry-run changes %s", diff)
	}
}
