package output

import "github.com/moviedb/moviedb/internal/catalog"

// User is what a list has of a user. Fields are only ever added. There is never
// a password or a hash of one.
type User struct {
	ID          int64   `json:"id" doc:"of the user; never changes"`
	Username    string  `json:"username" doc:"name to refer to the user by"`
	Name        Text    `json:"name" doc:"the whole name"`
	FirstName   Text    `json:"first_name" doc:"first name"`
	LastName    Text    `json:"last_name" doc:"last name"`
	Email       Text    `json:"email" doc:"e-mail address"`
	HasPassword bool    `json:"has_password" doc:"a password is set; it is never shown"`
	Avatar      FileRef `json:"avatar" doc:"the picture of the user"`
	CreatedAt   string  `json:"created_at" doc:"when the user was added: RFC 3339, UTC"`
	UpdatedAt   string  `json:"updated_at" doc:"when the user was last changed: RFC 3339, UTC"`
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
	Favorites []Favorite `json:"favorites" doc:"the favorite movies"`
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
