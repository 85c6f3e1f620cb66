package cmd_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// world is a scratch home in which the real program runs as a process.
type world struct {
	t   *testing.T
	dir string
	env []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	env := []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), schemaVariable + "=" + os.Getenv(schemaVariable), "TERM=xterm", "MOVIEDB_PAGER=cat"}
	return &world{t, dir, env}
}

// sampled is a world whose catalog holds the sample of the repository.
func sampled(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.must("import", "movies", root(t, "testdata/sample/movies.csv"))
	return w
}

func root(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(filepath.Join("..", path))
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// result is what one run left.
type result struct {
	out, err string
	code     int
}

func (w *world) command(args ...string) *exec.Cmd {
	c := exec.Command("moviedb", args...)
	c.Env, c.Dir = w.env, w.dir
	return c
}

// run runs the program with nothing on standard input.
func (w *world) run(args ...string) result { return w.runWith("", args...) }

func (w *world) runWith(stdin string, args ...string) result {
	w.t.Helper()
	return finish(w.t, w.command(args...), stdin)
}

func finish(t *testing.T, c *exec.Cmd, stdin string) result {
	t.Helper()
	var out, errs bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(stdin), &out, &errs
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %v", c.Args, err)
	}
	return result{out.String(), errs.String(), c.ProcessState.ExitCode()}
}

// must runs the program, which has to succeed, and returns what it printed.
func (w *world) must(args ...string) string {
	w.t.Helper()
	r := w.run(args...)
	if r.code != 0 {
		w.t.Fatalf("moviedb %q: exit %d: %s", args, r.code, r.err)
	}
	return r.out
}

// db is the path of the catalog.
func (w *world) db() string { return filepath.Join(w.dir, ".local/share/moviedb/moviedb.db") }

// snapshot is every file below the world's home with its content.
func (w *world) snapshot() map[string]string {
	w.t.Helper()
	files := map[string]string{}
	err := filepath.Walk(w.dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			files[path] = "dir"
			return err
		}
		b, err := os.ReadFile(path)
		files[path] = string(b)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return files
}
