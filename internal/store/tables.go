package store

import "strings"

// ColumnType is what a column holds.
type ColumnType int

// The types of columns. In rows they are int64, float64, string and again int64,
// 0 or 1.
const (
	Integer ColumnType = iota
	Real
	Text
	Bool
)

// Column is a column of one of the ten tables.
type Column struct {
	Name     string // as exports have it: created_at
	Type     ColumnType
	Required bool
	Refers   string // the kind of record it refers to, "" if it is no reference

	sql string // as the schema has it
}

// Table is one of the ten tables.
type Table struct {
	Kind    string // what one row is: movie, movie_genre
	Name    string // as the schema has it
	Columns []Column
	Keys    int // the primary key is that many columns, from the first on
}

// HasID tells that the rows have an id of their own, and so a sequence.
func (t Table) HasID() bool { return t.Keys == 1 }

// Tables returns the ten tables, each after those it refers to.
func Tables() []Table {
	id := Column{Name: "id", Type: Integer, Required: true, sql: "id"}
	created := Column{Name: "created_at", Type: Text, Required: true, sql: `"createdAt"`}
	updated := Column{Name: "updated_at", Type: Text, Required: true, sql: `"updatedAt"`}
	text := func(name string) Column { return Column{Name: name, Type: Text, sql: name} }
	ref := func(name, kind string) Column { return Column{Name: name, Type: Integer, Refers: kind, sql: name} }
	must := func(c Column) Column {
		c.Required = true
		return c
	}
	number := func(name string, t ColumnType) Column { return Column{Name: name, Type: t, sql: name} }
	record := func(kind, name string, columns ...Column) Table {
		columns = append([]Column{id}, columns...)
		return Table{Kind: kind, Name: name, Columns: append(columns, created, updated), Keys: 1}
	}
	link := func(kind, name string, columns ...Column) Table {
		return Table{Kind: kind, Name: name, Columns: columns, Keys: len(columns)}
	}
	return []Table{
		record("file", "files", text("file_name"), text("mime_type"), text("file_key"), text("url")),
		record("country", "countries", must(text("name"))),
		record("genre", "genres", must(text("name")), text("notes")),
		record("user", "users", must(text("username")), text("first_name"), text("last_name"), text("email"), text("password"),
			ref("avatar_id", "file")),
		record("person", "persons", text("first_name"), must(text("last_name")), text("biography"), text("date_of_birth"), text("gender"),
			ref("country_id", "country"), ref("primary_photo_id", "file")),
		record("photo", "photos", must(ref("person_id", "person")), must(ref("file_id", "file")), must(number("is_primary", Bool))),
		record("movie", "movies", must(text("title")), text("description"), number("budget", Real), text("release_date"), number("duration", Integer),
			ref("country_id", "country"), ref("director_id", "person"), ref("poster_id", "file")),
		record("character", "characters", text("name"), text("description"), text("role"), must(ref("movie_id", "movie")), ref("actor_id", "person")),
		link("movie_genre", "movie_genres", must(ref("movie_id", "movie")), must(ref("genre_id", "genre"))),
		link("favorite_movie", "favorite_movies", must(ref("user_id", "user")), must(ref("movie_id", "movie"))),
	}
}

// list is "id, name, …" of the first n columns as the schema has them.
func (t Table) list(n int) string {
	names := make([]string, n)
	for i, c := range t.Columns[:n] {
		names[i] = c.sql
	}
	return strings.Join(names, ", ")
}
