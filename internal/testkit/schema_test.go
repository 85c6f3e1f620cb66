package testkit

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSchemaIsTheOneAtTheRoot(t *testing.T) {
	dir := t.TempDir()
	below := filepath.Join(dir, "internal", "store")
	if err := os.MkdirAll(below, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"go.mod": "module x\n", "schema.sql": "-- the schema\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(below)
	if got := Schema(t); got != "-- the schema\n" {
		t.Errorf("got %q", got)
	}
}
