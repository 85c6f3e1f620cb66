package output

import "github.com/moviedb/moviedb/internal/catalog"

// Genre is a kind of film. Fields are only ever added.
type Genre struct {
	ID        int64  `json:"id" doc:"of the genre; never changes"`
	Name      string `json:"name" doc:"name of the genre"`
	Notes     Text   `json:"notes" doc:"may have several lines"`
	CreatedAt string `json:"created_at" doc:"when it was added: RFC 3339, UTC"`
	UpdatedAt string `json:"updated_at" doc:"when it was last changed: RFC 3339, UTC"`
}

// NewGenre makes the public shape of a genre.
func NewGenre(g catalog.Genre) Genre {
	return Genre{ID: g.ID, Name: g.Name, Notes: Text(g.Notes), CreatedAt: g.CreatedAt, UpdatedAt: g.UpdatedAt}
}

// GenreColumns are the columns of a list of genres.
func GenreColumns() []string { return []string{"id", "name"} }
