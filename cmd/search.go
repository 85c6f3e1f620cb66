package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

// searchLimit is how many hits a search prints unless told otherwise.
const searchLimit = 20

func newSearchCmd(a *app) *cobra.Command {
	var kinds []string
	var limit string
	c := &cobra.Command{
		Use: "search WORD…", Short: "Find films, people and parts by words",
		Long: `Find films, people, parts, genres and countries that have all of the words, the
last one as the beginning of a word. Case, accents and punctuation do not matter,
and nothing in the words is an operator.

Whole titles and names come first, then those that begin with the words, those
that have them anywhere, parts by the names of their characters, and what has
them in a description or a biography. The hits are marked in [brackets].`,
		Example: `  moviedb search solaris
  moviedb search star w --kind movie
  moviedb search tarkovsky andrei --json
  moviedb search the --kind movie,person --limit 5 --fields kind,name,year`,
		Args: args(1, -1, "a word"),
		RunE: func(c *cobra.Command, words []string) error {
			wanted, err := searchKinds(kinds)
			if err != nil {
				return flagged("kind", err)
			}
			most := searchLimit
			if c.Flags().Changed("limit") {
				if most, err = catalog.ParseCount(limit); err != nil {
					return flagged("limit", err)
				}
			}
			return a.search(c, strings.Join(words, " "), wanted, most)
		},
	}
	c.Flags().StringSliceVar(&kinds, "kind", nil, "look only through these `kinds`: "+kindNames(store.SearchKinds()))
	c.Flags().StringVar(&limit, "limit", "", "print at most `n` hits; 0 is all (default 20)")
	return c
}

// searchKinds reads the names of kinds; none are all.
func searchKinds(names []string) ([]catalog.Kind, error) {
	if len(names) == 0 {
		return store.SearchKinds(), nil
	}
	var kinds []catalog.Kind
	for _, name := range names {
		kind := catalog.Kind(strings.ToLower(strings.TrimSpace(name)))
		if !slices.Contains(store.SearchKinds(), kind) {
			return nil, catalog.Invalidf("%s is no kind to search; the kinds are %s", catalog.Quote(name), kindNames(store.SearchKinds()))
		}
		kinds = append(kinds, kind)
	}
	return kinds, nil
}

// kindNames lists kinds.
func kindNames(kinds []catalog.Kind) string {
	var names []string
	for _, k := range kinds {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

func (a *app) search(c *cobra.Command, text string, kinds []catalog.Kind, limit int) error {
	if err := output.CheckFields[output.Hit](a.fields); err != nil {
		return err
	}
	q, err := catalog.ParseQuery(text)
	if err != nil {
		return err
	}
	return a.view(c.Context(), func(tx *store.Tx) error {
		hits, err := tx.Search(c.Context(), q, kinds, limit)
		if err != nil {
			return err
		}
		_, err = output.List(a.printer(), output.HitColumns(), func(yield func(output.Hit, error) bool) {
			for _, h := range hits {
				if !yield(output.NewHit(h), nil) {
					return
				}
			}
		})
		if err != nil || len(hits) > 0 {
			return err
		}
		near, err := tx.Nearest(c.Context(), q, kinds)
		if err != nil {
			return err
		}
		a.note("%s", nothingFound(q, near))
		return nil
	})
}

// nothingFound says so, with what the words may have been meant for.
func nothingFound(q catalog.Query, near []catalog.Candidate) string {
	s := "nothing found for " + catalog.Quote(q.Text)
	for i, n := range near {
		switch {
		case i == 0:
			s += "; did you mean "
		case i == len(near)-1:
			s += " or "
		default:
			s += ", "
		}
		s += catalog.Visible(n.Label())
	}
	if len(near) > 0 {
		s += "?"
	}
	return s
}
