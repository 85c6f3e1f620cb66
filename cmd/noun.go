package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
)

// noun makes the command of a kind of record, which holds the verbs.
func noun(name, short, long string, verbs ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: name, Short: short, Long: long}
	c.AddCommand(verbs...)
	return asGroup(c)
}

// asGroup makes a command that only holds others print its help when bare, and
// refuse a word that is none of them. Without it cobra answers "movie lsit" with
// help and exit 0.
func asGroup(c *cobra.Command) *cobra.Command {
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		text := fmt.Sprintf("unknown command %s for %s", catalog.Quote(args[0]), c.CommandPath())
		if near := nearCommand(c, args[0]); near != "" {
			text += "; did you mean " + near + "?"
		}
		return usagef(c.CommandPath(), "%s", text)
	}
	return c
}

func nearCommand(c *cobra.Command, word string) string {
	var names []string
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			names = append(names, sub.Name())
		}
	}
	return nearWord(word, names)
}

// nearWord is the name most like a word, "" if none is.
func nearWord(word string, names []string) string {
	best, distance := "", min(3, len(word)/2+1) // two letters are near to anything
	for _, name := range names {
		if d := catalog.Distance(strings.ToLower(word), name, distance); d < distance && word != name {
			best, distance = name, d
		}
	}
	return best
}

// args checks the number of arguments; what names them in the message.
func args(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usagef(c.CommandPath(), "missing %s: write %s", what, strings.TrimSuffix(c.UseLine(), " [flags]"))
		case most >= 0 && len(args) > most:
			hint := ""
			if most == 1 {
				hint = "; put a name of several words in quotes"
			}
			if most == 0 {
				return usagef(c.CommandPath(), "%s takes no arguments, but got %s", c.CommandPath(), catalog.Quote(args[0]))
			}
			return usagef(c.CommandPath(), "one argument too many: %s%s", catalog.Quote(args[most]), hint)
		}
		return nil
	}
}

// parseRefs reads the names of records.
func parseRefs(kind catalog.Kind, args []string) ([]catalog.Ref, error) {
	refs := make([]catalog.Ref, len(args))
	for i, arg := range args {
		ref, err := catalog.ParseRef(kind, arg)
		if err != nil {
			return nil, err
		}
		refs[i] = ref
	}
	return refs, nil
}
