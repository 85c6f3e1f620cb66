package bulk

import (
	"context"
	"io"
)

// Source is a file to import.
type Source struct {
	Name string                        // in messages
	Dir  string                        // from which paths in it go, "" is the working directory
	Size int64                         // bytes, 0 is unknown
	Open func() (io.ReadCloser, error) // from the start; may be called a second time
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
