package form

import (
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"
	"github.com/clipperhouse/displaywidth"

	"github.com/moviedb/moviedb/internal/catalog"
)

// theme is how forms look: the terminal's own sixteen colours, so that it fits
// light and dark without asking.
func theme(bool) *huh.Styles {
	t := huh.ThemeBase(false)
	accent, faint, red := lipgloss.Color("6"), lipgloss.NewStyle().Faint(true), lipgloss.Color("1")
	t.FieldSeparator = lipgloss.NewStyle().SetString("\n")
	t.Focused.Base = t.Focused.Base.BorderForeground(accent)
	t.Focused.Title = t.Focused.Title.Bold(true).Foreground(accent)
	t.Focused.Description = faint
	t.Focused.Directory = t.Focused.Directory.Foreground(accent)
	t.Focused.ErrorIndicator = t.Focused.ErrorIndicator.Foreground(red)
	t.Focused.ErrorMessage = lipgloss.NewStyle().Foreground(red)
	t.Focused.SelectSelector = lipgloss.NewStyle().Foreground(accent).SetString("> ")
	t.Focused.SelectedOption = lipgloss.NewStyle().Bold(true)
	t.Focused.FocusedButton = lipgloss.NewStyle().Reverse(true).Padding(0, 2).MarginRight(1)
	t.Focused.BlurredButton = lipgloss.NewStyle().Padding(0, 2).MarginRight(1)
	t.Focused.TextInput.Placeholder = faint
	base := t.Blurred.Base
	t.Blurred = t.Focused
	t.Blurred.Base = base
	t.Blurred.Title = lipgloss.NewStyle()
	t.Blurred.FocusedButton = t.Focused.BlurredButton
	return t
}

// clip cuts one line of text to a width in cells, and makes control characters
// visible.
func clip(s string, width int) string {
	return displaywidth.TruncateString(catalog.Visible(s), max(width, 0), "…")
}

// pad fills one line of text with blanks to a width in cells.
func pad(s string, width int) string {
	for displaywidth.String(s) < width {
		s += " "
	}
	return s
}
