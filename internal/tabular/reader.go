package tabular

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// RowError says what is wrong with one row of a file. It wraps
// catalog.ErrInvalid.
type RowError struct {
	File   string
	Line   int    // physical line on which the row begins, from 1
	Column string // header of the column; "" when the row as a whole is wrong
	Reason string
}

// Error is FILE:LINE: column: reason.
func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("%s:%d: %s", catalog.Visible(e.File), e.Line, e.Reason)
	}
	return fmt.Sprintf("%s:%d: %s: %s", catalog.Visible(e.File), e.Line, catalog.Visible(e.Column), e.Reason)
}

// Unwrap returns catalog.ErrInvalid.
func (e *RowError) Unwrap() error { return catalog.ErrInvalid }

// Options say what the content of a file cannot.
type Options struct {
	// Delimiter stands between cells; 0 is by content. With another the file is
	// not taken for JSON.
	Delimiter rune
	// Encoding is a name of the WHATWG or of IANA: "latin1", "windows-1252",
	// "utf-16le"; "" is by content: a byte order mark, UTF-16 by its pattern of
	// NULs, else UTF-8. A byte order mark overrides it.
	Encoding string
	// Unquoted says that a quote in a TSV is a letter like others, even around a
	// whole cell.
	Unquoted bool
}

// Record is one row. Its cells belong to the caller.
type Record struct {
	Line  int      // physical line on which the row begins, from 1
	Cells []string // as many as the header has; fewer or more if the row is bad, fewer if the header of JSON has grown since
}

// Reader reads the rows of one file.
type Reader struct {
	source *source
	rows   rows
	err    error // what ended the file
}

// rows is a layout: CSV or JSON.
type rows interface {
	// next returns what Reader.Next does.
	next() (Record, error)
	// columns returns the header and the line on which it begins.
	columns() ([]string, int)
}

// maxRecord is the number of bytes a row may have. Beyond it the file is no
// table: it is binary, or a quote is not closed.
const maxRecord = 256 << 20

// Open reads the header of a file; file is its name in messages. A file that
// is empty, is no text, or has a broken header is refused with
// catalog.ErrInvalid.
func Open(r io.Reader, file string, o Options) (*Reader, error) {
	if err := checkDelimiter(o.Delimiter); err != nil {
		return nil, err
	}
	src, err := openSource(r, file, o.Encoding)
	if err != nil {
		return nil, err
	}
	rd := &Reader{source: src}
	t := newText(src, maxRecord)
	sample := t.sample()
	if o.Delimiter == 0 && looksLikeJSON(sample) {
		rd.rows, err = openJSON(t)
	} else {
		rd.rows, err = openCSV(t, o)
	}
	if err != nil {
		return nil, err
	}
	return rd, nil
}

// Header returns the names of the columns, trimmed. For JSON they are the keys
// of the objects read so far, the first one included, in the order in which
// they came: it grows at its end while rows are read.
func (r *Reader) Header() []string {
	header, _ := r.rows.columns()
	return header
}

// HeaderLine returns the physical line on which the header begins; for JSON
// that of the first object.
func (r *Reader) HeaderLine() int {
	_, line := r.rows.columns()
	return line
}

// JSON reports whether the file is JSON, so that columns are named by keys.
func (r *Reader) JSON() bool {
	_, is := r.rows.(*jsonRows)
	return is
}

// Encoding returns the encoding that was given or detected, by its WHATWG name
// in small letters: "utf-8", "utf-16le", "windows-1252".
func (r *Reader) Encoding() string { return r.source.encoding }

// Offset returns how many bytes of the file have been read, as they are stored
// (packed, if it is gzip). It may be called while another goroutine reads.
func (r *Reader) Offset() int64 { return r.source.file.n.Load() }

// Next returns the next row, or io.EOF. With a *RowError and a Record that has
// a Line this row alone is bad: Cells holds what could be read of it, and the
// next row may be right. After any other error the file cannot be read on: a
// *RowError, another catalog.ErrInvalid (a damaged gzip), or an error of the
// reader.
func (r *Reader) Next() (Record, error) {
	if r.err != nil {
		return Record{}, r.err
	}
	rec, err := r.rows.next()
	if err != nil && rec.Line == 0 {
		r.err = err
	}
	return rec, err
}

// readError is the error that ended t, fit for a message.
func (t *text) readError() error {
	switch {
	case errors.Is(t.err, errTooLarge):
		return &RowError{File: t.src.name, Line: t.line, Reason: fmt.Sprintf(
			"the row is larger than %d MiB; the file is no table of text, or a quote or bracket is not closed", t.limit>>20)}
	case errors.Is(t.err, io.EOF):
		return io.EOF
	}
	return t.src.fail(t.err)
}

// emptyError refuses a file without a header.
func (t *text) emptyError() error {
	return catalog.Invalidf("%s is empty; its first line must name the columns", catalog.Visible(t.src.name))
}

// undecodable is the row error for text that has U+FFFD, which a decoder puts
// where the bytes mean nothing; nil if there is none.
func (t *text) undecodable(line int, header, cells []string) *RowError {
	for i, cell := range cells {
		if !strings.Contains(cell, "\ufffd") {
			continue
		}
		e := &RowError{File: t.src.name, Line: line,
			Reason: fmt.Sprintf("%s has bytes that are not valid in %s; name the right --encoding", catalog.Quote(cell), t.src.encoding)}
		if i < len(header) {
			e.Column = header[i]
		}
		return e
	}
	return nil
}
