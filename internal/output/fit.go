package output

import (
	"sort"

	"github.com/clipperhouse/displaywidth"
)

// span is what a column of a table needs, in display cells.
type span struct {
	full  int  // heading and cells
	data  int  // cells only
	rigid bool // numbers, booleans, dates: of little use when cut
	id    bool // names the record
	lead  bool // the first text: the title or name by which a reader knows the record
}

// measure returns the spans of the columns.
func measure(cols []column, heads []string, rows [][]string) []span {
	spans := make([]span, len(cols))
	led := false
	for i := range cols {
		s := span{rigid: true, id: cols[i].leaf().name == "id"}
		for _, row := range rows {
			s.data = max(s.data, displaywidth.String(row[i]))
			s.rigid = s.rigid && isFigure(row[i])
		}
		s.rigid = s.data > 0 && (s.rigid || cols[i].numeric() || cols[i].leaf().kind == kindBool)
		s.full = max(s.data, displaywidth.String(heads[i]))
		s.lead = !led && !s.id && !s.rigid
		led = led || s.lead
		spans[i] = s
	}
	return spans
}

// isFigure tells whether a cell is made as numbers, dates and times are.
func isFigure(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < '0' || c > '9') && c != '-' && c != ':' && c != '.' && c != 'T' && c != 'Z' {
			return false
		}
	}
	return true
}

// cuts are the steps in which columns give way, each down to a floor: the texts
// first, the leading one least, then headings of figures, then the texts again
// as long as a few cells of them are left, then figures (a date keeps its year),
// then the rest of the text; the id is last.
func cuts() []func(s span) int {
	return []func(s span) int{
		func(s span) int { return s.floor(s.text(30, 14), s.full, s.full) },
		func(s span) int { return s.floor(s.text(30, 14), max(s.data, min(s.full, 8)), s.full) },
		func(s span) int { return s.floor(s.text(20, 10), max(s.data, min(s.full, 8)), s.full) },
		func(s span) int { return s.floor(10, s.data, s.full) },
		func(s span) int { return s.floor(3, s.data, s.full) },
		func(s span) int { return s.floor(3, min(s.data, 5), s.full) },
		func(s span) int { return s.floor(1, min(s.data, 5), s.full) },
		func(s span) int { return s.floor(1, 1, s.full) },
		func(s span) int { return s.floor(1, 1, 1) },
	}
}

// text is the width of a text: the leading one keeps more.
func (s span) text(lead, other int) int {
	if s.lead {
		return lead
	}
	return other
}

// floor returns one of three widths, that for a text, a figure or an id, but
// never more than the column needs.
func (s span) floor(text, figure, id int) int {
	w := text
	switch {
	case s.id:
		w = id
	case s.rigid:
		w = figure
	}
	return max(1, min(w, s.full))
}

// fit returns the widths of the columns in a line of so many cells (0 is no
// limit), and the gap between them: two cells, or one where two would leave too
// little of the texts. When even one cell each is too much the last columns go.
func fit(spans []span, width int) (widths []int, gap int) {
	gap = 2
	if width > 0 {
		least := 0
		for _, s := range spans {
			least += s.floor(3, min(s.data, 5), s.full) + gap
		}
		if least-gap > width {
			gap = 1
			spans = spans[:min(len(spans), max(1, (width+1)/2))]
		}
	}
	widths = make([]int, len(spans))
	over := gap*(len(spans)-1) - width
	for i, s := range spans {
		widths[i] = max(s.full, 1)
		over += widths[i]
	}
	for _, cut := range cuts() {
		if width <= 0 || over <= 0 {
			break
		}
		floors := make([]int, len(spans))
		for i, s := range spans {
			floors[i] = min(widths[i], cut(s))
		}
		over = level(widths, floors, over)
	}
	return widths, gap
}

// level takes what is over from the widths, the widest first and none below
// its floor, and returns what is still over.
func level(widths, floors []int, over int) int {
	most := 0
	for i := range widths {
		if widths[i] > floors[i] {
			most = max(most, widths[i])
		}
	}
	gain := func(limit int) int { // what a limit on all columns gives
		sum := 0
		for i, w := range widths {
			sum += w - max(floors[i], min(w, limit))
		}
		return sum
	}
	// the highest limit that gives enough; most-1-i falls as i rises
	i := sort.Search(most, func(i int) bool { return gain(most-1-i) >= over })
	limit := max(most-1-i, 0)
	spare := gain(limit) - over
	if spare < 0 {
		over = -spare
	} else {
		over = 0
	}
	for i, w := range widths {
		cut := max(floors[i], min(w, limit))
		if spare > 0 && cut < w {
			cut++
			spare--
		}
		widths[i] = cut
	}
	return over
}
