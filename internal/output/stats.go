package output

import (
	"math"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Stats is what a whole catalog looks like from afar. Fields are only ever
// added.
type Stats struct {
	Totals    StatsTotals       `json:"totals" doc:"how many records there are"`
	Size      StatsSize         `json:"size" doc:"what the catalog takes on disk"`
	Decades   []DecadeCount     `json:"decades" doc:"films by release, from the first decade with a film to the last"`
	Genres    []GenreCount      `json:"genres" doc:"films of each genre, the most first; a film counts in each of its genres"`
	Countries []CountryCount    `json:"countries" doc:"films of each country, the most first"`
	Directors []DirectorCount   `json:"directors" doc:"who directed the most films"`
	Actors    []ActorCount      `json:"actors" doc:"who has the most parts"`
	Duration  StatsDistribution `json:"duration" doc:"running times, in minutes"`
	Budget    StatsDistribution `json:"budget" doc:"budgets"`
	Missing   StatsMissing      `json:"missing" doc:"how many records lack something"`
}

// StatsTotals is how many there are of each kind.
type StatsTotals struct {
	Movies     int64 `json:"movies" doc:"films"`
	Persons    int64 `json:"persons" doc:"people"`
	Directors  int64 `json:"directors" doc:"people who direct a film"`
	Actors     int64 `json:"actors" doc:"people who have a part"`
	Characters int64 `json:"characters" doc:"parts"`
	Genres     int64 `json:"genres" doc:"genres"`
	Countries  int64 `json:"countries" doc:"countries"`
	Photos     int64 `json:"photos" doc:"pictures of people"`
	Files      int64 `json:"files" doc:"files"`
	Users      int64 `json:"users" doc:"users"`
	Favorites  int64 `json:"favorites" doc:"films that users keep, each user by itself"`
}

// StatsSize is what the catalog takes on disk.
type StatsSize struct {
	DatabaseBytes int64 `json:"database_bytes" doc:"of the database"`
	FilesBytes    int64 `json:"files_bytes" doc:"of the content of files"`
	FilesStored   int64 `json:"files_stored" doc:"files whose content is in the managed directory"`
}

// DecadeCount is how many films came out in ten years.
type DecadeCount struct {
	Decade int   `json:"decade" doc:"1990 is 1990 to 1999"`
	Count  int64 `json:"count" doc:"films"`
}

// GenreCount is how many films belong to a genre.
type GenreCount struct {
	Genre Ref   `json:"genre" doc:"the genre"`
	Count int64 `json:"count" doc:"films"`
}

// CountryCount is how many films are from a country.
type CountryCount struct {
	Country Ref   `json:"country" doc:"the country"`
	Count   int64 `json:"count" doc:"films"`
}

// DirectorCount is how many films somebody directed.
type DirectorCount struct {
	Director Ref   `json:"director" doc:"the person"`
	Count    int64 `json:"count" doc:"films"`
}

// ActorCount is how many parts somebody has.
type ActorCount struct {
	Actor Ref   `json:"actor" doc:"the person"`
	Count int64 `json:"count" doc:"parts"`
}

// StatsDistribution is how a number of each film is spread.
type StatsDistribution struct {
	Known   int64         `json:"known" doc:"films that have the number"`
	Unknown int64         `json:"unknown" doc:"films that lack it"`
	Min     *float64      `json:"min" doc:"the least"`
	Max     *float64      `json:"max" doc:"the highest"`
	Mean    *float64      `json:"mean" doc:"the mean"`
	Median  *float64      `json:"median" doc:"the median"`
	Buckets []StatsBucket `json:"buckets" doc:"how many lie in each range"`
}

// StatsBucket is how many numbers lie in a range.
type StatsBucket struct {
	From  float64  `json:"from" doc:"where the range begins"`
	Below *float64 `json:"below" doc:"the first number above the range; null is no limit"`
	Count int64    `json:"count" doc:"films"`
}

// StatsMissing is how many records lack something.
type StatsMissing struct {
	Movies     MissingOfMovies     `json:"movies" doc:"films that lack something"`
	Persons    MissingOfPersons    `json:"persons" doc:"people who lack something"`
	Characters MissingOfCharacters `json:"characters" doc:"parts that lack something"`
}

// MissingOfMovies is how many films have no poster, and so on.
type MissingOfMovies struct {
	Poster      int64 `json:"poster" doc:"films without a poster"`
	Director    int64 `json:"director" doc:"films without a director"`
	Country     int64 `json:"country" doc:"films without a country"`
	Genre       int64 `json:"genre" doc:"films without a genre"`
	Description int64 `json:"description" doc:"films without a description"`
	ReleaseDate int64 `json:"release_date" doc:"films without a release date"`
	Duration    int64 `json:"duration" doc:"films without a running time"`
	Budget      int64 `json:"budget" doc:"films without a budget"`
	Cast        int64 `json:"cast" doc:"films without a part"`
}

// MissingOfPersons is how many people have no photo, and so on.
type MissingOfPersons struct {
	Photo       int64 `json:"photo" doc:"people without a photo"`
	DateOfBirth int64 `json:"date_of_birth" doc:"people without a date of birth"`
	Gender      int64 `json:"gender" doc:"people without a gender"`
	Country     int64 `json:"country" doc:"people without a country"`
	Biography   int64 `json:"biography" doc:"people without a biography"`
}

// MissingOfCharacters is how many parts have no actor, or no name.
type MissingOfCharacters struct {
	Actor int64 `json:"actor" doc:"parts without an actor"`
	Name  int64 `json:"name" doc:"parts without a name"`
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
	Section string   `json:"section" doc:"as in the JSON document: totals, missing.movies"`
	Label   string   `json:"label" doc:"a decade, a name, the first of a range, or the field that is missing"`
	Count   *float64 `json:"count" doc:"how many; null is unknown"`
}
