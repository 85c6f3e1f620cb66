package tabular

import "bytes"

// maxTSVCell is the number of bytes in which a quoted cell of several lines
// must be closed in a TSV.
const maxTSVCell = sampleSize

// readTSV reads a row of a TSV that has a quote on its first line, of i bytes
// and an end of n.
//
// TSV (IANA text/tab-separated-values) has no quotes: one is a letter like
// others. But spreadsheets quote cells that hold tabs, line ends or quotes. So
// a cell is quoted if it begins with a quote and has a closing one before a tab
// or the end of the line. Over several lines it goes only if this gives the row
// as many cells as the header and none of the lines is a row by itself.
func (c *csvRows) readTSV(i, n int) (Record, error) {
	rec := Record{Line: c.line}
	if _, open := c.parseTSV(i, false); open && len(c.header) > 1 {
		if size, ok := c.severalLines(); ok {
			lines, _ := lineEnds(c.rest()[:size])
			i, n, ok = c.lineEnd(size)
			if !ok {
				return Record{}, c.readError()
			}
			rec.Cells = c.take()
			c.advance(i+n, lines+1)
			return rec, nil
		}
		c.parseTSV(i, false)
	}
	rec.Cells = c.take()
	c.advance(i+n, 1)
	return rec, nil
}

// parseTSV takes the cells of the first size bytes. It returns where the row
// ends, and whether a cell begins with a quote and has no other on its line. Only
// with over may a quoted cell have several lines.
func (c *csvRows) parseTSV(size int, over bool) (end int, open bool) {
	c.plain, c.ends, c.quoted = c.plain[:0], c.ends[:0], false
	b := c.rest()[:size]
	for i := 0; ; i++ {
		var quoted bool
		if i < len(b) && b[i] == '"' && !c.unquoted {
			var next int
			next, quoted = c.quotedTSV(b, i, over)
			if quoted {
				i = next
			} else if next < 0 {
				open = true
			}
		}
		if !quoted {
			next := i + bytes.IndexAny(b[i:], "\t\r\n")
			if next < i {
				next = len(b)
			}
			c.plain = append(c.plain, b[i:next]...)
			i = next
		}
		c.endCell()
		if i >= len(b) || b[i] != '\t' {
			return i, open
		}
	}
}

// quotedTSV takes the quoted cell that begins at i and returns where it ends.
// If it is no quoted cell nothing is taken; end is -1 if a closing quote may
// stand on a later line.
func (c *csvRows) quotedTSV(b []byte, i int, over bool) (end int, ok bool) {
	start := len(c.plain)
	for i++; i < len(b); {
		stop := bytes.IndexByte(b[i:], '"')
		part := b[i:]
		if stop >= 0 {
			part = b[i : i+stop]
		}
		if lines, _ := lineEnds(part); stop < 0 || lines > 0 && !over {
			break
		}
		c.plain = append(c.plain, part...)
		i += stop + 1
		if i >= len(b) || b[i] == '\t' || b[i] == '\n' || b[i] == '\r' {
			c.quoted = true
			return i, true
		}
		if b[i] != '"' {
			c.plain = c.plain[:start]
			return 0, false
		}
		c.plain = append(c.plain, '"')
		i++
	}
	c.plain = c.plain[:start]
	return -1, false
}

// severalLines takes the row as one of several lines, and returns where it
// ends.
func (c *csvRows) severalLines() (size int, ok bool) {
	for len(c.rest()) < maxTSVCell && c.more() {
	}
	window := c.rest()[:min(maxTSVCell, len(c.rest()))]
	end, _ := c.parseTSV(len(window), true)
	if len(c.ends) != len(c.header) || !bytes.ContainsAny(window[:end], "\r\n") {
		return 0, false
	}
	for i, line := range bytes.FieldsFunc(window[:end], func(r rune) bool { return r == '\n' || r == '\r' }) {
		if i > 0 && bytes.Count(line, []byte{'\t'})+1 == len(c.header) {
			return 0, false
		}
	}
	return end, true
}
