//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package tempfile

import "os"

// Lock has no way to tell; the age of the file does.
func Lock(*os.File) Claim { return Unlockable }

// LockShared has none either.
func LockShared(*os.File) Claim { return Unlockable }
