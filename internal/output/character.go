package output

import "github.com/moviedb/moviedb/internal/catalog"

// Character is a part in a movie. Fields are only ever added.
type Character struct {
	ID          int64    `json:"id"`
	Name        Text     `json:"name"` // of the character
	Role        Text     `json:"role"` // the kind of part
	Movie       MovieRef `json:"movie"`
	Actor       Ref      `json:"actor"`
	Description Text     `json:"description"`
	CreatedAt   string   `json:"created_at"` // UTC, RFC 3339
	UpdatedAt   string   `json:"updated_at"` // UTC, RFC 3339
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
