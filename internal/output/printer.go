// Package output knows how records look on a screen and in a pipe: the kernel
// that prints any record as a table, a card, TSV, CSV, Markdown or JSON, and
// the public shape of each noun.
//
// A record is a plain struct with json tags. Its fields are strings, numbers,
// booleans, other records, pointers to these and slices of these; a field is
// named by its dotted JSON path ("director.name", "genres.name"). A type can say
// how it looks in one cell (Celler), that it is absent (Absenter) and, as the
// element of a list, that its list is a table of its own on a card (Sectioner).
package output

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"reflect"
)

// Printer says where and how records are printed.
type Printer struct {
	Out      io.Writer // where the data goes, in blocks of up to 64 KiB
	Format   Format
	Terminal bool     // Out is a terminal: lists of JSON are indented, and JSON escapes what could drive the terminal
	Width    int      // display cells of a line of a table or card; 0 is no limit
	Color    bool     // escape sequences are welcome
	Header   bool     // TSV begins with a header line
	Fields   []string // the dotted JSON names asked for, in order; none is the default of each format
	Filter   *Filter  // JSON and JSON Lines print what it makes of the document; nil is the document itself
}

// List prints records as they come and returns how many it printed. columns are
// the fields that tables, TSV, CSV and Markdown have by default, all if nil;
// JSON has the whole record. A field that T lacks is a catalog.ErrInvalid error.
//
// An error of rows is returned as it is. A table then prints nothing; JSON
// prints nothing either unless a block has gone out already; the line formats
// print the rows before the error. An error of Out is returned as it is too,
// and ends the list.
func List[T any](p *Printer, columns []string, rows iter.Seq2[T, error]) (n int, err error) {
	out := newBuffer(p.Out)
	s, err := newSink(p, out, compile(reflect.TypeFor[T]()), columns)
	if err != nil {
		return 0, err
	}
	rec := new(T)
	v := reflect.ValueOf(rec).Elem()
	for r, err := range rows {
		if err != nil {
			return out.give(s, n, err)
		}
		*rec = r
		if err := s.row(v); errors.Is(err, errHalt) {
			return n, out.w.Flush()
		} else if err != nil {
			return n, err
		}
		n++
	}
	if err := s.end(); err != nil && !errors.Is(err, errHalt) {
		return n, err
	}
	return n, out.w.Flush()
}

// Show prints one record: in JSON as one object, in a table as a card of label
// and value with the record's sections under it, else as a list of one.
// columns are as for List; on a card those lists that are a table of their own
// (Sectioner) come in any case, unless Fields says otherwise.
func Show[T any](p *Printer, columns []string, record T) error {
	out := newBuffer(p.Out)
	root := compile(reflect.TypeFor[T]())
	v := reflect.ValueOf(&record).Elem()
	var err error
	switch p.Format {
	case JSON, JSONL:
		err = showJSON(p, out.w, root, v)
	case Table:
		err = showCard(p, out.w, root, columns, v)
	default:
		_, err = List(p, columns, func(yield func(T, error) bool) { yield(record, nil) })
		return err
	}
	if err != nil && !errors.Is(err, errHalt) {
		return err
	}
	return out.w.Flush()
}

// Bold returns s in bold type if colour is on, else s as it is.
func (p *Printer) Bold(s string) string {
	if !p.Color || s == "" {
		return s
	}
	return "\x1b[1m" + s + "\x1b[0m"
}

// sink prints records one by one in some format. What it writes first waits
// for the first row, so that a list that fails at once prints nothing.
type sink interface {
	row(v reflect.Value) error
	end() error
	whole() bool // a part of the output is of no use: drop it if possible
}

// newSink returns the sink of the printer's format.
func newSink(p *Printer, out *buffer, root *node, columns []string) (sink, error) {
	switch p.Format {
	case JSON, JSONL:
		part, err := root.pick(p.Fields)
		if err != nil {
			return nil, err
		}
		s := &jsonSink{out: out, node: part, enc: encoder{guard: p.Terminal}, lines: p.Format == JSONL, indent: p.Terminal}
		if p.Filter != nil {
			return s.filtered(p.Filter), nil
		}
		return s, nil
	}
	cols, err := root.columns(p.Fields, columns)
	if err != nil {
		return nil, err
	}
	read := cells{cols: cols, sep: plainSep}
	switch p.Format {
	case TSV:
		return &tsvSink{out: out, cells: read, header: p.Header}, nil
	case CSV:
		return newCSVSink(out, read), nil
	case Markdown:
		read.sep = proseSep
		return &markdownSink{out: out, cells: read}, nil
	case Table:
		read.sep = proseSep
		return &tableSink{p: p, out: out, cells: read}, nil
	}
	_, err = ParseFormat(string(p.Format))
	return nil, err
}

// buffer holds back up to 64 KiB from a writer and knows whether anything has
// got past it.
type buffer struct {
	w     *bufio.Writer
	dest  io.Writer
	begun bool // a block has gone out
}

func newBuffer(w io.Writer) *buffer {
	b := &buffer{dest: w}
	b.w = bufio.NewWriterSize(b, 1<<16)
	return b
}

// Write passes a block on.
func (b *buffer) Write(block []byte) (int, error) {
	b.begun = true
	return b.dest.Write(block)
}

// give ends a list after n rows because of an error of its rows, and returns
// what List returns.
func (b *buffer) give(s sink, n int, err error) (int, error) {
	if s.whole() && !b.begun {
		return 0, err
	}
	if ferr := b.w.Flush(); ferr != nil {
		return n, ferr
	}
	return n, err
}
