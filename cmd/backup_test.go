package cmd_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// whole fails unless the catalog is one of what it may be, by the title of its
// only film, with the right content for every row, and returns which.
func (w *world) whole(titles ...string) string {
	w.t.Helper()
	rows, _ := w.stored()
	for _, key := range rows {
		b, err := os.ReadFile(filepath.Join(w.db()+".files", key))
		if sum := sha256.Sum256(b); err != nil || hex.EncodeToString(sum[:]) != strings.TrimSuffix(filepath.Base(key), ".png") {
			w.t.Errorf("the content of %s: %d bytes, %v", key, len(b), err)
		}
	}
	got := strings.TrimSpace(w.must("movie", "list", "--fields", "title"))
	for _, title := range titles {
		if got == title {
			return title
		}
	}
	w.t.Errorf("films %q, want one of %q", got, titles)
	return ""
}

// tidy fails if anything lies about that a killed process left.
func (w *world) tidy() {
	w.t.Helper()
	for path := range w.snapshot() {
		rel, _ := filepath.Rel(w.dir, path)
		for _, mark := range []string{".tmp-", ".replaced-", ".restore-", "-wal", "-shm", "-journal"} {
			if strings.Contains(rel, mark) {
				w.t.Errorf("left behind: %s", rel)
			}
		}
	}
}

// twoCatalogs is a world whose catalog has the film Old, with backups of it and
// of one with the film New; both have pictures, some in common.
func twoCatalogs(t *testing.T, pictures int) (w *world, archives map[string]string) {
	t.Helper()
	return catalogsOf(t, pictures, "")
}

// largeCatalogs is twoCatalogs where both are larger, in a long run, than what
// SQLite keeps in memory.
func largeCatalogs(t *testing.T, pictures int) (w *world, archives map[string]string) {
	t.Helper()
	if !long() {
		return twoCatalogs(t, pictures)
	}
	return catalogsOf(t, pictures, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		INSERT INTO persons (last_name, biography) SELECT 'Person ' || i, hex(randomblob(200)) FROM n`)
}

func catalogsOf(t *testing.T, pictures int, more string) (w *world, archives map[string]string) {
	t.Helper()
	w = newWorld(t)
	paths := makePictures(t, t.TempDir(), pictures)
	archives = map[string]string{}
	for title, some := range map[string][]string{"Old": paths[:2*pictures/3], "New": paths[pictures/3:]} {
		db := filepath.Join(w.dir, title+".db")
		archives[title] = filepath.Join(w.dir, title+".tar")
		w.must("--db", db, "movie", "add", title)
		w.must(append([]string{"--db", db, "file", "add"}, some...)...)
		sqlExec(t, db, more)
		w.must("--db", db, "person", "list", "--limit", "1")
		w.must("--db", db, "backup", archives[title])
	}
	w.must("restore", archives["Old"])
	w.whole("Old")
	return w, archives
}

// A restoration killed at any step leaves the old catalog or the new one, and
// the next one finishes and leaves nothing else.
func TestRestoreKilledAtEveryStep(t *testing.T) {
	w, archives := largeCatalogs(t, 9)
	env := w.env
	for _, step := range []struct{ journal, at, want string }{
		{"wal", "read:1", "Old"}, {"wal", "received:1", "Old"}, {"wal", "locked:1", "Old"}, {"wal", "copied:1", "Old"},
		{"wal", "renamed:1", "Old"}, {"wal", "renamed:3", "Old"}, {"wal", "installed:1", "New"},
		{"delete", "locked:1", "Old"}, {"delete", "copied:1", "Old"}, {"delete", "renamed:3", "Old"}, {"delete", "installed:1", "New"},
	} {
		w.env = append(env, "MOVIEDB_JOURNAL="+step.journal)
		w.must("movie", "edit", "1", "--duration", "90") // gives it the journal mode
		w.killedRestore(archives["New"], step.at)
		w.whole(step.want)
		w.must("movie", "edit", "1", "--duration", "91")
		w.must("restore", archives["New"], "--force")
		w.whole("New")
		w.tidy()
		w.must("restore", archives["Old"], "--force")
		w.must("file", "gc", "--now", "--yes")
	}
}

// killedRestore restores over a catalog, and is killed at a step.
func (w *world) killedRestore(archive, step string) {
	w.t.Helper()
	c := w.command("restore", archive, "--force")
	c.Env = append(c.Env, stepVariable+"="+step)
	if r := finish(w.t, c, ""); r.code != -1 {
		w.t.Fatalf("%s: not killed: exit %d: %s", step, r.code, r.err)
	}
}

// The same over a catalog too damaged to be opened.
func TestRestoreOverDamageKilledAtEveryStep(t *testing.T) {
	w, archives := twoCatalogs(t, 9)
	for step, restored := range map[string]bool{"read:1": false, "kept:1": false, "installed:1": true} {
		head := []byte("\x00\x07") // of the page size
		f, err := os.OpenFile(w.db(), os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteAt(head, 16); err != nil {
			t.Fatal(err)
		}
		f.Close()
		before, err := os.ReadFile(w.db())
		if err != nil {
			t.Fatal(err)
		}
		w.killedRestore(archives["New"], step)
		if restored {
			w.whole("New")
		} else if after, err := os.ReadFile(w.db()); string(after) != string(before) {
			t.Errorf("%s: the damaged catalog changed: %v", step, err)
		}
		w.must("restore", archives["New"], "--force")
		w.whole("New")
		w.tidy()
	}
}

// The same for a kill at any moment.
func TestRestoreKilledAtRandom(t *testing.T) {
	rounds := 10
	if long() {
		rounds = 200
	}
	w, archives := largeCatalogs(t, 30)
	start := time.Now()
	w.must("restore", archives["Old"], "--force")
	took := time.Since(start)
	now, seen := "Old", map[string]int{}
	for range rounds {
		next := map[string]string{"Old": "New", "New": "Old"}[now]
		c := w.command("restore", archives[next], "--force")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(rand.Int64N(int64(took))), func() { c.Process.Kill() })
		c.Wait()
		timer.Stop()
		got := w.whole(now, next)
		switch {
		case c.ProcessState.ExitCode() == 0 && got != next:
			t.Errorf("restored %s, and the catalog is %s", next, got)
		case c.ProcessState.ExitCode() == 0:
			seen["finished"]++
		case got == next:
			seen["killed, new"]++
		default:
			seen["killed, old"]++
		}
		now = got
	}
	t.Logf("%v", seen)
	w.must("restore", archives["New"], "--force")
	w.whole("New")
	w.tidy()
}

// A restoration into nothing, killed at any step, leaves no catalog or all of it.
func TestFirstRestoreKilled(t *testing.T) {
	w, archives := twoCatalogs(t, 9)
	home := filepath.Dir(w.db())
	for _, step := range []struct{ at, want string }{{"received:1", ""}, {"renamed:2", ""}, {"installed:1", "New"}} {
		if err := os.RemoveAll(home); err != nil {
			t.Fatal(err)
		}
		c := w.command("restore", archives["New"])
		c.Env = append(c.Env, stepVariable+"="+step.at)
		if r := finish(t, c, ""); r.code != -1 {
			t.Fatalf("%s: not killed: exit %d: %s", step.at, r.code, r.err)
		}
		if step.want == "" {
			if r := w.run("movie", "list"); r.code != 3 {
				t.Errorf("%s: exit %d: %s%s", step.at, r.code, r.out, r.err)
			}
			w.must("restore", archives["New"])
		} else {
			w.whole(step.want)
			w.must("restore", archives["New"], "--force")
		}
		w.whole("New")
		w.tidy()
	}
}

// A backup killed at any step leaves nothing under its name, or the one that was
// there; the next one removes what it left.
func TestBackupKilled(t *testing.T) {
	w, _ := twoCatalogs(t, 9)
	for _, step := range []string{"snapshot", "written", "checked"} {
		for _, there := range []bool{false, true} {
			file := filepath.Join(w.dir, fmt.Sprintf("%s-%v.tar.gz", step, there))
			if there {
				w.must("backup", file)
			}
			before, _ := os.ReadFile(file)
			c := w.command("backup", file, "--force")
			c.Env = append(c.Env, stepVariable+"="+step+":1")
			if r := finish(t, c, ""); r.code != -1 {
				t.Fatalf("%s: not killed: exit %d: %s", step, r.code, r.err)
			}
			if after, _ := os.ReadFile(file); string(after) != string(before) {
				t.Errorf("%s: %d bytes under the name, there were %d", step, len(after), len(before))
			}
			w.must("backup", file, "--force")
			w.tidy()
		}
	}
}

// While four processes write and a fifth collects, each backup is one moment:
// every film in it has its poster, and it comes back.
func TestBackupDuringWriters(t *testing.T) {
	rounds := 3
	if long() {
		rounds = 20
	}
	w := newWorld(t)
	pictures := makePictures(t, t.TempDir(), 4*12)
	w.must("movie", "add", "The first", "--poster", pictures[0])
	stop := make(chan struct{})
	var writers sync.WaitGroup
	for p := range 4 {
		writers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				title := fmt.Sprintf("Film %d of %d", i, p)
				keep := i%5 == 0
				if r := w.run("movie", "add", title, "--poster", pictures[p*12+i%12], "--busy-timeout", "30s"); r.code != 0 {
					t.Errorf("movie add: exit %d: %s", r.code, r.err)
				}
				if keep {
					continue
				}
				if r := w.run("movie", "delete", title, "--yes", "--busy-timeout", "30s"); r.code != 0 {
					t.Errorf("movie delete: exit %d: %s", r.code, r.err)
				}
				w.run("file", "delete", filepath.Base(pictures[p*12+i%12]), "--yes", "--busy-timeout", "30s") // in use by another, as a rule
			}
		})
	}
	writers.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				if r := w.run("file", "gc", "--now", "--yes", "--busy-timeout", "30s"); r.code != 0 {
					t.Errorf("file gc: exit %d: %s", r.code, r.err)
				}
			}
		}
	})
	for i := range rounds {
		file := filepath.Join(w.dir, fmt.Sprintf("%d.tar", i))
		if r := w.run("backup", file, "--busy-timeout", "30s"); r.code != 0 {
			t.Errorf("backup: exit %d: %s", r.code, r.err)
			continue
		}
		other := newWorld(t)
		other.must("restore", file)
		if extra := other.sound(); extra != 0 {
			t.Errorf("backup %d: %d files without a row", i, extra)
		}
		if out := other.must("movie", "list", "--fields", "title,poster.path", "-o", "tsv"); strings.Contains(out, "\t\n") || !strings.Contains(out, "The first\t") {
			t.Errorf("backup %d: films %q", i, out)
		}
	}
	close(stop)
	writers.Wait()
}
