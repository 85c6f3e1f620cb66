package bulk

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/store"
)

func moviesJob() job[csvio.MovieRow] {
	return job[csvio.MovieRow]{kind: csvio.Movies(), adds: true, make: newMovies}
}

// movies writes movies: title and year together (or title and no year) are a
// movie; a director given on both sides must agree; a title without a year that
// the catalog only has with one leaves a doubt.
type movies struct {
	*session
	before int64 // the highest movie id when the import began
	user   int64 // whose favorites the movies become; 0 is nobody
	claims *claims
	known  map[string][]store.KnownMovie // by key, those the batch asks for
	last   int64                         // the highest id given so far
	done   idSet                         // those that a row updates

	same, dated []candidate // room for sameMovie; a title may have many

	placed     func(*csvio.MovieRow, int64) // is told the id of each row that is a movie; may be nil
	directorOf func(*csvio.MovieRow) int64  // knows the director where the row has no name; may be nil
}

func newMovies(ctx context.Context, tx *store.Tx, s *session) (handler[csvio.MovieRow], error) {
	before, err := tx.LastID(ctx, catalog.KindMovie)
	if err != nil {
		return nil, err
	}
	h := &movies{session: s, before: before, last: before, claims: newClaims()}
	if s.opts.FavoriteOf == "" {
		return h, nil
	}
	ref, err := catalog.ParseRef(catalog.KindUser, s.opts.FavoriteOf)
	if err != nil {
		return nil, err
	}
	user, err := tx.Resolve(ctx, catalog.KindUser, ref)
	h.user = user.ID
	return h, err
}

// movieRow is a row on its way into the catalog.
type movieRow struct {
	*csvio.MovieRow
	id       int64 // of the movie that it is or becomes
	again    bool  // an earlier row updates the same movie
	country  ref
	director ref
	genres   []ref
	cast     []castRef
}

type castRef struct {
	actor     ref
	character string
}

func (h *movies) batch(ctx context.Context, tx *store.Tx, rows []csvio.MovieRow) error {
	keys := make([]string, len(rows))
	for i := range rows {
		keys[i] = catalog.Fold(rows[i].Movie.Title)
	}
	if err := h.lookUp(ctx, tx, keys); err != nil {
		return err
	}
	if err := h.names.lookUp(ctx, tx, h.namesIn(rows, keys)); err != nil {
		return err
	}
	var fresh, changed []*movieRow
	var favorites []int64
	for i := range rows {
		row := &movieRow{MovieRow: &rows[i]}
		if h.directorOf != nil {
			if row.director = ref(h.directorOf(row.MovieRow)); row.director != 0 {
				row.Given |= csvio.MovieDirector
			}
		}
		isNew, ok := h.match(row, keys[i])
		if !ok {
			continue
		}
		if h.placed != nil {
			h.placed(row.MovieRow, row.id)
		}
		if isNew {
			fresh = append(fresh, row)
		} else if h.opts.OnConflict == Update && row.id <= h.before && !row.again {
			changed = append(changed, row)
		}
		if h.user != 0 {
			favorites = append(favorites, row.id)
		}
	}
	made, err := h.names.flush(ctx, tx)
	if err != nil {
		return err
	}
	if err := h.insert(ctx, tx, fresh, made); err != nil {
		return err
	}
	if err := h.update(ctx, tx, changed, made); err != nil {
		return err
	}
	if len(favorites) > 0 {
		added, err := tx.AddFavorites(ctx, h.user, favorites)
		h.res.Favorites += int(added)
		return err
	}
	return nil
}

// lookUp asks the catalog for the movies of a batch.
func (h *movies) lookUp(ctx context.Context, tx *store.Tx, keys []string) error {
	h.known = make(map[string][]store.KnownMovie, len(keys))
	var ask []string
	for _, key := range keys {
		if _, ok := h.known[key]; !ok {
			h.known[key] = nil
			ask = append(ask, key)
		}
	}
	got, err := tx.MoviesByKey(ctx, ask)
	for _, m := range got {
		h.known[m.Key] = append(h.known[m.Key], m)
	}
	return err
}

// namesIn yields the people of rows that may become or change movies. The
// others need not be looked up.
func (h *movies) namesIn(rows []csvio.MovieRow, keys []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range rows {
			row := &rows[i]
			if h.opts.OnConflict != Update && row.Key == "" && h.has(row, keys[i]) {
				continue
			}
			if !yield(row.Director) {
				return
			}
			for _, p := range row.Cast {
				if !yield(p.Actor) {
					return
				}
			}
		}
	}
}

// has tells whether the catalog surely has the movie of a row.
func (h *movies) has(row *csvio.MovieRow, key string) bool {
	year := catalog.Year(row.Movie.ReleaseDate)
	return slices.ContainsFunc(h.known[key], func(k store.KnownMovie) bool { return k.Year == year })
}

// match finds the movie that a row is, or gives it the id of a new one and
// resolves its names. A row that is not ok was rejected, and left nothing.
func (h *movies) match(row *movieRow, key string) (isNew, ok bool) {
	hash := h.claims.hash(row.Key)
	id, reason := h.sameMovie(row, h.known[key], hash)
	switch {
	case reason != "":
		h.reject(&row.Meta, "", reason)
		return false, false
	case id != 0 && h.opts.OnConflict == Fail:
		h.taken(&row.Meta, catalog.KindMovie, id, h.before, row.Movie.Label())
		return false, false
	case id > h.before:
		row.id = id
		h.res.Repeated++
		return false, true
	case id != 0 && h.opts.OnConflict == Skip:
		row.id = id
		h.claims.claim(id, hash)
		h.res.Skipped++
		return false, true
	}
	if id != 0 && h.done.has(id) {
		row.id, row.again = id, true
		h.res.Repeated++
		return false, true
	}
	if !h.resolve(row) {
		return false, false
	}
	row.id = id
	if id != 0 {
		h.done.add(id)
	}
	if id == 0 {
		h.last++
		row.id, isNew = h.last, true
		h.known[key] = append(h.known[key], store.KnownMovie{
			Year: catalog.Year(row.Movie.ReleaseDate), ID: row.id, DirectorKey: h.names.key(row.Director), Director: max(0, int64(row.director))})
	}
	h.claims.claim(row.id, hash)
	return isNew, true
}

// resolve resolves the names of a row. If one cannot be, the row is rejected
// with all such names.
func (h *movies) resolve(row *movieRow) bool {
	at := h.names.mark()
	good := true
	fail := func(column, reason string) {
		if reason != "" {
			good = false
			h.reject(&row.Meta, column, reason)
		}
	}
	var reason string
	row.country, reason = h.names.countryCell(row.Whole, row.Country)
	fail("country", reason)
	for _, g := range row.Genres {
		r, reason := h.names.genre(g)
		fail("genres", reason)
		row.genres = append(row.genres, r)
	}
	if row.Director != "" {
		row.director, reason = h.names.person(row.Director)
		fail("director", reason)
	}
	told := map[string]bool{}
	for _, p := range row.Cast {
		r, reason := h.names.person(p.Actor)
		if reason != "" && !told[reason] {
			told[reason] = true
			fail("cast", reason)
		}
		row.cast = append(row.cast, castRef{r, p.Character})
	}
	if !good {
		h.names.undo(at)
	}
	return good
}

// sameMovie returns the id of the movie that a row is, 0 if it is a new one. A
// row that cannot be told gives a reason. What came earlier in the file, with a
// year or without, is another movie unless the year is the same: the file knows
// its own rows apart.
func (h *movies) sameMovie(row *movieRow, known []store.KnownMovie, hash uint64) (id int64, reason string) {
	if len(known) == 0 {
		return 0, ""
	}
	year, key := catalog.Year(row.Movie.ReleaseDate), h.names.key(row.Director)
	same, dated := h.same[:0], h.dated[:0]
	defer func() { h.same, h.dated = same, dated }()
	told := false // the catalog has the title with the year, or without one
	for i := range known {
		k := &known[i]
		switch {
		case k.Year == year:
			told = true
			mine, another := h.claims.owned(k.ID, hash)
			if mine {
				return k.ID, ""
			}
			if another {
				continue
			}
			agree, known := sameDirector(row, key, k)
			nobody := hash != 0 && key == "" && row.director == 0 && k.DirectorKey == "" && k.Director == 0
			same = append(same, candidate{id: k.ID, at: i, fits: agree || !known, same: agree || nobody})
		case year == 0 && k.ID <= h.before:
			dated = append(dated, candidate{id: k.ID, at: i})
		}
	}
	movies := func(cs []candidate) string {
		return list(cs, func(c candidate) string { return knownMovie(known[c.at], h.before) })
	}
	if !told && len(dated) > 0 {
		return 0, fmt.Sprintf("%s has no year here and could be %s; add the year", catalog.Quote(row.Movie.Title), movies(dated))
	}
	c := h.claims.choose(hash, year == 0, same)
	switch {
	case len(c.doubt) > 0:
		return 0, fmt.Sprintf("%s has no year here and could be %s; add the year", catalog.Quote(row.Movie.Title), movies(c.doubt))
	case len(c.clash) > 0:
		return 0, fmt.Sprintf("%s by %s is not %s, which has another director; if it is another film, add it with movie add --duplicate",
			catalog.Quote(row.Movie.Label()), catalog.Quote(row.Director), movies(c.clash))
	}
	return c.id, ""
}

// sameDirector tells whether a row and a movie have the same director, and
// whether both have one at all. Without names, as in the files of IMDb, the
// records are compared.
func sameDirector(row *movieRow, key string, k *store.KnownMovie) (agree, known bool) {
	if key == "" && row.director > 0 {
		return k.Director == int64(row.director), k.Director != 0
	}
	return key != "" && k.DirectorKey == key, key != "" && k.DirectorKey != ""
}

// knownMovie names a movie in a message; those above before came with the
// import.
func knownMovie(k store.KnownMovie, before int64) string {
	if k.ID > before || k.ID < 0 {
		return "the film of an earlier row"
	}
	return catalog.YearLabel(fmt.Sprintf("movie %d", k.ID), k.Year)
}

// insert writes new movies with their genres and casts.
func (h *movies) insert(ctx context.Context, tx *store.Tx, rows []*movieRow, made made) error {
	ms := make([]catalog.Movie, len(rows))
	var links []store.Link
	var parts []catalog.Character
	for i, row := range rows {
		ms[i] = row.Movie
		ms[i].Country.ID, ms[i].Director.ID = made.country(row.country), made.person(row.director)
		for _, g := range row.genres {
			links = append(links, store.Link{Movie: row.id, Genre: made.genre(g)})
		}
		parts = append(parts, row.parts(made, nil)...)
	}
	if err := tx.InsertMovies(ctx, ms); err != nil {
		return err
	}
	for i, row := range rows {
		if ms[i].ID != row.id {
			return fmt.Errorf("the movie %s got the id %d in place of %d", catalog.Quote(row.Movie.Title), ms[i].ID, row.id)
		}
	}
	if _, err := tx.LinkGenres(ctx, links); err != nil {
		return err
	}
	if err := tx.InsertCharacters(ctx, parts); err != nil {
		return err
	}
	h.res.Created += len(ms)
	h.res.Characters += len(parts)
	return nil
}

// parts returns the parts of a row's cast that are not among those the movie
// has.
func (row *movieRow) parts(made made, has []catalog.Character) []catalog.Character {
	if len(row.cast) == 0 {
		return nil
	}
	type part struct {
		name  string
		actor int64
	}
	seen := map[part]bool{{}: true} // nobody as nobody
	for _, c := range has {
		seen[part{c.Name, c.Actor.ID}] = true
	}
	var parts []catalog.Character
	for _, p := range row.cast {
		one := part{p.character, made.person(p.actor)}
		if seen[one] {
			continue
		}
		seen[one] = true
		parts = append(parts, catalog.Character{Name: one.name, Movie: catalog.Titled{ID: row.id}, Actor: catalog.Named{ID: one.actor}})
	}
	return parts
}
