package cmd

import (
	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

func newUserFavoriteCmd(a *app) *cobra.Command {
	var dry bool
	c := &cobra.Command{
		Use: "favorite USER MOVIE…", Short: "Make movies favorites of a user",
		Long: "Make one movie or several favorites of a user. Those that are favorites already stay so, and the command succeeds.",
		Example: `  moviedb user favorite ann "Alien (1979)" "Solaris (1972)"
  moviedb user favorite ann "Alien (1979)"`,
		Args: args(2, -1, "a user and a movie"),
		RunE: func(c *cobra.Command, words []string) error { return a.joinMovies(c, words, liking(dry, true)) },
	}
	addDryRun(c, &dry)
	return c
}

func newUserUnfavoriteCmd(a *app) *cobra.Command {
	var dry bool
	c := &cobra.Command{
		Use: "unfavorite USER MOVIE…", Short: "Take movies from a user's favorites",
		Long: "Take one movie or several from a user's favorites. Those that are none stay so, and the command succeeds.",
		Example: `  moviedb user unfavorite ann "Alien (1979)" --dry-run
  moviedb user unfavorite ann "Alien (1979)"`,
		Args: args(2, -1, "a user and a movie"),
		RunE: func(c *cobra.Command, words []string) error { return a.joinMovies(c, words, liking(dry, false)) },
	}
	addDryRun(c, &dry)
	return c
}

func newUserFavoritesCmd(a *app) *cobra.Command {
	var f pageFlags
	c := &cobra.Command{
		Use: "favorites USER", Short: "List a user's favorites",
		Long: "List the favorite movies of a user, as 'moviedb movie list --favorite-of' does.",
		Example: `  moviedb user favorites ann
  moviedb movie list --favorite-of ann --year 1970..1979`,
		Args: args(1, 1, "whose favorites"),
		RunE: func(c *cobra.Command, words []string) error {
			p, err := f.page(a, c)
			if err != nil {
				return err
			}
			l := &listed[catalog.Movie, catalog.MovieFilter]{
				filter: catalog.MovieFilter{Page: p}, page: p, rows: (*store.Tx).Movies, total: (*store.Tx).CountMovies,
			}
			l.refs = []filterRef{{kind: catalog.KindUser, text: words[0], to: &l.filter.Favorite}}
			return printList(c, a, a.movies(), &f, l)
		},
	}
	f.add(c, movieSortKeys)
	return c
}
