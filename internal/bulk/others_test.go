package bulk

import (
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
)

const allPersons = `SELECT first_name, last_name, date_of_birth, gender, (SELECT name FROM countries WHERE id = country_id), biography FROM persons ORDER BY id`

func TestPersonsAreNamedInSeveralWays(t *testing.T) {
	unraced(t)
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"whole names", "name\nTom Holland\n\"Varda, Agnès\"\nCher\nRobert Downey Jr.\nLars von Trier\n",
			[]string{"Tom|Holland", "Agnès|Varda", "<nil>|Cher", "Robert|Downey Jr.", "Lars|von Trier"}},
		{"two columns", "first_name,last_name\nTom,Holland\n,Cher\nMadonna,\nAgnès,Varda\n", []string{"Tom|Holland", "<nil>|Cher", "<nil>|Madonna", "Agnès|Varda"}},
		{"two columns win over the whole", "name,first_name,last_name\nA B,Tom,Holland\nCher,,\nMary Ann Evans,Mary,\nBo B,,Derek\n",
			[]string{"Tom|Holland", "<nil>|Cher", "Mary Ann|Evans", "<nil>|Derek"}},
		{"in another order", "last_name;first_name;Full Name\nHolland;Tom;A B\n;;Cher\n;Mary;Mary Ann Evans\n", []string{"Tom|Holland", "<nil>|Cher", "Mary Ann|Evans"}},
		{"last_name alone", "Surname\nHolland\n", []string{"<nil>|Holland"}},
		{"first_name alone", "First Name\nMadonna\n", []string{"<nil>|Madonna"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := absent(t)
			take(t, o, Persons, tc.text)
			expect(t, o, `SELECT first_name, last_name FROM persons ORDER BY id`, tc.want...)
		})
	}
	o := absent(t)
	take(t, o, Persons, "name,born,sex,nationality,bio\nTom Holland (1996),,m,UK,x\nTom Hardy (1970),1977-09-15,,,\nAl A,1950.0,,,\nHAL (9000),,,,\nTom Jones (1940),1940-06-07,,,\n")
	expect(t, o, allPersons, "Tom|Holland|1996|m|UK|x", "Tom|Hardy (1970)|1977-09-15|<nil>|<nil>|<nil>", "Al|A|1950|<nil>|<nil>|<nil>", "<nil>|HAL (9000)|<nil>|<nil>|<nil>|<nil>", "Tom|Jones|1940-06-07|<nil>|<nil>|<nil>")
	denied(t, o, Persons, "name,date_of_birth\n,1999\nBo B,soon\n\"a\x07\",\n", `f.csv:2: name: a person needs a name`, `f.csv:3: date_of_birth: "soon" is not a date`, `f.csv:4: name: "a\x07" has a control`)
	denied(t, o, Persons, "first_name,last_name\n,\n", `f.csv:2: last_name: a person needs a name`)
}

func TestBirthDatesTellPersonsApart(t *testing.T) {
	unraced(t)
	const header = "name,date_of_birth\n"
	for _, tc := range []struct {
		name, there, row string
		want             string // "" is skipped
	}{
		{"the same", "Tom Holland,1996-06-01", "tom holland,1996-06-01", ""},
		{"the year of it", "Tom Holland,1996-06-01", "Tom Holland,1996", ""},
		{"more than is known", "Tom Holland,1996", "Tom Holland,1996-06-01", ""},
		{"none in the row", "Tom Holland,1996", "Tom Holland,", ""},
		{"none in the catalog", "Tom Holland,", "Tom Holland,1996", ""},
		{"another year", "Tom Holland,1943", "Tom Holland,1996", `f.csv:2: "Tom Holland (1996)" is not person 1 (1943), born on another date; if it is another person, add them with person add --duplicate`},
		{"another day", "Tom Holland,1996-06-01", "Tom Holland,1996-06-02", `f.csv:2: "Tom Holland (1996)" is not person 1 (1996), born on another date`},
		{"two people, none fits", "Tom Holland,1943\nTom Holland,1996", "Tom Holland,1950", `f.csv:2: "Tom Holland (1950)" is not person 1 (1943), person 2 (1996), born on another date`},
		{"two people, both fit", "Tom Holland,1943\nTom Holland,1996", "Tom Holland,", `f.csv:2: "Tom Holland" could be person 1 (1943), person 2 (1996); add the date of birth`},
		{"two people, one is meant", "Tom Holland,1943\nTom Holland,1996", "Tom Holland,1996-06-01", ""},
		{"one of two has no date", "Tom Holland,\nTom Holland,1996", "Tom Holland,1996", ""},
		{"and it could be the other", "Tom Holland,\nTom Holland,1996", "Tom Holland,1950", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := absent(t)
			for row := range strings.SplitSeq(tc.there, "\n") {
				name, born, _ := strings.Cut(row, ",")
				p := catalog.Person{DateOfBirth: born}
				p.FirstName, p.LastName = catalog.SplitName(name)
				addPeople(t, o, p)
			}
			if tc.want == "" {
				if res := take(t, o, Persons, header+tc.row+"\n"); !same(res, Result{Skipped: 1}) {
					t.Errorf("got %+v", counts(res))
				}
				return
			}
			denied(t, o, Persons, header+tc.row+"\n", tc.want)
		})
	}
	o := absent(t)
	denied(t, o, Persons, header+"Tom Holland,1943\nTom Holland,1996\n", `f.csv:3: "Tom Holland (1996)" is not the person of an earlier row, born on another date`)
}

func TestFilmsOfPartsAreFoundOrMade(t *testing.T) {
	const parts = `SELECT m.title, m.release_date, coalesce(first_name || ' ', '') || last_name, c.name, c.role FROM characters c JOIN movies m ON m.id = movie_id LEFT JOIN persons p ON p.id = actor_id ORDER BY c.id`
	o := present(t, "title,year\nSolaris,1972\nSolaris,2002\nAlien,1979\nBrazil (1985),\nBrazil,1985\nUndated,\n")
	res := take(t, o, Characters, "movie,year,actor,name,role\n"+
		"solaris,1972,Al A,Kris,lead\n"+
		"Solaris (2002),,Al A,Kris,\n"+
		"alien,,Bo B,Ash,\n"+
		"Alien (1979),1979,Bo B,Kane,\n"+ // the year behind a title is looked at only where the row has no other
		"New (1999),,,The Cat,\n"+
		"New,1999,Cy C,,\n"+
		"Undated,,Cy C,,\n"+
		"Undated,2001,Cy C,,\n")
	if want := (Result{Created: 8, Movies: 3, Persons: 3}); !same(res, want) {
		t.Errorf("got %+v, want %+v", counts(res), want)
	}
	expect(t, o, parts, "Solaris|1972|Al A|Kris|lead", "Solaris|2002|Al A|Kris|<nil>", "Alien|1979|Bo B|Ash|<nil>", "Alien (1979)|1979|Bo B|Kane|<nil>",
		"New|1999|<nil>|The Cat|<nil>", "New|1999|Cy C|<nil>|<nil>", "Undated|<nil>|Cy C|<nil>|<nil>", "Undated|2001|Cy C|<nil>|<nil>")
	denied(t, o, Characters, "movie,year,actor,name\nSolaris,,Al A,X\nBrazil (1985),,Al A,X\n,1999,Al A,X\nAlien,1979,,\nAlien,1979,\"Al A\nB\",X\n",
		`f.csv:2: movie: "Solaris" could be movie 1 (1972), movie 2 (2002); add the year`,
		`f.csv:3: movie: "Brazil (1985)" could be movie 4, movie 5 (1985); `,
		`f.csv:4: movie: the row names no movie`,
		`f.csv:5: name: a part needs the name of a character or an actor; both are blank`,
		`f.csv:6: actor: "Al A\nB" has more than one line`)
	execute(t, o, `INSERT INTO movies (title, release_date) VALUES ('Alien', '1979-05')`)
	denied(t, o, Characters, "movie,year,name\nAlien,1979,X\n", `f.csv:2: movie: "Alien (1979)" could be movie 3 (1979), movie 10 (1979); they share title and year`)
}

func TestPartIsMovieActorAndName(t *testing.T) {
	o := absent(t)
	res := take(t, o, Characters, "movie,year,actor,character\nAlien,1979,Al A,Kane\nAlien,1979,al a,KANE\nAlien,1979,Al A,Ash\nAlien,1979,Bo B,Kane\nAlien,1979,,Kane\nAlien,1979,,kane\nAlien,1979,Al A,\n")
	if want := (Result{Created: 5, Repeated: 2, Movies: 1, Persons: 2}); !same(res, want) {
		t.Errorf("got %+v, want %+v", counts(res), want)
	}
}

// TestPartsOfNamesakesCanBeImportedAgain: the first import made a second Tom
// Holland, so that the name alone fits two.
func TestPartsOfNamesakesCanBeImportedAgain(t *testing.T) {
	const text = "movie,year,actor,name\nFright Night,1985,Tom Holland,X\nUncharted,2022,Tom Holland (1996),Nathan\n"
	o := absent(t)
	if res := take(t, o, Characters, text); !same(res, Result{Created: 2, Movies: 2, Persons: 2}) {
		t.Errorf("got %+v", counts(res))
	}
	before := dump(t, o)
	for _, how := range []Conflict{Skip, Update} {
		o.OnConflict = how
		if res := take(t, o, Characters, text); !same(res, Result{Skipped: 2}) || dump(t, o) != before {
			t.Errorf("got %+v", counts(res))
		}
	}
	denied(t, o, Characters, "movie,year,actor,name\nUncharted,2022,Tom Holland,Sully\n", `f.csv:2: actor: "Tom Holland" fits person 1 Tom Holland, person 2 Tom Holland (1996)`)
}

func TestNothingIsMadeIfAsked(t *testing.T) {
	o := present(t, "title,year,director,country,genres\nAlien,1979,Al A,UK,War\n")
	take(t, o, Users, "username\nada\n")
	o.NoCreate = true
	const none = ", and --no-create makes none"
	denied(t, o, Movies, "title,year,director,country,genres,cast\nB,1999,Bo B,France,Crime|War|Drama,Cy C as X; Al A\n",
		`f.csv:2: country: there is no country "France"`+none, `f.csv:2: genres: there is no genre "Crime"`+none, `f.csv:2: genres: there is no genre "Drama"`+none,
		`f.csv:2: director: there is no person "Bo B"`+none, `f.csv:2: cast: there is no person "Cy C"`+none)
	denied(t, o, Persons, "name,country\nBo B,France\n", `f.csv:2: country: there is no country "France"`+none)
	denied(t, o, Characters, "movie,year,actor,name\nNew,1999,Bo B,X\nAlien,1979,Al A,X\n", `f.csv:2: movie: there is no movie "New (1999)"`+none, `f.csv:2: actor: there is no person "Bo B"`+none)
	denied(t, o, Favorites, "user,movie,year\nbob,New,1999\nada,Alien,1979\n", `f.csv:2: movie: there is no movie "New (1999)"`+none, `f.csv:2: user: there is no user "bob"`+none)
	if res := take(t, o, Movies, "title,year,director,country,genres,cast\nB,1999,\"A, Al\",United Kingdom,WAR,Al A as X\n"); !same(res, Result{Created: 1, Characters: 1}) {
		t.Errorf("got %+v", counts(res))
	}
	if res := take(t, o, Characters, "movie,actor,name\nAlien (1979),Al A,X\n"); !same(res, Result{Created: 1}) {
		t.Errorf("got %+v", counts(res))
	}
	if res := take(t, o, Favorites, "user,movie\nADA,alien\n"); !same(res, Result{Created: 1}) {
		t.Errorf("got %+v", counts(res))
	}
}

func TestGenresAndCountriesAreNamesThatMeanOne(t *testing.T) {
	o := absent(t)
	if res := take(t, o, Genres, "Genre,Description\nDrama,x\ndráma,y\nWar,\n"); !same(res, Result{Created: 2, Repeated: 1}) {
		t.Errorf("got %+v", counts(res))
	}
	expect(t, o, `SELECT name, notes FROM genres ORDER BY id`, "Drama|x", "War|<nil>")
	res := take(t, o, Countries, "country\nUSA\nunited states\nU.S.\nCôte d'Ivoire\nIvory Coast\nAtlantis\natlantis\n\"Korea, Republic of\"\n")
	if want := (Result{Created: 4, Repeated: 4}); !same(res, want) {
		t.Errorf("got %+v, want %+v", counts(res), want)
	}
	expect(t, o, `SELECT name FROM countries ORDER BY id`, "USA", "Côte d'Ivoire", "Atlantis", "Korea, Republic of")
	if res := take(t, o, Countries, "name\nUnited States of America\nSouth Korea\nFrance\n"); !same(res, Result{Created: 1, Skipped: 2}) {
		t.Errorf("got %+v", counts(res))
	}
	denied(t, o, Countries, "name\n\"\"\n\"a\nb\"\n", `f.csv:2: name: the row has no name`, `f.csv:3: name: "a\nb" has more than one line`)
	execute(t, o, `INSERT INTO countries (name) VALUES ('U.S.')`)
	denied(t, o, Countries, "name\nUnited States\n", `f.csv:2: name: "United States" fits country 1, country 6`)
	if res := take(t, o, Countries, "name\nUSA\n"); !same(res, Result{Skipped: 1}) {
		t.Errorf("got %+v", counts(res))
	}
}

func TestUsersAreNamedOnce(t *testing.T) {
	o := absent(t)
	if res := take(t, o, Users, "Login,Given Name,Surname,E-mail\nada,Ada,Lovelace,Ada@Example.org\nADA,,,\nbob,,,\nb2,,,\n"); !same(res, Result{Created: 3, Repeated: 1}) {
		t.Errorf("got %+v", counts(res))
	}
	expect(t, o, `SELECT username, first_name, last_name, password FROM users ORDER BY id`, "ada|Ada|Lovelace|<nil>", "bob|<nil>|<nil>|<nil>", "b2|<nil>|<nil>|<nil>")
	denied(t, o, Users, "username,email\n12,\na b,\n,x@example.org\nzed,nonsense\ncy,ada@example.org\ndi,new@example.org\ned,NEW@example.org\n",
		`f.csv:2: username: `, `f.csv:3: username: `, `f.csv:4: username: a user needs a username`, `f.csv:5: email: `,
		`f.csv:6: email: "ada@example.org" is the address of user 1 already`, `f.csv:8: email: "NEW@example.org" is the address of the user of an earlier row already`)
	o.OnConflict = Update
	denied(t, o, Users, "username,email\nbob,ADA@example.org\n", `f.csv:2: email: "ADA@example.org" is the address of user 1 already`)
	if res := take(t, o, Users, "username,email\nbob,bob@example.org\nADA,ada@example.org\n"); res.Updated != 2 {
		t.Errorf("got %+v", counts(res))
	}
	if got := csvio.Users().Names(); slices.Contains(got, "password") {
		t.Errorf("users have the columns %q", got)
	}
}

func TestFavoritesAreUserAndMovie(t *testing.T) {
	o := present(t, "title,year\nAlien,1979\nSolaris,1972\nSolaris,2002\n")
	res := take(t, o, Favorites, "username;film;release year\nada;Alien;1979\nADA;alien;\nbob;Solaris (2002);\nada;New;1999\n")
	if want := (Result{Created: 3, Repeated: 1, Movies: 1, Users: 2}); !same(res, want) {
		t.Errorf("got %+v, want %+v", counts(res), want)
	}
	expect(t, o, `SELECT username, title, release_date FROM favorite_movies f JOIN users u ON u.id = user_id JOIN movies m ON m.id = movie_id ORDER BY u.id, m.id`,
		"ada|Alien|1979", "ada|New|1999", "bob|Solaris|2002")
	denied(t, o, Favorites, "user,movie\nada,Solaris\n,Alien\n12,Alien\nada,\n",
		`f.csv:2: movie: "Solaris" could be movie 2 (1972), movie 3 (2002); add the year`, `f.csv:3: user: the row names no user`, `f.csv:4: user: `, `f.csv:5: movie: the row names no movie`)
}
