package store

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

func userListing() listing {
	return listing{
		kind: catalog.KindUser,
		cols: `u.id, u.username, u.first_name, u.last_name, u.email, u.password IS NOT NULL,
			f.id, f.file_name, f.file_key, u."createdAt", u."updatedAt"`,
		from: "users u LEFT JOIN files f ON f.id = u.avatar_id", count: "users u", id: "u.id",
		orders: map[string]order{
			"id":         {expr: "u.id"},
			"username":   {expr: "uk.name_key", join: "JOIN user_keys uk ON uk.user_id = u.id", id: "uk.user_id"},
			"name":       {expr: "lower(coalesce(u.last_name, u.first_name))"},
			"email":      {expr: "lower(u.email)"},
			"created_at": {expr: `u."createdAt"`},
			"updated_at": {expr: `u."updatedAt"`},
		},
	}
}

func scanUser(s scanner, u *catalog.User) error {
	var first, last, email, name, key sql.NullString
	var avatar sql.NullInt64
	err := s.Scan(&u.ID, &u.Username, &first, &last, &email, &u.HasPassword, &avatar, &name, &key, &u.CreatedAt, &u.UpdatedAt)
	u.FirstName, u.LastName, u.Email = first.String, last.String, email.String
	u.Avatar = catalog.File{ID: avatar.Int64, Name: name.String, Key: key.String}
	return err
}

func userFilters(_ context.Context, f catalog.UserFilter) ([]filter, error) {
	if f.Name == "" {
		return nil, nil
	}
	return []filter{prefixed("u", "user_keys", "user_id", "name_key", f.Name)}, nil
}

// Users yields the users that the filter lets through, one at a time.
func (tx *Tx) Users(ctx context.Context, f catalog.UserFilter) iter.Seq2[catalog.User, error] {
	return page(ctx, tx, userListing(), f, userFilters, f.Page, scanUser)
}

// CountUsers counts what the filter lets through, without regard to the page.
func (tx *Tx) CountUsers(ctx context.Context, f catalog.UserFilter) (int64, error) {
	return total(ctx, tx, userListing(), f, userFilters)
}

// UsersByID returns the users with the given ids, in that order.
func (tx *Tx) UsersByID(ctx context.Context, ids ...int64) ([]catalog.User, error) {
	return byIDs(ctx, tx, userListing(), ids, scanUser, func(u *catalog.User) int64 { return u.ID })
}

// UserByEmail returns the user with the address, whatever its case, 0 if there
// is none.
func (tx *Tx) UserByEmail(ctx context.Context, email string) (int64, error) {
	id, err := tx.number(ctx, `SELECT min(id) FROM users WHERE email = ?`, email)
	if err != nil || id != 0 {
		return id, err
	}
	// SQLite compares the case of ASCII only. Other addresses are few.
	for u, err := range rows(ctx, tx, scanNamed, `SELECT id, email FROM users WHERE email GLOB '*[^ -~]*'`) {
		if err != nil {
			return 0, err
		}
		if strings.EqualFold(u.Name, email) {
			return u.ID, nil
		}
	}
	return 0, nil
}

// InsertUser stores a user, with the hash of a password or "", and returns its id.
func (tx *Tx) InsertUser(ctx context.Context, u catalog.User, hash string) (int64, error) {
	id, err := tx.nextID(ctx, "users")
	if err != nil {
		return 0, err
	}
	return id, tx.exec(ctx, `INSERT INTO users (id, username, first_name, last_name, email, password, avatar_id) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id, u.Username, null(u.FirstName), null(u.LastName), null(u.Email), null(hash), null(u.Avatar.ID))
}

// UpdateUser writes what differs between a user as it was read and as it shall
// be, but for the password.
func (tx *Tx) UpdateUser(ctx context.Context, was, now catalog.User) error {
	return tx.changeColumns(ctx, catalog.KindUser, was.ID, []string{"username", "first_name", "last_name", "email", "avatar_id"},
		userValues(&was), userValues(&now))
}

func userValues(u *catalog.User) []any {
	return []any{u.Username, null(u.FirstName), null(u.LastName), null(u.Email), null(u.Avatar.ID)}
}

// PasswordHash returns the hash of a user's password, "" if there is none.
func (tx *Tx) PasswordHash(ctx context.Context, id int64) (string, error) {
	var hash sql.NullString
	err := tx.conn.QueryRowContext(ctx, `SELECT password FROM users WHERE id = ?`, id).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return "", &catalog.NotFoundError{Kind: catalog.KindUser, Ref: catalog.Ref{ID: id}}
	}
	return hash.String, err
}

// SetPasswordHash stores the hash of a user's password; "" is none.
func (tx *Tx) SetPasswordHash(ctx context.Context, id int64, hash string) error {
	return tx.changeOne(ctx, catalog.KindUser, id, `UPDATE users SET password = ? WHERE id = ?`, null(hash), id)
}

// DeleteUsers deletes users with their favorites; their avatars stay.
func (tx *Tx) DeleteUsers(ctx context.Context, ids []int64) error {
	return execIn(ctx, tx, `DELETE FROM users WHERE id IN %IN%`, ids)
}

// AddFavorites makes movies favorites of a user and returns how many were none
// before.
func (tx *Tx) AddFavorites(ctx context.Context, user int64, movies []int64) (added int64, err error) {
	return tx.counted(ctx, func() error {
		return insertAll(ctx, tx, `INSERT INTO favorite_movies (user_id, movie_id)`, 2, ` ON CONFLICT DO NOTHING`, movies,
			func(a []any, m *int64) []any { return append(a, user, *m) })
	})
}

// RemoveFavorites takes movies from a user's favorites and returns how many
// were there.
func (tx *Tx) RemoveFavorites(ctx context.Context, user int64, movies []int64) (removed int64, err error) {
	return tx.counted(ctx, func() error {
		for part := range chunks(movies) {
			args := append([]any{user}, anys(part)...)
			if err := tx.exec(ctx, `DELETE FROM favorite_movies WHERE user_id = ? AND movie_id IN (`+marks(len(part))+`)`, args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// Favorites returns the movies that a user likes, by id.
func (tx *Tx) Favorites(ctx context.Context, user int64) ([]catalog.Titled, error) {
	return all(rows(ctx, tx, scanTitled, `SELECT m.id, m.title, m.release_date FROM favorite_movies f JOIN movies m ON m.id = f.movie_id
		WHERE f.user_id = ? ORDER BY m.id`, user))
}
