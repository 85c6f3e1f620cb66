package blob

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/gif"
	"io"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

// refusal stages content as a picture and returns why it was refused.
func refusal(t *testing.T, content []byte, lim Limits) string {
	t.Helper()
	d := newDir(t)
	s, err := d.Stage(t.Context(), bytes.NewReader(content), lim, true)
	if err == nil {
		s.Discard()
		t.Errorf("%.40q was taken as %s", content, s.MIME)
		return ""
	}
	if !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("got %v, want catalog.ErrInvalid", err)
	}
	empty(t, d)
	return err.Error()
}

func TestPicturesAreTaken(t *testing.T) {
	for _, p := range samples(t) {
		d := newDir(t)
		s, err := d.Stage(t.Context(), bytes.NewReader(p.data), Limits{}, true)
		if err != nil {
			t.Errorf("%s: %v", p.name, err)
			continue
		}
		w, h := 40, 30
		if p.mime == "image/webp" {
			w, h = 1, 1
		}
		if s.MIME != p.mime || s.Width != w || s.Height != h || !strings.HasSuffix(s.Key, p.ext) {
			t.Errorf("%s: got %+v", p.name, s)
		}
		if err := s.Commit(); err != nil {
			t.Errorf("%s: %v", p.name, err)
		}
		if err := d.CheckPicture(t.Context(), s.Key, Limits{}); err != nil {
			t.Errorf("%s: checked once more: %v", p.name, err)
		}
		if gotW, gotH := d.Dimensions(s.Key); gotW != w || gotH != h {
			t.Errorf("%s: %d x %d pixels, want %d x %d", p.name, gotW, gotH, w, h)
		}
		plain := stage(t, d, p.data)
		if plain.Key != s.Key || plain.Width != w || plain.Height != h {
			t.Errorf("%s: as any file got %+v", p.name, plain)
		}
		plain.Discard()
	}
}

// TestCutPictures cuts each picture at every byte, or every eighth of it, and
// then changes its middle.
func TestCutPictures(t *testing.T) {
	for _, p := range samples(t) {
		for i := range 8 {
			n := len(p.data) * i / 8
			text := refusal(t, p.data[:n], Limits{})
			if n > 64 && !strings.Contains(text, "truncated") {
				t.Errorf("%s cut at %d of %d: %s", p.name, n, len(p.data), text)
			}
			if d := newDir(t); n > 0 { // any type is taken
				stage(t, d, p.data[:n]).Discard()
				empty(t, d)
			}
		}
		if p.mime != "image/webp" && p.mime != "image/tiff" { // where the last byte may mean nothing
			refusal(t, p.data[:len(p.data)-1], Limits{})
		}
	}
}

func TestNoPictures(t *testing.T) {
	ftyp := func(major string, others ...string) []byte {
		body := "ftyp" + major + "\x00\x00\x00\x00" + strings.Join(others, "")
		return append(binary.BigEndian.AppendUint32(nil, uint32(4+len(body))), body...)
	}
	var zipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	w, _ := z.Create("photo.jpg")
	w.Write([]byte("nothing"))
	z.Close()
	svg := `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	tests := map[string][]byte{
		"it is empty, not a picture":              nil,
		"it is text, not a picture":               []byte("this is no photo\n"),
		"it is text, not a picture: only":         []byte("BMW makes cars, and films about them"),
		"it is a web page, not a picture":         []byte("<!DOCTYPE html><html><body><svg></svg></body></html>"),
		"it is a PDF document, not a picture":     []byte("%PDF-1.4\n1 0 obj"),
		"it is application/zip, not a picture":    zipped.Bytes(),
		"it is not a picture":                     {1, 2, 3, 4, 0, 0xff},
		"it is a picture in AVIF":                 ftyp("avif", "avif", "mif1"),
		"it is a picture in AVIF: only":           ftyp("mif1", "mif1", "avif", "miaf"),
		"it is a picture in HEIC":                 ftyp("heic", "mif1", "heic"),
		"it is a picture in HEIC: only":           ftyp("mif1", "mif1", "heic"),
		"it is a picture in HEIF":                 ftyp("mif1", "mif1"),
		"it is a picture in JPEG XL":              []byte("\xff\x0a\x00\x00"),
		"it is an icon in ICO":                    []byte("\x00\x00\x01\x00\x01\x00\x10\x10"),
		"it is a picture in image/vnd.adobe.phot": []byte("8BPS\x00\x01"),
		"it is truncated: the JPEG":               []byte("\xff\xd8\xff\xe0"),
		"it is a damaged JPEG":                    []byte("\xff\xd8\xff<?php system($_GET['c']); ?>"),
		"it is an SVG drawing, not a picture":     []byte(svg),
	}
	for want, content := range tests {
		if got := refusal(t, content, Limits{}); !strings.HasPrefix(got, want) {
			t.Errorf("%.40q: got %q, want %q", content, got, want)
		}
	}
}

func TestSVG(t *testing.T) {
	long := strings.Repeat("long comment ", 1000)
	utf16 := "\xff\xfe"
	for _, c := range "<svg width='1'/>" {
		utf16 += string(c) + "\x00"
	}
	for _, text := range []string{
		`<svg xmlns="http://www.w3.org/2000/svg"/>`,
		`<svg><path d="M0 0"/></svg>`,
		`<SVG width="1">`,
		`<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>`,
		"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<svg/>",
		"<!-- a comment -->\n<svg viewBox='0 0 1 1'/>",
		"<!-- " + long + " -->\n<?xml version='1.0'?><svg/>",
		`<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><svg/>`,
		`<!DOCTYPE svg [ <!ENTITY ns "http://www.w3.org/2000/svg"> ]><svg xmlns="&ns;"/>`,
		"\n\n  <svg\n>",
		utf16,
	} {
		if mime, ext := sniff([]byte(text)); mime != mimeSVG || ext != ".svg" {
			t.Errorf("%.60q: got %s %s", text, mime, ext)
		}
		if got := refusal(t, []byte(text), Limits{}); !strings.HasPrefix(got, "it is an SVG drawing") {
			t.Errorf("%.60q: got %q", text, got)
		}
	}
	for _, text := range []string{"<html><svg/></html>", "<svgs/>", "see <svg/>", "<!-- <svg/>", "<!DOCTYPE svg", "<!DOCTYPE svg [ ", "", "<"} {
		if mime, _ := sniff([]byte(text)); mime == mimeSVG {
			t.Errorf("%q was taken for SVG", text)
		}
	}
}

// TestPolyglots: a picture stays one, and keeps its type, whatever follows it;
// what only begins like one is none.
func TestPolyglots(t *testing.T) {
	for _, p := range samples(t) {
		for _, tail := range []string{"PK\x03\x04", "<script>alert(1)</script>", "%PDF-1.4", strings.Repeat("\x00", 5000)} {
			d := newDir(t)
			s, err := d.Stage(t.Context(), io.MultiReader(bytes.NewReader(p.data), strings.NewReader(tail)), Limits{}, true)
			if err != nil {
				t.Errorf("%s with a tail: %v", p.name, err)
				continue
			}
			if s.MIME != p.mime {
				t.Errorf("%s with a tail is %s", p.name, s.MIME)
			}
			s.Discard()
		}
	}
	for _, text := range []string{"GIF89a/*<html>*/=1;alert(1)//", "BM", "RIFF\x00\x00\x00\x00WEBPVP8 ", "II*\x00\x08\x00\x00\x00", "\x89PNG\r\n\x1a\n"} {
		refusal(t, []byte(text), Limits{})
	}
}

func TestBombs(t *testing.T) {
	idat := "x\x9cc\x00\x00\x00\x01\x00\x01"
	bmpHead := binary.LittleEndian.AppendUint32([]byte("BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00"), 1<<31-1)
	bmpHead = append(binary.LittleEndian.AppendUint32(bmpHead, 1<<31-1), 1, 0, 24, 0)
	jpegHead := []byte("\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00")
	progressive := []byte("\xff\xd8\xff\xc2\x00\x11\x08\x1f\x40\x1f\x40\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00\xff\xda\x00\x0c\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00")
	interlaced := strings.TrimSuffix(ihdr(9000, 9000), "\x08\x00\x00\x00\x00") + "\x10\x06\x00\x00\x01"
	webp := []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\xff\xff\xff\x0f\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	extended := []byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\x7f\x00\xff\x7f\x00")
	gifHead := []byte("GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x01\x00\x00;")
	smallScreen := append([]byte("GIF89a\x01\x00\x01\x00"), gifHead[10:]...)
	tests := []struct {
		name    string
		content []byte
		want    string
	}{
		{"png", pngOf("IHDR", ihdr(100000, 100000), "IDAT", idat, "IEND", ""), "it has 100,000 x 100,000 pixels, more than the limit of 100,000,000"},
		{"flat png", pngOf("IHDR", ihdr(1<<31-1, 1), "IDAT", idat, "IEND", ""), "it has 2,147,483,647 x 1 pixels, more than"},
		{"interlaced png", pngOf("IHDR", interlaced), "it has 9,000 x 9,000 pixels, more than the limit of 50,000,000 for this kind of PNG"},
		{"bmp", append(bmpHead, make([]byte, 24)...), "it is a kind of BMP that cannot be read"},
		{"jpeg", jpegHead, "it has 65,535 x 65,535 pixels"},
		{"progressive jpeg", append(progressive, make([]byte, 64)...), "it has 8,000 x 8,000 pixels, more than the limit of 53,333,333 for this kind of JPEG"},
		{"webp", webp, "it has 16,384 x 16,384 pixels"},
		{"extended webp", extended, "it has 32,768 x 32,768 pixels"},
		{"gif", gifHead, "it has 65,535 x 65,535 pixels"},
		{"gif on a small screen", smallScreen, "it has 65,535 x 65,535 pixels"},
	}
	for _, test := range tests {
		if got := refusal(t, test.content, Limits{}); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
	d := newDir(t)
	if s := stage(t, d, tests[0].content); s.Width != 100000 || s.Height != 100000 {
		t.Errorf("as any file: got %+v", s)
	} else {
		s.Discard()
	}
}

// TestLongAnimations bounds the pixels of all frames, and the number of frames.
func TestLongAnimations(t *testing.T) {
	lim := Limits{MaxPixels: 100_000}
	for _, test := range []struct {
		side, frames int
		taken        bool
	}{{300, 11, true}, {300, 12, false}, {1, 61, true}, {1, 62, false}} {
		g := &gif.GIF{}
		for range test.frames {
			g.Image, g.Delay = append(g.Image, paletted(test.side, test.side)), append(g.Delay, 0)
		}
		data := encode(t, func(w io.Writer) error { return gif.EncodeAll(w, g) })
		if !test.taken {
			if got := refusal(t, data, lim); got != "its frames have more than 1,000,000 pixels together, the limit for an animation" {
				t.Errorf("%+v: got %q", test, got)
			}
			continue
		}
		d := newDir(t)
		if s, err := d.Stage(t.Context(), bytes.NewReader(data), lim, true); err != nil {
			t.Errorf("%+v: %v", test, err)
		} else {
			s.Discard()
		}
	}
}

// TestManyScans: a progressive JPEG can go over all its pixels for a few bytes.
func TestManyScans(t *testing.T) {
	b := []byte("\xff\xd8\xff\xc2\x00\x0b\x08\x27\x10\x27\x10\x01\x01\x11\x00")
	for range 101 {
		b = append(b, "\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00\x12\xff\x00"...)
	}
	if got := refusal(t, b, Limits{}); got != "it has more than 100 scans, the limit for a JPEG of its size" {
		t.Error(got)
	}
}

// TestOddGIFs are those that browsers show and image/gif refuses, and such that
// nobody shows.
func TestOddGIFs(t *testing.T) {
	whole := encode(t, func(w io.Writer) error { return gif.Encode(w, paletted(7, 5), nil) })
	tableEnd := 13 + tableLen(whole[10])
	insert := func(ext string) []byte {
		return append(append(append([]byte(nil), whole[:tableEnd]...), ext...), whole[tableEnd:]...)
	}
	noScreen := append([]byte(nil), whole...)
	copy(noScreen[6:10], "\x00\x00\x00\x00")
	far := append([]byte(nil), whole...)
	copy(far[bytes.IndexByte(far[tableEnd:], 0x2c)+tableEnd+1:], "\xff\xff\xff\xff")
	for name, data := range map[string][]byte{
		"unknown extension": insert("!\x42\x03abc\x00"),
		"comment":           insert("!\xfe\x05hello\x00"),
		"no screen":         noScreen,
		"far frame":         far,
	} {
		d := newDir(t)
		s, err := d.Stage(t.Context(), bytes.NewReader(data), Limits{}, true)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s.Width != 7 || s.Height != 5 {
			t.Errorf("%s: %d x %d", name, s.Width, s.Height)
		}
		s.Discard()
	}
	refusal(t, append(append([]byte(nil), whole[:tableEnd]...), ';'), Limits{})
	refusal(t, insert("?"), Limits{})
}

// TestDecoderPanics: what a decoder does to itself is an error like any other.
func TestDecoderPanics(t *testing.T) {
	p := newPicture(context.Background(), mimePNG, bytes.NewReader(nil), 0, Limits{}.orDefault())
	err := p.guarded(func(*picture) error { panic("index out of range") })
	if !errors.Is(err, catalog.ErrInvalid) || err.Error() != "it is a damaged PNG: the decoder gave up" {
		t.Error(err)
	}
}

// failingReader is a disk that fails after some bytes.
type failingReader struct {
	r     io.ReaderAt
	after int64
	err   error
}

func (f failingReader) ReadAt(b []byte, off int64) (int, error) {
	if off+int64(len(b)) > f.after {
		return 0, f.err
	}
	return f.r.ReadAt(b, off)
}

// TestDiskErrorsAreNoRefusal: a picture on a disk that fails is not damaged.
func TestDiskErrorsAreNoRefusal(t *testing.T) {
	broken := errors.New("input/output error")
	for _, s := range samples(t) {
		r := failingReader{bytes.NewReader(s.data), 10, broken}
		for _, run := range []func(*picture) error{(*picture).decode, (*picture).measure} {
			p := newPicture(context.Background(), s.mime, r, int64(len(s.data)), Limits{}.orDefault())
			if err := run(p); !errors.Is(err, broken) || errors.Is(err, catalog.ErrInvalid) {
				t.Errorf("%s: got %v", s.name, err)
			}
		}
	}
}

func TestJPEGCost(t *testing.T) {
	frame := func(mark byte, factors ...byte) []byte {
		b := []byte{0xff, 0xd8, 0xff, 0xe0, 0, 4, 0xff, 0xc0, 0xff, mark, 0, byte(8 + 3*len(factors)), 8, 0, 1, 0, 1, byte(len(factors))}
		for i, f := range factors {
			b = append(b, byte(i), f, 0)
		}
		return b
	}
	for _, test := range []struct {
		data []byte
		want float64
	}{
		{frame(0xc0, 0x11), 1},
		{frame(0xc0, 0x22, 0x11, 0x11), 1.5},
		{frame(0xc1, 0x11, 0x11, 0x11), 3},
		{frame(0xc2, 0x11, 0x11, 0x11), 15},
		{frame(0xc2, 0x22, 0x11, 0x11), 7.5},
		{frame(0xc0, 0x11, 0x11, 0x11, 0x11), 8},
		{frame(0xc0, 0), 0},
		{frame(0xc0, 0x11)[:14], 0},
		{[]byte("\xff\xd8\xff\xda\x00\x02"), 0},
		{nil, 0},
	} {
		if got := jpegCost(bytes.NewReader(test.data)); got != test.want {
			t.Errorf("% x: got %v, want %v", test.data, got, test.want)
		}
	}
}

// TestWholeAnimation: a frame that is damaged makes a damaged animation, be it
// the last.
func TestWholeAnimation(t *testing.T) {
	g := &gif.GIF{Image: []*image.Paletted{paletted(64, 64), paletted(64, 64)}, Delay: []int{1, 1}}
	data := encode(t, func(w io.Writer) error { return gif.EncodeAll(w, g) })
	last := bytes.LastIndex(data, []byte{0x2c, 0, 0, 0, 0, 64, 0, 64, 0})
	bad := append([]byte(nil), data...)
	bad[last+9] = 0         // no local colors, where the table is read as data
	bad[last+10] = 0x0b + 1 // and no such code size
	if got := refusal(t, bad, Limits{}); !strings.HasPrefix(got, "it is") {
		t.Error(got)
	}
}
