package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"

	"github.com/moviedb/moviedb/internal/catalog"
)

// The reader runs ahead of the hash and the disk by at most buffers chunks.
const (
	chunkSize = 256 << 10
	buffers   = 4
)

// chunk is a piece of content; err is why nothing follows, io.EOF at its end.
type chunk struct {
	data []byte
	err  error
}

// intake reads content in a goroutine, so that a reader that waits does not
// keep a cancelled context waiting. It reads at most one byte more than max.
type intake struct {
	ctx    context.Context
	max    int64
	size   int64 // read so far
	before fs.FileInfo
	r      io.Reader
	chunks chan chunk
	free   chan []byte
	stop   chan struct{}
	ended  chan struct{}
}

// take starts reading. A regular file larger than max is refused unread.
func take(ctx context.Context, r io.Reader, max int64) (*intake, error) {
	in := &intake{
		ctx: ctx, max: max, r: r, before: regular(r),
		chunks: make(chan chunk), free: make(chan []byte, buffers),
		stop: make(chan struct{}), ended: make(chan struct{}),
	}
	if in.before != nil && in.before.Size() > max {
		return nil, tooLarge(in.before.Size(), max)
	}
	for range buffers {
		in.free <- nil
	}
	go in.read()
	return in, nil
}

// read is the goroutine.
func (in *intake) read() {
	defer close(in.ended)
	r := io.LimitReader(in.r, in.max+1)
	for {
		var buf []byte
		select {
		case buf = <-in.free:
		case <-in.stop:
			return
		}
		if buf == nil {
			buf = make([]byte, chunkSize)
		}
		n, err := fill(r, buf)
		select {
		case in.chunks <- chunk{buf[:n], err}:
		case <-in.stop:
			return
		}
		if err != nil {
			return
		}
	}
}

// fill reads until buf is full or the reader has said why not.
func fill(r io.Reader, buf []byte) (n int, err error) {
	for idle := 0; n < len(buf) && err == nil; {
		var m int
		m, err = r.Read(buf[n:])
		n += m
		if idle++; m > 0 {
			idle = 0
		}
		if idle == 100 && err == nil {
			err = io.ErrNoProgress
		}
	}
	return n, err
}

// next returns the next piece of content, which is valid until it is given
// back, and io.EOF with or after the last. It refuses what is too large.
func (in *intake) next() ([]byte, error) {
	var c chunk
	select {
	case <-in.ctx.Done():
		return nil, in.ctx.Err()
	case c = <-in.chunks:
	}
	in.size += int64(len(c.data))
	switch {
	case in.ctx.Err() != nil:
		return nil, in.ctx.Err()
	case in.size > in.max:
		return nil, tooLarge(-1, in.max)
	case c.err == nil || errors.Is(c.err, io.EOF):
		return c.data, c.err
	}
	return nil, fmt.Errorf("it cannot be read: %w", catalog.WithoutPath(c.err))
}

// giveBack lets a piece that next returned be used again.
func (in *intake) giveBack(data []byte) { in.free <- data[:cap(data)] }

// close ends the reading. It waits for a read that is under way, so that the
// reader is the caller's again, unless the context is done.
func (in *intake) close() {
	close(in.stop)
	select {
	case <-in.ended:
	case <-in.ctx.Done():
	}
}

// unchanged returns an error if a file is not what it was when its reading
// began, so that what was read may be neither its old content nor its new.
func (in *intake) unchanged() error {
	if in.before == nil {
		return nil
	}
	now := regular(in.r)
	if now == nil || now.Size() != in.before.Size() || !now.ModTime().Equal(in.before.ModTime()) {
		return errors.New("it changed while it was read")
	}
	return nil
}

// regular describes a reader that is a regular file; it is nil for others.
func regular(r io.Reader) fs.FileInfo {
	f, ok := r.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return nil
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	return info
}

// tooLarge refuses content by its size in bytes, -1 if that is not known.
func tooLarge(size, max int64) error {
	if size < 0 {
		return catalog.Invalidf("it is larger than %s, the limit", bytesText(max))
	}
	return catalog.Invalidf("it has %s, more than the limit of %s", bytesText(size), bytesText(max))
}

// bytesText writes a number of bytes for people, exactly.
func bytesText(n int64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for n != 0 && n%1024 == 0 && i < len(units)-1 {
		n /= 1024
		i++
	}
	if n == 1 && i == 0 {
		return "1 byte"
	}
	return strconv.FormatInt(n, 10) + " " + units[i]
}
