package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

// topNames is how many genres, countries, directors and actors are named unless
// told otherwise.
const topNames = 10

func newStatsCmd(a *app) *cobra.Command {
	var top string
	c := &cobra.Command{
		Use: "stats", Short: "Show what the catalog looks like as a whole",
		Long: fmt.Sprintf(`Show what the catalog looks like as a whole: how many records there are of each
kind, and how much they take; movies by decade, genre and country; the directors
with the most movies and the actors with the most parts; how running times and
budgets are spread; and what is missing. On a terminal it draws bars.

In a pipe it prints lines of section, label and count; the sections are called
like the fields of the JSON document, such as totals and missing.movies, which
'moviedb help json stats' explains. A movie counts in each of its genres. --top
says how many genres, countries, directors and actors are named, %d unless told
otherwise; equal counts come in the order of ids.`, topNames),
		Example: `  moviedb stats
  moviedb stats --top 3 -o csv
  moviedb stats --top 0 --json
  moviedb stats --fields missing.movies.poster`,
		Args: args(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			n := topNames
			if c.Flags().Changed("top") {
				var err error
				if n, err = catalog.ParseCount(top); err != nil {
					return flagged("top", err)
				}
			}
			return a.stats(c, n)
		},
	}
	c.Flags().StringVar(&top, "top", "", fmt.Sprintf("name the first `n` genres, countries, directors and actors; 0 is all (default %d)", topNames))
	return c
}

func (a *app) stats(c *cobra.Command, top int) error {
	if err := output.CheckFields[output.Stats](a.fields); err != nil {
		return err
	}
	var found catalog.Stats
	err := a.view(c.Context(), func(tx *store.Tx) (err error) {
		found, err = tx.Stats(c.Context(), top)
		return err
	})
	if err != nil {
		return err
	}
	stored, bytes, err := a.pictures().Usage(c.Context())
	if err != nil {
		return err
	}
	return a.printStats(output.NewStats(found, stored, bytes))
}

// printStats prints the object as JSON, and where fields of it are asked for;
// else charts for people and rows for programs.
func (a *app) printStats(s output.Stats) error {
	p := a.printer()
	if len(p.Fields) > 0 || p.Format == output.JSON || p.Format == output.JSONL {
		return output.Show(p, nil, s)
	}
	if p.Format == output.Table {
		return output.PrintCharts(p, a.plainText(), s.Charts())
	}
	_, err := output.List(p, nil, func(yield func(output.StatsRow, error) bool) {
		for _, r := range s.Rows() {
			if !yield(r, nil) {
				return
			}
		}
	})
	return err
}

// plainText reports whether the terminal may lack block characters: it is dumb,
// or the locale says another encoding than UTF-8. The variables are those of
// POSIX, the first that is set decides.
func (a *app) plainText() bool {
	if a.Getenv("TERM") == "dumb" {
		return true
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(a.Getenv(name)); locale != "" {
			return !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8")
		}
	}
	return false
}
