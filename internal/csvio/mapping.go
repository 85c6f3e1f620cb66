package csvio

import (
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Mapping says which header means which column: 'Series_Title=title'. It
// overrides what the headers say by themselves. A header mapped to "-" is left
// out.
type Mapping struct {
	pairs []pair
}

type pair struct {
	header string // as it was written
	key    string
	column string // "" is left out
}

// leaveOut is what a header is mapped to that shall not be read.
const leaveOut = "-"

// ParseMapping reads the value of --map for a kind. A header with a comma is
// quoted: '"Title, original"=title'. A header mapped twice, an unknown column or a pair without
// "=" is a catalog.ErrInvalid error.
func ParseMapping[T any](k Kind[T], s string) (Mapping, error) {
	var m Mapping
	if strings.TrimSpace(s) == "" {
		return m, nil
	}
	for _, text := range splitPairs(s) {
		at := strings.LastIndexByte(text, '=')
		if at < 0 || strings.TrimSpace(text[:at]) == "" {
			return m, catalog.Invalidf("%s is not a pair; write 'Header=column', pairs separated by commas", catalog.Quote(text))
		}
		p := pair{header: strings.TrimSpace(text[:at]), column: strings.TrimSpace(text[at+1:])}
		p.key = columnKey(p.header)
		i := k.index(p.column)
		if i < 0 && p.column != leaveOut {
			return m, catalog.Invalidf("%s is no column of %s; known columns: %s (and %s leaves a header out)",
				catalog.Quote(p.column), k.name, strings.Join(k.Names(), ", "), leaveOut)
		}
		for _, o := range m.pairs {
			if o.key == p.key {
				return m, catalog.Invalidf("the header %s is mapped twice", catalog.Quote(p.header))
			}
			if i >= 0 && o.column == p.column && !k.columns[i].list {
				return m, catalog.Invalidf("the column %s is mapped twice", p.column)
			}
		}
		m.pairs = append(m.pairs, p)
	}
	return m, nil
}

// splitPairs splits at commas outside quotes. Quotes stand around a whole pair,
// as in CSV, or around its header; one inside them is doubled. Where they are not
// closed they are letters.
func splitPairs(s string) []string {
	var pairs []string
	var pair strings.Builder
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' && quoted && i+1 < len(s) && s[i+1] == '"':
			pair.WriteByte(c)
			i++
		case c == '"' && quoted:
			quoted = false
		case c == '"' && strings.TrimSpace(pair.String()) == "":
			quoted = true
		case c == ',' && !quoted:
			pairs = append(pairs, pair.String())
			pair.Reset()
		default:
			pair.WriteByte(c)
		}
	}
	if quoted {
		return strings.Split(s, ",")
	}
	return append(pairs, pair.String())
}

// of returns the pair for a header, nil if it has none.
func (m Mapping) of(key string) *pair {
	i := slices.IndexFunc(m.pairs, func(p pair) bool { return p.key == key })
	if i < 0 {
		return nil
	}
	return &m.pairs[i]
}

// takes tells whether some header is mapped to a column.
func (m Mapping) takes(column string) bool {
	return slices.ContainsFunc(m.pairs, func(p pair) bool { return p.column == column })
}
