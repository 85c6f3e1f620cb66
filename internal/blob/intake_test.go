package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/moviedb/moviedb/internal/catalog"
)

// counting counts what is read from it.
type counting struct {
	r io.Reader
	n int64
}

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// zeros has no end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

func TestTooLarge(t *testing.T) {
	for _, max := range []int64{1, 1000, chunkSize - 1, chunkSize, chunkSize + 1, 3*chunkSize + 7} {
		d := newDir(t)
		lim := Limits{MaxSize: max}
		r := &counting{r: zeros{}}
		_, err := d.Stage(t.Context(), r, lim, false)
		if !errors.Is(err, catalog.ErrInvalid) || !strings.HasPrefix(err.Error(), "it is larger than ") {
			t.Errorf("%d: got %v", max, err)
		}
		if r.n > max+1 {
			t.Errorf("%d: %d bytes were read", max, r.n)
		}
		empty(t, d)
		s, err := d.Stage(t.Context(), io.LimitReader(zeros{}, max), lim, false)
		if err != nil || s.Size != max {
			t.Errorf("%d bytes: %v", max, err)
			continue
		}
		s.Discard()
		name := write(t, strings.Repeat("x", int(max)+1), t.TempDir(), "large")
		f, err := OpenSource(name)
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.Stage(t.Context(), f, lim, false)
		if want := fmt.Sprintf("it has %s, more than the limit of %s", bytesText(max+1), bytesText(max)); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		f.Close()
		empty(t, d)
	}
	d := newDir(t)
	_, err := d.Stage(t.Context(), &counting{r: zeros{}}, Limits{}, false)
	if err == nil || err.Error() != "it is larger than 64 MiB, the limit" {
		t.Errorf("by default: %v", err)
	}
}

func TestBytesText(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 1: "1 byte", 1023: "1023 bytes", 1024: "1 KiB", 1536: "1536 bytes", 2 << 30: "2 GiB"} {
		if got := bytesText(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestReadersOfAllKinds(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 40_000) // some chunks
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"whole": func(r io.Reader) io.Reader { return r }, "half": iotest.HalfReader, "end with data": iotest.DataErrReader,
	} {
		d := newDir(t)
		s, err := d.Stage(t.Context(), wrap(bytes.NewReader(content)), Limits{}, false)
		if err != nil || s.Size != int64(len(content)) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := s.Commit(); err != nil || d.Verify(s.Key) != nil {
			t.Errorf("%s: %v, %v", name, err, d.Verify(s.Key))
		}
	}
	d := newDir(t)
	none, err := d.Stage(t.Context(), strings.NewReader(""), Limits{}, false)
	if err != nil || none.MIME != mimeUnknown || none.Size != 0 || strings.Contains(none.Key, ".") {
		t.Errorf("nothing: %+v, %v", none, err)
	}
	if err := none.Commit(); err != nil {
		t.Error(err)
	}
	one, err := d.Stage(t.Context(), iotest.OneByteReader(strings.NewReader("one by one")), Limits{}, false)
	if err != nil || one.Size != 10 {
		t.Errorf("one by one: %+v, %v", one, err)
	}
}

func TestReaderFails(t *testing.T) {
	broken := errors.New("broken pipe")
	for _, picture := range []bool{false, true} {
		for _, n := range []int{0, 100, chunkSize, chunkSize + 1, 3 * chunkSize} {
			start := append(samples(t)[0].data, make([]byte, n)...)[:n]
			for _, cause := range []error{broken, io.ErrUnexpectedEOF, &fs.PathError{Op: "read", Path: "x\x1b[2J", Err: broken}} {
				d := newDir(t)
				r := io.MultiReader(bytes.NewReader(start), iotest.ErrReader(cause))
				_, err := d.Stage(t.Context(), r, Limits{}, picture)
				if err == nil || !errors.Is(err, broken) && !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, catalog.ErrInvalid) || strings.Contains(err.Error(), "\x1b") {
					t.Errorf("after %d bytes: got %q", n, err)
				}
				empty(t, d)
			}
		}
	}
}

// lazy never gives anything, and never an error.
type lazy struct{}

func (lazy) Read([]byte) (int, error) { return 0, nil }

func TestReaderGivesNothing(t *testing.T) {
	d := newDir(t)
	if _, err := d.Stage(t.Context(), lazy{}, Limits{}, false); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("got %v, want io.ErrNoProgress", err)
	}
	empty(t, d)
}

// changing is a file that is changed after its first piece was read.
type changing struct {
	*os.File
	change func()
}

func (c *changing) Read(b []byte) (int, error) {
	n, err := c.File.Read(b)
	if c.change != nil {
		c.change()
		c.change = nil
	}
	return n, err
}

func TestFileChangesWhileRead(t *testing.T) {
	for name, change := range map[string]func(name string) error{
		"shrinks": func(name string) error { return os.Truncate(name, 100) },
		"grows":   func(name string) error { return os.Truncate(name, 5*chunkSize) },
		"is rewritten": func(name string) error {
			return errors.Join(os.WriteFile(name, bytes.Repeat([]byte("b"), 4*chunkSize), 0o600), os.Chtimes(name, day(9), day(9)))
		},
	} {
		path := write(t, strings.Repeat("a", 4*chunkSize), t.TempDir(), "source")
		f, err := OpenSource(path)
		if err != nil {
			t.Fatal(err)
		}
		d := newDir(t)
		_, err = d.Stage(t.Context(), &changing{f, func() {
			if err := change(path); err != nil {
				t.Error(err)
			}
		}}, Limits{}, false)
		if err == nil || err.Error() != "it changed while it was read" {
			t.Errorf("%s: got %v", name, err)
		}
		f.Close()
		empty(t, d)
	}
}

// waiting cancels a context after some bytes and then waits.
type waiting struct {
	r      io.Reader
	cancel func()
	end    chan struct{}
}

func (w *waiting) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if errors.Is(err, io.EOF) {
		w.cancel()
		<-w.end
	}
	return n, err
}

func TestCancel(t *testing.T) {
	for _, n := range []int{0, 10, chunkSize, 2*chunkSize + 5} {
		d := newDir(t)
		ctx, cancel := context.WithCancel(t.Context())
		w := &waiting{bytes.NewReader(make([]byte, n)), cancel, make(chan struct{})}
		if _, err := d.Stage(ctx, w, Limits{}, false); !errors.Is(err, context.Canceled) {
			t.Errorf("after %d bytes: got %v", n, err)
		}
		close(w.end)
		empty(t, d)
		if _, err := d.Stage(ctx, strings.NewReader("too late"), Limits{}, false); !errors.Is(err, context.Canceled) {
			t.Errorf("before it began: got %v", err)
		}
		empty(t, d)
	}
}

// TestCancelDecoding: a decoder that hangs does not keep Stage.
func TestCancelDecoding(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	end := make(chan struct{})
	defer close(end)
	p := newPicture(ctx, mimePNG, bytes.NewReader(nil), 0, Limits{}.orDefault())
	err := p.guarded(func(*picture) error { cancel(); <-end; return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	q := newPicture(ctx, mimePNG, bytes.NewReader(samples(t)[1].data), 0, Limits{}.orDefault())
	if err := q.decode(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
