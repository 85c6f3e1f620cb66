package archive

import (
	"math"
	"os"
	"syscall"
)

// freeSpace tells how many bytes a folder has free.
func freeSpace(dir string) (free int64, known bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil || s.Blocks == 0 {
		return 0, false
	}
	if s.Bavail > math.MaxInt64/uint64(s.Bsize) {
		return math.MaxInt64, true
	}
	return int64(s.Bavail) * int64(s.Bsize), true
}

// sameVolume tells whether two folders share their free space.
func sameVolume(a, b string) (same, known bool) {
	one, aok := device(a)
	two, bok := device(b)
	return one == two, aok && bok
}

func device(path string) (id uint64, known bool) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return uint64(s.Dev), true
}
