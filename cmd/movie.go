package cmd

import (
	"context"
	"iter"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

func (a *app) movies() records[catalog.Movie, output.Movie, output.DeletedMovie] {
	public := func(m catalog.Movie) output.Movie { return output.NewMovie(m, a.locate) }
	return records[catalog.Movie, output.Movie, output.DeletedMovie]{
		kind: catalog.KindMovie, columns: output.MovieColumns(),
		id: func(m catalog.Movie) int64 { return m.ID }, label: catalog.Movie.Label,
		public:  public,
		deleted: func(m catalog.Movie) output.DeletedMovie { return output.DeletedMovie{Movie: public(m), Deleted: true} },
		byID:    (*store.Tx).MoviesByID, remove: (*store.Tx).DeleteMovies,
	}
}

func newMovieCmd(a *app) *cobra.Command {
	show := newShowCmd(a, a.movies(),
		`Show everything about one movie: director, country, genres, poster and the cast
with the kind of each part.`,
		`  moviedb movie show "Solaris (1972)"
  moviedb movie show title:1917 --json`,
		func(ctx context.Context, tx *store.Tx, m catalog.Movie) (output.MovieDetail, error) {
			a.warnMissing("poster", m.Poster)
			cast, err := collect(tx.Characters(ctx, catalog.CharacterFilter{Movie: m.ID}))
			return output.NewMovieDetail(m, cast, a.locate), err
		})
	remove := newDeleteCmd(a, a.movies(),
		`Delete movies with their parts, their genre links and their places among
favorites. People, genres and pictures stay. Several movies go together or not at
all.`,
		`  moviedb movie delete "Alien (1979)" --dry-run
  moviedb movie delete title:300 "King Kong (2005)" --yes`, false)
	return noun("movie", "Films", "Add, list, show, edit and delete movies.",
		newMovieAddCmd(a), newMovieListCmd(a), show, newMovieEditCmd(a), remove)
}

func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var ts []T
	for t, err := range seq {
		if err != nil {
			return nil, err
		}
		ts = append(ts, t)
	}
	return ts, nil
}

// movieListFlags are the names of what a list of movies is filtered by.
type movieListFlags struct {
	pageFlags
	years                            catalog.Years
	genre, country, director, person string
	favorite                         string // whose
}

func newMovieListCmd(a *app) *cobra.Command {
	var f movieListFlags
	c := &cobra.Command{
		Use: "list", Short: "List movies",
		Long: `List movies, all or those that every filter lets through. A table on a terminal
has 50 rows unless --limit says otherwise; anything else is complete.`,
		Example: `  moviedb movie list --year 1970..1979 --sort title
  moviedb movie list --director "Akira Kurosawa" --fields id,title,release_date
  moviedb movie list --genre Horror --sort -duration --limit 3 --json`,
		Args: args(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return a.movieList(c, f) },
	}
	c.Flags().Var(&f.years, "year", "only movies of these `years`: 1999, 1990..1999, ..1950, 2000..")
	c.Flags().StringVar(&f.genre, "genre", "", "only movies of this `genre`")
	c.Flags().StringVar(&f.country, "country", "", "only movies from this `country`")
	c.Flags().StringVar(&f.director, "director", "", "only movies directed by this `person`")
	c.Flags().StringVar(&f.person, "actor", "", "only movies in which this `person` plays a part")
	c.Flags().StringVar(&f.favorite, "favorite-of", "", "only favorites of this `user`")
	f.add(c, movieSortKeys)
	return c
}

// movieSortKeys are what movies can be sorted by.
const movieSortKeys = "title, release_date, duration, budget, director, country, created_at, updated_at, id"

// filterRef is a record that a list is filtered by: a flag, and where its id goes.
type filterRef struct {
	kind catalog.Kind
	flag string
	text string
	to   *int64
}

// filtered yields a list once the records that it is filtered by are found.
func filtered[T any](c *cobra.Command, tx *store.Tx, refs []filterRef, list func() iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if err := resolveFilters(c.Context(), c, tx, refs); err != nil {
			var none T
			yield(none, err)
			return
		}
		list()(yield)
	}
}

// resolveFilters finds the records that a list is filtered by.
func resolveFilters(ctx context.Context, c *cobra.Command, tx *store.Tx, refs []filterRef) error {
	for _, r := range refs {
		if !c.Flags().Changed(r.flag) {
			continue
		}
		ref, err := catalog.ParseRef(r.kind, r.text)
		if err != nil {
			return flagged(r.flag, err)
		}
		found, err := tx.Resolve(ctx, r.kind, ref)
		if err != nil {
			return flagged(r.flag, err)
		}
		*r.to = found.ID
	}
	return nil
}

func (a *app) movieList(c *cobra.Command, f movieListFlags) error {
	ctx := c.Context()
	p, err := f.page(a, c)
	if err != nil {
		return err
	}
	filter := catalog.MovieFilter{Years: f.years, Page: p}
	refs := []filterRef{
		{catalog.KindGenre, "genre", f.genre, &filter.Genre},
		{catalog.KindCountry, "country", f.country, &filter.Country},
		{catalog.KindPerson, "director", f.director, &filter.Director},
		{catalog.KindPerson, "actor", f.person, &filter.Actor},
		{catalog.KindUser, "favorite-of", f.favorite, &filter.Favorite},
	}
	list := func(tx *store.Tx) iter.Seq2[catalog.Movie, error] {
		return filtered(c, tx, refs, func() iter.Seq2[catalog.Movie, error] { return tx.Movies(ctx, filter) })
	}
	return printList(ctx, a, a.movies(), p, list,
		func(tx *store.Tx) (int64, error) { return tx.CountMovies(ctx, filter) })
}
