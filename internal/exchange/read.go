package exchange

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

const (
	kindKey = "kind"
	// maxLine is how many bytes a line may have.
	maxLine = 256 << 20
	// batchRows and batchBytes end a batch, aheadBatches are read ahead of the
	// writing.
	batchRows    = 1024
	batchBytes   = 1 << 20
	aheadBatches = 4
)

// header is the first line of a stream.
type header struct {
	Kind          string           `json:"kind"`
	SchemaVersion *int             `json:"schema_version"`
	Sequences     map[string]int64 `json:"sequences"`
	Rows          map[string]int64 `json:"rows"` // nil if the stream does not say
}

// streamReader reads a stream line by line.
type streamReader struct {
	name   string
	r      *bufio.Reader
	line   int    // the last one read, from 1
	buf    []byte // of a long line
	size   int    // of the last line in bytes
	tables []store.Table
	rows   []*rowReader
	head   header

	members []member
	at      int      // the table of the last row, -1 before the first
	last    [2]int64 // its primary key
	first   []int    // the line of the first row of each table, 0 if none
	count   []int64  // rows of each table
	nbad    int      // lines that were bad
}

// newStreamReader reads the first line of a stream, perhaps one that is packed
// with gzip. A bad one is a *LineError.
func newStreamReader(r io.Reader, name string) (*streamReader, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	if magic, _ := b.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, &LineError{File: name, Line: 1, Reason: "it looks like gzip, but is not: " + err.Error()}
		}
		b = bufio.NewReaderSize(z, 1<<16)
	}
	if bom, _ := b.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		b.Discard(3)
	}
	s := &streamReader{name: name, r: b, tables: store.Tables(), at: -1}
	for _, t := range s.tables {
		s.rows = append(s.rows, newRowReader(t))
	}
	s.first, s.count = make([]int, len(s.tables)), make([]int64, len(s.tables))
	return s, s.readHeader()
}

// bad is what is wrong with the last line.
func (s *streamReader) bad(format string, args ...any) *LineError {
	return &LineError{File: s.name, Line: s.line, Reason: fmt.Sprintf(format, args...)}
}

// readLine returns the next line without its newline, valid until the next call.
func (s *streamReader) readLine() ([]byte, error) {
	s.line++
	part, err := s.r.ReadSlice('\n')
	if err == nil {
		return part[:len(part)-1], nil
	}
	s.buf = s.buf[:0]
	for errors.Is(err, bufio.ErrBufferFull) {
		if s.buf = append(s.buf, part...); len(s.buf) > maxLine {
			return nil, s.bad("the line has more than %d MiB", maxLine>>20)
		}
		part, err = s.r.ReadSlice('\n')
	}
	switch {
	case err == nil:
		return append(s.buf, part[:len(part)-1]...), nil
	case !errors.Is(err, io.EOF): // also the end of gzip where no end may be
		return nil, s.bad("it cannot be read on: %v", err)
	}
	if s.buf = append(s.buf, part...); len(s.buf) == 0 {
		return nil, io.EOF
	}
	return s.buf, nil
}

func (s *streamReader) readHeader() error {
	line, err := s.readLine()
	if errors.Is(err, io.EOF) {
		return s.bad("it is empty; a catalog begins with a line that says what it is")
	}
	if err != nil {
		return err
	}
	const missing = `the first line is not that of a catalog, {"kind":"catalog","schema_version":1,…}`
	if bytes.HasPrefix(line, []byte("[")) {
		return s.bad("%s; it looks like a JSON array, export without --json to import it", missing)
	}
	if err := json.Unmarshal(line, &s.head); err != nil {
		return s.bad("%s: %s", missing, catalog.Visible(err.Error()))
	}
	switch {
	case s.head.Kind != "catalog" || s.head.SchemaVersion == nil:
		return s.bad("%s; did you mean to import movies or another kind?", missing)
	case *s.head.SchemaVersion > store.SchemaVersion:
		return s.bad("it was written by a newer moviedb (schema version %d, this one knows %d); please upgrade moviedb", *s.head.SchemaVersion, store.SchemaVersion)
	case *s.head.SchemaVersion < 1: // the rows of all versions so far are alike
		return s.bad("it has schema version %d, which no release of moviedb ever wrote", *s.head.SchemaVersion)
	}
	return s.checkCounts()
}

// checkCounts looks at the numbers of the first line.
func (s *streamReader) checkCounts() error {
	for _, counts := range []struct {
		field string
		of    map[string]int64
	}{{"sequences", s.head.Sequences}, {"rows", s.head.Rows}} {
		for name, n := range counts.of {
			i := slices.IndexFunc(s.tables, func(t store.Table) bool { return t.Name == name })
			if i < 0 || counts.field == "sequences" && !s.tables[i].HasID() {
				return s.bad("%s: %s is not in the schema", counts.field, catalog.Quote(name))
			}
			if n < 0 {
				return s.bad("%s: %s cannot be %d", counts.field, name, n)
			}
		}
	}
	return nil
}

// next returns the next row, its table in store.Tables and its line, or what is
// wrong with the line; io.EOF after the last. Another error ends the stream.
func (s *streamReader) next() (table int, row []any, bad *LineError, err error) {
	line, err := s.readLine()
	if err != nil {
		return 0, nil, nil, err
	}
	s.size = len(line)
	if table, row, bad = s.parse(line); bad != nil {
		bad.File, bad.Line = s.name, s.line
		s.nbad++
	}
	return table, row, bad, nil
}

// parse makes a row of a line.
func (s *streamReader) parse(line []byte) (table int, row []any, bad *LineError) {
	var err error
	if s.members, err = readObject(s.members[:0], line); err != nil {
		return 0, nil, &LineError{Reason: err.Error()}
	}
	table, bad = s.tableOf(s.members)
	if bad != nil {
		return 0, nil, bad
	}
	if s.count[table]++; s.first[table] == 0 {
		s.first[table] = s.line
	}
	row = make([]any, len(s.tables[table].Columns))
	if bad = s.rows[table].read(row, s.members); bad == nil {
		bad = s.inOrder(table, row)
	}
	if bad != nil {
		bad.kind = s.tables[table].Kind
	}
	return table, row, bad
}

// tableOf finds the table that a line is for.
func (s *streamReader) tableOf(members []member) (int, *LineError) {
	kind := -1
	for i, m := range members {
		switch {
		case m.key != kindKey:
		case kind >= 0:
			return 0, &LineError{Field: kindKey, Reason: "it is there twice"}
		case m.kind != '"':
			return 0, &LineError{Field: kindKey, Reason: "it is to be a text"}
		default:
			kind = i
		}
	}
	if kind < 0 {
		return 0, &LineError{Field: kindKey, Reason: "it is missing"}
	}
	table := slices.IndexFunc(s.tables, func(t store.Table) bool { return t.Kind == members[kind].text })
	if table < 0 {
		return 0, &LineError{Field: kindKey, Reason: "there is no kind " + catalog.Quote(members[kind].text)}
	}
	return table, nil
}

// inOrder tells whether a row comes where it has to, and notes that it did.
func (s *streamReader) inOrder(table int, row []any) *LineError {
	t := s.tables[table]
	var key [2]int64
	for i := range t.Keys {
		key[i], _ = row[i].(int64)
	}
	last := s.last
	if table != s.at {
		if table < s.at {
			return &LineError{Field: kindKey, Reason: fmt.Sprintf("a %s cannot come after a %s; the order of the tables is fixed", t.Kind, s.tables[s.at].Kind)}
		}
		last = [2]int64{}
	}
	if c := slices.Compare(key[:], last[:]); c <= 0 {
		name := fmt.Sprintf("%s %d", t.Columns[0].Name, key[0])
		if t.Keys > 1 {
			name += fmt.Sprintf(", %s %d", t.Columns[1].Name, key[1])
		}
		if c == 0 {
			return &LineError{Reason: name + " is there twice"}
		}
		return &LineError{Reason: name + " comes too late; rows are in the order of their ids"}
	}
	s.at, s.last = table, key
	return nil
}

// missing is what is wrong with a stream that has been read to its end without
// a bad line: rows that the first line promises are not there. nil is nothing.
func (s *streamReader) missing() *LineError {
	for i, t := range s.tables {
		want, has := s.head.Rows[t.Name]
		if !has || want == s.count[i] || s.nbad > 0 {
			continue
		}
		bad := s.bad("the first line promises %d %s of %s, but there %s %d; the stream is cut off, or was changed (then take \"rows\" out of the first line)",
			want, catalog.Plural(int(want), "row", "rows"), t.Name, catalog.Plural(int(s.count[i]), "is", "are"), s.count[i])
		bad.Line = max(1, s.line-1)
		return bad
	}
	return nil
}

// rowBatch is a run of good rows of one table, and bad lines around them.
type rowBatch struct {
	table int // in store.Tables
	rows  [][]any
	lines []int // of the rows
	bad   []*LineError
}

// batches sends what is left of the stream to ch, which it closes. The error is
// what ended the reading too early.
func (s *streamReader) batches(ctx context.Context, ch chan<- rowBatch) error {
	defer close(ch)
	var b rowBatch
	weight := 0
	send := func() error {
		select {
		case ch <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
		b, weight = rowBatch{}, 0
		return nil
	}
	for {
		table, row, bad, err := s.next()
		var cut *LineError
		switch {
		case errors.Is(err, io.EOF):
			if bad := s.missing(); bad != nil {
				b.bad = append(b.bad, bad)
			}
			return send()
		case errors.As(err, &cut):
			b.bad = append(b.bad, cut)
			return send()
		case err != nil:
			return err
		case bad != nil:
			b.bad = append(b.bad, bad)
		default:
			if len(b.rows) > 0 && table != b.table {
				if err := send(); err != nil {
					return err
				}
			}
			b.table = table
			b.rows, b.lines = append(b.rows, row), append(b.lines, s.line)
		}
		weight += s.size
		if len(b.rows)+len(b.bad) >= batchRows || weight > batchBytes {
			if err := send(); err != nil {
				return err
			}
		}
	}
}
