package output

import (
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Movie is what a list has of a movie. Fields are only ever added.
type Movie struct {
	ID          int64    `json:"id" doc:"of the movie; never changes"`
	Title       string   `json:"title" doc:"its title"`
	ReleaseDate Text     `json:"release_date" doc:"1999, 1999-03 or 1999-03-31"`
	Duration    Count    `json:"duration" doc:"running time in minutes"`
	Country     Ref      `json:"country" doc:"where it is from"`
	Director    Ref      `json:"director" doc:"who directed it"`
	Genres      []Ref    `json:"genres" doc:"its genres, in the order of their ids"`
	Budget      *float64 `json:"budget" doc:"in whatever currency it was entered; 0 is a budget of nothing"`
	Description Text     `json:"description" doc:"what it is about; may have several lines"`
	Poster      FileRef  `json:"poster" doc:"its poster"`
	CreatedAt   string   `json:"created_at" doc:"when it was added: RFC 3339, UTC"`
	UpdatedAt   string   `json:"updated_at" doc:"when it was last changed: RFC 3339, UTC"`
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
	Cast Cast `json:"cast" doc:"the parts, in the order of their ids"`
}

// Part is one part in a movie's cast.
type Part struct {
	ID    int64 `json:"id" doc:"of the part, a character"`
	Name  Text  `json:"name" doc:"the character's name"`
	Role  Text  `json:"role" doc:"the kind of part: lead, supporting, cameo, voice …"`
	Actor Ref   `json:"actor" doc:"who plays it"`
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
