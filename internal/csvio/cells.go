package csvio

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/tabular"
)

// cells is one row being read: where it stands, and what is wrong with it.
type cells struct {
	file    string
	line    int
	why     func(string) string
	header  string // of the cell at hand
	heads   func(column string) string
	dates   DateFormat
	undated bool // no column says when a film came out

	yearWins bool // see layout
	notes    map[string]string
	errs     []*tabular.RowError
}

// fail notes what is wrong with the cell at hand.
func (c *cells) fail(err error) {
	c.errs = append(c.errs, &tabular.RowError{File: c.file, Line: c.line, Column: c.header, Reason: c.why(err.Error())})
}

// failAt notes what is wrong with a column, wherever its cell stands.
func (c *cells) failAt(column, format string, args ...any) {
	c.header = c.heads(column)
	c.failf(format, args...)
}

// failedAt tells whether something is wrong with a column already.
func (c *cells) failedAt(column string) bool {
	return slices.ContainsFunc(c.errs, func(e *tabular.RowError) bool { return e.Column == c.heads(column) })
}

func (c *cells) failf(format string, args ...any) { c.fail(catalog.Invalidf(format, args...)) }

// note remembers the first note of a sort.
func (c *cells) note(sort, format string, args ...any) {
	if _, ok := c.notes[sort]; !ok {
		c.notes[sort] = fmt.Sprintf(format, args...)
	}
}

// parsed reads the cell at hand with the rule of its field; what the rule
// refuses is the zero value.
func parsed[T any](c *cells, text string, parse func(string) (T, error)) T {
	v, err := parse(text)
	if err != nil {
		c.fail(err)
		var zero T
		return zero
	}
	return v
}

// line reads a text of one line.
func (c *cells) lineOf(text string) string { return parsed(c, text, catalog.CleanLine) }

// date reads a date in the form of the catalog or in that of --date-format.
func (c *cells) date(text string) string {
	return parsed(c, text, c.dates.parse)
}

// year reads a year, also as the number with a fraction of nothing that
// programs make of a column with gaps.
func (c *cells) year(text string) string {
	return c.date(strings.TrimSuffix(text, ".0"))
}

// seasons is how long a series is, in catalogs that have series beside films.
func seasons() *regexp.Regexp { return regexp.MustCompile(`^\d+ [Ss]easons?$`) }

// duration reads a duration. One in seasons is no duration of a film.
func (c *cells) duration(text string) int {
	if strings.Contains(text, "eason") && seasons().MatchString(text) {
		c.note("seasons", "%s counts seasons in a cell (line %d: %s); such a duration is left out",
			catalog.Visible(c.header), c.line, catalog.Quote(text))
		return 0
	}
	return parsed(c, text, catalog.ParseDuration)
}

func (c *cells) budget(text string) *float64 {
	f, err := catalog.ParseBudget(strings.TrimSuffix(text, ".0"))
	if err != nil {
		c.fail(err)
		return nil
	}
	return &f
}

// country is the whole cell if it names a country that way, else, in a list,
// the first.
func (c *cells) country(text string) string {
	if list, ok := c.literal(text); ok {
		return c.first("country", "countries", text, list)
	}
	cell := c.lineOf(text)
	for _, sep := range []string{"|", ";", ","} {
		whole := trimList(cell, sep)
		if !strings.Contains(whole, sep) {
			continue
		}
		if len(catalog.CountryAliases(whole)) > 1 {
			return whole
		}
		return c.first("country", "countries", text, splitTrim(whole, sep))
	}
	return trimList(cell, ",")
}

// first takes the first of several, and says so once.
func (c *cells) first(one, many, text string, list []string) string {
	if len(list) == 0 {
		return ""
	}
	if len(list) > 1 {
		c.note(one, "%s names several %s in a cell (line %d: %s); the first is taken as the %s",
			catalog.Visible(c.header), many, c.line, catalog.Quote(clipped(text)), one)
	}
	return list[0]
}

// clipped keeps the beginning of a long text.
func clipped(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func (c *cells) director(text string) string {
	return c.first("director", "directors", text, c.people(text))
}

// people splits a cell of names: at | or ; where there is one, else at commas
// if every part can be a name by itself.
func (c *cells) people(text string) []string {
	if list, ok := c.literal(text); ok {
		return list
	}
	cell := c.lineOf(text)
	for _, sep := range []string{"|", ";"} {
		if strings.Contains(cell, sep) {
			return splitTrim(cell, sep)
		}
	}
	return c.splitPeople(cell)
}

// genres splits at |, else at ;, else at commas.
func (c *cells) genres(text string) []string {
	if list, ok := c.literal(text); ok {
		return list
	}
	cell := c.lineOf(text)
	sep := ","
	for _, s := range []string{"|", ";"} {
		if strings.Contains(cell, s) {
			sep = s
			break
		}
	}
	return splitTrim(cell, sep)
}

// castAs stands between an actor and a character.
const castAs = " as "

// cast splits at ; or |, each entry once at its last " as ". A cell with none
// of these is a list of actors.
func (c *cells) cast(text string) []Part {
	if entries, ok := literal(text); ok {
		return c.castOf(entries)
	}
	cell := c.lineOf(text)
	if cell == "" {
		return nil
	}
	if !strings.ContainsAny(cell, ";|") && !strings.Contains(" "+cell+" ", castAs) {
		names := c.splitPeople(cell)
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

// castOf makes a cast of the entries of a list: texts as in a cell, or objects
// with a name and a character.
func (c *cells) castOf(entries []entry) []Part {
	var parts []Part
	for _, e := range entries {
		p := Part{Actor: c.lineOf(e.name), Character: c.lineOf(e.character)}
		if !e.object {
			if i := strings.LastIndex(p.Actor, castAs); i > 0 {
				p = Part{Actor: trim(p.Actor[:i]), Character: trim(p.Actor[i+len(castAs):])}
			}
		}
		if p != (Part{}) {
			parts = append(parts, p)
		}
	}
	return parts
}

// literal reads a cell that is a list of names as programs write it; each name
// is a line of text.
func (c *cells) literal(text string) (names []string, ok bool) {
	entries, ok := literal(text)
	for _, e := range entries {
		if name := c.lineOf(e.name); name != "" {
			names = append(names, name)
		}
	}
	return names, ok
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

// trimList takes the separators off the ends of a list.
func trimList(cell, sep string) string {
	for {
		trimmed := trim(strings.Trim(cell, sep))
		if trimmed == cell {
			return cell
		}
		cell = trimmed
	}
}

// splitPeople splits a cell of names at commas, but only if every part can be a
// name by itself: two words or more. "Davis, Jr." and "Holland, Tom" stay whole.
func (c *cells) splitPeople(cell string) []string {
	if cell == "" {
		return nil
	}
	parts := splitTrim(cell, ",")
	for _, p := range parts {
		if !strings.ContainsAny(p, " \u00a0\u3000") {
			if len(parts) > 3 {
				c.note("whole", "%s has a single word between commas (line %d: %s in %s); such a cell is taken as one name, separate its names with ;",
					catalog.Visible(c.header), c.line, catalog.Quote(p), catalog.Quote(clipped(cell)))
			}
			return []string{trimList(cell, ",")}
		}
	}
	return parts
}
