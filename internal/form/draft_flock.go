//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package form

import (
	"os"
	"syscall"
)

// own locks a draft for as long as this process has it open; false is that
// another process has.
func own(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
