package csvio

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Part is one entry of a cast.
type Part struct {
	Actor     string // "" is unknown
	Character string // "" is unknown
}

// MovieRow is one row of a movies file. Country, director, genres and cast are
// names yet; Movie has everything else.
type MovieRow struct {
	Line     int
	Movie    catalog.Movie
	Country  string // "" is none
	Director string // "" is none
	Genres   []string
	Cast     []Part
}

// The columns of a movies file, under the names --map gives them.
const (
	colTitle       = "title"
	colReleaseDate = "release_date"
	colYear        = "year"
	colDuration    = "duration"
	colBudget      = "budget"
	colCountry     = "country"
	colDirector    = "director"
	colGenres      = "genres"
	colDescription = "description"
	colCast        = "cast"
)

// MovieColumnNames returns the columns an import of movies knows.
func MovieColumnNames() []string {
	return []string{colTitle, colReleaseDate, colYear, colDuration, colBudget, colCountry, colDirector, colGenres, colDescription, colCast}
}

// movieAlias returns the column that a header of another name means, "" if none.
func movieAlias(key string) string {
	switch key {
	case "title", "movietitle", "filmtitle", "seriestitle", "movie", "film":
		return colTitle
	case "releasedate":
		return colReleaseDate
	case "year", "releaseyear", "releasedyear", "yearrelease":
		return colYear
	case "duration", "runtime", "runtimeminutes", "runtimemin", "length", "runningtime", "runningtimemin":
		return colDuration
	case "budget", "productionbudget":
		return colBudget
	case "country", "countries", "productioncountry":
		return colCountry
	case "director", "directors", "directedby":
		return colDirector
	case "genres", "genre":
		return colGenres
	case "description", "overview", "plot", "synopsis", "summary":
		return colDescription
	case "cast", "actors", "stars", "starring":
		return colCast
	}
	return ""
}

// Mapping says which header means which column: 'Series_Title=title'. It
// overrides what the headers say by themselves.
type Mapping map[string]string

// ParseMapping reads the value of --map. A column mapped twice, an unknown
// column or a pair without "=" is a catalog.ErrInvalid error.
func ParseMapping(s string) (Mapping, error) {
	m := Mapping{}
	if strings.TrimSpace(s) == "" {
		return m, nil
	}
	for pair := range strings.SplitSeq(s, ",") {
		header, column, ok := strings.Cut(pair, "=")
		header, column = strings.TrimSpace(header), strings.TrimSpace(column)
		if !ok || header == "" {
			return nil, catalog.Invalidf("%s is not a pair; write 'Header=column', pairs separated by commas", catalog.Quote(pair))
		}
		if !slices.Contains(MovieColumnNames(), column) {
			return nil, catalog.Invalidf("%s is no column of movies; known columns: %s", catalog.Quote(column), strings.Join(MovieColumnNames(), ", "))
		}
		if _, twice := m[columnKey(header)]; twice {
			return nil, catalog.Invalidf("the header %s is mapped twice", catalog.Quote(header))
		}
		if slices.Contains(slices.Collect(maps.Values(m)), column) {
			return nil, catalog.Invalidf("the column %s is mapped twice", column)
		}
		m[columnKey(header)] = column
	}
	return m, nil
}

// MovieReader reads a movies file.
type MovieReader struct {
	t       *table
	at      map[string]int // column to index in a row
	unknown []string
	notes   map[string]string
}

// NewMovieReader reads the header of a movies file; file is its name in
// messages. A header without a title column, one that names a column twice and
// a mapping for a header that is not there are catalog.ErrInvalid errors.
func NewMovieReader(r io.Reader, file string, m Mapping) (*MovieReader, error) {
	t, err := openTable(r, file)
	if err != nil {
		return nil, err
	}
	mr := &MovieReader{t: t, at: map[string]int{}, notes: map[string]string{}}
	mapped := map[string]bool{}
	for _, column := range m {
		mapped[column] = true
	}
	for i, header := range t.header {
		key := columnKey(header)
		column, given := m[key]
		if !given {
			if column = movieAlias(key); mapped[column] {
				column = "" // the mapping takes another header for it
			}
		}
		if column == "" {
			mr.unknown = append(mr.unknown, header)
			continue
		}
		if first, twice := mr.at[column]; twice {
			return nil, &RowError{File: file, Line: t.line, Column: header,
				Reason: fmt.Sprintf("the column %s is there twice (the other is %s); choose one with --map %s=%s",
					column, catalog.Quote(t.header[first]), catalog.Visible(header), column)}
		}
		mr.at[column] = i
	}
	return mr, mr.checkHeader(m)
}

func (r *MovieReader) checkHeader(m Mapping) error {
	have := map[string]bool{}
	for _, h := range r.t.header {
		have[columnKey(h)] = true
	}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if !have[key] {
			return catalog.Invalidf("--map: %s has no header that could be %s; its headers are: %s", catalog.Visible(r.t.file), m[key], r.headers())
		}
	}
	if _, ok := r.at[colTitle]; !ok {
		return catalog.Invalidf("%s has no title column; name it with --map 'HEADER=title'; its headers are: %s", catalog.Visible(r.t.file), r.headers())
	}
	return nil
}

func (r *MovieReader) headers() string {
	names := make([]string, 0, len(r.t.header))
	for _, h := range r.t.header[:min(len(r.t.header), 30)] {
		names = append(names, catalog.Quote(h))
	}
	return strings.Join(names, ", ")
}

// Header returns the header of a column in this file, "" if the file lacks the
// column.
func (r *MovieReader) Header(column string) string {
	i, ok := r.at[column]
	if !ok {
		return ""
	}
	return r.t.header[i]
}

// Unknown returns the headers that no column takes; their cells are not read.
func (r *MovieReader) Unknown() []string { return r.unknown }

// Notes returns what was decided about cells that could mean more than one
// thing, each once for the file, in a fixed order.
func (r *MovieReader) Notes() []string {
	notes := make([]string, 0, len(r.notes))
	for _, n := range r.notes {
		notes = append(notes, n)
	}
	slices.Sort(notes)
	return notes
}

// note remembers the first note of a sort.
func (r *MovieReader) note(sort, format string, args ...any) {
	if _, ok := r.notes[sort]; !ok {
		r.notes[sort] = fmt.Sprintf(format, args...)
	}
}

// Next returns the next row, or io.EOF. errs are what is wrong with the row's
// cells; such a row must not be stored. err ends the file.
func (r *MovieReader) Next() (row MovieRow, errs []*RowError, err error) {
	cells, line, err := r.t.next()
	var bad *RowError
	if errors.As(err, &bad) && line != 0 {
		return MovieRow{Line: line}, []*RowError{bad}, nil // a row of the wrong length; the next may be right
	}
	if err != nil {
		return MovieRow{}, nil, err
	}
	c := &cells2row{r: r, cells: cells, line: line}
	row = c.movie()
	return row, c.errs, nil
}
