package bulk

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// onceBroken gives its last bytes together with an error, and after that only
// the end: io.Reader allows that.
type onceBroken struct {
	data string
	err  error
}

// Read implements io.Reader.
func (o *onceBroken) Read(p []byte) (int, error) {
	n := copy(p, o.data)
	o.data = o.data[n:]
	switch {
	case n == 0:
		return 0, io.EOF
	case o.data == "":
		return n, o.err
	}
	return n, nil
}

// readFunc is a reader.
type readFunc func(p []byte) (int, error)

// Read implements io.Reader.
func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// TestCancelledReadIsTheLast: while it may still write to its buffer no other
// begins.
func TestCancelledReadIsTheLast(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	release, done := make(chan struct{}), make(chan struct{})
	reads := 0
	c := &contextReader{ctx: ctx, r: readFunc(func([]byte) (int, error) {
		defer close(done) // a second time it panics
		reads++
		cancel()
		<-release
		return 0, io.EOF
	})}
	for range 3 {
		if _, err := c.Read(make([]byte, 10)); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want %v", err, context.Canceled)
		}
	}
	close(release)
	<-done
	if reads != 1 {
		t.Errorf("%d reads began", reads)
	}
}

// TestNoReadIsLostWhateverItsSize: what does not fit the caller's buffer comes
// with the next read, and an error after it.
func TestNoReadIsLostWhateverItsSize(t *testing.T) {
	broken := errors.New("the disk is gone")
	const data = "0123456789"
	for size := 1; size <= len(data)+1; size++ {
		c := &contextReader{ctx: t.Context(), r: &onceBroken{data: data, err: broken}}
		var got []byte
		var err error
		for p := make([]byte, size); err == nil; {
			var n int
			n, err = c.Read(p)
			got = append(got, p[:n]...)
		}
		if string(got) != data || !errors.Is(err, broken) {
			t.Errorf("buffer of %d: got %q, %v, want %q, %v", size, got, err, data, broken)
		}
	}
	if err := iotest.TestReader(&contextReader{ctx: t.Context(), r: strings.NewReader(data)}, []byte(data)); err != nil {
		t.Error(err)
	}
}

func TestReadErrorPastWhatIsReadAheadChangesNothing(t *testing.T) {
	broken := errors.New("the disk is gone")
	text := "title\nNew\n" + strings.Repeat("Same\n", aheadBatches*batchRows)
	src := Source{Name: "f.csv", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))), nil
	}}
	for _, o := range []Options{absent(t), present(t, twoFilms)} {
		unchanged(t, o, func() {
			if res, err := Movies(t.Context(), o, src); !errors.Is(err, broken) || !same(res, Result{}) {
				t.Errorf("got %+v, %v, want %v", res, err, broken)
			}
		})
	}
}

// TestClosedImportReadsNoFurther: what an import that failed has not asked for
// is not read to its end.
func TestClosedImportReadsNoFurther(t *testing.T) {
	reader := &endless{at: 1 << 40, closed: make(chan struct{})}
	src := Source{Name: "f.csv", Open: func() (io.ReadCloser, error) { return reader, nil }}
	im, err := begin(t.Context(), Options{}, moviesJob(), []Source{src})
	if err != nil {
		t.Fatal(err)
	}
	im.close()
	<-reader.closed
	batches := 0
	for range im.in.batches {
		if batches++; batches > 2*aheadBatches {
			t.Fatal("it reads on")
		}
	}
	if err := im.in.failed; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
