package tabular

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Why a quote is wrong.
const (
	bareQuote = "a quote inside a cell that does not begin with one; quote the whole cell and double the quotes in it"
	goesOn    = "a quoted cell goes on after its closing quote; double the quotes inside it"
	notClosed = "the quote that begins this cell is never closed; close it, or double the quotes inside the cell"
)

// csvRows reads CSV and TSV.
type csvRows struct {
	*text
	delim      string // "" where nothing is a delimiter
	unquoted   bool   // in a TSV a quote is a letter
	header     []string
	headerLine int

	// The record that is being read.
	plain  []byte // its cells without quotes, one after the other
	ends   []int  // where each cell ends in plain
	quoted bool   // a cell is quoted
	wrong  string // what is wrong with it first; "" if nothing
}

// openCSV reads the header. 0 is a delimiter to be told from the content.
func openCSV(t *text, o Options) (*csvRows, error) {
	c := &csvRows{text: t, unquoted: o.Unquoted}
	if delim, n := sepLine(t.sample()); n > 0 {
		_, end, _ := t.lineEnd(n)
		t.advance(n+end, 1)
		c.delim = delim
	}
	if o.Delimiter != 0 {
		c.delim = string(o.Delimiter)
	} else if c.delim == "" {
		sample := t.sample()
		c.delim = sniffDelimiter(sample, len(sample) < sampleSize)
	}
	rec, err := c.read()
	if errors.Is(err, io.EOF) {
		return nil, t.emptyError()
	}
	if err != nil {
		return nil, err
	}
	if bad := c.decodeError(rec); bad != nil {
		return nil, bad
	}
	for _, name := range rec.Cells {
		c.header = append(c.header, strings.TrimSpace(name))
	}
	c.headerLine = rec.Line
	return c, nil
}

// columns returns the header and its line.
func (c *csvRows) columns() ([]string, int) { return c.header, c.headerLine }

// next returns the next row with as many cells as the header has.
func (c *csvRows) next() (Record, error) {
	rec, err := c.read()
	if err != nil {
		return rec, err
	}
	if bad := c.decodeError(rec); bad != nil {
		return rec, bad
	}
	if len(rec.Cells) != len(c.header) && !c.fit(&rec) {
		n := len(rec.Cells)
		return rec, &RowError{File: c.src.name, Line: rec.Line,
			Reason: fmt.Sprintf("the row has %d %s, the header has %d", n, catalog.Plural(n, "cell", "cells"), len(c.header))}
	}
	return rec, nil
}

// fit gives a row the length of the header if nothing but blanks is lost or
// added. Spreadsheets end rows with delimiters too many. In a TSV without quotes
// cells at the end may be left off, but not all but the first: that is a
// line that was torn in two.
func (c *csvRows) fit(rec *Record) bool {
	n, want := len(rec.Cells), len(c.header)
	if n > want {
		for _, extra := range rec.Cells[want:] {
			if strings.TrimSpace(extra) != "" {
				return false
			}
		}
		rec.Cells = rec.Cells[:want:want]
		return true
	}
	if c.delim != "\t" || c.quoted || n < 2 {
		return false
	}
	rec.Cells = append(rec.Cells, make([]string, want-n)...)
	return true
}

// decodeError is the error for a row with bytes that the encoding does not have.
func (c *csvRows) decodeError(rec Record) error {
	if !c.src.decoded {
		return nil
	}
	if bad := c.undecodable(rec.Line, c.header, rec.Cells); bad != nil {
		return bad
	}
	return nil
}

// read returns the next record of any length. Blank lines are none.
func (c *csvRows) read() (Record, error) {
	for {
		i, n, ok := c.lineEnd(0)
		if !ok {
			return Record{}, c.readError()
		}
		if i+n == 0 {
			return Record{}, io.EOF
		}
		line := c.rest()[:i]
		if c.blank(line) {
			c.advance(i+n, 1)
			continue
		}
		c.quoted = false
		var cells []string
		if q := c.find(&c.quote, 0); q < 0 || q >= i {
			cells = c.split(string(line))
		} else if c.delim == "\t" {
			return c.readTSV(i, n)
		} else if cells = c.splitQuoted(line, q); cells == nil {
			return c.readQuoted()
		}
		rec := Record{Line: c.line, Cells: cells}
		c.advance(i+n, 1)
		return rec, nil
	}
}

// blank reports whether a line has nothing but spaces and tabs that are no
// delimiters.
func (c *csvRows) blank(line []byte) bool {
	for _, b := range line {
		if b != ' ' && b != '\t' || c.delim == string(b) {
			return false
		}
	}
	return true
}

// split splits a line without quotes.
func (c *csvRows) split(line string) []string {
	cells := make([]string, 0, max(len(c.header), 1))
	switch len(c.delim) {
	case 0:
		return append(cells, line)
	case 1:
		return splitByte(cells, line, c.delim[0])
	}
	for {
		cell, rest, found := strings.Cut(line, c.delim)
		cells = append(cells, cell)
		if !found {
			return cells
		}
		line = rest
	}
}

// splitByte appends the cells of a line.
func splitByte(cells []string, line string, delim byte) []string {
	for {
		i := strings.IndexByte(line, delim)
		if i < 0 {
			return append(cells, line)
		}
		cells = append(cells, line[:i])
		line = line[i+1:]
	}
}

// splitQuoted splits a line that has its first quote at q, nil if it must be
// read with more care: a quote is out of place, or a cell goes on in the next
// line. It is readQuoted for the rows that most files are made of.
func (c *csvRows) splitQuoted(b []byte, q int) []string {
	if len(c.delim) != 1 {
		return nil
	}
	line, delim := string(b), c.delim[0]
	cells := make([]string, 0, max(len(c.header), 1))
	for i := 0; ; {
		if i < q {
			end := strings.IndexByte(line[i:], delim)
			if end < 0 {
				end = len(line)
			} else {
				end += i
			}
			if end > q {
				return nil
			}
			cells = append(cells, line[i:end])
			i = end
		} else {
			cell, size := quotedAt(line[i:])
			i += size
			if size == 0 || i < len(line) && line[i] != delim {
				return nil
			}
			cells = append(cells, cell)
			if q = strings.IndexByte(line[i:], '"'); q < 0 {
				q = len(line) + 1
			} else {
				q += i
			}
		}
		if i == len(line) {
			return cells
		}
		i++
	}
}

// quotedAt returns the quoted cell that s begins with and its size with the
// quotes; 0 if it is not closed.
func quotedAt(s string) (cell string, size int) {
	doubled := false
	for i := 1; ; i += 2 {
		q := strings.IndexByte(s[i:], '"')
		if q < 0 {
			return "", 0
		}
		i += q
		if i+1 < len(s) && s[i+1] == '"' {
			doubled = true
			continue
		}
		cell = s[1:i]
		if doubled {
			cell = strings.ReplaceAll(cell, `""`, `"`)
		}
		return cell, i + 1
	}
}

// endCell ends a cell with what is in plain.
func (c *csvRows) endCell() { c.ends = append(c.ends, len(c.plain)) }

// take returns the cells of the record in one string.
func (c *csvRows) take() []string {
	all := string(c.plain)
	cells := make([]string, 0, max(len(c.header), len(c.ends)))
	start := 0
	for _, end := range c.ends {
		cells = append(cells, all[start:end])
		start = end
	}
	return cells
}

// delimiterAt returns where the next delimiter is in [i, end); end if there is none.
func (c *csvRows) delimiterAt(i, end int) int {
	b := c.rest()[i:end]
	at := -1
	switch len(c.delim) {
	case 0:
	case 1:
		at = bytes.IndexByte(b, c.delim[0])
	default:
		at = bytes.Index(b, []byte(c.delim))
	}
	if at < 0 {
		return end
	}
	return i + at
}

// isDelimiter reports whether a delimiter begins at i.
func (c *csvRows) isDelimiter(i int) bool {
	if c.delim == "" || !c.has(i+len(c.delim)-1) {
		return false
	}
	return string(c.rest()[i:i+len(c.delim)]) == c.delim
}
