package cmd_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Ctrl-C ends a backup and a restoration at once, and nothing is left of them.
func TestBackupAndRestoreInterrupted(t *testing.T) {
	rounds := 6
	if long() {
		rounds = 60
	}
	w, archives := twoCatalogs(t, 30)
	file := filepath.Join(w.dir, "films.tar.gz")
	now, seen := "Old", map[int]int{}
	for i := range 2 * rounds {
		args, next := []string{"backup", file}, now
		if i%2 == 1 {
			next = map[string]string{"Old": "New", "New": "Old"}[now]
			args = []string{"restore", archives[next], "--force"}
		}
		c := w.command(args...)
		var said strings.Builder
		c.Stderr = &said
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(rand.Int64N(int64(60*time.Millisecond))), func() { c.Process.Signal(os.Interrupt) })
		c.Wait()
		timer.Stop()
		code := c.ProcessState.ExitCode() // -1 is before the program heeds signals
		seen[code]++
		if code != 0 && code != 130 && code != -1 {
			t.Errorf("%q: exit %d: %s", args, code, &said)
		}
		if _, err := os.Stat(file); args[0] == "backup" && (err == nil) != (code == 0) {
			t.Errorf("backup: exit %d, the file: %v", code, err)
		}
		w.tidy()
		now = w.whole(now, next)
		os.Remove(file)
	}
	t.Logf("exit codes: %v", seen)
}

// Whatever the umask, nobody else can read what is made.
func TestBackupWhateverTheUmask(t *testing.T) {
	for _, umask := range []string{"000", "077"} {
		w, archives := twoCatalogs(t, 6)
		for _, line := range []string{
			"moviedb backup u.tar", "moviedb --db deep/er/u.db restore u.tar", "moviedb restore " + archives["New"] + " --force", "moviedb movie add Moon",
		} {
			if r := w.sh("umask " + umask + "; " + line); r.code != 0 {
				t.Fatalf("%s: exit %d: %s", line, r.code, r.err)
			}
		}
		if r := w.sh(`find u.tar deep .local -perm /077 -not -path .local -not -path .local/share`); r.out != "" || r.err != "" {
			t.Errorf("umask %s: others can use %s%s", umask, r.out, r.err)
		}
	}
}

// While catalogs are restored over each other, a reader finds one or the other,
// and a writer writes into one of them.
func TestRestoreBesideOthers(t *testing.T) {
	for _, journal := range []string{"wal", "delete"} {
		w, archives := largeCatalogs(t, 6)
		w.env = append(w.env, "MOVIEDB_JOURNAL="+journal)
		stop := make(chan struct{})
		var others sync.WaitGroup
		loop := func(do func(i int)) {
			others.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
						do(i)
					}
				}
			})
		}
		loop(func(int) {
			r := w.run("movie", "list", "--fields", "title", "--busy-timeout", "30s")
			if first, _, _ := strings.Cut(r.out, "\n"); r.code != 0 || first != "Old" && first != "New" {
				t.Errorf("%s: a reader: exit %d, %q, %s", journal, r.code, r.out, r.err)
			}
		})
		loop(func(i int) {
			if r := w.run("movie", "add", fmt.Sprintf("Film %d", i), "--busy-timeout", "30s"); r.code != 0 {
				t.Errorf("%s: a writer: exit %d, %s", journal, r.code, r.err)
			}
		})
		rounds := 8
		if long() {
			rounds = 40
		}
		for i := range rounds {
			title := []string{"New", "Old"}[i%2]
			if r := w.run("restore", archives[title], "--force", "--busy-timeout", "30s"); r.code != 0 {
				t.Errorf("%s: restore: exit %d: %s", journal, r.code, r.err)
			}
		}
		close(stop)
		others.Wait()
		w.sound()
		w.tidy()
	}
}

// A catalog that is locked is not replaced.
func TestRestoreOverALockedCatalog(t *testing.T) {
	w, archives := twoCatalogs(t, 3)
	unlock := lock(t, w.db())
	defer unlock()
	r := w.run("restore", archives["New"], "--force", "--busy-timeout", "20ms", "--json")
	if r.code != 6 || !strings.Contains(r.err, `"busy"`) || !strings.Contains(r.err, "has "+w.db()+" open (waited 20ms)") {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	unlock()
	w.whole("Old")
	w.tidy()
}

// On a terminal both say what they did.
func TestBackupOnATerminal(t *testing.T) {
	w, _ := twoCatalogs(t, 6)
	r := w.onTerminal("", "", "backup", "t.tar")
	if r.code != 0 || !strings.HasPrefix(r.out, "backed up "+w.db()+" to "+w.dir) || !strings.Contains(r.out, ": database 3") || !strings.Contains(r.out, ", 4 files (") {
		t.Errorf("backup: exit %d, %q", r.code, r.out)
	}
	r = w.onTerminal("", "", "--db", "t.db", "restore", "t.tar", "--dry-run")
	if r.code != 0 || !strings.HasPrefix(r.out, "would restore "+filepath.Join(w.dir, "t.db")+" from t.tar, as of 2") {
		t.Errorf("restore: exit %d, %q", r.code, r.out)
	}
}

// On a full disk a backup and a restoration leave all as it was.
func TestBackupAndRestoreOnAFullDisk(t *testing.T) {
	w, archives := largeCatalogs(t, 6)
	info, err := os.Stat(archives["Old"])
	if err != nil {
		t.Fatal(err)
	}
	nearly := int(info.Size()/1024) - 1 // the end of the archive has no room
	for _, kib := range []int{8, 100, nearly} {
		for _, args := range [][]string{{"backup", "full.tar"}, {"restore", archives["New"], "--force"}, {"--db", "full.db", "restore", archives["New"]}} {
			if kib == nearly && args[0] != "backup" {
				continue // nothing that it writes is as large
			}
			before := w.snapshot()
			r := w.limited(kib, args...)
			if r.code != 1 || r.out != "" || !strings.HasPrefix(r.err, "moviedb: ") || strings.Count(r.err, "\n") != 1 {
				t.Errorf("%q with %d KiB: exit %d, %q, %q", args, kib, r.code, r.out, r.err)
			}
			if !sameFiles(before, w.snapshot()) {
				t.Errorf("%q with %d KiB changed something: %s", args, kib, r.err)
			}
		}
	}
	w.whole("Old")
}
