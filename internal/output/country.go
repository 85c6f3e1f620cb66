package output

import "github.com/moviedb/moviedb/internal/catalog"

// Country is where films and people come from. Fields are only ever added.
type Country struct {
	ID        int64  `json:"id" doc:"of the country; never changes"`
	Name      string `json:"name" doc:"name of the country"`
	CreatedAt string `json:"created_at" doc:"when it was added: RFC 3339, UTC"`
	UpdatedAt string `json:"updated_at" doc:"when it was last changed: RFC 3339, UTC"`
}

// NewCountry makes the public shape of a country.
func NewCountry(c catalog.Country) Country {
	return Country{ID: c.ID, Name: c.Name, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt}
}

// CountryColumns are the columns of a list of countries.
func CountryColumns() []string { return []string{"id", "name"} }
