package csvio

import (
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// cells2row makes one row of its cells and collects what is wrong with them.
type cells2row struct {
	r     *MovieReader
	cells []string
	line  int
	errs  []*RowError
}

// cell is the text of a column, "" if the file lacks the column.
func (c *cells2row) cell(column string) string {
	i, ok := c.r.at[column]
	if !ok {
		return ""
	}
	return c.cells[i]
}

func (c *cells2row) fail(column string, err error) {
	c.errs = append(c.errs, &RowError{File: c.r.t.file, Line: c.line, Column: c.r.Header(column), Reason: err.Error()})
}

// parsed reads a column with the rule of the field; a blank cell is the zero value.
func parsed[T any](c *cells2row, column string, parse func(string) (T, error)) T {
	var zero T
	text := strings.TrimSpace(c.cell(column))
	if text == "" {
		return zero
	}
	v, err := parse(text)
	if err != nil {
		c.fail(column, err)
		return zero
	}
	return v
}

func (c *cells2row) movie() MovieRow {
	row := MovieRow{Line: c.line}
	m := &row.Movie
	m.Title = parsed(c, colTitle, catalog.CleanLine)
	if m.Title == "" && len(c.errs) == 0 {
		c.fail(colTitle, catalog.Invalidf("a movie needs a title; this cell is blank"))
	}
	m.ReleaseDate = c.releaseDate()
	m.Duration = parsed(c, colDuration, catalog.ParseDuration)
	m.Budget = parsed(c, colBudget, func(s string) (*float64, error) {
		f, err := catalog.ParseBudget(s)
		return &f, err
	})
	m.Description = parsed(c, colDescription, catalog.CleanText)
	row.Country = c.country()
	row.Director = c.director()
	row.Genres = c.genres()
	row.Cast = c.cast()
	return row
}

// releaseDate is the full date where there is one, else the year.
func (c *cells2row) releaseDate() string {
	date := parsed(c, colReleaseDate, catalog.ParseDate)
	year := parsed(c, colYear, catalog.ParseDate)
	if date == "" {
		return year
	}
	if year != "" && catalog.Year(year) != catalog.Year(date) {
		c.fail(colYear, catalog.Invalidf("%s is not the year of the release date %s", year, date))
	}
	return date
}

// country is the whole cell if it names a country that way, else, in a list,
// the first.
func (c *cells2row) country() string {
	cell := parsed(c, colCountry, catalog.CleanLine)
	whole := trimList(cell)
	if !strings.Contains(whole, ",") || len(catalog.CountryAliases(whole)) > 1 {
		return whole
	}
	c.r.note("country", "%s names several countries in a cell (line %d: %s); the first is taken as the country",
		catalog.Visible(c.r.Header(colCountry)), c.line, catalog.Quote(cell))
	return splitTrim(whole, ",")[0]
}

func (c *cells2row) director() string {
	names := splitPeople(parsed(c, colDirector, catalog.CleanLine))
	if len(names) == 0 {
		return ""
	}
	if len(names) > 1 {
		c.r.note("director", "%s names several directors in a cell (line %d: %s); the first is taken as the director",
			catalog.Visible(c.r.Header(colDirector)), c.line, catalog.Quote(strings.Join(names, ", ")))
	}
	return names[0]
}

// genres splits at |, else at ;, else at commas.
func (c *cells2row) genres() []string {
	cell := parsed(c, colGenres, catalog.CleanLine)
	sep := ","
	for _, s := range []string{"|", ";"} {
		if strings.Contains(cell, s) {
			sep = s
			break
		}
	}
	return splitTrim(cell, sep)
}

// splitTrim splits a clean cell into clean parts and leaves blank ones out.
func splitTrim(s, sep string) []string {
	if s == "" {
		return nil
	}
	var parts []string
	for part := range strings.SplitSeq(s, sep) {
		if part = trim(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// trim is the trimming of the catalog, for a part of a text that is clean.
func trim(part string) string {
	if clean, err := catalog.CleanLine(part); err == nil {
		return clean
	}
	return part
}

// trimList takes the commas off the ends of a list.
func trimList(cell string) string {
	for {
		trimmed := trim(strings.Trim(cell, ","))
		if trimmed == cell {
			return cell
		}
		cell = trimmed
	}
}

// splitPeople splits a cell of names at commas, but only if every part can be a
// name by itself: two words or more. "Davis, Jr." and "Holland, Tom" stay whole.
func splitPeople(cell string) []string {
	if cell == "" {
		return nil
	}
	parts := splitTrim(cell, ",")
	for _, p := range parts {
		if !strings.ContainsAny(p, " \u00a0\u3000") {
			return []string{trimList(cell)}
		}
	}
	return parts
}

// castAs stands between an actor and a character.
const castAs = " as "

// cast splits at ; or |, each entry once at its last " as ". A cell with none
// of these is a list of actors.
func (c *cells2row) cast() []Part {
	cell := parsed(c, colCast, catalog.CleanLine)
	if cell == "" {
		return nil
	}
	if !strings.ContainsAny(cell, ";|") && !strings.Contains(" "+cell+" ", castAs) {
		names := splitPeople(cell)
		parts := make([]Part, len(names))
		for i, n := range names {
			parts[i].Actor = n
		}
		return parts
	}
	var parts []Part
	for _, e := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '|' }) {
		e = " " + trim(e) + " " // either side of " as " may be blank
		p := Part{Actor: trim(e)}
		if i := strings.LastIndex(e, castAs); i >= 0 {
			p = Part{Actor: trim(e[:i]), Character: trim(e[i+len(castAs):])}
		}
		if p != (Part{}) {
			parts = append(parts, p)
		}
	}
	return parts
}
