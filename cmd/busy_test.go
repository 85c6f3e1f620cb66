package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// While somebody writes, each kind of command that has to write as well ends
// with exit 6 and a sentence once the timeout is over, and has changed nothing.
// Without WAL that goes for readers only while the other commits.
func TestLockedCatalog(t *testing.T) {
	for _, journal := range []string{"wal", "delete"} {
		w := sampled(t)
		w.env = append(w.env, "MOVIEDB_JOURNAL="+journal)
		w.must("genre", "add", "Giallo") // now in this mode
		picture := makePictures(t, t.TempDir(), 1)[0]
		csv := filepath.Join(w.dir, "new.csv")
		if err := os.WriteFile(csv, []byte("title\nMoon\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		want := w.must("export", "catalog")
		before := w.snapshot() // not while it is locked: to close a file is to let go of its locks
		unlock := lock(t, w.db())
		for _, args := range [][]string{
			{"movie", "add", "Moon"}, {"movie", "add", "Moon", "--dry-run"}, {"movie", "edit", "1", "--title", "Moon"}, {"movie", "delete", "1", "--yes"},
			{"person", "add", "Ann"}, {"file", "add", picture}, {"file", "gc", "--yes"}, {"import", "movies", csv}, {"import", "movies", csv, "--dry-run"},
			{"genre", "merge", "Drama", "--into", "Giallo", "--yes"}, {"user", "add", "ann"}, {"check", "--quick", "--fix"},
		} {
			r := w.run(append(args, "--busy-timeout", "20ms")...)
			if args[len(args)-1] == "--dry-run" && r.code == 2 { // a command without one
				continue
			}
			if r.code != 6 || r.out != "" || !strings.Contains(r.err, "another process is writing to "+w.db()+" (waited 20ms); try again, or wait longer with --busy-timeout") {
				t.Errorf("%s: %q: exit %d: %s%s", journal, args, r.code, r.out, r.err)
			}
		}
		for _, args := range [][]string{
			{"movie", "list"}, {"movie", "show", "1"}, {"search", "moon"}, {"stats"}, {"check", "--quick"}, {"export", "movies"}, {"file", "gc", "--dry-run"},
		} {
			if r := w.run(append(args, "--busy-timeout", "0")...); r.code != 0 || r.out == "" && args[0] != "search" && args[0] != "check" {
				t.Errorf("%s: %q: exit %d: %s", journal, args, r.code, r.err)
			}
		}
		unlock()
		for path, content := range w.snapshot() {
			if before[path] != content {
				t.Errorf("%s: %s is new or changed", journal, path)
			}
		}
		if got := w.must("export", "catalog"); got != want {
			t.Errorf("%s: the catalog changed", journal)
		}
		w.must("movie", "add", "Moon")
	}
}

// Whoever reads without WAL keeps the journal from being changed, and that is
// said.
func TestJournalOfAnOpenCatalog(t *testing.T) {
	w := sampled(t)
	unlock := lock(t, w.db())
	r := w.run("--busy-timeout", "100ms", "movie", "list", "--limit", "1")
	if r.code != 0 {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	w.env = append(w.env, "MOVIEDB_JOURNAL=delete")
	r = w.run("--busy-timeout", "100ms", "movie", "add", "Moon", "--json")
	if r.code != 6 || r.out != "" || !strings.Contains(r.err, `"code":"busy"`) || !strings.Contains(r.err, "cannot change from journal = wal to delete while another process has it open (waited 100ms)") {
		t.Errorf("exit %d: %s", r.code, r.err)
	}
	if out := w.must("config"); !strings.Contains(out, "journal\tdelete\tenvironment MOVIEDB_JOURNAL\n") {
		t.Error(out)
	}
	unlock()
	w.must("movie", "add", "Moon")
	if names, _ := filepath.Glob(w.db() + "-*"); len(names) != 0 {
		t.Errorf("left: %q", names)
	}
}
