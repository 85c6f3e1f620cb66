//go:build !linux

package archive

// freeSpace is not known here: what has no room fails while it is written.
func freeSpace(string) (free int64, known bool) { return 0, false }

// sameVolume is not known either.
func sameVolume(string, string) (same, known bool) { return false, false }
