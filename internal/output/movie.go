package output

import (
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Movie is what a list has of a movie. Fields are only ever added.
type Movie struct {
	ID          int64    `json:"id"`
	Title       string   `json:"title"`
	ReleaseDate Text     `json:"release_date"` // 1999, 1999-03 or 1999-03-31
	Duration    Count    `json:"duration"`     // minutes
	Country     Ref      `json:"country"`
	Director    Ref      `json:"director"`
	Genres      []Ref    `json:"genres"`
	Budget      *float64 `json:"budget"`
	Description Text     `json:"description"`
	Poster      FileRef  `json:"poster"`
	CreatedAt   string   `json:"created_at"` // UTC, RFC 3339
	UpdatedAt   string   `json:"updated_at"` // UTC, RFC 3339
}

// NewMovie makes the public shape of a movie; at finds the poster's content.
func NewMovie(m catalog.Movie, at Locate) Movie {
	return Movie{
		ID: m.ID, Title: m.Title, ReleaseDate: Text(m.ReleaseDate), Duration: Count(m.Duration),
		Country: newRef(m.Country), Director: newRef(m.Director), Genres: newRefs(m.Genres),
		Budget: m.Budget, Description: Text(m.Description), Poster: newFileRef(m.Poster, at),
		CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt,
	}
}

// MovieColumns are the columns of a list of movies.
func MovieColumns() []string {
	return []string{"id", "title", "release_date", "duration", "country", "director", "genres"}
}

// MovieDetail is what one movie shows: all of a list, and its cast.
type MovieDetail struct {
	Movie
	Cast Cast `json:"cast"` // in the order of the parts' ids
}

// Part is one part in a movie's cast.
type Part struct {
	ID    int64 `json:"id"`
	Name  Text  `json:"name"` // of the character
	Role  Text  `json:"role"` // the kind of part
	Actor Ref   `json:"actor"`
}

// SectionColumns are those of a cast under a movie.
func (Part) SectionColumns() []string { return []string{"id", "actor", "name", "role"} }

// Cast is the parts of a movie. In one cell it reads as the column "cast" of an
// import does: "Keanu Reeves as Neo; Carrie-Anne Moss as Trinity".
type Cast []Part

// Cell is the cast as import reads it.
func (c Cast) Cell(string) string {
	parts := make([]string, 0, len(c))
	for _, p := range c {
		switch {
		case p.Name == "":
			parts = append(parts, p.Actor.Name)
		case p.Actor.ID == 0:
			parts = append(parts, "as "+string(p.Name))
		default:
			parts = append(parts, p.Actor.Name+" as "+string(p.Name))
		}
	}
	return strings.Join(parts, "; ")
}

// NewMovieDetail makes the public shape of one movie with its cast.
func NewMovieDetail(m catalog.Movie, cast []catalog.Character, at Locate) MovieDetail {
	d := MovieDetail{Movie: NewMovie(m, at), Cast: make(Cast, len(cast))}
	for i, c := range cast {
		d.Cast[i] = Part{ID: c.ID, Name: Text(c.Name), Role: Text(c.Role), Actor: newRef(c.Actor)}
	}
	return d
}
