package form

import (
	"context"
	"io"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"
	"github.com/clipperhouse/displaywidth"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	shownRows   = 6   // lines of the list under a picker
	longestWord = 200 // runes of what is typed that are searched for
)

// picker is a field of records: what is typed narrows a list below it. It asks
// for the list at each key, which is why Search has to be quick.
type picker struct {
	ctx     context.Context
	field   *Field
	label   string // as wide as all labels of the form
	input   textinput.Model
	options []Option // what was found, and last the record that can be made
	at      int      // the option that Enter takes; -1 is none
	err     error
	focused bool
	width   int
	theme   huh.Theme
}

func newPicker(ctx context.Context, f *Field, label string) *picker {
	p := &picker{ctx: ctx, field: f, label: label, input: textinput.New(), at: -1}
	p.input.Prompt = ""
	p.input.SetValue(f.Text)
	if f.Kind == Pick && len(f.Picked) == 1 && f.Text == "" {
		p.input.SetValue(catalog.Visible(f.Picked[0].Name))
	}
	p.input.CursorEnd()
	return p
}

// settled reports whether the text is the name of the record that is picked.
func (p *picker) settled() bool {
	f := p.field
	return f.Kind == Pick && len(f.Picked) == 1 && p.input.Value() == catalog.Visible(f.Picked[0].Name)
}

// typed is what is searched for.
func (p *picker) typed() string {
	text := []rune(strings.TrimSpace(p.input.Value()))
	return string(text[:min(len(text), longestWord)])
}

// search fills the list anew.
func (p *picker) search() {
	p.options, p.at, p.err = nil, -1, nil
	if p.settled() {
		return
	}
	found, err := p.field.Search(p.ctx, p.typed())
	if err != nil {
		p.err = &FieldError{p.field.Label, err}
	}
	name := strings.TrimSpace(p.input.Value())
	p.options = offered(p.field, found, name)
	if name != "" && len(p.options) > 0 {
		p.at = 0
	}
}

// offered are the records found for a name, but for those that are picked
// already, and the one that can be made. A record of a name that is there is not
// made again, unless it is a person.
func offered(f *Field, found []Option, name string) []Option {
	var options []Option
	exact := false
	for _, o := range found {
		exact = exact || o.Exact
		if f.Kind == Pick || !slices.Contains(f.Picked, o.Picked) {
			options = append(options, o)
		}
	}
	maker := f.Makes != "" && name != "" && (!exact || f.Makes == string(catalog.KindPerson))
	if made := (Picked{Name: name}); maker && !slices.Contains(f.Picked, made) && f.check(name) == nil {
		options = append(options, Option{Picked: made})
	}
	return options
}

// text is how an option is written in a list.
func (f *Field) text(o Option, all []Option) string {
	if o.ID != 0 {
		return o.Name
	}
	another := ""
	if slices.ContainsFunc(all, func(o Option) bool { return o.Exact }) {
		another = "another "
	}
	return "+ create " + another + f.Makes + " " + catalog.Quote(o.Name)
}

// take answers with an option. A field of one record is done then.
func (p *picker) take(o Option) (move int) {
	f := p.field
	f.Text = ""
	if f.Kind == Pick {
		f.Picked = []Picked{o.Picked}
		p.input.SetValue(catalog.Visible(o.Name))
		p.input.CursorEnd()
		p.options, p.at = nil, -1
		return 1
	}
	f.Picked = append(f.Picked, o.Picked)
	p.input.SetValue("")
	p.search()
	return 0
}

// enter takes the option that is marked, or goes on.
func (p *picker) enter(tab bool) (move int) {
	typed := strings.TrimSpace(p.input.Value())
	switch {
	case p.at >= 0 && p.at < len(p.options) && (typed != "" || !tab):
		if move = p.take(p.options[p.at]); tab {
			move = 1
		}
		return move
	case typed == "" || p.settled():
		if p.err = p.field.Error(); p.err == nil {
			return 1
		}
	case p.err == nil:
		if p.err = p.field.check(p.field.Text); p.err == nil {
			p.err = p.field.Error()
		}
	}
	return 0
}

// Update takes text; the page hands keys to press first.
func (p *picker) Update(msg tea.Msg) (huh.Model, tea.Cmd) {
	before := p.input.Value()
	var cmd tea.Cmd
	p.input, cmd = p.input.Update(msg)
	if p.input.Value() != before {
		p.changed()
	}
	return p, cmd
}

// press handles the keys that are not text; move is how many fields to go on.
func (p *picker) press(key string) (move int, done bool) {
	switch key {
	case "enter", "tab":
		return p.enter(key == "tab"), true
	case "shift+tab":
		return -1, true
	case "down", "ctrl+n":
		p.at = min(p.at+1, len(p.options)-1)
		return 0, true
	case "up", "ctrl+p":
		if p.at < 0 {
			return -1, true
		}
		p.at--
		return 0, true
	case "backspace":
		if f := p.field; f.Kind == PickMany && p.input.Value() == "" && len(f.Picked) > 0 {
			f.Picked = f.Picked[:len(f.Picked)-1]
			p.search()
			return 0, true
		}
	}
	return 0, false
}

// changed takes over what is typed.
func (p *picker) changed() {
	p.field.Text = p.input.Value()
	if p.field.Kind == Pick {
		p.field.Picked = nil
	}
	p.search()
}

// View draws the field and, while it is asked for, the list below.
func (p *picker) View() string {
	styles := p.styles()
	room := p.width - styles.Base.GetHorizontalFrameSize() - displaywidth.String(p.label)
	line := styles.Title.Render(p.label)
	if p.field.Kind == PickMany {
		chosen := p.chosen(room - room/3)
		if !p.focused && p.input.Value() == "" {
			chosen = strings.TrimSuffix(p.chosen(room), ", ")
		}
		line += chosen
		room -= displaywidth.String(chosen)
	}
	p.input.SetWidth(max(room-1, 1))
	lines := []string{line + p.input.View()}
	if p.focused {
		lines = append(lines, p.list(styles)...)
	}
	return styles.Base.Width(p.width).Render(strings.Join(lines, "\n"))
}

// chosen is the list of what is picked, its end if it is wider than room.
func (p *picker) chosen(room int) string {
	text := ""
	for _, picked := range slices.Backward(p.field.Picked) {
		name := catalog.Visible(picked.Name)
		if picked.ID == 0 {
			name = "+" + name
		}
		if displaywidth.String(name)+displaywidth.String(text)+4 > room && text != "" {
			return "…, " + text
		}
		text = clip(name, max(room-4, 8)) + ", " + text
	}
	return text
}

// list draws the options around the one that is marked.
func (p *picker) list(styles *huh.FieldStyles) []string {
	first := max(0, min(p.at-shownRows/2, len(p.options)-shownRows))
	indent := strings.Repeat(" ", displaywidth.String(p.label)-2)
	room := p.width - styles.Base.GetHorizontalFrameSize() - len(indent) - 2
	var lines []string
	for i := first; i < min(first+shownRows, len(p.options)); i++ {
		o := p.options[i]
		name := clip(p.field.text(o, p.options), room)
		detail := clip(o.Detail, room-displaywidth.String(name)-2)
		mark, style := "  ", lipgloss.NewStyle()
		if i == p.at {
			mark, style = styles.SelectSelector.String(), styles.SelectedOption
		}
		row := indent + mark + style.Render(name)
		if detail != "" {
			row += "  " + styles.Description.Render(detail)
		}
		lines = append(lines, row)
	}
	if more := len(p.options) - first - shownRows; more > 0 && len(lines) > 0 {
		lines = append(lines, indent+"  "+styles.Description.Render(clip("↓ more", room)))
	}
	return lines
}

func (p *picker) styles() *huh.FieldStyles {
	styles := theme(false)
	if p.theme != nil {
		styles = p.theme.Theme(false)
	}
	if p.focused {
		return &styles.Focused
	}
	return &styles.Blurred
}

// Focus opens the list.
func (p *picker) Focus() tea.Cmd {
	p.focused = true
	p.search()
	return p.input.Focus()
}

// Blur closes the list and checks the answer.
func (p *picker) Blur() tea.Cmd {
	p.focused = false
	p.input.Blur()
	p.err = p.field.Error()
	return nil
}

// Error is what is wrong with the answer.
func (p *picker) Error() error { return p.err }

// Init is nothing.
func (p *picker) Init() tea.Cmd { return nil }

// Skip is never.
func (p *picker) Skip() bool { return false }

// Zoom is never.
func (p *picker) Zoom() bool { return false }

// Run is not how a picker is used; it is part of huh's interface.
func (p *picker) Run() error { return huh.Run(p) }

// RunAccessible asks line by line.
func (p *picker) RunAccessible(w io.Writer, r io.Reader) error {
	return NewLines(r, w).ask(p.ctx, p.field)
}

// KeyBinds are shown by the page.
func (p *picker) KeyBinds() []key.Binding { return nil }

// WithTheme sets how the field looks.
func (p *picker) WithTheme(t huh.Theme) huh.Field { p.theme = t; return p }

// WithKeyMap is nothing: the keys of a picker are its own.
func (p *picker) WithKeyMap(*huh.KeyMap) huh.Field { return p }

// WithWidth sets the width in cells.
func (p *picker) WithWidth(width int) huh.Field { p.width = width; return p }

// WithHeight is nothing: a picker is as high as its list.
func (p *picker) WithHeight(int) huh.Field { return p }

// WithPosition is nothing: a picker is never the last field.
func (p *picker) WithPosition(huh.FieldPosition) huh.Field { return p }

// GetKey returns the field's key.
func (p *picker) GetKey() string { return p.field.Key }

// GetValue returns what is picked.
func (p *picker) GetValue() any { return p.field.Picked }
