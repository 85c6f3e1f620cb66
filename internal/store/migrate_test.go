package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// versionOf is the schema version as anybody could read it.
func versionOf(t *testing.T, path string) string {
	t.Helper()
	return table(t, hand(t, path), `PRAGMA user_version`)[0]
}

// copies are the files beside a catalog that were kept before migrations.
func copies(t *testing.T, o store.Options) []string {
	t.Helper()
	names, err := filepath.Glob(o.Path + ".v*.bak")
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// Every older catalog becomes one like new, with all its rows, and is kept
// beside it as it was.
func TestAnOlderCatalogIsMigrated(t *testing.T) {
	for version := 1; version < store.SchemaVersion; version++ {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			o, _ := testkit.OldCatalog(t, version)
			const query = `SELECT 'movie', id, title, "updatedAt" FROM movies UNION ALL SELECT 'person', id, last_name, "updatedAt" FROM persons
				UNION ALL SELECT 'user', id, password, "updatedAt" FROM users UNION ALL SELECT 'seq', seq, name, '' FROM sqlite_sequence ORDER BY 1, 2`
			old := hand(t, o.Path)
			before := table(t, old, query)
			if err := old.Close(); err != nil {
				t.Fatal(err)
			}
			var told string
			o.Migrated = func(from, to int, copy string) { told = fmt.Sprint(from, to, copy) }
			update(t, o, nil)
			if got := table(t, hand(t, o.Path), query); strings.Join(got, "\n") != strings.Join(before, "\n") {
				t.Errorf("rows are now\n%s\nwere\n%s", strings.Join(got, "\n"), strings.Join(before, "\n"))
			}
			var found []catalog.Finding
			_, err := store.Inspect(t.Context(), o, store.CheckOptions{Report: func(f catalog.Finding) error {
				found = append(found, f)
				return nil
			}}, func(*store.Check) error { return nil })
			if err != nil || len(found) > 0 {
				t.Errorf("a migrated catalog is not as a new one: %+v, %v", found, err)
			}
			kept := copies(t, o)
			if len(kept) != 1 || told != fmt.Sprint(version, store.SchemaVersion, kept[0]) {
				t.Fatalf("kept %q, told %q", kept, told)
			}
			if got := table(t, hand(t, kept[0]), query); strings.Join(got, "\n") != strings.Join(before, "\n") || versionOf(t, kept[0]) != fmt.Sprint(version) {
				t.Errorf("the copy has version %s and\n%s", versionOf(t, kept[0]), strings.Join(got, "\n"))
			}
			if info, err := os.Stat(kept[0]); err != nil || info.Mode() != 0o600 {
				t.Errorf("the copy is %v, %v", info.Mode(), err)
			}
			told = ""
			update(t, o, nil)
			if told != "" || len(copies(t, o)) != 1 {
				t.Errorf("migrated twice: %q", told)
			}
		})
	}
}

// Reading, a dry run and a completion change nothing, and understand the old one.
func TestAnOlderCatalogIsReadAsItIs(t *testing.T) {
	o, _ := testkit.OldCatalog(t, 1)
	view := func(tx *store.Tx) error {
		f, err := resolve(t, tx, catalog.KindMovie, "haxan, by hand")
		if err == nil && f.ID != 8 {
			err = fmt.Errorf("found %d", f.ID)
		}
		return err
	}
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.View(t.Context(), view), s.Close()); err != nil {
		t.Fatal(err)
	}
	before, beside := bytesOf(t, o.Path), ls(t, filepath.Dir(o.Path))
	if err := errors.Join(store.Peek(t.Context(), o, view), store.DryRun(t.Context(), o, view)); err != nil {
		t.Fatal(err)
	}
	if now := ls(t, filepath.Dir(o.Path)); bytesOf(t, o.Path) != before || fmt.Sprint(now) != fmt.Sprint(beside) {
		t.Errorf("beside it %q, was %q; the file changed: %t", now, beside, bytesOf(t, o.Path) != before)
	}
	if v := versionOf(t, o.Path); v != "1" {
		t.Errorf("version %s", v)
	}
}

// Several writers at once: one migrates, all go on.
func TestOneOfSeveralMigrates(t *testing.T) {
	o, _ := testkit.OldCatalog(t, 1)
	var migrated atomic.Int64
	o.Migrated = func(int, int, string) { migrated.Add(1) }
	var writers sync.WaitGroup
	for i := range 6 {
		writers.Go(func() { addFilm(t, o, fmt.Sprintf("Film %d", i)) })
	}
	writers.Wait()
	n := table(t, hand(t, o.Path), `SELECT count(*) FROM movies WHERE title LIKE 'Film _'`)
	if migrated.Load() != 1 || n[0] != "6" || len(copies(t, o)) != 1 || versionOf(t, o.Path) != fmt.Sprint(store.SchemaVersion) {
		t.Errorf("%d migrated, %s films, copies %q", migrated.Load(), n[0], copies(t, o))
	}
	if ok := table(t, hand(t, o.Path), `PRAGMA integrity_check`); ok[0] != "ok" {
		t.Error(ok)
	}
}

// Three copies stay, the newest.
func TestThreeCopiesStay(t *testing.T) {
	o, _ := testkit.OldCatalog(t, 1)
	for _, name := range []string{".v1-20200101T000000Z.bak", ".v1-20210101T000000Z.bak", ".v3-20190101T000000Z.bak", ".v1-20220101T000000Z.bak", ".very-mine.txt"} {
		if err := os.WriteFile(o.Path+name, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	update(t, o, nil)
	kept := copies(t, o)
	if len(kept) != 3 || kept[0] != o.Path+".v1-20210101T000000Z.bak" || kept[1] != o.Path+".v1-20220101T000000Z.bak" {
		t.Errorf("kept %q", kept)
	}
	if _, err := os.Stat(o.Path + ".very-mine.txt"); err != nil {
		t.Error(err)
	}
}

// A migration killed before its commit leaves a copy that the next one makes
// again; one of the two stays.
func TestTheSameCopyStaysOnce(t *testing.T) {
	o, _ := testkit.OldCatalog(t, 1)
	other := o.Path + ".v1-20200101T000000Z.bak"
	if err := os.WriteFile(other, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, year := range []string{"2021", "2022"} {
		if err := store.Snapshot(t.Context(), o, o.Path+".v1-"+year+"0101T000000Z.bak"); err != nil {
			t.Fatal(err)
		}
	}
	var told string
	o.Migrated = func(_, _ int, copy string) { told = copy }
	update(t, o, nil)
	if kept := copies(t, o); len(kept) != 2 || kept[0] != other || kept[1] != told || versionOf(t, told) != "1" {
		t.Errorf("kept %q, told %q", kept, told)
	}
}

// A mark tells catalogs apart and stays; one that is being made has none yet.
func TestMarks(t *testing.T) {
	mark := func(o store.Options) (m string) {
		update(t, o, func(tx *store.Tx) (err error) {
			m, err = tx.Mark(t.Context())
			return err
		})
		return m
	}
	a, b := testkit.Options(t), testkit.Options(t)
	if m := mark(a); m != "" {
		t.Errorf("unborn: %q", m)
	}
	mark(b) // makes it
	first := mark(a)
	if first == mark(b) || len(first) != 32 || mark(a) != first {
		t.Errorf("marks %q, %q and %q", first, mark(a), mark(b))
	}
}

// A mark that somebody wrote by hand, or that came with a database of anybody's,
// is none if it could be a path; a repair gives the catalog another.
func TestWhatIsNoMark(t *testing.T) {
	for _, text := range []string{"../21/0123456789abcdef0123456789", "", strings.Repeat("A", 32), strings.Repeat("a", 33)} {
		o := testkit.Options(t)
		update(t, o, nil)
		byHand(t, o, "UPDATE identity SET mark = '"+text+"'")
		ask := func() (mark string, err error) {
			err = store.Look(t.Context(), o, func(tx *store.Tx) (err error) {
				mark, err = tx.Mark(t.Context())
				return err
			})
			return mark, err
		}
		if _, err := ask(); err == nil || !strings.Contains(err.Error(), "has lost its mark") {
			t.Errorf("%q: %v", text, err)
		}
		same(t, text, inspect(t, o, store.CheckOptions{Fix: true}), []string{"fixed schema_changed identity 0: the catalog has lost its mark"})
		if mark, err := ask(); err != nil || len(mark) != 32 || mark == text {
			t.Errorf("%q: then %q, %v", text, mark, err)
		}
		same(t, text, inspect(t, o, store.CheckOptions{}), nil)
	}
}
