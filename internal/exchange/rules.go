package exchange

import (
	"math"
	"slices"
	"strconv"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// rowReader makes rows of one table out of the members of objects. What the
// schema says better, as that a title is not blank, is left to it. Texts come
// back as they were, even if a rule of today would clean them.
type rowReader struct {
	table store.Table
	seen  []bool
}

func newRowReader(t store.Table) *rowReader {
	return &rowReader{table: t, seen: make([]bool, len(t.Columns))}
}

// read fills row, which has a place for each column, from members; one of them
// may be the kind. The error says what is wrong, and with which column.
func (r *rowReader) read(row []any, members []member) *LineError {
	clear(r.seen)
	for i, m := range members {
		if m.key == kindKey {
			continue
		}
		at := r.column(i-1, m.key)
		if at < 0 {
			return &LineError{Reason: "a " + r.table.Kind + " has no column " + catalog.Quote(m.key)}
		}
		c := &r.table.Columns[at]
		if r.seen[at] {
			return &LineError{Field: c.Name, Reason: "it is there twice"}
		}
		r.seen[at] = true
		v, err := convert(c, m)
		if err != nil {
			return &LineError{Field: c.Name, Reason: err.Error()}
		}
		row[at] = v
	}
	for i, c := range r.table.Columns {
		if c.Required && row[i] == nil {
			return &LineError{Field: c.Name, Reason: "it is missing"}
		}
	}
	return nil
}

// column finds a column by its name, first where our own streams have it.
func (r *rowReader) column(hint int, name string) int {
	cs := r.table.Columns
	if hint >= 0 && hint < len(cs) && cs[hint].Name == name {
		return hint
	}
	return slices.IndexFunc(cs, func(c store.Column) bool { return c.Name == name })
}

// convert makes a value of a column; nil is NULL.
func convert(c *store.Column, m member) (any, error) {
	switch {
	case m.kind == 'n':
		return nil, nil
	case c.Type == store.Text && m.kind == '"':
		return m.text, checkText(c, m.text)
	case c.Type == store.Bool && (m.kind == 't' || m.kind == 'f'):
		if m.kind == 't' {
			return int64(1), nil
		}
		return int64(0), nil
	case c.Type == store.Real && m.kind == '0':
		f, err := strconv.ParseFloat(m.text, 64)
		if err != nil || math.IsInf(f, 0) {
			return nil, catalog.Invalidf("%s is too large", catalog.Quote(m.text))
		}
		return f, nil
	case c.Type == store.Integer && m.kind == '0':
		n, err := strconv.ParseInt(m.text, 10, 64)
		switch {
		case err != nil:
			return nil, catalog.Invalidf("%s is not a whole number of 64 bits", catalog.Quote(m.text))
		case n < 1 && (c.Name == "id" || c.Refers != ""):
			return nil, catalog.Invalidf("%d is no id; ids are whole numbers from 1", n)
		}
		return n, nil
	}
	return nil, catalog.Invalidf("it is to be %s", [...]string{"a whole number", "a number", "a text", "true or false"}[c.Type])
}

// checkText looks at texts whose shape matters.
func checkText(c *store.Column, s string) error {
	switch c.Name {
	case "created_at", "updated_at":
		if _, err := catalog.ParseTimestamp(s); err != nil {
			return err
		}
	case "release_date", "date_of_birth":
		if date, err := catalog.ParseDate(s); err != nil || date != s {
			return catalog.Invalidf("%s is not a date from 1800 to 2200; write YYYY, YYYY-MM or YYYY-MM-DD", catalog.Quote(s))
		}
	case "file_key":
		if !blob.IsKey(s) {
			return catalog.Invalidf("%s is not the key of a file; keys are ab/abcdef….jpg, with the SHA-256 of the content", catalog.Quote(s))
		}
	}
	if s == "" {
		return catalog.Invalidf("it is empty; absent is null")
	}
	return nil
}
