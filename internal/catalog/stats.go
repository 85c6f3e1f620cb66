package catalog

// Stats is what a whole catalog looks like from afar. Lists that name records
// begin with the highest count, equal ones with the lowest id.
type Stats struct {
	Totals    Totals
	Bytes     int64         // of the database
	Decades   []DecadeCount // of release, from the first that has a film to the last, those without between them too
	Genres    []NamedCount  // films of each genre; a film counts in all of its genres
	Countries []NamedCount  // films of each country
	Directors []NamedCount  // films of each director
	Actors    []NamedCount  // parts of each actor
	Duration  Distribution  // minutes
	Budget    Distribution
	Missing   Missing
}

// Totals is how many records there are of each kind, and how many people
// direct or act.
type Totals struct {
	Movies, Persons, Characters, Genres, Countries, Photos, Files, Users, Favorites int64
	Directors, Actors                                                               int64
}

// DecadeCount is how many films came out in ten years.
type DecadeCount struct {
	Decade int // its first year
	Count  int64
}

// NamedCount is how often there is something of one record.
type NamedCount struct {
	Named
	Count int64
}

// Distribution is how a number of each film is spread.
type Distribution struct {
	Known, Unknown         int64 // films
	Min, Max, Mean, Median float64
	Buckets                []Bucket // all values, without a gap
}

// Bucket is how many values lie in a range.
type Bucket struct {
	From  float64
	Below float64 // the first value above the range; 0 is no limit
	Count int64
}

// DurationBounds returns where the buckets of running times begin, in minutes.
func DurationBounds() []float64 { return []float64{0, 40, 60, 80, 100, 120, 140, 160, 180, 240} }

// BudgetBounds returns where the buckets of budgets begin.
func BudgetBounds() []float64 { return []float64{0, 1e5, 1e6, 1e7, 1e8} }

// Missing is how many records lack something. What refers to a record that is
// not there lacks it.
type Missing struct {
	Movies     MissingOfMovies
	Persons    MissingOfPersons
	Characters MissingOfCharacters
}

// MissingOfMovies is how many films have no poster, and so on.
type MissingOfMovies struct {
	Poster, Director, Country, Genre, Description, ReleaseDate, Duration, Budget, Cast int64
}

// MissingOfPersons is how many people have no photo, and so on.
type MissingOfPersons struct {
	Photo, DateOfBirth, Gender, Country, Biography int64
}

// MissingOfCharacters is how many parts have no actor, or no name.
type MissingOfCharacters struct {
	Actor, Name int64
}
