//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package blob

// keepOpen is false: an open file cannot be renamed everywhere.
const keepOpen = false
