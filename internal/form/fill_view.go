package form

import (
	"strings"

	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"
	"github.com/clipperhouse/displaywidth"
)

// view draws the title, the fields, and below them what is wrong or what may be
// typed, and the keys.
func (p *fillPage) view() string {
	if p.files != nil {
		return p.files.view()
	}
	styles := theme(false).Focused
	head := lipgloss.NewStyle().Bold(true).Render(clip(p.form.Title, p.width))
	if room := p.width - displaywidth.String(p.form.Title) - 3; p.form.Status != "" && room > 10 {
		head += "   " + styles.Description.Render(clip(p.form.Status, room))
	}
	body := lipgloss.NewStyle().Height(max(p.height-headLines-footLines, 3)).MaxHeight(max(p.height-headLines-footLines, 3)).
		Render(p.fields.View())
	return strings.Join([]string{head, "", body, "", p.foot(styles), styles.Description.Render(clip(p.keys(), p.width))}, "\n")
}

// foot is two lines of what is wrong, or of what may be typed.
func (p *fillPage) foot(styles huh.FieldStyles) string {
	text, style := "", styles.Description
	switch err := p.fields.GetFocusedField().Error(); {
	case p.asking != nil:
		text, style = "Leave without saving? What was typed is lost. [y/N]", lipgloss.NewStyle().Bold(true)
	case p.problem != nil:
		text, style = p.problem.Error(), styles.ErrorMessage
	case err != nil:
		text, style = err.Error(), styles.ErrorMessage
	case p.form.Problem != "":
		text, style = p.form.Problem, styles.ErrorMessage
	default:
		if f := p.focused(); f != nil {
			text = f.Hint
			if f.Kind == Text && strings.Count(f.Text, "\n") >= mostLines {
				text = "only the first 10,000 lines are here; ctrl+e opens an editor on all of them"
			}
		}
	}
	return style.Height(2).MaxHeight(2).Render(twoLines(text, p.width))
}

// twoLines breaks a text at blanks into at most two lines.
func twoLines(text string, width int) string {
	text = strings.ReplaceAll(text, "\n", " ")
	if displaywidth.String(text) <= width {
		return clip(text, width)
	}
	first := ""
	words := strings.Fields(text)
	for len(words) > 0 && displaywidth.String(first)+displaywidth.String(words[0]) < width {
		first += words[0] + " "
		words = words[1:]
	}
	return clip(first, width) + "\n" + clip(strings.Join(words, " "), width)
}

// keys names the keys that work in the field.
func (p *fillPage) keys() string {
	rest := "shift+tab back · ctrl+s " + strings.ToLower(p.form.actions()[0]) + " · esc leave"
	if p.form.Back {
		rest = strings.TrimSuffix(rest, "leave") + "back"
	}
	if p.asking != nil {
		return "y leave · n go on"
	}
	switch f := p.focused(); {
	case f == nil:
		return "enter do it · ←/→ other · " + rest
	case f.Kind == PickMany:
		return "↑/↓ choose · enter take · backspace undo · " + strings.TrimPrefix(rest, "shift+tab back · ")
	case f.records():
		return "↑/↓ choose · enter take · " + rest
	case f.Kind == Text:
		return "enter next · ctrl+j new line · ctrl+e editor · " + rest
	case f.Kind == File:
		return "enter next · ctrl+o browse · " + rest
	}
	return "enter next · " + rest
}
