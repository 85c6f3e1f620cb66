package blob

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// newDir returns a managed directory that is not there yet, alone in a folder.
func newDir(tb testing.TB) *Dir {
	tb.Helper()
	return Open(filepath.Join(tb.TempDir(), "media"))
}

// stage stages bytes without looking at them as a picture.
func stage(tb testing.TB, d *Dir, content []byte) *Staged {
	tb.Helper()
	s, err := d.Stage(context.Background(), bytes.NewReader(content), Limits{}, false)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// put stages and commits.
func put(tb testing.TB, d *Dir, content []byte) string {
	tb.Helper()
	s := stage(tb, d, content)
	if err := s.Commit(); err != nil {
		tb.Fatal(err)
	}
	return s.Key
}

// files lists all files below a folder, with slashes; folders end in one.
func files(tb testing.TB, dir string) []string {
	tb.Helper()
	names := []string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		name = filepath.ToSlash(name)
		if e.IsDir() {
			name += "/"
		}
		names = append(names, name)
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return names
}

// empty fails unless the folder around a managed directory is empty: the
// directory is gone, and nothing else came.
func empty(tb testing.TB, d *Dir) {
	tb.Helper()
	if left := files(tb, filepath.Dir(d.path)); len(left) > 0 {
		tb.Errorf("left behind: %q", left)
	}
}

// write makes a file and the folders above it.
func write(tb testing.TB, content string, parts ...string) string {
	tb.Helper()
	name := filepath.Join(parts...)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		tb.Fatal(err)
	}
	return name
}

// scene is a picture with something in it.
func scene(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(i*i>>3 + i)
	}
	return m
}

// paletted is a frame of a GIF.
func paletted(w, h int) *image.Paletted {
	m := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White, color.Transparent, color.NRGBA{9, 99, 199, 255}})
	for i := range m.Pix {
		m.Pix[i] = byte(i*i>>4) & 3
	}
	return m
}

// encode returns what an encoder writes.
func encode(tb testing.TB, write func(io.Writer) error) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// sample is a picture in one of the six types.
type sample struct {
	name, mime, ext string
	data            []byte
}

// samples returns pictures of 40 x 30 pixels, but for WebP, for which there is
// no encoder: those have one.
func samples(tb testing.TB) []sample {
	tb.Helper()
	m := scene(40, 30)
	enc := func(write func(w io.Writer) error) []byte { return encode(tb, write) }
	frames := &gif.GIF{Image: []*image.Paletted{paletted(40, 30), paletted(40, 30), paletted(20, 10)}, Delay: []int{1, 2, 3}}
	list := []sample{
		{"jpeg", "image/jpeg", ".jpg", enc(func(w io.Writer) error { return jpeg.Encode(w, m, nil) })},
		{"png", "image/png", ".png", enc(func(w io.Writer) error { return png.Encode(w, m) })},
		{"gif", "image/gif", ".gif", enc(func(w io.Writer) error { return gif.Encode(w, m, nil) })},
		{"animated gif", "image/gif", ".gif", enc(func(w io.Writer) error { return gif.EncodeAll(w, frames) })},
		{"bmp", "image/bmp", ".bmp", enc(func(w io.Writer) error { return bmp.Encode(w, m) })},
		{"tiff", "image/tiff", ".tiff", enc(func(w io.Writer) error { return tiff.Encode(w, m, nil) })},
		{"deflated tiff", "image/tiff", ".tiff", enc(func(w io.Writer) error {
			return tiff.Encode(w, m, &tiff.Options{Compression: tiff.Deflate, Predictor: true})
		})},
	}
	for _, w := range []struct{ name, text string }{
		{"lossy webp", "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"},
		{"lossless webp", "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="},
		{"transparent webp", "UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEAAQAAAP4AAA3AAP7mtQAAAA=="},
		{"animated webp", "UklGRlIAAABXRUJQVlA4WAoAAAASAAAAAAAAAAAAQU5JTQYAAAD/////AABBTk1GJgAAAAAAAAAAAAAAAAAAAGQAAABWUDhMDQAAAC8AAAAQBxAREYiI/gcA"},
	} {
		data, err := base64.StdEncoding.DecodeString(w.text)
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, sample{w.name, "image/webp", ".webp", data})
	}
	return list
}

// pngOf returns a PNG by its chunks, "IHDR" and so on with their content.
func pngOf(chunks ...string) []byte {
	b := []byte("\x89PNG\r\n\x1a\n")
	for i := 0; i < len(chunks); i += 2 {
		b = binary.BigEndian.AppendUint32(b, uint32(len(chunks[i+1])))
		body := chunks[i] + chunks[i+1]
		b = append(b, body...)
		b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(body)))
	}
	return b
}

// ihdr is the header of a PNG in eight-bit gray.
func ihdr(w, h uint32) string {
	b := binary.BigEndian.AppendUint32(nil, w)
	return string(binary.BigEndian.AppendUint32(b, h)) + "\x08\x00\x00\x00\x00"
}

// shared returns the path of a data set that may be absent.
func shared(tb testing.TB, parts ...string) string {
	tb.Helper()
	name := filepath.Join(append([]string{"..", "..", "..", "shared", "data"}, parts...)...)
	if _, err := os.Stat(name); err != nil {
		tb.Skipf("the data set is not here: %v", err)
	}
	return name
}

// fuzzdb returns the lines of all lists in fuzzdb.
func fuzzdb(tb testing.TB) []string {
	tb.Helper()
	var lines []string
	err := filepath.WalkDir(shared(tb, "fuzzdb"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		lines = append(lines, strings.Split(string(b), "\n")...)
		return err
	})
	if err != nil || len(lines) < 500 {
		tb.Fatalf("%d lines, %v", len(lines), err)
	}
	return lines
}
