package archive

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
)

// writer writes the members of an archive.
type writer struct {
	tar  *tar.Writer
	zip  *gzip.Writer // nil is none
	when time.Time
}

// newWriter writes to w, gzipped with zip.
func newWriter(w io.Writer, zip bool, when time.Time) *writer {
	out := &writer{when: when}
	if zip {
		out.zip = gzip.NewWriter(w)
		w = out.zip
	}
	out.tar = tar.NewWriter(w)
	return out
}

// isZipped tells that an archive of this name is gzipped.
func isZipped(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".gz") || strings.HasSuffix(name, ".tgz")
}

// add writes a member of size bytes, of which r has to have as many.
func (w *writer) add(name string, size int64, r io.Reader) error {
	err := w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: w.when, Format: tar.FormatPAX})
	if err != nil {
		return err
	}
	_, err = io.CopyN(w.tar, r, size)
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s became shorter while it was read", name)
	}
	return err
}

// close writes the end.
func (w *writer) close() error {
	if err := w.tar.Close(); err != nil {
		return err
	}
	if w.zip != nil {
		return w.zip.Close()
	}
	return nil
}

// metered reads until ctx ends and tells how much.
type metered struct {
	ctx  context.Context
	r    io.Reader
	tell func(n int)
}

// Read implements io.Reader.
func (m metered) Read(b []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.r.Read(b)
	m.tell(n)
	return n, err
}

// at says where an error of the file system happened.
func at(path string, err error) error {
	return fmt.Errorf("%s: %w", catalog.Visible(path), catalog.WithoutPath(err))
}
