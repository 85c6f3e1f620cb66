package cmd

import (
	"context"
	"io"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/term"
)

// Env is all that a run sees of the world around it.
type Env struct {
	In       io.Reader
	Out, Err io.Writer

	// Whether these are terminals. Each is judged by itself.
	InTerminal, OutTerminal, ErrTerminal bool

	Width  func() int                          // display cells of a line on the terminal; 0 is unknown
	Height func() int                          // lines of the terminal; 0 is unknown
	Getenv func(string) string                 // an unset variable is ""
	Home   func() (string, error)              // the user's home directory
	Open   func(string) (io.ReadCloser, error) // a file the user named

	// ReadPassword asks for a password on the terminal without showing it; nil
	// where there is none. Whoever leaves without an answer is io.EOF.
	ReadPassword func(ctx context.Context, prompt string) ([]byte, error)

	// Pager returns the command that long output on the terminal goes through, ""
	// for none; nil is none.
	Pager func() string

	// OnStep is called at named steps of commands that write files, so that
	// tests can stop the program there; nil is nobody.
	OnStep func(step string)

	Schema string // the text of schema.sql
	Driver string // the database/sql driver; "" is modernc's own

	paging *atomic.Bool // a pager has the terminal
}

// System is the Env of the real process.
func System(schema string) Env {
	return Env{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTerminal:  term.IsTerminal(int(os.Stdin.Fd())),
		OutTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		ErrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		Width:       terminalWidth,
		Height:      terminalHeight,
		Pager:       func() string { return pagerCommand(os.LookupEnv) },
		Getenv:      os.Getenv,
		Home:        os.UserHomeDir,
		Open:        func(path string) (io.ReadCloser, error) { return os.Open(path) },

		ReadPassword: readPassword,
		Schema:       schema,
	}
}

// readPassword reads a line from the terminal with echo off. The echo is off
// before the prompt appears: who answers at once must not see it. Ctrl-C and
// Ctrl-D are io.EOF. The terminal is as before when it returns, and when ctx ends.
func readPassword(ctx context.Context, prompt string) ([]byte, error) {
	fd := int(os.Stdin.Fd())
	was, err := term.MakeRaw(fd)
	if err != nil {
		return nil, err
	}
	restore := sync.OnceFunc(func() { term.Restore(fd, was) })
	defer restore()
	defer context.AfterFunc(ctx, restore)()
	secret, err := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{os.Stdin, os.Stderr}, "").ReadPassword(prompt)
	return []byte(secret), err
}

// terminalWidth is that of the terminal; COLUMNS wins.
func terminalWidth() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	w, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		return 0
	}
	return w
}

// terminalHeight is that of the terminal.
func terminalHeight() int {
	_, h, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		return 0
	}
	return h
}

// Run is the whole program: it runs the command in the process's arguments in an
// Env, as a rule System's, and returns the exit code. Ctrl-C ends the command and what it has not committed;
// a second one ends the process at once, unless a pager has the terminal: then the process waits for that. A reader that closes our pipe is an
// error of writing, not a signal, so that the catalog is closed properly.
func Run(env Env) int {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // not Ignore, which a pager would inherit
	env.paging = new(atomic.Bool)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A lost terminal tells its processes twice, itself and by the shell: the
	// second time is no reason to leave before a draft is kept.
	ctx, stopHangup := signal.NotifyContext(ctx, syscall.SIGHUP)
	defer stopHangup()
	context.AfterFunc(ctx, func() {
		if !env.paging.Load() {
			stop()
		}
	})
	done := make(chan int, 1)
	go func() { done <- Main(ctx, os.Args[1:], env) }()
	select {
	case code := <-done:
		return code
	case <-ctx.Done():
	}
	for {
		select { // let it take back what it did, unless something it waits for never comes
		case code := <-done:
			return code
		case <-time.After(grace):
		}
		if !env.paging.Load() { // else the terminal is the pager's until it is left
			return exitInterrupted
		}
	}
}

// grace is how long an interrupted command may take to clean up.
const grace = 2 * time.Second
