//go:build race

package bulk

// raceOn: the race detector makes SQLite, which is translated C, thirty times
// slower. Tests of volume do less then, or nothing.
const raceOn = true
