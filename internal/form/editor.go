package form

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"github.com/moviedb/moviedb/internal/catalog"
)

// editedMsg is what came back from the editor.
type editedMsg struct {
	field *Field
	text  string
	err   error
}

// editor is the command that edits a file. That it is there is known before the
// terminal is given to it.
func (t Terminal) editor() (path string, args []string, err error) {
	if len(t.Editor) > 0 {
		if path, err = exec.LookPath(t.Editor[0]); err != nil {
			err = fmt.Errorf("there is no editor %s; EDITOR names the one to use", catalog.Quote(t.Editor[0]))
		}
		return path, t.Editor[1:], err
	}
	for _, name := range []string{"nano", "vi"} {
		if path, err = exec.LookPath(name); err == nil {
			return path, nil, nil
		}
	}
	return "", nil, errors.New("there is no editor; EDITOR names the one to use")
}

// settle is how long an editor is held back. Bubble Tea stops the ticker of its
// drawing in a goroutine of its own, and does so after it has started it anew if
// the command in between ends too soon: nothing would be drawn any more.
const settle = 20 * time.Millisecond

// editorCommand is the editor with the terminal.
type editorCommand struct{ *exec.Cmd }

// Run runs the editor.
func (c editorCommand) Run() error {
	time.Sleep(settle)
	return c.Cmd.Run()
}

// SetStdin sets the keyboard.
func (c editorCommand) SetStdin(r io.Reader) { c.Stdin = r }

// SetStdout sets the screen.
func (c editorCommand) SetStdout(w io.Writer) { c.Stdout = w }

// SetStderr sets where errors go.
func (c editorCommand) SetStderr(w io.Writer) { c.Stderr = w }

// edit opens the editor on a text.
func (p *fillPage) edit(f *Field) tea.Cmd {
	command, args, err := p.term.editor()
	if err != nil {
		p.problem = &FieldError{f.Label, err}
		return nil
	}
	path, err := scratch(f.Text)
	if err != nil {
		p.problem = &FieldError{f.Label, err}
		return nil
	}
	run := exec.CommandContext(context.WithoutCancel(p.ctx), command, append(args[:len(args):len(args)], path)...)
	return tea.Exec(editorCommand{run}, func(err error) tea.Msg {
		defer os.Remove(path)
		if err != nil {
			return editedMsg{field: f, err: fmt.Errorf("the editor failed, and the text is as before: %w", err)}
		}
		text, err := os.ReadFile(path)
		return editedMsg{f, string(text), err}
	})
}

// scratch writes a text to a file that only the user can read.
func scratch(text string) (path string, err error) {
	f, err := os.CreateTemp("", "moviedb-*.txt") // 0600
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
	}
	return f.Name(), err
}

// edited takes over what came back from the editor.
func (p *fillPage) edited(msg editedMsg) {
	if msg.err != nil {
		p.problem = &FieldError{msg.field.Label, msg.err}
		return
	}
	msg.field.Text = unixLines(msg.text)
	if text, ok := p.fields.GetFocusedField().(*huh.Text); ok && p.focused() == msg.field {
		text.Accessor(newHeld(msg.field))
	}
	p.tell()
}
