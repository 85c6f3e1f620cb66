package catalog

// Kind names a sort of record, as the commands do: "movie", "person" …
type Kind string

// The kinds of records.
const (
	KindMovie     Kind = "movie"
	KindPerson    Kind = "person"
	KindCharacter Kind = "character"
	KindGenre     Kind = "genre"
	KindCountry   Kind = "country"
	KindFile      Kind = "file"
	KindPhoto     Kind = "photo"
	KindUser      Kind = "user"
)

// Plural is the word for several records of the kind.
func (k Kind) Plural() string {
	switch k {
	case KindCountry:
		return "countries"
	case KindPerson:
		return "people"
	default:
		return string(k) + "s"
	}
}

// Named is a reference to another record: its id and the name it shows. The
// zero value is no reference.
type Named struct {
	ID   int64
	Name string
}

// Titled is a reference to a movie. Year is that of its release, 0 if unknown.
type Titled struct {
	ID    int64
	Title string
	Year  int
}

// File is a stored picture or another file, or only a URL. As a reference of
// another record it has ID, Name and Key alone; the zero value is no file.
type File struct {
	ID        int64
	Name      string // base name as it was added; "" for a URL alone
	MIME      string // by content; "" for a URL alone
	Key       string // place in the managed directory; "" for a URL alone
	URL       string // where it came from; "" is unknown
	CreatedAt string // UTC, RFC 3339
	UpdatedAt string // UTC, RFC 3339
}

// Label is the file as messages name it.
func (f File) Label() string {
	if f.Name == "" {
		return f.URL
	}
	return f.Name
}

// Photo is a picture of a person.
type Photo struct {
	ID        int64
	Person    Named
	File      File
	Primary   bool   // the one that stands for the person
	CreatedAt string // UTC, RFC 3339
	UpdatedAt string // UTC, RFC 3339
}

// Label is the photo as messages name it.
func (p Photo) Label() string { return p.File.Label() + " of " + p.Person.Name }

// User is somebody who keeps favorites.
type User struct {
	ID          int64
	Username    string
	FirstName   string // "" is unknown
	LastName    string // "" is unknown
	Email       string // "" is unknown
	HasPassword bool
	Avatar      File
	CreatedAt   string // UTC, RFC 3339
	UpdatedAt   string // UTC, RFC 3339
}

// Name is the whole name in natural order, "" if unknown.
func (u User) Name() string { return JoinName(u.FirstName, u.LastName) }

// Label is the user as messages name them.
func (u User) Label() string { return u.Username }

// Movie is a film. When one is written only the ids of its references count.
type Movie struct {
	ID          int64
	Title       string
	Description string   // "" is none
	Budget      *float64 // nil is unknown; 0 is a budget
	ReleaseDate string   // 1999, 1999-03 or 1999-03-31; "" is unknown
	Duration    int      // minutes; 0 is unknown
	Country     Named
	Director    Named
	Poster      File
	Genres      []Named // in the order of their ids; written by SetGenres, not with the movie
	CreatedAt   string  // UTC, RFC 3339
	UpdatedAt   string  // UTC, RFC 3339
}

// Label is the movie as messages name it: Solaris (1972), or the title alone.
func (m Movie) Label() string { return YearLabel(m.Title, Year(m.ReleaseDate)) }

// Person is somebody who directs or acts.
type Person struct {
	ID           int64
	FirstName    string // "" for a single name
	LastName     string
	Biography    string // "" is none
	DateOfBirth  string // 1932, 1932-04 or 1932-04-04; "" is unknown
	Gender       string // "" is unknown
	Country      Named
	PrimaryPhoto File
	CreatedAt    string // UTC, RFC 3339
	UpdatedAt    string // UTC, RFC 3339
}

// Name is the whole name in natural order.
func (p Person) Name() string { return JoinName(p.FirstName, p.LastName) }

// Label is the person as messages name them, with the year of birth if known.
func (p Person) Label() string { return YearLabel(p.Name(), Year(p.DateOfBirth)) }

// Character is a part in a movie.
type Character struct {
	ID          int64
	Name        string // of the character; "" is unknown
	Description string // "" is none
	Role        string // the kind of part, such as lead or cameo; "" is unknown
	Movie       Titled
	Actor       Named
	CreatedAt   string // UTC, RFC 3339
	UpdatedAt   string // UTC, RFC 3339
}

// Label is the part as messages name it: Neo in The Matrix (1999).
func (c Character) Label() string {
	name := c.Name
	if name == "" {
		name = "a part"
		if c.Actor.Name != "" {
			name += " of " + c.Actor.Name
		}
	}
	return name + " in " + YearLabel(c.Movie.Title, c.Movie.Year)
}

// Genre is a kind of film.
type Genre struct {
	ID        int64
	Name      string
	Notes     string // "" is none
	CreatedAt string // UTC, RFC 3339
	UpdatedAt string // UTC, RFC 3339
}

// Label is the genre as messages name it.
func (g Genre) Label() string { return g.Name }

// Country is where films and people come from.
type Country struct {
	ID        int64
	Name      string
	CreatedAt string // UTC, RFC 3339
	UpdatedAt string // UTC, RFC 3339
}

// Label is the country as messages name it.
func (c Country) Label() string { return c.Name }
