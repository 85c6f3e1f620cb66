package cmd

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
)

// pagerCommand is the command that long output goes through, "" for none:
// MOVIEDB_PAGER, else PAGER, else less where there is one and the terminal can
// move its cursor. As for git an empty one, or cat, is none.
func pagerCommand(lookup func(string) (string, bool)) string {
	for _, name := range []string{"MOVIEDB_PAGER", "PAGER"} {
		if command, ok := lookup(name); ok {
			if command = strings.TrimSpace(command); command == "cat" {
				return ""
			}
			return command
		}
	}
	if term, _ := lookup("TERM"); term == "" || term == "dumb" {
		return ""
	}
	if _, err := exec.LookPath("less"); err != nil {
		return ""
	}
	return "less"
}

// pager is a writer to the terminal that holds back what is written until it is
// more than a screen, and then gives it to a command that shows it by pages. It
// must be closed.
type pager struct {
	command string
	out     io.Writer
	rows    int          // of the screen
	env     []string     // of the command
	running *atomic.Bool // the command has the terminal

	held   []byte
	lines  int
	direct bool           // there is no command, or it cannot be started
	pipe   io.WriteCloser // to the command, nil until it runs
	left   chan struct{}  // closed when the command has ended
}

// Write holds back, or passes on to the command. A command that was left gives
// EPIPE.
func (p *pager) Write(b []byte) (int, error) {
	switch {
	case p.pipe != nil:
		return p.pipe.Write(b)
	case p.direct:
		return p.out.Write(b)
	}
	p.held = append(p.held, b...)
	if p.lines += bytes.Count(b, []byte("\n")); p.lines < p.rows {
		return len(b), nil
	}
	p.start()
	if _, err := p.release(); err != nil {
		return 0, err
	}
	return len(b), nil
}

// release writes what was held back.
func (p *pager) release() (int, error) {
	held := p.held
	p.held = nil
	if len(held) == 0 {
		return 0, nil
	}
	if p.pipe != nil {
		return p.pipe.Write(held)
	}
	return p.out.Write(held)
}

// start starts the command; if it cannot be started all goes to the terminal.
func (p *pager) start() {
	p.direct = true
	name, _, _ := strings.Cut(p.command, " ")
	if !strings.ContainsAny(name, "'\"\\$=;|&<>(){}") {
		if _, err := exec.LookPath(name); err != nil {
			return
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		return
	}
	defer r.Close()
	c := exec.Command("sh", "-c", p.command)
	c.Stdin, c.Stdout, c.Stderr, c.Env = r, p.out, p.out, p.env
	p.running.Store(true)
	if err := c.Start(); err != nil {
		p.running.Store(false)
		w.Close()
		return
	}
	p.pipe, p.direct, p.left = w, false, make(chan struct{})
	go func() {
		c.Wait() // how it ends is its own affair
		p.running.Store(false)
		close(p.left)
	}()
}

// Close writes what is held back, or waits until the command has been left.
func (p *pager) Close() error {
	if p.pipe == nil {
		_, err := p.release()
		p.direct = true
		return err
	}
	err := p.pipe.Close()
	<-p.left
	return err
}

// beside is standard error while a pager has the same terminal: what is written
// keeps its place among what the pager shows.
type beside struct {
	pager *pager
	err   io.Writer
}

// Write passes on to the pager once that has something to show.
func (b beside) Write(text []byte) (int, error) {
	if b.pager.pipe != nil || len(b.pager.held) > 0 {
		return b.pager.Write(text)
	}
	return b.err.Write(text)
}

// paged is where a table, a card or a help goes: through a pager on a terminal
// where one is wanted, else straight to standard output.
func (a *app) paged() io.Writer {
	if !a.OutTerminal || a.noPager || a.Pager == nil {
		return a.Out
	}
	if a.pager == nil {
		command := a.Pager()
		if command == "" {
			a.noPager = true
			return a.Out
		}
		rows := a.Height()
		if rows <= 0 {
			rows = 24
		}
		a.pager = &pager{command: command, out: a.Out, rows: rows, env: pagerEnviron(os.Environ()), running: a.paging}
		if a.ErrTerminal {
			a.Err = beside{a.pager, a.Err}
		}
	}
	return a.pager
}

// pagerEnviron is the environment of a pager: as for git, less passes colours
// on, ends by itself if all fits the screen, and leaves it as it is; and what it
// gets is UTF-8, whatever the locale.
func pagerEnviron(env []string) []string {
	for _, preset := range []string{"LESS=FRX", "LV=-c", "LESSCHARSET=utf-8"} {
		name := preset[:strings.Index(preset, "=")+1]
		if !slices.ContainsFunc(env, func(e string) bool { return strings.HasPrefix(e, name) }) {
			env = append(env, preset)
		}
	}
	return env
}

// endPager shows what is held back, or waits until the pager has been left.
func (a *app) endPager() error {
	if a.pager == nil {
		return nil
	}
	return a.pager.Close()
}
