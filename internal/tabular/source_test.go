package tabular

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/moviedb/moviedb/internal/catalog"
)

// packed is text as a gzip member.
func packed(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

// wide is text in UTF-16.
func wide(text string, big bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		hi, lo := byte(u>>8), byte(u)
		if !big {
			hi, lo = lo, hi
		}
		b.WriteByte(hi)
		b.WriteByte(lo)
	}
	return b.String()
}

func TestEncodings(t *testing.T) {
	const text = "title,x\nAmélie,1\n\"日本\n\",😀\n"
	want := [][]string{{"Amélie", "1"}, {"日本\n", "😀"}}
	latin := [][]string{{"Amélie", "1"}}
	for _, tc := range []struct {
		name, text, given, encoding string
		want                        [][]string
	}{
		{"UTF-8", text, "", "utf-8", want},
		{"UTF-8 by name", text, "UTF8", "utf-8", want},
		{"UTF-8 with a mark", "\ufeff" + text, "", "utf-8", want},
		{"UTF-16LE with a mark", "\xff\xfe" + wide(text, false), "", "utf-16le", want},
		{"UTF-16BE with a mark", "\xfe\xff" + wide(text, true), "", "utf-16be", want},
		{"UTF-16LE", wide(text, false), "", "utf-16le", want},
		{"UTF-16BE", wide(text, true), "", "utf-16be", want},
		{"UTF-16LE by name", wide(text, false), "utf-16le", "utf-16le", want},
		{"UTF-16 by name", wide(text, false), "UTF-16", "utf-16le", want},
		{"UTF-32LE with a mark", "\xff\xfe\x00\x00t\x00\x00\x00\n\x00\x00\x00\xe9\x00\x00\x00", "", "utf-32le", [][]string{{"é"}}},
		{"Latin-1", "title,x\nAm\xe9lie,1\n", "latin1", "windows-1252", latin},
		{"Latin-1 packed", packed("title,x\nAm\xe9lie,1\n"), "ISO-8859-1", "windows-1252", latin},
		{"Latin-1 without its name stays for the caller to refuse", "title,x\nAm\xe9lie,1\n", "", "utf-8", [][]string{{"Am\xe9lie", "1"}}},
		{"code page 437 of IANA", "title,x\nAm\x82lie,1\n", "cp437", "cp437", latin},
		{"a mark wins over the name", "\ufeff" + text, "latin1", "utf-8", want},
		{"a mark wins over the other order", "\xfe\xff" + wide(text, true), "utf-16le", "utf-16be", want},
	} {
		r, err := Open(strings.NewReader(tc.text), "f.csv", Options{Encoding: tc.given})
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		good, _, errs, end := rest(r)
		if end != nil || errs != nil || r.Encoding() != tc.encoding || !reflect.DeepEqual(cellsOf(good), tc.want) {
			t.Errorf("%s: got  %s %q %q %v\nwant %s %q", tc.name, r.Encoding(), cellsOf(good), errs, end, tc.encoding, tc.want)
		}
	}
}

func TestBytesThatTheEncodingDoesNotHaveMakeTheRowBad(t *testing.T) {
	for _, tc := range []struct{ name, text, given, want string }{
		{"Shift JIS", "title,x\nA,1\nB,\x83\nC,1", "shift_jis", `f.csv:3: x: "` + "\ufffd" + `" has bytes that are not valid in shift_jis; name the right --encoding`},
		{"half a surrogate", "\xff\xfe" + wide("title,x\nA,1\n", false) + "\x00\xd8" + wide(",1\nC,1", false), "",
			`f.csv:3: title: "` + "\ufffd" + `" has bytes that are not valid in utf-16le; name the right --encoding`},
		{"half a character at the end", "\xff\xfe" + wide("title,x\nA,1\nB,1", false) + "x", "",
			`f.csv:3: x: "1` + "\ufffd" + `" has bytes that are not valid in utf-16le; name the right --encoding`},
	} {
		r := must(Open(strings.NewReader(tc.text), "f.csv", Options{Encoding: tc.given}))
		good, _, errs, end := rest(r)
		if end != nil || !slices.Equal(errs, []string{tc.want}) || len(good) == 0 {
			t.Errorf("%s: got  %q %v\nwant %q", tc.name, errs, end, tc.want)
		}
	}
	_, err := Open(strings.NewReader("a,\x83\n"), "f.csv", Options{Encoding: "shift_jis"})
	if err == nil || !errors.Is(err, catalog.ErrInvalid) || !strings.HasPrefix(err.Error(), "f.csv:1: ") {
		t.Errorf("in the header: got %v", err)
	}
}

func TestUnknownEncodingsAndDelimitersAreRefused(t *testing.T) {
	for _, name := range []string{"latin-42", "\x1b[2J", "iso-2022-kr", "replacement"} {
		_, err := Open(strings.NewReader("a\n"), "f.csv", Options{Encoding: name})
		if !errors.Is(err, catalog.ErrInvalid) || !strings.HasPrefix(err.Error(), "--encoding: "+catalog.Quote(name)) || !strings.Contains(err.Error(), "latin1") {
			t.Errorf("%q: got %v", name, err)
		}
	}
	for _, r := range []rune{'"', '\n', '\r', '\ufffd', -1, 0xd800} {
		_, err := Open(strings.NewReader("a\n"), "f.csv", Options{Delimiter: r})
		if !errors.Is(err, catalog.ErrInvalid) || !strings.HasPrefix(err.Error(), "--delimiter: ") {
			t.Errorf("%q: got %v", r, err)
		}
	}
}

func TestGzipIsKnownByItsContent(t *testing.T) {
	text := "title,x\nA,1\n" + strings.Repeat("Long row of a large file,2\n", 10_000)
	for name, data := range map[string]string{
		"one member":  packed(text),
		"two members": packed(text[:100]) + packed(text[100:]),
		"with a mark": packed("\ufeff" + text),
		"in UTF-16":   packed(wide(text, true)),
	} {
		r := must(Open(strings.NewReader(data), "f", Options{}))
		good, _, errs, end := rest(r)
		if end != nil || errs != nil || len(good) != 10_001 || r.Offset() != int64(len(data)) {
			t.Errorf("%s: got %d rows, %q, %v, offset %d", name, len(good), errs, end, r.Offset())
		}
	}
}

func TestDamagedGzipIsNamed(t *testing.T) {
	var text strings.Builder
	text.WriteString("title,x\n")
	for i := range 20_000 {
		text.WriteString(strings.Repeat(string(rune('a'+i%26)), 1+i*i%17) + ",1\n")
	}
	whole := packed(text.String())
	flipped := []byte(whole)
	flipped[len(flipped)-6] ^= 0xff // of the checksum
	for name, data := range map[string]string{
		"header alone":      whole[:5],
		"cut off":           whole[:len(whole)/2],
		"without its end":   whole[:len(whole)-3],
		"checksum":          string(flipped),
		"garbage behind it": whole + "garbage that is no member",
	} {
		r, err := Open(strings.NewReader(data), "\x1b.gz", Options{})
		if err == nil {
			_, _, _, err = rest(r)
		}
		const want = `\x1b.gz ends early or is damaged: its gzip data cannot be unpacked (`
		if !errors.Is(err, catalog.ErrInvalid) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
}

func TestOtherKindsOfFilesAreRefusedByName(t *testing.T) {
	for text, want := range map[string]string{
		"SQLite format 3\x00\x10\x00":                                          "a SQLite database",
		"PK\x03\x04\x14\x00\x06\x00\x08\x00[Content_Types].xml":                "an Excel workbook; save it as CSV",
		"PK\x03\x04\x14mimetypeapplication/vnd.oasis.opendocument.spreadsheet": "an OpenDocument spreadsheet; save it as CSV",
		"PK\x03\x04movies.csv":                                                 "a ZIP archive; unpack it first",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00":                                 "an old Excel workbook",
		"%PDF-1.7\n":                                                           "a PDF document",
		"\x89PNG\r\n\x1a\n\x00":                                                "a PNG picture",
		"\xff\xd8\xff\xe0":                                                     "a JPEG picture",
		"GIF89a\x01":                                                           "a GIF picture",
		"BZh91AY&SYabc":                                                        "packed with bzip2; unpack it first",
		"\xfd7zXZ\x00":                                                         "packed with xz",
		packed(packed("title\n")):                                              "packed with gzip twice",
		packed("SQLite format 3\x00"):                                          "a SQLite database",
		"\ufeff\n <!DOCTYPE HTML>\n<html><body>":                               "a web page",
	} {
		_, err := Open(strings.NewReader(text), "f\x1b", Options{})
		if !errors.Is(err, catalog.ErrInvalid) || !strings.HasPrefix(err.Error(), `f\x1b is `+want) {
			t.Errorf("%q: got %v, want %s", clip(text), err, want)
		}
	}
	open(t, "PK,BZh,GIF\n1,2,3\n", Options{})
}

func TestOffsetIsThatOfTheStoredFile(t *testing.T) {
	text := "a\n" + strings.Repeat("row\n", 100_000)
	r := open(t, text, Options{})
	if n := r.Offset(); n == 0 || n == int64(len(text)) {
		t.Errorf("at the beginning: got %d of %d", n, len(text))
	}
	if rest(r); r.Offset() != int64(len(text)) {
		t.Errorf("at the end: got %d of %d", r.Offset(), len(text))
	}
}

func TestDirectoryIsNamedOnce(t *testing.T) {
	dir := t.TempDir()
	f, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = Open(f, "films", Options{})
	if err == nil || err.Error() != "read films: is a directory" {
		t.Errorf("got %v", err)
	}
}
