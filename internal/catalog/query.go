package catalog

import (
	"slices"
	"strings"
	"unicode"
)

// Query is what somebody searches for: words that must all be there, the last
// of them as the beginning of one.
type Query struct {
	Text  string // as it was given, white space collapsed
	Key   string // folded
	Terms []Term // in the order given; none if the text has no letter or digit
}

// Term is one word of a query. A word of Chinese, Japanese or Korean, or one
// with punctuation inside, has several parts that stand side by side.
type Term struct {
	Word   string   // as it was given
	Parts  []string // its Words
	Prefix bool     // the last part need only begin a word
}

// ParseQuery reads the words of a search. Nothing in them is an operator. A text
// of which nothing can be seen is ErrInvalid.
func ParseQuery(text string) (Query, error) {
	clean, err := CleanLine(strings.Join(strings.Fields(text), " "))
	if err != nil {
		return Query{}, err
	}
	if clean == "" {
		return Query{}, Invalidf("there is no word to search for")
	}
	q := Query{Text: clean, Key: Fold(clean)}
	for word := range strings.FieldsSeq(clean) {
		if parts := Words(word); len(parts) > 0 {
			q.Terms = append(q.Terms, Term{Word: word, Parts: parts})
		}
	}
	if n := len(q.Terms); n > 0 {
		q.Terms[n-1].Prefix = true
	}
	return q, nil
}

// Words are the parts of all terms.
func (q Query) Words() []string {
	var words []string
	for _, t := range q.Terms {
		words = append(words, t.Parts...)
	}
	return words
}

// Match is how a text meets a query.
type Match struct {
	Whole  bool // the text is the words of the query and no others
	Begins bool // it begins with them
	Extra  int  // words of the text beyond those of the query
	First  int  // the first word that is met, from 0
}

// Match tells whether all words of the query are in a text.
func (q Query) Match(text string) (m Match, ok bool) {
	words, want := Words(text), q.Words()
	if len(want) == 0 {
		key := Fold(text)
		m.Whole, m.Begins = key == q.Key, strings.HasPrefix(key, q.Key)
		return m, m.Begins
	}
	m.First = len(words)
	for _, t := range q.Terms {
		at := t.find(words)
		if at < 0 {
			return m, false
		}
		m.First = min(m.First, at)
	}
	m.Whole = slices.Equal(words, want)
	m.Begins = m.Whole || len(words) >= len(want) && Term{Parts: want, Prefix: true}.at(words, 0)
	m.Extra = max(0, len(words)-len(want))
	return m, true
}

// find returns the first place of the term in words, -1 if it is not there.
func (t Term) find(words []string) int {
	for i := range words {
		if t.at(words, i) {
			return i
		}
	}
	return -1
}

// at tells whether the term stands at a place of words.
func (t Term) at(words []string, i int) bool {
	if len(words)-i < len(t.Parts) {
		return false
	}
	last := len(t.Parts) - 1
	for j, part := range t.Parts {
		w := words[i+j]
		if w != part && (!t.Prefix || j != last || !strings.HasPrefix(w, part)) {
			return false
		}
	}
	return true
}

// span is where a word stands in a text, in bytes.
type span struct {
	from, to int
	word     string // folded
}

// spans are the words of a text as they stand in it.
func spans(text string) []span {
	var list []span
	from := -1
	add := func(to int) {
		if from >= 0 {
			for _, w := range Words(text[from:to]) {
				list = append(list, span{from, to, w})
			}
		}
		from = -1
	}
	for i, r := range text {
		switch {
		case isSyllable(r):
			add(i)
			from = i
			add(i + len(string(r)))
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || unicode.Is(unicode.Cf, r):
			if from < 0 {
				from = i
			}
		default:
			add(i)
		}
	}
	add(len(text))
	return list
}

// snippetBefore and snippetAfter are how many words stand before and after the
// first hit in a snippet.
const (
	snippetBefore = 5
	snippetAfter  = 14
)

// Snippet returns the part of a text around its first hit, on one line, every
// hit in [brackets], and … where something was left out. A text without a hit
// gives its beginning.
func (q Query) Snippet(text string) string {
	all := spans(text)
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = s.word
	}
	hit := make([]bool, len(all))
	first := -1
	for i := range words {
		for _, t := range q.Terms {
			if !t.at(words, i) {
				continue
			}
			for j := range t.Parts {
				hit[i+j] = true
			}
			if first < 0 {
				first = i
			}
		}
	}
	from, to := max(0, first-snippetBefore), min(len(all), max(first, 0)+snippetAfter)
	begin, end := 0, len(text)
	if from > 0 {
		begin = all[from].from
	}
	if to < len(all) {
		end = all[to-1].to
	}
	var b strings.Builder
	if begin > 0 {
		b.WriteString("…")
	}
	at := begin
	for i := from; i < to; i++ {
		if !hit[i] || all[i].from < at {
			continue
		}
		start, last := all[i].from, all[i].to
		for i+1 < to && hit[i+1] && all[i+1].from == last { // characters side by side
			i++
			last = all[i].to
		}
		b.WriteString(text[at:start] + "[" + text[start:last] + "]")
		at = last
	}
	b.WriteString(text[at:end])
	if end < len(text) {
		b.WriteString("…")
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Hit is a record that a search found.
type Hit struct {
	Kind    Kind
	ID      int64
	Name    string // title or name
	Year    int    // of release or birth, 0 if unknown; of a part that of its film
	Snippet string // where the words are, in [brackets]
}
