package bulk

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// shared returns a file of a data set that is not part of the repository, and
// skips the test where it is absent.
func shared(t *testing.T, path ...string) Source {
	t.Helper()
	if raceOn {
		t.Skip("read without the race detector")
	}
	name := filepath.Join(append([]string{"..", "..", "..", "shared", "data"}, path...)...)
	if _, err := os.Stat(name); err != nil {
		t.Skip("no data: ", err)
	}
	return Source{Name: filepath.Base(name), Open: func() (io.ReadCloser, error) { return os.Open(name) }}
}

func TestMovieStatsAreReproduced(t *testing.T) {
	src := shared(t, "movie-stats", "movies.csv")
	o := absent(t)
	o.Cells.Mapping = mapping(t, "name=title,year=release_date,runtime=duration,genre=genres")
	res, err := Movies(t.Context(), o, src)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Result{Created: 7668, Persons: 2949, Genres: 19, Countries: 59}); !same(res, want) {
		t.Errorf("got %+v, want %+v", counts(res), want)
	}
	for q, want := range map[string]string{
		`SELECT count(*), count(DISTINCT title), count(DISTINCT director_id), count(DISTINCT country_id) FROM movies`: "7668|7512|2949|59",
		`SELECT count(*) FROM persons`:                                              "2949",
		`SELECT count(*) FROM genres`:                                               "19",
		`SELECT count(*) FROM countries`:                                            "59",
		`SELECT count(*) FROM movie_genres`:                                         "7668",
		`SELECT CAST(sum(budget) AS INTEGER), count(*) - count(budget) FROM movies`: "195637549431|2171",
		`SELECT sum(duration) FROM movies`:                                          "822053",
		`SELECT count(*) FROM stale`:                                                "0",
	} {
		expect(t, o, q, want)
	}
	expect(t, o, `SELECT coalesce(first_name || ' ', '') || last_name, count(*) FROM movies m JOIN persons p ON p.id = m.director_id
		GROUP BY p.id ORDER BY 2 DESC, 1 LIMIT 3`, "Woody Allen|38", "Clint Eastwood|31", "Directors|28")
	expect(t, o, `SELECT name, count(*) FROM movie_genres l JOIN genres g ON g.id = l.genre_id GROUP BY g.id ORDER BY 2 DESC LIMIT 3`,
		"Comedy|2245", "Action|1705", "Drama|1518")
	expect(t, o, `SELECT name, count(*) FROM movies m JOIN countries c ON c.id = m.country_id GROUP BY c.id ORDER BY 2 DESC LIMIT 3`,
		"United States|5475", "United Kingdom|816", "France|279")
	if res, err = Movies(t.Context(), o, src); err != nil || !same(res, Result{Skipped: 7668}) {
		t.Errorf("the second time: got %+v, %v", counts(res), err)
	}
}

func TestIMDbMovieDataAreReproduced(t *testing.T) {
	src := shared(t, "imdb-movie-data", "IMDB-Movie-Data.csv")
	o := absent(t)
	res, err := Movies(t.Context(), o, src)
	if err != nil {
		t.Fatal(err)
	}
	if res.Created != 1000 || res.Genres != 20 || res.Countries != 0 || res.Skipped+res.Repeated+res.Rejected != 0 {
		t.Errorf("got %+v", counts(res))
	}
	expect(t, o, `SELECT count(*), count(DISTINCT title), count(DISTINCT director_id) FROM movies`, "1000|999|644")
	expect(t, o, `SELECT count(*) FROM genres`, "20")
	expect(t, o, `SELECT count(*) FROM movie_genres`, "2555")
	expect(t, o, `SELECT coalesce(first_name || ' ', '') || last_name FROM characters c JOIN persons p ON p.id = c.actor_id WHERE c.movie_id = 1 ORDER BY c.id`,
		"Chris Pratt", "Vin Diesel", "Bradley Cooper", "Zoe Saldana")
	expect(t, o, `SELECT release_date FROM movies WHERE title = 'The Host' ORDER BY 1`, "2006", "2013")
	expect(t, o, `SELECT coalesce(first_name || ' ', '') || last_name, count(*) FROM movies m JOIN persons p ON p.id = m.director_id
		GROUP BY p.id ORDER BY 2 DESC, 1 LIMIT 2`, "Ridley Scott|8", "David Yates|6")
	expect(t, o, `SELECT count(*) FROM stale`, "0")
	before := dump(t, o)
	if res, err = Movies(t.Context(), o, src); err != nil || !same(res, Result{Skipped: 1000}) || dump(t, o) != before {
		t.Errorf("the second time: got %+v, %v", counts(res), err)
	}
}
