package output

import (
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// The Export records are what an export of a kind writes and an import of it
// reads: related records by name, and no ids. Fields are only ever added.

// Names is a list of names. In one cell of CSV or TSV it reads as the genres
// column of an import does: joined by |, or a JSON array where a name has
// something in it that an import splits at.
type Names []string

// Cell is the list as import reads it.
func (n Names) Cell(sep string) string {
	if sep != plainSep || !n.needsArray() {
		return strings.Join(n, sep)
	}
	b := []byte("[")
	for i, name := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(b, name, false)
	}
	return string(append(b, ']'))
}

// needsArray tells that the names joined by | would come back as others. With
// a | in it a cell is not split at anything else.
func (n Names) needsArray() bool {
	for _, name := range n {
		if strings.Contains(name, plainSep) {
			return true
		}
	}
	return len(n) > 0 && strings.HasPrefix(n[0], "[") || len(n) == 1 && strings.ContainsAny(n[0], ";,")
}

// CountryName is the name of a country, "" if there is none. In one cell of CSV
// or TSV a name that import would take for several is a JSON array of one.
type CountryName string

// Absent reports whether there is no country.
func (n CountryName) Absent() bool { return n == "" }

// Cell is the name as import reads it.
func (n CountryName) Cell(sep string) string {
	s := string(n)
	several := strings.ContainsAny(s, ",;|") && len(catalog.CountryAliases(s)) < 2
	if sep != plainSep || !several && !strings.HasPrefix(s, "[") {
		return s
	}
	return string(append(appendQuoted([]byte("["), s, false), ']'))
}

// ExportMovie is a movie as import reads it.
type ExportMovie struct {
	Title       string      `json:"title" doc:"its title"`
	ReleaseDate Text        `json:"release_date" doc:"1999, 1999-03 or 1999-03-31"`
	Duration    Count       `json:"duration" doc:"running time in minutes"`
	Budget      *float64    `json:"budget" doc:"in whatever currency it was entered"`
	Country     CountryName `json:"country" doc:"name of the country"`
	Director    Text        `json:"director" doc:"name of the director"`
	Genres      Names       `json:"genres" doc:"names of its genres"`
	Description Text        `json:"description" doc:"what it is about"`
}

// NewExportMovie makes the record of a movie.
func NewExportMovie(m catalog.Movie) ExportMovie {
	e := ExportMovie{Title: m.Title, ReleaseDate: Text(m.ReleaseDate), Duration: Count(m.Duration), Budget: m.Budget,
		Country: CountryName(m.Country.Name), Director: Text(m.Director.Name), Description: Text(m.Description)}
	if len(m.Genres) > 0 {
		e.Genres = make(Names, len(m.Genres))
	}
	for i, g := range m.Genres {
		e.Genres[i] = g.Name
	}
	return e
}

// ExportPerson is a person as import reads them.
type ExportPerson struct {
	FirstName   Text        `json:"first_name" doc:"null for a single name"`
	LastName    string      `json:"last_name" doc:"last name, or the single one"`
	DateOfBirth Text        `json:"date_of_birth" doc:"1932, 1932-04 or 1932-04-04"`
	Gender      Text        `json:"gender" doc:"in any words"`
	Country     CountryName `json:"country" doc:"name of the country"`
	Biography   Text        `json:"biography" doc:"may have several lines"`
}

// NewExportPerson makes the record of a person.
func NewExportPerson(p catalog.Person) ExportPerson {
	return ExportPerson{FirstName: Text(p.FirstName), LastName: p.LastName, DateOfBirth: Text(p.DateOfBirth),
		Gender: Text(p.Gender), Country: CountryName(p.Country.Name), Biography: Text(p.Biography)}
}

// ExportCharacter is a part as import reads it.
type ExportCharacter struct {
	Movie       Text  `json:"movie" doc:"title of the movie"`
	Year        Count `json:"year" doc:"year of its release"`
	Actor       Text  `json:"actor" doc:"name of the actor"`
	Name        Text  `json:"name" doc:"the character's name"`
	Role        Text  `json:"role" doc:"the kind of part"`
	Description Text  `json:"description" doc:"may have several lines"`
}

// NewExportCharacter makes the record of a part.
func NewExportCharacter(c catalog.Character) ExportCharacter {
	return ExportCharacter{Movie: Text(c.Movie.Title), Year: Count(c.Movie.Year), Actor: Text(c.Actor.Name),
		Name: Text(c.Name), Role: Text(c.Role), Description: Text(c.Description)}
}

// ExportGenre is a genre as import reads it.
type ExportGenre struct {
	Name  string `json:"name" doc:"name of the genre"`
	Notes Text   `json:"notes" doc:"may have several lines"`
}

// NewExportGenre makes the record of a genre.
func NewExportGenre(g catalog.Genre) ExportGenre { return ExportGenre{g.Name, Text(g.Notes)} }

// ExportCountry is a country as import reads it.
type ExportCountry struct {
	Name string `json:"name" doc:"name of the country"`
}

// NewExportCountry makes the record of a country.
func NewExportCountry(c catalog.Country) ExportCountry { return ExportCountry{c.Name} }

// ExportUser is a user as import reads them; there is never a password.
type ExportUser struct {
	Username  string `json:"username" doc:"name to refer to the user by"`
	FirstName Text   `json:"first_name" doc:"first name"`
	LastName  Text   `json:"last_name" doc:"last name"`
	Email     Text   `json:"email" doc:"e-mail address"`
}

// NewExportUser makes the record of a user.
func NewExportUser(u catalog.User) ExportUser {
	return ExportUser{u.Username, Text(u.FirstName), Text(u.LastName), Text(u.Email)}
}

// ExportFavorite is a movie that a user likes, as import reads it.
type ExportFavorite struct {
	User  Text  `json:"user" doc:"username"`
	Movie Text  `json:"movie" doc:"title of the movie"`
	Year  Count `json:"year" doc:"year of its release"`
}

// NewExportFavorite makes the record of a movie that a user likes.
func NewExportFavorite(user string, movie catalog.Titled) ExportFavorite {
	return ExportFavorite{Text(user), Text(movie.Title), Count(movie.Year)}
}

// ExportPhoto is a photo as import reads it.
type ExportPhoto struct {
	Person  Text   `json:"person" doc:"name of the person"`
	File    string `json:"file" doc:"absolute path of the picture"`
	Primary bool   `json:"primary" doc:"it stands for the person"`
}

// NewExportPhoto makes the record of a photo whose picture is at path.
func NewExportPhoto(p catalog.Photo, path string) ExportPhoto {
	return ExportPhoto{Text(p.Person.Name), path, p.Primary}
}
