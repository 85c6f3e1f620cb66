package output

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// same tells whether err is want itself, not wrapped.
func same(err, want error) bool {
	return errors.Is(err, want) && errors.Unwrap(err) == nil
}

func TestRowsErrorBeforeTheFirstRowPrintsNothing(t *testing.T) {
	boom := errors.New("boom")
	for _, f := range Formats() {
		var b strings.Builder
		n, err := List(&Printer{Out: &b, Format: f, Header: true}, columnsOfFilm(), seq[tFilm](boom))
		if n != 0 || !same(err, boom) || b.Len() > 0 {
			t.Errorf("%s: %d, %v, %q", f, n, err, b.String())
		}
	}
}

func TestRowsErrorLater(t *testing.T) {
	boom := errors.New("boom")
	for _, tt := range []struct {
		format Format
		n      int
		want   string
	}{
		{Table, 0, ""},
		{JSON, 0, ""},
		{JSONL, 0, ""},
		{TSV, 2, "12\n12\n"},
		{CSV, 2, "id\n12\n12\n"},
		{Markdown, 2, "| ID |\n| ---: |\n| 12 |\n| 12 |\n"},
	} {
		var b strings.Builder
		p := &Printer{Out: &b, Format: tt.format, Fields: []string{"id"}}
		n, err := List(p, nil, seq(boom, solaris(), solaris()))
		if n != tt.n || !same(err, boom) || b.String() != tt.want {
			t.Errorf("%s: %d, %v, %q; want %d, %q", tt.format, n, err, b.String(), tt.n, tt.want)
		}
	}
}

func TestRowsErrorAfterABlockWentOut(t *testing.T) {
	boom := errors.New("boom")
	films := make([]tFilm, 1000)
	for i := range films {
		films[i] = solaris()
	}
	var b strings.Builder
	n, err := List(&Printer{Out: &b, Format: JSONL}, nil, seq(boom, films...))
	if n != 1000 || !same(err, boom) || strings.Count(b.String(), "\n") != 1000 {
		t.Errorf("%d, %v, %d lines; want all rows and the error", n, err, strings.Count(b.String(), "\n"))
	}
}

// brokenPipe takes some bytes, then fails.
type brokenPipe struct{ room int }

func (w *brokenPipe) Write(b []byte) (int, error) {
	if len(b) > w.room {
		n := w.room
		w.room = 0
		return n, syscall.EPIPE
	}
	w.room -= len(b)
	return len(b), nil
}

func TestBrokenPipeEndsTheListAtOnce(t *testing.T) {
	for _, f := range Formats() {
		if f == Table {
			continue
		}
		asked := 0
		rows := func(yield func(tFilm, error) bool) {
			for yield(solaris(), nil) {
				asked++
				if asked > 1e6 {
					t.Errorf("%s never stops", f)
					return
				}
			}
		}
		if _, err := List(&Printer{Out: &brokenPipe{room: 1 << 18}, Format: f}, columnsOfFilm(), rows); !same(err, syscall.EPIPE) {
			t.Errorf("%s: %v, want EPIPE itself", f, err)
		}
		if asked > 1e4 {
			t.Errorf("%s: %d rows after the pipe broke", f, asked)
		}
	}
}

func TestFlushErrorIsReturned(t *testing.T) {
	for _, f := range Formats() {
		p := &Printer{Out: &brokenPipe{}, Format: f}
		if _, err := List(p, columnsOfFilm(), seq(nil, solaris())); !same(err, syscall.EPIPE) {
			t.Errorf("%s List: %v, want EPIPE itself", f, err)
		}
		if err := Show(p, columnsOfFilm(), solaris()); !same(err, syscall.EPIPE) {
			t.Errorf("%s Show: %v, want EPIPE itself", f, err)
		}
	}
}

func TestListsStreamInConstantMemory(t *testing.T) {
	for _, f := range []Format{JSON, JSONL, TSV, CSV, Markdown} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		most := uint64(0)
		rows := func(yield func(tFilm, error) bool) {
			i := 0
			for film, err := range manyFilms(100_000) {
				if !yield(film, err) {
					return
				}
				if i++; i%20_000 == 0 {
					runtime.GC()
					runtime.ReadMemStats(&after)
					most = max(most, after.HeapAlloc)
				}
			}
		}
		n, err := List(&Printer{Out: io.Discard, Format: f}, columnsOfFilm(), rows)
		if n != 100_000 || err != nil {
			t.Fatalf("%s: %d, %v", f, n, err)
		}
		if most > before.HeapAlloc+1<<20 {
			t.Errorf("%s holds %d KiB", f, (most-before.HeapAlloc)>>10)
		}
	}
}

func TestListOfPointers(t *testing.T) {
	f := solaris()
	if got := list(t, Printer{Format: JSONL, Fields: []string{"id"}}, nil, &f, nil); got != "{\"id\":12}\nnull\n" {
		t.Errorf("jsonl: %q", got)
	}
	if got := list(t, Printer{Format: TSV}, []string{"id", "title"}, &f, nil); got != "12\tSolaris\n\t\n" {
		t.Errorf("tsv: %q", got)
	}
}
