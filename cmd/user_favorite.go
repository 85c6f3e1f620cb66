package cmd

import (
	"context"
	"iter"

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
			ctx := c.Context()
			ref, err := catalog.ParseRef(catalog.KindUser, words[0])
			if err != nil {
				return err
			}
			p, err := f.page(a, c)
			if err != nil {
				return err
			}
			filter := catalog.MovieFilter{Page: p}
			return printList(ctx, a, a.movies(), p, func(tx *store.Tx) iter.Seq2[catalog.Movie, error] {
				return a.favoritesOf(ctx, tx, ref, &filter)
			}, func(tx *store.Tx) (int64, error) { return tx.CountMovies(ctx, filter) })
		},
	}
	f.add(c, movieSortKeys)
	return c
}

// favoritesOf yields the favorites of a user, who is put into the filter.
func (a *app) favoritesOf(ctx context.Context, tx *store.Tx, ref catalog.Ref, filter *catalog.MovieFilter) iter.Seq2[catalog.Movie, error] {
	return func(yield func(catalog.Movie, error) bool) {
		user, err := tx.Resolve(ctx, catalog.KindUser, ref)
		if err != nil {
			yield(catalog.Movie{}, err)
			return
		}
		filter.Favorite = user.ID
		tx.Movies(ctx, *filter)(yield)
	}
}
