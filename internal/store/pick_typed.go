package store

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
)

// typed is what somebody typed into a picker. The zero value is nothing.
type typed struct {
	id    int64    // of which it is the id, 0 for none
	ways  []way    // to read it as the beginning of a name
	whole []lookup // to read it as a whole name
}

// way is one way to read what was typed as the beginning of a name.
type way struct {
	key     string // folded
	phrases [][]string
	year    string // its first digits, "" is any
}

// readTyped reads what was typed. Characters that no name has are blanks.
func readTyped(kind catalog.Kind, text string) typed {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	var t typed
	if ref, err := catalog.ParseRef(kind, text); err == nil {
		t.id = ref.ID
	}
	name := strings.TrimSpace(strings.TrimPrefix(text, catalog.NameRef(kind, "")))
	if name == "" {
		return t
	}
	t.ways, t.whole = []way{readWay(name, "")}, lookups(kind, name)
	if base, year, ok := cutYear(name); ok && (kind == catalog.KindMovie || kind == catalog.KindPerson) {
		t.ways = append(t.ways, readWay(base, year))
	}
	return t
}

func readWay(name, year string) way {
	return way{key: catalog.Fold(name), phrases: catalog.Phrases(name), year: year}
}

// cutYear takes "Solaris (19" apart, which may end anywhere from the bracket on.
func cutYear(text string) (base, year string, ok bool) {
	open := strings.LastIndexByte(text, '(')
	if open < 0 {
		return "", "", false
	}
	year = strings.TrimSuffix(text[open+1:], ")")
	base = strings.TrimSpace(text[:open])
	return base, year, base != "" && len(year) <= len("1972") && strings.Trim(year, "0123456789") == ""
}

// years are the first and the last year that begin so.
func (w way) years() (from, to string) {
	n := len("1972") - len(w.year)
	return w.year + "0000"[:n], w.year + "9999"[:n]
}

// fits reports whether a record's name has what was typed.
func (t typed) fits(c *candidate) bool {
	return len(t.ways) == 0 || slices.ContainsFunc(t.ways, func(w way) bool { return w.fits(c) })
}

func (w way) fits(c *candidate) bool {
	if w.year != "" {
		if from, to := w.years(); c.year < number(from) || c.year > number(to) {
			return false
		}
	}
	if w.phrases != nil {
		return catalog.MatchPhrases(w.phrases, c.bare)
	}
	return strings.HasPrefix(catalog.Fold(c.bare), w.key) || c.last != c.bare && strings.HasPrefix(catalog.Fold(c.last), w.key)
}

// number is the value of a text of digits.
func number(digits string) (n int) {
	for i := range len(digits) {
		n = 10*n + int(digits[i]-'0')
	}
	return n
}

// means returns which of the ways to read a whole name a record bears,
// len(t.whole) if none.
func (t typed) means(c *candidate) int {
	key := catalog.Fold(c.bare)
	for i, l := range t.whole {
		if l.key == key && (l.year == 0 || l.year == c.year) {
			return i
		}
	}
	return len(t.whole)
}
