package output

import "github.com/moviedb/moviedb/internal/catalog"

// Country is where films and people come from. Fields are only ever added.
type Country struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	CreatedAt string `json:"created_at"` // UTC, RFC 3339
	UpdatedAt string `json:"updated_at"` // UTC, RFC 3339
}

// NewCountry makes the public shape of a country.
func NewCountry(c catalog.Country) Country {
	return Country{ID: c.ID, Name: c.Name, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt}
}

// CountryColumns are the columns of a list of countries.
func CountryColumns() []string { return []string{"id", "name"} }
