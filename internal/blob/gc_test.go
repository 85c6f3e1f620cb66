package blob

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// day is noon of a day in January 2026, somewhere in the west.
func day(n int) time.Time {
	return time.Date(2026, 1, n, 12, 0, 0, 0, time.FixedZone("west", -5*3600))
}

// nothing is the catalog that refers to nothing.
func nothing(string) (bool, error) { return false, nil }

// keys returns the names in a list.
func keys(l []Leftover) []string {
	names := []string{}
	for _, one := range l {
		names = append(names, one.Key)
	}
	return names
}

func TestCollect(t *testing.T) {
	d := newDir(t)
	kept, unused := put(t, d, []byte("kept")), put(t, d, []byte("unused"))
	living := stage(t, d, []byte("still living"))
	var asked []string
	l, err := d.Unreferenced(t.Context(), func(key string) (bool, error) {
		asked = append(asked, key)
		return key == kept, nil
	})
	if err != nil || !slices.Equal(l, []Leftover{{Key: unused, Size: 6}}) {
		t.Fatalf("got %v, %v", l, err)
	}
	if want := []string{kept, unused}; len(asked) != 2 || !slices.Contains(asked, want[0]) || !slices.Contains(asked, want[1]) {
		t.Errorf("asked for %q", asked)
	}
	if err := d.Trash(l, day(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(d.Path(unused)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("in the trash and in place: %v", err)
	}
	inTrash := "trash/2026-01-01T170000Z/" + unused
	if b, err := os.ReadFile(filepath.Join(d.path, filepath.FromSlash(inTrash))); string(b) != "unused" || err != nil {
		t.Errorf("in the trash: %q, %v", b, err)
	}
	if again, err := d.Unreferenced(t.Context(), func(key string) (bool, error) { return key == kept, nil }); err != nil || len(again) > 0 {
		t.Errorf("the trash was searched: %v, %v", again, err)
	}
	for _, test := range []struct {
		now  time.Time
		age  time.Duration
		want []string
	}{
		{day(30), 30 * 24 * time.Hour, []string{}},
		{day(31).Add(-time.Nanosecond), 30 * 24 * time.Hour, []string{}},
		{day(31), 30 * 24 * time.Hour, []string{inTrash}},
		{day(1), time.Second, []string{}},
		{day(1), 0, []string{inTrash}},
		{day(1).AddDate(-1, 0, 0), 0, []string{inTrash}}, // by a clock that went back
		{day(1).AddDate(-1, 0, 0), time.Second, []string{}},
	} {
		if got, err := d.Expired(test.now, test.age); err != nil || !slices.Equal(keys(got), test.want) {
			t.Errorf("%v, %v: got %v, %v", test.now, test.age, got, err)
		}
	}
	expired, _ := d.Expired(day(1), 0)
	for range 2 { // the second time all is gone
		if err := d.Destroy(expired); err != nil {
			t.Fatal(err)
		}
	}
	if err := living.Commit(); err != nil {
		t.Fatal(err)
	}
	want := []string{kept[:2] + "/", kept, living.Key[:2] + "/", living.Key, unused[:2] + "/", trashName + "/"}
	slices.Sort(want)
	got := files(t, d.path)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestTrashedAndBack: content may go, come back and go again, at the same second.
func TestTrashedAndBack(t *testing.T) {
	d := newDir(t)
	for range 2 {
		key := put(t, d, []byte("back again"))
		if err := d.Trash([]Leftover{{Key: key}}, day(3)); err != nil {
			t.Fatal(err)
		}
		if err := d.Trash([]Leftover{{Key: key}}, day(3)); err != nil { // gone already
			t.Fatal(err)
		}
	}
	if l, err := d.Expired(day(3), 0); err != nil || len(l) != 1 || l[0].Size != 10 {
		t.Errorf("got %v, %v", l, err)
	}
}

func TestCollectNothing(t *testing.T) {
	d := newDir(t)
	if l, err := d.Unreferenced(t.Context(), nothing); err != nil || len(l) > 0 {
		t.Errorf("got %v, %v", l, err)
	}
	if l, err := d.Expired(day(1), 0); err != nil || len(l) > 0 {
		t.Errorf("got %v, %v", l, err)
	}
	if err := errors.Join(d.Trash(nil, day(1)), d.Destroy(nil)); err != nil {
		t.Error(err)
	}
	empty(t, d)
}

func TestCollectStops(t *testing.T) {
	d := newDir(t)
	put(t, d, []byte("one"))
	broken := errors.New("database disk image is malformed")
	if _, err := d.Unreferenced(t.Context(), func(string) (bool, error) { return false, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Unreferenced(ctx, nothing); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestForeignFiles: what is not ours is neither listed nor moved nor destroyed.
func TestForeignFiles(t *testing.T) {
	d := newDir(t)
	hash := strings.Repeat("ab", 32)
	outside := t.TempDir()
	write(t, "x", outside, hash)
	write(t, "x", outside, "ab", hash)
	for _, name := range []string{
		"notes.txt", "ab/notes.txt", "ab/" + hash + ".jpg.bak", "ab/" + hash[:63], "ab/below/" + hash, "AB/" + hash, "abc/" + hash,
		"cd/" + hash, ".tmp-mine.txt", ".tmp-", ".tmp-short", ".tmp-" + strings.Repeat("x", 20) + ".swp", "tmp/" + hash,
		"trash/notes.txt", "trash/2026-01-01T000000Z/notes.txt", "trash/yesterday/ab/" + hash, "trash/2026-01-01T000000Z/ab/below/" + hash,
		"trash/2026-01-01T000000Z/trash/2026-01-01T000000Z/ab/" + hash, "trash/2026-01-01/ab/" + hash, "trash/ab/" + hash,
	} {
		write(t, "foreign", d.path, filepath.FromSlash(name))
	}
	for name, target := range map[string]string{
		"ef": outside, "ab/" + hash: filepath.Join(outside, hash), ".tmp-" + strings.Repeat("y", 26): filepath.Join(outside, hash),
		"trash/2026-02-02T000000Z": outside, "trash/2026-01-01T000000Z/cd": filepath.Join(outside, "ab"),
	} {
		if err := os.Symlink(target, filepath.Join(d.path, filepath.FromSlash(name))); err != nil {
			t.Skip(err)
		}
	}
	before, beyond := files(t, d.path), files(t, outside)
	l, err := d.Unreferenced(t.Context(), nothing)
	if err != nil || len(l) > 0 {
		t.Errorf("Unreferenced: %v, %v", l, err)
	}
	e, err := d.Expired(day(30), 0)
	if err != nil || len(e) > 0 {
		t.Errorf("Expired: %v, %v", e, err)
	}
	for _, name := range []string{"notes.txt", "../x", "ab/notes.txt", "trash/notes.txt", "ab/../ab/" + hash, "", "/ab/" + hash} {
		if err := d.Trash([]Leftover{{Key: name}}, day(1)); err == nil {
			t.Errorf("Trash(%q) did something", name)
		}
	}
	link := Leftover{Key: "ab/" + hash}
	if err := d.Trash([]Leftover{link, {Key: "ef/ef" + hash[2:]}}, day(1)); err != nil {
		t.Errorf("Trash of links: %v", err)
	}
	key := put(t, d, []byte("living"))
	for _, name := range []string{key, "trash/../" + key, "trash/2026-01-01T000000Z/../../" + key, "trash/x/" + key, "trash/2026-01-01T000000Z/notes.txt", "trash", ""} {
		if err := d.Destroy([]Leftover{{Key: name}}); err == nil {
			t.Errorf("Destroy(%q) did something", name)
		}
	}
	for _, name := range []string{"trash/2026-02-02T000000Z/ab/" + hash, "trash/2026-01-01T000000Z/cd/cd" + hash[2:]} {
		if err := d.Destroy([]Leftover{{Key: name}}); err != nil {
			t.Errorf("Destroy(%q): %v", name, err)
		}
	}
	before = append(before, key[:2]+"/", key)
	slices.Sort(before)
	after := files(t, d.path)
	slices.Sort(after)
	if !slices.Equal(slices.Compact(before), after) || !slices.Equal(beyond, files(t, outside)) {
		t.Errorf("before %q\nafter  %q", before, after)
	}
}
