package tabular

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync/atomic"

	"golang.org/x/text/transform"

	"github.com/moviedb/moviedb/internal/catalog"
)

// headSize is how much of a file its encoding and kind are told from.
const headSize = 1 << 10

// source is a file, unpacked and decoded to UTF-8.
type source struct {
	io.Reader
	name     string // in messages
	encoding string
	decoded  bool // U+FFFD stands where bytes mean nothing in the encoding
	packed   bool
	file     *counter
}

// counter is the file as it is stored. It counts what was read, and keeps its
// error: what a layer above makes of that is no matter then.
type counter struct {
	r   io.Reader
	n   atomic.Int64
	err error
}

// Read reads from the file unless that has failed or ended before.
func (c *counter) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	c.err = err
	return n, err
}

// openSource looks at the first bytes of a file and unpacks and decodes it
// accordingly.
func openSource(r io.Reader, name, encoding string) (*source, error) {
	s := &source{name: name, file: &counter{r: r}}
	plain := bufio.NewReaderSize(s.file, 1<<16)
	head, err := s.head(plain)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(head, []byte("\x1f\x8b\x08")) {
		s.packed = true
		unpacked, err := gzip.NewReader(plain)
		if err != nil {
			return nil, s.fail(err)
		}
		plain = bufio.NewReaderSize(unpacked, 1<<16)
		if head, err = s.head(plain); err != nil {
			return nil, err
		}
	}
	if what := notText(head); what != "" {
		return nil, catalog.Invalidf("%s is %s", catalog.Visible(name), what)
	}
	enc, err := chooseEncoding(head, encoding)
	if err != nil {
		return nil, err
	}
	s.Reader, s.encoding = plain, enc.name
	if enc.decoder != nil {
		s.Reader, s.decoded = transform.NewReader(plain, enc.decoder), true
	}
	return s, nil
}

// head returns the first bytes of the file without consuming them. An error
// behind them comes again when they have been read.
func (s *source) head(r *bufio.Reader) ([]byte, error) {
	head, err := r.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return nil, s.fail(err)
	}
	return head, nil
}

// fail is an error of the file for a message.
func (s *source) fail(err error) error {
	if s.damaged(err) {
		return catalog.Invalidf("%s ends early or is damaged: its gzip data cannot be unpacked (%s); fetch or pack it again",
			catalog.Visible(s.name), err)
	}
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		err = p.Err // which says read and the name too
	}
	return fmt.Errorf("read %s: %w", catalog.Visible(s.name), err)
}

// damaged reports whether err comes from packed data that is cut off or
// broken, and not from the reader below.
func (s *source) damaged(err error) bool {
	if !s.packed || s.file.err != nil && !errors.Is(s.file.err, io.EOF) {
		return false
	}
	var corrupt flate.CorruptInputError
	return errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &corrupt)
}

// notText returns what a file is whose first bytes are head, and what to do
// with it; "" if it may be text. The bytes are those file(1) goes by.
func notText(head []byte) string {
	for _, kind := range []struct{ magic, what string }{
		{"SQLite format 3\x00", "a SQLite database; export its tables as CSV"},
		{"PK\x03\x04", archive(head)},
		{"PK\x05\x06", "an empty ZIP archive"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook or another Office document; save it as CSV"},
		{"%PDF-", "a PDF document; a table in it must be saved as CSV"},
		{"\x89PNG\r\n\x1a\n", "a PNG picture, no table"},
		{"\xff\xd8\xff", "a JPEG picture, no table"},
		{"GIF87a", "a GIF picture, no table"},
		{"GIF89a", "a GIF picture, no table"},
		{"\x1f\x8b\x08", "packed with gzip twice; unpack it once"},
		{"BZh", compressed(head, "bzip2", 4, "1AY&SY")},
		{"\xfd7zXZ\x00", compressed(head, "xz", 0, "")},
		{"\x28\xb5\x2f\xfd", compressed(head, "zstd", 0, "")},
		{"7z\xbc\xaf\x27\x1c", compressed(head, "7-Zip", 0, "")},
		{"PAR1\x15", "a Parquet file; save it as CSV"},
	} {
		if kind.what != "" && bytes.HasPrefix(head, []byte(kind.magic)) {
			return kind.what
		}
	}
	start := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, []byte(utf8BOM))))
	for _, tag := range []string{"<!doctype html", "<html", "<?xml"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return "a web page or XML, not a table; save the table itself as CSV or JSON"
		}
	}
	return ""
}

// archive says what a ZIP archive is by the name of its first file.
func archive(head []byte) string {
	switch {
	case bytes.Contains(head, []byte("opendocument.spreadsheet")):
		return "an OpenDocument spreadsheet; save it as CSV"
	case bytes.Contains(head, []byte("[Content_Types].xml")), bytes.Contains(head, []byte("xl/")):
		return "an Excel workbook; save it as CSV"
	}
	return "a ZIP archive; unpack it first"
}

// compressed says how a file is packed if sign stands at i.
func compressed(head []byte, how string, i int, sign string) string {
	if len(head) < i || !bytes.HasPrefix(head[i:], []byte(sign)) {
		return ""
	}
	return "packed with " + how + "; unpack it first, or pack it with gzip"
}
