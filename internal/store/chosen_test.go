package store_test

import (
	"errors"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// Somebody who was asked which of several records is meant is not asked again.
func TestAChosenRecordIsTaken(t *testing.T) {
	o := named(t)
	asked := 0
	for _, tc := range []struct {
		kind catalog.Kind
		text string
		id   int64
		ok   bool
		want string
	}{
		{"person", "Tom Holland", 2, true, "2 Tom Holland 1943"}, {"person", "holland, tom", 1, true, "1 Tom Holland 1996"},
		{"movie", "Solaris (1972)", 5, true, "5 Solaris (1972) 0"},
		{"person", "Tom Holland", 9, true, "ambiguous"}, {"person", "Tom Holland", 2, false, "ambiguous"}, {"person", "Tom Holland", 0, true, "ambiguous"},
		{"person", "Cher", 1, true, "4 Cher 1946"}, {"person", "Nobody", 1, true, "not found"}, {"person", "id:99", 1, true, "not found"},
	} {
		o.Chosen = func(kind catalog.Kind, ref catalog.Ref) (int64, bool) {
			asked++
			if kind != tc.kind || ref.Text != tc.text {
				t.Errorf("asked of %s %+v; want %s %q", kind, ref, tc.kind, tc.text)
			}
			return tc.id, tc.ok
		}
		check := func(tx *store.Tx) error {
			f, err := resolve(t, tx, tc.kind, tc.text)
			got := sprint("%d %s %d", f.ID, f.Name, f.Year)
			var ambiguous *catalog.AmbiguousError
			switch {
			case errors.As(err, &ambiguous):
				if got = "ambiguous"; ambiguous.Kind != tc.kind || ambiguous.Ref.Text != tc.text {
					t.Errorf("%+v; want %s %q", ambiguous, tc.kind, tc.text)
				}
			case errors.Is(err, catalog.ErrNotFound):
				got = "not found"
			case err != nil:
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("%s, %d, %t: %s; want %s", tc.text, tc.id, tc.ok, got, tc.want)
			}
			return nil
		}
		view(t, o, check)
		dry(t, o, check)
	}
	if asked != 12 { // of the six that are ambiguous, twice
		t.Errorf("asked %d times", asked)
	}
}
