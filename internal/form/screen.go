package form

import (
	"context"
	"errors"
	"io"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// Terminal is where a Screen is drawn and how.
type Terminal struct {
	In     io.Reader // the keyboard; raw mode needs it to be a terminal's file
	Out    io.Writer // the screen
	Color  bool      // whether colours may be used
	Editor []string  // the command that edits a file, and its arguments; none is nano or vi
	Dir    string    // where the file picker begins; "" is the working directory
}

// Screen asks on a full screen, which lasts from the first question until Close:
// what is typed between two questions is for the next one.
type Screen struct {
	term Terminal

	program *tea.Program
	ended   chan struct{} // closed when the program has ended
	err     error         // why it ended
}

// NewScreen returns a Screen of which nothing is seen until it asks.
func NewScreen(t Terminal) *Screen { return &Screen{term: t} }

// page is one question on the screen. It answers on done.
type page interface {
	start() tea.Cmd
	update(msg tea.Msg) tea.Cmd
	resize(width, height int)
	view() string
	finished() bool
}

// showMsg puts a page on the screen; done is closed when it has its answer.
type showMsg struct {
	page page
	done chan struct{}
}

// stage is the model of the program: the page that is shown, and what was typed
// while there was none.
type stage struct {
	page          page
	done          chan struct{}
	width, height int
	early         []tea.Msg
	last          string // the page as it was answered: it is the asker's again then, who may change it
}

// Init is nothing: the size comes by itself.
func (s *stage) Init() tea.Cmd { return nil }

// Update hands messages to the page.
func (s *stage) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = msg.Width, msg.Height
		if s.done != nil {
			s.page.resize(msg.Width, msg.Height)
		}
		return s, nil
	case showMsg:
		s.page, s.done = msg.page, msg.done
		s.page.resize(s.width, s.height)
		return s, tea.Batch(s.page.start(), s.replay())
	}
	if s.done == nil {
		switch msg.(type) {
		case tea.KeyPressMsg, tea.PasteMsg:
			s.early = append(s.early, msg)
		}
		return s, nil
	}
	if press, ok := msg.(tea.KeyPressMsg); ok && press.String() == "ctrl+z" {
		if p, ok := s.page.(*fillPage); ok {
			p.tell() // it may never be taken up again
		}
		return s, suspend()
	}
	return s, s.deliver(msg)
}

// deliver hands a message to the page and looks whether that was its answer.
func (s *stage) deliver(msg tea.Msg) tea.Cmd {
	cmd := s.page.update(msg)
	if !s.page.finished() {
		return cmd
	}
	s.last = s.page.view()
	close(s.done)
	s.done = nil
	return nil
}

// replay types what was typed too early.
func (s *stage) replay() tea.Cmd {
	var cmds []tea.Cmd
	for len(s.early) > 0 && s.done != nil {
		msg := s.early[0]
		s.early = s.early[1:]
		cmds = append(cmds, s.deliver(msg))
	}
	return tea.Batch(cmds...)
}

// View draws the page; the last one stays until there is another.
func (s *stage) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	v.SetContent(s.last)
	if s.done != nil {
		v.SetContent(s.page.view())
	}
	return v
}

// open starts the program unless it runs.
func (s *Screen) open(ctx context.Context) {
	if s.program != nil {
		return
	}
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithInput(s.term.In), tea.WithOutput(s.term.Out), tea.WithoutSignalHandler()}
	profile := colorprofile.Ascii
	if s.term.Color {
		profile = colorprofile.ANSI // what a theme has; NO_COLOR is not looked at once more
	}
	options = append(options, tea.WithColorProfile(profile))
	program, ended := tea.NewProgram(&stage{}, options...), make(chan struct{})
	s.program, s.ended, s.err = program, ended, nil
	go func() {
		defer close(ended)
		_, s.err = program.Run()
	}()
}

// show puts a page on the screen and waits for its answer.
func (s *Screen) show(ctx context.Context, p page) error {
	s.open(ctx)
	done := make(chan struct{})
	go s.program.Send(showMsg{p, done}) // it waits for the program to start
	select {
	case <-done:
		return nil
	case <-s.ended:
	}
	err := s.err
	s.program = nil
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil || errors.Is(err, io.EOF):
		return ErrEnded
	}
	return errors.Join(err, ErrEnded)
}

// Close gives the terminal back.
func (s *Screen) Close() error {
	if s.program == nil {
		return nil
	}
	s.program.Quit()
	<-s.ended
	s.program = nil
	if errors.Is(s.err, tea.ErrProgramKilled) || errors.Is(s.err, context.Canceled) {
		return nil
	}
	return s.err
}

// Fill shows a form.
func (s *Screen) Fill(ctx context.Context, f *Form) (action int, err error) {
	f.begin()
	p := newFillPage(ctx, f, s.term)
	if err := s.show(ctx, p); err != nil {
		f.typed()
		return 0, err
	}
	return p.action, p.left
}

// Choose shows a list.
func (s *Screen) Choose(ctx context.Context, q Question) (int, error) {
	p := newChoosePage(q)
	if err := s.show(ctx, p); err != nil {
		return 0, err
	}
	if p.left && q.Back {
		return 0, ErrBack
	}
	if p.left {
		return 0, ErrLeft
	}
	return p.chosen, nil
}

var _ Asker = (*Screen)(nil)
