package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/moviedb/moviedb/internal/catalog"
)

// ErrDamaged marks content whose hash is no longer the one it is stored under.
var ErrDamaged = errors.New("damaged")

// Verify reads the content of a key and compares its hash with the key. Its
// errors are those of Stat, and ErrDamaged.
func (d *Dir) Verify(key string) error {
	f, err := d.OpenFile(key)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.CopyBuffer(struct{ io.Writer }{sum}, struct{ io.Reader }{f}, make([]byte, chunkSize)); err != nil {
		return fmt.Errorf("%s: %w", key, catalog.WithoutPath(err))
	}
	if hex.EncodeToString(sum.Sum(nil)) != hashOf(key) {
		return fmt.Errorf("%s: %w: its content has another hash", key, ErrDamaged)
	}
	return nil
}

// CheckPicture decodes the content of a key as Stage does with picture; of the
// limits, a MaxSize of 0 is none, for the content is here already. Its errors
// are those of Stat, and catalog.ErrInvalid for what is no such picture.
func (d *Dir) CheckPicture(ctx context.Context, key string, lim Limits) error {
	f, mime, size, err := d.sniffed(key)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := mustBePicture(mime, size); err != nil {
		return err
	}
	if lim.MaxSize > 0 && size > lim.MaxSize {
		return tooLarge(size, lim.MaxSize)
	}
	return newPicture(ctx, mime, f, size, lim.orDefault()).decode()
}

// CheckPictureFile decodes the content of an open file as Stage does with picture,
// and keeps none of it. Other content is catalog.ErrInvalid.
func CheckPictureFile(ctx context.Context, f *os.File, lim Limits) error {
	lim = lim.orDefault()
	info, err := f.Stat()
	if err != nil {
		return catalog.WithoutPath(err)
	}
	if info.Size() > lim.MaxSize {
		return tooLarge(info.Size(), lim.MaxSize)
	}
	head := make([]byte, min(chunkSize, info.Size()))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return catalog.WithoutPath(err)
	}
	mime, _ := sniff(head)
	if err := mustBePicture(mime, info.Size()); err != nil {
		return err
	}
	return newPicture(ctx, mime, f, info.Size(), lim).decode()
}

// Dimensions returns the pixels of a picture that has been stored, as Stage
// tells them without picture; 0 for other content and if it cannot be read.
func (d *Dir) Dimensions(key string) (width, height int) {
	f, mime, size, err := d.sniffed(key)
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	p := newPicture(context.Background(), mime, f, size, Limits{}.orDefault())
	if p.measure() != nil {
		return 0, 0
	}
	return p.width, p.height
}

// sniffed opens the content of a key and tells its type and its size in bytes.
func (d *Dir) sniffed(key string) (f *os.File, mime string, size int64, err error) {
	f, info, err := d.open(key)
	if err != nil {
		return nil, "", 0, err
	}
	head := make([]byte, min(chunkSize, info.Size()))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		f.Close()
		return nil, "", 0, fmt.Errorf("%s: %w", key, catalog.WithoutPath(err))
	}
	mime, _ = sniff(head)
	return f, mime, info.Size(), nil
}
