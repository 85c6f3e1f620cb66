package tabular

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// open reads the header of a file that has a right one.
func open(t testing.TB, text string, o Options) *Reader {
	t.Helper()
	r, err := Open(strings.NewReader(text), "f.csv", o)
	if err != nil {
		t.Fatalf("%q: %v", clip(text), err)
	}
	return r
}

// rest reads the remaining rows. bad are those with an error of their own,
// which errs holds; end is what ended the file, nil for its end.
func rest(r *Reader) (good, bad []Record, errs []string, end error) {
	for {
		rec, err := r.Next()
		var row *RowError
		switch {
		case errors.Is(err, io.EOF):
			return good, bad, errs, nil
		case err != nil && rec.Line == 0:
			return good, bad, errs, err
		case errors.As(err, &row) && row.Line == rec.Line:
			bad, errs = append(bad, rec), append(errs, err.Error())
		case err != nil:
			return good, bad, errs, fmt.Errorf("row in line %d with the error %w", rec.Line, err)
		default:
			good = append(good, rec)
		}
	}
}

// result is everything that reading a file gives.
func result(r io.Reader, o Options) string {
	rd, err := Open(r, "f.csv", o)
	if err != nil {
		return "open: " + err.Error()
	}
	good, bad, errs, end := rest(rd)
	return fmt.Sprintf("%v %q %d %s\n%v %q\n%v %q\n%q\n%v", rd.JSON(), rd.Header(), rd.HeaderLine(), rd.Encoding(),
		lines(good), cellsOf(good), lines(bad), cellsOf(bad), errs, end)
}

// chunkings are readers that give the same bytes in other pieces.
func chunkings() map[string]func(io.Reader) io.Reader {
	return map[string]func(io.Reader) io.Reader{
		"one byte": iotest.OneByteReader, "half": iotest.HalfReader, "data with the end": iotest.DataErrReader,
	}
}

// cellsOf are the cells of rows.
func cellsOf(rows []Record) [][]string {
	var list [][]string
	for _, r := range rows {
		list = append(list, r.Cells)
	}
	return list
}

// lines are the lines of rows.
func lines(rows []Record) []int {
	var list []int
	for _, r := range rows {
		list = append(list, r.Line)
	}
	return list
}

// clip shortens a text for a message of a test.
func clip(s string) string { return s[:min(len(s), 200)] }

// shared returns the folder of a data set that is not part of the repository,
// and skips the test where it is absent.
func shared(t *testing.T, set string) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", set)
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no data: ", err)
	}
	return dir
}
