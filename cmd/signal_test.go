package cmd_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// Ctrl-C during an import ends it with 130, and nothing of it is left: no
// catalog where there was none, the catalog byte for byte where there was one.
func TestInterruptedImportLeavesNothing(t *testing.T) {
	for _, existing := range []bool{false, true} {
		t.Run(fmt.Sprintf("existing=%v", existing), func(t *testing.T) {
			w := newWorld(t)
			if existing {
				w.must("movie", "add", "Moon")
			}
			before := w.snapshot()
			c := w.command("import", "movies", "-")
			in, err := c.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			// More rows than are read ahead, so that the transaction is open
			// when the last of them have gone through the pipe.
			fmt.Fprintln(in, "title,description")
			for i := range 100_000 {
				if _, err := fmt.Fprintf(in, "Film %d,about something or other\n", i); err != nil {
					t.Fatal(err)
				}
			}
			if err := c.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			c.Wait()
			io.Closer(in).Close()
			if code := c.ProcessState.ExitCode(); code != 130 {
				t.Errorf("exit %d, want 130", code)
			}
			if after := w.snapshot(); !sameFiles(before, after) {
				for path := range after {
					if before[path] != after[path] {
						rel, _ := filepath.Rel(w.dir, path)
						t.Errorf("left behind or changed: %s", rel)
					}
				}
			}
		})
	}
}

// A command that waits for something that never comes ends on Ctrl-C all the
// same.
func TestInterruptedWhileBlocked(t *testing.T) {
	w := newWorld(t)
	fifo := filepath.Join(w.dir, "fifo")
	if err := exec.Command("mkfifo", fifo).Run(); err != nil {
		t.Skip("no mkfifo")
	}
	c := w.command("import", "movies", fifo)
	out, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	// Opening the other end without waiting succeeds once the program waits in
	// its own open, or has got past it.
	for {
		f, err := os.OpenFile(fifo, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if err == nil {
			defer f.Close()
			break
		}
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, out)
	c.Wait()
	if code := c.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit %d, want 130", code)
	}
}

// An expression that never ends ends on Ctrl-C, whether it prints or not.
func TestInterruptedFilter(t *testing.T) {
	for _, expr := range []string{`"x" * 70000, repeat(1)`, `"x" * 70000, (def f: f; f)`} {
		c := newWorld(t).command("version", "--jq", expr)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		out.Read(make([]byte, 1)) // a block has come: it is at it
		if err := c.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, out)
		c.Wait()
		if code := c.ProcessState.ExitCode(); code != 130 {
			t.Errorf("%s: exit %d, want 130", expr, code)
		}
	}
}
