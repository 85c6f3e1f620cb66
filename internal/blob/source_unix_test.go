//go:build unix

package blob

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestOpenSource(t *testing.T) {
	dir := t.TempDir()
	file := write(t, "content", dir, "file")
	fifo, socket := filepath.Join(dir, "fifo"), filepath.Join(dir, "socket")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	if l, err := net.Listen("unix", socket); err == nil {
		defer l.Close()
	} else {
		t.Log(err) // the path may be too long for a socket
		socket = ""
	}
	link := func(target, name string) string {
		name = filepath.Join(dir, name)
		if err := os.Symlink(target, name); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for _, path := range []string{file, link("file", "to file"), link("to file", "to link")} {
		f, err := OpenSource(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		err = withFD(f, func(fd int) error {
			flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFL, 0)
			if errno == 0 && flags&syscall.O_NONBLOCK != 0 {
				return errors.New("still not blocking")
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		f.Close()
	}
	tests := []struct {
		path, want string
		is         error
	}{
		{dir, "it is a directory, not a file", catalog.ErrInvalid},
		{dir + "/", "it is a directory, not a file", catalog.ErrInvalid},
		{fifo, "it is a FIFO, not a file", catalog.ErrInvalid},
		{link("fifo", "to fifo"), "it is a FIFO, not a file", catalog.ErrInvalid},
		{"/dev/zero", "it is a device, not a file", catalog.ErrInvalid},
		{link("/dev/zero", "to device"), "it is a device, not a file", catalog.ErrInvalid},
		{link(".", "to folder"), "it is a directory, not a file", catalog.ErrInvalid},
		{link("nowhere", "dangling"), "no such file or directory", fs.ErrNotExist},
		{link("loop", "loop"), "too many levels of symbolic links", syscall.ELOOP},
		{filepath.Join(dir, "missing"), "no such file or directory", fs.ErrNotExist},
		{filepath.Join(file, "below"), "not a directory", syscall.ENOTDIR},
		{filepath.Join(dir, strings.Repeat("x", 300)), "file name too long", syscall.ENAMETOOLONG},
		{dir + "/a\x00b", "invalid argument", syscall.EINVAL},
		{dir + "/\x1b[31mred\n", "no such file or directory", fs.ErrNotExist},
	}
	if socket != "" {
		tests = append(tests, struct {
			path, want string
			is         error
		}{socket, "it is a socket, not a file", catalog.ErrInvalid})
	}
	for _, test := range tests {
		f, err := OpenSource(test.path)
		if err == nil {
			f.Close()
			t.Errorf("%s was opened", test.path)
			continue
		}
		if want := catalog.Visible(test.path) + ": " + test.want; err.Error() != want || !errors.Is(err, test.is) {
			t.Errorf("got %q, want %q", err, want)
		}
	}
	if _, err := OpenSource(""); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("no path: got %v", err)
	}
}

func TestUnreadableSource(t *testing.T) {
	name := write(t, "content", t.TempDir(), "file")
	os.Chmod(name, 0)
	if os.Getuid() == 0 {
		t.Skip("root reads everything")
	}
	if _, err := OpenSource(name); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v, want fs.ErrPermission", err)
	}
}

// TestSpecialFilesInTheDirectory: none of them is waited for or taken for
// content, wherever it lies.
func TestSpecialFilesInTheDirectory(t *testing.T) {
	d := newDir(t)
	key := "aa/" + strings.Repeat("aa", 32)
	os.MkdirAll(filepath.Join(d.path, "aa"), 0o700)
	temp := tempPrefix + strings.Repeat("a", 26)
	for _, name := range []string{key, temp, "bb", trashName} {
		if err := syscall.Mkfifo(filepath.Join(d.path, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Stat(key); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("Stat: %v", err)
	}
	if f, err := d.OpenFile(key); err == nil {
		f.Close()
		t.Error("a FIFO was opened")
	}
	unused, err := d.Unreferenced(t.Context(), func(string) (bool, error) { return false, nil })
	if err != nil || len(unused) > 0 {
		t.Errorf("Unreferenced: %v, %v", unused, err)
	}
	if err := d.Trash([]Leftover{{Key: key}, {Key: temp}}, day(1)); err != nil {
		t.Errorf("Trash: %v", err)
	}
	if expired, err := d.Expired(day(2), 0); err != nil || len(expired) > 0 {
		t.Errorf("Expired: %v, %v", expired, err)
	}
	living := put(t, d, []byte("content"))
	if err := d.Trash([]Leftover{{Key: living}}, day(1)); err == nil {
		t.Error("the trash is a FIFO")
	}
	fifo := Open(filepath.Join(d.path, temp))
	if _, err := fifo.Stage(t.Context(), strings.NewReader("x"), Limits{}, false); err == nil {
		t.Error("the directory is a FIFO")
	}
}
