package blob

import (
	"bufio"
	"context"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strconv"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	// bytesPerPixel is the memory that decoding may take for each of MaxPixels.
	bytesPerPixel = 8
	// maxRepeat bounds the pixels of all frames of an animation together, as a
	// multiple of MaxPixels. Each frame is decoded alone, so this is about time.
	maxRepeat = 10
	// minFrame is how many pixels a frame counts at least.
	minFrame = 1 << 14
)

// picture is content that is, or may be, a picture.
type picture struct {
	mime          string
	src           *probe
	size          int64
	lim           Limits
	width, height int // 0 until they are known
}

// newPicture describes content of size bytes of a MIME type.
func newPicture(ctx context.Context, mime string, r io.ReaderAt, size int64, lim Limits) *picture {
	return &picture{mime: mime, src: &probe{ctx: ctx, r: r}, size: size, lim: lim}
}

// mustBePicture refuses a type that is none of the six, and an empty file.
func mustBePicture(mime string, size int64) error {
	switch {
	case size == 0:
		return catalog.Invalidf("it is empty, not a picture")
	case formatName(mime) == "":
		return catalog.Invalidf("it is %s: only JPEG, PNG, GIF, WebP, BMP and TIFF are taken", typeName(mime))
	}
	return nil
}

// formatName returns what one of the six types of pictures is called, "" for
// other types.
func formatName(mime string) string {
	switch mime {
	case "image/jpeg":
		return "JPEG"
	case mimePNG:
		return "PNG"
	case "image/gif":
		return "GIF"
	case "image/webp":
		return "WebP"
	case "image/bmp":
		return "BMP"
	case "image/tiff":
		return "TIFF"
	}
	return ""
}

// measure finds out width and height, if the content is a picture that says so.
// It fails only if the content cannot be read.
func (p *picture) measure() error {
	if formatName(p.mime) == "" {
		return nil
	}
	err := p.guarded(func(p *picture) error {
		c, err := p.config()
		p.width, p.height = c.Width, c.Height
		return err
	})
	if err != nil {
		p.width, p.height = 0, 0
	}
	if err := p.src.ctx.Err(); err != nil {
		return err
	}
	return p.src.err
}

// decode decodes the whole picture: every frame of an animated GIF or WebP, the
// first image of a TIFF. The error of what cannot be decoded is
// catalog.ErrInvalid.
func (p *picture) decode() error {
	err := p.guarded((*picture).decodeAll)
	if ctxErr := p.src.ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	return err
}

// guarded runs a decoder, which may take long or panic. It returns when the
// context is done, though the decoder stops only at its next read.
func (p *picture) guarded(run func(*picture) error) error {
	own := *p // the decoder may outlive this call
	done := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- own.refused(errors.New("the decoder gave up"))
			}
		}()
		done <- own.refused(run(&own))
	}()
	select {
	case err := <-done:
		*p = own
		return err
	case <-p.src.ctx.Done():
		return p.src.ctx.Err()
	}
}

// config returns the dimensions that the picture declares.
func (p *picture) config() (image.Config, error) {
	switch p.mime {
	case "image/jpeg":
		return jpeg.DecodeConfig(p.reader())
	case mimePNG:
		return png.DecodeConfig(p.reader())
	case "image/gif":
		return gif.DecodeConfig(p.reader())
	case "image/webp":
		return webp.DecodeConfig(p.reader())
	case "image/bmp":
		return bmp.DecodeConfig(p.reader())
	case "image/tiff":
		return tiff.DecodeConfig(&stream{p.src, 0})
	}
	return image.Config{}, image.ErrFormat
}

// decodeAll checks the dimensions and then decodes.
func (p *picture) decodeAll() error {
	c, err := p.config()
	if err != nil {
		return err
	}
	if p.mime == "image/gif" && (c.Width == 0 || c.Height == 0) {
		c.Width, c.Height = 1, 1 // the frames know better
	}
	if err := p.fits(c.Width, c.Height, p.cost(c)); err != nil {
		return err
	}
	p.width, p.height = c.Width, c.Height
	switch p.mime {
	case "image/jpeg":
		if err = p.checkScans(); err == nil {
			_, err = jpeg.Decode(p.reader())
		}
	case mimePNG:
		_, err = png.Decode(p.reader())
	case "image/gif":
		err = p.decodeGIF()
	case "image/webp":
		err = p.decodeWebP()
	case "image/bmp":
		_, err = bmp.Decode(p.reader())
	case "image/tiff":
		_, err = tiff.Decode(&stream{p.src, 0})
	}
	return err
}

// reader reads the content from its beginning.
func (p *picture) reader() *bufio.Reader { return bufio.NewReaderSize(&stream{p.src, 0}, 64<<10) }

// section reads size bytes of the content from an offset.
func (p *picture) section(off, size int64) io.Reader {
	return io.LimitReader(&stream{p.src, off}, size)
}

// fits refuses dimensions that are none, or too many to decode at a cost in
// bytes for each pixel.
func (p *picture) fits(width, height int, cost float64) error {
	if width <= 0 || height <= 0 {
		return errors.New("it has no pixels")
	}
	w, h, most, kind := int64(width), int64(height), p.lim.MaxPixels, ""
	if cost > bytesPerPixel {
		most = int64(float64(most) * bytesPerPixel / cost)
		kind = " for this kind of " + formatName(p.mime)
	}
	if w > most/h {
		return catalog.Invalidf("it has %s x %s pixels, more than the limit of %s%s", grouped(w), grouped(h), grouped(most), kind)
	}
	return nil
}

// cost estimates how many bytes decoding takes for each pixel. Where a hostile
// file can make a decoder take more than an honest one, it is that.
func (p *picture) cost(c image.Config) float64 {
	pixel := 4.0
	switch c.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		pixel = 8
	}
	switch p.mime {
	case "image/jpeg":
		return jpegCost(p.reader())
	case mimePNG:
		if head := make([]byte, 29); p.readHead(head) && head[28] != 0 { // interlaced: passes and picture
			return 2 * pixel
		}
		return pixel
	case "image/gif":
		return 2 // indices, and again to undo the interlacing
	case "image/webp":
		return 2 * pixel // a lossless one and its transformation
	case "image/tiff":
		return 3 * pixel // a single strip that grows while it is unpacked
	}
	return pixel
}

// readHead fills b from the beginning of the content.
func (p *picture) readHead(b []byte) bool {
	_, err := io.ReadFull(&stream{p.src, 0}, b)
	return err == nil
}

// refused turns what a decoder says into a sentence, with catalog.ErrInvalid;
// what the disk or the context says stays as it is.
func (p *picture) refused(err error) error {
	switch {
	case err == nil:
		return nil
	case p.src.err != nil:
		return p.src.err
	case errors.Is(err, catalog.ErrInvalid):
		return err
	case isUnsupported(err):
		return catalog.Invalidf("it is a kind of %s that cannot be read: %s", formatName(p.mime), catalog.Visible(err.Error()))
	case p.src.short || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return catalog.Invalidf("it is truncated: the %s ends too early", formatName(p.mime))
	}
	return catalog.Invalidf("it is a damaged %s: %s", formatName(p.mime), catalog.Visible(err.Error()))
}

// isUnsupported tells that a decoder refuses a feature rather than an error.
func isUnsupported(err error) bool {
	var j jpeg.UnsupportedError
	var p png.UnsupportedError
	var t tiff.UnsupportedError
	return errors.As(err, &j) || errors.As(err, &p) || errors.As(err, &t) || errors.Is(err, bmp.ErrUnsupported)
}

// grouped writes a number with commas between its thousands.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// probe reads content for a decoder and notices what the decoder may not pass
// on: that it asked for more than there is, and that reading failed. It is for
// one goroutine.
type probe struct {
	ctx   context.Context
	r     io.ReaderAt
	short bool  // something was to be read at or after the end
	err   error // of the disk or the context
}

// ReadAt implements io.ReaderAt.
func (p *probe) ReadAt(b []byte, off int64) (int, error) {
	if err := p.ctx.Err(); err != nil {
		p.err = err
		return 0, err
	}
	n, err := p.r.ReadAt(b, off)
	switch {
	case errors.Is(err, io.EOF):
		p.short = p.short || n == 0
	case err != nil:
		p.err = err
	}
	return n, err
}

// stream reads what a probe reads from an offset on. It reports the end only
// when nothing is left, so that the probe learns of a reader that wants more.
type stream struct {
	*probe
	off int64
}

// Read implements io.Reader.
func (s *stream) Read(b []byte) (int, error) {
	n, err := s.ReadAt(b, s.off)
	s.off += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}
