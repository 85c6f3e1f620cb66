package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// sh runs a shell script in the world.
func (w *world) sh(script string) result {
	w.t.Helper()
	c := exec.Command("bash", "-c", script)
	c.Env, c.Dir = w.env, w.dir
	return finish(w.t, c, "")
}

// What people write around the program in a shell works.
func TestShellIdioms(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash")
	}
	w := sampled(t)
	tests := []struct{ name, script, want string }{
		{"head", `set -o pipefail; moviedb movie list --fields title | head -1`, "A Trip to the Moon\n"},
		{"read", `moviedb movie list --fields id,title --limit 2 | while IFS=$'\t' read -r id title; do moviedb movie show "$id" --fields title; done`, ""},
		{"id", `id=$(moviedb movie add Moon) && moviedb movie show "$id" --fields title`, "Moon\n"},
		{"several ids", `moviedb movie list --year 1979 --fields id | xargs moviedb movie edit --add-genre Drama --dry-run | wc -l`, ""},
		{"stdin closed", `moviedb movie list --fields id --limit 1 <&-`, "1\n"},
	}
	for _, tt := range tests {
		r := w.sh(tt.script)
		if r.code != 0 || r.err != "" || (tt.want != "" && r.out != tt.want) || r.out == "" {
			t.Errorf("%s: exit %d, stdout %q, stderr %q; want %q", tt.name, r.code, r.out, r.err, tt.want)
		}
	}
	if _, err := exec.LookPath("jq"); err == nil {
		if r := w.sh(`moviedb movie list --json | jq -r '.[0].title'; moviedb movie add Sun --json | jq .title`); !strings.HasSuffix(r.out, "\n\"Sun\"\n") || r.code != 0 {
			t.Errorf("jq: exit %d, %q, %q", r.code, r.out, r.err)
		}
	}
}

// A reader that goes away ends the program quietly, in every format, and leaves
// nothing beside the catalog.
func TestClosedPipeEndsQuietly(t *testing.T) {
	w := newWorld(t)
	var b strings.Builder
	b.WriteString("title,description\n")
	for i := range 20000 {
		fmt.Fprintf(&b, "Film %d,%s\n", i, strings.Repeat("word ", 20))
	}
	file := filepath.Join(w.dir, "many.csv")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	w.must("import", "movies", file)
	for _, format := range []string{"tsv", "csv", "json", "jsonl", "markdown", "table"} {
		c := w.command("movie", "list", "-o", format)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		var errs strings.Builder
		c.Stderr = &errs
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		out.Read(make([]byte, 10))
		out.Close()
		c.Wait()
		if c.ProcessState.ExitCode() != 0 || errs.Len() > 0 {
			t.Errorf("%s: exit %d, stderr %q", format, c.ProcessState.ExitCode(), errs.String())
		}
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		if _, err := os.Stat(w.db() + suffix); err == nil {
			t.Errorf("%s was left behind", suffix)
		}
	}
}

// Eight processes started together, each adding 25 films, lose nothing and
// never fail: with no catalog yet, and on the one that is there then.
func TestEightProcessesAddAtOnce(t *testing.T) {
	w, each := newWorld(t), 10
	if long() {
		each = 25
	}
	for _, round := range []string{"first", "second"} {
		var wg sync.WaitGroup
		start := make(chan struct{})
		for p := range 8 {
			wg.Go(func() {
				<-start
				for i := range each {
					if r := w.run("movie", "add", fmt.Sprintf("%s %d-%d", round, p, i)); r.code != 0 {
						t.Errorf("%s round: exit %d: %s", round, r.code, r.err)
					}
				}
			})
		}
		close(start)
		wg.Wait()
	}
	if n := strings.Count(w.must("movie", "list"), "\n"); n != 16*each {
		t.Errorf("%d films, want %d", n, 16*each)
	}
	left, err := filepath.Glob(w.db() + "*")
	if err != nil || len(left) != 2 {
		t.Errorf("beside the catalog and its directory there is something else: %v", left)
	}
}

// Nothing inside a catalog says where it lies.
func TestCatalogMovesWithItsDirectory(t *testing.T) {
	w := sampled(t)
	want := w.must("movie", "list", "--json")
	moved := filepath.Join(w.dir, "elsewhere", "films")
	if err := os.MkdirAll(filepath.Dir(moved), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Dir(w.db()), moved); err != nil {
		t.Fatal(err)
	}
	if got := w.must("--db", filepath.Join(moved, "moviedb.db"), "movie", "list", "--json"); got != want {
		t.Error("the moved catalog lists other films")
	}
}
