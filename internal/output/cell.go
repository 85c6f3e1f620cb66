package output

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// Celler is a value that says itself how it shows inside one cell. sep is what
// the format puts between the items of a list: ", " for people, "|" in TSV and
// CSV. The text is the true value; escaping is done outside.
type Celler interface{ Cell(sep string) string }

// The separators of a list inside one cell.
const (
	proseSep = ", " // tables, cards and Markdown
	plainSep = "|"  // TSV and CSV
)

// column is a path, compiled.
type column struct {
	path  string
	root  *node   // the record
	steps []*node // from the record to the field the path names
}

// columns compiles the paths of the line formats: the fields asked for, else
// the default columns, else every field of the record.
func (n *node) columns(fields, defaults []string) ([]column, error) {
	if len(fields) == 0 {
		fields = defaults
	}
	if len(fields) == 0 {
		fields = n.top()
	}
	cols := make([]column, 0, len(fields))
	for _, path := range fields {
		steps, err := n.find(path)
		if err != nil {
			return nil, err
		}
		cols = append(cols, column{path: path, root: n, steps: steps})
	}
	return cols, nil
}

// leaf returns the field the path names.
func (c *column) leaf() *node { return c.steps[len(c.steps)-1] }

// numeric tells whether the column holds numbers, at most one a record.
func (c *column) numeric() bool {
	for _, s := range c.steps {
		if s.kind == kindList {
			return false
		}
	}
	switch c.leaf().kind {
	case kindInt, kindUint, kindFloat:
		return true
	}
	return false
}

// text returns what the cell of the record v says; absent is empty. scratch is
// a buffer to build it in, which is returned for the next time.
func (c *column) text(v reflect.Value, sep string, scratch []byte) (string, []byte) {
	if c.root.ptrs == 0 && len(c.steps) == 1 && c.steps[0].kind == kindString && !c.steps[0].cells {
		if w, ok := c.steps[0].get(v); ok {
			return w.String(), scratch
		}
		return "", scratch
	}
	scratch = c.append(scratch[:0], v, sep)
	return string(scratch), scratch
}

// append appends what the cell of the record v says.
func (c *column) append(b []byte, v reflect.Value, sep string) []byte {
	v, ok := c.root.follow(v)
	if !ok {
		return b
	}
	return appendPath(b, v, c.steps, sep)
}

// appendPath appends the cell text of the field that steps lead to from the
// record v. A list on the way gives the texts of its elements, joined.
func appendPath(b []byte, v reflect.Value, steps []*node, sep string) []byte {
	n := steps[0]
	w, ok := n.get(v)
	switch {
	case !ok:
		return b
	case len(steps) == 1:
		return appendCell(b, n, w, sep)
	}
	return appendRest(b, n, w, steps[1:], sep)
}

// appendRest goes on with a path inside the value v of n.
func appendRest(b []byte, n *node, v reflect.Value, steps []*node, sep string) []byte {
	if n.kind != kindList {
		return appendPath(b, v, steps, sep)
	}
	return appendList(b, n, v, sep, func(b []byte, w reflect.Value) []byte {
		return appendRest(b, n.elem, w, steps, sep)
	})
}

// appendList appends the items of a list. People are not shown empty items; a
// program needs them to count.
func appendList(b []byte, n *node, v reflect.Value, sep string, item func([]byte, reflect.Value) []byte) []byte {
	first := true
	for i := range v.Len() {
		mark := len(b)
		if !first {
			b = append(b, sep...)
		}
		from := len(b)
		if w, ok := n.elem.follow(v.Index(i)); ok {
			b = item(b, w)
		}
		if len(b) == from && sep == proseSep {
			b = b[:mark]
			continue
		}
		first = false
	}
	return b
}

// appendCell appends how the value v of node n, behind its pointers, shows.
func appendCell(b []byte, n *node, v reflect.Value, sep string) []byte {
	if n.cells {
		return append(b, v.Addr().Interface().(Celler).Cell(sep)...)
	}
	switch n.kind {
	case kindString:
		return append(b, v.String()...)
	case kindInt:
		return strconv.AppendInt(b, v.Int(), 10)
	case kindUint:
		return strconv.AppendUint(b, v.Uint(), 10)
	case kindFloat:
		return strconv.AppendFloat(b, v.Float(), 'f', -1, n.bits)
	case kindBool:
		return strconv.AppendBool(b, v.Bool())
	case kindRecord:
		return appendFace(b, n, v, sep)
	case kindList:
		return appendList(b, n, v, sep, func(b []byte, w reflect.Value) []byte {
			return appendCell(b, n.elem, w, sep)
		})
	}
	return appendOther(b, v)
}

// appendFace appends what stands for a whole record: its name, else its id; a
// record with neither is its JSON.
func appendFace(b []byte, n *node, v reflect.Value, sep string) []byte {
	from := len(b)
	name, id := n.field("name"), n.field("id")
	if name == nil && id == nil {
		return appendOther(b, v)
	}
	for _, f := range []*node{name, id} {
		if f == nil || len(b) > from {
			continue
		}
		if w, ok := f.get(v); ok {
			b = appendCell(b, f, w, sep)
		}
	}
	return b
}

// appendOther appends a value that only encoding/json knows: the text of a
// string, nothing for null, else the JSON itself.
func appendOther(b []byte, v reflect.Value) []byte {
	raw, err := marshal(v)
	if err != nil || string(raw) == "null" {
		return b
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return append(b, s...)
	}
	return append(b, raw...)
}

// words returns a path as the words it is made of: "release date".
func words(path string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '.' {
			return ' '
		}
		return r
	}, path)
}

// heading returns the label of a column of a table: "RELEASE DATE".
func heading(path string) string { return strings.ToUpper(words(path)) }

// sentence returns a label as a sentence would begin: "Release date", "ID".
func sentence(path string) string {
	parts := strings.Split(words(path), " ")
	for i, p := range parts {
		switch {
		case p == "id" || p == "url":
			parts[i] = strings.ToUpper(p)
		case i == 0 && p != "":
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, " ")
}
