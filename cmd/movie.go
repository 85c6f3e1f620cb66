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
