package output

import "github.com/moviedb/moviedb/internal/catalog"

// Hit is a record that a search found.
type Hit struct {
	Kind    string `json:"kind" doc:"movie, person, character, genre or country"`
	ID      int64  `json:"id" doc:"of the record"`
	Name    string `json:"name" doc:"title or name"`
	Year    Count  `json:"year" doc:"of release or birth; of a character that of its film"`
	Snippet Text   `json:"snippet" doc:"where the words are, in [brackets]"`
}

// HitColumns are the columns of a search.
func HitColumns() []string { return []string{"kind", "id", "name", "year", "snippet"} }

// NewHit makes the record of a hit.
func NewHit(h catalog.Hit) Hit {
	return Hit{Kind: string(h.Kind), ID: h.ID, Name: h.Name, Year: Count(h.Year), Snippet: Text(h.Snippet)}
}
