//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package tempfile

import (
	"errors"
	"os"
	"syscall"
)

// Lock tries to take the lock that a process holds on its temporary file for
// as long as it has it open. It never waits.
func Lock(f *os.File) Claim { return flock(f, syscall.LOCK_EX) }

// LockShared is Lock for those who do not mind each other.
func LockShared(f *os.File) Claim { return flock(f, syscall.LOCK_SH) }

func flock(f *os.File, how int) Claim {
	conn, err := f.SyscallConn()
	if err != nil {
		return Unlockable
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { failed = retry(int(fd), how) }); err != nil {
		return Unlockable
	}
	switch {
	case failed == nil:
		return Claimed
	case errors.Is(failed, syscall.EWOULDBLOCK):
		return Taken
	}
	return Unlockable
}

// retry tries again as long as signals interrupt.
func retry(fd, how int) error {
	for {
		err := syscall.Flock(fd, how|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
