package csvio

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Columns is a set of columns of a kind, a bit each.
type Columns uint32

// Has tells whether any of the columns is in the set.
func (c Columns) Has(some Columns) bool { return c&some != 0 }

// Meta is what rows of every kind have.
type Meta struct {
	Row     int      // number of the row in its file, from 1
	Line    int      // physical line on which it begins, from 1; rows of JSON can share one
	Shared  bool     // the row before it is on the same line
	Cells   []string // as they were read; nil unless Options.KeepCells
	Key     string   // of a record of its own in the file, "" if the file has none
	Given   Columns  // columns with a value
	Cleared Columns  // columns with the token that means nothing, see Options.Null
}

// Why is a reason for a message, with the number of the row where its line does
// not say which row it is.
func (m *Meta) Why(reason string) string {
	if !m.Shared {
		return reason
	}
	return fmt.Sprintf("%s (record %d of the file)", reason, m.Row)
}

// Assign gives a text field what the row says of its column: the value, nothing
// where the row clears it, and otherwise what it has.
func (m *Meta) Assign(column Columns, field *string, value string) {
	switch {
	case m.Given.Has(column):
		*field = value
	case m.Cleared.Has(column):
		*field = ""
	}
}

// Kind says what rows of a kind of file are made of.
type Kind[T any] struct {
	name    string // "movies"
	columns []column[T]
	layouts []layout
	meta    func(*T) *Meta
	finish  func(*cells, *T) // checks the row as a whole; may be nil
	need    string           // the column without which there is nothing to read
}

// Name is the name of the kind, as the command has it: "movies".
func (k Kind[T]) Name() string { return k.name }

// Names returns the names of the kind's columns, in their order.
func (k Kind[T]) Names() []string {
	var names []string
	for _, c := range k.columns {
		names = append(names, c.name)
	}
	return names
}

// Template returns the columns that a file written for this program has: one
// name for each fact.
func (k Kind[T]) Template() []string {
	var names []string
	for _, c := range k.columns {
		if !c.extra {
			names = append(names, c.name)
		}
	}
	return names
}

// column is one column of a kind.
type column[T any] struct {
	name    string
	aliases string // other headers that mean it, as columnKey makes them, separated by spaces
	bit     Columns
	list    bool // several headers may feed it
	extra   bool // a second way to write what another column says
	read    func(*cells, string, *T)
}

// layout is a known sort of file: one whose headers include all of needs.
type layout struct {
	needs   string            // headers, separated by spaces
	aliases map[string]string // header to column, "" for one to leave out
	blank   map[string]string // column to a text that means nothing there

	yearWins bool // the year tells what a film is called by, whatever its release date
}

// isBlank tells whether a text means nothing in a column; 0.0 is 0.
func (l *layout) isBlank(column, text string) bool {
	blank, ok := l.blank[column]
	return ok && blank == strings.TrimSuffix(text, ".0")
}

func (l layout) fits(keys []string) bool {
	for _, need := range strings.Fields(l.needs) {
		if !slices.Contains(keys, need) {
			return false
		}
	}
	return true
}

// columnKey is what header names are compared by: letters and digits, folded;
// the whole name, folded, where it has none ("#").
func columnKey(name string) string {
	folded := catalog.Fold(name)
	key := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, folded)
	if key == "" {
		return folded
	}
	return key
}

// alias returns the column that a header means by itself.
func (k Kind[T]) alias(key string) int {
	return slices.IndexFunc(k.columns, func(c column[T]) bool {
		return key == columnKey(c.name) || slices.Contains(strings.Fields(c.aliases), key)
	})
}

// none is the index of no column.
const none = -1

// index returns the place of a column, none if the kind has none of that name.
func (k Kind[T]) index(name string) int {
	return slices.IndexFunc(k.columns, func(c column[T]) bool { return c.name == name })
}

// Meta returns what a row has that rows of every kind have.
func (k Kind[T]) Meta(row *T) *Meta { return k.meta(row) }
