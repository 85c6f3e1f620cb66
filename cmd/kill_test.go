package cmd_test

import (
	"database/sql"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// long tells that there is time for many rounds; .ci/run sets it.
func long() bool { return os.Getenv("MOVIEDB_LONG") != "" }

// makePictures writes n different small pictures and returns their paths.
func makePictures(t *testing.T, dir string, n int) []string {
	t.Helper()
	paths := make([]string, n)
	for i := range paths {
		m := image.NewGray(image.Rect(0, 0, 8, 8))
		m.SetGray(i%8, i/8%8, color.Gray{Y: uint8(1 + i/64)})
		m.SetGray(7, 7, color.Gray{Y: uint8(i)})
		paths[i] = filepath.Join(dir, fmt.Sprintf("picture-%d.png", i))
		f, err := os.Create(paths[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, m); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return paths
}

// stored returns the keys of the files table, and the files in the managed
// directory outside the trash, by their place in it. It reads the database as
// anybody could, not through our code.
func (w *world) stored() (rows, disk []string) {
	w.t.Helper()
	db, err := sql.Open("sqlite", "file:"+w.db()+"?mode=rw")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	var ok string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&ok); err != nil || ok != "ok" {
		w.t.Fatalf("integrity_check: %q, %v", ok, err)
	}
	rs, err := db.Query(`SELECT file_key FROM files ORDER BY 1`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rs.Close()
	for rs.Next() {
		var key string
		if err := rs.Scan(&key); err != nil {
			w.t.Fatal(err)
		}
		rows = append(rows, key)
	}
	if err := rs.Err(); err != nil {
		w.t.Fatal(err)
	}
	dir := w.db() + ".files"
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if !strings.HasPrefix(rel, "trash") && !strings.HasPrefix(rel, "owners") {
			disk = append(disk, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.Sort(disk)
	return rows, disk
}

// sound fails if a row has no content, and returns how much content has no row.
func (w *world) sound() (extra int) {
	w.t.Helper()
	rows, disk := w.stored()
	for _, key := range rows {
		if !slices.Contains(disk, key) {
			w.t.Errorf("row without its file: %s", key)
		}
	}
	return len(disk) - len(rows)
}

// collected fails unless a collection takes just what has no row.
func (w *world) collected() {
	w.t.Helper()
	rows, disk := w.stored()
	r := w.run("file", "gc", "--now", "--yes", "--json")
	if r.code != 0 {
		w.t.Fatalf("file gc: exit %d: %s", r.code, r.err)
	}
	if want := fmt.Sprintf(`"trashed": %d,`, len(disk)-len(rows)); !strings.Contains(r.out, want) {
		w.t.Errorf("file gc: %s, want %s", r.out, want)
	}
	after, left := w.stored()
	if !slices.Equal(rows, after) || !slices.Equal(left, rows) {
		w.t.Errorf("after gc: %d rows (%d before), files %v", len(after), len(rows), left)
	}
}

// A kill at any step of an addition leaves at worst files without a row, and a
// collection takes exactly those.
func TestKilledPhotoAddLeavesNoRowWithoutFile(t *testing.T) {
	pictures, rounds := 12, 2
	if long() {
		pictures, rounds = 200, 20
	}
	for _, step := range []string{"temp written", "renamed", "row inserted", "before commit", "committed"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.must("person", "add", "Ann")
			paths := makePictures(t, t.TempDir(), pictures)
			for round := range rounds {
				at := 1
				if step != "before commit" && step != "committed" {
					at = 1 + rand.IntN(pictures)
				}
				c := w.command(append([]string{"photo", "add", "Ann"}, paths...)...)
				c.Env = append(c.Env, fmt.Sprintf("%s=%s:%d", stepVariable, step, at))
				r := finish(t, c, "")
				if r.code != -1 {
					t.Fatalf("round %d, %s %d: not killed: exit %d: %s", round, step, at, r.code, r.err)
				}
				extra := w.sound()
				if step == "committed" && extra != 0 {
					t.Errorf("round %d: %d files too many after the commit", round, extra)
				}
				w.collected()
				if step == "committed" { // start again with nothing
					w.must("file", "list", "--fields", "id")
					w.must(append([]string{"file", "delete", "--detach", "--yes"}, strings.Fields(w.must("file", "list", "--fields", "id"))...)...)
					w.collected()
				}
			}
			w.must(append([]string{"photo", "add", "Ann"}, paths...)...)
			if extra := w.sound(); extra != 0 {
				t.Errorf("%d files too many in the end", extra)
			}
		})
	}
}

// A collection that destroys at once, running against eight additions, never
// takes a file whose row arrives.
func TestCollectionAgainstAdditions(t *testing.T) {
	w := newWorld(t)
	const each = 15
	paths := makePictures(t, t.TempDir(), 8*each)
	for p := range 8 {
		w.must("person", "add", fmt.Sprintf("Person %d", p))
	}
	var adding, collecting sync.WaitGroup
	done := make(chan struct{})
	collecting.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				if r := w.run("file", "gc", "--now", "--yes"); r.code != 0 {
					t.Errorf("gc: exit %d: %s", r.code, r.err)
				}
			}
		}
	})
	for p := range 8 {
		adding.Go(func() {
			for i := 0; i < each; i += 5 {
				args := append([]string{"photo", "add", fmt.Sprintf("Person %d", p)}, paths[p*each+i:p*each+i+5]...)
				if r := w.run(args...); r.code != 0 {
					t.Errorf("photo add: exit %d: %s", r.code, r.err)
				}
			}
		})
	}
	adding.Wait()
	close(done)
	collecting.Wait()
	if extra := w.sound(); extra != 0 {
		t.Errorf("%d files without a row", extra)
	}
	if n := strings.Count(w.must("photo", "list"), "\n"); n != 8*each {
		t.Errorf("%d photos, want %d", n, 8*each)
	}
}

// Two catalogs side by side never touch each other's files.
func TestCatalogsSideBySide(t *testing.T) {
	w := newWorld(t)
	pictures := makePictures(t, t.TempDir(), 2)
	a, b := filepath.Join(w.dir, "a.db"), filepath.Join(w.dir, "b.db")
	w.must("--db", a, "file", "add", pictures[0], pictures[1])
	w.must("--db", b, "file", "add", pictures[0])
	keep := w.snapshot()
	maps.DeleteFunc(keep, func(path, _ string) bool { return !strings.HasPrefix(path, a+".files") })
	w.must("--db", b, "file", "delete", "1", "--yes")
	w.must("--db", b, "file", "gc", "--now", "--yes")
	after := w.snapshot()
	for path, content := range keep {
		if after[path] != content {
			t.Errorf("the other catalog's %s changed", path)
		}
	}
	w.must("--db", a, "file", "path", "1")
}
