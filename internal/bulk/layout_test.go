package bulk

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	allMovies = `SELECT title, release_date, duration, budget, (SELECT name FROM countries WHERE id = country_id),
		(SELECT coalesce(first_name || ' ', '') || last_name FROM persons WHERE id = director_id),
		(SELECT group_concat(name, '+') FROM (SELECT name FROM movie_genres l JOIN genres g ON g.id = genre_id WHERE movie_id = movies.id ORDER BY g.id))
		FROM movies ORDER BY id`
	allParts = `SELECT title, coalesce(first_name || ' ', '') || last_name, name FROM characters c
		JOIN movies m ON m.id = c.movie_id LEFT JOIN persons p ON p.id = c.actor_id ORDER BY c.id`
)

// TestKnownLayoutsNeedNoMapping: the files that people have. Each text is made
// up, its headers are those of the real ones.
func TestKnownLayoutsNeedNoMapping(t *testing.T) {
	unraced(t)
	for _, tc := range []struct {
		name, text string
		movies     []string
		parts      []string
		unknown    string   // joined by commas
		notes      []string // their beginnings
	}{
		{
			name: "IMDb ratings",
			text: "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors\n" +
				"tt0000001,9,2024-01-02,Alpha,Alfa,https://www.imdb.com/title/tt0000001/,Movie,8.1,117,1979,\"Horror, Sci-Fi\",900,1979-05-25,Ridley Scott\n" +
				"tt0000002,7,2024-01-03,Beta,Beta,https://www.imdb.com/title/tt0000002/,Movie,7.1,,2001,Drama,90,2000-09-09,\"Lana A, Lilly B\"\n" +
				"tt0000003,7,2024-01-03,Alpha,Alpha,https://www.imdb.com/title/tt0000003/,Short,7.1,9,1979,,90,,Other One\n",
			movies:  []string{"Alpha|1979-05-25|117|<nil>|<nil>|Ridley Scott|Horror+Sci-Fi", "Beta|2001|<nil>|<nil>|<nil>|Lana A|Drama", "Alpha|1979|9|<nil>|<nil>|Other One|<nil>"},
			unknown: "Your Rating,Date Rated,Original Title,URL,Title Type,IMDb Rating,Num Votes",
			notes:   []string{"Directors names several directors in a cell (line 3:", "Year and Release Date differ in a row (line 3: 2001 and 2000-09-09); the year is taken"},
		},
		{
			name: "IMDb list",
			text: "Position,Const,Created,Modified,Description,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors\n" +
				"1,tt0000001,2020-01-01,2020-01-01,seen twice,Alpha,https://www.imdb.com/title/tt0000001/,movie,8.1,117,1979,Horror,900,1979-05-25,Ridley Scott\n",
			movies:  []string{"Alpha|1979-05-25|117|<nil>|<nil>|Ridley Scott|Horror"},
			unknown: "Position,Created,Modified,URL,Title Type,IMDb Rating,Num Votes",
		},
		{
			name: "TMDB 5000",
			text: "budget,genres,homepage,id,keywords,original_language,original_title,overview,popularity,production_companies,production_countries,release_date,revenue,runtime,spoken_languages,status,tagline,title,vote_average,vote_count\n" +
				`237000000,"[{""id"": 28, ""name"": ""Action""}, {""id"": 12, ""name"": ""Adventure""}]",http://x,19995,"[{""id"": 1463, ""name"": ""culture clash""}]",en,Alpha,Once,150.4,"[{""name"": ""X"", ""id"": 289}]","[{""iso_3166_1"": ""US"", ""name"": ""United States of America""}, {""iso_3166_1"": ""GB"", ""name"": ""United Kingdom""}]",2009-12-10,2787965087,162.0,"[]",Released,Enter,Alpha,7.2,11800` + "\n" +
				"0,[],,2,[],en,Beta,,0.1,[],[],,0,0.0,[],Released,,Beta,0.0,0\n",
			movies:  []string{"Alpha|2009-12-10|162|2.37e+08|United States of America|<nil>|Action+Adventure", "Beta|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>"},
			unknown: "homepage,keywords,original_language,original_title,popularity,production_companies,revenue,spoken_languages,status,tagline,vote_average,vote_count",
			notes:   []string{"production_countries names several countries in a cell (line 2:"},
		},
		{
			name: "TMDB daily",
			text: "id,title,vote_average,vote_count,status,release_date,revenue,runtime,adult,backdrop_path,budget,homepage,imdb_id,original_language,original_title,overview,popularity,poster_path,tagline,genres,production_companies,production_countries,spoken_languages,keywords\n" +
				`27205,Alpha,8.364,34495,Released,2010-07-15,825532764,148,False,/b.jpg,160000000,https://x,tt1375666,en,Alpha,"Cobb, a thief",83.9,/p.jpg,Mind,"Action, Science Fiction","Legendary Pictures, Syncopy","United Kingdom, United States of America","English, French","rescue, mission"` + "\n" +
				"27206,Alpha,0,0,Released,2010-01-01,0,0,False,,0,,,en,Alpha,,0,,,,,,,\n",
			movies:  []string{"Alpha|2010-07-15|148|1.6e+08|United Kingdom|<nil>|Action+Science Fiction", "Alpha|2010-01-01|<nil>|<nil>|<nil>|<nil>|<nil>"},
			unknown: "vote_average,vote_count,status,revenue,adult,backdrop_path,homepage,imdb_id,original_language,original_title,popularity,poster_path,tagline,production_companies,spoken_languages,keywords",
			notes:   []string{"production_countries names several countries"},
		},
		{
			name: "Kaggle's movies_metadata",
			text: "adult,belongs_to_collection,budget,genres,homepage,id,imdb_id,original_language,original_title,overview,popularity,poster_path,production_companies,production_countries,release_date,revenue,runtime,spoken_languages,status,tagline,title,video,vote_average,vote_count\n" +
				`False,"{'id': 10194, 'name': 'Alpha Collection', 'poster_path': '/x.jpg'}",30000000,"[{'id': 16, 'name': 'Animation'}, {'id': 35, 'name': 'Comedy'}]",http://x,862,tt0114709,en,Alpha,"Led by Woody, Andy's toys",21.9,/r.jpg,"[{'name': 'P', 'id': 3}]","[{'iso_3166_1': 'CI', 'name': ""Cote D'Ivoire""}]",1995-10-30,373554033.0,81.0,"[{'iso_639_1': 'en', 'name': 'English'}]",Released,,Alpha,False,7.7,5415.0` + "\n" +
				"False,,0,[],,863,,en,Beta,,0,,[],[],1996-01-01,0.0,0.0,[],Released,,Beta,False,0.0,0.0\n",
			movies:  []string{"Alpha|1995-10-30|81|3e+07|Cote D'Ivoire|<nil>|Animation+Comedy", "Beta|1996-01-01|<nil>|<nil>|<nil>|<nil>|<nil>"},
			unknown: "adult,belongs_to_collection,homepage,imdb_id,original_language,original_title,popularity,poster_path,production_companies,revenue,spoken_languages,status,tagline,video,vote_average,vote_count",
		},
		{
			name: "Netflix",
			text: "show_id,type,title,director,cast,country,date_added,release_year,rating,duration,listed_in,description\n" +
				"s1,Movie,Alpha,Al A,\"Bo B, Cy C\",\"United States, France\",\"September 25, 2021\",2020,PG-13,90 min,\"Dramas, Comedies\",x\n" +
				"s2,TV Show,Beta &amp; Co,\"Al A, Bo B\",,\", France, Algeria\",\"September 24, 2021\",2021,TV-MA,2 Seasons,TV Dramas,y\n",
			movies:  []string{"Alpha|2020|90|<nil>|United States|Al A|Dramas+Comedies", "Beta &amp; Co|2021|<nil>|<nil>|France|Al A|TV Dramas"},
			parts:   []string{"Alpha|Bo B|<nil>", "Alpha|Cy C|<nil>"},
			unknown: "type,date_added,rating",
			notes: []string{`country names several countries in a cell (line 2: "United States, France"); the first is taken as the country`,
				`director names several directors in a cell (line 3: "Al A, Bo B"); the first is taken as the director`, `duration counts seasons in a cell (line 3: "2 Seasons"); such a duration is left out`},
		},
		{
			name: "MovieLens",
			text: "movieId,title,genres\n1,Alpha (1995),Adventure|Children\n2,\"Beta, The (1994)\",(no genres listed)\n3,Gamma,Drama\n4,Alpha (1995),Crime\n5,2001: A Story (Two) (1968) ,Drama\n",
			movies: []string{"Alpha|1995|<nil>|<nil>|<nil>|<nil>|Adventure+Children", "Beta, The|1994|<nil>|<nil>|<nil>|<nil>|<nil>", "Gamma|<nil>|<nil>|<nil>|<nil>|<nil>|Drama",
				"Alpha|1995|<nil>|<nil>|<nil>|<nil>|Crime", "2001: A Story (Two)|1968|<nil>|<nil>|<nil>|<nil>|Drama"},
		},
		{
			name:    "Letterboxd watched",
			text:    "Date,Name,Year,Letterboxd URI\n2024-01-06,Alpha (1999),1990,https://boxd.it/1\n2024-02-11,Beta,,https://boxd.it/2\n",
			movies:  []string{"Alpha (1999)|1990|<nil>|<nil>|<nil>|<nil>|<nil>", "Beta|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>"},
			unknown: "Date,Letterboxd URI",
		},
		{
			name:    "Letterboxd diary",
			text:    "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n2024-01-06,Alpha,1990,https://boxd.it/1,4.5,,,2024-01-05\n2024-02-06,Alpha,1990,https://boxd.it/9,5,Yes,\"a, b\",2024-02-05\n",
			movies:  []string{"Alpha|1990|<nil>|<nil>|<nil>|<nil>|<nil>"},
			unknown: "Date,Letterboxd URI,Rating,Rewatch,Tags,Watched Date",
		},
		{
			name:    "Letterboxd reviews",
			text:    "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n2024-01-06,Alpha,1990,https://boxd.it/1,4.5,,\"Good.\n\nVery.\",,2024-01-05\n",
			movies:  []string{"Alpha|1990|<nil>|<nil>|<nil>|<nil>|<nil>"},
			unknown: "Date,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := absent(t)
			res := take(t, o, Movies, tc.text)
			expect(t, o, allMovies, tc.movies...)
			expect(t, o, allParts, tc.parts...)
			if got := strings.Join(res.Files[0].Unknown, ","); got != tc.unknown {
				t.Errorf("left out:\ngot  %s\nwant %s", got, tc.unknown)
			}
			notes := res.Files[0].Notes
			if !slices.EqualFunc(notes, tc.notes, strings.HasPrefix) {
				t.Errorf("got the notes %q, want %q", notes, tc.notes)
			}
			before := dump(t, o)
			if again := take(t, o, Movies, tc.text); again.Created != 0 || again.Skipped != res.Created+res.Repeated || dump(t, o) != before {
				t.Errorf("the second time: got %+v", counts(again))
			}
		})
	}
}

func TestMoviesBecomeFavorites(t *testing.T) {
	const watchlist = "Date,Name,Year,Letterboxd URI\n2024-01-06,Alpha,1990,https://boxd.it/1\n2024-01-07,Alien,1979,https://boxd.it/2\n2024-01-08,Alpha,1990,https://boxd.it/1\n"
	o := present(t, "title,year\nAlien,1979\n")
	take(t, o, Users, "username\nada\nbob\n")
	o.FavoriteOf = "ADA"
	if res := take(t, o, Movies, watchlist); !same(res, Result{Created: 1, Skipped: 1, Repeated: 1, Favorites: 2}) {
		t.Errorf("got %+v", counts(res))
	}
	expect(t, o, `SELECT user_id, movie_id FROM favorite_movies ORDER BY 1, 2`, "1|1", "1|2")
	if res := take(t, o, Movies, watchlist); !same(res, Result{Skipped: 3}) {
		t.Errorf("the second time: got %+v", counts(res))
	}
	res, bad := keepGoing(t, o, Movies, "Date,Name,Year,Letterboxd URI\n,Beta,soon,x\n,Gamma,1990,x\n")
	if !same(res, Result{Created: 1, Rejected: 1, Favorites: 1}) || len(bad) != 1 {
		t.Errorf("got %+v, %q", counts(res), bad)
	}
	o.FavoriteOf = "nobody"
	for _, o := range []Options{o, {Store: absent(t).Store, FavoriteOf: "nobody"}} {
		unchanged(t, o, func() {
			if res, err := Movies(t.Context(), o, file(watchlist)); !errors.Is(err, catalog.ErrNotFound) {
				t.Errorf("got %+v, %v", counts(res), err)
			}
		})
	}
}

// TestRecordsWithIdsOfTheFileAreCounted: two ids are two records, and a catalog
// that has some of them already gets the rest.
func TestRecordsWithIdsOfTheFileAreCounted(t *testing.T) {
	unraced(t)
	movie := func(ids ...string) string {
		text := "id,title,year\n"
		for _, id := range ids {
			text += id + ",Twin,1999\n"
		}
		return text
	}
	person := func(ids ...string) string {
		text := "id,name,date_of_birth\n"
		for _, id := range ids {
			text += id + ",Tom Holland," + map[bool]string{true: "1943"}[id == "1"] + "\n"
		}
		return text
	}
	for _, tc := range []struct {
		name string
		kind importer
		file func(...string) string
	}{{"movies", Movies, movie}, {"persons", Persons, person}} {
		t.Run(tc.name, func(t *testing.T) {
			o := absent(t)
			for _, step := range []struct {
				ids  []string
				want Result
			}{
				{[]string{"1", "2", "1"}, Result{Created: 2, Repeated: 1}},
				{[]string{"1", "2"}, Result{Skipped: 2}},
				{[]string{"2", "1"}, Result{Skipped: 2}},
				{[]string{"7", "8", "9"}, Result{Created: 1, Skipped: 2}},
				{[]string{"1", "1", "1"}, Result{Skipped: 3}},
			} {
				if res := take(t, o, tc.kind, tc.file(step.ids...)); !same(res, step.want) {
					t.Errorf("%q: got %+v, want %+v", step.ids, counts(res), step.want)
				}
			}
			many := make([]string, batchRows+10)
			for i := range many {
				many[i] = "t" + itoa(i)
			}
			if res := take(t, o, tc.kind, tc.file(many...)); !same(res, Result{Created: len(many) - 3, Skipped: 3}) {
				t.Errorf("many: got %+v", counts(res))
			}
		})
	}
}

func TestDirectorTellsRecordsWithIdsApart(t *testing.T) {
	const text = "tconst,title,year,director\ntt1,Twin,1999,Al A\ntt2,Twin,1999,Bo B\ntt3,Twin,1999,\n"
	o := absent(t)
	take(t, o, Movies, text)
	expect(t, o, `SELECT title, last_name FROM movies LEFT JOIN persons p ON p.id = director_id ORDER BY movies.id`, "Twin|A", "Twin|B", "Twin|<nil>")
	before := dump(t, o)
	if res := take(t, o, Movies, text); !same(res, Result{Skipped: 3}) || dump(t, o) != before {
		t.Errorf("got %+v", counts(res))
	}
	if res := take(t, o, Movies, "tconst,title,year,director\ntt9,Twin,1999,Bo B\ntt8,Twin,1999,Cy C\n"); !same(res, Result{Skipped: 2}) {
		t.Errorf("got %+v", counts(res))
	}
}
