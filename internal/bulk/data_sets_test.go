package bulk

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
)

// What is counted of a catalog.
const (
	countMovies    = `SELECT count(*), count(DISTINCT title), count(DISTINCT director_id), count(DISTINCT country_id) FROM movies`
	countOthers    = `SELECT (SELECT count(*) FROM persons), (SELECT count(*) FROM genres), (SELECT count(*) FROM movie_genres)`
	countParts     = `SELECT count(*), count(DISTINCT actor_id), count(DISTINCT movie_id) FROM characters`
	topDirectors   = `SELECT coalesce(first_name || ' ', '') || last_name, count(*) FROM movies m JOIN persons p ON p.id = director_id GROUP BY p.id ORDER BY 2 DESC, 1 LIMIT 5`
	topGenres      = `SELECT name, count(*) FROM movie_genres JOIN genres g ON g.id = genre_id GROUP BY g.id ORDER BY 2 DESC LIMIT 5`
	topCountries   = `SELECT name, count(*) FROM movies JOIN countries g ON g.id = country_id GROUP BY g.id ORDER BY 2 DESC, 1 LIMIT 5`
	topActors      = `SELECT coalesce(first_name || ' ', '') || last_name, count(*) FROM characters JOIN persons p ON p.id = actor_id GROUP BY p.id ORDER BY 2 DESC, 1 LIMIT 5`
	largestCast    = `SELECT count(*) FROM characters GROUP BY movie_id ORDER BY 1 DESC LIMIT 3`
	sumOfDurations = `SELECT sum(duration) FROM movies`
	sumOfBudgets   = `SELECT CAST(sum(budget) AS INTEGER) FROM movies`
)

// reproduced imports files with a command's options, compares what became of
// them, and imports them again.
func reproduced(t *testing.T, o Options, kind importer, want Result, facts map[string][]string, sources ...Source) {
	t.Helper()
	res, err := kind(t.Context(), o, sources...)
	if err != nil {
		t.Fatal(err)
	}
	if !same(res, want) {
		t.Errorf("got  %+v\nwant %+v", counts(res), want)
	}
	for q, rows := range facts {
		expect(t, o, q, rows...)
	}
	content := func() string {
		if want.Characters > 10_000 { // a dump would take longer than the import
			return strings.Join(query(t, o, `SELECT (SELECT count(*) FROM characters), (SELECT count(*) FROM persons), (SELECT count(*) FROM movie_genres)`), "")
		}
		return dump(t, o)
	}
	before := content()
	again, err := kind(t.Context(), o, sources...)
	if err != nil || !same(again, Result{Skipped: want.Created + want.Repeated, Rejected: want.Rejected}) || content() != before {
		t.Errorf("the second time: got %+v, %v", counts(again), err)
	}
}

// TestNetflixIsReproduced: import movies netflix_titles.csv --keep-going. One of
// the 8,807 titles has two lines and is rejected, with its two genres. Of several
// directors and countries the first is taken, so that there are fewer of both
// than the file names. A cast with a single word between commas stays whole, so
// that there are fewer actors; one that names somebody twice is one part.
func TestNetflixIsReproduced(t *testing.T) {
	o := absent(t)
	o.KeepGoing = true
	src := shared(t, "netflix-titles", "netflix_titles.csv")
	reproduced(t, o, Movies, Result{Created: 8806, Rejected: 1, Persons: 38118, Genres: 42, Countries: 85, Characters: 57815}, map[string][]string{
		countMovies:    {"8806|8805|4403|85"}, // 8,807 by their bytes: two pairs differ in case alone, and have ids
		countOthers:    {"38118|42|19321"},
		sumOfDurations: {"610169"},
		topDirectors:   {"Rajiv Chilaka|22", "Raúl Campos|18", "Marcus Raboy|16", "Suhas Kadav|16", "Jay Karas|15"},
		topGenres:      {"International Movies|2752", "Dramas|2427", "Comedies|1674", "International TV Shows|1351", "Documentaries|868"},
		topCountries:   {"United States|3210", "India|1008", "United Kingdom|628", "Canada|271", "Japan|259"},
		`SELECT count(*) FROM movies WHERE duration IS NULL`: {"2679"}, // 2,676 series, and three with the duration in another column
	}, src)
}

// TestIMDbTop1000IsReproduced: import movies imdb_top_1000.csv --null PG, which
// stands where Apollo 13 should have its year. Four films name a star twice.
func TestIMDbTop1000IsReproduced(t *testing.T) {
	o := absent(t)
	o.Cells.Null = "PG"
	reproduced(t, o, Movies, Result{Created: 1000, Persons: 3202, Genres: 21, Characters: 4000 - 4}, map[string][]string{
		countMovies:    {"1000|999|548|0"},
		countOthers:    {"3202|21|2541"},
		countParts:     {"3996|2709|1000"},
		sumOfDurations: {"122891"},
		topDirectors:   {"Alfred Hitchcock|14", "Steven Spielberg|13", "Hayao Miyazaki|11", "Akira Kurosawa|10", "Martin Scorsese|10"},
		topGenres:      {"Drama|724", "Comedy|233", "Crime|209", "Adventure|196", "Action|189"},
		topActors:      {"Robert De Niro|17", "Tom Hanks|14", "Al Pacino|13", "Brad Pitt|12", "Clint Eastwood|12"},
		`SELECT title FROM movies WHERE release_date IS NULL`: {"Apollo 13"},
	}, shared(t, "imdb-top-1000", "imdb_top_1000.csv"))
}

// TestBechdelIsReproduced: import movies bechdel-movies.csv --null '#N/A'.
func TestBechdelIsReproduced(t *testing.T) {
	o := absent(t)
	o.Cells.Null = "#N/A"
	reproduced(t, o, Movies, Result{Created: 1794}, map[string][]string{
		countMovies:  {"1794|1768|0|0"},
		sumOfBudgets: {"80418673930"},
		`SELECT count(*) FROM movies WHERE title GLOB '*&*;*'`: {"98"}, // entities are left alone
	}, shared(t, "fivethirtyeight", "bechdel-movies.csv"))
}

// TestBiopicsAreReproduced: import movies biopics.csv --null - --keep-going. Eleven
// rows are in no encoding and are rejected, eight films with them. A film has a row
// for each subject: one cast of the first is read, the others repeat it. Slashes
// are no separators, so that US/UK is a country.
func TestBiopicsAreReproduced(t *testing.T) {
	o := absent(t)
	o.Cells.Null, o.KeepGoing = "-", true
	reproduced(t, o, Movies, Result{Created: 673 - 8, Repeated: 85, Rejected: 11, Persons: 963, Countries: 7, Characters: 664}, map[string][]string{
		countMovies:  {"665|660|480|7"},
		countParts:   {"664|509|660"},
		topCountries: {"US|438", "UK|123", "US/UK|68", "Canada|14", "US/Canada|11"},
	}, shared(t, "fivethirtyeight", "biopics.csv"))
}

// TestVegaIsReproduced: import movies movies.json --date-format '%b %d %Y'
// --keep-going. The one film without a title is rejected, with its budget and genre.
func TestVegaIsReproduced(t *testing.T) {
	o := absent(t)
	o.KeepGoing = true
	var err error
	if o.Cells.DateFormat, err = csvio.ParseDateFormat("%b %d %Y"); err != nil {
		t.Fatal(err)
	}
	reproduced(t, o, Movies, Result{Created: 3200, Rejected: 1, Persons: 550, Genres: 12}, map[string][]string{
		countMovies:  {"3200|3176|550|0"},
		countOthers:  {"550|12|2925"},
		sumOfBudgets: {"99417648635"}, // 99,421,348,635 less 3,700,000
		topDirectors: {"Steven Spielberg|23", "Woody Allen|16", "Martin Scorsese|15", "Spike Lee|15", "Ridley Scott|14"},
		topGenres:    {"Drama|789", "Comedy|675", "Action|420", "Adventure|274", "Thriller/Suspense|238"},
		`SELECT count(*) FROM movies WHERE title IN ('1776', '1941', '1408', '2012', '2046', '21', '300', '9', '54')`: {"9"},
		`SELECT release_date FROM movies WHERE title = 'The Land Girls'`:                                              {"1998-06-12"},
		`SELECT count(*) FROM movies WHERE release_date > '2012'`:                                                     {"22"},
	}, shared(t, "vega-movies", "movies.json"))
}

// TestWikipediaIsReproduced: import movies movies-1900s.json movies-1970s.json
// movies-1990s.json movies-2010s.json. Two films come twice with title and year:
// their five parts and three genres the second time are not read. Eight names
// are twice in a cast. Names that differ in case, accents or a comma are one.
func TestWikipediaIsReproduced(t *testing.T) {
	var sources []Source
	for _, years := range []string{"1900s", "1970s", "1990s", "2010s"} {
		sources = append(sources, shared(t, "wikipedia-movies", "movies-"+years+".json"))
	}
	reproduced(t, absent(t), Movies, Result{Created: 7330, Repeated: 2, Persons: 11882, Genres: 41, Characters: 35709 - 5 - 8}, map[string][]string{
		countMovies: {"7330|7177|0|0"},
		countOthers: {"11882|41|13161"},
		countParts:  {"35696|11882|6799"},
		topGenres:   {"Drama|2522", "Comedy|2348", "Action|971", "Thriller|874", "Horror|686"},
		topActors:   {"Samuel L. Jackson|57", "Robert De Niro|56", "Bruce Willis|55", "Liam Neeson|45", "Robert Duvall|45"},
		`SELECT count(*) FROM movies WHERE description IS NULL`:                           {"318"},
		`SELECT count(*) FROM movies WHERE id NOT IN (SELECT movie_id FROM movie_genres)`: {"342"},
	}, sources...)
}

// TestNeo4jIsReproduced: import characters characters.csv.
func TestNeo4jIsReproduced(t *testing.T) {
	reproduced(t, absent(t), Characters, Result{Created: 192, Movies: 38, Persons: 102}, map[string][]string{
		countParts:  {"192|102|38"},
		largestCast: {"17", "12", "9"},
		`SELECT coalesce(first_name || ' ', '') || last_name, count(*) FROM characters c JOIN persons p ON p.id = actor_id JOIN movies m ON m.id = movie_id
			WHERE title = 'Cloud Atlas' GROUP BY p.id ORDER BY 2 DESC, 1`: {"Hugo Weaving|6", "Halle Berry|4", "Tom Hanks|4", "Jim Broadbent|3"},
	}, shared(t, "neo4j-movies", "characters.csv"))
}

// TestSakilaIsReproduced: import movies film.csv, import persons actor.csv, import
// countries country.csv, import genres category.csv. Its other files hold ids alone,
// which mean nothing here: films have no casts and no categories.
func TestSakilaIsReproduced(t *testing.T) {
	o := absent(t)
	reproduced(t, o, Movies, Result{Created: 1000}, map[string][]string{countMovies: {"1000|1000|0|0"}, sumOfDurations: {"115272"}}, shared(t, "sakila", "film.csv"))
	reproduced(t, o, Persons, Result{Created: 200}, map[string][]string{
		`SELECT count(*), count(DISTINCT first_name || ' ' || last_name) FROM persons`: {"200|199"},
	}, shared(t, "sakila", "actor.csv"))
	reproduced(t, o, Countries, Result{Created: 109}, map[string][]string{`SELECT count(*) FROM countries`: {"109"}}, shared(t, "sakila", "country.csv"))
	reproduced(t, o, Genres, Result{Created: 16}, map[string][]string{`SELECT count(*) FROM genres`: {"16"}}, shared(t, "sakila", "category.csv"))
}

// oscars is the file of the Oscars with one year for the first six ceremonies,
// which had two: sed -E 's#\t(19..)/..\t#\t\1\t#'. acting keeps the header and
// the rows of actors alone: awk -F'\t' 'NR==1 || $3=="Acting"'.
func oscars(t *testing.T, acting bool) Source {
	src := shared(t, "oscars", "oscars.tsv")
	open := src.Open
	src.Open = func() (io.ReadCloser, error) {
		f, err := open()
		if err != nil {
			return nil, err
		}
		defer f.Close()
		b, err := io.ReadAll(f)
		if err != nil {
			return nil, err
		}
		b = regexp.MustCompile(`\t(19\d\d)/\d\d\t`).ReplaceAll(b, []byte("\t$1\t"))
		if acting {
			header, rows, _ := bytes.Cut(b, []byte("\n"))
			b = append(header, '\n')
			for row := range bytes.SplitAfterSeq(rows, []byte("\n")) {
				if cells := bytes.SplitN(row, []byte("\t"), 4); len(cells) > 2 && string(cells[2]) == "Acting" {
					b = append(b, row...)
				}
			}
		}
		return io.NopCloser(bytes.NewReader(b)), nil
	}
	return src
}

// TestOscarsAreReproduced: import movies - --map Film=title --keep-going. A row is
// a nomination; 1,280 name no film. A cell with several films is one title, and 18
// films were nominated in two years: so there are 5,276 by title, year and id, of
// 5,264 ids.
func TestOscarsAreReproduced(t *testing.T) {
	o := absent(t)
	o.KeepGoing = true
	o.Cells.Mapping = mapping(t, "Film=title")
	reproduced(t, o, Movies, Result{Created: 5276, Repeated: 12137 - 1280 - 5276, Rejected: 1280}, map[string][]string{
		countMovies: {"5276|5161|0|0"},
		`SELECT count(*) FROM movies WHERE title LIKE '%|%'`: {"17"},
	}, oscars(t, false))
}

// TestActorsOfTheOscarsAreReproduced: import characters - --map
// 'Film=movie,Name=actor,Detail=name', of the rows of actors. Barry Fitzgerald was
// nominated twice for one part; six rows have several films and characters.
func TestActorsOfTheOscarsAreReproduced(t *testing.T) {
	o := absent(t)
	var err error
	if o.Cells.Mapping, err = csvio.ParseMapping(csvio.Characters(), "Film=movie,Name=actor,Detail=name"); err != nil {
		t.Fatal(err)
	}
	reproduced(t, o, Characters, Result{Created: 1867, Repeated: 1, Movies: 1236, Persons: 1006}, map[string][]string{
		countParts: {"1867|1006|1236"},
		topActors:  {"Meryl Streep|21", "Jack Nicholson|12", "Katharine Hepburn|12", "Bette Davis|11", "Al Pacino|9"},
		`SELECT count(*) FROM movies WHERE title LIKE '%|%'`: {"6"},
	}, oscars(t, true))
}

// TestNaughtyStringsAreTitlesOrRefused: each string of the Big List of Naughty
// Strings, with a year of its own, comes back byte for byte after trimming and NFC,
// or is refused; those are listed.
func TestNaughtyStringsAreTitlesOrRefused(t *testing.T) {
	f, err := shared(t, "blns", "blns.json").Open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var strs []string
	if err := json.NewDecoder(f).Decode(&strs); err != nil || len(strs) != 515 {
		t.Fatal(len(strs), err)
	}
	quoted := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	var b, j strings.Builder
	year := func(i int) string { return itoa(1800+i%400) + "-" + []string{"01", "02"}[i/400] }
	b.WriteString("title,release_date,duration\n")
	for i, s := range strs {
		b.WriteString(quoted(s) + "," + year(i) + "," + itoa(i+1) + "\n")
		line, err := json.Marshal(map[string]any{"title": s, "release_date": year(i), "duration": i + 1})
		if err != nil {
			t.Fatal(err)
		}
		j.Write(append(line, '\n'))
	}
	for name, text := range map[string]string{"CSV": b.String(), "JSON": j.String()} {
		t.Run(name, func(t *testing.T) {
			o := absent(t)
			res, bad := keepGoing(t, o, Movies, text)
			if res.Created+res.Rejected+res.Repeated+res.Skipped != len(strs) || res.Repeated+res.Skipped > 0 {
				t.Errorf("got %+v", counts(res))
			}
			titles := map[string]string{}
			for _, row := range query(t, o, `SELECT duration, title FROM movies`) {
				n, title, _ := strings.Cut(row, "|")
				titles[n] = title
			}
			var refused []string
			for i, s := range strs {
				title, ok := titles[itoa(i+1)]
				if !ok {
					refused = append(refused, s)
					continue
				}
				want, err := catalog.CleanLine(s)
				if err != nil || title != want {
					t.Errorf("%q came back as %q", s, title)
				}
				if plain := norm.NFC.String(strings.TrimSpace(s)); title != plain && !strings.ContainsAny(s, "\u200b\ufeff\u180e\u2060") {
					t.Errorf("%q came back as %q, want %q", s, title, plain)
				}
			}
			if !slices.Equal(refused, naughty()) {
				t.Errorf("refused:\ngot  %+q\nwant %+q\n%s", refused, naughty(), strings.Join(bad, "\n"))
			}
		})
	}
}

// naughty are the naughty strings that are no titles: blank ones, and those
// with control characters or several lines.
func naughty() []string {
	return []string{
		"",
		"\x01\x02\x03\x04\x05\x06\a\b\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f",
		"\u0080\u0081\u0082\u0083\u0084\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008e\u008f\u0090\u0091\u0092\u0093\u0094\u0095\u0096\u0097\u0098\u0099\u009a\u009b\u009c\u009d\u009e\u009f",
		"\t\v\f \u0085\u00a0\u1680\u2002\u2003\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u3000",
		"\ufeff",
		" ",
		"Roses are \x1b[0;31mred\x1b[0m, violets are \x1b[0;34mblue. Hope you enjoy terminal hue",
		"But now...\x1b[20Cfor my greatest trick...\x1b[8m",
		"The quic\b\b\b\b\b\bk brown fo\a\a\a\a\a\a\a\a\a\a\ax... [Beeeep]",
	}
}
