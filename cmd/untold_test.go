package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Where standard output has no room for what is told of a change, the error says
// that the change was made; of anything else it does not.
func TestOutputWithoutRoom(t *testing.T) {
	w := newWorld(t)
	w.must("movie", "add", "Sun")
	w.write(filepath.Join(w.dir, "in.csv"), "title\nMoon\n")
	w.write(filepath.Join(w.dir, "all.jsonl"), w.must("export", "catalog"))
	w.must("backup", "b.tar.gz")
	for _, c := range []struct {
		args string
		done bool
	}{
		{"movie add Star", true},
		{"movie edit 1 --title Sol --json", true},
		{"movie delete 1 --yes", true},
		{"movie delete 2 --yes --dry-run", false},
		{"import movies in.csv", true},
		{"import movies --dry-run --json in.csv", false},
		{"--db new.db import catalog all.jsonl", true},
		{"backup --force b.tar.gz", true},
		{"restore --force --dry-run b.tar.gz", false},
		{"restore --force b.tar.gz", true},
		{"movie list", false},
		{"export catalog", false},
	} {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip(err)
		}
		p := w.command(strings.Fields(c.args)...)
		var said strings.Builder
		p.Stdout, p.Stderr = full, &said
		p.Run()
		full.Close()
		if code := p.ProcessState.ExitCode(); code != 1 || !strings.Contains(said.String(), "no space left on device") ||
			strings.Contains(said.String(), "but what was asked for is done") != c.done {
			t.Errorf("%s: exit %d, %q", c.args, code, said.String())
		}
	}
	if films := w.must("movie", "list", "--fields", "title"); films != "Star\nMoon\n" {
		t.Errorf("films %q", films)
	}
}
