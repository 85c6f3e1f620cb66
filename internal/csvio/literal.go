package csvio

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// entry is one element of a list in a cell: a text, or an object's name.
type entry struct {
	name      string
	character string // of an object that is a part
	object    bool
}

// literal reads a cell that is a list as programs write it, in JSON or in
// Python: ["Drama", "Crime"], ['Drama'], [{"id": 18, "name": "Drama"}]; an object
// alone counts as a list of one. A text that only looks like it is not ok.
func literal(text string) (entries []entry, ok bool) {
	if len(text) < 2 || (text[0] != '[' || text[len(text)-1] != ']') && (text[0] != '{' || text[len(text)-1] != '}') {
		return nil, false
	}
	p := &literals{text: text}
	if text[0] == '{' {
		e, ok := p.object()
		return []entry{e}, ok && p.at == len(text) && e.name != ""
	}
	p.at++
	for first := true; ; first = false {
		p.space()
		if p.take(']') {
			break
		}
		if !first && !p.take(',') {
			return nil, false
		}
		p.space()
		e, ok := p.element()
		if !ok {
			return nil, false
		}
		if e.name != "" || e.character != "" {
			entries = append(entries, e)
		}
	}
	return entries, p.at == len(text)
}

// literals reads values one after the other.
type literals struct {
	text string
	at   int
}

func (p *literals) space() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

func (p *literals) take(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// element is a text, an object with a name, or a word (a number, None).
func (p *literals) element() (e entry, ok bool) {
	if p.at < len(p.text) && p.text[p.at] == '{' {
		return p.object()
	}
	e.name, ok = p.scalar()
	return e, ok
}

// maxNested is how deep values in an object may go.
const maxNested = 8

// value reads a scalar, or passes over a list or object, which names nothing.
func (p *literals) value() (text string, ok bool) {
	depth := 0
	for p.at < len(p.text) {
		switch c := p.text[p.at]; c {
		case '[', '{':
			p.at++
			depth++
		case ']', '}':
			if depth--; depth < 0 {
				return "", false
			}
			p.at++
		case ' ', '\t', '\r', '\n', ',', ':':
			if depth == 0 {
				return "", false
			}
			p.at++
			continue
		default:
			if text, ok = p.scalar(); !ok {
				return "", false
			}
		}
		switch {
		case depth == 0:
			return text, true
		case depth > maxNested:
			return "", false
		}
		text = ""
	}
	return "", false
}

// object reads an object, and keeps what names it.
func (p *literals) object() (e entry, ok bool) {
	e.object = true
	p.at++
	for first := true; ; first = false {
		p.space()
		if p.take('}') {
			return e, true
		}
		if !first && !p.take(',') {
			return e, false
		}
		p.space()
		key, ok := p.scalar()
		if p.space(); !ok || !p.take(':') {
			return e, false
		}
		p.space()
		value, ok := p.value()
		if !ok {
			return e, false
		}
		switch {
		case key == "name", key == "title" && e.name == "":
			e.name = value
		case key == "character":
			e.character = value
		}
	}
}

// scalar reads a text in either quotes, or a bare word. None and null are "".
func (p *literals) scalar() (text string, ok bool) {
	if p.at >= len(p.text) {
		return "", false
	}
	if q := p.text[p.at]; q == '"' || q == '\'' {
		return p.quoted(q)
	}
	from := p.at
	for p.at < len(p.text) && strings.IndexByte(",]}: \t\r\n[{\"'", p.text[p.at]) < 0 {
		p.at++
	}
	word := p.text[from:p.at]
	if word == "null" || word == "None" || word == "nan" || word == "NaN" {
		return "", true
	}
	_, err := strconv.ParseFloat(word, 64)
	return word, err == nil || word == "true" || word == "false" || word == "True" || word == "False"
}

// quoted reads a text up to its closing quote.
func (p *literals) quoted(quote byte) (text string, ok bool) {
	p.at++
	var b strings.Builder
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch {
		case c == quote:
			return b.String(), true
		case c != '\\':
			b.WriteByte(c)
		case !p.escape(&b):
			return "", false
		}
	}
	return "", false
}

// escape reads what follows a backslash.
func (p *literals) escape(b *strings.Builder) bool {
	if p.at >= len(p.text) {
		return false
	}
	c := p.text[p.at]
	p.at++
	switch c {
	case '\\', '"', '\'', '/':
		b.WriteByte(c)
	case 'n', 'r', 't', 'b', 'f':
		b.WriteByte(' ')
	case 'x':
		return p.code(b, 2)
	case 'u':
		return p.code(b, 4)
	case 'U':
		return p.code(b, 8)
	default:
		return false
	}
	return true
}

// code reads a character by its number, also as the two halves of UTF-16.
func (p *literals) code(b *strings.Builder, digits int) bool {
	n, ok := p.hex(digits)
	if !ok {
		return false
	}
	if n >= 0xd800 && n < 0xdc00 && strings.HasPrefix(p.text[p.at:], `\u`) {
		p.at += 2
		low, ok := p.hex(4)
		if !ok || low < 0xdc00 || low > 0xdfff {
			return false
		}
		n = 0x10000 + (n-0xd800)<<10 + (low - 0xdc00)
	}
	if !utf8.ValidRune(n) {
		return false
	}
	b.WriteRune(n)
	return true
}

func (p *literals) hex(digits int) (rune, bool) {
	if len(p.text)-p.at < digits {
		return 0, false
	}
	n, err := strconv.ParseUint(p.text[p.at:p.at+digits], 16, 32)
	p.at += digits
	return rune(n), err == nil
}
