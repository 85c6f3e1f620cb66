package tabular

import (
	"bufio"
	"io"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Writer writes rows so that Open reads the same cells: the same bytes, blanks
// and line ends too. CSV is that of RFC 4180, with commas; encoding/csv is no use
// since it writes a row of one blank cell as a blank line, which is no row, and
// leaves other delimiters in the header unquoted, so that it may be taken for
// another layout.
type Writer struct {
	w      *bufio.Writer
	json   bool
	header []string
	line   []byte
	begun  bool
}

// NewWriter returns a writer of CSV, whose first line is the header, or of JSON
// Lines, whose keys are the names in header. Nothing is written before the
// first row, or Flush.
func NewWriter(w io.Writer, json bool, header []string) *Writer {
	return &Writer{w: bufio.NewWriterSize(w, 1<<16), json: json, header: header}
}

// Write writes a row. In CSV it may have another length than the header. In
// JSON cells are strings, keys without a cell are left out, and a cell without a
// key is catalog.ErrInvalid.
func (w *Writer) Write(cells []string) error {
	if w.json && len(cells) > len(w.header) {
		return catalog.Invalidf("a row of %d cells cannot be written with %d keys", len(cells), len(w.header))
	}
	w.line = w.line[:0]
	if w.json {
		w.line = appendObject(w.line, w.header, cells)
	} else {
		w.writeHeader()
		w.line = appendRow(w.line, cells)
	}
	_, err := w.w.Write(w.line)
	return err
}

// Flush writes what is buffered; in CSV the header, if there was no row.
func (w *Writer) Flush() error {
	if !w.json {
		w.line = w.line[:0]
		w.writeHeader()
		if _, err := w.w.Write(w.line); err != nil {
			return err
		}
	}
	return w.w.Flush()
}

// writeHeader puts the header before the first row.
func (w *Writer) writeHeader() {
	if !w.begun {
		w.begun = true
		w.line = appendRow(w.line, w.header)
	}
}

// appendRow appends a line of CSV.
func appendRow(b []byte, cells []string) []byte {
	for i, cell := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		if !needsQuotes(cell) && (cell != "" || len(cells) > 1) {
			b = append(b, cell...)
			continue
		}
		b = append(b, '"')
		b = append(b, strings.ReplaceAll(cell, `"`, `""`)...)
		b = append(b, '"')
	}
	return append(b, '\n')
}

// needsQuotes reports whether a cell would not come back without quotes, or
// might, at the beginning of a file, be taken for a sign of another layout.
func needsQuotes(cell string) bool {
	if cell == "" {
		return false
	}
	for i := range len(cell) {
		switch c := cell[i]; {
		case c < ' ', c == ',', c == ';', c == '|', c == '"':
			return true
		}
	}
	first, last := cell[0], cell[len(cell)-1]
	return first <= ' ' || last <= ' ' || strings.IndexByte("{[<%", first) >= 0 || first >= 0x7f ||
		strings.HasPrefix(cell, "GIF8") || len(cell) > 4 && strings.EqualFold(cell[:4], "sep=")
}

// appendObject appends a line of JSON Lines. What is not UTF-8 stays as it is, so
// that it is refused again, and not read as something else.
func appendObject(b []byte, header, cells []string) []byte {
	b = append(b, '{')
	for i, cell := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, header[i])
		b = append(b, ':')
		b = appendString(b, cell)
	}
	return append(b, '}', '\n')
}

// appendString appends a string of JSON.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, s[i])
		}
	}
	return append(b, '"')
}
