package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/testkit"
)

// The fault harness runs every command that writes as a process of its own, does
// something to it (a kill, an error of the system, a full disk, fifteen others),
// and then has the sqlite3 shell and sha256sum look at what is there. The
// commands are in fault_commands_test.go, the looking in fault_verify_test.go.

// faultCount is how many events a test of the harness makes: what the variable
// says, else many where there is time, else few; without any it is skipped.
func faultCount(t *testing.T, variable string, many, few int) int {
	t.Helper()
	text := os.Getenv(variable)
	switch {
	case text != "":
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("%s=%s is not a number of events", variable, text)
		}
		return n
	case long():
		return many
	case few == 0:
		t.Skip("takes long: MOVIEDB_LONG or " + variable + " has it run")
	}
	return few
}

// needs skips a test where a command that it works with is missing.
func needs(t *testing.T, commands ...string) {
	t.Helper()
	for _, c := range commands {
		if _, err := exec.LookPath(c); err != nil {
			t.Skip(err)
		}
	}
}

// place is a folder with a world's home and, beside it, what the commands read
// (in), what they are told to write (out), and an empty folder for temporary
// files (tmp).
type place struct {
	*world
	root  string
	umask string // the program runs under it
}

// at is the place in an existing folder.
func at(t *testing.T, root, umask string) *place {
	t.Helper()
	w := newWorld(t)
	w.dir = filepath.Join(root, "home")
	w.env[0] = "HOME=" + w.dir
	w.env = append(w.env, "TMPDIR="+filepath.Join(root, "tmp"), threadVariable+"=1")
	return &place{w, root, umask}
}

// newPlace makes an empty one.
func newPlace(t *testing.T, umask string) *place {
	t.Helper()
	p := at(t, t.TempDir(), umask)
	for _, dir := range []string{"home", "in", "out", "tmp"} {
		if err := os.Mkdir(filepath.Join(p.root, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// copy is a copy of the place in a folder of its own, modes and all. Away with
// it when it is no longer needed: there are many.
func (p *place) copy(t *testing.T, umask string) (q *place, away func()) {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(dir, "p")
	if out, err := exec.Command("cp", "-a", p.root, root).CombinedOutput(); err != nil {
		t.Fatalf("cp: %v: %s", err, out)
	}
	q = at(t, root, umask)
	q.env = append(q.env, p.env[len(q.env):]...)
	return q, func() { os.RemoveAll(dir) }
}

// call is the program with its umask, behind the words of before, such as those
// of strace.
func (p *place) call(before, args []string) *exec.Cmd {
	words := append(before, "sh", "-c", `umask "$1"; shift; exec moviedb "$@"`, "sh", p.umask)
	words = append(words, args...)
	c := exec.Command(words[0], words[1:]...)
	c.Env, c.Dir = p.env, p.dir
	return c
}

// do runs a command that has to exit with its code.
func (p *place) do(c command) result {
	p.t.Helper()
	r := finish(p.t, p.call(nil, c.args), c.stdin)
	if r.code != c.code {
		p.t.Fatalf("moviedb %q: exit %d, not %d: %s", c.args, r.code, c.code, r.err)
	}
	return r
}

// ok runs the program, which has to succeed.
func (p *place) ok(args ...string) string {
	p.t.Helper()
	return p.do(command{args: args}).out
}

// write writes a file into the folder of what is read.
func (p *place) write(name, text string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.root, "in", name), []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// shell runs SQL in the sqlite3 shell on the catalog.
func (p *place) shell(sql string) string {
	p.t.Helper()
	c := exec.Command("sqlite3", "-bail", p.db())
	c.Stdin = strings.NewReader(sql)
	out, err := c.CombinedOutput()
	if err != nil {
		p.t.Fatalf("sqlite3: %v: %s", err, out)
	}
	return string(out)
}

// empty is a place without a catalog, with all that the commands read.
func empty(t *testing.T) *place {
	t.Helper()
	p := newPlace(t, "000")
	makePictures(t, filepath.Join(p.root, "in"), 16)
	for name, text := range faultInputs() {
		p.write(name, text)
	}
	var films strings.Builder
	films.WriteString("title,year,director,genres,cast\n")
	for i := range 40 {
		fmt.Fprintf(&films, "Film %d,%d,Director %d,Genre %d,Actor %d as Part %d\n", i, 1950+i, i%9, i%5, i, i)
	}
	p.write("films.csv", films.String())
	return p
}

// stocked is a place whose catalog has something for every command: rows that
// refer to each other, pictures, content without a row, some of it in the trash,
// and a password with a weak hash.
func stocked(t *testing.T) *place {
	t.Helper()
	p := empty(t)
	p.ok("import", "movies", root(t, "testdata/sample/movies.csv"))
	for _, c := range stockCommands() {
		p.do(c)
	}
	p.shell(`UPDATE users SET password = '` + weakHash(t) + `' WHERE username = 'old';`)
	return p
}

// hurt is a stocked place with damage that check can repair.
func hurt(t *testing.T) *place {
	t.Helper()
	p := stocked(t)
	p.shell(`DELETE FROM movie_keys WHERE movie_id < 20; DROP INDEX movie_keys_sort;`)
	return p
}

// blank is a place where the catalog is a file of zero bytes.
func blank(t *testing.T) *place {
	t.Helper()
	p := empty(t)
	if err := os.MkdirAll(filepath.Dir(p.db()), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.db(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// older is a place whose catalog the first version of the program wrote.
func older(t *testing.T) *place {
	t.Helper()
	p := blank(t)
	o, _ := testkit.OldCatalog(t, 1)
	if err := os.Rename(o.Path, p.db()); err != nil {
		t.Fatal(err)
	}
	p.shell(`DELETE FROM photos; UPDATE persons SET primary_photo_id = NULL; UPDATE movies SET poster_id = NULL; UPDATE users SET avatar_id = NULL; DELETE FROM files;`) // there is no content
	return p
}
