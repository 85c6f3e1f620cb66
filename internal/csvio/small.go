package csvio

import (
	"github.com/moviedb/moviedb/internal/catalog"
)

// NameRow is one row of a genres or countries file.
type NameRow struct {
	Meta
	Name  string
	Notes string // of a genre; "" is none
}

// The columns of genres and countries, as Meta has them.
const (
	NameName Columns = 1 << iota
	NameNotes
)

// Genres is the kind of files of genres.
func Genres() Kind[NameRow] {
	k := names("genres", "genre category title")
	k.columns = append(k.columns, column[NameRow]{name: "notes", aliases: "description", bit: NameNotes,
		read: func(c *cells, s string, r *NameRow) { r.Notes = parsed(c, s, catalog.CleanText) }})
	return k
}

// Countries is the kind of files of countries.
func Countries() Kind[NameRow] { return names("countries", "country countryname") }

func names(kind, aliases string) Kind[NameRow] {
	return Kind[NameRow]{
		name: kind, need: colName,
		meta: func(r *NameRow) *Meta { return &r.Meta },
		finish: func(c *cells, r *NameRow) {
			if r.Name == "" && len(c.errs) == 0 {
				c.failAt(colName, "the row has no name; this cell is blank")
			}
		},
		columns: []column[NameRow]{
			{name: colName, aliases: aliases, bit: NameName,
				read: func(c *cells, s string, r *NameRow) { r.Name = c.lineOf(s) }},
		},
	}
}

// UserRow is one row of a users file.
type UserRow struct {
	Meta
	User catalog.User
}

// The columns of users, as Meta has them.
const (
	UserUsername Columns = 1 << iota
	UserFirstName
	UserLastName
	UserEmail
)

// Users is the kind of files of users. Passwords are none of their columns.
func Users() Kind[UserRow] {
	return Kind[UserRow]{
		name: "users", need: "username",
		meta: func(r *UserRow) *Meta { return &r.Meta },
		finish: func(c *cells, r *UserRow) {
			if r.User.Username == "" && len(c.errs) == 0 {
				c.failAt("username", "a user needs a username; this cell is blank")
			}
		},
		columns: []column[UserRow]{
			{name: "username", aliases: "user login", bit: UserUsername,
				read: func(c *cells, s string, r *UserRow) { r.User.Username = parsed(c, s, catalog.ParseUsername) }},
			{name: "first_name", aliases: "givenname forename", bit: UserFirstName,
				read: func(c *cells, s string, r *UserRow) { r.User.FirstName = c.lineOf(s) }},
			{name: "last_name", aliases: "familyname surname", bit: UserLastName,
				read: func(c *cells, s string, r *UserRow) { r.User.LastName = c.lineOf(s) }},
			{name: "email", aliases: "emailaddress mail", bit: UserEmail,
				read: func(c *cells, s string, r *UserRow) { r.User.Email = parsed(c, s, catalog.ParseEmail) }},
		},
	}
}

// FavoriteRow is one row of a favorites file.
type FavoriteRow struct {
	Meta
	User  string // username
	Movie MovieName
}

// Favorites is the kind of files that say which user keeps which movie.
func Favorites() Kind[FavoriteRow] {
	return Kind[FavoriteRow]{
		name: "favorites", need: "movie",
		meta: func(r *FavoriteRow) *Meta { return &r.Meta },
		finish: func(c *cells, r *FavoriteRow) {
			c.movie(&r.Movie)
			if r.User == "" && len(c.errs) == 0 {
				c.failAt("user", "the row names no user; this cell is blank")
			}
		},
		columns: []column[FavoriteRow]{
			{name: "user", aliases: "username login", bit: 1,
				read: func(c *cells, s string, r *FavoriteRow) { r.User = parsed(c, s, catalog.ParseUsername) }},
			{name: "movie", aliases: "title film movietitle filmtitle", bit: 2,
				read: func(c *cells, s string, r *FavoriteRow) { r.Movie.Title = c.lineOf(s) }},
			{name: colYear, aliases: yearAliases + " releasedate moviereleasedate", bit: 2,
				read: func(c *cells, s string, r *FavoriteRow) { r.Movie.Date = c.year(s) }},
		},
	}
}

// PhotoRow is one row of a photos file.
type PhotoRow struct {
	Meta
	Person  string
	Path    string // of a picture, from the folder of the file
	Primary bool
}

// Photos is the kind of files that say which picture shows whom.
func Photos() Kind[PhotoRow] {
	return Kind[PhotoRow]{
		name: "photos", need: "file",
		meta: func(r *PhotoRow) *Meta { return &r.Meta },
		finish: func(c *cells, r *PhotoRow) {
			if r.Person == "" && len(c.errs) == 0 {
				c.failAt("person", "the row names no person; this cell is blank")
			}
			if r.Path == "" && len(c.errs) == 0 {
				c.failAt("file", "the row names no picture; this cell is blank")
			}
		},
		columns: []column[PhotoRow]{
			{name: "person", aliases: "name actor personname", bit: 1,
				read: func(c *cells, s string, r *PhotoRow) { r.Person = c.lineOf(s) }},
			{name: "file", aliases: "path photo picture image filename", bit: 2,
				read: func(_ *cells, s string, r *PhotoRow) { r.Path = s }},
			{name: "primary", aliases: "isprimary", bit: 4,
				read: func(c *cells, s string, r *PhotoRow) { r.Primary = c.yes(s) }},
		},
	}
}

// yes reads a truth: true or false, yes or no, 1 or 0.
func (c *cells) yes(text string) bool {
	switch catalog.Fold(text) {
	case "true", "yes", "1", "y", "t":
		return true
	case "false", "no", "0", "n", "f":
		return false
	}
	c.failf("%s is neither true nor false", catalog.Quote(text))
	return false
}
