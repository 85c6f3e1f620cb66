package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// LineError is what is wrong with a line of a stream.
type LineError struct {
	File   string
	Line   int
	Field  string // "" if it is the line as a whole
	Reason string

	kind string // what the line is, "" if that is not known
}

// Error is FILE:LINE: field: reason.
func (e *LineError) Error() string {
	s := fmt.Sprintf("%s:%d: ", catalog.Visible(e.File), e.Line)
	if e.Field != "" {
		s += catalog.Visible(e.Field) + ": "
	}
	return s + e.Reason
}

// errorsKept is how many bad lines are remembered with their reason.
const errorsKept = 20

// RejectedError says that a stream was refused and nothing was written.
type RejectedError struct {
	File   string
	Errors []*LineError // the first of them
	Total  int
}

// Error says how many lines are bad, and why the first of them are.
func (e *RejectedError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "nothing was imported from %s; %d %s wrong:", catalog.Visible(e.File), e.Total, catalog.Plural(e.Total, "line is", "lines are"))
	for _, l := range e.Errors {
		b.WriteString("\n" + l.Error())
	}
	if more := e.Total - len(e.Errors); more > 0 {
		fmt.Fprintf(&b, "\n… and %d more %s", more, catalog.Plural(more, "error", "errors"))
	}
	return b.String()
}

func sortByLine(es []*LineError) {
	slices.SortStableFunc(es, func(a, b *LineError) int { return cmp.Compare(a.Line, b.Line) })
}
