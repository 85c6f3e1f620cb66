package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// unasked are calls that open a form on a terminal, and what is missing where
// there is none.
func unasked() map[string]string {
	return map[string]string{
		"movie add": "--title", "person add": "--last-name", "character add": "--movie", "genre add": "--name", "country add": "--name",
		"photo add": "PERSON", "user add": "--username", "movie edit Ikiru": "--", "person edit Ann": "--", "genre edit Drama": "--",
		"country edit Japan": "--", "user edit ann": "--",
	}
}

// limited runs a command that has to end by itself.
func limited(t *testing.T, c *exec.Cmd) result {
	t.Helper()
	var out, errs strings.Builder
	if c.Stdout == nil {
		c.Stdout = &out
	}
	if c.Stderr == nil {
		c.Stderr = &errs
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(patience, func() { c.Process.Kill() })
	c.Wait()
	if !late.Stop() {
		t.Errorf("%v does not end", c.Args)
	}
	return result{out.String(), errs.String(), c.ProcessState.ExitCode()}
}

// Where nobody can be asked, the call that opens a form elsewhere ends at once
// and says what is missing, whatever standard input is, and whatever /dev/tty.
func TestNothingIsAskedWhereNobodyIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must("genre", "add", "Drama")
	w.must("country", "add", "Japan")
	w.must("person", "add", "Ann")
	w.must("user", "add", "ann")
	w.must("movie", "add", "Ikiru")
	before := w.snapshot()
	idle, writer, err := os.Pipe() // a pipe in which nothing ever comes
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	defer writer.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "errors"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for line, missing := range unasked() {
		args := strings.Fields(line)
		check := func(how string, r result) {
			t.Helper()
			if r.code != 2 || !strings.Contains(r.err, missing) || r.out != "" || strings.Contains(r.err, "\x1b") {
				t.Errorf("%s, %s: exit %d, want 2 and %s\n%s%s", line, how, r.code, missing, r.out, r.err)
			}
		}
		c := w.command(args...)
		c.Stdin, c.SysProcAttr = idle, &syscall.SysProcAttr{Setsid: true}
		check("a pipe and no terminal", limited(t, c))
		c = w.command(args...)
		check("nothing", limited(t, c))
		c = w.command()
		c.Path, c.Args = "/bin/sh", []string{"sh", "-c", `exec moviedb "$@" <&-`, "sh"}
		c.Args = append(c.Args, args...)
		check("closed", limited(t, c))
		for how, change := range map[string]func(*exec.Cmd){
			"--no-input":       func(c *exec.Cmd) { c.Args = append(c.Args, "--no-input") },
			"MOVIEDB_NO_INPUT": func(c *exec.Cmd) { c.Env = append(c.Env, "MOVIEDB_NO_INPUT=true") },
			"a pipe beside a terminal": func(c *exec.Cmd) {
				c.Stdin = idle
				c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 2}
			},
			"the errors are in a file too": func(c *exec.Cmd) { c.Stderr = file },
		} {
			s := w.open(w.command(args...))
			change(s.cmd)
			if s.cmd.Stderr == file {
				if r := s.start().exit(); r.code != 2 {
					t.Errorf("%s, %s: exit %d", line, how, r.code)
				}
				continue
			}
			r := s.start().exit()
			check(how, result{err: strings.Join(strings.Fields(s.sent()), " "), code: r.code})
		}
	}
	if after := w.snapshot(); !sameFiles(before, after) {
		t.Error("something was written")
	}
}

// -i where nobody can be asked is an error of the call.
func TestInteractiveNeedsSomebody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for line := range unasked() {
		c := w.command(append(strings.Fields(line), "-i")...)
		if r := limited(t, c); r.code != 2 || !strings.Contains(r.err, "a form needs a terminal to ask on") {
			t.Errorf("%s -i: exit %d: %s", line, r.code, r.err)
		}
	}
	if _, err := os.Stat(filepath.Dir(w.db())); err == nil {
		t.Error("something was made")
	}
}

// A call that says all that is needed opens no form on a terminal, and no command
// without a form asks the terminal anything: what is sent is only its output.
func TestNoFormIsAskedFor(t *testing.T) {
	t.Parallel()
	w := sampled(t)
	for _, args := range [][]string{{"version"}, {"movie", "list", "--limit", "3", "--no-pager"}, {"movie", "show", "Alien"}, {"movie", "add", "Moon"}, {"movie", "add", "--title", "Sun"},
		{"genre", "edit", "Drama", "--notes", "x"}, {"country", "add", "Ruritania"}, {"person", "add", "--last-name", "Ann"}, {"--help"}, {"movie", "add", "--help"}, {"stats"}} {
		s := w.screen(append(args, "--color=never")...)
		s.code(0)
		if sent := s.sent(); strings.Contains(sent, "\x1b") || sent == "" {
			t.Errorf("%v: %q", args, sent)
		}
	}
	s := w.screen("movie", "list", "--limit", "3")
	s.code(0)
	if sent := s.sent(); strings.ContainsAny(strings.ReplaceAll(sent, "\x1b[", ""), "\x1b") || strings.Contains(sent, "$p") || strings.Contains(sent, "[6n") || strings.Contains(sent, "[?") || strings.Contains(sent, "[c") {
		t.Errorf("movie list: %q", sent)
	}
}
