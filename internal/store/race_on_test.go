//go:build race

package store_test

import "testing"

// notUnderRace skips a test of volume that has one goroutine: the race detector
// finds nothing there, and makes SQLite, which is translated C, thirty times
// slower.
func notUnderRace(t *testing.T) {
	t.Helper()
	t.Skip("one goroutine, many rows")
}
