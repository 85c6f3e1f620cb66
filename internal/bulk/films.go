package bulk

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/store"
)

// films resolves the movies that rows name, as names does for people.
type films struct {
	s      *session
	before int64 // the highest movie id when the import began
	last   int64 // the highest id given so far
	known  map[string][]store.KnownMovie
	made   []catalog.Movie
	keys   []string
}

func newFilms(ctx context.Context, tx *store.Tx, s *session) (*films, error) {
	before, err := tx.LastID(ctx, catalog.KindMovie)
	return &films{s: s, before: before, last: before}, err
}

// lookUp asks the catalog for the movies of a batch.
func (f *films) lookUp(ctx context.Context, tx *store.Tx, titles iter.Seq[csvio.MovieName]) error {
	f.known = map[string][]store.KnownMovie{}
	var ask []string
	add := func(key string) {
		if _, ok := f.known[key]; !ok {
			f.known[key] = nil
			ask = append(ask, key)
		}
	}
	last := ""
	for m := range titles {
		if m.Title == last {
			continue
		}
		last = m.Title
		add(catalog.Fold(m.Title))
		if title, year := catalog.SplitYear(m.Title); year != 0 {
			add(catalog.Fold(title))
		}
	}
	slices.Sort(ask) // the index is read in its order
	got, err := tx.TitlesByKey(ctx, ask)
	slices.SortFunc(got, func(a, b store.KnownMovie) int { return cmp.Compare(a.ID, b.ID) })
	for _, m := range got {
		f.known[m.Key] = append(f.known[m.Key], m)
	}
	return err
}

// movie returns the id of the movie that a name means, or gives one to a new
// movie. A name of several movies gives a reason.
func (f *films) movie(name csvio.MovieName) (id int64, reason string) {
	key, year := catalog.Fold(name.Title), catalog.Year(name.Date)
	var fits []store.KnownMovie
	for _, k := range f.known[key] {
		if year == 0 || k.Year == year {
			fits = append(fits, k)
		}
	}
	if base, behind := catalog.SplitYear(name.Title); behind != 0 && year == 0 {
		for _, k := range f.known[catalog.Fold(base)] {
			if k.Year == behind {
				fits = append(fits, k)
			}
		}
		if len(fits) == 0 {
			name = csvio.MovieName{Title: base, Date: name.Title[len(name.Title)-len("1972)"):][:4]}
			key, year = catalog.Fold(base), behind
		}
	}
	switch {
	case len(fits) == 1:
		return fits[0].ID, ""
	case len(fits) > 1:
		return 0, fmt.Sprintf("%s could be %s; %s", catalog.Quote(catalog.YearLabel(name.Title, year)),
			list(fits, func(k store.KnownMovie) string { return knownMovie(k, f.before) }), which(year))
	case f.s.opts.NoCreate:
		return 0, noSuch(catalog.KindMovie, catalog.YearLabel(name.Title, year))
	}
	f.last++
	f.made, f.keys = append(f.made, catalog.Movie{Title: name.Title, ReleaseDate: name.Date}), append(f.keys, key)
	f.known[key] = append(f.known[key], store.KnownMovie{Key: key, Year: year, ID: f.last})
	return f.last, ""
}

// which says how a name of several movies can be made to mean one.
func which(year int) string {
	if year == 0 {
		return "add the year"
	}
	return "they share title and year, so that a file cannot tell them apart"
}

// undo takes back movies noted after the first n.
func (f *films) undo(n int) {
	for _, key := range f.keys[n:] {
		list := f.known[key]
		f.known[key] = list[:len(list)-1]
	}
	f.last -= int64(len(f.made) - n)
	f.made, f.keys = f.made[:n], f.keys[:n]
}

// flush makes the movies that are noted.
func (f *films) flush(ctx context.Context, tx *store.Tx) error {
	if len(f.made) == 0 {
		return nil
	}
	if err := tx.InsertMovies(ctx, f.made); err != nil {
		return err
	}
	if last := f.made[len(f.made)-1].ID; last != f.last {
		return fmt.Errorf("a movie got the id %d in place of %d", last, f.last)
	}
	f.s.res.Movies += len(f.made)
	f.made, f.keys = nil, nil
	return nil
}
