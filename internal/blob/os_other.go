//go:build !unix

package blob

import "os"

const flagNonblock = 0

func setBlocking(*os.File) error { return nil }

// syncPath does nothing: no system but Unix syncs a directory.
func syncPath(string) error { return nil }

func syncDir(*os.Root, string) error { return nil }
