package output

import "github.com/moviedb/moviedb/internal/catalog"

// Genre is a kind of film. Fields are only ever added.
type Genre struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	Notes     Text   `json:"notes"`
	CreatedAt string `json:"created_at"` // UTC, RFC 3339
	UpdatedAt string `json:"updated_at"` // UTC, RFC 3339
}

// NewGenre makes the public shape of a genre.
func NewGenre(g catalog.Genre) Genre {
	return Genre{ID: g.ID, Name: g.Name, Notes: Text(g.Notes), CreatedAt: g.CreatedAt, UpdatedAt: g.UpdatedAt}
}

// GenreColumns are the columns of a list of genres.
func GenreColumns() []string { return []string{"id", "name"} }
