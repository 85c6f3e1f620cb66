package cmd_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The same picture under ten names is stored once, and taking one use away
// leaves the others whole.
func TestSamePictureIsStoredOnce(t *testing.T) {
	w := newWorld(t)
	data, err := os.ReadFile(root(t, "testdata/media/ripley.png"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		path := filepath.Join(t.TempDir(), fmt.Sprintf("name %d.png", i))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		w.must("person", "add", fmt.Sprintf("Person %d", i))
		w.must("photo", "add", fmt.Sprintf("Person %d", i), path)
		w.must("movie", "add", fmt.Sprintf("Movie %d", i), "--poster", path)
		w.must("user", "add", fmt.Sprintf("user-%d", i), "--avatar", path)
	}
	rows, disk := w.stored()
	if len(rows) != 1 || !slices.Equal(rows, disk) {
		t.Fatalf("rows %v, files %v", rows, disk)
	}
	if name := strings.TrimSpace(w.must("file", "list", "--fields", "file_name")); name != "name 0.png" {
		t.Errorf("the first name is not kept: %q", name)
	}
	w.must("person", "delete", "Person 3", "--yes")
	w.must("movie", "edit", "Movie 4", "--no-poster")
	w.must("user", "edit", "user-5", "--no-avatar")
	w.must("file", "gc", "--now", "--yes")
	if n := strings.Count(w.must("photo", "list"), "\n"); n != 9 {
		t.Errorf("%d photos, want 9", n)
	}
	if out := w.must("movie", "show", "Movie 0", "--json"); !strings.Contains(out, `.png"`) || strings.Contains(out, `"path": null`) {
		t.Errorf("the poster is gone: %s", out)
	}
	w.sound()
}

// Hostile names of files do no harm, and nothing outside the managed directory
// is touched.
func TestHostileFileNames(t *testing.T) {
	w := newWorld(t)
	data, err := os.ReadFile(root(t, "testdata/media/hello.txt"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	names := []string{"new\nline", "esc\x1b]0;owned\x07", "..hidden", "-rf", " space ", "a\\b", "\xff\xfe", strings.Repeat("n", 250), "\u202egnp.txt"}
	for i, name := range names {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, append(data, byte('a'+i)), 0o600); err != nil {
			t.Fatal(err)
		}
		if r := w.run("file", "add", "--", path); r.code != 0 || strings.ContainsAny(r.out+r.err, "\x1b\x07") {
			t.Errorf("%q: exit %d, %q", name, r.code, r.out+r.err)
		}
	}
	for _, format := range []string{"table", "tsv", "markdown"} {
		if out := w.must("file", "list", "-o", format); strings.ContainsAny(out, "\x1b\x07\u202e") && format != "tsv" {
			t.Errorf("%s: %q", format, out)
		}
	}
	before := w.snapshot()
	for _, name := range []string{"../../etc/passwd", "a/b", "..", ".", "/etc/passwd"} {
		if r := w.run("file", "add", root(t, "testdata/media/ripley.png"), "--name", name); r.code != 2 {
			t.Errorf("--name %q: exit %d, %s", name, r.code, r.err)
		}
	}
	if !sameFiles(before, w.snapshot()) {
		t.Error("a refused name left something behind")
	}
}
