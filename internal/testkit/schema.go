package testkit

import (
	"os"
	"path/filepath"
	"testing"
)

// Schema returns the text of schema.sql, from the root of the module.
func Schema(tb testing.TB) string {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join(root(tb), "schema.sql"))
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// root returns the folder of go.mod: the working directory, which for a test
// is its package's folder, or one above it.
func root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			tb.Fatal("no go.mod in the working directory or above")
		}
		dir = parent
	}
}
