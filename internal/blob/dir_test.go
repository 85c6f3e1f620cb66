package blob

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestKeys(t *testing.T) {
	hash := strings.Repeat("ab", 32)
	d := Open(filepath.Join("some", "where"))
	good := []string{"ab/" + hash, "ab/" + hash + ".jpg", "ab/" + hash + ".7z"}
	for _, key := range good {
		if got, want := d.Path(key), filepath.Join("some", "where", "ab", filepath.FromSlash(key[3:])); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
		if _, err := d.Stat(key); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: got %v, want fs.ErrNotExist", key, err)
		}
	}
	bad := []string{
		"", "/", "..", "../../etc/passwd", "/etc/passwd", "ab", "ab/", hash, "ab/" + hash[1:], "cd/" + hash, "AB/" + strings.ToUpper(hash),
		"ab/" + hash + ".", "ab/" + hash + "/", "ab/" + hash + ".jpg/..", "ab/" + hash + ".JPG", "ab/" + hash + ".tar.gz", "ab/" + hash + "jpg",
		"ab/" + hash + ".abcdefghijklmnop", "ab\\" + hash, "./ab/" + hash, "ab/../ab/" + hash, "trash/2026-01-01T000000Z/ab/" + hash,
		"ab/" + hash + "\x00", "ab/" + hash + ".j\npg", ".tmp-abcdefghijklmnopqrst",
	}
	for _, key := range bad {
		if got := d.Path(key); got != "" {
			t.Errorf("%q: got %q", key, got)
		}
		if _, err := d.Stat(key); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: got %v, want catalog.ErrInvalid", key, err)
		}
		if _, err := d.OpenFile(key); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: got %v, want catalog.ErrInvalid", key, err)
		}
		if err := d.Verify(key); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: got %v, want catalog.ErrInvalid", key, err)
		}
	}
	if err := d.CheckPicture(t.Context(), good[0], Limits{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
	if w, h := d.Dimensions(good[0]); w != 0 || h != 0 {
		t.Errorf("%d x %d pixels of nothing", w, h)
	}
}

func TestMakeKey(t *testing.T) {
	sum := make([]byte, 32)
	zeros := strings.Repeat("0", 64)
	for ext, want := range map[string]string{"": "", ".jpg": ".jpg", ".JPG": "", ".": "", "jpg": "", "./..": "", ".way-too-long": ""} {
		if got := makeKey(sum, ext); got != "00/"+zeros+want || !isKey(got) {
			t.Errorf("%q: got %q", ext, got)
		}
	}
}

// TestFuzzdbIsNoKey: none of the strings leads anywhere.
func TestFuzzdbIsNoKey(t *testing.T) {
	d := newDir(t)
	for _, s := range fuzzdb(t) {
		if d.Path(s) != "" || d.Path("ab/"+s) != "" {
			t.Errorf("%q is a path", s)
		}
		if _, err := d.Stat(s); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: %v", s, err)
		}
	}
	empty(t, d)
}

// TestSymbolicLinks: one that stays in the directory is followed, one that
// leaves it is not.
func TestSymbolicLinks(t *testing.T) {
	d := newDir(t)
	key := put(t, d, []byte("content"))
	secret := write(t, "secret", t.TempDir(), "secret")
	link := func(target, key string) string {
		t.Helper()
		name := filepath.Join(d.path, filepath.FromSlash(key))
		os.MkdirAll(filepath.Dir(name), 0o700)
		if err := os.Symlink(target, name); err != nil {
			t.Skip(err)
		}
		return key
	}
	a, b := strings.Repeat("aa", 32), strings.Repeat("bb", 32)
	inside := link(filepath.Join("..", filepath.FromSlash(key)), "aa/"+a)
	if size, err := d.Stat(inside); size != 7 || err != nil {
		t.Errorf("inside: %d, %v", size, err)
	}
	for _, key := range []string{
		link(secret, "aa/"+a+".txt"),
		link(filepath.Join("..", "..", "elsewhere"), "aa/"+a+".gif"),
		link("nowhere", "aa/"+a+".png"),
		link(".", "aa/"+a+".bmp"),
		link(a+".jpg", "aa/"+a+".jpg"), // to itself
	} {
		if f, err := d.OpenFile(key); err == nil {
			f.Close()
			t.Errorf("%s was opened", key)
		}
		if _, err := d.Stat(key); err == nil {
			t.Errorf("%s has a size", key)
		}
	}
	outside := t.TempDir()
	write(t, "secret", outside, b)
	link(outside, "bb")
	if _, err := d.Stat("bb/" + b); err == nil {
		t.Error("a folder outside was entered")
	}
}

// TestCommitThroughSymbolicLinks: nothing is written outside the directory.
func TestCommitThroughSymbolicLinks(t *testing.T) {
	d := newDir(t)
	s := stage(t, d, []byte("content"))
	outside := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(d.path, s.Key[:2])); err != nil {
		t.Skip(err)
	}
	if err := s.Commit(); err == nil {
		t.Error("committed through a link")
	}
	if left := files(t, outside); len(left) > 0 {
		t.Errorf("written outside: %q", left)
	}
	os.Remove(filepath.Join(d.path, s.Key[:2]))
	target := write(t, "content", outside, "target") // of the same size
	os.Mkdir(filepath.Join(d.path, s.Key[:2]), 0o700)
	if err := os.Symlink(target, d.Path(s.Key)); err != nil {
		t.Skip(err)
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(d.Path(s.Key)); err != nil || !info.Mode().IsRegular() {
		t.Errorf("the link is still there: %v, %v", info, err)
	}
	if b, err := os.ReadFile(target); string(b) != "content" || err != nil {
		t.Errorf("the target: %q, %v", b, err)
	}
}

// TestDirectoryBySymbolicLink: the directory itself may be one.
func TestDirectoryBySymbolicLink(t *testing.T) {
	parent := t.TempDir()
	os.Mkdir(filepath.Join(parent, "real"), 0o700)
	if err := os.Symlink("real", filepath.Join(parent, "link")); err != nil {
		t.Skip(err)
	}
	key := put(t, Open(filepath.Join(parent, "link")), []byte("content"))
	if err := Open(filepath.Join(parent, "real")).Verify(key); err != nil {
		t.Error(err)
	}
}
