//go:build unix

package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/moviedb/moviedb/internal/catalog"
)

// flagNonblock keeps an open from waiting for the other end of a FIFO, and from
// making a terminal the process's own.
const flagNonblock = syscall.O_NONBLOCK | syscall.O_NOCTTY

// setBlocking takes back what flagNonblock set.
func setBlocking(f *os.File) error {
	return withFD(f, func(fd int) error { return syscall.SetNonblock(fd, false) })
}

// withFD calls do with the descriptor of an open file.
func withFD(f *os.File, do func(fd int) error) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { failed = do(int(fd)) }); err != nil {
		return err
	}
	return failed
}

// syncPath makes the entries of a directory last.
func syncPath(path string) error { return syncWith(os.OpenFile, path) }

// syncDir is syncPath for a directory below root.
func syncDir(root *os.Root, name string) error { return syncWith(root.OpenFile, name) }

func syncWith(open opener, name string) error {
	f, err := open(name, os.O_RDONLY|flagNonblock, 0)
	if errors.Is(err, fs.ErrPermission) {
		return nil // one may write to a directory and not read it
	}
	if err != nil {
		return fmt.Errorf("%s: %w", catalog.Visible(name), catalog.WithoutPath(err))
	}
	defer f.Close()
	// Some file systems cannot sync a directory and say EINVAL.
	if err := f.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return fmt.Errorf("%s: %w", catalog.Visible(name), catalog.WithoutPath(err))
	}
	return nil
}
