package testkit

import "os"

// Long tells that there is time for all rounds and all cases of tests that take
// long: the environment has MOVIEDB_LONG, as in .ci/run. Without it they do a part.
func Long() bool { return os.Getenv("MOVIEDB_LONG") != "" }
