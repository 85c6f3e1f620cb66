package archive

import (
	"archive/tar"
	"bufio"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
)

// sink takes what an archive holds. A nil function takes nothing.
type sink struct {
	manifest func(Manifest) error // before anything else comes
	database func(r io.Reader) error
	file     func(key string, r io.Reader) error
	progress func(done, total int64)
}

// reader reads an archive from its beginning to its end, and believes nothing
// of it: only the three forms of names, regular files, in order, once; not a byte
// more than the manifest says; hashes that are right.
type reader struct {
	ctx  context.Context
	in   *bounded
	tar  *tar.Reader
	to   sink
	m    Manifest
	done int64 // bytes of database and content
	keys hash.Hash
	last string
}

// read reads all of an archive and returns its manifest and the hash of its keys
// in their order, each followed by a newline. Its errors are sentences about "it", the archive,
// and those of the sink.
func read(ctx context.Context, r io.Reader, to sink) (Manifest, []byte, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	a := &reader{ctx: ctx, in: &bounded{ctx: ctx, r: buffered, left: maxManifest + memberOverhead}, to: to, keys: sha256.New()}
	if magic, _ := buffered.Peek(2); string(magic) == "\x1f\x8b" {
		zip, err := gzip.NewReader(buffered)
		if err != nil {
			return a.m, nil, broken(err)
		}
		a.in.r = zip
	}
	a.tar = tar.NewReader(a.in)
	if err := a.all(); err != nil {
		return a.m, nil, err
	}
	return a.m, a.keys.Sum(nil), nil
}

// all reads the members in their order, and the end.
func (a *reader) all() error {
	if err := a.readManifest(); err != nil {
		return err
	}
	a.in.left = a.m.longest() - a.in.read
	if a.to.manifest != nil {
		if err := a.to.manifest(a.m); err != nil {
			return &takeError{err}
		}
	}
	if err := a.readDatabase(); err != nil {
		return err
	}
	left := a.m.Files.Size
	for range a.m.Files.Count {
		size, err := a.readFile(left)
		if err != nil {
			return err
		}
		left -= size
	}
	if left != 0 {
		return fmt.Errorf("its files are %d bytes shorter than its manifest says", left)
	}
	return a.readEnd()
}

// next returns the header of the next member, which has to be a regular file
// called as want says.
func (a *reader) next(what string, want func(name string) bool) (*tar.Header, error) {
	h, err := a.tar.Next()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("it ends where %s should be", what)
	}
	if err != nil {
		return nil, broken(err)
	}
	if !want(h.Name) {
		return nil, fmt.Errorf("it has %s where %s should be", catalog.Quote(h.Name), what)
	}
	if h.Typeflag != tar.TypeReg || h.Linkname != "" {
		return nil, fmt.Errorf("%s in it is no regular file", h.Name)
	}
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse") {
			return nil, fmt.Errorf("%s in it is a sparse file", h.Name)
		}
	}
	return h, nil
}

func (a *reader) readManifest() error {
	h, err := a.next(manifestName, func(name string) bool { return name == manifestName })
	if err != nil {
		return err
	}
	if h.Size > maxManifest {
		return fmt.Errorf("its %s has %d bytes, which is more than one can have", manifestName, h.Size)
	}
	b, err := io.ReadAll(a.tar)
	if err != nil {
		return broken(err)
	}
	a.m, err = decodeManifest(b)
	return err
}

func (a *reader) readDatabase() error {
	h, err := a.next(databaseName, func(name string) bool { return name == databaseName })
	if err != nil {
		return err
	}
	if h.Size != a.m.Database.Size {
		return fmt.Errorf("its database has %d bytes, its manifest says %d", h.Size, a.m.Database.Size)
	}
	sum, err := a.content(h, a.to.database)
	if err == nil && sum != a.m.Database.SHA256 {
		err = errors.New("it is damaged: its database has another hash than its manifest says")
	}
	return err
}

// readFile reads a file of at most left bytes and returns its size.
func (a *reader) readFile(left int64) (int64, error) {
	h, err := a.next("a file", func(name string) bool {
		key, ok := strings.CutPrefix(name, filesPrefix)
		return ok && blob.IsKey(key)
	})
	if err != nil {
		return 0, err
	}
	key := strings.TrimPrefix(h.Name, filesPrefix)
	if key <= a.last {
		return 0, fmt.Errorf("%s in it comes twice, or out of order", h.Name)
	}
	if h.Size > left {
		return 0, fmt.Errorf("its files are larger than its manifest says")
	}
	a.last = key
	a.keys.Write([]byte(key + "\n"))
	take := a.to.file
	if take == nil {
		take = func(_ string, r io.Reader) error { return nil }
	}
	sum, err := a.content(h, func(r io.Reader) error { return take(key, r) })
	if err == nil && sum != blob.HashOf(key) {
		err = fmt.Errorf("it is damaged: %s in it has another hash", h.Name)
	}
	return h.Size, err
}

// content has a member's content taken and returns its hash. What is not taken
// is read all the same.
func (a *reader) content(h *tar.Header, take func(io.Reader) error) (string, error) {
	sum := sha256.New()
	r := &failing{r: io.TeeReader(metered{a.ctx, a.tar, a.progress}, sum)}
	if take != nil {
		if err := take(r); err != nil && r.err == nil {
			return "", &takeError{err}
		}
	}
	if r.err == nil {
		_, r.err = io.Copy(io.Discard, r)
	}
	if r.err != nil {
		return "", broken(r.err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func (a *reader) progress(n int) {
	a.done += int64(n)
	if a.to.progress != nil {
		a.to.progress(a.done, a.m.bytes())
	}
}

// readEnd looks that nothing follows but the two blocks of zeros that end a tar
// archive, and zeros.
func (a *reader) readEnd() error {
	before := a.in.read
	switch h, err := a.tar.Next(); {
	case err == nil:
		return fmt.Errorf("it has %s, of which its manifest says nothing", catalog.Quote(h.Name))
	case !errors.Is(err, io.EOF):
		return broken(err)
	case a.in.read-before < 2*512:
		return errors.New("it is cut off: its end is missing")
	}
	buf := make([]byte, 1<<15)
	for {
		n, err := a.in.Read(buf)
		if strings.Trim(string(buf[:n]), "\x00") != "" {
			return errors.New("something follows its end")
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(err)
		}
	}
}

// broken says what an error of reading means.
func broken(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("it is cut off")
	case errors.Is(err, tar.ErrHeader):
		return errors.New("it is damaged, or no tar archive")
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return fmt.Errorf("it is damaged (%w)", err)
	}
	return catalog.WithoutPath(err)
}

// errLonger says that there is more than the manifest allows.
var errLonger = errors.New("it is longer than its manifest says")

// bounded reads no more than it may, so that what is small cannot become large
// by being unpacked.
type bounded struct {
	ctx  context.Context
	r    io.Reader
	read int64
	left int64
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	if b.left <= 0 {
		return 0, errLonger
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.read += int64(n)
	b.left -= int64(n)
	return n, err
}

// takeError is an error of the sink, for which the archive is not to blame as a
// rule.
type takeError struct{ error }

// Unwrap returns the error.
func (e *takeError) Unwrap() error { return e.error }

// failing remembers an error of reading, to tell it from one of writing.
type failing struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (f *failing) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}
