package output

import (
	"encoding/csv"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
)

// cells reads the columns of records as text.
type cells struct {
	cols    []column
	sep     string
	scratch []byte
	texts   []string
}

// read returns the texts of the record v. The slice is used again by the next
// call.
func (c *cells) read(v reflect.Value) []string {
	c.texts = c.texts[:0]
	for i := range c.cols {
		var t string
		t, c.scratch = c.cols[i].text(v, c.sep, c.scratch)
		c.texts = append(c.texts, t)
	}
	return c.texts
}

// visible returns the texts of the record v for the eyes of a person, in a slice
// of its own.
func (c *cells) visible(v reflect.Value) []string {
	row := make([]string, 0, len(c.cols))
	for _, t := range c.read(v) {
		row = append(row, visible(t))
	}
	return row
}

// paths returns the dotted paths of the columns.
func (c *cells) paths() []string {
	var names []string
	for _, col := range c.cols {
		names = append(names, col.path)
	}
	return names
}

// tsvSink prints a record a line, escaped so that a line is a record and a tab
// is the end of a cell, whatever the data is.
type tsvSink struct {
	out    *buffer
	cells  cells
	header bool // still to come
	buf    []byte
}

func (s *tsvSink) begin() []byte {
	b := s.buf[:0]
	if s.header {
		s.header = false
		b = append(b, strings.Join(s.cells.paths(), "\t")...)
		b = append(b, '\n')
	}
	return b
}

func (s *tsvSink) row(v reflect.Value) error {
	b := s.begin()
	for i := range s.cells.cols {
		if i > 0 {
			b = append(b, '\t')
		}
		s.cells.scratch = s.cells.cols[i].append(s.cells.scratch[:0], v, s.cells.sep)
		b = appendTSV(b, s.cells.scratch)
	}
	b = append(b, '\n')
	s.buf = b
	_, err := s.out.w.Write(b)
	return err
}

func (s *tsvSink) end() error {
	_, err := s.out.w.Write(s.begin())
	return err
}

func (s *tsvSink) whole() bool { return false }

// appendTSV appends text with backslash escapes: \t \n \r \\, \x1b for a
// control character or a byte that is not UTF-8, \u0085 for a C1 control.
func appendTSV(b, text []byte) []byte {
	const hex = "0123456789abcdef"
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c >= ' ' && c < 0x7f && c != '\\' {
			i++
			continue
		}
		r, size := rune(c), 1
		if c >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
			if size > 1 && r > 0x9f {
				i += size
				continue
			}
		}
		b = append(b, text[start:i]...)
		switch {
		case c == '\t':
			b = append(b, `\t`...)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\\':
			b = append(b, `\\`...)
		case size > 1:
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			b = append(b, '\\', 'x', hex[c>>4], hex[c&15])
		}
		i += size
		start = i
	}
	return append(b, text[start:]...)
}

// csvSink prints RFC 4180 with a header of dotted names and "\n" line ends.
type csvSink struct {
	out    *buffer
	w      *csv.Writer
	cells  cells
	header bool // still to come
}

func newCSVSink(out *buffer, c cells) *csvSink {
	return &csvSink{out: out, w: csv.NewWriter(out.w), cells: c, header: true}
}

func (s *csvSink) begin() error {
	if !s.header {
		return nil
	}
	s.header = false
	return s.w.Write(s.cells.paths())
}

func (s *csvSink) row(v reflect.Value) error {
	if err := s.begin(); err != nil {
		return err
	}
	texts := s.cells.read(v)
	if len(texts) == 1 && texts[0] == "" { // encoding/csv would write an empty line, which readers skip
		_, err := s.out.w.WriteString("\"\"\n")
		return err
	}
	return s.w.Write(texts)
}

func (s *csvSink) end() error { return s.begin() }

func (s *csvSink) whole() bool { return false }

// markdownSink prints a table of GitHub's Markdown.
type markdownSink struct {
	out   *buffer
	cells cells
	begun bool
	buf   []byte
}

func (s *markdownSink) begin() []byte {
	b := s.buf[:0]
	if s.begun {
		return b
	}
	s.begun = true
	for _, c := range s.cells.cols {
		b = append(b, "| "...)
		b = append(b, markdownText(sentence(c.path))...)
		b = append(b, ' ')
	}
	b = append(b, "|\n"...)
	for _, c := range s.cells.cols {
		if c.numeric() {
			b = append(b, "| ---: "...)
		} else {
			b = append(b, "| --- "...)
		}
	}
	return append(b, "|\n"...)
}

func (s *markdownSink) row(v reflect.Value) error {
	b := s.begin()
	for _, t := range s.cells.read(v) {
		b = append(b, "| "...)
		b = append(b, markdownText(t)...)
		b = append(b, ' ')
	}
	b = append(b, "|\n"...)
	s.buf = b
	_, err := s.out.w.Write(b)
	return err
}

func (s *markdownSink) end() error {
	_, err := s.out.w.Write(s.begin())
	return err
}

func (s *markdownSink) whole() bool { return false }

// markdownText returns text such that Markdown shows it as it is, in one cell:
// what would be markup is escaped with a backslash, a line break is <br>, and
// control and bidi characters are made visible.
func markdownText(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f || isMarkup(s, i) {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	for i, line := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		if i > 0 {
			b.WriteString("<br>")
		}
		line = catalog.Visible(line)
		for j := 0; j < len(line); j++ {
			if isMarkup(line, j) {
				b.WriteByte('\\')
			}
			b.WriteByte(line[j])
		}
	}
	return b.String()
}

// isMarkup tells whether the character at i would mean something to Markdown
// inside a cell. An underscore or an ampersand inside plain words does not.
func isMarkup(s string, i int) bool {
	switch s[i] {
	case '\\', '|', '*', '`', '<', '[', '~':
		return true
	case '_':
		return i == 0 || i == len(s)-1 || !isWord(s[i-1]) || !isWord(s[i+1])
	case '&':
		return i+1 < len(s) && (s[i+1] == '#' || isWord(s[i+1]))
	}
	return false
}

// isWord tells whether a byte is of a letter, a digit or an underscore.
func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= utf8.RuneSelf
}
