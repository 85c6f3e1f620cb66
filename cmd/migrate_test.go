package cmd_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// aged is a world whose catalog an older program wrote, and what that exported
// of it, as today's program says it.
func aged(t *testing.T) (w *world, export string) {
	t.Helper()
	w = newWorld(t)
	o, export := testkit.OldCatalog(t, 1)
	db, err := os.ReadFile(o.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(w.db()), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.db(), db, 0o600); err != nil {
		t.Fatal(err)
	}
	return w, strings.Replace(export, `"schema_version":1`, fmt.Sprintf(`"schema_version":%d`, store.SchemaVersion), 1)
}

// beside are the names in the catalog's folder.
func (w *world) beside() []string {
	w.t.Helper()
	entries, err := os.ReadDir(filepath.Dir(w.db()))
	if err != nil {
		w.t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// A migration that is killed leaves the catalog as it was or as it was to be;
// the next command goes on, and nothing is lost on the way.
func TestMigrationKilledAtAnyMoment(t *testing.T) {
	rounds := 5
	if long() {
		rounds = 200
	}
	for range rounds {
		w, want := aged(t)
		c := w.command("genre", "add", "Giallo")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(30 * time.Millisecond))))
		c.Process.Kill()
		c.Wait()
		got := w.must("export", "catalog", "--with-passwords")
		if added := strings.Contains(got, "Giallo"); !added && got != want {
			t.Fatalf("after the kill the export is another")
		}
		if out := w.run("genre", "add", "Noir"); out.code != 0 {
			t.Fatalf("after the kill: %d, %s", out.code, out.err)
		}
		if out := w.run("check"); strings.Contains(out.out, "schema") || strings.Contains(out.out, "derived") || strings.Contains(out.out, "damaged") {
			t.Fatalf("check after the kill: %s", out.out)
		}
	}
}

// A disk too full for the copy keeps the old catalog, which can still be read.
func TestMigrationOnAFullDisk(t *testing.T) {
	w, want := aged(t)
	before := w.snapshot()
	r := w.limited(100, "genre", "add", "Giallo")
	if r.code != 1 || !strings.Contains(r.err, "could not be brought up to date; it is as it was") {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	if after := w.snapshot(); len(after) != len(before) || after[w.db()] != before[w.db()] {
		t.Errorf("left beside the catalog: %q", w.beside())
	}
	if got := w.must("export", "catalog", "--with-passwords"); got != want {
		t.Error("the export is another")
	}
}

// What a person sees of a migration.
func TestMigrationIsTold(t *testing.T) {
	w, _ := aged(t)
	if r := w.run("genre", "delete", "Drama", "--dry-run"); r.code != 0 || strings.Contains(r.err, "schema") {
		t.Errorf("a dry run: %d %s", r.code, r.err)
	}
	r := w.run("genre", "add", "Giallo")
	if r.code != 0 || !strings.HasPrefix(r.err, "the catalog was brought from schema 1 to 2; a copy of it as it was is ") || !strings.HasSuffix(r.err, ".bak\n") {
		t.Errorf("%d %q %q", r.code, r.out, r.err)
	}
	if r := w.run("genre", "add", "Noir"); r.code != 0 || r.err != "" {
		t.Errorf("told twice: %q", r.err)
	}
}
