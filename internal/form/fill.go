package form

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"github.com/clipperhouse/displaywidth"
)

const (
	textLines   = 4               // lines of a Text field
	keepEvery   = 2 * time.Second // after which Typed is called while a field is being typed in
	footLines   = 4               // below the fields: a blank, two of hint or error, the keys
	headLines   = 2               // above them: the title and a blank
	labelWidest = 16              // cells of a label
	mostLines   = 10_000          // lines of a Text field; it is huh's limit
)

// fillPage is a form on the screen: huh's fields, one below the other, with
// their labels in one column.
type fillPage struct {
	ctx           context.Context
	form          *Form
	term          Terminal
	fields        *huh.Form
	texts         []*huh.Text // those of the fields that are several lines high
	lines         []inputLine // the fields of one line
	files         *filePage   // the file picker, while it is open
	asking        error       // what leaving would be, while it is asked whether to; nil is not asked
	problem       error       // why it cannot be saved
	width, height int

	done   bool
	left   error // ErrLeft or ErrBack; nil: an action was chosen
	action int
	saved  []answer  // as they were when Typed was last called
	told   time.Time // when that was looked at last
}

func newFillPage(ctx context.Context, f *Form, t Terminal) *fillPage {
	p := &fillPage{ctx: ctx, form: f, term: t}
	p.remember()
	return p
}

// build makes huh's form; the width is known by then.
func (p *fillPage) build() {
	labels := 0
	for _, f := range p.form.Fields {
		labels = max(labels, displaywidth.String(f.Label))
	}
	labels = min(labels, labelWidest, max(p.width/3, 4))
	var fields []huh.Field
	p.texts, p.lines = nil, nil
	for _, f := range p.form.Fields {
		fields = append(fields, p.field(f, pad(clip(f.Label, labels), labels)+"  "))
	}
	fields = append(fields, &buttons{names: p.form.actions(), indent: strings.Repeat(" ", labels+2)})
	p.fields = huh.NewForm(huh.NewGroup(fields...).WithShowHelp(false).WithShowErrors(false)).
		WithTheme(huh.ThemeFunc(theme)).WithAccessible(false)
}

// field makes huh's field for one of ours.
func (p *fillPage) field(f *Field, label string) huh.Field {
	check := func(string) error { return f.Error() }
	switch f.Kind {
	case Pick, PickMany:
		return newPicker(p.ctx, f, label)
	case Text:
		text := huh.NewText().Key(f.Key).Title(strings.TrimSpace(label)).Lines(textLines).ShowLineNumbers(false).
			Validate(check).Accessor(newHeld(f))
		p.texts = append(p.texts, text)
		return text
	}
	input := huh.NewInput().Key(f.Key).Title(label).Inline(true).Prompt("").Validate(check)
	if f.Kind == Secret {
		input.EchoMode(huh.EchoModePassword)
	}
	line := inputLine{input, newHeld(f)}
	line.fit(p.fieldWidth()) // huh measures its height next, and keeps that
	p.lines = append(p.lines, line)
	return input
}

// inputLine is a field of one line and its answer.
type inputLine struct {
	*huh.Input
	held *held
}

// fit sets the width. huh cuts what is seen to it when it gets the answer.
func (l inputLine) fit(width int) {
	l.WithWidth(width)
	l.Accessor(l.held)
}

// start shows the form.
func (p *fillPage) start() tea.Cmd {
	return p.fields.Init()
}

// resize fits the form into the terminal.
func (p *fillPage) resize(width, height int) {
	if width <= 0 || height <= 0 {
		width, height = 80, 24
	}
	first := p.fields == nil
	low := !first && p.height-headLines-footLines <= textLines
	p.width, p.height = width, height
	if first {
		p.build()
	}
	for _, text := range p.texts {
		if low { // huh made it lower, and would leave it so, at the line it has scrolled to
			text.Lines(textLines).Accessor(newHeld(p.form.Field(text.GetKey())))
		}
	}
	p.fields.WithWidth(p.fieldWidth())
	for _, line := range p.lines {
		line.fit(p.fieldWidth())
	}
	p.fields.WithHeight(max(height-headLines-footLines, 3))
	p.fields.Update(tea.WindowSizeMsg{Width: width, Height: height})
	if p.files != nil {
		p.files.resize(width, height)
	}
}

// fieldWidth is the width of the fields, the labels beside them included.
func (p *fillPage) fieldWidth() int { return max(p.width, 10) }

func (p *fillPage) finished() bool { return p.done }

// focused is the field that is being answered; nil is the row of buttons.
func (p *fillPage) focused() *Field { return p.form.Field(p.fields.GetFocusedField().GetKey()) }

// update handles the keys of the form as a whole and hands on the rest.
func (p *fillPage) update(msg tea.Msg) tea.Cmd {
	if p.files != nil {
		return p.browse(msg)
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if p.asking != nil {
			p.answer(msg.String())
			return nil
		}
		if cmd, done := p.press(msg.String()); done {
			return cmd
		}
	case editedMsg:
		p.edited(msg)
		return nil
	case tea.PasteMsg:
		if p.asking != nil {
			return nil
		}
		return p.paste(msg.Content)
	}
	return p.pass(msg)
}

// pass hands a message to the fields.
func (p *fillPage) pass(msg tea.Msg) tea.Cmd {
	_, cmd := p.fields.Update(msg)
	if time.Since(p.told) > keepEvery {
		p.tell()
	}
	return cmd
}

// paste hands text to the field that is being answered. More lines than a field
// holds are refused as a whole: huh would drop the last ones.
func (p *fillPage) paste(text string) tea.Cmd {
	text = unixLines(text)
	switch f := p.focused(); {
	case f == nil:
	case f.Kind == File:
		text = pastedPath(text)
	case f.Kind == Text && strings.Count(f.Text, "\n")+strings.Count(text, "\n") >= mostLines:
		p.problem = &FieldError{f.Label, errors.New("more than 10,000 lines do not fit here; ctrl+e opens an editor, which takes them")}
		return nil
	}
	return p.pass(tea.PasteMsg{Content: text})
}

// unixLines ends lines as huh does, which makes two of CR LF. Terminals paste CR.
func unixLines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// press handles the keys that are not text. Moving is done at once and not by
// messages, so that keys typed fast go to the field they are meant for.
func (p *fillPage) press(key string) (cmd tea.Cmd, done bool) {
	p.problem = nil
	if f := p.focused(); key == earlyEnter && (f == nil || f.Kind != Text) {
		key = "enter"
	}
	switch key {
	case "esc", "ctrl+c":
		p.leave(key == "esc")
		return nil, true
	case "ctrl+s":
		return p.act(0), true
	}
	switch field := p.fields.GetFocusedField().(type) {
	case *buttons:
		return p.pressButton(field, key)
	case *picker:
		move, done := field.press(key)
		return p.move(move), done
	}
	return p.pressText(p.focused(), key)
}

// pressText handles the keys of fields of text.
func (p *fillPage) pressText(f *Field, key string) (cmd tea.Cmd, done bool) {
	switch key {
	case "up", "down":
		if f.Kind == Text {
			return nil, false
		}
	case earlyEnter, "alt+enter":
		if f.Kind != Text {
			return nil, false
		}
		return p.paste("\n"), true // as a key, huh takes no more than 98 of them
	case "ctrl+e":
		if f.Kind != Text {
			return nil, false
		}
		return p.edit(f), true
	case "ctrl+o":
		if f.Kind != File {
			return nil, false
		}
		p.files = newFilePage(f, p.term.Dir)
		p.files.resize(p.width, p.height)
		return p.files.start(), true
	case "enter", "tab", "shift+tab":
	default:
		return nil, false
	}
	if key == "up" || key == "shift+tab" {
		return p.move(-1), true
	}
	if p.problem = f.Error(); p.problem != nil {
		return nil, true
	}
	return p.move(1), true
}

// pressButton handles the keys of the row of buttons.
func (p *fillPage) pressButton(b *buttons, key string) (cmd tea.Cmd, done bool) {
	switch key {
	case "right", "tab":
		b.at = min(b.at+1, len(b.names)-1)
	case "left":
		b.at = max(b.at-1, 0)
	case "shift+tab", "up":
		return p.move(-1), true
	case "enter", "space":
		return p.act(b.at), true
	}
	return nil, true
}

// move goes to the field before or after.
func (p *fillPage) move(by int) tea.Cmd {
	to := p.index() + by
	if by == 0 || to < 0 {
		return nil
	}
	cmd := p.goTo(to)
	p.tell()
	return cmd
}

// index is where the field is that is being answered; the buttons come last.
func (p *fillPage) index() int {
	f := p.focused()
	for i, field := range p.form.Fields {
		if field == f {
			return i
		}
	}
	return len(p.form.Fields)
}

// earlyEnter is what Enter arrives as if it was typed before the form had the
// terminal, which made a line feed of it.
const earlyEnter = "ctrl+j"

// leave ends the form without an answer, or asks whether to. Ctrl-C also leaves
// the form that this one belongs to, in which something was typed.
func (p *fillPage) leave(esc bool) {
	p.left = ErrLeft
	if esc && p.form.Back {
		p.left = ErrBack
	}
	if p.done = !p.form.Touched() && (esc || !p.form.Back); !p.done {
		p.asking, p.left = p.left, nil
	}
}

// answer is the answer to whether to leave.
func (p *fillPage) answer(key string) {
	switch key {
	case "y", "Y", "ctrl+c":
		p.done, p.left = true, p.asking
	case "n", "N", "esc", "enter":
		p.asking = nil
	}
}

// act ends the form with an action, or goes to the first wrong answer.
func (p *fillPage) act(action int) tea.Cmd {
	p.tell()
	i, err := p.form.wrong()
	if err == nil {
		p.done, p.action = true, action
		return nil
	}
	cmd := p.goTo(i)
	p.problem = err
	return cmd
}

// goTo moves the cursor to a field.
func (p *fillPage) goTo(i int) tea.Cmd {
	var cmds []tea.Cmd
	for at := p.index(); at != i; at = p.index() {
		step := huh.NextField()
		if i < at {
			step = huh.PrevField()
		}
		_, cmd := p.fields.Update(step)
		cmds = append(cmds, cmd)
	}
	return tea.Batch(cmds...)
}

// remember notes the answers.
func (p *fillPage) remember() {
	p.saved = p.saved[:0]
	for _, f := range p.form.Fields {
		p.saved = append(p.saved, f.answer())
	}
}

// tell calls Typed if there is something new.
func (p *fillPage) tell() {
	p.told = time.Now()
	for i, f := range p.form.Fields {
		if !p.saved[i].equal(f.answer()) {
			p.remember()
			p.form.typed()
			return
		}
	}
}

// browse hands messages to the file picker until it is closed.
func (p *fillPage) browse(msg tea.Msg) tea.Cmd {
	cmd := p.files.update(msg)
	if !p.files.finished() {
		return cmd
	}
	f := p.files.field
	if !p.files.left {
		f.Text = p.files.path
	}
	i := 0
	for j, field := range p.form.Fields {
		if field == f {
			i = j
		}
	}
	p.files = nil
	p.build() // the field takes the path over
	p.resize(p.width, p.height)
	cmd = p.fields.Init()
	return tea.Batch(cmd, p.goTo(i))
}
