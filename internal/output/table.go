package output

import (
	"io"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/moviedb/moviedb/internal/catalog"
)

// tableSink holds the rows of a table and prints them at the end, when the
// widths of the columns are known.
type tableSink struct {
	p     *Printer
	out   *buffer
	cells cells
	rows  [][]string
}

func (s *tableSink) row(v reflect.Value) error {
	s.rows = append(s.rows, s.cells.visible(v))
	return nil
}

func (s *tableSink) end() error { return printTable(s.p, s.out.w, s.cells.cols, s.rows) }

func (s *tableSink) whole() bool { return true }

// printTable prints rows of visible text under the headings of their columns,
// each line within the width of the printer. Without rows it prints nothing.
func printTable(p *Printer, w io.Writer, cols []column, rows [][]string) error {
	if len(rows) == 0 {
		return nil
	}
	heads := make([]string, len(cols))
	for i, c := range cols {
		heads[i] = heading(c.path)
	}
	widths, gap := fit(measure(cols, heads, rows), p.Width)
	shown := len(widths)
	lay := &layout{Blueprint: renderer.NewBlueprint(), bold: p.Bold, gap: gap, widths: widths, right: make([]bool, shown)}
	for i := range lay.right {
		lay.right[i] = cols[i].numeric()
	}
	t := tablewriter.NewTable(w,
		tablewriter.WithRenderer(lay),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoFormat(tw.Off),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithTrimTab(tw.Off),
	)
	t.Header(clip(heads[:shown], widths))
	for _, row := range rows {
		if err := t.Append(clip(row[:shown], widths)); err != nil {
			return err
		}
	}
	if err := t.Render(); err != nil {
		return err
	}
	return lay.err
}

// visible returns text for the eyes of a person: what it hides is shown, and a
// combining mark at its beginning gets a dotted circle to stand on, as it would
// join the space before the cell.
func visible(s string) string {
	s = catalog.Visible(s)
	if r, _ := utf8.DecodeRuneInString(s); r >= 0x300 && unicode.Is(unicode.M, r) {
		return "◌" + s
	}
	return s
}

// clip shortens each text to the width of its column.
func clip(texts []string, widths []int) []string {
	for i, t := range texts {
		if len(t) > widths[i] { // a cell is a byte at least
			texts[i] = displaywidth.TruncateString(t, widths[i], "…")
		}
	}
	return texts
}

// layout writes the lines of a table: columns a gap apart, no box, no trailing
// space. It pads cells itself, as tablewriter measures runes one by one and
// would give the emoji of a family a cell for each of its members.
type layout struct {
	*renderer.Blueprint
	w      io.Writer
	bold   func(string) string
	gap    int
	widths []int
	right  []bool // columns aligned right
	buf    []byte
	err    error
}

// Start remembers where the lines go.
func (l *layout) Start(w io.Writer) error {
	l.w = w
	return nil
}

// Header writes the headings.
func (l *layout) Header(headers [][]string, _ tw.Formatting) {
	for _, h := range headers {
		line := l.bold(string(l.line(h)))
		l.write([]byte(line))
	}
}

// Row writes one record.
func (l *layout) Row(row []string, _ tw.Formatting) { l.write(l.line(row)) }

// Line writes nothing: there are no rules between lines.
func (l *layout) Line(tw.Formatting) {}

// Footer writes nothing.
func (l *layout) Footer([][]string, tw.Formatting) {}

func (l *layout) write(line []byte) {
	if l.err == nil {
		_, l.err = l.w.Write(append(line, '\n'))
	}
}

// line returns a line without its end. It is valid until the next call.
func (l *layout) line(cells []string) []byte {
	b := l.buf[:0]
	end := 0 // where the text so far ends
	for i, c := range cells {
		if i >= len(l.widths) {
			break
		}
		pad := max(l.widths[i]-displaywidth.String(c), 0)
		if l.right[i] {
			b = appendSpaces(b, pad)
			pad = 0
		}
		b = append(b, c...)
		if strings.TrimRight(c, " ") != "" {
			end = len(b)
		}
		b = appendSpaces(b, pad+l.gap)
	}
	l.buf = b
	for end > 0 && b[end-1] == ' ' {
		end--
	}
	return b[:end]
}

func appendSpaces(b []byte, n int) []byte {
	for range n {
		b = append(b, ' ')
	}
	return b
}
