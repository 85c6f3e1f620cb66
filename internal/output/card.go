package output

import (
	"bytes"
	"io"
	"reflect"
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// Sectioner is a record whose lists are tables of their own on a card;
// SectionColumns are the columns. It is asked of a zero value.
type Sectioner interface{ SectionColumns() []string }

// showCard prints a record for people: a line for each field, label and value,
// then its sections. A field without a value has its label only; a section
// without rows is left out.
func showCard(p *Printer, w io.Writer, root *node, columns []string, v reflect.Value) error {
	cols, err := root.columns(p.Fields, columns)
	if err != nil {
		return err
	}
	var plain, sections []column
	for _, c := range cols {
		if c.section() {
			sections = append(sections, c)
		} else {
			plain = append(plain, c)
		}
	}
	if len(p.Fields) == 0 {
		sections = addSections(sections, root)
	}
	b := cardLines(p, plain, v)
	if _, err := w.Write(b); err != nil {
		return err
	}
	begun := len(b) > 0
	for _, c := range sections {
		rows, cols, err := c.sectionRows(v)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			continue
		}
		head := p.Bold(displayClip(sentence(c.path), p.Width)) + "\n"
		if begun {
			head = "\n" + head
		}
		begun = true
		if _, err := io.WriteString(w, head); err != nil {
			return err
		}
		if err := printTable(p, w, cols, rows); err != nil {
			return err
		}
	}
	return nil
}

// section tells whether the column is a list that is a table of its own.
func (c *column) section() bool {
	return len(c.steps) == 1 && c.steps[0].sections()
}

// sections tells whether a field is a list that is a table of its own.
func (n *node) sections() bool {
	return n.kind == kindList && n.elem.kind == kindRecord &&
		reflect.PointerTo(n.elem.typ).Implements(reflect.TypeFor[Sectioner]())
}

// addSections appends the sections of the record that are not there yet.
func addSections(sections []column, root *node) []column {
	seen := map[string]bool{}
	for _, c := range sections {
		seen[c.path] = true
	}
	for _, f := range root.fields {
		if f.sections() && !seen[f.name] {
			sections = append(sections, column{path: f.name, root: root, steps: []*node{f}})
		}
	}
	return sections
}

// sectionRows returns the table of a section: visible cells and the columns.
func (c *column) sectionRows(v reflect.Value) ([][]string, []column, error) {
	n := c.leaf()
	v, ok := c.root.follow(v)
	if !ok {
		return nil, nil, nil
	}
	list, ok := n.get(v)
	if !ok {
		return nil, nil, nil
	}
	names := reflect.New(n.elem.typ).Interface().(Sectioner).SectionColumns()
	cols, err := n.elem.columns(nil, names)
	if err != nil {
		return nil, nil, err
	}
	rows := cells{cols: cols, sep: proseSep}
	var all [][]string
	for i := range list.Len() {
		all = append(all, rows.visible(list.Index(i)))
	}
	return all, cols, nil
}

// cardLines returns the lines of label and value. Where the value has no room
// the labels are clipped to half a line.
func cardLines(p *Printer, cols []column, v reflect.Value) []byte {
	const gap = 2
	labels := make([]string, len(cols))
	indent := 0
	for i, c := range cols {
		labels[i] = words(c.path)
		indent = max(indent, displaywidth.String(labels[i]))
	}
	if p.Width > 0 {
		indent = min(indent, max(1, p.Width/2-gap))
	}
	room := 0
	if p.Width > 0 {
		room = max(1, p.Width-indent-gap)
	}
	var b, scratch []byte
	for i, c := range cols {
		label := displayClip(labels[i], indent)
		b = append(b, label...)
		b = appendSpaces(b, indent-displaywidth.String(label)+gap)
		var text string
		text, scratch = c.text(v, proseSep, scratch)
		for j, line := range wrap(text, room) {
			if j > 0 {
				b = appendSpaces(b, indent+gap)
			}
			b = append(b, line...)
			b = append(bytes.TrimRight(b, " "), '\n')
		}
	}
	return b
}

// displayClip shortens text to a width; 0 is no limit.
func displayClip(s string, width int) string {
	if width <= 0 {
		return s
	}
	return displaywidth.TruncateString(s, width, "…")
}

// wrap returns text as visible lines of at most width cells (0 is no limit),
// broken where the text has line breaks, between words, and inside a word that
// is longer than a line. There is at least one line.
func wrap(text string, width int) []string {
	text = strings.NewReplacer("\r\n", "\n", "\t", "    ").Replace(text)
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, wrapLine(visible(line), width)...)
	}
	return lines
}

// wrapLine breaks one visible line.
func wrapLine(line string, width int) []string {
	if width <= 0 || displaywidth.String(line) <= width {
		return []string{line}
	}
	var lines []string
	start, space := 0, -1 // of the line to come: where it begins, its last space
	at, used := 0, 0      // the cluster to come, the cells before it
	for g := displaywidth.StringGraphemes(line); g.Next(); {
		cluster, w := g.Value(), g.Width()
		for used > 0 && used+w > width {
			switch {
			case cluster == " ":
				space = at
				fallthrough
			case space >= 0:
				lines = append(lines, line[start:space])
				start = space + 1
			default:
				lines = append(lines, line[start:at])
				start = at
			}
			space = -1
			used = displaywidth.String(line[start:max(at, start)])
		}
		if cluster == " " && at > start {
			space = at
		}
		if at >= start {
			used += w
		}
		at += len(cluster)
	}
	return append(lines, line[start:])
}
