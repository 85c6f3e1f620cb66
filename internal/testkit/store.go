package testkit

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
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

// OldCatalog is Options of a catalog that an older program wrote, with the schema
// of that version; testdata/catalog tells what is in it. export is what that
// program exported of it.
func OldCatalog(tb testing.TB, version int) (o store.Options, export string) {
	tb.Helper()
	o = Options(tb)
	stem := filepath.Join(root(tb), "testdata/catalog", fmt.Sprintf("v%d", version))
	packed, err := os.Open(stem + ".db.gz")
	if err != nil {
		tb.Fatal(err)
	}
	defer packed.Close()
	r, err := gzip.NewReader(packed)
	if err != nil {
		tb.Fatal(err)
	}
	db, err := io.ReadAll(r)
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(o.Path, db, 0o600); err != nil {
		tb.Fatal(err)
	}
	text, err := os.ReadFile(stem + ".jsonl")
	if err != nil {
		tb.Fatal(err)
	}
	return o, string(text)
}
