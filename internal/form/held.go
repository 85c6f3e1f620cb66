package form

import (
	"charm.land/bubbles/v2/textarea"
	"charm.land/bubbles/v2/textinput"
)

// held is the answer of a field of text as huh reads and writes it. huh shows a
// text without control characters and with blanks for tabs: as long as what it
// shows is not changed, neither is the answer.
type held struct {
	field      *Field
	was, shown string
}

func newHeld(f *Field) *held {
	h := &held{field: f, was: f.Text}
	if f.Kind == Text {
		area := textarea.New()
		area.CharLimit = 0
		area.SetValue(f.Text)
		h.shown = area.Value()
		return h
	}
	line := textinput.New()
	line.SetValue(f.Text)
	h.shown = line.Value()
	return h
}

// Get returns the answer.
func (h *held) Get() string { return h.field.Text }

// Set makes what is shown the answer.
func (h *held) Set(text string) {
	if text == h.shown {
		text = h.was
	}
	h.field.Text = text
}
