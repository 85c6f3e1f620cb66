package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
)

// member is one member of a flat object.
type member struct {
	key  string
	kind byte   // '"' a string, '0' a number, 't' true, 'f' false, 'n' null
	text string // of a string or a number
}

// objectReader reads lines that are one JSON object of strings, numbers,
// booleans and nulls. It is stricter than encoding/json, which would mend half
// a surrogate pair or a byte that is not UTF-8 without a word.
type objectReader struct {
	line []byte
	at   int
}

// Sentences about lines that are no such object.
var (
	errNoObject = errors.New("it is not a JSON object")
	errCut      = errors.New("the line ends in the middle of a JSON object")
	errTrailing = errors.New("something follows the JSON object")
	errNested   = errors.New("a value is a list or an object, which no row has")
	errUTF8     = errors.New("it is not valid UTF-8")
)

// readObject appends the members of the object in a line.
func readObject(members []member, line []byte) ([]member, error) {
	if !utf8.Valid(line) {
		return members, errUTF8
	}
	r := &objectReader{line: line}
	if r.next() != '{' {
		return members, errNoObject
	}
	r.at++
	for first := true; ; first = false {
		c := r.next()
		if first && c == '}' {
			break
		}
		if c != '"' {
			return members, r.unexpected()
		}
		var m member
		var err error
		if m.key, err = r.text(); err != nil {
			return members, err
		}
		if r.next() != ':' {
			return members, r.unexpected()
		}
		r.at++
		if err := r.value(&m); err != nil {
			return members, err
		}
		members = append(members, m)
		c = r.next()
		if c != ',' && c != '}' {
			return members, r.unexpected()
		}
		if c == '}' {
			break
		}
		r.at++
	}
	r.at++
	if r.next() != 0 || r.at < len(line) {
		return members, errTrailing
	}
	return members, nil
}

// next skips white space and returns the byte that follows, 0 at the end.
func (r *objectReader) next() byte {
	for r.at < len(r.line) {
		switch c := r.line[r.at]; c {
		case ' ', '\t', '\r', '\n':
			r.at++
		default:
			return c
		}
	}
	return 0
}

// unexpected is the error for what cannot stand here.
func (r *objectReader) unexpected() error {
	if r.at >= len(r.line) {
		return errCut
	}
	rest := r.line[r.at:]
	return catalog.Invalidf("it is not JSON at %s", catalog.Quote(string(rest[:min(len(rest), 20)])))
}

// value reads a value that is not nested.
func (r *objectReader) value(m *member) (err error) {
	switch c := r.next(); {
	case c == '"':
		m.kind = '"'
		m.text, err = r.text()
		return err
	case c == '-' || c >= '0' && c <= '9':
		return r.number(m)
	case c == '{' || c == '[':
		return errNested
	}
	for _, word := range []string{"null", "true", "false"} {
		if bytes.HasPrefix(r.line[r.at:], []byte(word)) {
			m.kind = word[0]
			r.at += len(word)
			return nil
		}
	}
	return r.unexpected()
}

// number reads a number and keeps how it is written.
func (r *objectReader) number(m *member) error {
	start := r.at
	for r.at < len(r.line) && bytes.IndexByte([]byte("+-.0123456789eE"), r.line[r.at]) >= 0 {
		r.at++
	}
	if !json.Valid(r.line[start:r.at]) {
		r.at = start
		return r.unexpected()
	}
	m.kind, m.text = '0', string(r.line[start:r.at])
	return nil
}

// text reads a string, whose quote is next.
func (r *objectReader) text() (string, error) {
	r.at++
	start := r.at
	for r.at < len(r.line) {
		switch c := r.line[r.at]; {
		case c == '"':
			s := string(r.line[start:r.at])
			r.at++
			return s, nil
		case c == '\\':
			return r.escaped(append(make([]byte, 0, 2*(r.at-start)+32), r.line[start:r.at]...))
		case c < ' ':
			return "", r.unexpected()
		}
		r.at++
	}
	return "", errCut
}

// escaped goes on with a string from its first escape.
func (r *objectReader) escaped(b []byte) (string, error) {
	for r.at < len(r.line) {
		c := r.line[r.at]
		switch {
		case c == '"':
			r.at++
			return string(b), nil
		case c < ' ':
			return "", r.unexpected()
		case c != '\\':
			b = append(b, c)
			r.at++
			continue
		}
		if r.at+1 >= len(r.line) {
			return "", errCut
		}
		switch c = r.line[r.at+1]; c {
		case '"', '\\', '/':
			b = append(b, c)
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'u':
			char, size := r.rune()
			if size == 0 {
				return "", r.unexpected()
			}
			b = utf8.AppendRune(b, char)
			r.at += size
			continue
		default:
			return "", r.unexpected()
		}
		r.at += 2
	}
	return "", errCut
}

// rune reads \u0041, or two that are a surrogate pair, and how many bytes they
// are; a size of 0 is neither.
func (r *objectReader) rune() (char rune, size int) {
	char, ok := hex4(r.line[r.at:])
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(char) {
		return char, 6
	}
	low, ok := hex4(r.line[r.at+6:])
	if char = utf16.DecodeRune(char, low); !ok || char == utf8.RuneError {
		return 0, 0
	}
	return char, 12
}

// hex4 reads the \u0041 that b begins with.
func hex4(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
