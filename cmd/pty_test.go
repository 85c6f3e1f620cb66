package cmd_test

import (
	"bytes"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// onTerminal runs the program on an 80-column terminal, types keys once prompt
// has appeared ("" types at once), and returns all the terminal received.
func (w *world) onTerminal(prompt, keys string, args ...string) result {
	w.t.Helper()
	c := w.command(args...)
	return w.drive(c, prompt, keys)
}

func (w *world) drive(c *exec.Cmd, prompt, keys string) result {
	w.t.Helper()
	if keys == "" {
		return w.converse(c, nil, nil)
	}
	return w.converse(c, []string{prompt}, []string{strings.TrimSuffix(keys, "\n")})
}

// converse answers each prompt, once it has appeared, with a line; an answer of
// a control character is typed alone.
func (w *world) converse(c *exec.Cmd, prompts, answers []string) result {
	w.t.Helper()
	tty, err := pty.StartWithSize(c, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		w.t.Fatal(err)
	}
	defer tty.Close()
	var seen bytes.Buffer
	asked := 0 // how much of what was seen is answered
	buf := make([]byte, 4096)
	for {
		if len(answers) > 0 {
			if at := strings.Index(seen.String()[asked:], prompts[0]); at >= 0 {
				asked += at + len(prompts[0])
				keys := answers[0]
				if keys != "\x03" && keys != "\x04" {
					keys += "\n"
				}
				io.WriteString(tty, keys)
				prompts, answers = prompts[1:], answers[1:]
			}
		}
		n, err := tty.Read(buf)
		seen.Write(buf[:n])
		if err != nil {
			break // the program's end closes its side
		}
	}
	c.Wait()
	return result{out: strings.ReplaceAll(seen.String(), "\r\n", "\n"), code: c.ProcessState.ExitCode()}
}

func TestDeletionAsksOnATerminal(t *testing.T) {
	w := sampled(t)
	const prompt = "Delete it? [y/N] "
	for _, answer := range []string{"\n", "n\n", "maybe\n", "\x04"} {
		r := w.onTerminal(prompt, answer, "movie", "delete", "Alien (1979)")
		if r.code != 1 || !strings.Contains(r.out, "Alien (1979), with ") || !strings.Contains(r.out, "nothing was changed") {
			t.Errorf("answer %q: exit %d, screen:\n%s", answer, r.code, r.out)
		}
	}
	w.must("movie", "show", "Alien (1979)")
	if r := w.onTerminal(prompt, "\x03", "movie", "delete", "Alien (1979)"); r.code != 130 {
		t.Errorf("Ctrl-C: exit %d, screen:\n%s", r.code, r.out)
	}
	w.must("movie", "show", "Alien (1979)")
	if r := w.onTerminal(prompt, "y\n", "movie", "delete", "Alien (1979)"); r.code != 0 || !strings.Contains(r.out, "deleted movie ") {
		t.Errorf("yes: exit %d, screen:\n%s", r.code, r.out)
	}
	if r := w.run("movie", "show", "Alien (1979)"); r.code != 3 {
		t.Errorf("after yes the movie is still there")
	}
	if r := w.onTerminal("", "", "movie", "delete", "Psycho (1960)", "--no-input"); r.code != 2 {
		t.Errorf("--no-input: exit %d, screen:\n%s", r.code, r.out)
	}
}

func TestTerminalGetsATableOfFiftyAndIsToldSo(t *testing.T) {
	w := sampled(t)
	r := w.onTerminal("", "", "movie", "list", "--color", "never")
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	if len(lines) != 52 || !strings.HasPrefix(lines[0], "ID") && !strings.HasPrefix(strings.TrimSpace(lines[0]), "ID") {
		t.Fatalf("%d lines:\n%s", len(lines), r.out)
	}
	if !strings.HasPrefix(lines[51], "50 of ") {
		t.Errorf("last line %q does not say that the list is cut", lines[51])
	}
	r = w.onTerminal("", "", "movie", "list", "--limit", "0", "--color", "never")
	if n := strings.Count(r.out, "\n"); n < 150 {
		t.Errorf("--limit 0: %d lines", n)
	}
	if r := w.onTerminal("", "", "movie", "add", "Moon"); !strings.HasPrefix(r.out, "added movie ") || !strings.HasSuffix(r.out, ": Moon\n") {
		t.Errorf("an addition on a terminal is a sentence, got %q", r.out)
	}
}

// Colour is for terminals, and can be turned off in three ways; then there is
// no escape byte at all.
func TestColourOnlyWhereWelcome(t *testing.T) {
	w := sampled(t)
	list := []string{"movie", "list", "--limit", "3"}
	if r := w.onTerminal("", "", list...); !strings.Contains(r.out, "\x1b[") {
		t.Errorf("no colour on a terminal:\n%q", r.out)
	}
	plain := map[string]func() result{
		"pipe":  func() result { return w.run(append(list, "-o", "table")...) },
		"never": func() result { return w.onTerminal("", "", append(list, "--color=never")...) },
		"NO_COLOR": func() result {
			c := w.command(list...)
			c.Env = append(c.Env, "NO_COLOR=1")
			return w.drive(c, "", "")
		},
		"TERM=dumb": func() result {
			c := w.command(list...)
			c.Env = append(c.Env, "TERM=dumb")
			return w.drive(c, "", "")
		},
	}
	for name, run := range plain {
		if r := run(); r.code != 0 || strings.Contains(r.out+r.err, "\x1b") || r.out == "" {
			t.Errorf("%s: exit %d, %q", name, r.code, r.out+r.err)
		}
	}
}
