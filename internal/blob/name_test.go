package blob

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestBaseName(t *testing.T) {
	long := strings.Repeat("é", 200)
	for _, test := range [][2]string{
		{"poster.jpg", "poster.jpg"},
		{"a/b/poster.jpg", "poster.jpg"},
		{`C:\films\poster.jpg`, "poster.jpg"},
		{`a/b\c.jpg`, "c.jpg"},
		{"folder/", "folder"},
		{"../../etc/passwd", "passwd"},
		{`..\..\windows\win.ini`, "win.ini"},
		{"", "file"}, {".", "file"}, {"..", "file"}, {"/", "file"}, {"///", "file"}, {"a/..", "file"}, {"a/../", "file"}, {`\`, "file"},
		{" .. ", "file"}, {".\x00.", "file"}, {"\u200b", "file"}, {"\x1b\x07", "file"},
		{"...", "..."}, {".hidden", ".hidden"}, {"-rf", "-rf"},
		{"two\nlines.jpg", "two lines.jpg"},
		{"red\x1b[31m.jpg", "red[31m.jpg"},
		{"bell\a\x7f\u0085.jpg", "bell .jpg"},
		{"a\u2028b\u2029c", "a b c"},
		{"bad\xffbyte.jpg", "bad\ufffdbyte.jpg"},
		{"\xff\xfe", "\ufffd"},
		{"e\u0301.png", "é.png"},
		{"  spaced file.jpg ", "spaced file.jpg"},
		{"映画.png", "映画.png"},
		{"👨‍👩‍👧.png", "👨‍👩‍👧.png"},
		{strings.Repeat("x", 300) + ".jpg", strings.Repeat("x", 251) + ".jpg"},
		{long + ".jpeg", strings.Repeat("é", 125) + ".jpeg"},
		{long + "." + long, strings.Repeat("é", 127)},
		{strings.Repeat("x", 250) + " \t  y", strings.Repeat("x", 250) + "    y"},
		{strings.Repeat("x", 250) + "      y", strings.Repeat("x", 250)},
	} {
		if got := BaseName(test[0]); got != test[1] {
			t.Errorf("%.60q: got %q, want %q", test[0], got, test[1])
		}
	}
}

// checkName fails unless a name is fit to be one.
func checkName(t *testing.T, from, name string) {
	t.Helper()
	switch {
	case name == "" || name == "." || name == ".." || len(name) > 255:
	case strings.ContainsAny(name, "/\\\x00\n\r\t\x1b\x7f\u0085\u2028\u2029"):
	case !utf8.ValidString(name) || !norm.NFC.IsNormalString(name):
	case filepath.Base(name) != name || BaseName(name) != name:
	default:
		return
	}
	t.Errorf("%q became %q", from, name)
}

func TestBaseNameOfFuzzdb(t *testing.T) {
	for _, s := range fuzzdb(t) {
		for _, path := range []string{s, "folder/" + s, s + ".jpg", `C:\` + s} {
			checkName(t, path, BaseName(path))
		}
	}
}

func FuzzBaseName(f *testing.F) {
	for _, s := range []string{"", "a/b.jpg", `..\..`, "\xff\x00\n", strings.Repeat("é", 200) + ".jpg", "e\u0301", " . ", strings.Repeat("\u0344", 150)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkName(t, s, BaseName(s)) })
}

func TestExtensionMismatch(t *testing.T) {
	for _, test := range []struct {
		name, mime string
		want       bool
	}{
		{"photo.jpg", "image/jpeg", false},
		{"photo.JPEG", "image/jpeg", false},
		{"photo.jpg", "image/png", true},
		{"photo.png", "image/jpeg", true},
		{"photo.Png", "image/png", false},
		{"anim.apng", "image/png", false},
		{"a.tif", "image/tiff", false},
		{"a.gif", "image/webp", true},
		{"bad.png", "text/plain", true},
		{"bad.png", "text/plain; charset=utf-8", true},
		{"a.svg", "IMAGE/SVG+XML; charset=utf-8", false},
		{"a.pdf", "application/octet-stream", true},
		{"a.heic", "image/heif", false},
		{"animated", "image/gif", false},
		{"animated.unknown", "image/gif", false},
		{"notes.txt", "text/html", false},
		{"film.docx", "application/zip", false},
		{".jpg", "image/png", true},
		{"", "image/png", false},
		{"photo.jpg.", "image/png", false},
	} {
		if got := ExtensionMismatch(test.name, test.mime); got != test.want {
			t.Errorf("%q, %s: got %v", test.name, test.mime, got)
		}
	}
}
