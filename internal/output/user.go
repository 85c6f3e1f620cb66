package output

import "github.com/moviedb/moviedb/internal/catalog"

// User is what a list has of a user. Fields are only ever added. There is never
// a password or a hash of one.
type User struct {
	ID          int64   `json:"id"`
	Username    string  `json:"username"`
	Name        Text    `json:"name"` // whole
	FirstName   Text    `json:"first_name"`
	LastName    Text    `json:"last_name"`
	Email       Text    `json:"email"`
	HasPassword bool    `json:"has_password"`
	Avatar      FileRef `json:"avatar"`
	CreatedAt   string  `json:"created_at"` // UTC, RFC 3339
	UpdatedAt   string  `json:"updated_at"` // UTC, RFC 3339
}

// NewUser makes the public shape of a user; at finds the avatar's content.
func NewUser(u catalog.User, at Locate) User {
	return User{
		ID: u.ID, Username: u.Username, Name: Text(u.Name()), FirstName: Text(u.FirstName), LastName: Text(u.LastName),
		Email: Text(u.Email), HasPassword: u.HasPassword, Avatar: newFileRef(u.Avatar, at),
		CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt,
	}
}

// UserColumns are the columns of a list of users.
func UserColumns() []string { return []string{"id", "username", "name", "email"} }

// UserDetail is what one user shows: all of a list, and the favorites.
type UserDetail struct {
	User
	Favorites []Favorite `json:"favorites"`
}

// Favorite is a movie that a user likes.
type Favorite struct{ MovieRef }

// SectionColumns are those of the favorites under a user.
func (Favorite) SectionColumns() []string { return []string{"id", "name", "year"} }

// NewUserDetail makes the public shape of one user.
func NewUserDetail(u catalog.User, favorites []catalog.Titled, at Locate) UserDetail {
	d := UserDetail{User: NewUser(u, at), Favorites: make([]Favorite, len(favorites))}
	for i, t := range favorites {
		d.Favorites[i] = Favorite{newMovieRef(t)}
	}
	return d
}
