//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package blob

import (
	"errors"
	"os"
	"syscall"
)

// keepOpen tells that a file stays open, and so locked, while it is renamed.
const keepOpen = true

// lock tries to take the lock that a process holds on its temporary file for
// as long as it lives. It never waits.
func lock(f *os.File) claim { return flock(f, syscall.LOCK_EX) }

// lockShared is lock for those who do not mind each other.
func lockShared(f *os.File) claim { return flock(f, syscall.LOCK_SH) }

func flock(f *os.File, how int) claim {
	err := withFD(f, func(fd int) error {
		for {
			err := syscall.Flock(fd, how|syscall.LOCK_NB)
			if !errors.Is(err, syscall.EINTR) {
				return err
			}
		}
	})
	switch {
	case err == nil:
		return claimed
	case errors.Is(err, syscall.EWOULDBLOCK):
		return taken
	}
	return unlockable
}
