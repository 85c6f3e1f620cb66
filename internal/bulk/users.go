package bulk

import (
	"context"
	"fmt"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/store"
)

func usersJob() job[csvio.UserRow] { return job[csvio.UserRow]{kind: csvio.Users(), make: newUsers} }

func favoritesJob() job[csvio.FavoriteRow] {
	return job[csvio.FavoriteRow]{kind: csvio.Favorites(), make: newFavorites}
}

// accounts finds users by name.
type accounts struct {
	ids map[string]int64 // by folded username, those that were asked for
}

// user returns the id of a user, 0 if there is none.
func (a *accounts) user(ctx context.Context, tx *store.Tx, name string) (int64, error) {
	key := catalog.Fold(name)
	if id, ok := a.ids[key]; ok {
		return id, nil
	}
	ref, err := catalog.ParseRef(catalog.KindUser, catalog.NameRef(catalog.KindUser, name))
	if err != nil {
		return 0, err
	}
	found, err := tx.Find(ctx, catalog.KindUser, ref)
	if err != nil {
		return 0, err
	}
	a.ids[key] = 0
	if len(found) > 0 {
		a.ids[key] = found[0].ID
	}
	return a.ids[key], nil
}

// add makes a user.
func (a *accounts) add(ctx context.Context, tx *store.Tx, u catalog.User) (int64, error) {
	id, err := tx.InsertUser(ctx, u, "")
	a.ids[catalog.Fold(u.Username)] = id
	return id, err
}

// users writes users; the folded username is the user.
type users struct {
	*session
	accounts
	before int64
}

func newUsers(ctx context.Context, tx *store.Tx, s *session) (handler[csvio.UserRow], error) {
	before, err := tx.LastID(ctx, catalog.KindUser)
	return &users{session: s, accounts: accounts{ids: map[string]int64{}}, before: before}, err
}

func (h *users) batch(ctx context.Context, tx *store.Tx, rows []csvio.UserRow) error {
	for i := range rows {
		if err := h.row(ctx, tx, &rows[i]); err != nil {
			return err
		}
	}
	return nil
}

func (h *users) row(ctx context.Context, tx *store.Tx, row *csvio.UserRow) error {
	id, err := h.user(ctx, tx, row.User.Username)
	if err != nil {
		return err
	}
	what := h.decide(&row.Meta, catalog.KindUser, id, h.before, row.User.Username)
	if what == leave {
		return nil
	}
	if row.User.Email != "" {
		other, err := tx.UserByEmail(ctx, row.User.Email)
		if err != nil {
			return err
		}
		if other != 0 && other != id {
			whose := fmt.Sprintf("user %d", other)
			if other > h.before {
				whose = "the user of an earlier row"
			}
			h.reject(&row.Meta, "email", fmt.Sprintf("%s is the address of %s already", catalog.Quote(row.User.Email), whose))
			return nil
		}
	}
	if what == add {
		h.res.Created++
		_, err := h.add(ctx, tx, row.User)
		return err
	}
	was, err := tx.UsersByID(ctx, id)
	if err != nil {
		return err
	}
	now := was[0]
	assignUser(row, &now)
	if now == was[0] {
		h.res.Skipped++
		return nil
	}
	h.res.Updated++
	return tx.UpdateUser(ctx, was[0], now)
}

// assignUser puts the values of a row into a user.
func assignUser(row *csvio.UserRow, u *catalog.User) {
	u.Username = row.User.Username
	row.Assign(csvio.UserFirstName, &u.FirstName, row.User.FirstName)
	row.Assign(csvio.UserLastName, &u.LastName, row.User.LastName)
	row.Assign(csvio.UserEmail, &u.Email, row.User.Email)
}

// favorites writes which user keeps which movie.
type favorites struct {
	*session
	accounts
	films *films
	seen  map[[2]int64]bool // user and movie, made by this import
}

func newFavorites(ctx context.Context, tx *store.Tx, s *session) (handler[csvio.FavoriteRow], error) {
	films, err := newFilms(ctx, tx, s)
	return &favorites{session: s, accounts: accounts{ids: map[string]int64{}}, films: films, seen: map[[2]int64]bool{}}, err
}

func (h *favorites) batch(ctx context.Context, tx *store.Tx, rows []csvio.FavoriteRow) error {
	err := h.films.lookUp(ctx, tx, func(yield func(csvio.MovieName) bool) {
		for i := range rows {
			if !yield(rows[i].Movie) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	type pair struct {
		row  *csvio.FavoriteRow
		user int64
		film int64
	}
	var pairs []pair
	for i := range rows {
		row := &rows[i]
		made := len(h.films.made)
		film, reason := h.films.movie(row.Movie)
		if reason != "" {
			h.reject(&row.Meta, "movie", reason)
		}
		user, err := h.userOf(ctx, tx, row, reason == "")
		if err != nil {
			return err
		}
		if reason != "" || user == 0 {
			h.films.undo(made)
			continue
		}
		pairs = append(pairs, pair{row, user, film})
	}
	if err := h.films.flush(ctx, tx); err != nil {
		return err
	}
	for _, p := range pairs {
		added, err := tx.AddFavorites(ctx, p.user, []int64{p.film})
		if err != nil {
			return err
		}
		key := [2]int64{p.user, p.film}
		switch {
		case added > 0:
			h.seen[key] = true
			h.res.Created++
		case h.opts.OnConflict == Fail:
			h.reject(&p.row.Meta, "", fmt.Sprintf("%s keeps this film already", catalog.Quote(p.row.User)))
		case h.seen[key]:
			h.res.Repeated++
		default:
			h.res.Skipped++
		}
	}
	return nil
}

// userOf finds the user of a row, or makes them if the row is good so far; 0 is
// a row that was rejected.
func (h *favorites) userOf(ctx context.Context, tx *store.Tx, row *csvio.FavoriteRow, good bool) (int64, error) {
	id, err := h.user(ctx, tx, row.User)
	if err != nil || id != 0 {
		return id, err
	}
	if h.opts.NoCreate {
		h.reject(&row.Meta, "user", noSuch(catalog.KindUser, row.User))
		return 0, nil
	}
	if !good {
		return 0, nil
	}
	h.res.Users++
	return h.add(ctx, tx, catalog.User{Username: row.User})
}
