package output

import (
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Person is what a list has of a person. Fields are only ever added.
type Person struct {
	ID           int64   `json:"id" doc:"of the person; never changes"`
	Name         string  `json:"name" doc:"the whole name"`
	FirstName    Text    `json:"first_name" doc:"null for a single name"`
	LastName     string  `json:"last_name" doc:"last name, or the single one"`
	DateOfBirth  Text    `json:"date_of_birth" doc:"1932, 1932-04 or 1932-04-04"`
	Gender       Text    `json:"gender" doc:"in any words"`
	Country      Ref     `json:"country" doc:"where the person is from"`
	Biography    Text    `json:"biography" doc:"may have several lines"`
	PrimaryPhoto FileRef `json:"primary_photo" doc:"the picture that stands for the person"`
	CreatedAt    string  `json:"created_at" doc:"when the person was added: RFC 3339, UTC"`
	UpdatedAt    string  `json:"updated_at" doc:"when the person was last changed: RFC 3339, UTC"`
}

// NewPerson makes the public shape of a person; at finds the photo's content.
func NewPerson(p catalog.Person, at Locate) Person {
	return Person{
		ID: p.ID, Name: p.Name(), FirstName: Text(p.FirstName), LastName: p.LastName,
		DateOfBirth: Text(p.DateOfBirth), Gender: Text(p.Gender), Country: newRef(p.Country),
		Biography: Text(p.Biography), PrimaryPhoto: newFileRef(p.PrimaryPhoto, at),
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
}

// PersonColumns are the columns of a list of people.
func PersonColumns() []string {
	return []string{"id", "name", "date_of_birth", "gender", "country"}
}

// PersonDetail is what one person shows: all of a list, the movies directed,
// the parts played and the photos.
type PersonDetail struct {
	Person
	Directed []Directed    `json:"directed" doc:"the movies directed"`
	Parts    Parts         `json:"parts" doc:"the parts played"`
	Photos   []PersonPhoto `json:"photos" doc:"the pictures"`
}

// Directed is a movie that a person directed.
type Directed struct{ MovieRef }

// SectionColumns are those of the movies under a director.
func (Directed) SectionColumns() []string { return []string{"id", "name", "year"} }

// Played is one part that a person plays.
type Played struct {
	ID    int64    `json:"id" doc:"of the part, a character"`
	Name  Text     `json:"name" doc:"the character's name"`
	Role  Text     `json:"role" doc:"the kind of part: lead, supporting, cameo, voice …"`
	Movie MovieRef `json:"movie" doc:"the movie it is in"`
}

// SectionColumns are those of the parts under an actor.
func (Played) SectionColumns() []string { return []string{"id", "name", "role", "movie"} }

// Parts is the parts a person plays. In one cell each is "Neo in The Matrix (1999)".
type Parts []Played

// Cell names each part and its movie.
func (ps Parts) Cell(sep string) string {
	cells := make([]string, len(ps))
	for i, p := range ps {
		cells[i] = p.Movie.Cell(sep)
		if p.Name != "" {
			cells[i] = string(p.Name) + " in " + cells[i]
		}
	}
	return strings.Join(cells, sep)
}

// NewPersonDetail makes the public shape of one person.
func NewPersonDetail(p catalog.Person, directed []catalog.Titled, parts []catalog.Character, photos []catalog.Photo, at Locate) PersonDetail {
	d := PersonDetail{Person: NewPerson(p, at), Directed: make([]Directed, len(directed)), Parts: make(Parts, len(parts))}
	for i, t := range directed {
		d.Directed[i] = Directed{newMovieRef(t)}
	}
	for i, c := range parts {
		d.Parts[i] = Played{ID: c.ID, Name: Text(c.Name), Role: Text(c.Role), Movie: newMovieRef(c.Movie)}
	}
	d.Photos = make([]PersonPhoto, len(photos))
	for i, p := range photos {
		d.Photos[i] = PersonPhoto{ID: p.ID, File: newFileRef(p.File, at), Primary: p.Primary}
	}
	return d
}
