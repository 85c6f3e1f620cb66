package csvio

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/moviedb/moviedb/internal/catalog"
)

// RowError says what is wrong with one row of a file. It wraps
// catalog.ErrInvalid.
type RowError struct {
	File   string
	Line   int    // physical line on which the row begins, from 1
	Column string // header of the column; "" when the row as a whole is wrong
	Reason string
}

// Error is FILE:LINE: column: reason.
func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("%s:%d: %s", catalog.Visible(e.File), e.Line, e.Reason)
	}
	return fmt.Sprintf("%s:%d: %s: %s", catalog.Visible(e.File), e.Line, catalog.Visible(e.Column), e.Reason)
}

// Unwrap returns catalog.ErrInvalid.
func (e *RowError) Unwrap() error { return catalog.ErrInvalid }

// table is a CSV file with a header: the plain cells by column name.
type table struct {
	file   string
	csv    *csv.Reader
	header []string
	line   int // of the header
}

// openTable reads the header. Without one the file is refused.
func openTable(r io.Reader, file string) (*table, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	if bom, err := br.Peek(3); err == nil && bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		br.Discard(3)
	}
	t := &table{file: file, csv: csv.NewReader(br)}
	t.csv.FieldsPerRecord = -1
	t.csv.ReuseRecord = true
	row, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s is empty; its first line must name the columns: %w", catalog.Visible(file), catalog.ErrInvalid)
	}
	if err != nil {
		return nil, t.wrap(err)
	}
	t.line, _ = t.csv.FieldPos(0)
	for _, cell := range row {
		t.header = append(t.header, strings.TrimSpace(cell))
	}
	return t, nil
}

// wrap makes a RowError of what encoding/csv found wrong.
func (t *table) wrap(err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return fmt.Errorf("read %s: %w", catalog.Visible(t.file), err)
	}
	at := fmt.Sprintf("byte %d", p.Column)
	if p.Line != p.StartLine {
		at = fmt.Sprintf("line %d, %s", p.Line, at)
	}
	reason := p.Err.Error()
	switch {
	case errors.Is(p.Err, csv.ErrBareQuote):
		reason = "a quote inside a cell that does not begin with one; quote the whole cell and double the quotes in it"
	case errors.Is(p.Err, csv.ErrQuote):
		reason = "a quoted cell is not closed, or goes on after its closing quote; double the quotes inside it"
	}
	return &RowError{File: t.file, Line: p.StartLine, Reason: at + ": " + reason}
}

// next returns the cells of the next row and its line, or io.EOF. The cells are
// valid until the next call.
func (t *table) next() ([]string, int, error) {
	row, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, 0, io.EOF
	}
	if err != nil {
		return nil, 0, t.wrap(err)
	}
	line, _ := t.csv.FieldPos(0)
	if len(row) != len(t.header) {
		return nil, line, &RowError{File: t.file, Line: line,
			Reason: fmt.Sprintf("the row has %d %s, the header has %d", len(row), catalog.Plural(len(row), "cell", "cells"), len(t.header))}
	}
	return row, line, nil
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
