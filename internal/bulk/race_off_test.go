//go:build !race

package bulk

const raceOn = false
