package catalog

import (
	"slices"
	"strconv"
	"strings"
)

// MovieFilter is which movies a list holds: those that every field lets
// through. Each zero field restricts nothing.
type MovieFilter struct {
	Title     string // its words, see Phrases
	Years     Years  // of release
	Genres    []int64
	AnyGenre  bool // one of Genres is enough, else all are asked for; restricts nothing alone
	Country   int64
	Director  int64
	Actor     int64
	Favorite  int64 // of this user
	Durations Durations
	Budgets   Budgets
	Missing   []string // of MovieGaps; all of them are missing
	Page
}

// MovieGaps are what a movie can lack, as --missing has it.
func MovieGaps() []string {
	return []string{"poster", "director", "country", "genre", "description", "release_date", "duration", "budget"}
}

// PersonFilter is which people a list holds. Each zero field restricts nothing.
type PersonFilter struct {
	Name    string // its words, see Phrases
	Gender  string // in whatever case
	Country int64
	Born    Years
	Roles   []string // of PersonRoles; all of them are played
	Missing []string // of PersonGaps; all of them are missing
	Page
}

// PersonGaps are what a person can lack, as --missing has it.
func PersonGaps() []string { return []string{"photo", "country", "date_of_birth", "biography"} }

// PersonRoles are what a person can be in movies.
func PersonRoles() []string { return []string{"director", "actor"} }

// CharacterFilter is which parts a list holds. Each zero field restricts nothing.
type CharacterFilter struct {
	Name  string // how the character's name begins, folded
	Role  string // the kind of part, in whatever case
	Movie int64
	Actor int64
	Page
}

// FileFilter is which files a list holds. Each zero field restricts nothing.
type FileFilter struct {
	Name   string // how the file's name begins, folded
	Type   string // a MIME type (image/png), or its first half (image)
	Unused bool   // only files that no record refers to
	Page
}

// PhotoFilter is which photos a list holds. Each zero field restricts nothing.
type PhotoFilter struct {
	Person  int64
	Primary bool // only photos that stand for their person
	Page
}

// UserFilter is which users a list holds. Each zero field restricts nothing.
type UserFilter struct {
	Name string // how the username begins, folded
	Page
}

// GenreFilter is which genres a list holds. Each zero field restricts nothing.
type GenreFilter struct {
	Name string // how the name begins, folded
	Page
}

// CountryFilter is which countries a list holds. Each zero field restricts nothing.
type CountryFilter struct {
	Name string // how the name begins, folded
	Page
}

// Durations is a range of minutes, both ends included. An end that is 0 is
// open; the zero value restricts nothing. *Durations is a value of a
// command-line flag.
type Durations struct{ From, To int }

// String returns the range as Set reads it, and "" for the zero value.
func (d Durations) String() string {
	return showRange(d.From, d.To, func(n int) bool { return n == 0 }, strconv.Itoa)
}

// Set reads a duration or two with .. between them, each as ParseDuration has
// it: 90, 90..120, 1h30m..2h, ..90 or 150... What is none is refused with
// ErrInvalid and leaves d alone.
func (d *Durations) Set(s string) error {
	from, to, err := parseRange(s, "90, 90..120, 1h30m..2h, ..90 or 150..", ParseDuration)
	if err != nil {
		return err
	}
	if from != nil && to != nil && *from > *to {
		return Invalidf("%s runs backwards; write %d..%d", Quote(trim(s)), *to, *from)
	}
	*d = Durations{}
	if from != nil {
		d.From = *from
	}
	if to != nil {
		d.To = *to
	}
	return nil
}

// Type returns what the help text calls the value: range.
func (d Durations) Type() string { return "range" }

// Budgets is a range of budgets, both ends included. An end that is nil is
// open; the zero value restricts nothing. *Budgets is a value of a command-line
// flag.
type Budgets struct{ From, To *float64 }

// String returns the range as Set reads it, and "" for the zero value.
func (b Budgets) String() string {
	return showRange(b.From, b.To, func(f *float64) bool { return f == nil }, func(f *float64) string { return FormatBudget(*f) })
}

// Set reads an amount or two with .. between them, each as ParseBudget has it:
// 0, 1000000..5000000, ..50,000 or $100,000,000... What is none is refused with
// ErrInvalid and leaves b alone.
func (b *Budgets) Set(s string) error {
	from, to, err := parseRange(s, "0, 1000000..5000000, ..50,000 or 100000000..", ParseBudget)
	if err != nil {
		return err
	}
	if from != nil && to != nil && *from > *to {
		return Invalidf("%s runs backwards; write %s..%s", Quote(trim(s)), FormatBudget(*to), FormatBudget(*from))
	}
	b.From, b.To = from, to
	return nil
}

// Type returns what the help text calls the value: range.
func (b Budgets) Type() string { return "range" }

// parseRange reads a value, which is both ends, or two with .. between them; an
// end left out is nil.
func parseRange[T any](s, such string, parse func(string) (T, error)) (from, to *T, err error) {
	first, last, isRange := strings.Cut(trim(s), "..")
	if !isRange {
		last = first
	}
	if trim(first) == "" && trim(last) == "" {
		return nil, nil, Invalidf("%s is not a range; write %s", Quote(trim(s)), such)
	}
	end := func(text string) (*T, error) {
		if trim(text) == "" {
			return nil, nil
		}
		v, err := parse(text)
		return &v, err
	}
	if from, err = end(first); err != nil {
		return nil, nil, err
	}
	to, err = end(last)
	return from, to, err
}

// showRange writes what parseRange reads.
func showRange[T any](from, to T, open func(T) bool, show func(T) string) string {
	switch {
	case open(from) && open(to):
		return ""
	case open(from):
		return ".." + show(to)
	case open(to):
		return show(from) + ".."
	case show(from) == show(to):
		return show(from)
	}
	return show(from) + ".." + show(to)
}

// ParseWords reads a list of known words with commas between them, as --missing
// has it; a dash is an underscore. Another word is refused with ErrInvalid.
func ParseWords(s string, known []string) ([]string, error) {
	var words []string
	for part := range strings.SplitSeq(s, ",") {
		word := strings.ReplaceAll(strings.ToLower(trim(part)), "-", "_")
		if !slices.Contains(known, word) {
			return nil, Invalidf("%s is none of: %s", Quote(trim(part)), strings.Join(known, ", "))
		}
		words = append(words, word)
	}
	return words, nil
}

// Phrases returns the words of a text that somebody looks for, as they have to
// be in what is found: the words of one phrase side by side, the phrases in any
// order, and the last word of all as the beginning of one. What stands between
// blanks is a phrase, so that Wall-E is not a film about an e and a wall. It is
// nil if there is no word in the text.
func Phrases(text string) [][]string {
	var phrases [][]string
	for part := range strings.FieldsSeq(Fold(text)) {
		if words := Words(part); words != nil {
			phrases = append(phrases, words)
		}
	}
	return phrases
}

// MatchPhrases reports whether a title or name has phrases, as a word index
// finds them.
func MatchPhrases(phrases [][]string, name string) bool {
	words := Words(name)
	for i, phrase := range phrases {
		if !hasPhrase(words, phrase, i == len(phrases)-1) {
			return false
		}
	}
	return true
}

// hasPhrase reports whether words has phrase in it; with open its last word may
// go on.
func hasPhrase(words, phrase []string, open bool) bool {
	last := len(phrase) - 1
	for i := 0; i+last < len(words); i++ {
		part := words[i : i+last+1]
		if slices.Equal(part[:last], phrase[:last]) &&
			(part[last] == phrase[last] || open && strings.HasPrefix(part[last], phrase[last])) {
			return true
		}
	}
	return false
}
