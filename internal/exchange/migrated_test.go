package exchange

import (
	"fmt"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// What an older program exported is what is exported of its catalog once that is
// migrated, byte for byte but for the version; and it can be imported.
func TestAnOlderCatalogExportsWhatItDid(t *testing.T) {
	for version := 1; version < store.SchemaVersion; version++ {
		o, text := testkit.OldCatalog(t, version)
		want := strings.Replace(text, fmt.Sprintf(`"schema_version":%d`, version), fmt.Sprintf(`"schema_version":%d`, store.SchemaVersion), 1)
		if got := export(t, o); got != want {
			t.Errorf("read as it is, version %d:\n%s", version, firstDifference(got, want))
		}
		if err := store.Update(t.Context(), o, func(*store.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if got := export(t, o); got != want {
			t.Errorf("migrated, version %d:\n%s", version, firstDifference(got, want))
		}
		fresh := testkit.Options(t)
		load(t, fresh, text)
		if got := export(t, fresh); got != want {
			t.Errorf("imported, version %d:\n%s", version, firstDifference(got, want))
		}
	}
}

// firstDifference is the first line in which two texts differ.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d: %s\nwant: %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}
