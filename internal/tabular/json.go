package tabular

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
)

// maxKeys is the number of different keys that the objects of a file may have.
// Data that is keyed by its values ("tt0019217": {…}) is no table.
const maxKeys = 10_000

// jsonRows reads JSON Lines, objects one after the other over several lines
// each, and one array of objects.
type jsonRows struct {
	*text
	form      jsonForm
	objects   objects
	firstLine int
	begun     bool // an array has had its first element

	// The first row is read when the file is opened.
	first    Record
	firstErr error
	pending  bool
}

// jsonForm is how the objects of a file follow one another.
type jsonForm int

const (
	jsonLines  jsonForm = iota // each within one line
	jsonSpread                 // over several lines
	jsonArray
)

// looksLikeJSON tells JSON from a CSV whose header begins with a bracket: in it
// a quote behind brackets would be an error.
func looksLikeJSON(sample []byte) bool {
	b := bytes.TrimLeft(sample, " \t\r\n")
	for depth := 0; len(b) > 0; depth++ {
		c := b[0]
		switch {
		case depth > 0 && c == '"', depth > 0 && c == '}':
			return true
		case c == '{', c == '[':
			b = bytes.TrimLeft(b[1:], " \t\r\n")
			continue
		case depth == 0:
			return false
		}
		break
	}
	return wholeJSON(sample)
}

// wholeJSON reports whether b is one value of JSON that begins with a bracket.
func wholeJSON(b []byte) bool {
	b = bytes.TrimSpace(b)
	return len(b) > 1 && (b[0] == '[' || b[0] == '{') && json.Valid(b)
}

// openJSON reads the first row.
func openJSON(t *text) (*jsonRows, error) {
	j := &jsonRows{text: t, objects: newObjects()}
	if !j.skipBlank() {
		return nil, j.readError()
	}
	j.firstLine = j.line
	switch {
	case j.at(0) == '[':
		j.form = jsonArray
		j.advance(1, 0)
	case !j.oneLine():
		j.form = jsonSpread
	}
	j.first, j.firstErr = j.read()
	if j.firstErr != nil && j.first.Line == 0 && !errors.Is(j.firstErr, io.EOF) {
		return nil, j.firstErr
	}
	if j.firstErr == nil {
		j.firstLine = j.first.Line
	}
	j.pending = true
	return j, nil
}

// oneLine reports whether each object has a line of its own: the first one
// ends on its line, or else is broken, since the next line is an object.
func (j *jsonRows) oneLine() bool {
	i, n, ok := j.lineEnd(0)
	if !ok {
		return true
	}
	var f frame
	if f.scan(j.rest()[:i]) {
		return true
	}
	next := i + n
	i, _, ok = j.lineEnd(next)
	j.back()
	return ok && wholeJSON(j.rest()[next:i])
}

// columns returns the keys so far.
func (j *jsonRows) columns() ([]string, int) { return j.objects.header, j.firstLine }

// next returns the next object.
func (j *jsonRows) next() (Record, error) {
	if j.pending {
		j.pending = false
		return j.first, j.firstErr
	}
	return j.read()
}

// read reads the next object.
func (j *jsonRows) read() (Record, error) {
	if j.form == jsonArray {
		if last, err := j.element(); last || err != nil {
			return Record{}, err
		}
	} else if !j.skipBlank() {
		return Record{}, j.readError()
	}
	if j.form == jsonLines {
		return j.readLine()
	}
	var f frame
	for !f.scan(j.rest()) {
		if j.more() {
			continue
		}
		if !errors.Is(j.err, io.EOF) {
			return Record{}, j.readError()
		}
		break
	}
	value := j.rest()[:f.i]
	if err := check(value); err != nil {
		return Record{}, j.broken(value, err)
	}
	return j.row(value)
}

// readLine reads an object that has a line of its own. If it is broken the next
// line can be read.
func (j *jsonRows) readLine() (Record, error) {
	i, n, ok := j.lineEnd(0)
	if !ok {
		return Record{}, j.readError()
	}
	line := j.rest()[:i]
	var f frame
	f.scan(line)
	value := line[:f.i]
	if err := check(value); err != nil {
		bad := j.broken(value, err)
		rec := Record{Line: j.line}
		j.advance(i+n, min(n, 1))
		return rec, bad
	}
	return j.row(value)
}

// element goes to the next element of an array; last reports that there is
// none, and err is io.EOF then, or what is wrong.
func (j *jsonRows) element() (last bool, err error) {
	if !j.skipBlank() {
		return false, j.cut()
	}
	c := j.at(0)
	switch {
	case c == ']':
		j.advance(1, 0)
		if j.skipBlank() {
			return true, j.wrong("the array has ended here, but the file goes on; give it one array, or one object a line")
		}
		return true, j.readError()
	case !j.begun:
		j.begun = true
		return false, nil
	case c != ',':
		return false, j.wrong("a comma must stand between the elements of the array")
	}
	j.advance(1, 0)
	if !j.skipBlank() {
		return false, j.cut()
	}
	return false, nil
}

// cut is the error for an array that the end of the file cuts off.
func (j *jsonRows) cut() error {
	if errors.Is(j.err, io.EOF) {
		return j.wrong("the file ends inside its array; it may be cut off")
	}
	return j.readError()
}

// wrong is an error in the line of pos.
func (j *jsonRows) wrong(reason string) error {
	return &RowError{File: j.src.name, Line: j.line, Reason: reason}
}

// broken is the error for a value that is not JSON.
func (j *jsonRows) broken(value []byte, err error) error {
	at, reason := len(value), "the JSON ends inside a value; it may be cut off, or a quote or bracket is not closed"
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && (int(syntax.Offset) < len(value) || closed(value)) {
		at, reason = max(int(syntax.Offset)-1, 0), "no JSON: "+catalog.Visible(err.Error())
	}
	return j.wrong(j.place(value, at) + reason)
}

// closed reports whether the brackets and quotes of a value are.
func closed(value []byte) bool {
	var f frame
	return f.scan(value)
}

// place says where in a value something is wrong: "line 4, byte 7: ".
func (j *jsonRows) place(value []byte, at int) string {
	lines, last := lineEnds(value[:at])
	if lines > 0 {
		return fmt.Sprintf("line %d, byte %d: ", j.line+lines, at-last+1)
	}
	return fmt.Sprintf("byte %d of the value: ", at+1)
}

// row makes a row of a value that is JSON and goes behind it.
func (j *jsonRows) row(value []byte) (Record, error) {
	rec := Record{Line: j.line}
	var bad *RowError
	if value[0] == '{' {
		rec.Cells, bad = j.objects.cells(value)
		if len(j.objects.header) > maxKeys {
			return Record{}, j.wrong(fmt.Sprintf("the objects have more than %d different keys; a key must name a column, not hold a value", maxKeys))
		}
		bad = first(j.badText(value, rec), bad)
	} else {
		start := string(value[:min(len(value), 300)])
		bad = &RowError{Reason: fmt.Sprintf("%s is %s; a row must be an object: {\"column\": \"cell\", …}", catalog.Quote(start), kindOf(value))}
	}
	lines, _ := lineEnds(value)
	j.advance(len(value), lines)
	if bad != nil {
		bad.File, bad.Line = j.src.name, rec.Line
		return rec, bad
	}
	return rec, nil
}

// badText is the error for an object that is not UTF-8, or has bytes that its
// encoding does not have; nil if it is right.
func (j *jsonRows) badText(object []byte, rec Record) *RowError {
	if at := invalidUTF8(object); at >= 0 {
		return &RowError{Reason: j.place(object, at) + "not valid UTF-8; name the --encoding of the file"}
	}
	if !j.src.decoded || !bytes.Contains(object, []byte("\ufffd")) {
		return nil
	}
	if bad := j.undecodable(rec.Line, j.objects.header, rec.Cells); bad != nil {
		return bad
	}
	return &RowError{Reason: "a key has bytes that are not valid in " + j.src.encoding + "; name the right --encoding"}
}

// invalidUTF8 returns where a text is not UTF-8; -1 if it is.
func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return -1
}

// skipBlank goes to the next byte that is not blank; false at the end of the
// text, or where it cannot be read on.
func (j *jsonRows) skipBlank() bool {
	for j.has(0) {
		switch j.at(0) {
		case ' ', '\t':
			j.advance(1, 0)
		case '\n':
			j.advance(1, 1)
		case '\r':
			n := 1
			if j.at(1) == '\n' {
				n = 2
			}
			j.advance(n, 1)
		default:
			return true
		}
	}
	return false
}
