package blob

import (
	"bufio"
	"encoding/binary"
	"io"

	"github.com/moviedb/moviedb/internal/catalog"
)

// The markers of a JPEG that matter here.
const (
	markSOF0 = 0xc0 // the header of a baseline frame; extended and progressive follow
	markSOF2 = 0xc2
	markRST0 = 0xd0
	markRST7 = 0xd7
	markEOI  = 0xd9
	markSOS  = 0xda
)

// maxScans bounds how often a JPEG may go over all of MaxPixels, and
// mostScans how many scans a small one may have; a progressive one has about
// ten. A scan can cost a few bytes in the file and go over every pixel.
const (
	maxScans  = 100
	mostScans = 10_000
)

// jpegCost estimates how many bytes image/jpeg takes to decode each pixel of a
// JPEG: its samples, and for a progressive one its coefficients, of four bytes,
// as well. It is 0 if the frame header is not found; the decoder will not find
// it either.
func jpegCost(r io.Reader) float64 {
	br := bufio.NewReader(r)
	for {
		marker, head := nextMarker(br)
		switch {
		case marker == 0 || marker == markEOI || marker == markSOS:
			return 0
		case marker >= markSOF0 && marker <= markSOF2:
			return frameCost(head, marker == markSOF2)
		}
	}
}

// nextMarker skips what is left of a segment or a scan and returns the next
// marker with the first bytes of its segment, which it has skipped already; 0
// at the end of the content.
func nextMarker(br *bufio.Reader) (marker byte, head []byte) {
	const longest = 2 + 6 + 3*4 // a frame header of four components
	for {
		b, err := br.ReadByte()
		for err == nil && b != 0xff {
			b, err = br.ReadByte()
		}
		for err == nil && b == 0xff {
			b, err = br.ReadByte()
		}
		switch {
		case err != nil:
			return 0, nil
		case b <= 1 || b == 0xd8 || b >= markRST0 && b <= markRST7:
			continue // no segment follows
		case b == markEOI:
			return b, nil
		}
		ahead, _ := br.Peek(longest)
		if len(ahead) < 2 {
			return 0, nil
		}
		head = append([]byte(nil), ahead...)
		if _, err := br.Discard(int(binary.BigEndian.Uint16(head))); err != nil {
			return 0, nil
		}
		return b, head
	}
}

// frameCost is jpegCost by a frame header.
func frameCost(head []byte, progressive bool) float64 {
	const fixed = 8 // length, precision, height, width, number of components
	if len(head) < fixed || len(head) < fixed+3*int(head[7]) {
		return 0
	}
	n := int(head[7])
	var most, sum float64
	for i := range n {
		factors := head[fixed+3*i+1]
		area := float64(factors>>4) * float64(factors&15)
		most = max(most, area)
		sum += area
	}
	if most == 0 {
		return 0
	}
	cost := sum / most
	if progressive {
		cost *= 5
	}
	if n == 4 {
		cost += 4 // converted to image.CMYK
	}
	return cost
}

// checkScans refuses a JPEG of so many scans that it takes too long to decode.
func (p *picture) checkScans() error {
	br := bufio.NewReaderSize(p.section(0, p.size), 64<<10)
	most := min(max(maxScans, maxScans*p.lim.MaxPixels/(int64(p.width)*int64(p.height))), mostScans)
	for scans := int64(0); scans <= most; {
		switch marker, _ := nextMarker(br); marker {
		case 0, markEOI:
			return p.src.err
		case markSOS:
			scans++
		}
	}
	return catalog.Invalidf("it has more than %s scans, the limit for a JPEG of its size", grouped(most))
}
