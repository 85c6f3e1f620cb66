package tabular

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// frame finds the end of a JSON value by its brackets and quotes alone. What is
// between them is checked later.
type frame struct {
	i       int // bytes scanned
	depth   int
	quoted  bool
	escaped bool
}

// scan goes on in b, which begins with the value, and reports whether the value
// ends in it, at i. The end of a number is where something else begins.
func (f *frame) scan(b []byte) bool {
	for ; f.i < len(b); f.i++ {
		c := b[f.i]
		switch {
		case f.escaped:
			f.escaped = false
		case f.quoted && c == '\\':
			f.escaped = true
		case f.quoted && c == '"':
			f.quoted = false
			if f.depth == 0 {
				f.i++
				return true
			}
		case f.quoted:
		case c == '"':
			f.quoted = true
		case c == '{', c == '[':
			f.depth++
		case c == '}', c == ']':
			if f.depth > 0 {
				f.depth--
			}
			if f.depth == 0 {
				if f.i == 0 || b[0] == '{' || b[0] == '[' {
					f.i++
				}
				return true
			}
		case f.depth == 0 && (c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n'):
			f.i = max(f.i, 1)
			return true
		}
	}
	return false
}

// check returns what makes a value no JSON.
func check(value []byte) error {
	if json.Valid(value) {
		return nil
	}
	var raw json.RawMessage
	return json.Unmarshal(value, &raw)
}

// kindOf names the kind of a value that is JSON.
func kindOf(value []byte) string {
	switch value[0] {
	case '"':
		return "a string"
	case '[':
		return "an array"
	case 't', 'f':
		return "a truth value"
	case 'n':
		return "null"
	}
	return "a number"
}

// objects makes cells of objects. Each key is a column.
type objects struct {
	header []string
	column map[string]int // by its key, trimmed
	seen   []int          // the number of the last object that has the key of a column
	number int
}

func newObjects() objects { return objects{column: map[string]int{}} }

// cells returns the cells of an object that is JSON: a string as its text, a
// number or truth value as it is written, null as "", and an array or object as
// JSON without blanks.
func (o *objects) cells(object []byte) (cells []string, bad *RowError) {
	o.number++
	cells = make([]string, len(o.header))
	text := string(object)
	for i := skipSpace(object, 1); object[i] != '}'; {
		key, end, whole := stringAt(text, i)
		key = strings.TrimSpace(key)
		column := o.columnOf(key)
		if column == len(cells) {
			cells = append(cells, "")
		}
		i = skipSpace(object, skipSpace(object, end)+1)
		cell, end, wholeCell := valueAt(text, object, i)
		switch {
		case o.seen[column] == o.number:
			bad = first(bad, &RowError{Reason: fmt.Sprintf("the object has the key %s twice", catalog.Quote(key))})
		case !whole:
			bad = first(bad, &RowError{Reason: fmt.Sprintf("the key %s has half of a surrogate pair", catalog.Quote(key))})
		case !wholeCell:
			bad = first(bad, &RowError{Column: key, Reason: catalog.Quote(cell) + " has half of a surrogate pair"})
		}
		o.seen[column] = o.number
		cells[column] = cell
		i = skipSpace(object, end)
		if object[i] == ',' {
			i = skipSpace(object, i+1)
		}
	}
	return cells, bad
}

// first returns the first of two errors.
func first(a, b *RowError) *RowError {
	if a != nil {
		return a
	}
	return b
}

// columnOf returns the column of a key.
func (o *objects) columnOf(key string) int {
	column, ok := o.column[key]
	if !ok {
		column = len(o.header)
		key = strings.Clone(key)
		o.column[key] = column
		o.header = append(o.header, key)
		o.seen = append(o.seen, 0)
	}
	return column
}

// skipSpace returns where in valid JSON something else than a blank comes.
func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// stringAt returns the text of the JSON string at i and where it ends. whole is
// false if the string has half of a surrogate pair, which is no character.
func stringAt(text string, i int) (s string, end int, whole bool) {
	i++
	end = i
	plain := true
	for text[end] != '"' {
		if text[end] == '\\' {
			plain = false
			end++
		}
		end++
	}
	if plain {
		return text[i:end], end + 1, true
	}
	literal := text[i-1 : end+1]
	if err := json.Unmarshal([]byte(literal), &s); err != nil {
		return literal, end + 1, false
	}
	if !strings.Contains(s, "\ufffd") {
		return s, end + 1, true
	}
	return s, end + 1, replaced(s) <= replaced(literal)+strings.Count(strings.ToLower(literal), `\ufffd`)
}

// replaced counts U+FFFD and the bytes that encoding/json makes one of.
func replaced(s string) int {
	n := 0
	for _, r := range s {
		if r == '\ufffd' {
			n++
		}
	}
	return n
}

// valueAt returns the cell for the value at i, and where the value ends.
func valueAt(text string, object []byte, i int) (cell string, end int, whole bool) {
	switch object[i] {
	case '"':
		return stringAt(text, i)
	case '{', '[':
		var f frame
		f.scan(object[i:])
		end = i + f.i
		var compact bytes.Buffer
		if json.Compact(&compact, object[i:end]) != nil {
			return text[i:end], end, true
		}
		return compact.String(), end, true
	}
	end = i
	for object[end] != ',' && object[end] != '}' && object[end] > ' ' {
		end++
	}
	if text[i:end] == "null" {
		return "", end, true
	}
	return text[i:end], end, true
}
