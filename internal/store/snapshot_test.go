package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// addFilm adds a film with a genre of its own, so that half of it would show.
func addFilm(t testing.TB, o store.Options, title string) {
	update(t, o, func(tx *store.Tx) error {
		ms := []catalog.Movie{{Title: title}}
		gs := []catalog.Genre{{Name: title}}
		if err := tx.InsertGenres(t.Context(), gs); err != nil {
			return err
		}
		if err := tx.InsertMovies(t.Context(), ms); err != nil {
			return err
		}
		_, err := tx.LinkGenres(t.Context(), []store.Link{{Movie: ms[0].ID, Genre: gs[0].ID}})
		return err
	})
}

// A copy has every row, the counters and the marks of the catalog, in one file
// of its own that nobody else can read.
func TestSnapshotIsTheCatalog(t *testing.T) {
	for _, journal := range []string{"wal", "delete"} {
		t.Run(journal, func(t *testing.T) {
			o := testkit.Options(t)
			o.Journal = journal
			addFilm(t, o, "Moon")
			addFilm(t, o, "Sun")
			mustExec(t, hand(t, o.Path), `DELETE FROM movies WHERE title = 'Sun'`)
			to := filepath.Join(t.TempDir(), "file:copy of ünïcode?.db")
			if err := store.Snapshot(t.Context(), o, to); err != nil {
				t.Fatal(err)
			}
			const query = `SELECT 'movie', id, title FROM movies UNION ALL SELECT 'genre', id, name FROM genres
				UNION ALL SELECT 'seq', seq, name FROM sqlite_sequence UNION ALL SELECT 'link', movie_id, genre_id FROM movie_genres ORDER BY 1, 2, 3`
			got, want := table(t, hand(t, to), query), table(t, hand(t, o.Path), query)
			if fmt.Sprint(got) != fmt.Sprint(want) || len(got) < 6 {
				t.Errorf("the copy has %q, the catalog %q", got, want)
			}
			for _, pragma := range []string{"user_version", "application_id"} {
				if got, want := table(t, hand(t, to), "PRAGMA "+pragma), table(t, hand(t, o.Path), "PRAGMA "+pragma); got[0] != want[0] {
					t.Errorf("%s: %s, want %s", pragma, got[0], want[0])
				}
			}
			info, err := os.Stat(to)
			if err != nil || info.Mode() != 0o600 {
				t.Errorf("%v, %v", info.Mode(), err)
			}
			left, err := filepath.Glob(filepath.Dir(to) + "/*")
			if err != nil || len(left) != 1 {
				t.Errorf("beside the copy: %q, %v", left, err)
			}
		})
	}
}

// While others write, a copy is one moment: no film is without its genre.
func TestSnapshotWhileOthersWrite(t *testing.T) {
	o := testkit.Options(t)
	addFilm(t, o, "The first")
	var writers sync.WaitGroup
	for w := range 2 {
		writers.Go(func() {
			for i := range 15 {
				addFilm(t, o, fmt.Sprintf("Film %d of %d", i, w))
			}
		})
	}
	for i := range 5 {
		to := filepath.Join(t.TempDir(), "copy.db")
		if err := store.Snapshot(t.Context(), o, to); err != nil {
			t.Fatal(err)
		}
		db := hand(t, to)
		n := table(t, db, `SELECT count(*), (SELECT count(*) FROM genres), (SELECT count(*) FROM movie_genres) FROM movies`)
		if c := strings.Split(n[0], "|"); c[0] != c[1] || c[0] != c[2] {
			t.Errorf("copy %d has %s films, genres and links", i, n[0])
		}
		if ok := table(t, db, `PRAGMA integrity_check`); ok[0] != "ok" {
			t.Errorf("copy %d: %q", i, ok)
		}
	}
	writers.Wait()
}

// What fails leaves no copy, and a file that was there stays as it was.
func TestSnapshotThatFails(t *testing.T) {
	o := testkit.Options(t)
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := store.Snapshot(t.Context(), o, to); !errors.Is(err, store.ErrNoCatalog) {
		t.Errorf("no catalog: %v", err)
	}
	addFilm(t, o, "Moon")
	if err := os.WriteFile(to, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Snapshot(t.Context(), o, to); !errors.Is(err, os.ErrExist) {
		t.Errorf("a file in the way: %v", err)
	}
	if b, _ := os.ReadFile(to); string(b) != "mine" {
		t.Errorf("it was overwritten with %d bytes", len(b))
	}
	if err := store.Snapshot(t.Context(), o, filepath.Join(to, "no folder")); err == nil {
		t.Error("a copy in no folder")
	}
	info, err := os.Stat(o.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(o.Path, info.Size()/2); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken.db")
	if err := store.Snapshot(t.Context(), o, broken); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("half a catalog: %v", err)
	}
	if _, err := os.Stat(broken); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a copy of half a catalog is left: %v", err)
	}
}
