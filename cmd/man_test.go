package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/cmd"
)

// man writes a page for each command, the same each time, and leaves alone what
// is not its own.
func TestManualHasAPageForEveryCommand(t *testing.T) {
	w := newWorld(t)
	dir := filepath.Join(w.dir, "share", "man1")
	listed := strings.Fields(w.must("man", dir))
	want := []string{"moviedb.1", "moviedb-help.1"}
	for _, path := range append(cmd.Groups(), cmd.Leaves()...) {
		want = append(want, "moviedb-"+strings.ReplaceAll(path, " ", "-")+".1")
	}
	var got []string
	for _, path := range listed {
		got = append(got, filepath.Base(path))
		info, err := os.Stat(path)
		if err != nil || info.Mode() != 0o644 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("pages %q\nwant  %q", got, want)
	}
	foreign := filepath.Join(dir, "other.1")
	if err := os.WriteFile(foreign, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := w.snapshot()
	if r := w.onTerminal("", "", "man", dir); r.code != 0 || !strings.HasPrefix(r.out, "wrote ") {
		t.Errorf("again: exit %d, %q", r.code, r.out)
	}
	if !sameFiles(before, w.snapshot()) {
		t.Error("the second time something is different")
	}
	if r := w.run("man", foreign); r.code != 1 || r.out != "" {
		t.Errorf("a file for a directory: exit %d, %q", r.code, r.out)
	}
}

// The pages are without a fault for those who read them.
func TestManualPagesAreSound(t *testing.T) {
	w := newWorld(t)
	pages := strings.Fields(w.must("man", w.dir))
	page, err := os.ReadFile(filepath.Join(w.dir, "moviedb-movie-add.1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{".TH MOVIEDB-MOVIE-ADD 1 20", ".SH NAME\nmoviedb\\-movie\\-add \\- ", ".SH SYNOPSIS\n", ".B \\-\\-title", ".SH EXAMPLES\n", "\\fBmoviedb\\-movie\\fR(1)"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("no %q in:\n%s", want, page)
		}
	}
	if _, err := exec.LookPath("mandoc"); err != nil {
		t.Skip("no mandoc")
	}
	if out, err := exec.Command("mandoc", append([]string{"-T", "lint"}, pages...)...).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("mandoc -T lint: %v\n%s", err, out)
	}
}
