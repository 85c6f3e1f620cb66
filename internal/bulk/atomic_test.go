package bulk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

func TestFailedImportLeavesEverythingAsItWas(t *testing.T) {
	text := "title,year,director,genres,country\n"
	n := 3 * batchRows / 2
	if raceOn {
		n = 300
	}
	for i := range n {
		text += fmt.Sprintf("Film %d,1999,Di Rector%d,Genre%d,Country%d\n", i, i%100, i%10, i%10)
	}
	text += "Bad,soon,,,\n"
	t.Run("no catalog", func(t *testing.T) {
		o := absent(t)
		unchanged(t, o, func() { refuse(t, o, text) })
		if left := tree(t, root(o)); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	for _, journal := range []string{"wal", "delete"} {
		t.Run(journal, func(t *testing.T) {
			o := absent(t)
			o.Store.Journal = journal
			load(t, o, twoFilms)
			unchanged(t, o, func() { refuse(t, o, text) })
			unchanged(t, o, func() {
				dry := o
				dry.DryRun = true
				load(t, dry, strings.TrimSuffix(text, "Bad,soon,,,\n"))
			})
		})
	}
}

func TestFirstImportMakesCatalogAndFolder(t *testing.T) {
	o := absent(t)
	load(t, o, twoFilms)
	left := tree(t, root(o))
	if len(left) != 4 || left[o.Store.Path] == "" || left[o.Store.FilesDir] != "folder" {
		t.Errorf("got %v", left)
	}
}

// endless gives a header, rows, and at some row calls a function; after that it
// gives more rows for ever, or blocks until it is closed.
type endless struct {
	at     int // the row
	then   func()
	blocks bool

	row    int
	rest   string
	called atomic.Bool // also read while an abandoned read goes on
	once   sync.Once
	closed chan struct{}
}

// Read implements io.Reader.
func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		switch {
		case e.row == 0:
			e.rest = "title,year\n"
		case e.row < e.at || e.called.Load() && !e.blocks:
			e.rest = strings.Repeat("Same,1999\n", 100)
		case !e.called.Load():
			e.called.Store(true)
			e.then()
			return e.Read(p)
		default:
			<-e.closed
			return 0, io.ErrClosedPipe
		}
		e.row += 100
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// Close implements io.Closer.
func (e *endless) Close() error {
	e.once.Do(func() { close(e.closed) })
	return nil
}

func TestCancelledImportLeavesEverythingAsItWas(t *testing.T) {
	ahead := aheadBatches*batchRows + 1000
	for _, tc := range []struct {
		name   string
		row    int
		inside bool // the catalog is open when it happens
		blocks bool
	}{
		{"at the header, then more rows", 0, false, false},
		{"at the header, then blocked", 0, false, true},
		{"while reading ahead, then more rows", 5000, false, false},
		{"while reading ahead, then blocked", 5000, false, true},
		{"in the transaction, then more rows", ahead, true, false},
		{"in the transaction, then blocked", ahead, true, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for name, o := range map[string]Options{"no catalog": absent(t), "a catalog": present(t, twoFilms)} {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				reader := &endless{at: tc.row, then: cancel, blocks: tc.blocks, closed: make(chan struct{})}
				if tc.inside {
					opened := make(chan struct{})
					o.Store.Driver = hooked(t, func() { close(opened) })
					reader.then = func() { <-opened; cancel() }
				}
				src := Source{Name: "f.csv", Open: func() (io.ReadCloser, error) { return reader, nil }}
				unchanged(t, o, func() {
					res, err := Movies(ctx, o, src)
					if !errors.Is(err, context.Canceled) || !same(res, Result{}) {
						t.Errorf("%s: got %+v, %v, want %v", name, res, err, context.Canceled)
					}
				})
				if !reader.called.Load() {
					t.Errorf("%s: it was not cancelled", name)
				}
				select {
				case <-reader.closed:
				default:
					t.Errorf("%s: the file was not closed", name)
				}
			}
		})
	}
}

func TestImportThatIsCancelledBeforeItBeginsDoesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, o := range []Options{absent(t), present(t, twoFilms)} {
		unchanged(t, o, func() {
			if _, err := Movies(ctx, o, file(twoFilms)); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want %v", err, context.Canceled)
			}
		})
	}
}

// opens counts how often a file is opened.
func opens(src Source) (Source, *int) {
	n := new(int)
	open := src.Open
	src.Open = func() (io.ReadCloser, error) {
		*n++
		return open()
	}
	return src, n
}

// other is what another process does: it makes the catalog, with one film.
func other(t *testing.T, o Options) func() {
	return func() { load(t, o, "title,year,country\nSolaris,1972,USSR\nOther,1999,France\n") }
}

func TestImportHappensOnceWhenAnotherProcessMakesTheCatalogMeanwhile(t *testing.T) {
	check := func(t *testing.T, o Options, res Result, err error, opened, want int) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if counts := (Result{Created: 1, Skipped: 1, Persons: 3, Genres: 2, Characters: 2}); !same(res, counts) {
			t.Errorf("got %+v, want %+v", res, counts)
		}
		expect(t, o, `SELECT title, release_date FROM movies ORDER BY id`, "Solaris|1972", "Other|1999", "Stalker|1979")
		expect(t, o, `SELECT count(*) FROM persons`, "3")
		if opened != want {
			t.Errorf("the file was opened %d times, want %d", opened, want)
		}
	}
	t.Run("before the first look", func(t *testing.T) {
		o := absent(t)
		made := false
		src, n := opens(file(twoFilms))
		open := src.Open
		src.Open = func() (io.ReadCloser, error) {
			if !made {
				made = true
				other(t, o)()
			}
			return open()
		}
		res, err := Movies(t.Context(), o, src)
		check(t, o, res, err, *n, 1)
	})
	t.Run("after the first look", func(t *testing.T) {
		o := absent(t)
		raced := o
		raced.Store.Driver = hooked(t, other(t, o))
		src, n := opens(file(twoFilms))
		res, err := Movies(t.Context(), raced, src)
		check(t, o, res, err, *n, 2)
	})
	t.Run("and the file contradicts that catalog", func(t *testing.T) {
		o := absent(t)
		raced := o
		raced.Store.Driver = hooked(t, other(t, o))
		bad := refuse(t, raced, "title\nSolaris\nNew\n")
		if bad.Rows != 2 || bad.Rejected != 1 || !strings.Contains(bad.Error(), "could be movie 1 (1972)") {
			t.Errorf("got %v", bad)
		}
		expect(t, o, `SELECT count(*) FROM movies`, "2")
	})
	t.Run("and the file cannot be opened again", func(t *testing.T) {
		o := absent(t)
		raced := o
		raced.Store.Driver = hooked(t, other(t, o))
		gone := errors.New("gone")
		src, n := opens(file(twoFilms))
		open := src.Open
		src.Open = func() (io.ReadCloser, error) {
			f, err := open()
			if *n > 1 {
				return nil, gone
			}
			return f, err
		}
		if _, err := Movies(t.Context(), raced, src); !errors.Is(err, gone) {
			t.Errorf("got %v, want %v", err, gone)
		}
		expect(t, o, `SELECT count(*) FROM movies`, "2")
	})
}

func TestCatalogThatAnotherProcessKeepsIsBusy(t *testing.T) {
	o := present(t, twoFilms)
	write(t, o, func(ctx context.Context, _ *store.Tx) error {
		if _, err := Movies(ctx, o, file(twoFilms)); !errors.Is(err, catalog.ErrBusy) {
			t.Errorf("got %v, want %v", err, catalog.ErrBusy)
		}
		return nil
	})
}
