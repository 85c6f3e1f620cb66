package library_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/library"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// keep adds content to a catalog and returns its key.
func keep(t *testing.T, o store.Options, dir *blob.Dir, content string) string {
	t.Helper()
	s := staged(t, dir, content)
	err := store.Update(t.Context(), o, func(tx *store.Tx) error {
		_, _, err := library.Keep(t.Context(), tx, library.Incoming{Staged: s, Name: content + ".txt"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.Key
}

func staged(t *testing.T, dir *blob.Dir, content string) *blob.Staged {
	t.Helper()
	s, err := dir.Stage(context.Background(), strings.NewReader(content), blob.Limits{}, false)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// codes are the codes of what a check finds. step is called at each of its steps.
func codes(t *testing.T, o store.Options, dir *blob.Dir, co store.CheckOptions) []string {
	t.Helper()
	var found []string
	co.Report = func(f catalog.Finding) error { found = append(found, f.Code); return nil }
	if _, err := library.Check(t.Context(), o, dir, co); err != nil {
		t.Fatal(err)
	}
	return found
}

// Content that comes or goes while a check runs is nothing wrong: the check
// looks again.
func TestCheckWhileOthersWrite(t *testing.T) {
	o := testkit.Options(t)
	dir := blob.Open(filepath.Join(t.TempDir(), "files"))
	old := keep(t, o, dir, "old")
	db, err := sql.Open("sqlite", o.Path+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	change := func(query string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	done := false
	co := store.CheckOptions{Step: func(what string) {
		if what != "managed directory" || done {
			return
		}
		done = true
		s := staged(t, dir, "new")
		if err := s.Commit(); err != nil {
			t.Fatal(err)
		}
		change(`INSERT INTO files (file_name, mime_type, file_key) VALUES ('new.txt', 'text/plain', ?)`, s.Key)
		change(`DELETE FROM files WHERE file_key = ?`, old)
		if err := dir.Trash([]blob.Leftover{{Key: old}}, time.Now()); err != nil {
			t.Fatal(err)
		}
	}}
	if found := codes(t, o, dir, co); len(found) > 0 || !done {
		t.Errorf("found %q; written %v", found, done)
	}
	if err := staged(t, dir, "orphan").Commit(); err != nil {
		t.Fatal(err)
	}
	change(`INSERT INTO files (file_name, file_key) VALUES ('..', ?), ('x', 'ab/cd')`, strings.Replace(old, ".txt", ".png", 1))
	want := []string{catalog.FindingValue, catalog.FindingValue, catalog.FindingContentMissing, catalog.FindingOrphan}
	if found := codes(t, o, dir, store.CheckOptions{}); !slices.Equal(found, want) {
		t.Errorf("found %q, want %q", found, want)
	}
}
