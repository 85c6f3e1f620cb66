//go:build !race

package store_test

import "testing"

// notUnderRace skips a test when the race detector is on.
func notUnderRace(*testing.T) {}
