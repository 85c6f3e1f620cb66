package cmd_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// paging is a command on an 80-column terminal with the variables set, and no
// others that concern a pager.
func (w *world) paging(vars []string, args ...string) *exec.Cmd {
	c := w.command(args...)
	c.Env = slices.DeleteFunc(slices.Clone(c.Env), func(s string) bool { return strings.HasPrefix(s, "MOVIEDB_PAGER=") })
	c.Env = append(c.Env, vars...)
	return c
}

// page runs it on a terminal of 24 lines.
func (w *world) page(vars []string, args ...string) result {
	w.t.Helper()
	return w.drive(w.paging(vars, args...), "", "")
}

// What is longer than the terminal goes through the pager, with the notes.
func TestLongOutputGoesThroughThePager(t *testing.T) {
	w := sampled(t)
	mark := []string{`MOVIEDB_PAGER=sed 's/^/P:/'`}
	for _, args := range [][]string{{"movie", "list"}, {"movie", "list", "--help"}, {"--help"}, {"help", "json"}, {"movie"}, {"movie", "show", "Alien (1979)", "-o", "table", "--fields", "cast,description,id,title,genres,budget"}} {
		r := w.page(mark, append(args, "--color=never")...)
		lines := strings.Split(strings.TrimSuffix(r.out, "\n"), "\n")
		long := len(lines) >= 24
		for _, line := range lines {
			if r.code != 0 || strings.HasPrefix(line, "P:") != long {
				t.Errorf("%q: exit %d, %d lines, among them %q", args, r.code, len(lines), line)
				break
			}
		}
		if args[0] == "movie" && len(args) == 2 && !strings.Contains(lines[len(lines)-1], "P:50 of ") {
			t.Errorf("%q: the last line is %q", args, lines[len(lines)-1])
		}
	}
	for _, args := range [][]string{{"movie", "list", "--limit", "5"}, {"movie", "list", "--json"}, {"movie", "list", "-o", "tsv"}, {"movie", "list", "-o", "csv"}} {
		if r := w.page(mark, args...); r.code != 0 || strings.Contains(r.out, "P:") || r.out == "" {
			t.Errorf("%q went through the pager: exit %d\n%s", args, r.code, r.out)
		}
	}
	for _, args := range [][]string{{"movie", "list", "-o", "table"}, {"--help"}} {
		if r := finish(t, w.paging(mark, args...), ""); r.code != 0 || strings.Contains(r.out, "P:") {
			t.Errorf("%q in a pipe: exit %d\n%s", args, r.code, r.out)
		}
	}
}

// Which pager it is, and how to have none.
func TestWhichPager(t *testing.T) {
	w := sampled(t)
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "less"), []byte("#!/bin/sh\nsed \"s/^/less $LESS:/\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	path := "PATH=" + bin + ":" + os.Getenv("PATH")
	for _, tt := range []struct {
		name string
		vars []string
		args []string
		want string
	}{
		{"less", []string{path}, nil, "less FRX:"},
		{"options", []string{path, "LESS=R"}, nil, "less R:"},
		{"PAGER", []string{path, "PAGER=sed s/^/A:/"}, nil, "A:"},
		{"MOVIEDB_PAGER", []string{path, "PAGER=sed s/^/A:/", "MOVIEDB_PAGER=sed s/^/B:/"}, nil, "B:"},
		{"shell", []string{path, "PAGER=sed s/^/A:/ | sed s/^/C:/"}, nil, "C:A:"},
		{"empty", []string{path, "PAGER=sed s/^/A:/", "MOVIEDB_PAGER="}, nil, ""},
		{"cat", []string{path, "PAGER=cat"}, nil, ""},
		{"dumb", []string{path, "TERM=dumb"}, nil, ""},
		{"dumb but named", []string{path, "TERM=dumb", "PAGER=sed s/^/A:/"}, nil, "A:"},
		{"missing", []string{path, "PAGER=no-such-pager -x"}, nil, ""},
		{"flag", []string{path}, []string{"--no-pager"}, ""},
		{"flag of help", []string{path}, []string{"--no-pager", "--help"}, ""},
	} {
		r := w.page(tt.vars, append([]string{"movie", "list", "--color=never"}, tt.args...)...)
		first, _, _ := strings.Cut(r.out, "\n")
		marked := strings.HasPrefix(first, tt.want)
		if tt.want == "" {
			marked = strings.HasPrefix(strings.TrimSpace(first), "ID ") || strings.HasPrefix(first, "List movies")
		}
		if r.code != 0 || !marked || strings.Count(r.out, "\n") < 30 {
			t.Errorf("%s: exit %d, first line %q, %d lines", tt.name, r.code, first, strings.Count(r.out, "\n"))
		}
	}
}

// Leaving the pager early is no error, and the exit code of the command is kept.
func TestPagerKeepsTheExitCode(t *testing.T) {
	w := sampled(t)
	file := filepath.Join(w.dir, "many.csv")
	var rows strings.Builder
	rows.WriteString("title,description\n")
	for i := range 4000 {
		fmt.Fprintf(&rows, "Film %d,%s\n", i, strings.Repeat("word ", 20))
	}
	if err := os.WriteFile(file, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	w.must("import", "movies", file)
	if r := w.page([]string{"PAGER=head -n 1"}, "movie", "list", "--limit", "0", "--fields", "id,title,description"); r.code != 0 || strings.Count(r.out, "\n") != 1 {
		t.Errorf("left early: exit %d, %q", r.code, r.out)
	}
	if r := w.page([]string{"PAGER=cat >&2; exit 7"}, "movie", "list"); r.code != 0 || strings.Count(r.out, "\n") < 50 {
		t.Errorf("the pager fails: exit %d, %q", r.code, r.out)
	}
	bad := filepath.Join(w.dir, "bad.csv")
	if err := os.WriteFile(bad, []byte("title,duration\nMoon,ninety\nSun,90\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := w.paging([]string{"PAGER=sed s/^/P:/"}, "import", "movies", bad, "--keep-going", "-o", "table")
	s := startSession(t, c, 5)
	if code := s.end(); code != 5 || !strings.Contains(s.seen, "P:created ") {
		t.Errorf("partly done: exit %d, screen:\n%s", code, s.seen)
	}
}

// session is a program on a terminal that outlives it.
type session struct {
	t           *testing.T
	cmd         *exec.Cmd
	screen, tty *os.File
	before      *term.State
	shown       chan string // what the screen got
	seen        string
	answered    int
}

func startSession(t *testing.T, c *exec.Cmd, rows uint16) *session {
	t.Helper()
	screen, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(screen, &pty.Winsize{Rows: rows, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	s := &session{t: t, cmd: c, screen: screen, tty: tty, shown: make(chan string, 1000)}
	if s.before, err = term.GetState(int(tty.Fd())); err != nil {
		t.Fatal(err)
	}
	c.Stdin, c.Stdout, c.Stderr = tty, tty, tty
	c.SysProcAttr = sessionLeader()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.shown)
		for {
			buf := make([]byte, 4096)
			n, err := screen.Read(buf)
			s.shown <- string(buf[:n])
			if err != nil {
				return
			}
		}
	}()
	return s
}

// press types keys until a text has appeared after all that was awaited before:
// Ctrl-C makes a terminal forget what was typed and not yet read.
func (s *session) press(keys, until string) {
	s.t.Helper()
	for range 300 {
		if at := strings.Index(s.seen[s.answered:], until); at >= 0 {
			s.answered = len(s.seen)
			return
		}
		if _, err := io.WriteString(s.screen, keys); err != nil {
			s.t.Fatal(err)
		}
		select {
		case text := <-s.shown:
			s.seen += text
		case <-time.After(100 * time.Millisecond):
		}
	}
	s.cmd.Process.Kill()
	s.t.Fatalf("no %q: %q", until, s.seen)
}

// end waits for the program, whose terminal has to be as it was, and returns the
// exit code.
func (s *session) end() int {
	s.t.Helper()
	s.cmd.Wait()
	after, err := term.GetState(int(s.tty.Fd()))
	if err != nil || !reflect.DeepEqual(s.before, after) {
		s.t.Errorf("the terminal is left another: %v", err)
	}
	s.tty.Close()
	for text := range s.shown {
		s.seen += text
	}
	s.screen.Close()
	return s.cmd.ProcessState.ExitCode()
}

// Ctrl-C in less is less's own affair, also the second time; the program waits
// until it is left, and the terminal is as before.
func TestCtrlCInLess(t *testing.T) {
	if _, err := exec.LookPath("less"); err != nil {
		t.Skip("no less")
	}
	w := sampled(t)
	s := startSession(t, w.paging(nil, "movie", "list", "--color=never"), 24)
	s.press("", "Bride of Frankens…") // also without a locale
	for range 2 {
		io.WriteString(s.screen, "\x03")
		s.press("G", "50 of ")
		io.WriteString(s.screen, "\x03")
		s.press("g", "A Trip to the Moon")
	}
	io.WriteString(s.screen, "q")
	if code := s.end(); code != 0 {
		t.Errorf("exit %d, screen:\n%q", code, s.seen)
	}
}
