package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"golang.org/x/image/webp"
)

// riffChunk is a piece of a WebP: its name and where its content lies.
type riffChunk struct {
	name       string
	from, size int64
}

// decodeWebP decodes every frame. The decoder knows no animations: each frame
// becomes a WebP of its own.
func (p *picture) decodeWebP() error {
	head := make([]byte, 12)
	if !p.readHead(head) {
		return io.ErrUnexpectedEOF
	}
	end := 8 + int64(binary.LittleEndian.Uint32(head[4:]))
	if end > p.size {
		return io.ErrUnexpectedEOF
	}
	chunks, err := p.chunks(12, end)
	if err != nil {
		return err
	}
	var frames int
	var total int64
	for _, c := range chunks {
		if c.name != "ANMF" {
			continue
		}
		if total, err = p.decodeFrame(c, total); err != nil {
			return err
		}
		frames++
	}
	if frames > 0 {
		return nil
	}
	_, _, err = p.decodeStill(chunks)
	return err
}

// decodeFrame decodes a frame of an animation and adds its pixels to total.
func (p *picture) decodeFrame(frame riffChunk, total int64) (int64, error) {
	const header = 16
	if frame.size < header {
		return total, errors.New("a frame is too short")
	}
	parts, err := p.chunks(frame.from+header, frame.from+frame.size)
	if err != nil {
		return total, err
	}
	w, h, err := p.decodeStill(parts)
	if err != nil {
		return total, err
	}
	return p.spend(total, w, h)
}

// decodeStill decodes the image that chunks hold, and its transparency.
func (p *picture) decodeStill(chunks []riffChunk) (width, height int, err error) {
	var alpha, image *riffChunk
	for i, c := range chunks {
		switch {
		case c.name == "ALPH" && alpha == nil && image == nil:
			alpha = &chunks[i]
		case (c.name == "VP8 " || c.name == "VP8L") && image == nil:
			image = &chunks[i]
		}
	}
	if image == nil {
		return 0, 0, errors.New("it has no image")
	}
	c, err := webp.DecodeConfig(p.webp(nil, nil, image))
	if err != nil {
		return 0, 0, err
	}
	if err := p.fits(c.Width, c.Height, 2*4); err != nil {
		return 0, 0, err
	}
	if alpha == nil || image.name == "VP8L" {
		_, err = webp.Decode(p.webp(nil, nil, image))
	} else {
		_, err = webp.Decode(p.webp(extended(c.Width, c.Height), alpha, image))
	}
	return c.Width, c.Height, err
}

// extended returns the content of a VP8X chunk for an image with transparency.
func extended(width, height int) []byte {
	w, h := width-1, height-1
	return []byte{1 << 4, 0, 0, 0, byte(w), byte(w >> 8), byte(w >> 16), byte(h), byte(h >> 8), byte(h >> 16)}
}

// webp returns a WebP of one image.
func (p *picture) webp(vp8x []byte, alpha, image *riffChunk) io.Reader {
	var parts []any
	size := uint32(4)
	add := func(name string, n int64, content any) {
		head := binary.LittleEndian.AppendUint32([]byte(name), uint32(n))
		parts = append(parts, head, content, make([]byte, n&1))
		size += uint32(8 + n + n&1)
	}
	if vp8x != nil {
		add("VP8X", int64(len(vp8x)), vp8x)
	}
	for _, c := range []*riffChunk{alpha, image} {
		if c != nil {
			add(c.name, c.size, p.section(c.from, c.size))
		}
	}
	riff := binary.LittleEndian.AppendUint32([]byte("RIFF"), size)
	return multiReader(append([]any{riff, []byte("WEBP")}, parts...)...)
}

// chunks lists the chunks between two offsets.
func (p *picture) chunks(off, end int64) ([]riffChunk, error) {
	const header, most = 8, 1 << 20
	var list []riffChunk
	head := make([]byte, header)
	for end-off >= header {
		if len(list) == most {
			return nil, errors.New("it has too many chunks")
		}
		if _, err := p.src.ReadAt(head, off); err != nil {
			return nil, err
		}
		c := riffChunk{name: string(head[:4]), from: off + header, size: int64(binary.LittleEndian.Uint32(head[4:]))}
		if c.size > end-c.from {
			return nil, errors.New("a chunk is longer than what holds it")
		}
		list = append(list, c)
		off = c.from + c.size + c.size&1
	}
	return list, nil
}

// multiReader joins byte slices and readers.
func multiReader(parts ...any) io.Reader {
	var rs []io.Reader
	for _, p := range parts {
		switch p := p.(type) {
		case []byte:
			rs = append(rs, bytes.NewReader(p))
		case io.Reader:
			rs = append(rs, p)
		}
	}
	return io.MultiReader(rs...)
}
