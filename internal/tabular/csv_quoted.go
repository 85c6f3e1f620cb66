package tabular

import (
	"errors"
	"fmt"
	"io"
)

// place is where a record is being read: at i, on a line that begins at start,
// lines below the one on which the record begins.
type place struct{ i, start, lines int }

// readQuoted reads a record that has a quote on its first line.
//
// After a quote inside an unquoted cell, which is taken as it stands, it is
// known where the cells and the row end, so that the next row can be read.
// After text behind a closing quote that is a guess, made only if the row
// ends on the line it begins on and each other quoted cell is closed there. The
// error names the first mistake of the row.
func (c *csvRows) readQuoted() (Record, error) {
	c.plain, c.ends, c.wrong = c.plain[:0], c.ends[:0], ""
	var p place
	for oneLine := false; ; {
		var err error
		if c.at(p.i) == '"' {
			oneLine, err = c.quotedCell(&p, oneLine)
		} else {
			err = c.unquotedCell(&p)
		}
		if err != nil {
			return Record{}, err
		}
		if c.isDelimiter(p.i) {
			p.i += len(c.delim)
			continue
		}
		return c.endRecord(p)
	}
}

// endRecord ends the record at p, where a line ends.
func (c *csvRows) endRecord(p place) (Record, error) {
	_, n, ok := c.lineEnd(p.i)
	if !ok {
		return Record{}, c.readError()
	}
	rec := Record{Line: c.line, Cells: c.take()}
	c.advance(p.i+n, p.lines+1)
	if c.wrong != "" {
		return rec, &RowError{File: c.src.name, Line: rec.Line, Reason: c.wrong}
	}
	return rec, nil
}

// mistake notes the first mistake of the record: it is at i on the line of p.
func (c *csvRows) mistake(p place, i int, reason string) {
	if c.wrong != "" {
		return
	}
	c.wrong = fmt.Sprintf("byte %d: %s", i-p.start+1, reason)
	if p.lines > 0 {
		c.wrong = fmt.Sprintf("line %d, %s", c.line+p.lines, c.wrong)
	}
}

// fatal is the error for a record behind which nothing can be read.
func (c *csvRows) fatal() error {
	if c.err != nil && !errors.Is(c.err, io.EOF) {
		return c.readError()
	}
	return &RowError{File: c.src.name, Line: c.line, Reason: c.wrong}
}

// unquotedCell reads a cell up to a delimiter or the end of the line.
func (c *csvRows) unquotedCell(p *place) error {
	end, _, ok := c.lineEnd(p.i)
	if !ok {
		return c.readError()
	}
	end = c.delimiterAt(p.i, end)
	if q := c.find(&c.quote, p.i); q >= 0 && q < end {
		c.mistake(*p, q, bareQuote)
	}
	c.plain = append(c.plain, c.rest()[p.i:end]...)
	c.endCell()
	p.i = end
	return nil
}

// quotedCell reads a cell that begins with a quote, up to what follows it. With
// oneLine it must end on its line. It returns oneLine, or true from the first
// cell on that goes on after its closing quote.
func (c *csvRows) quotedCell(p *place, oneLine bool) (bool, error) {
	c.quoted = true
	opening, from := *p, len(c.plain)
	for i := p.i + 1; ; i = p.i {
		q, ok := c.findQuote(i)
		if !ok {
			c.mistake(opening, opening.i, notClosed)
			return false, c.fatal()
		}
		part := c.rest()[i:q]
		c.plain = append(c.plain, part...)
		if lines, last := lineEnds(part); lines > 0 {
			p.lines += lines
			p.start = i + last
		}
		p.i = q + 1
		if c.at(p.i) != '"' {
			break
		}
		c.plain = append(c.plain, '"')
		p.i++
	}
	if oneLine && p.lines > opening.lines {
		return false, c.fatal()
	}
	if c.closes(p.i) {
		c.endCell()
		return oneLine, nil
	}
	c.mistake(*p, p.i-1, goesOn)
	if p.lines > 0 {
		return false, c.fatal()
	}
	c.plain = append(c.plain[:from], c.rest()[opening.i:p.i]...)
	return true, c.unquotedCell(p)
}

// findQuote returns where the next quote is, reading on for it.
func (c *csvRows) findQuote(from int) (int, bool) {
	for {
		if q := c.find(&c.quote, from); q >= 0 {
			return q, true
		}
		if !c.more() {
			return 0, false
		}
	}
}

// closes reports whether a cell can end at i.
func (c *csvRows) closes(i int) bool {
	b := c.at(i)
	return b == '\n' || b == '\r' || b == 0 && !c.has(i) || c.isDelimiter(i)
}
