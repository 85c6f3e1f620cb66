package exchange

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// absent returns options for a catalog that is not there yet.
func absent(t testing.TB) store.Options {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data", "moviedb.db")
	return store.Options{Path: path, FilesDir: path + ".files", Schema: testkit.Schema(t), Journal: "wal"}
}

// update writes to a catalog, which must succeed.
func update(t testing.TB, o store.Options, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := store.Update(t.Context(), o, func(tx *store.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// hand opens a catalog as the sqlite3 shell would.
func hand(t testing.TB, o store.Options) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: o.Path}).EscapedPath()+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

// byHand runs statements as the sqlite3 shell would, without foreign keys.
func byHand(t testing.TB, o store.Options, statements ...string) {
	t.Helper()
	db := hand(t, o)
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// export is the stream of a catalog, with passwords.
func export(t testing.TB, o store.Options) string {
	t.Helper()
	text, _, err := tryExport(t, o, ExportOptions{Passwords: true})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func tryExport(t testing.TB, o store.Options, x ExportOptions) (string, Exported, error) {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	if err != nil {
		return "", Exported{}, err
	}
	var b bytes.Buffer
	var done Exported
	x.Pictures = blob.Open(o.FilesDir)
	err = s.View(t.Context(), func(tx *store.Tx) (err error) {
		done, err = Export(t.Context(), tx, &b, x)
		return err
	})
	return b.String(), done, errors.Join(err, s.Close())
}

// stream is a source of a text.
func stream(text string) Source {
	return Source{Name: "f.jsonl", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

func tryLoad(t testing.TB, o store.Options, text string) (Imported, error) {
	t.Helper()
	return Import(t.Context(), ImportOptions{Store: o, Pictures: blob.Open(o.FilesDir)}, stream(text))
}

// load imports a stream that is right.
func load(t testing.TB, o store.Options, text string) Imported {
	t.Helper()
	done, err := tryLoad(t, o, text)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

const argon = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA"

// rich makes a catalog that has had a life: all kinds of values, deletions, the
// highest id among them, edits by hand.
func rich(t testing.TB) store.Options {
	t.Helper()
	o := absent(t)
	zero, odd := 0.0, 1234567.89
	update(t, o, func(ctx context.Context, tx *store.Tx) error {
		files := []catalog.File{}
		for i := range 5 {
			files = append(files, catalog.File{Name: fmt.Sprint("p", i, ".png"), MIME: "image/png", Key: key(i)})
		}
		files = append(files, catalog.File{URL: "https://example.org/a.jpg"})
		err := errors.Join(
			tx.InsertFiles(ctx, files),
			tx.InsertCountries(ctx, []catalog.Country{{Name: "Nepal"}, {Name: "Japan"}, {Name: "Gone"}}),
			tx.InsertGenres(ctx, []catalog.Genre{{Name: "Drama", Notes: "two\nlines\tand \"quotes\" \\"}, {Name: "Crime"}}),
			tx.InsertPersons(ctx, []catalog.Person{
				{FirstName: "Toshirō", LastName: "Mifune", DateOfBirth: "1920-04", Country: catalog.Named{ID: 2}, Biography: "1920–1997 🎬"},
				{LastName: "Cher", Gender: "female"}, {FirstName: "Toshiro", LastName: "Mifune"}, {LastName: "Gone"}}),
			tx.InsertMovies(ctx, []catalog.Movie{
				{Title: "Ran", ReleaseDate: "1985-06-01", Duration: 162, Budget: &zero, Country: catalog.Named{ID: 2}, Director: catalog.Named{ID: 1}, Poster: catalog.File{ID: 1}},
				{Title: "The End", ReleaseDate: "1999", Budget: &odd, Description: "a\u2028b"}, {Title: "Ran", ReleaseDate: "1985-06"}, {Title: "Last"}}),
			tx.InsertCharacters(ctx, []catalog.Character{
				{Name: "Neo", Role: "lead", Movie: catalog.Titled{ID: 1}, Actor: catalog.Named{ID: 1}},
				{Movie: catalog.Titled{ID: 2}, Actor: catalog.Named{ID: 2}, Description: "x"}, {Name: "Gone", Movie: catalog.Titled{ID: 2}}}))
		if err != nil {
			return err
		}
		if _, err := tx.LinkGenres(ctx, []store.Link{{Movie: 1, Genre: 2}, {Movie: 1, Genre: 1}, {Movie: 3, Genre: 2}}); err != nil {
			return err
		}
		for _, u := range []catalog.User{{Username: "ann", FirstName: "Ann", Email: "ann@example.org", Avatar: catalog.File{ID: 2}}, {Username: "bob"}, {Username: "gone"}} {
			hash := argon
			if u.Username == "bob" {
				hash = ""
			}
			if _, err := tx.InsertUser(ctx, u, hash); err != nil {
				return err
			}
		}
		if _, err := tx.AddFavorites(ctx, 1, []int64{3, 1}); err != nil {
			return err
		}
		for _, p := range []struct {
			person, file int64
			primary      bool
		}{{1, 3, true}, {1, 4, false}, {2, 4, false}, {2, 5, true}} {
			if _, err := tx.InsertPhoto(ctx, p.person, p.file, p.primary); err != nil {
				return err
			}
		}
		return errors.Join(tx.SetPrimaryPhoto(ctx, 2), tx.DeletePhotos(ctx, []int64{4}),
			tx.DeleteMovies(ctx, []int64{4}), tx.DeletePersons(ctx, []int64{4}), tx.DeleteCharacters(ctx, []int64{3}),
			tx.DeleteCountries(ctx, []int64{3}), tx.DeleteUsers(ctx, []int64{3}), tx.DeleteFiles(ctx, []int64{5}))
	})
	byHand(t, o,
		`UPDATE movies SET "updatedAt" = '2001-02-03T04:05:06Z' WHERE id = 1`,
		`UPDATE persons SET "createdAt" = '9999-99-99T99:99:99Z', "updatedAt" = '2000-01-01T00:00:00Z' WHERE id = 1`,
		`UPDATE movies SET title = ' not'||char(0)||'trimmed'||char(7)||char(127)||char(133)||char(8232)||char(8238)||char(65533)||' ' WHERE id = 3`,
		`UPDATE movies SET budget = 0.1, "updatedAt" = '2001-02-03T04:05:06Z' WHERE id = 3`)
	return o
}

// key is the key of the picture with a number.
func key(i int) string {
	h := strings.Repeat(fmt.Sprintf("%x%x", i, i+3), 32)
	return h[:2] + "/" + h + ".png"
}
