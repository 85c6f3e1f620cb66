package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// filterRef is a record that a list is filtered by: a flag, and where its id
// goes, or is added.
type filterRef struct {
	kind catalog.Kind
	flag string
	text string
	to   *int64
	add  *[]int64
}

// resolveFilters finds the records that a list is filtered by.
func resolveFilters(c *cobra.Command, tx *store.Tx, refs []filterRef) error {
	for _, r := range refs {
		if r.flag != "" && !c.Flags().Changed(r.flag) {
			continue
		}
		ref, err := catalog.ParseRef(r.kind, r.text)
		if err != nil {
			return flagged(r.flag, err)
		}
		found, err := tx.Resolve(c.Context(), r.kind, ref)
		if err != nil {
			return flagged(r.flag, err)
		}
		switch {
		case r.add == nil:
			*r.to = found.ID
		case !slices.Contains(*r.add, found.ID):
			*r.add = append(*r.add, found.ID)
		}
	}
	return nil
}

// textFlag is a flag of one line that says something: a blank one, such as a
// variable that is not set, would let everything through.
type textFlag string

// lineFlag makes a text a flag.
func lineFlag(to *string) *textFlag { return (*textFlag)(to) }

// String returns the text.
func (f *textFlag) String() string { return string(*f) }

// Type is the word for the value in messages.
func (f *textFlag) Type() string { return "text" }

// Set takes the text as the catalog has texts.
func (f *textFlag) Set(s string) error {
	line, err := catalog.CleanLine(s)
	if err == nil && line == "" {
		err = catalog.Invalidf("there is nothing to look for")
	}
	*f = textFlag(line)
	return err
}

// wordsFlag is a flag that takes some of known words, with commas or the flag
// given again between them.
type wordsFlag struct {
	known []string
	words *[]string
}

// String returns the words that were given.
func (f *wordsFlag) String() string {
	if f.words == nil { // pflag asks a zero value
		return ""
	}
	return strings.Join(*f.words, ",")
}

// Type is the word for the value in messages.
func (f *wordsFlag) Type() string { return "words" }

// Set adds words.
func (f *wordsFlag) Set(s string) error {
	words, err := catalog.ParseWords(s, f.known)
	for _, w := range words {
		if !slices.Contains(*f.words, w) {
			*f.words = append(*f.words, w)
		}
	}
	return err
}
