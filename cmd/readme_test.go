package cmd_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// blocks returns the shell blocks of the README below a heading.
func blocks(t *testing.T, heading string) []string {
	t.Helper()
	text, err := os.ReadFile(root(t, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(text), "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("README.md has no heading %q", heading)
	}
	section, _, _ := strings.Cut(after, "\n## ")
	var found []string
	for _, m := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(section, -1) {
		found = append(found, m[1])
	}
	return found
}

// The tour of the README runs as it is pasted; each line succeeds and prints
// something.
func TestReadmeTourRuns(t *testing.T) {
	w := newWorld(t)
	for _, dir := range []string{"testdata"} {
		if err := os.Symlink(root(t, dir), w.dir+"/"+dir); err != nil {
			t.Fatal(err)
		}
	}
	tour := blocks(t, "A tour")
	if len(tour) != 1 {
		t.Fatalf("the tour has %d blocks", len(tour))
	}
	settings := ""
	for line := range strings.Lines(tour[0]) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "export ") {
			settings += line + "\n"
			continue
		}
		c := exec.Command("sh", "-c", settings+line)
		c.Env, c.Dir = w.env, w.dir
		if r := finish(t, c, ""); r.code != 0 || r.out == "" {
			t.Errorf("%s: exit %d, stdout %q, stderr %q", line, r.code, r.out, r.err)
		}
	}
}

// .ci/run runs the test command that the README gives.
func TestReadmeTestCommandIsTheOneCIRuns(t *testing.T) {
	two := blocks(t, "Two commands")
	ci, err := os.ReadFile(root(t, ".ci/run"))
	if err != nil {
		t.Fatal(err)
	}
	if len(two) != 2 || !strings.Contains(string(ci), "\n"+two[1]) {
		t.Errorf(".ci/run does not run %q", two[1])
	}
	if !strings.Contains(two[0], "testdata/sample/movies.csv") {
		t.Errorf("the first command does not import the sample: %s", two[0])
	}
}
