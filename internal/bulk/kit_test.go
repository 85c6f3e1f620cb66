package bulk

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// absent returns options for a catalog that is not there yet, in a folder that
// is not there either.
func absent(t testing.TB) Options {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data", "moviedb", "moviedb.db")
	return Options{Store: store.Options{Path: path, FilesDir: path + ".files", Schema: testkit.Schema(t), Journal: "wal"}}
}

// present returns options for a catalog that has the movies of a CSV text.
func present(t testing.TB, text string) Options {
	t.Helper()
	o := absent(t)
	load(t, o, text)
	return o
}

// file is a file that holds text.
func file(text string) Source {
	return Source{Name: "f.csv", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// load imports a text that is right.
func load(t testing.TB, o Options, text string) Result {
	t.Helper()
	res, err := Movies(t.Context(), o, file(text))
	if err != nil {
		t.Fatalf("import of %q: %v", text[:min(len(text), 200)], err)
	}
	return res
}

// refuse imports a text that has bad rows.
func refuse(t testing.TB, o Options, text string) *RejectedError {
	t.Helper()
	res, err := Movies(t.Context(), o, file(text))
	var bad *RejectedError
	if !errors.As(err, &bad) {
		t.Fatalf("import of %q: got %+v, %v, want rejected rows", text[:min(len(text), 200)], res, err)
	}
	if res.Created+res.Skipped+res.Repeated+res.Rejected+res.Persons+res.Genres+res.Countries+res.Characters != 0 {
		t.Errorf("a refused import says that it did %+v", res)
	}
	return bad
}

// rejections are the texts of the errors that came back.
func rejections(e *RejectedError) []string {
	var list []string
	for _, r := range e.Errors {
		list = append(list, r.Error())
	}
	return list
}

// counts are the numbers of a result.
func counts(r Result) Result {
	r.Files, r.Bad = nil, nil
	return r
}

// same compares results, but for what they say in words.
func same(a, b Result) bool { return fmt.Sprint(counts(a)) == fmt.Sprint(counts(b)) }

// query reads the catalog's file: a row is its values with | between them.
func query(t testing.TB, o Options, q string, args ...any) []string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+o.Store.Path+"?mode=rw")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), q, args...)
	if err != nil {
		t.Fatal(q, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for rows.Next() {
		values, dest := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			dest[i] = &values[i]
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		var texts []string
		for i, v := range values {
			if names[i] != "createdAt" && names[i] != "updatedAt" {
				texts = append(texts, fmt.Sprint(v))
			}
		}
		list = append(list, strings.Join(texts, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// expect compares what a query reads.
func expect(t testing.TB, o Options, q string, want ...string) {
	t.Helper()
	if got := query(t, o, q); !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %q\nwant %q", q, got, want)
	}
}

// dump is all ten tables without their timestamps.
func dump(t testing.TB, o Options) string {
	t.Helper()
	var b strings.Builder
	for _, table := range []string{"files", "countries", "genres", "users", "persons", "movies", "characters", "movie_genres", "favorite_movies", "photos"} {
		for _, row := range query(t, o, "SELECT * FROM "+table+" ORDER BY 1, 2") {
			fmt.Fprintln(&b, table, row)
		}
	}
	return b.String()
}

// tree is every file and folder below a folder, with the hash of the content.
func tree(t testing.TB, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		found[path] = "folder"
		if d.Type().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			found[path] = fmt.Sprintf("%x", sha256.Sum256(content))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// root is the folder that holds everything an import could leave behind.
func root(o Options) string { return filepath.Dir(filepath.Dir(filepath.Dir(o.Store.Path))) }

// unchanged runs f and fails if a file below the catalog's root is another one
// after it.
func unchanged(t testing.TB, o Options, f func()) {
	t.Helper()
	before := tree(t, root(o))
	f()
	if after := tree(t, root(o)); !maps.Equal(before, after) {
		t.Errorf("the files are %v, they were %v", after, before)
	}
}

// write runs fn in a transaction of its own.
func write(t testing.TB, o Options, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := store.Update(t.Context(), o.Store, func(tx *store.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// addPersons adds people, each "First Last" or "First Last (1996)".
func addPersons(t testing.TB, o Options, names ...string) {
	t.Helper()
	write(t, o, func(ctx context.Context, tx *store.Tx) error {
		var ps []catalog.Person
		for _, n := range names {
			base, born := catalog.SplitYear(n)
			p := catalog.Person{}
			p.FirstName, p.LastName = catalog.SplitName(base)
			if born != 0 {
				p.DateOfBirth = fmt.Sprint(born)
			}
			ps = append(ps, p)
		}
		return tx.InsertPersons(ctx, ps)
	})
}

// addMovies adds movies as they are, whether they are there or not.
func addMovies(t testing.TB, o Options, ms ...catalog.Movie) {
	t.Helper()
	write(t, o, func(ctx context.Context, tx *store.Tx) error { return tx.InsertMovies(ctx, ms) })
}

// resolve finds a record by its name.
func resolve(t testing.TB, o Options, kind catalog.Kind, name string) store.Found {
	t.Helper()
	s, err := store.Open(t.Context(), o.Store)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var found store.Found
	err = s.View(t.Context(), func(tx *store.Tx) (err error) {
		found, err = tx.Resolve(t.Context(), kind, catalog.Ref{Text: name, Name: name})
		return err
	})
	if err != nil {
		t.Errorf("%s %q: %v", kind, name, err)
	}
	return found
}

// hooked returns the name of a driver of database/sql that is modernc's and
// calls hook when it is about to make its first connection. That is when an
// import has read ahead and turns to the catalog.
func hooked(t testing.TB, hook func()) string {
	t.Helper()
	db, err := sql.Open("sqlite", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	d := &hookedDriver{Driver: db.Driver(), hook: hook}
	name := fmt.Sprintf("sqlite-hooked-%p", d) // registered for good, so no other gets its address
	sql.Register(name, d)
	return name
}

type hookedDriver struct {
	driver.Driver
	once sync.Once
	hook func()
}

// Open implements driver.Driver.
func (d *hookedDriver) Open(dsn string) (driver.Conn, error) {
	d.once.Do(d.hook)
	return d.Driver.Open(dsn)
}

// mapping reads the value of a --map.
func mapping(t testing.TB, s string) csvio.Mapping {
	t.Helper()
	m, err := csvio.ParseMapping(csvio.Movies(), s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// addPeople adds people as they are, whether they are there or not.
func addPeople(t testing.TB, o Options, ps ...catalog.Person) {
	t.Helper()
	write(t, o, func(ctx context.Context, tx *store.Tx) error { return tx.InsertPersons(ctx, ps) })
}
