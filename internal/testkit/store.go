package testkit

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/store"
)

// Options returns the options of a catalog that is not there yet: in a fresh
// folder, with the real schema, and with patience for busy test machines.
func Options(tb testing.TB) store.Options {
	tb.Helper()
	return store.Options{
		Path:        filepath.Join(tb.TempDir(), "moviedb.db"),
		Schema:      Schema(tb),
		BusyTimeout: 30 * time.Second,
	}
}
