package csvio

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/tabular"
)

// mapping reads the value of a --map of movies that is right.
func mapping(t testing.TB, s string) Mapping {
	t.Helper()
	m, err := ParseMapping(Movies(), s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// newReader reads the header of a movies file.
func newReader(r io.Reader, file string, m Mapping) (*Reader[MovieRow], error) {
	return read(Movies(), r, file, Options{Mapping: m})
}

// read reads the header of a file of any kind.
func read[T any](k Kind[T], r io.Reader, file string, o Options) (*Reader[T], error) {
	tab, err := tabular.Open(r, file, tabular.Options{})
	if err != nil {
		return nil, err
	}
	return NewReader(k, tab, file, o)
}

// open reads the header of a file that has a right one.
func open(t testing.TB, text, maps string) *Reader[MovieRow] {
	t.Helper()
	r, err := newReader(strings.NewReader(text), "f.csv", mapping(t, maps))
	if err != nil {
		t.Fatalf("%q: %v", clip(text), err)
	}
	return r
}

// rest reads the remaining rows. errs are the errors of all rows, end is what
// ended the file, nil for its end.
func rest(r *Reader[MovieRow]) (rows []MovieRow, errs []*tabular.RowError, end error) {
	for {
		row, bad, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return rows, errs, nil
		case err != nil:
			return rows, errs, err
		case len(bad) > 0:
			errs = append(errs, bad...)
		default:
			rows = append(rows, row)
		}
	}
}

// cell reads a file of one row that has a title and one other cell.
func cell(t testing.TB, column, text string) (row MovieRow, errs []*tabular.RowError, r *Reader[MovieRow]) {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.WriteAll([][]string{{"title", column}, {"T", text}}); err != nil {
		t.Fatal(err)
	}
	r = open(t, b.String(), "")
	row, errs, err := r.Next()
	if err != nil {
		t.Fatalf("%s %q: %v", column, text, err)
	}
	if _, _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Fatalf("%s %q: after the row: got %v, want the end", column, text, err)
	}
	return row, errs, r
}

// messages are the texts of errors.
func messages(errs []*tabular.RowError) []string {
	var list []string
	for _, e := range errs {
		list = append(list, e.Error())
	}
	return list
}

// clip shortens a text for a message of a test.
func clip(s string) string { return s[:min(len(s), 200)] }
