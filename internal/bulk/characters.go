package bulk

import (
	"context"
	"fmt"
	"slices"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/store"
)

func charactersJob() job[csvio.CharacterRow] {
	return job[csvio.CharacterRow]{kind: csvio.Characters(), adds: true, make: newCharacters}
}

// characters writes parts: movie, actor and the character's name are a part.
type characters struct {
	*session
	films  *films
	before int64 // the highest id when the import began
	last   int64 // the highest id given so far
	done   idSet // those that a row updates
	known  map[part]int64
}

// part is what tells parts apart. The name is folded.
type part struct {
	movie int64
	actor ref
	name  string
}

func newCharacters(ctx context.Context, tx *store.Tx, s *session) (handler[csvio.CharacterRow], error) {
	films, err := newFilms(ctx, tx, s)
	if err != nil {
		return nil, err
	}
	before, err := tx.LastID(ctx, catalog.KindCharacter)
	return &characters{session: s, films: films, before: before, last: before}, err
}

// characterRow is a row on its way into the catalog.
type characterRow struct {
	*csvio.CharacterRow
	id    int64
	movie int64
	actor ref
}

func (h *characters) batch(ctx context.Context, tx *store.Tx, rows []csvio.CharacterRow) error {
	resolved, err := h.resolve(ctx, tx, rows)
	if err != nil {
		return err
	}
	return h.place(ctx, tx, resolved)
}

// place writes rows whose movie and actor are known.
func (h *characters) place(ctx context.Context, tx *store.Tx, rows []characterRow) error {
	if err := h.lookUp(ctx, tx, rows); err != nil {
		return err
	}
	var fresh, changed []*characterRow
	for i := range rows {
		row := &rows[i]
		p := part{row.movie, row.actor, catalog.Fold(row.Character.Name)}
		id := h.known[p]
		switch {
		case id != 0 && h.opts.OnConflict == Fail:
			h.reject(&row.Meta, "", fmt.Sprintf("the part is in the catalog already: %s", h.label(id)))
		case id > h.before, h.opts.OnConflict == Update && id != 0 && h.done.add(id):
			h.res.Repeated++
		case id != 0 && h.opts.OnConflict == Update:
			row.id = id
			changed = append(changed, row)
		case id != 0:
			h.res.Skipped++
		default:
			h.last++
			row.id = h.last
			h.known[p] = row.id
			fresh = append(fresh, row)
		}
	}
	return h.write(ctx, tx, fresh, changed)
}

// resolve finds the movie and the actor of each row; a row whose names cannot
// be resolved is rejected and left out.
func (h *characters) resolve(ctx context.Context, tx *store.Tx, rows []csvio.CharacterRow) ([]characterRow, error) {
	err := h.films.lookUp(ctx, tx, func(yield func(csvio.MovieName) bool) {
		for i := range rows {
			if !yield(rows[i].Movie) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	err = h.names.lookUp(ctx, tx, func(yield func(string) bool) {
		for i := range rows {
			if !yield(rows[i].Actor) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	resolved := make([]characterRow, 0, len(rows))
	for i := range rows {
		row := characterRow{CharacterRow: &rows[i]}
		films, people := len(h.films.made), h.names.mark()
		movie, noMovie := h.films.movie(row.Movie)
		actor, noActor := h.names.person(row.Actor)
		if noActor != "" && movie != 0 && movie <= h.films.before {
			who, err := h.player(ctx, tx, movie, row.CharacterRow)
			if err != nil {
				return nil, err
			}
			if who != 0 {
				actor, noActor = who, ""
			}
		}
		if noMovie != "" {
			h.reject(&row.Meta, "movie", noMovie)
		}
		if noActor != "" {
			h.reject(&row.Meta, "actor", noActor)
		}
		if noMovie != "" || noActor != "" {
			h.films.undo(films)
			h.names.undo(people)
			continue
		}
		row.movie, row.actor = movie, actor
		resolved = append(resolved, row)
	}
	if err := h.films.flush(ctx, tx); err != nil {
		return nil, err
	}
	made, err := h.names.flush(ctx, tx)
	for i := range resolved {
		resolved[i].actor = ref(made.person(resolved[i].actor))
	}
	return resolved, err
}

// player returns the one among the namesakes of an actor who has the part of a
// row already, 0 if there is none: an import that made a namesake can be
// repeated.
func (h *characters) player(ctx context.Context, tx *store.Tx, movie int64, row *csvio.CharacterRow) (who ref, err error) {
	_, born := catalog.SplitYear(row.Actor)
	fits := h.names.namesakes(row.Actor, born)
	if len(fits) == 0 {
		return 0, nil
	}
	parts, err := tx.PartsOf(ctx, []int64{movie})
	if err != nil {
		return 0, err
	}
	name := catalog.Fold(row.Character.Name)
	for _, k := range parts {
		if catalog.Fold(k.Name) != name || !slices.ContainsFunc(fits, func(p store.KnownPerson) bool { return p.ID == k.Actor }) {
			continue
		}
		if who != 0 && who != ref(k.Actor) {
			return 0, nil
		}
		who = ref(k.Actor)
	}
	return who, nil
}

// lookUp asks the catalog for the parts of the movies of a batch.
func (h *characters) lookUp(ctx context.Context, tx *store.Tx, rows []characterRow) error {
	h.known = make(map[part]int64, len(rows))
	var movies []int64
	seen := make(map[int64]bool, len(rows)/4)
	for i := range rows {
		if id := rows[i].movie; !seen[id] {
			seen[id] = true
			movies = append(movies, id)
		}
	}
	got, err := tx.PartsOf(ctx, movies)
	for _, k := range got {
		p := part{k.Movie, ref(k.Actor), catalog.Fold(k.Name)}
		if _, ok := h.known[p]; !ok {
			h.known[p] = k.ID
		}
	}
	return err
}

// label names a part in a message. One that this import made has no id yet.
func (h *characters) label(id int64) string {
	if id > h.before {
		return "that of an earlier row"
	}
	return fmt.Sprintf("character %d", id)
}

func (h *characters) write(ctx context.Context, tx *store.Tx, fresh, changed []*characterRow) error {
	cs := make([]catalog.Character, len(fresh))
	for i, row := range fresh {
		cs[i] = row.Character
		cs[i].Movie.ID, cs[i].Actor.ID = row.movie, int64(row.actor)
	}
	if err := tx.InsertCharacters(ctx, cs); err != nil {
		return err
	}
	h.res.Created += len(cs)
	if len(changed) == 0 {
		return nil
	}
	ids := make([]int64, len(changed))
	for i, row := range changed {
		ids[i] = row.id
	}
	was, err := tx.CharactersByID(ctx, ids...)
	if err != nil {
		return err
	}
	for i, row := range changed {
		now := was[i]
		row.assign(&now)
		if now == was[i] {
			h.res.Skipped++
			continue
		}
		if err := tx.UpdateCharacter(ctx, was[i], now); err != nil {
			return err
		}
		h.res.Updated++
	}
	return nil
}

// assign puts the values of a row into a part.
func (row *characterRow) assign(c *catalog.Character) {
	if row.Given.Has(csvio.CharacterName) {
		c.Name = row.Character.Name
	}
	row.Assign(csvio.CharacterRole, &c.Role, row.Character.Role)
	row.Assign(csvio.CharacterDescription, &c.Description, row.Character.Description)
}
