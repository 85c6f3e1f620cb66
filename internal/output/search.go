package output

import "github.com/moviedb/moviedb/internal/catalog"

// Hit is a record that a search found.
type Hit struct {
	Kind    string `json:"kind"` // movie, person, character, genre or country
	ID      int64  `json:"id"`
	Name    string `json:"name"`    // title or name
	Year    Count  `json:"year"`    // of release or birth; of a character that of its film
	Snippet Text   `json:"snippet"` // where the words are, in [brackets]
}

// HitColumns are the columns of a search.
func HitColumns() []string { return []string{"kind", "id", "name", "year", "snippet"} }

// NewHit makes the record of a hit.
func NewHit(h catalog.Hit) Hit {
	return Hit{Kind: string(h.Kind), ID: h.ID, Name: h.Name, Year: Count(h.Year), Snippet: Text(h.Snippet)}
}
