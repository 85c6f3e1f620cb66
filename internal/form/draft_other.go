//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package form

import "os"

// own has no way to tell: every draft is taken for one that was left.
func own(*os.File) bool { return true }
