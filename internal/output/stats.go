package output

import (
	"math"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Stats is what a whole catalog looks like from afar. Fields are only ever
// added.
type Stats struct {
	Totals    StatsTotals       `json:"totals"`
	Size      StatsSize         `json:"size"`
	Decades   []DecadeCount     `json:"decades"`   // films by release, from the first decade with a film to the last
	Genres    []GenreCount      `json:"genres"`    // a film counts in each of its genres
	Countries []CountryCount    `json:"countries"` // films
	Directors []DirectorCount   `json:"directors"` // films
	Actors    []ActorCount      `json:"actors"`    // parts
	Duration  StatsDistribution `json:"duration"`  // minutes
	Budget    StatsDistribution `json:"budget"`
	Missing   StatsMissing      `json:"missing"`
}

// StatsTotals is how many there are of each kind.
type StatsTotals struct {
	Movies     int64 `json:"movies"`
	Persons    int64 `json:"persons"`
	Directors  int64 `json:"directors"` // people who direct a film
	Actors     int64 `json:"actors"`    // people who have a part
	Characters int64 `json:"characters"`
	Genres     int64 `json:"genres"`
	Countries  int64 `json:"countries"`
	Photos     int64 `json:"photos"`
	Files      int64 `json:"files"`
	Users      int64 `json:"users"`
	Favorites  int64 `json:"favorites"`
}

// StatsSize is what the catalog takes on disk.
type StatsSize struct {
	DatabaseBytes int64 `json:"database_bytes"`
	FilesBytes    int64 `json:"files_bytes"`  // of the pictures and other files
	FilesStored   int64 `json:"files_stored"` // files whose content is in the managed directory
}

// DecadeCount is how many films came out in ten years.
type DecadeCount struct {
	Decade int   `json:"decade"` // 1990 is 1990 to 1999
	Count  int64 `json:"count"`
}

// GenreCount is how many films belong to a genre.
type GenreCount struct {
	Genre Ref   `json:"genre"`
	Count int64 `json:"count"`
}

// CountryCount is how many films are from a country.
type CountryCount struct {
	Country Ref   `json:"country"`
	Count   int64 `json:"count"`
}

// DirectorCount is how many films somebody directed.
type DirectorCount struct {
	Director Ref   `json:"director"`
	Count    int64 `json:"count"`
}

// ActorCount is how many parts somebody has.
type ActorCount struct {
	Actor Ref   `json:"actor"`
	Count int64 `json:"count"`
}

// StatsDistribution is how a number of each film is spread.
type StatsDistribution struct {
	Known   int64         `json:"known"`   // films that have the number
	Unknown int64         `json:"unknown"` // films that lack it
	Min     *float64      `json:"min"`     // null where none is known, as the next three
	Max     *float64      `json:"max"`
	Mean    *float64      `json:"mean"`
	Median  *float64      `json:"median"`
	Buckets []StatsBucket `json:"buckets"`
}

// StatsBucket is how many numbers lie in a range.
type StatsBucket struct {
	From  float64  `json:"from"`
	Below *float64 `json:"below"` // the first number above the range; null is no limit
	Count int64    `json:"count"`
}

// StatsMissing is how many records lack something.
type StatsMissing struct {
	Movies     MissingOfMovies     `json:"movies"`
	Persons    MissingOfPersons    `json:"persons"`
	Characters MissingOfCharacters `json:"characters"`
}

// MissingOfMovies is how many films have no poster, and so on.
type MissingOfMovies struct {
	Poster      int64 `json:"poster"`
	Director    int64 `json:"director"`
	Country     int64 `json:"country"`
	Genre       int64 `json:"genre"`
	Description int64 `json:"description"`
	ReleaseDate int64 `json:"release_date"`
	Duration    int64 `json:"duration"`
	Budget      int64 `json:"budget"`
	Cast        int64 `json:"cast"`
}

// MissingOfPersons is how many people have no photo, and so on.
type MissingOfPersons struct {
	Photo       int64 `json:"photo"`
	DateOfBirth int64 `json:"date_of_birth"`
	Gender      int64 `json:"gender"`
	Country     int64 `json:"country"`
	Biography   int64 `json:"biography"`
}

// MissingOfCharacters is how many parts have no actor, or no name.
type MissingOfCharacters struct {
	Actor int64 `json:"actor"`
	Name  int64 `json:"name"`
}

// NewStats makes the public shape of what a catalog looks like. stored and
// bytes are those of the managed directory.
func NewStats(s catalog.Stats, stored, bytes int64) Stats {
	t := s.Totals
	return Stats{
		Totals: StatsTotals{Movies: t.Movies, Persons: t.Persons, Directors: t.Directors, Actors: t.Actors, Characters: t.Characters,
			Genres: t.Genres, Countries: t.Countries, Photos: t.Photos, Files: t.Files, Users: t.Users, Favorites: t.Favorites},
		Size:      StatsSize{DatabaseBytes: s.Bytes, FilesBytes: bytes, FilesStored: stored},
		Decades:   each(s.Decades, func(d catalog.DecadeCount) DecadeCount { return DecadeCount(d) }),
		Genres:    each(s.Genres, func(n catalog.NamedCount) GenreCount { return GenreCount{newRef(n.Named), n.Count} }),
		Countries: each(s.Countries, func(n catalog.NamedCount) CountryCount { return CountryCount{newRef(n.Named), n.Count} }),
		Directors: each(s.Directors, func(n catalog.NamedCount) DirectorCount { return DirectorCount{newRef(n.Named), n.Count} }),
		Actors:    each(s.Actors, func(n catalog.NamedCount) ActorCount { return ActorCount{newRef(n.Named), n.Count} }),
		Duration:  newDistribution(s.Duration),
		Budget:    newDistribution(s.Budget),
		Missing: StatsMissing{MissingOfMovies(s.Missing.Movies), MissingOfPersons(s.Missing.Persons),
			MissingOfCharacters(s.Missing.Characters)},
	}
}

func newDistribution(d catalog.Distribution) StatsDistribution {
	out := StatsDistribution{Known: d.Known, Unknown: d.Unknown,
		Buckets: each(d.Buckets, func(b catalog.Bucket) StatsBucket {
			if b.Below == 0 {
				return StatsBucket{b.From, nil, b.Count}
			}
			return StatsBucket{b.From, &b.Below, b.Count}
		})}
	if d.Known > 0 {
		mean := math.Round(d.Mean*1000) / 1000 // what is behind that depends on the order of adding
		out.Min, out.Max, out.Mean, out.Median = &d.Min, &d.Max, &mean, &d.Median
	}
	return out
}

// each makes a list of a list.
func each[A, B any](as []A, make1 func(A) B) []B {
	bs := make([]B, len(as))
	for i, a := range as {
		bs[i] = make1(a)
	}
	return bs
}

// StatsRow is one number of a catalog as TSV, CSV and Markdown have it. Section
// is where JSON has the number: "totals", "decades", "missing.movies".
type StatsRow struct {
	Section string   `json:"section"`
	Label   string   `json:"label"` // a decade, a name, the first of a range, the field that is missing
	Count   *float64 `json:"count"` // null is unknown
}
