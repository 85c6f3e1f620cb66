package blob

import (
	"bufio"
	"encoding/binary"
	"errors"
	"image/gif"
	"io"

	"github.com/moviedb/moviedb/internal/catalog"
)

// gifWalk goes through the blocks of a GIF, so that each frame can be decoded
// alone: image/gif holds all of them in memory, and wants each inside the
// screen, which nobody else does.
type gifWalk struct {
	r      *bufio.Reader
	off    int64
	colors []byte // the global color table
	flags  byte   // those of the screen that tell its size
	aside  []byte // the graphic control extension before the frame
}

// decodeGIF decodes every frame.
func (p *picture) decodeGIF() error {
	w := &gifWalk{r: p.reader()}
	if err := w.header(); err != nil {
		return err
	}
	var frames int
	var total int64
	for ; ; frames++ {
		frame, err := w.next()
		if err != nil {
			return err
		}
		if frame == nil {
			break
		}
		if err := p.fits(frame.width, frame.height, 2); err != nil {
			return err
		}
		if total, err = p.spend(total, frame.width, frame.height); err != nil {
			return err
		}
		if frames == 0 && p.width*p.height <= 1 {
			p.width, p.height = frame.width, frame.height
		}
		if _, err := gif.Decode(w.alone(frame, p.section(frame.from, frame.size))); err != nil {
			return err
		}
	}
	if frames == 0 {
		return errors.New("it has no frames")
	}
	return nil
}

// spend adds the pixels of another frame of an animation to those of the
// frames before, and refuses too many.
func (p *picture) spend(total int64, width, height int) (int64, error) {
	total += max(int64(width)*int64(height), minFrame)
	if most := p.lim.MaxPixels * maxRepeat; total > most {
		return total, catalog.Invalidf("its frames have more than %s pixels together, the limit for an animation", grouped(most))
	}
	return total, nil
}

// gifFrame is an image of a GIF. What follows its descriptor begins at from and
// has size bytes.
type gifFrame struct {
	width, height int
	flags         byte
	from, size    int64
}

// header reads the signature, the screen and the global color table.
func (w *gifWalk) header() error {
	b, err := w.read(13)
	if err != nil {
		return err
	}
	w.flags = b[10]
	w.colors, err = w.read(tableLen(w.flags))
	return err
}

// next goes to the next frame and behind it; nil at the end of the GIF.
func (w *gifWalk) next() (*gifFrame, error) {
	w.aside = nil
	for {
		b, err := w.read(1)
		if err != nil {
			return nil, err
		}
		switch b[0] {
		case 0x3b:
			return nil, nil
		case 0x2c:
			return w.frame()
		case 0x21:
			if err := w.extension(); err != nil {
				return nil, err
			}
		default:
			return nil, errors.New("a block is of no known kind")
		}
	}
}

// extension reads an extension and remembers a graphic control, which tells
// the transparent color.
func (w *gifWalk) extension() error {
	label, err := w.read(1)
	if err != nil {
		return err
	}
	const graphicControl, controlLen = 0xf9, 6
	if ahead, err := w.r.Peek(controlLen); label[0] == graphicControl && err == nil && ahead[0] == 4 && ahead[5] == 0 {
		w.aside = append([]byte{0x21, graphicControl}, ahead...)
	}
	return w.skipBlocks()
}

// frame reads an image descriptor and what follows it.
func (w *gifWalk) frame() (*gifFrame, error) {
	d, err := w.read(9)
	if err != nil {
		return nil, err
	}
	f := &gifFrame{
		width: int(binary.LittleEndian.Uint16(d[4:])), height: int(binary.LittleEndian.Uint16(d[6:])),
		flags: d[8], from: w.off,
	}
	if err := w.skip(tableLen(f.flags) + 1); err != nil { // the table and the size of the codes
		return nil, err
	}
	if err := w.skipBlocks(); err != nil {
		return nil, err
	}
	f.size = w.off - f.from
	return f, nil
}

// alone returns a GIF that has only one frame, at the corner of a screen of its
// size.
func (w *gifWalk) alone(f *gifFrame, content io.Reader) io.Reader {
	le := binary.LittleEndian
	head := []byte("GIF89a")
	head = le.AppendUint16(head, uint16(f.width))
	head = le.AppendUint16(head, uint16(f.height))
	head = append(head, w.flags, 0, 0)
	head = append(head, w.colors...)
	head = append(head, w.aside...)
	head = append(head, 0x2c, 0, 0, 0, 0)
	head = le.AppendUint16(head, uint16(f.width))
	head = le.AppendUint16(head, uint16(f.height))
	head = append(head, f.flags)
	return multiReader(head, content, []byte{0x3b})
}

// tableLen returns the length in bytes of the color table that flags announce.
func tableLen(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (1 + flags&7)
}

// read returns the next n bytes.
func (w *gifWalk) read(n int) ([]byte, error) {
	b := make([]byte, n)
	read, err := io.ReadFull(w.r, b)
	w.off += int64(read)
	return b, err
}

// skip goes on by n bytes.
func (w *gifWalk) skip(n int) error {
	skipped, err := w.r.Discard(n)
	w.off += int64(skipped)
	return err
}

// skipBlocks goes behind a sequence of data blocks.
func (w *gifWalk) skipBlocks() error {
	for {
		n, err := w.r.ReadByte()
		if err != nil {
			return err
		}
		w.off++
		if n == 0 {
			return nil
		}
		if err := w.skip(int(n)); err != nil {
			return err
		}
	}
}
