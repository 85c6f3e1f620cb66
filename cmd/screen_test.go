package cmd_test

import (
	"bytes"
	"database/sql"
	"errors"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/term"
)

// What the keys of a terminal send.
const (
	enter     = "\r"
	tab       = "\t"
	shiftTab  = "\x1b[Z"
	esc       = "\x1b"
	up        = "\x1b[A"
	down      = "\x1b[B"
	right     = "\x1b[C"
	backspace = "\x7f"
)

// ctrl is a letter typed with Ctrl.
func ctrl(letter byte) string { return string(letter & 0x1f) }

// patience is how long a program may take to show something on a machine that is
// busy. Nothing that works waits for it.
const patience = 30 * time.Second

// screen is the program on a terminal whose screen can be read.
type screen struct {
	t      *testing.T
	cmd    *exec.Cmd
	master *os.File // the keyboard and the wire to the screen
	slave  *os.File // kept open, so that the terminal outlives the program
	before *term.State
	killer *time.Timer
	mute   bool          // it answers no questions, as some do
	data   *bytes.Buffer // standard output if that is a pipe; else nil

	mu    sync.Mutex
	term  *vt.Emulator
	raw   bytes.Buffer  // all that the terminal was sent
	moved chan struct{} // that there is something new
	ended chan struct{} // closed when nothing more comes
}

// screen starts the program on a terminal of 80 by 24.
func (w *world) screen(args ...string) *screen {
	w.t.Helper()
	return w.open(w.command(args...)).start()
}

// piped is screen with standard output in a pipe.
func (w *world) piped(args ...string) *screen {
	w.t.Helper()
	s := w.open(w.command(args...))
	s.data = new(bytes.Buffer)
	s.cmd.Stdout = s.data
	return s.start()
}

// open makes the terminal for a program that is not started yet.
func (w *world) open(c *exec.Cmd) *screen {
	w.t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		w.t.Fatal(err)
	}
	s := &screen{t: w.t, cmd: c, master: master, slave: slave, term: vt.NewEmulator(80, 24),
		moved: make(chan struct{}, 1), ended: make(chan struct{})}
	s.term.RegisterCsiHandler('r', s.outside)
	s.resize(80, 24)
	if s.before, err = term.GetState(int(slave.Fd())); err != nil {
		w.t.Fatal(err)
	}
	c.Stdin, c.Stdout, c.Stderr = slave, slave, slave
	c.SysProcAttr = sessionLeader()
	w.t.Cleanup(s.close)
	return s
}

// outside takes margins that are not on the screen for those of the size before,
// as a terminal does; the emulator would write there.
func (s *screen) outside(margins ansi.Params) bool {
	bottom, _, _ := margins.Param(1, 0)
	return bottom > s.term.Height()
}

// start starts the program.
func (s *screen) start() *screen {
	s.t.Helper()
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.killer = time.AfterFunc(4*patience, func() { s.cmd.Process.Kill() })
	go s.show()
	go io.Copy(answers{s}, s.term) // until its input is closed
	return s
}

// answers is where the terminal answers what it is asked.
type answers struct{ s *screen }

// Write answers, unless the terminal is mute. Where nobody listens any more is no
// error: the emulator would wait for ever.
func (a answers) Write(b []byte) (int, error) {
	if !a.s.mute {
		a.s.master.Write(b)
	}
	return len(b), nil
}

// show hands what the program writes to the emulator. Half a character waits for
// its other half: the emulator draws what it has.
func (s *screen) show() {
	defer close(s.ended)
	buf, rest := make([]byte, 1<<16), []byte(nil)
	for {
		n, err := s.master.Read(buf)
		s.mu.Lock()
		s.raw.Write(buf[:n])
		text := append(rest, buf[:n]...)
		whole := len(bytes.TrimRightFunc(text, func(r rune) bool { return r >= 0x80 }))
		s.term.Write(text[:whole])
		rest = bytes.Clone(text[whole:])
		s.mu.Unlock()
		select {
		case s.moved <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// close ends what a test has left.
func (s *screen) close() {
	if s.cmd.Process != nil && s.cmd.ProcessState == nil {
		s.cmd.Process.Kill()
		s.cmd.Wait()
	}
	if s.killer != nil {
		s.killer.Stop()
	}
	s.slave.Close()
	s.master.Close()
	if pipe, ok := s.term.InputPipe().(io.Closer); ok {
		pipe.Close()
	}
}

// text is what is on the screen.
func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.term.String()
}

// sent is all that the terminal was sent.
func (s *screen) sent() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raw.String()
}

// until waits for a condition on the screen.
func (s *screen) until(what string, holds func(text string) bool) {
	s.t.Helper()
	late := time.After(patience)
	for {
		if holds(s.text()) {
			return
		}
		select {
		case <-s.moved:
		case <-s.ended:
			if !holds(s.text()) {
				s.t.Fatalf("the program ended and %s; screen:\n%s", what, s.text())
			}
			return
		case <-late:
			s.t.Fatalf("%s; screen:\n%s", what, s.text())
		}
	}
}

// wait waits until a text is on the screen.
func (s *screen) wait(text string) *screen {
	s.t.Helper()
	s.until("there is no "+text, func(on string) bool { return strings.Contains(on, text) })
	return s
}

// gone waits until a text is no longer on the screen.
func (s *screen) gone(text string) *screen {
	s.t.Helper()
	s.until("there still is "+text, func(on string) bool { return !strings.Contains(on, text) })
	return s
}

// keys types.
func (s *screen) keys(keys ...string) *screen {
	s.t.Helper()
	if _, err := io.WriteString(s.master, strings.Join(keys, "")); err != nil {
		s.t.Fatal(err)
	}
	return s
}

// paste pastes as a terminal does, in brackets.
func (s *screen) paste(text string) *screen {
	s.t.Helper()
	return s.keys("\x1b[200~", text, "\x1b[201~")
}

// resize gives the terminal another size.
func (s *screen) resize(cols, rows int) *screen {
	s.t.Helper()
	s.mu.Lock()
	s.term.Resize(cols, rows)
	s.mu.Unlock()
	if err := pty.Setsize(s.master, &pty.Winsize{Rows: uint16(rows), Cols: uint16(cols)}); err != nil {
		s.t.Fatal(err)
	}
	return s
}

// exit waits for the program, whose terminal has to be as it was, and returns
// what it left: out is the pipe, or what is on the screen then.
func (s *screen) exit() result {
	s.t.Helper()
	late := time.AfterFunc(patience, func() { s.cmd.Process.Kill() })
	err := s.cmd.Wait()
	late.Stop()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	after, err := term.GetState(int(s.slave.Fd()))
	if err != nil || !reflect.DeepEqual(s.before, after) {
		s.t.Errorf("the terminal is left another: %v", err)
	}
	s.slave.Close()
	<-s.ended
	r := result{out: s.text(), err: s.text(), code: s.cmd.ProcessState.ExitCode()}
	if s.data != nil {
		r.out = s.data.String()
	}
	return r
}

// code is exit for a program that has to end with a code.
func (s *screen) code(want int) result {
	s.t.Helper()
	r := s.exit()
	if r.code != want {
		s.t.Fatalf("exit %d, want %d; screen:\n%s\nstdout:\n%s", r.code, want, s.text(), r.out)
	}
	return r
}

// write makes a file.
func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// read reads a file.
func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// sqlExec changes the catalog, not through our code.
func (w *world) sqlExec(query string) {
	w.t.Helper()
	sqlExec(w.t, w.db(), query)
}

// sqlExec changes a catalog, not through our code.
func sqlExec(t *testing.T, path, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=rw")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}
