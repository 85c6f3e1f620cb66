package output

import "github.com/moviedb/moviedb/internal/catalog"

// Character is a part in a movie. Fields are only ever added.
type Character struct {
	ID          int64    `json:"id" doc:"of the part; never changes"`
	Name        Text     `json:"name" doc:"the character's name"`
	Role        Text     `json:"role" doc:"the kind of part: lead, supporting, cameo, voice …"`
	Movie       MovieRef `json:"movie" doc:"the movie it is in"`
	Actor       Ref      `json:"actor" doc:"who plays it"`
	Description Text     `json:"description" doc:"may have several lines"`
	CreatedAt   string   `json:"created_at" doc:"when it was added: RFC 3339, UTC"`
	UpdatedAt   string   `json:"updated_at" doc:"when it was last changed: RFC 3339, UTC"`
}

// NewCharacter makes the public shape of a part.
func NewCharacter(c catalog.Character) Character {
	return Character{
		ID: c.ID, Name: Text(c.Name), Role: Text(c.Role), Movie: newMovieRef(c.Movie), Actor: newRef(c.Actor),
		Description: Text(c.Description), CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
}

// CharacterColumns are the columns of a list of parts.
func CharacterColumns() []string { return []string{"id", "name", "role", "movie", "actor"} }
