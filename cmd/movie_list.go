package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// movieListFlags are what a list of movies is filtered by.
type movieListFlags struct {
	pageFlags
	filter                    catalog.MovieFilter
	genres                    []string
	country, director, person string
	favorite                  string // whose
}

func newMovieListCmd(a *app) *cobra.Command {
	var f movieListFlags
	c := &cobra.Command{
		Use: "list", Short: "List movies",
		Long: `List movies, all or those that every filter lets through. --title finds words in
titles, whatever their case and accents: all of the words have to be there, and
the last may be the beginning of one, so that "solar" finds Solaris. A genre given
several times asks for all of them, with --any for one at least. --missing finds
what has yet to be filled in. A range has both ends or one, such as 1990..1999 or
..1950.

A table on a terminal has 50 rows unless --limit says otherwise; anything else is
complete. --sort random draws: with --limit, a few films for tonight.`,
		Example: `  moviedb movie list --title "space odyssey"
  moviedb movie list --year 1970..1979 --sort title
  moviedb movie list --director "Akira Kurosawa" --fields id,title,release_date
  moviedb movie list --genre Horror --genre "Science Fiction" --count
  moviedb movie list --genre Western --genre Musical --any --country USA --duration ..1h40m
  moviedb movie list --actor "Toshiro Mifune" --duration 2h..3h --sort -duration
  moviedb movie list --missing poster,budget --year ..1930 --limit 3 --json
  moviedb movie list --genre Horror --sort random --limit 1`,
		Args: args(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return a.movieList(c, &f) },
	}
	fs := c.Flags()
	fs.Var(lineFlag(&f.filter.Title), "title", "only movies with these `words` in the title, the last perhaps not whole")
	fs.Var(&f.filter.Years, "year", "only movies of these `years`: 1999, 1990..1999, ..1950, 2000..")
	fs.StringArrayVar(&f.genres, "genre", nil, "only movies of this `genre`; give the flag again for more that they have as well")
	fs.BoolVar(&f.filter.AnyGenre, "any", false, "of several genres one is enough")
	fs.StringVar(&f.country, "country", "", "only movies from this `country`")
	fs.StringVar(&f.director, "director", "", "only movies directed by this `person`")
	fs.StringVar(&f.person, "actor", "", "only movies in which this `person` plays a part")
	fs.StringVar(&f.favorite, "favorite-of", "", "only favorites of this `user`")
	fs.Var(&f.filter.Durations, "duration", "only movies of this `length`: 90, 90..120, 1h30m..2h, ..90, 150..")
	fs.Var(&f.filter.Budgets, "budget", "only movies of this `amount`: 0, 1000000..5000000, ..50,000, 100000000..")
	fs.Var(&wordsFlag{catalog.MovieGaps(), &f.filter.Missing}, "missing", "only movies without a `what`: "+strings.Join(catalog.MovieGaps(), ", ")+"; of several, without any")
	f.add(c, movieSortKeys)
	return c
}

// movieSortKeys are what movies can be sorted by.
const movieSortKeys = "title, release_date, duration, budget, director, country, created_at, updated_at, id"

func (a *app) movieList(c *cobra.Command, f *movieListFlags) error {
	p, err := f.page(a, c)
	if err != nil {
		return err
	}
	if f.filter.AnyGenre && len(f.genres) == 0 {
		return usagef(c.CommandPath(), "--any is about several of --genre, but there is none")
	}
	f.filter.Page = p
	l := &listed[catalog.Movie, catalog.MovieFilter]{filter: f.filter, page: p, rows: (*store.Tx).Movies, total: (*store.Tx).CountMovies}
	for _, g := range f.genres {
		l.refs = append(l.refs, filterRef{kind: catalog.KindGenre, flag: "genre", text: g, add: &l.filter.Genres})
	}
	l.refs = append(l.refs,
		filterRef{kind: catalog.KindCountry, flag: "country", text: f.country, to: &l.filter.Country},
		filterRef{kind: catalog.KindPerson, flag: "director", text: f.director, to: &l.filter.Director},
		filterRef{kind: catalog.KindPerson, flag: "actor", text: f.person, to: &l.filter.Actor},
		filterRef{kind: catalog.KindUser, flag: "favorite-of", text: f.favorite, to: &l.filter.Favorite})
	return printList(c, a, a.movies(), &f.pageFlags, l)
}
