package csvio

import "github.com/moviedb/moviedb/internal/catalog"

// CharacterRow is one row of a characters file. Movie and actor are names yet;
// the character's own name is in Character.
type CharacterRow struct {
	Meta
	Character catalog.Character
	Movie     MovieName
	Actor     string // "" is unknown
}

// MovieName is a film as a file names it.
type MovieName struct {
	Title string
	Date  string // release date, or only its year; "" is unknown
}

// The columns of characters, as Meta has them.
const (
	CharacterMovie Columns = 1 << iota
	CharacterActor
	CharacterName
	CharacterRole
	CharacterDescription
)

// Characters is the kind of files of parts.
func Characters() Kind[CharacterRow] {
	return Kind[CharacterRow]{
		name: "characters", need: "movie",
		meta: func(r *CharacterRow) *Meta { return &r.Meta },
		finish: func(c *cells, r *CharacterRow) {
			c.movie(&r.Movie)
			if r.Character.Name == "" && r.Actor == "" && len(c.errs) == 0 {
				c.failAt(colName, "a part needs the name of a character or an actor; both are blank")
			}
		},
		columns: []column[CharacterRow]{
			{name: "movie", aliases: "title film movietitle filmtitle seriestitle", bit: CharacterMovie,
				read: func(c *cells, s string, r *CharacterRow) { r.Movie.Title = c.lineOf(s) }},
			{name: colYear, aliases: yearAliases + " releasedate moviereleasedate", bit: CharacterMovie,
				read: func(c *cells, s string, r *CharacterRow) { r.Movie.Date = c.year(s) }},
			{name: "actor", aliases: "actorname person performer actress playedby", bit: CharacterActor,
				read: func(c *cells, s string, r *CharacterRow) { r.Actor = c.lineOf(s) }},
			{name: colName, aliases: "character charactername part", bit: CharacterName,
				read: func(c *cells, s string, r *CharacterRow) { r.Character.Name = c.lineOf(s) }},
			{name: "role", aliases: "roletype kind", bit: CharacterRole,
				read: func(c *cells, s string, r *CharacterRow) { r.Character.Role = c.lineOf(s) }},
			{name: "description", aliases: "notes", bit: CharacterDescription,
				read: func(c *cells, s string, r *CharacterRow) { r.Character.Description = parsed(c, s, catalog.CleanText) }},
		},
	}
}

// movie refuses a row without a movie. The year behind a title belongs to the
// title until the catalog is asked.
func (c *cells) movie(m *MovieName) {
	if m.Title == "" && len(c.errs) == 0 {
		c.failAt("movie", "the row names no movie; this cell is blank")
	}
}
