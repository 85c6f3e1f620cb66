package tabular

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
)

// checkDelimiter refuses a delimiter that means something else in CSV.
func checkDelimiter(r rune) error {
	if r == 0 || r != '"' && r != '\r' && r != '\n' && r != utf8.RuneError && utf8.ValidRune(r) {
		return nil
	}
	return catalog.Invalidf("--delimiter: %s cannot stand between cells; use one character such as , or ; or a tab", catalog.Quote(string(r)))
}

// sniffDelimiter tells the delimiter from the beginning of a file, all of it
// if whole. It is the one that gives most rows as many cells as the header, and
// of these the one that gives more; one by which the header has quotes out of
// place is taken only if there is no other. A header of one cell is right too:
// then it is "", and nothing in the rows is a delimiter.
func sniffDelimiter(sample []byte, whole bool) string {
	best, bestShare, bestCells := "", 0.0, 1
	for _, delim := range []byte{',', ';', '\t', '|'} {
		counts, clean := countCells(sample, delim, whole)
		if len(counts) == 0 || counts[0] < 2 {
			continue
		}
		share := share(counts, delim)
		if !clean {
			share--
		}
		if best == "" || share > bestShare || share == bestShare && counts[0] > bestCells {
			best, bestShare, bestCells = string(delim), share, counts[0]
		}
	}
	return best
}

// share returns how many of the rows behind the header have as many cells as
// it, 1 being all. In a TSV cells at the end may be left off.
func share(counts []int, delim byte) float64 {
	if len(counts) == 1 {
		return 1
	}
	right := 0
	for _, n := range counts[1:] {
		if n == counts[0] || delim == '\t' && n > 1 && n < counts[0] {
			right++
		}
	}
	return float64(right) / float64(len(counts)-1)
}

// countCells returns the number of cells of each row of a sample but of the
// last one, which may be cut off, unless it is the only one or the sample is
// the whole file. What is in quotes counts as one cell; in the header, where a
// quote is hardly a letter, for a TSV too. Clean reports that each quote in the
// header begins or ends a cell, or is doubled.
func countCells(sample []byte, delim byte, whole bool) (counts []int, clean bool) {
	for len(sample) > 0 {
		row := countRow(sample, delim, delim == '\t' && len(counts) > 0)
		blank := len(bytes.TrimSpace(sample[:row.size])) == 0
		sample = sample[row.size:]
		if blank || !row.closed && !whole && len(counts) > 0 {
			continue
		}
		if len(counts) == 0 {
			clean = row.clean
		}
		counts = append(counts, row.cells)
	}
	return counts, clean
}

// rowCount is what can be told of a row without reading it.
type rowCount struct {
	cells  int
	size   int  // with its end
	closed bool // it has an end
	clean  bool // no quote is out of place
}

// countRow counts the cells in the first row of b. In a TSV a quote that is not
// closed in its line is a letter.
func countRow(b []byte, delim byte, tsv bool) rowCount {
	row := rowCount{cells: 1, size: len(b), clean: true}
	start, ended := true, false // of a cell, and that it had a closing quote
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case c == delim:
			row.cells++
			start, ended = true, false
			continue
		case c == '\n', c == '\r':
			row.size, row.closed = i+1, true
			return row
		case c == '"' && start:
			i = skipQuoted(b, i, tsv)
			ended = true
		case c == '"', ended:
			row.clean = false
		}
		start = false
	}
	return row
}

// skipQuoted returns where the quoted cell that begins at i has its closing
// quote; i if it has none and is of a TSV.
func skipQuoted(b []byte, i int, tsv bool) int {
	for j := i + 1; j < len(b); j++ {
		switch {
		case b[j] == '"' && j+1 < len(b) && b[j+1] == '"':
			j++
		case b[j] == '"':
			return j
		case tsv && (b[j] == '\n' || b[j] == '\r'):
			return i
		}
	}
	if tsv {
		return i
	}
	return len(b)
}

// sepLine returns the delimiter that a first line such as "sep=;" names, which
// Excel writes and reads, and the length of the line without its end.
func sepLine(sample []byte) (delim string, size int) {
	line, _, _ := bytes.Cut(sample[:min(len(sample), 16)], []byte{'\n'})
	line = bytes.TrimSuffix(line, []byte{'\r'})
	if i := bytes.IndexByte(line, '\r'); i > 0 {
		line = line[:i]
	}
	if len(line) < 5 || !strings.EqualFold(string(line[:4]), "sep=") {
		return "", 0
	}
	r, n := utf8.DecodeRune(line[4:])
	if n != len(line)-4 || checkDelimiter(r) != nil {
		return "", 0
	}
	return string(r), len(line)
}
