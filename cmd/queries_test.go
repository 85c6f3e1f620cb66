package cmd_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// csvFilm is a film as a CSV file has it, read by nothing of ours.
type csvFilm struct {
	title, director, country, description string
	cast, genres                          []string
	year, minutes                         int
	budget                                float64
	hasBudget                             bool
}

// csvFilms reads a file; columns says which column is what.
func csvFilms(t *testing.T, path string, columns map[string]string, sep string) []csvFilm {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Skip("no data: ", err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var films []csvFilm
	for _, line := range lines[1:] {
		cell := func(what string) string {
			i := slices.Index(lines[0], columns[what])
			if i < 0 {
				return ""
			}
			return strings.TrimSpace(line[i])
		}
		list := func(what string) (items []string) {
			for _, item := range strings.Split(cell(what), sep) {
				if item = strings.Trim(item, ", "); item != "" {
					items = append(items, item)
				}
			}
			return items
		}
		first := func(what string) string { return append(list(what), "")[0] }
		film := csvFilm{title: cell("title"), director: first("director"), country: first("country"), description: cell("description"),
			cast: list("cast"), genres: list("genres")}
		if strings.Contains(film.title, "\n") { // the one row that the program rejects
			continue
		}
		film.year, _ = strconv.Atoi(cell("year"))
		length := strings.TrimSuffix(strings.TrimSuffix(cell("duration"), " min"), ".0")
		film.minutes, _ = strconv.Atoi(length) // of "2 Seasons" nothing
		film.budget, err = strconv.ParseFloat(cell("budget"), 64)
		film.hasBudget = err == nil
		films = append(films, film)
	}
	return films
}

// TestFortyQueries asks for films of two catalogs in forty ways and compares
// the numbers with those of the CSV files, in which this test counts by itself.
// Of the queries 22 have several filters, 12 have accents, other scripts or
// punctuation, and 5 find nothing.
func TestFortyQueries(t *testing.T) {
	if testing.Short() {
		t.Skip("two imports")
	}
	shared := filepath.Join("..", "..", "shared", "data")
	netflix := filepath.Join(shared, "netflix-titles", "netflix_titles.csv")
	stats := filepath.Join(shared, "movie-stats", "movies.csv")
	shows := csvFilms(t, netflix, map[string]string{"title": "title", "director": "director", "country": "country", "cast": "cast",
		"year": "release_year", "duration": "duration", "genres": "listed_in", "description": "description"}, ", ")
	films := csvFilms(t, stats, map[string]string{"title": "name", "director": "director", "country": "country", "year": "year",
		"duration": "runtime", "genres": "genre", "budget": "budget"}, "\x00")
	w := newWorld(t)
	w.importAll(t, "n.db", shows, absolute(t, netflix), "--keep-going")
	w.importAll(t, "m.db", films, absolute(t, stats), "--map", "name=title,year=release_date,runtime=duration,genre=genres")

	seen := map[string]int{}
	several, spelled, none := 0, 0, 0
	for i, q := range fortyQueries() {
		all, db := shows, "n.db"
		if q.stats {
			all, db = films, "m.db"
		}
		want := 0
		for _, f := range all {
			if q.fits(f) {
				want++
			}
		}
		r := w.run(append([]string{"--db", db, "movie", "list", "--count"}, q.args...)...)
		if got := strings.TrimSpace(r.out); r.code != 0 || got != strconv.Itoa(want) {
			t.Errorf("%d: movie list %q: got %s, want %d %s", i+1, q.args, got, want, r.err)
		}
		t.Logf("%2d: %5d  movie list %q", i+1, want, q.args) // the table, with go test -v
		if filters := flagsOf(q.args, seen); filters > 1 {
			several++
		}
		if regexp.MustCompile(`[^a-zA-Z0-9 .-]`).MatchString(strings.Join(q.args, " ")) {
			spelled++
		}
		if want == 0 {
			none++
		}
	}
	if len(fortyQueries()) != 40 || several != 22 || spelled != 12 || none != 5 {
		t.Errorf("%d queries, %d with several filters, %d with other characters, %d that find nothing", len(fortyQueries()), several, spelled, none)
	}
	for _, name := range strings.Fields("title year genre any country director actor favorite-of duration budget missing") {
		if seen["--"+name] < 2 {
			t.Errorf("--%s is asked %d times, want 2", name, seen["--"+name])
		}
	}
}

// TestPeopleAndPartsOfACSVFile counts people and parts of netflix-titles.
func TestPeopleAndPartsOfACSVFile(t *testing.T) {
	path := filepath.Join("..", "..", "shared", "data", "netflix-titles", "netflix_titles.csv")
	films := csvFilms(t, path, map[string]string{"title": "title", "director": "director", "country": "country", "cast": "cast", "year": "release_year"}, ", ")
	w := newWorld(t)
	w.importAll(t, "n.db", films, absolute(t, path), "--keep-going")
	parts := func(fits func(csvFilm, string) bool) (n int) {
		for _, f := range films {
			for _, name := range f.cast {
				if fits(f, name) {
					n++
				}
			}
		}
		return n
	}
	directors := map[string]bool{}
	for _, f := range films {
		if f.director != "" {
			directors[strings.ToLower(f.director)] = true
		}
	}
	named := func(re string) (n int) {
		for name := range directors {
			if regexp.MustCompile(re).MatchString(name) {
				n++
			}
		}
		return n
	}
	for _, q := range []struct {
		want int
		args []string
	}{
		{parts(func(_ csvFilm, name string) bool { return name == "Nicolas Cage" }), []string{"character", "--actor", "Nicolas Cage"}},
		{parts(func(f csvFilm, _ string) bool { return f.title == "Okja" }), []string{"character", "--movie", "Okja"}},
		{parts(func(f csvFilm, name string) bool { return f.title == "Okja" && name == "Tilda Swinton" }), []string{"character", "--movie", "Okja (2017)", "--actor", "tilda swinton"}},
		{0, []string{"character", "--movie", "Okja", "--role", "lead"}},
		{0, []string{"character", "--name", "Neo"}},
		{named(`(^|\PL)scorsese`), []string{"person", "--name", "scorsese", "--role", "director"}},
		{named(`(^|\PL)mart[ií]n`), []string{"person", "--name", "martin", "--role", "director"}},
		{0, []string{"person", "--born", "1950.."}},
		{0, []string{"person", "--gender", "female", "--country", "Japan"}},
	} {
		r := w.run(append([]string{"--db", "n.db", q.args[0], "list", "--count"}, q.args[1:]...)...)
		if got := strings.TrimSpace(r.out); r.code != 0 || got != strconv.Itoa(q.want) {
			t.Errorf("%q: got %s, want %d %s", q.args, got, q.want, r.err)
		}
	}
}

// importAll makes a catalog of a file, and films of Christmas the favorites of
// ann.
func (w *world) importAll(t *testing.T, db string, films []csvFilm, args ...string) {
	t.Helper()
	r := w.run(append([]string{"--db", db, "import", "movies"}, args...)...)
	if r.code != 0 && r.code != 5 {
		t.Fatalf("import: exit %d: %s", r.code, r.err)
	}
	var list strings.Builder
	c := csv.NewWriter(&list)
	c.Write([]string{"user", "movie", "year"})
	for _, f := range films {
		if isChristmas(f) {
			c.Write([]string{"ann", f.title, strconv.Itoa(f.year)})
		}
	}
	c.Flush()
	w.must("--db", db, "user", "add", "ann")
	if r := w.runWith(list.String(), "--db", db, "import", "favorites", "-"); r.code != 0 {
		t.Fatalf("favorites: exit %d: %s", r.code, r.err)
	}
}

func isChristmas(f csvFilm) bool { return strings.Contains(f.title, "Christmas") }

func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// flagsOf counts the filters of a call, and adds them to seen.
func flagsOf(args []string, seen map[string]int) (n int) {
	for _, a := range args {
		if strings.HasPrefix(a, "--") {
			seen[a]++
			n++
		}
	}
	return n
}

// query is one way to ask, and what it means.
type query struct {
	stats bool // of movie-stats, else of netflix-titles
	fits  func(csvFilm) bool
	args  []string
}

func fortyQueries() []query {
	n := func(fits func(csvFilm) bool, args ...string) query { return query{false, fits, args} }
	m := func(fits func(csvFilm) bool, args ...string) query { return query{true, fits, args} }
	// titled is a title with words, the last one perhaps the beginning of a word.
	titled := func(words ...string) func(csvFilm) bool {
		var all []*regexp.Regexp
		for i, word := range words {
			end := `($|[^\pL\pN\pM])`
			if i == len(words)-1 {
				end = ""
			}
			all = append(all, regexp.MustCompile(`(?i)(^|[^\pL\pN])`+word+end))
		}
		return func(f csvFilm) bool {
			for _, re := range all {
				if !re.MatchString(f.title) {
					return false
				}
			}
			return true
		}
	}
	year := func(from, to int) func(csvFilm) bool {
		return func(f csvFilm) bool { return f.year >= from && f.year <= to }
	}
	genre := func(names ...string) func(csvFilm) bool {
		return func(f csvFilm) bool {
			return slices.ContainsFunc(f.genres, func(g string) bool { return slices.Contains(names, g) })
		}
	}
	country := func(name string) func(csvFilm) bool { return func(f csvFilm) bool { return f.country == name } }
	director := func(name string) func(csvFilm) bool { return func(f csvFilm) bool { return f.director == name } }
	actor := func(name string) func(csvFilm) bool {
		return func(f csvFilm) bool { return slices.Contains(f.cast, name) }
	}
	minutes := func(from, to int) func(csvFilm) bool {
		return func(f csvFilm) bool { return f.minutes >= max(1, from) && f.minutes <= to }
	}
	budget := func(from, to float64) func(csvFilm) bool {
		return func(f csvFilm) bool { return f.hasBudget && f.budget >= from && f.budget <= to }
	}
	noDirector := func(f csvFilm) bool { return f.director == "" }
	noCountry := func(f csvFilm) bool { return f.country == "" }
	noDuration := func(f csvFilm) bool { return f.minutes == 0 }
	noBudget := func(f csvFilm) bool { return !f.hasBudget }
	both := func(all ...func(csvFilm) bool) func(csvFilm) bool {
		return func(f csvFilm) bool {
			return !slices.ContainsFunc(all, func(is func(csvFilm) bool) bool { return !is(f) })
		}
	}
	hangul := func(f csvFilm) bool {
		return strings.IndexFunc(f.title, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) >= 0
	}
	const ever = 9999
	return []query{
		// One filter.
		n(titled("love"), "--title", "love"),
		n(titled("the", "king"), "--title", "the king"),
		n(year(2010, 2015), "--year", "2010..2015"),
		n(genre("Documentaries"), "--genre", "documentaries"),
		n(country("Japan"), "--country", "JP"),
		n(actor("Nicolas Cage"), "--actor", "nicolas cage"),
		n(isChristmas, "--favorite-of", "ann"),
		n(minutes(150, ever), "--duration", "2h30m.."),
		n(noDirector, "--missing", "director"),
		m(year(0, 1980), "--year", "..1980"),
		m(genre("Animation"), "--genre", "Animation"),
		m(director("Woody Allen"), "--director", "Allen, Woody"),
		m(budget(0, 50_000), "--budget", "..50000"),
		// Several.
		n(both(titled("love"), year(2018, ever)), "--title", "love", "--year", "2018.."),
		n(both(genre("Dramas"), genre("International Movies"), country("India")), "--genre", "Dramas", "--genre", "International Movies", "--country", "India"),
		n(genre("Anime Series", "Anime Features"), "--genre", "Anime Series", "--genre", "Anime Features", "--any"),
		n(both(genre("Horror Movies", "Thrillers"), year(2020, 2020), minutes(0, 90)), "--genre", "Horror Movies", "--genre", "Thrillers", "--any", "--year", "2020", "--duration", "..90"),
		n(both(actor("Seth Rogen"), genre("Comedies")), "--actor", "Rogen, Seth", "--genre", "Comedies"),
		n(both(actor("Adam Sandler"), director("Dennis Dugan")), "--actor", "Adam Sandler", "--director", "Dennis Dugan"),
		n(both(noCountry, noDirector), "--missing", "country", "--missing", "director"),
		n(both(noDuration, genre("Kids' TV"), country("United States")), "--missing", "duration", "--genre", "kids' tv", "--country", "USA"),
		n(both(isChristmas, year(2018, 2019)), "--favorite-of", "ann", "--year", "2018..2019"),
		m(both(isChristmas, genre("Comedy"), budget(10_000_000, 1e15)), "--favorite-of", "ann", "--genre", "Comedy", "--budget", "10,000,000.."),
		m(both(genre("Horror"), minutes(0, 80)), "--genre", "Horror", "--duration", "..80"),
		m(both(country("France"), noBudget), "--country", "France", "--missing", "budget"),
		m(both(director("Steven Spielberg"), budget(20_000_000, 70_000_000), year(1980, 1999)), "--director", "Steven Spielberg", "--budget", "20000000..70000000", "--year", "1980..1999"),
		m(both(titled("star"), genre("Action"), minutes(100, 130)), "--title", "star", "--genre", "Action", "--duration", "1h40m..2:10"),
		// Accents, other scripts, punctuation.
		n(titled("Pokémon"), "--title", "POKÉMON"),
		n(both(actor("Demet Akbağ"), year(2010, ever)), "--actor", "DEMET AKBAĞ", "--year", "2010.."),
		n(both(hangul, func(f csvFilm) bool { return strings.Contains(f.title, "잡는다") }), "--title", "잡는다"),
		n(func(f csvFilm) bool { return strings.Contains(f.title, "儿子") }, "--title", "儿子"),
		n(both(genre("Action & Adventure"), year(0, 1979)), "--genre", "Action & Adventure", "--year", "..1979"),
		m(both(director("Pedro Almodóvar"), country("Spain")), "--director", "pedro almodovar", "--country", "spain"),
		m(both(titled("misérables"), year(2000, ever)), "--title", "les misérables", "--year", "2000.."),
		m(func(f csvFilm) bool { return strings.Contains(f.title, " ½") && f.minutes >= 80 }, "--title", "½", "--duration", "80.."),
		// Nothing.
		n(both(titled("solaris"), year(1972, 1972)), "--title", "solaris", "--year", "1972"),
		n(budget(0, 1e15), "--budget", "0.."),
		n(both(genre("Docuseries"), minutes(1, ever)), "--genre", "Docuseries", "--duration", "1.."),
		m(titled("zzz", "movie"), "--title", "zzz movie"),
		m(both(genre("Western"), genre("Musical")), "--genre", "Western", "--genre", "Musical"),
	}
}
