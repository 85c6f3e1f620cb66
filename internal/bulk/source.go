package bulk

import (
	"context"
	"errors"
	"io"

	"github.com/moviedb/moviedb/internal/csvio"
)

const (
	// batchRows is how many rows are resolved and written at a time.
	batchRows = 2048
	// aheadBatches is how many batches are read and checked before the write
	// lock is taken: a file of up to 65,536 rows wholly.
	aheadBatches = 32
	// errorsKept is how many bad rows are remembered with their reason.
	errorsKept = 20
)

// rowBatch is some rows that can be stored, and what was wrong with the others.
type rowBatch struct {
	rows []csvio.MovieRow
	bad  int               // rows that cannot be stored
	errs []*csvio.RowError // why, in the order of the file
}

// reading is a file being read and checked ahead of the import, in a goroutine
// of its own.
type reading struct {
	batches <-chan rowBatch
	end     func() error // what ended the reading; call it when batches is closed
	stop    func()
}

// read starts to read r.
func read(ctx context.Context, r *csvio.MovieReader) *reading {
	ctx, cancel := context.WithCancel(ctx)
	ch := make(chan rowBatch, aheadBatches)
	var failed error
	go func() {
		defer close(ch)
		failed = readBatches(ctx, r, ch)
	}()
	return &reading{batches: ch, end: func() error { return failed }, stop: cancel}
}

func readBatches(ctx context.Context, r *csvio.MovieReader, ch chan<- rowBatch) error {
	for {
		var b rowBatch
		var end error
		for len(b.rows)+b.bad < batchRows && end == nil {
			row, errs, err := r.Next()
			switch {
			case err != nil:
				end = err
			case len(errs) > 0:
				b.bad++
				b.errs = append(b.errs, errs...)
			default:
				b.rows = append(b.rows, row)
			}
		}
		var bad *csvio.RowError
		if errors.As(end, &bad) { // the file cannot be read on from here
			bad.Reason += "; what follows in the file was not read"
			b.bad++
			b.errs = append(b.errs, bad)
			end = io.EOF
		}
		select {
		case ch <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
		if errors.Is(end, io.EOF) {
			return nil
		}
		if end != nil {
			return end
		}
	}
}

// contextReader lets a read that blocks (a terminal, a pipe) end with ctx.
type contextReader struct {
	ctx  context.Context
	r    io.Reader
	buf  []byte
	rest []byte
	err  error // comes after rest
}

// Read is that of the reader below, or ends with the context.
func (c *contextReader) Read(p []byte) (int, error) {
	if len(c.rest) > 0 {
		n := copy(p, c.rest)
		c.rest = c.rest[n:]
		return n, nil
	}
	if c.err != nil {
		return 0, c.err
	}
	if err := c.ctx.Err(); err != nil { // an earlier read may still be using buf
		return 0, err
	}
	type result struct {
		n   int
		err error
	}
	if c.buf == nil {
		c.buf = make([]byte, 1<<16)
	}
	done := make(chan result, 1)
	go func() {
		n, err := c.r.Read(c.buf)
		done <- result{n, err}
	}()
	select {
	case <-c.ctx.Done():
		return 0, c.ctx.Err()
	case r := <-done:
		n := copy(p, c.buf[:r.n])
		c.rest, c.err = c.buf[n:r.n], r.err
		if len(c.rest) > 0 {
			return n, nil
		}
		return n, c.err
	}
}
