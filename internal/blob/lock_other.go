//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package blob

import "os"

// keepOpen is false: an open file cannot be renamed everywhere.
const keepOpen = false

// lock has no way to tell; the age of the file does.
func lock(*os.File) claim { return unlockable }

// lockShared has none either.
func lockShared(*os.File) claim { return unlockable }
