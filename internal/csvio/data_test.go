package csvio

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

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

// cells reads a whole file through the cell layer.
func cells(t *testing.T, path string) (header []string, rows [][]string, err error) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tab, err := openTable(f, filepath.Base(path))
	if err != nil {
		return nil, nil, err
	}
	for {
		row, _, err := tab.next()
		if errors.Is(err, io.EOF) {
			return tab.header, rows, nil
		}
		if err != nil {
			return tab.header, rows, err
		}
		rows = append(rows, slices.Clone(row))
	}
}

// twin reads what a file must be read as: a list of objects, or of lists of
// which the first is the header. encoding/csv makes a newline of CRLF.
func twin(t *testing.T, path string, header []string) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var objects []map[string]string
	if json.Unmarshal(text, &objects) == nil {
		for _, o := range objects {
			if len(o) != len(header) {
				t.Errorf("%s: an object has %d fields, the header %d", path, len(o), len(header))
			}
			row := make([]string, len(header))
			for i, h := range header {
				row[i] = strings.ReplaceAll(o[h], "\r\n", "\n")
			}
			rows = append(rows, row)
		}
		return rows
	}
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(path, err)
	}
	if !slices.Equal(rows[0], header) {
		t.Errorf("%s: got the header %q, want %q", path, header, rows[0])
	}
	return rows[1:]
}

func TestGoodFilesReadAsTheirTwins(t *testing.T) {
	// Files that mean something else here than in their twins.
	apart := map[string]string{
		"all-empty.csv":            "blank lines are no rows, so the file is empty",
		"empty-one-column.csv":     "a blank line is no row",
		"location_coordinates.csv": "has quotes inside cells, and another telephone number than its twin",
	}
	read := 0
	for _, dirs := range [][2]string{{"csv-spectrum/csvs", "csv-spectrum/json"}, {"csv-test-data/csv", "csv-test-data/json"}} {
		dir := shared(t, dirs[0])
		twins := shared(t, dirs[1])
		files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			name := filepath.Base(path)
			if strings.HasPrefix(name, "bad-") || apart[name] != "" {
				continue
			}
			read++
			header, got, err := cells(t, path)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			want := twin(t, filepath.Join(twins, strings.TrimSuffix(name, ".csv")+".json"), header)
			if !slices.EqualFunc(got, want, slices.Equal) {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
		}
	}
	if want := 12 + 18 - len(apart); read != want {
		t.Errorf("read %d files, want %d", read, want)
	}
}

func TestOtherFilesOfTheSetsAreReadOurWay(t *testing.T) {
	for _, tc := range []struct{ path, err string }{
		{"csv-test-data/csv/all-empty.csv", "all-empty.csv is empty"},
		{"csv-test-data/csv/empty-one-column.csv", ""},
		{"csv-spectrum/csvs/location_coordinates.csv", "location_coordinates.csv:2: byte "},
		{"csv-test-data/csv/bad-header-less-fields.csv", "bad-header-less-fields.csv:2: the row has 2 cells, the header has 3"},
		{"csv-test-data/csv/bad-header-more-fields.csv", "bad-header-more-fields.csv:2: the row has 4 cells, the header has 3"},
		{"csv-test-data/csv/bad-header-no-header.csv", "bad-header-no-header.csv is empty"},
		{"csv-test-data/csv/bad-missing-quote.csv", "bad-missing-quote.csv:2: byte "},
		{"csv-test-data/csv/bad-quotes-with-unescaped-quote.csv", "bad-quotes-with-unescaped-quote.csv:2: byte "},
		{"csv-test-data/csv/bad-unescaped-quote.csv", "bad-unescaped-quote.csv:2: byte "},
	} {
		_, rows, err := cells(t, filepath.Join(shared(t, "."), filepath.FromSlash(tc.path)))
		if tc.err == "" {
			if err != nil || len(rows) > 0 {
				t.Errorf("%s: got %q, %v", tc.path, rows, err)
			}
			continue
		}
		if !errors.Is(err, catalog.ErrInvalid) || !strings.HasPrefix(err.Error(), tc.err) || len(rows) > 0 {
			t.Errorf("%s: got %q, %v, want %s", tc.path, rows, err, tc.err)
		}
	}
	// A wrong header shows only where one is expected: by the movie reader.
	path := filepath.Join(shared(t, "."), "csv-test-data", "csv", "bad-header-wrong-header.csv")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = NewMovieReader(strings.NewReader(string(text)), "bad-header-wrong-header.csv", mapping(t, "foo=title"))
	if !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), `"qux", "quux", "quuz"`) {
		t.Errorf("got %v", err)
	}
}
