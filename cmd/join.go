package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

// joining is a relation of movies to one other record, made or taken apart: a
// genre's films, a user's favorites.
type joining struct {
	kind catalog.Kind // of the other record, which is named first
	dry  bool
	verb string // what is told of each movie
	// change does it and returns how many movies needed it, and what is said of
	// the others: of a single movie, and behind "2 of 3 movies".
	change func(ctx context.Context, tx *store.Tx, other int64, movies []int64) (changed int64, one, many string, err error)
}

// joinMovies runs a command that joins movies to a record, or takes them from
// it, and tells of the movies as they are now.
func (a *app) joinMovies(c *cobra.Command, words []string, j joining) error {
	otherRef, err := catalog.ParseRef(j.kind, words[0])
	if err != nil {
		return err
	}
	refs, err := parseRefs(catalog.KindMovie, words[1:])
	if err != nil {
		return err
	}
	if err := output.CheckFields[output.Movie](a.fields); err != nil {
		return err
	}
	ctx, r := c.Context(), a.movies()
	var changed int64
	var one, many string
	var now []catalog.Movie
	err = a.change(ctx, j.dry, func(tx *store.Tx) error {
		other, err := tx.Resolve(ctx, j.kind, otherRef)
		if err != nil {
			return err
		}
		movies, err := r.resolve(ctx, tx, refs)
		if err != nil {
			return err
		}
		if changed, one, many, err = j.change(ctx, tx, other.ID, r.ids(movies)); err != nil {
			return err
		}
		now, err = r.byID(tx, ctx, r.ids(movies)...)
		return err
	})
	if err != nil {
		return err
	}
	all := int64(len(now))
	switch already := all - changed; {
	case already > 0 && all == 1:
		a.note("the movie %s", one)
	case already > 0:
		a.note("%d of %d movies%s", already, all, many)
	}
	return r.wrote(a, j.verb, now)
}

// linking joins a genre to movies, or takes it from them.
func linking(dry, link bool) joining {
	j := joining{kind: catalog.KindGenre, dry: dry, verb: doing("linked", "link", dry)}
	had := "already had the genre "
	if !link {
		j.verb, had = doing("unlinked", "unlink", dry), "already lacked the genre "
	}
	j.change = func(ctx context.Context, tx *store.Tx, genre int64, movies []int64) (changed int64, one, many string, err error) {
		gs, err := tx.GenresByID(ctx, genre)
		if err != nil {
			return 0, "", "", err
		}
		if link {
			links := make([]store.Link, len(movies))
			for i, m := range movies {
				links[i] = store.Link{Movie: m, Genre: genre}
			}
			changed, err = tx.LinkGenres(ctx, links)
		} else {
			changed, err = tx.UnlinkGenre(ctx, genre, movies)
		}
		one = had + catalog.Visible(gs[0].Name)
		return changed, one, " " + one, err
	}
	return j
}

// liking makes movies favorites of a user, or no longer.
func liking(dry, like bool) joining {
	j := joining{kind: catalog.KindUser, dry: dry, verb: doing("added to favorites:", "add to favorites:", dry)}
	state, change := "already a favorite", (*store.Tx).AddFavorites
	if !like {
		j.verb = doing("removed from favorites:", "remove from favorites:", dry)
		state, change = "already no favorite", (*store.Tx).RemoveFavorites
	}
	j.change = func(ctx context.Context, tx *store.Tx, user int64, movies []int64) (int64, string, string, error) {
		changed, err := change(tx, ctx, user, movies)
		return changed, "is " + state, ": " + state, err
	}
	return j
}
