package form

import (
	"charm.land/bubbles/v2/textarea"
	"charm.land/bubbles/v2/textinput"
)

// held is the answer of a field of text as huh reads and writes it. huh shows a
// text without control characters and with blanks for tabs: as long as what it
// shows is not changed, neither is the answer. What comes after the last line that
// huh can hold is not shown, and stays.
type held struct {
	field      *Field
	was, shown string
	rest       string
}

func newHeld(f *Field) *held {
	h := &held{field: f, was: f.Text}
	if f.Kind == Text {
		area := textarea.New()
		area.CharLimit = 0
		area.SetValue(f.Text)
		h.shown = area.Value()
		h.rest = beyond(f.Text, mostLines)
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
	} else {
		text += h.rest
	}
	h.field.Text = text
}

// beyond is what follows the first n lines of a text, with the end of the last of
// them.
func beyond(text string, n int) string {
	for at := range len(text) {
		if text[at] != '\n' {
			continue
		}
		if n--; n == 0 {
			return text[at:]
		}
	}
	return ""
}
