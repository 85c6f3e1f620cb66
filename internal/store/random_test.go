package store_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// random returns a source of randomness whose seed the test prints. To see a
// failure again, give the seed in STORE_TEST_SEED.
func random(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("STORE_TEST_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	t.Logf("STORE_TEST_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

// pick chooses one of some values.
func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }
