//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package blob

// keepOpen tells that a file stays open, and so locked, while it is renamed.
const keepOpen = true
