package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/moviedb/moviedb/internal/catalog"
)

// CopyTo copies the content of a key into another directory of this shape,
// which is made if need be, and lets it last there: under a temporary name
// first, so that nobody ever sees half of it. already tells that it was there.
//
// Content is compared with its key on both sides: what is not what its key says
// is ErrDamaged, and is neither copied nor overwritten. The other errors are
// those of Stat and of writing; they leave nothing behind.
func (d *Dir) CopyTo(ctx context.Context, to *Dir, key string) (already bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	switch err := to.Verify(key); {
	case err == nil:
		return true, nil
	case errors.Is(err, ErrDamaged):
		return false, fmt.Errorf("%s: what is there already: %w", catalog.Visible(to.path), err)
	case !errors.Is(err, fs.ErrNotExist):
		return false, err
	}
	from, err := d.OpenFile(key)
	if err != nil {
		return false, err
	}
	defer from.Close()
	t, err := to.newTemp()
	if err != nil {
		return false, err
	}
	s := &Staged{Key: key, dir: to, temp: t}
	if err = s.fill(ctx, from); err == nil {
		to.at("temp written")
		err = s.Commit()
	}
	if err != nil {
		s.Discard()
	}
	return false, err
}

// fill writes the content of the key, read from r, to the temporary file.
func (s *Staged) fill(ctx context.Context, r io.Reader) error {
	sum := sha256.New()
	buf := make([]byte, chunkSize)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(buf)
		sum.Write(buf[:n])
		if _, werr := s.temp.f.Write(buf[:n]); werr != nil {
			return s.dir.failed(werr)
		}
		s.Size += int64(n)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.Key, catalog.WithoutPath(err))
		}
	}
	if hex.EncodeToString(sum.Sum(nil)) != s.Hash() {
		return fmt.Errorf("%s: %w: its content has another hash", s.Key, ErrDamaged)
	}
	if err := s.temp.f.Sync(); err != nil {
		return s.dir.failed(err)
	}
	return nil
}

// IsKey reports whether s has the shape of a key, ab/abcdef….jpg, which no name
// has that leads elsewhere.
func IsKey(s string) bool { return isKey(s) }

// HashOf returns the SHA-256 in a key in hexadecimal, "" for what is no key.
func HashOf(key string) string {
	if !isKey(key) {
		return ""
	}
	return hashOf(key)
}

// SameAs tells that both are one directory, whatever their paths.
func (d *Dir) SameAs(o *Dir) bool {
	if d.path == o.path {
		return true
	}
	a, err := d.root()
	if err != nil {
		return false
	}
	defer a.Close()
	b, err := o.root()
	if err != nil {
		return false
	}
	defer b.Close()
	here, err := a.Stat(".")
	if err != nil {
		return false
	}
	there, err := b.Stat(".")
	return err == nil && os.SameFile(here, there)
}
