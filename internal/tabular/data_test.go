package tabular

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// twin reads the rows a file must have: a list of objects, or of lists of
// which the first is the header.
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
				t.Errorf("%s: an object has the keys %v, the header is %q", path, o, header)
			}
			var row []string
			for _, name := range header {
				row = append(row, o[name])
			}
			rows = append(rows, row)
		}
		return rows
	}
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], header) {
		t.Errorf("%s: header %q, want the first of %q", path, header, rows)
		return nil
	}
	return rows[1:]
}

// exceptions are the files whose twin is not what is read, and why.
func exceptions() map[string]string {
	return map[string]string{
		// A quote stands inside an unquoted cell, which RFC 4180 forbids; its twin
		// has another telephone number too, so that no reader can agree with it.
		"location_coordinates.csv": "open: <nil>, end: <nil>, f.csv:2: byte 24: " + bareQuote,
		// Its row is a blank line. A blank line is no row, since files end in them;
		// a row of one blank cell is written "".
		"empty-one-column.csv": "open: <nil>, end: <nil>, no rows",
		// It has nothing but two blank lines, so it has no header.
		"all-empty.csv": "open: f.csv is empty; its first line must name the columns",
	}
}

func TestGoodFilesReadAsTheirTwins(t *testing.T) {
	for _, set := range []struct {
		dir, csv string
		files    int
	}{{"csv-spectrum", "csvs", 12}, {"csv-test-data", "csv", 18}} {
		dir := shared(t, set.dir)
		files, err := filepath.Glob(filepath.Join(dir, set.csv, "*.csv"))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, file := range files {
			name := filepath.Base(file)
			if strings.HasPrefix(name, "bad-") {
				continue
			}
			n++
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Open(f, "f.csv", Options{})
			var good []Record
			var errs []string
			var end error
			if err == nil {
				good, _, errs, end = rest(r)
			}
			f.Close()
			if want, ok := exceptions()[name]; ok {
				got := fmt.Sprintf("open: %v, end: %v, %s", err, end, strings.Join(append(errs, "no rows")[:1], ""))
				if err != nil {
					got = fmt.Sprintf("open: %v", err)
				}
				if got != want || len(good) > 0 {
					t.Errorf("%s: got  %s, %q\nwant %s", name, got, cellsOf(good), want)
				}
				continue
			}
			if err != nil || end != nil || errs != nil {
				t.Errorf("%s: %v, %v, %q", name, err, end, errs)
				continue
			}
			want := twin(t, filepath.Join(dir, "json", strings.TrimSuffix(name, ".csv")+".json"), r.Header())
			if len(want) != len(good) || len(want) > 0 && !reflect.DeepEqual(cellsOf(good), want) {
				t.Errorf("%s: got  %q\nwant %q", name, cellsOf(good), want)
			}
		}
		if n != set.files {
			t.Errorf("%s: %d files, want %d", set.dir, n, set.files)
		}
	}
}

func TestBadFilesAreRefusedWithLineAndColumn(t *testing.T) {
	dir := shared(t, "csv-test-data")
	for name, want := range map[string]string{
		"bad-header-less-fields.csv":            "f.csv:2: the row has 2 cells, the header has 3",
		"bad-header-more-fields.csv":            "f.csv:2: the row has 4 cells, the header has 3",
		"bad-header-no-header.csv":              "f.csv is empty; its first line must name the columns",
		"bad-missing-quote.csv":                 "f.csv:2: byte 3: " + notClosed,
		"bad-quotes-with-unescaped-quote.csv":   "f.csv:2: byte 18: " + goesOn,
		"bad-unescaped-quote.csv":               "f.csv:2: byte 8: " + bareQuote,
		"bad-header-wrong-header.csv: its file": "",
	} {
		name, _, rule := strings.Cut(name, ": ")
		text, err := os.ReadFile(filepath.Join(dir, "csv", name))
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(strings.NewReader(string(text)), "f.csv", Options{})
		if rule {
			// It is a right CSV with other names than its set has; names of columns
			// are the matter of who knows what they mean.
			if err != nil || !slices.Equal(r.Header(), []string{"qux", "quux", "quuz"}) {
				t.Errorf("%s: got %v", name, err)
			}
			continue
		}
		var errs []string
		if err == nil {
			_, _, errs, err = rest(r)
		}
		if err != nil {
			errs = append(errs, err.Error())
		}
		if !slices.Equal(errs, []string{want}) {
			t.Errorf("%s: got %q, want %q", name, errs, want)
		}
	}
}

// TestSharedFilesHaveTheRowsTheyAreKnownFor: the numbers are those of DATA.md.
func TestSharedFilesHaveTheRowsTheyAreKnownFor(t *testing.T) {
	root := shared(t, ".")
	for _, tc := range []struct {
		file          string
		columns, rows int
	}{
		{"fivethirtyeight/bechdel-movies.csv", 15, 1794},
		{"fivethirtyeight/biopics.csv", 14, 761},
		{"imdb-movie-data/IMDB-Movie-Data.csv", 12, 1000},
		{"imdb-top-1000/imdb_top_1000.csv", 16, 1000},
		{"movie-stats/movies.csv", 15, 7668},
		{"neo4j-movies/characters.csv", 4, 192},
		{"netflix-titles/netflix_titles.csv", 12, 8807},
		{"oscars/oscars.tsv", 14, 12137},
		{"sakila/actor.csv", 3, 200},
		{"sakila/film_actor.csv", 2, 5462},
		{"sakila/country.csv", 2, 109},
		{"sakila/film_category.csv", 2, 1000},
		{"sakila/category.csv", 2, 16},
		{"sakila/language.csv", 2, 6},
		{"sakila/film.csv", 12, 1000},
		{"vega-movies/movies.json", 16, 3201},
		{"wikipedia-movies/movies-1900s.json", 9, 354},
		{"wikipedia-movies/movies-1970s.json", 9, 1617},
		{"wikipedia-movies/movies-1990s.json", 9, 2849},
		{"wikipedia-movies/movies-2010s.json", 9, 2512},
		{"iso-countries/iso_3166-1.json", 1, 1},
		{"images/MANIFEST.csv", 13, 457}, // as Python's csv reads it; DATA.md counts 454 of its files,
	} {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(tc.file)))
		if err != nil {
			t.Error(err)
			continue
		}
		r, err := Open(strings.NewReader(string(text)), tc.file, Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		good, _, errs, end := rest(r)
		if end != nil || errs != nil || len(good) != tc.rows || len(r.Header()) != tc.columns {
			t.Errorf("%s: got %d columns, %d rows, %d errors %.1q, %v, want %d and %d", tc.file, len(r.Header()), len(good), len(errs), errs, end, tc.columns, tc.rows)
		}
		if isJSON := strings.HasSuffix(tc.file, ".json"); r.JSON() != isJSON {
			t.Errorf("%s: JSON %v", tc.file, r.JSON())
		}
		if r.JSON() {
			sameAsDecoded(t, tc.file, text, r.Header(), good)
		}
	}
}

// sameAsDecoded compares cells with what encoding/json reads.
func sameAsDecoded(t *testing.T, file string, text []byte, header []string, rows []Record) {
	t.Helper()
	if text[0] != '[' {
		return
	}
	var objects []map[string]any
	if err := json.Unmarshal(text, &objects); err != nil {
		t.Fatal(err)
	}
	for i, o := range objects {
		for column, name := range header {
			var cell any = ""
			if column < len(rows[i].Cells) {
				cell = rows[i].Cells[column]
			}
			switch want := o[name].(type) {
			case nil:
				if cell != "" {
					t.Errorf("%s: row %d, %s: got %q, want nothing", file, i, name, cell)
				}
			case string:
				if cell != want {
					t.Errorf("%s: row %d, %s: got %q, want %q", file, i, name, cell, want)
				}
			default:
				var got any
				if err := json.Unmarshal([]byte(cell.(string)), &got); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%s: row %d, %s: got %q, want %v", file, i, name, cell, want)
				}
			}
		}
	}
}
