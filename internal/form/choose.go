package form

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"
	"github.com/clipperhouse/displaywidth"

	"github.com/moviedb/moviedb/internal/catalog"
)

// choosePage is a list on the screen.
type choosePage struct {
	q             Question
	list          *huh.Select[int]
	fields        *huh.Form
	chosen        int
	top           int // the first line of the text that is shown
	width, height int
	done, left    bool
}

func newChoosePage(q Question) *choosePage { return &choosePage{q: q} }

func (p *choosePage) start() tea.Cmd { return p.fields.Init() }

func (p *choosePage) finished() bool { return p.done }

// resize draws the list anew: its options are one line each.
func (p *choosePage) resize(width, height int) {
	if width <= 0 || height <= 0 {
		width, height = 80, 24
	}
	p.width, p.height = width, height
	names := 0
	for _, o := range p.q.Options {
		names = max(names, displaywidth.String(catalog.Visible(o.Name)))
	}
	names = min(names, max(width/2, 12))
	options := make([]huh.Option[int], len(p.q.Options))
	for i, o := range p.q.Options {
		line := clip(o.Name, width-6)
		if o.Detail != "" {
			line = clip(pad(clip(o.Name, names), names)+"  "+catalog.Visible(o.Detail), width-6)
		}
		options[i] = huh.NewOption(line, i)
	}
	room := max(height-headLines-footLines-min(len(p.q.Text)+2, p.textRoom()+2), 3)
	p.top = max(min(p.top, len(p.q.Text)-p.textRoom()), 0)
	p.list = huh.NewSelect[int]().Options(options...).Value(&p.chosen).Filtering(false).Height(min(len(options)+1, room))
	p.fields = huh.NewForm(huh.NewGroup(p.list).WithShowHelp(false)).WithTheme(huh.ThemeFunc(theme)).
		WithAccessible(false).WithWidth(width).WithHeight(room)
	p.fields.Init()
	p.list.Focus()
}

// update moves in the list.
func (p *choosePage) update(msg tea.Msg) tea.Cmd {
	if press, ok := msg.(tea.KeyPressMsg); ok {
		switch press.String() {
		case "esc", "ctrl+c", "q":
			p.done, p.left = true, true
			return nil
		case "pgup":
			p.top = max(p.top-p.textRoom(), 0)
			return nil
		case "pgdown":
			p.top = max(min(p.top+p.textRoom(), len(p.q.Text)-p.textRoom()), 0)
			return nil
		case "enter", earlyEnter:
			p.done = true
			if at, ok := p.list.Hovered(); ok {
				p.chosen = at
			}
			return nil
		}
	}
	_, cmd := p.fields.Update(msg)
	return cmd
}

// view draws the question, its text and the options.
func (p *choosePage) view() string {
	styles := theme(false).Focused
	lines := []string{lipgloss.NewStyle().Bold(true).Render(clip(p.q.Title, p.width)), ""}
	end := min(p.top+p.textRoom(), len(p.q.Text))
	for _, text := range p.q.Text[p.top:end] {
		lines = append(lines, clip(text, p.width))
	}
	switch more := fmt.Sprintf("lines %d to %d of %d, page up and down for the others", p.top+1, end, len(p.q.Text)); {
	case end-p.top < len(p.q.Text):
		lines = append(lines, styles.Description.Render(clip(more, p.width)), "")
	case end > 0:
		lines = append(lines, "")
	}
	leave := "leave"
	if p.q.Back {
		leave = "back"
	}
	keys := keyLine(p.width, "↑/↓ choose", "enter take", "esc "+leave)
	if p.done && !p.left {
		keys = clip(moment, p.width)
	}
	lines = append(lines, p.fields.View(), "", styles.Description.Render(keys))
	return strings.Join(lines, "\n")
}

// textRoom is how many lines of the text are shown at a time.
func (p *choosePage) textRoom() int {
	return max(p.height-headLines-footLines-min(len(p.q.Options)+1, 6)-1, 1)
}

// filePage is the file picker on the screen.
type filePage struct {
	field         *Field
	fields        *huh.Form
	path          string
	width, height int
	done, left    bool
}

// pictureTypes are the endings the file picker offers. What a file is, its
// content says.
func pictureTypes() []string {
	var types []string
	for _, t := range []string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff"} {
		types = append(types, t, strings.ToUpper(t))
	}
	return types
}

func newFilePage(f *Field, dir string) *filePage {
	p := &filePage{field: f}
	if dir == "" {
		dir = "."
	}
	picker := huh.NewFilePicker().CurrentDirectory(dir).AllowedTypes(pictureTypes()).ShowHidden(false).ShowPermissions(false).
		Picking(true).Value(&p.path)
	p.fields = huh.NewForm(huh.NewGroup(picker).WithShowHelp(false)).WithTheme(huh.ThemeFunc(theme)).WithAccessible(false)
	return p
}

func (p *filePage) start() tea.Cmd { return p.fields.Init() }

func (p *filePage) finished() bool { return p.done }

func (p *filePage) resize(width, height int) {
	p.width, p.height = width, height
	p.fields.WithWidth(width).WithHeight(max(height-headLines-footLines, 4))
}

// update moves through the directories; Enter takes a file.
func (p *filePage) update(msg tea.Msg) tea.Cmd {
	if press, ok := msg.(tea.KeyPressMsg); ok && (press.String() == "esc" || press.String() == "ctrl+c") {
		p.done, p.left = true, true
		return nil
	}
	_, cmd := p.fields.Update(msg)
	if p.path != "" {
		p.done = true
		return nil
	}
	return cmd
}

func (p *filePage) view() string {
	styles := theme(false).Focused
	return strings.Join([]string{lipgloss.NewStyle().Bold(true).Render(clip(p.field.Label, p.width)), "", p.fields.View(), "",
		styles.Description.Render(keyLine(p.width, "↑/↓ choose", "← parent directory", "enter open or take", "esc back"))}, "\n")
}
