package form

import (
	"slices"
	"strings"
	"unicode/utf8"

	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"
	"github.com/clipperhouse/displaywidth"

	"github.com/moviedb/moviedb/internal/catalog"
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
	room := max(p.height-headLines-footLines, 3)
	body := strings.Split(lipgloss.NewStyle().Height(room).MaxHeight(room).Render(unhidden(p.fields.View(), p.width)), "\n")
	foot := p.foot(styles, blanks(body))
	body = body[:len(body)-len(foot)+leastFoot]
	return strings.Join(slices.Concat([]string{head, ""}, body, []string{""}, foot, []string{styles.Description.Render(p.keys())}), "\n")
}

// unhidden makes visible what is typed and would turn the direction of the line;
// the escape sequences of the view stay. A line that is too wide by that is cut.
func unhidden(view string, width int) string {
	lines := strings.Split(view, "\n")
	for i, line := range lines {
		var sb strings.Builder
		for _, r := range line {
			if s := string(r); r < utf8.RuneSelf {
				sb.WriteString(s)
			} else {
				sb.WriteString(catalog.Visible(s))
			}
		}
		if sb.Len() != len(line) {
			lines[i] = lipgloss.NewStyle().MaxWidth(width).Render(sb.String())
		}
	}
	return strings.Join(lines, "\n")
}

// moment stands for the keys while an answer is looked at: saving takes its time
// where another process has the catalog.
const moment = "one moment…"

// leastFoot is how many lines the foot has always.
const leastFoot = 2

// blanks is how many lines at the end are blank.
func blanks(lines []string) int {
	n := 0
	for n < len(lines) && strings.TrimSpace(lines[len(lines)-1-n]) == "" {
		n++
	}
	return n
}

// foot is two lines of what is wrong, or of what may be typed; as many more as it
// needs if they are free.
func (p *fillPage) foot(styles huh.FieldStyles, free int) []string {
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
	lines := fitting(text, p.width, leastFoot+free)
	for len(lines) < leastFoot {
		lines = append(lines, "")
	}
	for i := range lines {
		lines[i] = style.Render(lines[i])
	}
	return lines
}

// keys names the keys that work in the field.
func (p *fillPage) keys() string {
	if p.done && p.left == nil {
		return clip(moment, p.width)
	}
	leave := "esc leave"
	if p.form.Back {
		leave = "esc back"
	}
	if p.asking != nil {
		return keyLine(p.width, "y leave", "n go on")
	}
	var own []string
	switch f := p.focused(); {
	case f == nil:
		own = []string{"enter do it", "←/→ other"}
	case f.Kind == PickMany:
		own = []string{"↑/↓ choose", "enter take", "backspace undo"}
	case f.records():
		own = []string{"↑/↓ choose", "enter take"}
	case f.Kind == Text:
		own = []string{"enter next", "ctrl+j new line", "ctrl+e editor"}
	case f.Kind == File:
		own = []string{"enter next", "ctrl+o browse"}
	default:
		own = []string{"enter next"}
	}
	return keyLine(p.width, append(own, "shift+tab back", "ctrl+s "+strings.ToLower(p.form.actions()[0]), leave)...)
}
