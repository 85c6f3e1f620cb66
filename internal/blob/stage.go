package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	// DefaultMaxSize is the size in bytes that content may have if Limits says nothing.
	DefaultMaxSize = 64 << 20
	// DefaultMaxPixels is how many pixels a picture may have if Limits says nothing.
	DefaultMaxPixels = 100_000_000
)

// Limits bounds what is taken in.
type Limits struct {
	MaxSize int64 // bytes; 0 is DefaultMaxSize

	// MaxPixels bounds the width of a picture times its height, 0 is
	// DefaultMaxPixels. The memory for decoding is held to 8 bytes for each of
	// them; kinds of pictures that need more a pixel, such as a progressive JPEG
	// without subsampling, may have fewer.
	MaxPixels int64
}

// orDefault fills in what is not said.
func (l Limits) orDefault() Limits {
	if l.MaxSize <= 0 {
		l.MaxSize = DefaultMaxSize
	}
	if l.MaxPixels <= 0 {
		l.MaxPixels = DefaultMaxPixels
	}
	return l
}

// Staged is content that lies under a temporary name in the managed directory,
// checked and synced, not yet part of it. It is for one goroutine.
type Staged struct {
	Key           string // where it will be: ab/abcdef….jpg
	MIME          string // by content, without parameters
	Size          int64  // bytes
	Width, Height int    // pixels; 0 if it is no picture

	dir  *Dir
	temp *temp // nil once it is committed or discarded
	kept bool  // committed
	mend bool  // what lies in its place is damaged
}

// Hash returns the SHA-256 of the content in hexadecimal.
func (s *Staged) Hash() string { return hashOf(s.Key) }

// Stage reads all of r into the managed directory under a temporary name and
// syncs it, with memory that does not grow with its size. The type is told from
// the content. With picture it has to be a JPEG, PNG, GIF, WebP, BMP or TIFF
// that can be decoded as a whole within the limits; other content, and content
// that is too large, is catalog.ErrInvalid with a sentence about "it", the
// content. Without picture any type is taken, and Width and Height are what a
// picture says of itself.
//
// If r is a file that changes while it is read, that is an error. When ctx is
// done, Stage returns at once, even if a Read of r is still under way. An error
// leaves nothing behind. Otherwise the caller calls Commit or Discard.
func (d *Dir) Stage(ctx context.Context, r io.Reader, lim Limits, picture bool) (*Staged, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	lim = lim.orDefault()
	in, err := take(ctx, r, lim.MaxSize)
	if err != nil {
		return nil, err
	}
	defer in.close()
	head, end := in.next()
	if end != nil && !errors.Is(end, io.EOF) {
		return nil, end
	}
	mime, ext := sniff(head)
	if picture {
		if err := mustBePicture(mime, in.size); err != nil {
			return nil, err
		}
	}
	t, err := d.newTemp()
	if err != nil {
		return nil, err
	}
	s := &Staged{MIME: mime, dir: d, temp: t}
	if err = s.take(in, head, end, ext); err == nil {
		err = s.check(ctx, lim, picture)
	}
	if err != nil {
		s.Discard()
		return nil, err
	}
	d.at("temp written")
	return s, nil
}

// take copies the content, whose first piece is head, to the temporary file.
func (s *Staged) take(in *intake, head []byte, end error, ext string) error {
	sum := sha256.New()
	if err := s.copy(in, sum, head, end); err != nil {
		return err
	}
	if err := in.unchanged(); err != nil {
		return err
	}
	s.Size = in.size
	s.Key = makeKey(sum.Sum(nil), ext)
	s.mend = errors.Is(s.dir.Verify(s.Key), ErrDamaged)
	return nil
}

// copy hashes and writes pieces until the end.
func (s *Staged) copy(in *intake, sum hash.Hash, data []byte, end error) error {
	for {
		sum.Write(data)
		if _, err := s.temp.f.Write(data); err != nil {
			return s.dir.failed(err)
		}
		if end != nil {
			return nil
		}
		in.giveBack(data)
		if data, end = in.next(); end != nil && !errors.Is(end, io.EOF) {
			return end
		}
	}
}

// check looks at the picture, if it has to be one, and syncs the file.
func (s *Staged) check(ctx context.Context, lim Limits, picture bool) error {
	p := newPicture(ctx, s.MIME, s.temp.f, s.Size, lim)
	var err error
	if picture {
		err = p.decode()
	} else {
		err = p.measure()
	}
	if err != nil {
		return err
	}
	s.Width, s.Height = p.width, p.height
	if err := s.temp.f.Sync(); err != nil {
		return s.dir.failed(err)
	}
	return nil
}

// Commit gives the content its name, which makes it part of the directory, and
// lets that last. Content that is there already is kept, unless Stage found it
// damaged. The caller holds the write lock of the catalog. A second Commit only
// looks that the content is still in place.
func (s *Staged) Commit() error {
	if s.temp == nil && !s.kept {
		return errors.New("the content was discarded")
	}
	root, err := s.dir.root()
	if err != nil {
		return err
	}
	defer root.Close()
	if s.kept {
		if !s.inPlace(root) {
			return fmt.Errorf("%s: %w", s.Key, fs.ErrNotExist)
		}
		return nil
	}
	if !isAt(root, s.temp.name, s.temp.f) {
		return s.dir.failed(fmt.Errorf("%s: %w", s.temp.name, fs.ErrNotExist))
	}
	shard := s.Key[:2]
	made, err := makeDir(root, shard)
	if err == nil {
		err = s.place(root)
	}
	if err == nil {
		err = syncDir(root, shard)
	}
	if err == nil && made {
		err = syncDir(root, ".")
	}
	if err != nil {
		return s.dir.failed(err)
	}
	return nil
}

// inPlace tells that the content, or some of its size, has its name.
func (s *Staged) inPlace(root *os.Root) bool {
	info, err := root.Stat(s.Key)
	return err == nil && info.Mode().IsRegular() && info.Size() == s.Size
}

// place renames the temporary file, or removes it if it is not needed.
func (s *Staged) place(root *os.Root) error {
	t := s.temp
	if s.inPlace(root) && !s.mend {
		err := root.Remove(t.name)
		t.f.Close()
		s.temp, s.kept = nil, true
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	if !keepOpen {
		t.f.Close()
	}
	if err := root.Rename(t.name, s.Key); err != nil {
		return err
	}
	s.temp, s.kept = nil, true
	if keepOpen {
		t.f.Close()
	}
	s.dir.at("renamed")
	return nil
}

// Discard removes content that was not committed. After Commit, or a second
// time, it does nothing.
func (s *Staged) Discard() error {
	t := s.temp
	if t == nil {
		return nil
	}
	s.temp = nil
	root, err := s.dir.root()
	if err != nil {
		t.f.Close()
		return err
	}
	defer root.Close()
	if !keepOpen {
		t.f.Close()
	}
	err = root.Remove(t.name)
	if keepOpen {
		t.f.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.dir.failed(err)
	}
	s.dir.removeIfMade(t)
	return nil
}

// failed says where an error of the file system happened.
func (d *Dir) failed(err error) error {
	return fmt.Errorf("%s: %w", catalog.Visible(d.path), catalog.WithoutPath(err))
}

// makeDir makes a folder in the directory; made tells that it was not there.
// What is there and no folder, or a symbolic link, is an error.
func makeDir(root *os.Root, name string) (made bool, err error) {
	err = root.Mkdir(name, 0o700)
	switch {
	case err == nil:
		return true, nil
	case !errors.Is(err, fs.ErrExist):
		return false, err
	case !isDir(root, name):
		return false, fmt.Errorf("%s is in the way: it is no folder", name)
	}
	return false, nil
}

// isDir tells that a name is a folder, and not a symbolic link to one.
func isDir(root *os.Root, name string) bool {
	info, err := root.Lstat(name)
	return err == nil && info.IsDir()
}
