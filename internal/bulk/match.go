package bulk

import (
	"context"
	"fmt"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/store"
)

// match compares rows with the catalog and with the rows before them, and
// returns those that are new movies. The rules: title and year together (or
// title and no year) are a movie; a director given on both sides must agree; a
// title without a year that the catalog only has with one leaves a doubt.
func (im *importer) match(ctx context.Context, tx *store.Tx, rows []csvio.MovieRow) ([]*csvio.MovieRow, error) {
	keys := make([]string, len(rows))
	known := make(map[string][]store.KnownMovie, len(rows))
	var ask []string
	for i := range rows {
		keys[i] = catalog.Fold(rows[i].Movie.Title)
		if _, ok := known[keys[i]]; !ok {
			known[keys[i]] = nil
			ask = append(ask, keys[i])
		}
	}
	got, err := tx.MoviesByKey(ctx, ask)
	if err != nil {
		return nil, err
	}
	for _, m := range got {
		known[m.Key] = append(known[m.Key], m)
	}
	next, err := tx.LastMovieID(ctx)
	if err != nil {
		return nil, err
	}
	var fresh []*csvio.MovieRow
	for i := range rows {
		row := &rows[i]
		same, reason := im.sameMovie(row, known[keys[i]])
		switch {
		case reason != "":
			im.reject(row, "", reason)
		case same == 0:
			next++ // the id the movie is going to have, unless the file is refused
			fresh = append(fresh, row)
			known[keys[i]] = append(known[keys[i]], store.KnownMovie{
				Year: catalog.Year(row.Movie.ReleaseDate), ID: next, DirectorKey: personKey(row.Director)})
		case same > im.before:
			im.res.Repeated++
		default:
			im.res.Skipped++
		}
	}
	return fresh, nil
}

// sameMovie returns the id of the movie that a row is, 0 if it is a new one. A
// row that cannot be told gives a reason. What came earlier in the file, with a
// year or without, is another movie unless the year is the same: the file knows
// its own rows apart.
func (im *importer) sameMovie(row *csvio.MovieRow, known []store.KnownMovie) (id int64, reason string) {
	year := catalog.Year(row.Movie.ReleaseDate)
	var same, dated []store.KnownMovie
	for _, k := range known {
		switch {
		case k.Year == year:
			same = append(same, k)
		case k.ID <= im.before:
			dated = append(dated, k)
		}
	}
	switch {
	case len(same) == 0 && year == 0 && len(dated) > 0:
		return 0, fmt.Sprintf("%s has no year here and could be %s; add the year", catalog.Quote(row.Movie.Title), im.list(dated))
	case len(same) == 0:
		return 0, ""
	}
	key := personKey(row.Director)
	var fits []store.KnownMovie
	for _, k := range same {
		if key == "" || k.DirectorKey == "" || k.DirectorKey == key {
			fits = append(fits, k)
		}
	}
	switch {
	case len(fits) == 0:
		return 0, fmt.Sprintf("%s by %s is not %s, which has another director; if it is another film, add it with movie add --duplicate",
			catalog.Quote(row.Movie.Label()), catalog.Quote(row.Director), im.list(same))
	case len(fits) > 1 && year == 0:
		return 0, fmt.Sprintf("%s has no year here and could be %s; add the year", catalog.Quote(row.Movie.Title), im.list(fits))
	}
	return fits[0].ID, ""
}

// list lists movies in a message. One that this import made has no id yet.
func (im *importer) list(known []store.KnownMovie) string {
	return list(known, func(k store.KnownMovie) string {
		if k.ID > im.before {
			return "the film of an earlier row"
		}
		return catalog.YearLabel(fmt.Sprintf("movie %d", k.ID), k.Year)
	})
}

// list names the first ten of some records, and how many more there are.
func list[T any](known []T, name func(T) string) string {
	var names []string
	for _, k := range known[:min(len(known), 10)] {
		names = append(names, name(k))
	}
	s := strings.Join(names, ", ")
	if more := len(known) - len(names); more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}

// personKey is what people are compared by: the folded name without a year of birth.
func personKey(name string) string {
	if name == "" {
		return ""
	}
	base, _ := catalog.SplitYear(name)
	return catalog.Fold(catalog.JoinName(catalog.SplitName(base)))
}
