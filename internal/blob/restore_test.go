package blob

import (
	"errors"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Content goes back from the trash to an empty place, over nothing, and nothing
// else goes anywhere.
func TestRestore(t *testing.T) {
	d := newDir(t)
	key := put(t, d, []byte("wanted"))
	if err := d.Trash([]Leftover{{Key: key}}, day(1)); err != nil {
		t.Fatal(err)
	}
	lost, err := d.Expired(day(2), 0)
	if err != nil || len(lost) != 1 {
		t.Fatalf("in the trash: %v, %v", keys(lost), err)
	}
	if was, ok := lost[0].Trashed(); !ok || was != key {
		t.Errorf("Trashed() = %q, %v; want %q", was, ok, key)
	}
	if done, err := d.Restore(lost[0]); !done || err != nil {
		t.Errorf("Restore = %v, %v", done, err)
	}
	if err := d.Verify(key); err != nil {
		t.Error(err)
	}
	if left, err := d.Expired(day(2), 0); err != nil || len(left) != 0 {
		t.Errorf("still in the trash: %v, %v", keys(left), err)
	}

	// A place that is taken stays as it is.
	if err := d.Trash([]Leftover{{Key: key}}, day(3)); err != nil {
		t.Fatal(err)
	}
	if again := put(t, d, []byte("wanted")); again != key {
		t.Fatalf("another key: %s", again)
	}
	lost, err = d.Expired(day(4), 0)
	if err != nil || len(lost) != 1 {
		t.Fatalf("in the trash: %v, %v", keys(lost), err)
	}
	if done, err := d.Restore(lost[0]); done || err != nil {
		t.Errorf("over content: %v, %v", done, err)
	}
	for _, name := range []string{key, "../x", "trash/../" + key, "trash/x/" + key, ""} {
		if done, err := d.Restore(Leftover{Key: name}); done || !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: %v, %v", name, done, err)
		}
		if was, ok := (Leftover{Key: name}).Trashed(); ok {
			t.Errorf("%q is in the trash as %q", name, was)
		}
	}
}
