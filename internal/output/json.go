package output

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// Absenter is a value that can be absent without being a pointer: when Absent
// is true JSON has null and a cell has nothing. The method must work on a
// value at its zero.
type Absenter interface{ Absent() bool }

// encoder turns compiled records into compact JSON, the same bytes as
// encoding/json without HTML escapes, but for three points: a number never has
// an exponent, a nil slice is [], an infinite number is null.
type encoder struct {
	guard bool  // escape what could drive a terminal as well
	err   error // the first error of a type that marshals itself
}

// value appends the value v of node n, which is behind its pointers.
func (e *encoder) value(b []byte, n *node, v reflect.Value) []byte {
	switch n.kind {
	case kindString:
		return appendQuoted(b, v.String(), e.guard)
	case kindInt:
		return strconv.AppendInt(b, v.Int(), 10)
	case kindUint:
		return strconv.AppendUint(b, v.Uint(), 10)
	case kindBool:
		return strconv.AppendBool(b, v.Bool())
	case kindFloat:
		if f := v.Float(); !math.IsInf(f, 0) && !math.IsNaN(f) {
			return strconv.AppendFloat(b, f, 'f', -1, n.bits)
		}
		return append(b, "null"...)
	case kindRecord:
		return e.record(b, n, v)
	case kindList:
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			if w, ok := n.elem.follow(v.Index(i)); ok {
				b = e.value(b, n.elem, w)
			} else {
				b = append(b, "null"...)
			}
		}
		return append(b, ']')
	}
	return e.other(b, v)
}

// record appends an object.
func (e *encoder) record(b []byte, n *node, v reflect.Value) []byte {
	b = append(b, '{')
	for i, f := range n.fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, f.key...)
		if w, ok := f.get(v); ok {
			b = e.value(b, f, w)
		} else {
			b = append(b, "null"...)
		}
	}
	return append(b, '}')
}

// other appends a value through encoding/json.
func (e *encoder) other(b []byte, v reflect.Value) []byte {
	raw, err := marshal(v)
	if err != nil {
		if e.err == nil {
			e.err = err
		}
		return append(b, "null"...)
	}
	if !e.guard {
		return append(b, raw...)
	}
	return appendGuarded(b, raw)
}

// appendGuarded appends JSON and escapes what could drive a terminal.
func appendGuarded(b, raw []byte) []byte {
	for _, r := range string(raw) { // outside of strings JSON is ASCII
		if drives(r) {
			b = appendEscape(b, r)
		} else {
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// marshal returns a value as compact JSON, as encoding/json writes it.
func marshal(v reflect.Value) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v.Addr().Interface()); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// appendQuoted appends a JSON string. Invalid UTF-8 becomes \ufffd, and U+2028
// and U+2029 are escaped, as encoding/json has it. With guard the control and
// bidi characters that JSON allows in the clear are escaped as well.
func appendQuoted(b []byte, s string, guard bool) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' && (c != 0x7f || !guard) {
			i++
			continue
		}
		r, size := rune(c), 1
		if c >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
			bad := r == utf8.RuneError && size == 1
			if !bad && r != '\u2028' && r != '\u2029' && (!guard || !drives(r)) {
				i += size
				continue
			}
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, r)
		i += size
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

// appendEscape appends the escape of a character of the basic plane.
func appendEscape(b []byte, r rune) []byte {
	const hex = "0123456789abcdef"
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	return append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}

// drives tells whether a character that JSON allows in the clear could make a
// terminal do or show something else: DEL, the C1 controls, the bidi controls.
func drives(r rune) bool {
	switch {
	case r < 0x7f:
		return false
	case r <= 0x9f, r == 0x61c, r == 0x200e, r == 0x200f:
		return true
	}
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// jsonSink prints an array of objects, one a line, or JSON Lines.
type jsonSink struct {
	out    *buffer
	node   *node
	enc    encoder
	lines  bool // JSON Lines
	indent bool // an indented array
	begun  bool
	buf    []byte
	pretty bytes.Buffer
}

func (s *jsonSink) row(v reflect.Value) error {
	b := s.buf[:0]
	switch {
	case s.lines:
	case s.begun:
		b = append(b, ",\n"...)
	default:
		b = append(b, "[\n"...)
	}
	s.begun = true
	from := len(b)
	b = s.enc.root(b, s.node, v)
	if s.enc.err != nil {
		return s.enc.err
	}
	if s.lines {
		b = append(b, '\n')
	} else if s.indent {
		s.pretty.Reset()
		if err := json.Indent(&s.pretty, b[from:], "  ", "  "); err != nil {
			return err
		}
		b = append(append(b[:from], "  "...), s.pretty.Bytes()...)
	}
	s.buf = b
	_, err := s.out.w.Write(b)
	return err
}

func (s *jsonSink) end() error {
	tail := "\n]\n"
	switch {
	case s.lines:
		return nil
	case !s.begun:
		tail = "[]\n"
	}
	_, err := s.out.w.WriteString(tail)
	return err
}

func (s *jsonSink) whole() bool { return true }

// root appends a record that is not part of another.
func (e *encoder) root(b []byte, n *node, v reflect.Value) []byte {
	w, ok := n.follow(v)
	if !ok {
		return append(b, "null"...)
	}
	return e.value(b, n, w)
}

// showJSON prints one record as an object of its own.
func showJSON(p *Printer, w io.Writer, root *node, v reflect.Value) error {
	part, err := root.pick(p.Fields)
	if err != nil {
		return err
	}
	if p.Filter != nil {
		doc, err := part.root(v)
		if err != nil {
			return err
		}
		return p.Filter.run(w, p.Filter.code, doc, p.Terminal)
	}
	enc := encoder{guard: p.Terminal}
	var buf bytes.Buffer
	b := enc.root(nil, part, v)
	switch {
	case enc.err != nil:
		return enc.err
	case p.Format == JSON:
		if err := json.Indent(&buf, b, "", "  "); err != nil {
			return err
		}
	default:
		buf.Write(b)
	}
	buf.WriteByte('\n')
	_, err = w.Write(buf.Bytes())
	return err
}
