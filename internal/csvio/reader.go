package csvio

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/tabular"
)

// Options says how the cells of a file are to be understood.
type Options struct {
	Mapping    Mapping
	DateFormat DateFormat // of dates that are not written YYYY-MM-DD
	Null       string     // a cell that holds just this is emptied; "" is none
	KeepCells  bool       // rows keep their cells
}

// Reader reads the rows of a file of one kind.
type Reader[T any] struct {
	kind    Kind[T]
	file    string
	t       *tabular.Reader
	opts    Options
	plan    []int       // header to column
	at      map[int]int // column to its header
	layout  *layout
	unknown []string
	notes   map[string]string
	first   *record // a row read to learn the keys of a JSON file
	cells   cells   // of the row at hand
	row     int     // number of the last row
	line    int     // and its line
}

type record struct {
	tabular.Record
	err error
}

// NewReader gives the headers of a file their meaning; file is its name in
// messages. Headers without the column the kind needs, several for one column
// and a mapping for a header that is not there are catalog.ErrInvalid errors.
func NewReader[T any](k Kind[T], t *tabular.Reader, file string, o Options) (*Reader[T], error) {
	r := &Reader[T]{kind: k, file: file, t: t, opts: o, at: map[int]int{}, notes: map[string]string{}}
	if t.JSON() {
		rec, err := t.Next()
		r.first = &record{rec, err}
	}
	keys := make([]string, len(t.Header()))
	for i, h := range t.Header() {
		keys[i] = columnKey(h)
	}
	if t.JSON() && slices.Contains(keys, "sequences") && slices.Contains(keys, "schemaversion") {
		return nil, catalog.Invalidf("%s is a whole catalog; read it with 'moviedb import catalog'", catalog.Visible(file))
	}
	for i, l := range k.layouts {
		if l.fits(keys) {
			r.layout = &k.layouts[i]
			break
		}
	}
	if err := r.extend(); err != nil {
		return nil, err
	}
	if t.JSON() {
		return r, nil
	}
	return r, r.checkHeader()
}

// extend plans headers that are not planned yet: in JSON later rows can have
// new ones.
func (r *Reader[T]) extend() error {
	from := len(r.plan)
	headers := r.t.Header()
	for i := from; i < len(headers); i++ {
		r.plan = append(r.plan, none)
		if at := r.meaning(headers[i]); at != none {
			if err := r.take(i, at); err != nil {
				return err
			}
		}
	}
	for i := from; i < len(headers); i++ {
		if key := columnKey(headers[i]); r.plan[i] == none && key != errorColumn && !r.leftOut(key) {
			r.unknown = append(r.unknown, headers[i])
		}
	}
	r.cells = cells{file: r.file, heads: r.Header, dates: r.opts.DateFormat, notes: r.notes, undated: !r.dated(),
		yearWins: r.layout != nil && r.layout.yearWins}
	return nil
}

// errorColumn is what a file of rejected rows has beside the columns of the
// file they came from.
const errorColumn = "error"

// leftOut tells whether somebody asked for a header to be left out.
func (r *Reader[T]) leftOut(key string) bool {
	p := r.opts.Mapping.of(key)
	return p != nil && p.column == leaveOut
}

// meaning returns the column that a header means.
func (r *Reader[T]) meaning(header string) int {
	key := columnKey(header)
	if p := r.opts.Mapping.of(key); p != nil {
		return r.kind.index(p.column)
	}
	at := r.kind.alias(key)
	if r.layout != nil {
		if name, ok := r.layout.aliases[key]; ok {
			at = r.kind.index(name)
		}
	}
	if at != none && r.opts.Mapping.takes(r.kind.columns[at].name) {
		return none // the mapping takes another header for it
	}
	return at
}

// has tells whether a header feeds a column.
func (r *Reader[T]) has(column int) bool { _, ok := r.at[column]; return ok }

// take lets a header feed a column.
func (r *Reader[T]) take(header, column int) error {
	c := r.kind.columns[column]
	first, twice := r.at[column]
	if twice && c.name == colKey && r.opts.Mapping.of(columnKey(r.t.Header()[header])) == nil {
		return nil // one id is enough; the other is left out
	}
	if twice && !c.list {
		return &tabular.RowError{File: r.file, Line: r.t.HeaderLine(), Column: r.t.Header()[header],
			Reason: fmt.Sprintf("the column %s is there twice (the other is %s); choose one with --map %s=%s",
				c.name, catalog.Quote(r.t.Header()[first]), catalog.Visible(r.t.Header()[header]), c.name)}
	}
	if !twice {
		r.at[column] = header
	}
	r.plan[header] = column
	return nil
}

func (r *Reader[T]) checkHeader() error {
	for _, p := range r.opts.Mapping.pairs {
		if !slices.ContainsFunc(r.t.Header(), func(h string) bool { return columnKey(h) == p.key }) {
			return catalog.Invalidf("--map: %s has no header %s; its headers are: %s", catalog.Visible(r.file), catalog.Quote(p.header), r.headers())
		}
	}
	if need := r.kind.need; !r.has(r.kind.index(need)) && !r.hasExtra(need) {
		return catalog.Invalidf("%s has no %s column; name it with --map 'HEADER=%s'; its headers are: %s",
			catalog.Visible(r.file), need, need, r.headers())
	}
	return nil
}

// hasExtra tells whether another column says what the needed one does.
func (r *Reader[T]) hasExtra(need string) bool {
	for i, c := range r.kind.columns {
		if c.bit == r.kind.columns[r.kind.index(need)].bit && r.has(i) {
			return true
		}
	}
	return false
}

func (r *Reader[T]) headers() string {
	names := make([]string, 0, len(r.t.Header()))
	for _, h := range r.t.Header()[:min(len(r.t.Header()), 30)] {
		names = append(names, catalog.Quote(h))
	}
	return strings.Join(names, ", ")
}

// Headers returns the headers of the file; in JSON there may be more later.
func (r *Reader[T]) Headers() []string { return r.t.Header() }

// JSON tells whether the file is JSON.
func (r *Reader[T]) JSON() bool { return r.t.JSON() }

// Offset is how many bytes of the file were read.
func (r *Reader[T]) Offset() int64 { return r.t.Offset() }

// HasKey tells whether records of the file have keys of its own.
func (r *Reader[T]) HasKey() bool { return r.has(r.kind.index(colKey)) }

// Header returns the header of a column in this file, "" if the file lacks the
// column.
func (r *Reader[T]) Header(column string) string {
	i, ok := r.at[r.kind.index(column)]
	if !ok {
		return ""
	}
	return r.t.Header()[i]
}

// Feeds returns the name of the column that a header of the file alone feeds,
// "" if it feeds none, or one that several headers may feed.
func (r *Reader[T]) Feeds(header int) string {
	if header >= len(r.plan) || r.plan[header] == none || r.kind.columns[r.plan[header]].list {
		return ""
	}
	return r.kind.columns[r.plan[header]].name
}

// Unknown returns the headers that no column takes; their cells are not read.
func (r *Reader[T]) Unknown() []string { return r.unknown }

// Notes returns what was decided about cells that could mean more than one
// thing, each once for the file, in a fixed order.
func (r *Reader[T]) Notes() []string {
	notes := make([]string, 0, len(r.notes))
	for _, n := range r.notes {
		notes = append(notes, n)
	}
	slices.Sort(notes)
	return notes
}

// Next returns the next row, or io.EOF. errs are what is wrong with the row's
// cells; such a row must not be stored. err ends the file.
func (r *Reader[T]) Next() (row T, errs []*tabular.RowError, err error) {
	rec, err := r.read()
	m := r.kind.meta(&row)
	r.row++
	m.Row, m.Line, m.Shared = r.row, rec.Line, rec.Line == r.line
	r.line = rec.Line
	if r.opts.KeepCells {
		m.Cells = rec.Cells
	}
	if bad := (*tabular.RowError)(nil); errors.As(err, &bad) && rec.Line != 0 {
		bad.Reason = m.Why(bad.Reason)
		return row, []*tabular.RowError{bad}, nil // the next may be right
	}
	if errors.Is(err, io.EOF) && r.t.JSON() {
		if end := r.checkHeader(); end != nil && len(r.t.Header()) > 0 {
			return row, nil, end
		}
	}
	if err != nil {
		return row, nil, err
	}
	if len(r.t.Header()) > len(r.plan) {
		if err := r.extend(); err != nil {
			if bad := (*tabular.RowError)(nil); errors.As(err, &bad) {
				bad.Line = rec.Line
			}
			return row, nil, err
		}
	}
	c := &r.cells
	c.line, c.why, c.errs = rec.Line, m.Why, nil
	r.fill(c, rec.Cells, &row)
	if r.kind.finish != nil {
		r.kind.finish(c, &row)
	}
	return row, c.errs, nil
}

func (r *Reader[T]) read() (tabular.Record, error) {
	if f := r.first; f != nil {
		r.first = nil
		return f.Record, f.err
	}
	return r.t.Next()
}

// dated tells whether the file says when a film came out.
func (r *Reader[T]) dated() bool {
	return r.has(r.kind.index(colReleaseDate)) || r.has(r.kind.index(colYear))
}

// isBlank tells whether nothing is left of a trimmed text by the rules of the
// catalog, which know more blanks than those of Unicode's white space.
func isBlank(text string) bool {
	if text == "" || text[0] < utf8.RuneSelf {
		return text == ""
	}
	if first, _ := utf8.DecodeRuneInString(text); !unicode.Is(unicode.Cf, first) {
		return false
	}
	clean, err := catalog.CleanText(text)
	return err == nil && clean == ""
}

// fill reads each cell into the row.
func (r *Reader[T]) fill(c *cells, texts []string, row *T) {
	m := r.kind.meta(row)
	for i, text := range texts {
		if i >= len(r.plan) || r.plan[i] == none {
			continue
		}
		col := &r.kind.columns[r.plan[i]]
		if text = strings.TrimSpace(text); isBlank(text) {
			continue
		}
		c.header = r.t.Header()[i]
		if text == r.opts.Null {
			m.Cleared |= col.bit
			continue
		}
		if r.layout != nil && r.layout.isBlank(col.name, text) {
			continue
		}
		if !utf8.ValidString(text) {
			c.failf("%s is not valid UTF-8; name the encoding of the file with --encoding, such as latin1", catalog.Quote(text))
			continue
		}
		m.Given |= col.bit
		col.read(c, text, row)
	}
	m.Cleared &^= m.Given
}
