package csvio

import (
	"strconv"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Part is one entry of a cast.
type Part struct {
	Actor     string // "" is unknown
	Character string // "" is unknown
}

// MovieRow is one row of a movies file. Country, director, genres and cast are
// names yet; Movie has everything else.
type MovieRow struct {
	Meta
	Movie    catalog.Movie
	Country  string // "" is none; of several the first
	Whole    string // the whole cell of the country, which may be a name with a comma
	Director string // "" is none
	Genres   []string
	Cast     []Part

	year string
}

// Names of columns that more than one kind has, or the reader asks for.
const (
	colKey         = "id"
	colTitle       = "title"
	colReleaseDate = "release_date"
	colYear        = "year"
	colCountry     = "country"
	colName        = "name"
)

// The columns of movies, as Meta has them.
const (
	MovieTitle Columns = 1 << iota
	MovieReleaseDate
	MovieDuration
	MovieBudget
	MovieCountry
	MovieDirector
	MovieGenres
	MovieDescription
	MovieCast
	rowKey Columns = 1 << 31
)

// Aliases of columns that more than one kind has.
const (
	titleAliases = "movietitle filmtitle seriestitle movie film primarytitle"
	yearAliases  = "releaseyear releasedyear yearrelease yearreleased startyear movieyear released"
)

// Movies is the kind of files of movies.
func Movies() Kind[MovieRow] {
	return Kind[MovieRow]{
		name: "movies", need: colTitle, layouts: movieLayouts(),
		meta:   func(r *MovieRow) *Meta { return &r.Meta },
		finish: finishMovie,
		columns: []column[MovieRow]{
			{name: colTitle, aliases: titleAliases, bit: MovieTitle,
				read: func(c *cells, s string, r *MovieRow) { r.Movie.Title = c.lineOf(s) }},
			{name: colReleaseDate, bit: MovieReleaseDate,
				read: func(c *cells, s string, r *MovieRow) { r.Movie.ReleaseDate = c.date(s) }},
			{name: colYear, aliases: "releaseyear releasedyear yearrelease yearreleased startyear", bit: MovieReleaseDate, extra: true,
				read: func(c *cells, s string, r *MovieRow) { r.year = c.year(s) }},
			{name: "duration", aliases: "runtime runtimeminutes runtimemins runtimemin length runningtime runningtimemin", bit: MovieDuration,
				read: func(c *cells, s string, r *MovieRow) { r.Movie.Duration = c.duration(s) }},
			{name: "budget", aliases: "productionbudget", bit: MovieBudget,
				read: func(c *cells, s string, r *MovieRow) { r.Movie.Budget = c.budget(s) }},
			{name: colCountry, aliases: "countries productioncountry productioncountries", bit: MovieCountry,
				read: func(c *cells, s string, r *MovieRow) { r.Country, r.Whole = c.country(s), s }},
			{name: "director", aliases: "directors directedby", bit: MovieDirector,
				read: func(c *cells, s string, r *MovieRow) { r.Director = c.director(s) }},
			{name: "genres", aliases: "genre majorgenre", bit: MovieGenres,
				read: func(c *cells, s string, r *MovieRow) { r.Genres = c.genres(s) }},
			{name: "description", aliases: "overview plot synopsis summary extract", bit: MovieDescription,
				read: func(c *cells, s string, r *MovieRow) { r.Movie.Description = parsed(c, s, catalog.CleanText) }},
			{name: "cast", aliases: "actors stars starring leadactoractress star1 star2 star3 star4", bit: MovieCast, list: true,
				read: func(c *cells, s string, r *MovieRow) { r.Cast = append(r.Cast, c.cast(s)...) }},
			{name: colKey, aliases: "const tconst imdb imdbid imdbtitleid tmdbid movieid showid filmid", bit: rowKey, extra: true,
				read: func(_ *cells, s string, r *MovieRow) { r.Key = s }},
		},
	}
}

// finishMovie makes the title and the date out of what the row has: the year
// where there is no full date, and in a file without either, the year behind
// the title.
func finishMovie(c *cells, r *MovieRow) {
	if r.Movie.Title == "" && !c.failedAt(colTitle) {
		c.failAt(colTitle, "a movie needs a title; this cell is blank")
	}
	date := &r.Movie.ReleaseDate
	switch {
	case c.undated:
		if title, year := catalog.SplitYear(r.Movie.Title); year != 0 {
			r.Movie.Title, *date = title, strconv.Itoa(year)
			r.Given |= MovieReleaseDate
		}
	case *date == "":
		*date = r.year
	case r.year == "" || catalog.Year(r.year) == catalog.Year(*date):
	case c.yearWins:
		c.note("year", "%s and %s differ in a row (line %d: %s and %s); the year is taken",
			catalog.Visible(c.heads(colYear)), catalog.Visible(c.heads(colReleaseDate)), c.line, r.year, *date)
		*date = r.year
	default:
		c.failAt(colYear, "%s is not the year of the release date %s", r.year, *date)
	}
}

// movieLayouts are files whose headers, or blanks, need more than an alias.
func movieLayouts() []layout {
	return []layout{
		// IMDb lists and ratings, https://help.imdb.com: the year is that of the
		// title, the release date that of the first showing anywhere
		{needs: "const titletype releasedate year", yearWins: true},
		// Netflix titles, https://www.kaggle.com/datasets/shivamb/netflix-shows
		{needs: "showid listedin", aliases: map[string]string{"listedin": "genres"}},
		// TMDB, https://www.kaggle.com/datasets/tmdb/tmdb-movie-metadata and its successors: 0 is unknown
		{needs: "originaltitle overview voteaverage", blank: map[string]string{"budget": "0", "duration": "0"}, aliases: map[string]string{"id": colKey}},
		// MovieLens, https://files.grouplens.org/datasets/movielens/ml-latest-README.html
		{needs: "movieid title genres", blank: map[string]string{"genres": "(no genres listed)"}},
		// Letterboxd, https://letterboxd.com/about/importing-data/: its dates are those of watching
		{needs: "letterboxduri name", aliases: map[string]string{"name": colTitle, "date": "", "watcheddate": ""}},
	}
}
