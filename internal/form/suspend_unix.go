//go:build unix

package form

import (
	"io"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
)

// suspend gives the terminal back to the shell and stops the process and those of
// its pipe, until the shell takes them to the foreground again. Where there is no
// shell that could, the system does not stop them, and nothing happens: Bubble
// Tea's own way would wait for ever.
func suspend() tea.Cmd { return tea.Exec(stopping{}, nil) }

// stopping is a command that stops the process.
type stopping struct{}

// Run comes back when the process goes on. The signal may come a little later
// than the call.
func (stopping) Run() error {
	time.Sleep(settle)
	err := syscall.Kill(0, syscall.SIGTSTP)
	time.Sleep(settle)
	return err
}

// SetStdin is nothing.
func (stopping) SetStdin(io.Reader) {}

// SetStdout is nothing.
func (stopping) SetStdout(io.Writer) {}

// SetStderr is nothing.
func (stopping) SetStderr(io.Writer) {}
