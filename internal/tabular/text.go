package tabular

import (
	"bytes"
	"errors"
	"io"
)

// sampleSize is how much of a file its layout is told from.
const sampleSize = 64 << 10

// errTooLarge ends a text in which a record is larger than the limit.
var errTooLarge = errors.New("record too large")

// text is a buffer over a source that knows its physical line. A record that
// is being read begins at pos; offsets that methods take and return count from
// there, so that they stay right when the buffer moves.
type text struct {
	src   *source
	buf   []byte
	pos   int
	end   int
	err   error // what ended the source, io.EOF at its end
	line  int   // physical line of pos, from 1
	limit int   // bytes of a record

	lf, cr, quote mark
}

// mark remembers where a byte comes next, so that each byte of the text is
// looked at once for each mark, however long the lines are.
type mark struct {
	c  byte
	at int // no c in buf[pos:at]
}

func newText(src *source, limit int) *text {
	return &text{src: src, buf: make([]byte, 2*sampleSize), line: 1, limit: limit,
		lf: mark{c: '\n'}, cr: mark{c: '\r'}, quote: mark{c: '"'}}
}

// rest returns what is buffered from pos on.
func (t *text) rest() []byte { return t.buf[t.pos:t.end] }

// sample returns the beginning of the text without a byte order mark: the
// first sampleSize bytes, or all.
func (t *text) sample() []byte {
	for t.end-t.pos < sampleSize+3 && t.more() {
	}
	if bytes.HasPrefix(t.rest(), []byte(utf8BOM)) {
		t.pos += len(utf8BOM)
	}
	return t.rest()[:min(sampleSize, len(t.rest()))]
}

// more reads at least one byte behind what is buffered, or reports false.
func (t *text) more() bool {
	if t.err != nil {
		return false
	}
	if t.end == len(t.buf) && !t.room() {
		t.err = errTooLarge
		return false
	}
	for range 100 {
		n, err := t.src.Read(t.buf[t.end:])
		t.end += n
		if err != nil {
			t.err = err
			return n > 0
		}
		if n > 0 {
			return true
		}
	}
	t.err = io.ErrNoProgress
	return false
}

// room makes room at the end of the buffer, unless the record is too large.
func (t *text) room() bool {
	size := t.end - t.pos
	if size >= t.limit {
		return false
	}
	to := t.buf
	if size > len(t.buf)/2 && len(t.buf) < t.limit {
		to = make([]byte, min(2*len(t.buf), t.limit))
	}
	copy(to, t.rest())
	for _, m := range []*mark{&t.lf, &t.cr, &t.quote} {
		m.at = max(m.at-t.pos, 0)
	}
	t.buf, t.pos, t.end = to, 0, size
	return true
}

// find returns where the byte of m comes next in what is buffered, from from
// on; -1 if it does not. From must not fall within a record but
// after back.
func (t *text) find(m *mark, from int) int {
	at := max(m.at, t.pos+from)
	if at < t.end && t.buf[at] != m.c {
		i := bytes.IndexByte(t.buf[at:t.end], m.c)
		if i < 0 {
			i = t.end - at
		}
		at += i
	}
	m.at = at
	if at >= t.end {
		return -1
	}
	return at - t.pos
}

// back lets find begin at pos again.
func (t *text) back() { t.lf.at, t.cr.at, t.quote.at = t.pos, t.pos, t.pos }

// advance begins a record n bytes and some physical lines further on.
func (t *text) advance(n, lines int) {
	t.pos += n
	t.line += lines
}

// lineEnd returns where the physical line that goes on at from ends, and how
// many bytes its end has: 2 for CRLF, 0 at the end of the text. It reports false
// if the source fails before.
func (t *text) lineEnd(from int) (i, n int, ok bool) {
	for {
		lf, cr := t.find(&t.lf, from), t.find(&t.cr, from)
		switch {
		case lf >= 0 && (cr < 0 || lf < cr):
			return lf, 1, true
		case cr >= 0 && lf == cr+1:
			return cr, 2, true
		case cr >= 0 && cr+1 < t.end-t.pos:
			return cr, 1, true
		}
		if t.more() {
			continue
		}
		switch {
		case !errors.Is(t.err, io.EOF):
			return 0, 0, false
		case cr >= 0:
			return cr, 1, true
		}
		return t.end - t.pos, 0, true
	}
}

// has reports whether there is a byte at i, reading on for it.
func (t *text) has(i int) bool {
	for t.pos+i >= t.end {
		if !t.more() {
			return false
		}
	}
	return true
}

// at returns the byte at i; 0 behind the end of the text.
func (t *text) at(i int) byte {
	if !t.has(i) {
		return 0
	}
	return t.buf[t.pos+i]
}

// lineEnds returns how many physical lines end in b, and where the last of
// them does; 0 if none.
func lineEnds(b []byte) (lines, last int) {
	lf := bytes.Count(b, []byte{'\n'})
	lines, last = lf, bytes.LastIndexByte(b, '\n')+1
	if cr := bytes.Count(b, []byte{'\r'}); cr > 0 {
		lines += cr - bytes.Count(b, []byte("\r\n"))
		last = max(last, bytes.LastIndexByte(b, '\r')+1)
	}
	return lines, last
}
