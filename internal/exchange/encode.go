package exchange

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/store"
)

// lineEncoder writes the rows of one table as JSON. There is one way only to
// write each value, so that equal catalogs are equal bytes.
type lineEncoder struct {
	table store.Table
	keys  []string // what stands before each value: ,"title":
	guard bool     // escape what could drive a terminal as well
}

func newLineEncoder(t store.Table, guard bool) *lineEncoder {
	e := &lineEncoder{table: t, keys: make([]string, len(t.Columns)), guard: guard}
	for i, c := range t.Columns {
		e.keys[i] = `,"` + c.Name + `":`
	}
	return e
}

// append appends a row, without a newline.
func (e *lineEncoder) append(b []byte, row []any) ([]byte, error) {
	b = append(b, `{"kind":"`...)
	b = append(b, e.table.Kind...)
	b = append(b, '"')
	for i, v := range row {
		b = append(b, e.keys[i]...)
		switch v := v.(type) {
		case nil:
			b = append(b, "null"...)
		case int64:
			if e.table.Columns[i].Type == store.Bool {
				b = strconv.AppendBool(b, v != 0)
			} else {
				b = strconv.AppendInt(b, v, 10)
			}
		case float64:
			if math.IsInf(v, 0) || math.IsNaN(v) {
				return nil, e.refuse(row, i, "is no number that JSON has")
			}
			b = strconv.AppendFloat(b, v, 'f', -1, 64)
		case string:
			if !utf8.ValidString(v) {
				return nil, e.refuse(row, i, "is not valid UTF-8")
			}
			b = appendString(b, v, e.guard)
		default:
			return nil, e.refuse(row, i, "is of a type that the schema does not have")
		}
	}
	return append(b, '}'), nil
}

// refuse says which value cannot be written, and what to do.
func (e *lineEncoder) refuse(row []any, column int, what string) error {
	return fmt.Errorf("%s %v: its %s %s, so it cannot be exported; give it another one, or find all such values with 'moviedb check'",
		e.table.Kind, row[0], e.table.Columns[column].Name, what)
}

// appendString appends a text as a JSON string. What a line could break at is
// escaped: control characters, U+2028 and U+2029; with guard all that could
// make a terminal do something.
func appendString(b []byte, s string, guard bool) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
			i++
			continue
		}
		r, size := rune(c), 1
		if c >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		if c >= 0x7f && r != '\u2028' && r != '\u2029' && !(guard && drives(r)) {
			i += size
			continue
		}
		b = append(b, s[start:i]...)
		switch r {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\t':
			b = append(b, `\t`...)
		default:
			b = append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		}
		i += size
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

// drives tells whether a character from DEL on could make a terminal do or show
// something else: the C1 controls and the bidi controls.
func drives(r rune) bool {
	return r <= 0x9f || r == 0x61c || r == 0x200e || r == 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
