package form

import (
	"io"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"github.com/clipperhouse/displaywidth"
)

// buttons is the last field of a form: its actions side by side.
type buttons struct {
	names   []string
	at      int
	indent  string
	focused bool
	width   int
}

// actions is the key of buttons.
const actions = " actions"

// Update is nothing: the page handles the keys.
func (b *buttons) Update(tea.Msg) (huh.Model, tea.Cmd) { return b, nil }

// View draws the buttons in a line, or in several if they are wider than that.
func (b *buttons) View() string {
	styles := theme(false).Blurred
	if b.focused {
		styles = theme(false).Focused
	}
	var sb strings.Builder
	sb.WriteString(b.indent)
	at := displaywidth.String(b.indent)
	for i, name := range b.names {
		style := styles.BlurredButton
		if i == b.at && b.focused {
			style = styles.FocusedButton
		}
		w := displaywidth.String(name) + style.GetHorizontalFrameSize()
		if at+w+styles.Base.GetHorizontalFrameSize() > b.width && at > len(b.indent) {
			sb.WriteString("\n" + b.indent)
			at = len(b.indent)
		}
		sb.WriteString(style.Render(name))
		at += w
	}
	return styles.Base.Width(b.width).Render("\n" + sb.String())
}

// Focus marks the first button.
func (b *buttons) Focus() tea.Cmd { b.focused, b.at = true, 0; return nil }

// Blur marks none.
func (b *buttons) Blur() tea.Cmd { b.focused = false; return nil }

// Error is never: there is no answer.
func (b *buttons) Error() error { return nil }

// Init is nothing.
func (b *buttons) Init() tea.Cmd { return nil }

// Skip is never.
func (b *buttons) Skip() bool { return false }

// Zoom is never.
func (b *buttons) Zoom() bool { return false }

// Run is not how buttons are used; it is part of huh's interface.
func (b *buttons) Run() error { return huh.Run(b) }

// RunAccessible is nothing: line by line the actions are a question.
func (b *buttons) RunAccessible(io.Writer, io.Reader) error { return nil }

// KeyBinds are shown by the page.
func (b *buttons) KeyBinds() []key.Binding { return nil }

// WithTheme is nothing.
func (b *buttons) WithTheme(huh.Theme) huh.Field { return b }

// WithKeyMap is nothing.
func (b *buttons) WithKeyMap(*huh.KeyMap) huh.Field { return b }

// WithWidth sets the width in cells.
func (b *buttons) WithWidth(width int) huh.Field { b.width = width; return b }

// WithHeight is nothing.
func (b *buttons) WithHeight(int) huh.Field { return b }

// WithPosition is nothing.
func (b *buttons) WithPosition(huh.FieldPosition) huh.Field { return b }

// GetKey returns the key that no field has.
func (b *buttons) GetKey() string { return actions }

// GetValue returns the button that is marked.
func (b *buttons) GetValue() any { return b.at }
