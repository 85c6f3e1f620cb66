package bulk

import (
	"slices"
	"strings"
	"testing"
)

// updated imports a text with update, twice: the second time nothing changes.
func updated(t *testing.T, o Options, kind importer, text string) Result {
	t.Helper()
	o.OnConflict, o.Cells.Null = Update, "NULL"
	age(t, o)
	res := take(t, o, kind, text)
	changed := moved(t, o)
	before := withTimes(t, o)
	again := take(t, o, kind, text)
	if again.Created+again.Updated+again.Persons+again.Genres+again.Countries+again.Movies+again.Characters+again.Users != 0 {
		t.Errorf("%q a second time: got %+v", text, counts(again))
	}
	if after := withTimes(t, o); after != before {
		t.Errorf("%q a second time: got\n%s\nwas\n%s", text, after, before)
	}
	if len(changed) > 0 && res.Updated+res.Created == 0 || len(changed) == 0 && res.Updated+res.Created > 0 {
		t.Errorf("%q: got %+v, and %q moved", text, counts(res), changed)
	}
	return res
}

func TestUpdateGivesMoviesTheValuesOfTheirRows(t *testing.T) {
	unraced(t)
	const there = "title,release_date,duration,budget,country,director,genres,description,cast\n" +
		"Alien,1979-05-25,117,0,UK,Ridley Scott,Horror|War,old,Al A as Kane\n" +
		"Solaris,1972,167,,,,,,\n"
	const all = `SELECT title, release_date, duration, budget, description,
		(SELECT name FROM countries WHERE id = country_id), (SELECT last_name FROM persons WHERE id = director_id),
		(SELECT group_concat(name, '+') FROM (SELECT name FROM movie_genres l JOIN genres g ON g.id = genre_id WHERE movie_id = movies.id ORDER BY g.name)),
		(SELECT group_concat(coalesce(c.name, '-') || ':' || last_name, '+') FROM characters c JOIN persons p ON p.id = actor_id WHERE movie_id = movies.id)
		FROM movies ORDER BY id`
	const solaris = "Solaris|1972|167|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>"
	for _, tc := range []struct {
		name, text, want string
		updated          int
	}{
		{"every cell", "title,release_date,duration,budget,country,director,genres,description,cast\nALIEN,1979-06-01,116,11000000,France,Ridley Scott,Crime,new,Bo B as Ash\n",
			"ALIEN|1979-06-01|116|1.1e+07|new|France|Scott|Crime|Kane:A+Ash:B", 1},
		{"blank cells leave what is there", "title,release_date,duration,budget,country,director,genres,description,cast\nAlien,1979,,,,,,,\n",
			"Alien|1979-05-25|117|0|old|UK|Scott|Horror+War|Kane:A", 0},
		{"a column that is not there leaves it too", "title,year\nAlien,1979\n", "Alien|1979-05-25|117|0|old|UK|Scott|Horror+War|Kane:A", 0},
		{"the token clears", "title,release_date,duration,budget,country,director,genres,description,cast\nAlien,1979,NULL,NULL,NULL,NULL,NULL,NULL,NULL\n",
			"Alien|1979-05-25|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>|<nil>", 1},
		{"a year takes no day away", "title,year\nAlien,1979\n", "Alien|1979-05-25|117|0|old|UK|Scott|Horror+War|Kane:A", 0},
		{"nor does a month", "title,release_date\nAlien,1979-05\n", "Alien|1979-05-25|117|0|old|UK|Scott|Horror+War|Kane:A", 0},
		{"another month does", "title,release_date\nAlien,1979-06\n", "Alien|1979-06|117|0|old|UK|Scott|Horror+War|Kane:A", 1},
		{"genres in another order and spelling are the same", "title,year,genres\nAlien,1979,WAR|horror|War\n", "Alien|1979-05-25|117|0|old|UK|Scott|Horror+War|Kane:A", 0},
		{"genres are replaced", "title,year,genres\nAlien,1979,War|Crime\n", "Alien|1979-05-25|117|0|old|UK|Scott|Crime+War|Kane:A", 1},
		{"a part that is there stays one", "title,year,cast\nAlien,1979,Al A as Kane; Bo B\n", "Alien|1979-05-25|117|0|old|UK|Scott|Horror+War|Kane:A+-:B", 1},
		{"the same director in other words", "title,year,director\nAlien,1979,\"SCOTT, Ridley\"\n", "Alien|1979-05-25|117|0|old|UK|Scott|Horror+War|Kane:A", 0},
		{"a country under another name", "title,year,country\nAlien,1979,United Kingdom\n", "Alien|1979-05-25|117|0|old|UK|Scott|Horror+War|Kane:A", 0},
		{"seasons clear no duration", "title,year,duration\nAlien,1979,2 Seasons\n", "Alien|1979-05-25|117|0|old|UK|Scott|Horror+War|Kane:A", 0},
		{"a budget of 0 is a value", "title,year,budget\nAlien,1979,0\n", "Alien|1979-05-25|117|0|old|UK|Scott|Horror+War|Kane:A", 0},
		{"an invisible cell is blank too", "title,year,description,country,director,genres\nAlien,1979,\u200b,\ufeff,\u200b\u00a0,\u200b\n",
			"Alien|1979-05-25|117|0|old|UK|Scott|Horror+War|Kane:A", 0},
		{"an empty list is a blank cell", "title,year,genres\nAlien,1979,\", ,\"\n", "Alien|1979-05-25|117|0|old|UK|Scott|Horror+War|Kane:A", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := present(t, there)
			res := updated(t, o, Movies, tc.text)
			if res.Updated != tc.updated || res.Skipped != 1-tc.updated || res.Created != 0 {
				t.Errorf("got %+v, want %d updated", counts(res), tc.updated)
			}
			expect(t, o, all, tc.want, solaris)
			if res.Updated == 0 && len(moved(t, o)) > 0 {
				t.Errorf("%q moved", moved(t, o))
			}
		})
	}
}

// TestUpdateNeverChangesWhoARowIs: what tells records apart cannot be cleared.
func TestUpdateNeverChangesWhoARowIs(t *testing.T) {
	o := present(t, "title,year\nAlien,1979\n")
	o.OnConflict, o.Cells.Null = Update, "-"
	denied(t, o, Movies, "title,year\n-,1979\n", `f.csv:2: title: a movie needs a title`)
	denied(t, o, Movies, "title,year\nAlien,-\n", `f.csv:2: "Alien" has no year here and could be movie 1 (1979)`)
	denied(t, o, Persons, "name\n-\n", `f.csv:2: name: a person needs a name`)
	denied(t, o, Genres, "name\n-\n", `f.csv:2: name: the row has no name`)
	denied(t, o, Users, "username\n-\n", `f.csv:2: username: a user needs a username`)
}

func TestUpdateGivesPersonsTheValuesOfTheirRows(t *testing.T) {
	unraced(t)
	const there = "name,date_of_birth,gender,country,biography\nTom Holland,1996-06-01,male,UK,old\nCher,,,,\n"
	const all = `SELECT first_name, last_name, date_of_birth, gender, (SELECT name FROM countries WHERE id = country_id), biography FROM persons ORDER BY id`
	const cher = "<nil>|Cher|<nil>|<nil>|<nil>|<nil>"
	for _, tc := range []struct {
		name, text, want string
		updated          int
	}{
		{"every cell", "name,date_of_birth,gender,country,biography\nTOM Holland,1996,man,France,new\n", "TOM|Holland|1996-06-01|man|France|new", 1},
		{"blank cells", "name,date_of_birth,gender,country,biography\n\"Holland, Tom\",,,,\n", "Tom|Holland|1996-06-01|male|UK|old", 0},
		{"the token", "name,date_of_birth,gender,country,biography\nTom Holland,NULL,NULL,NULL,NULL\n", "Tom|Holland|<nil>|<nil>|<nil>|<nil>", 1},
		{"the year alone", "name,birthYear\nTom Holland,1996\n", "Tom|Holland|1996-06-01|male|UK|old", 0},
		{"the year behind the name", "name\nTom Holland (1996)\n", "Tom|Holland|1996-06-01|male|UK|old", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := absent(t)
			take(t, o, Persons, there)
			res := updated(t, o, Persons, tc.text)
			if res.Updated != tc.updated || res.Skipped != 1-tc.updated {
				t.Errorf("got %+v, want %d updated", counts(res), tc.updated)
			}
			expect(t, o, all, tc.want, cher)
		})
	}
	t.Run("more of a date", func(t *testing.T) {
		o := absent(t)
		take(t, o, Persons, "name,date_of_birth\nTom Holland,1996\n")
		updated(t, o, Persons, "name,date_of_birth\nTom Holland,1996-06-01\n")
		expect(t, o, `SELECT date_of_birth FROM persons`, "1996-06-01")
	})
}

func TestUpdateGivesOtherKindsTheValuesOfTheirRows(t *testing.T) {
	unraced(t)
	for _, tc := range []struct {
		name        string
		kind        importer
		there, text string
		query, want string
		updated     int
	}{
		{"a part", Characters, "movie,year,actor,name,role,description\nAlien,1979,Al A,Kane,lead,old\n", "movie,year,actor,name,role,description\nAlien,1979,Al A,KANE,NULL,new\n",
			`SELECT name, role, description FROM characters`, "KANE|<nil>|new", 1},
		{"a part with blank cells", Characters, "movie,year,actor,name,role,description\nAlien,1979,Al A,Kane,lead,old\n", "movie,year,actor,name,role,description\nAlien,1979,Al A,Kane,,\n",
			`SELECT name, role, description FROM characters`, "Kane|lead|old", 0},
		{"a genre", Genres, "name,notes\nDrama,old\n", "name,notes\nDRAMA,new\n", `SELECT name, notes FROM genres`, "DRAMA|new", 1},
		{"a genre with a blank cell", Genres, "name,notes\nDrama,old\n", "name,notes\nDrama,\n", `SELECT name, notes FROM genres`, "Drama|old", 0},
		{"a genre's notes are cleared", Genres, "name,notes\nDrama,old\n", "name,notes\nDrama,NULL\n", `SELECT name, notes FROM genres`, "Drama|<nil>", 1},
		{"a country's spelling", Countries, "name\nCote d'Ivoire\n", "name\nCôte d'Ivoire\n", `SELECT name FROM countries`, "Côte d'Ivoire", 1},
		{"an alias is no other spelling", Countries, "name\nUSA\n", "name\nUnited States\n", `SELECT name FROM countries`, "USA", 0},
		{"a user", Users, "username,first_name,last_name,email\nada,A,B,a@example.org\n", "username,first_name,last_name,email\nADA,Ada,NULL,b@example.org\n",
			`SELECT username, first_name, last_name, email FROM users`, "ADA|Ada|<nil>|b@example.org", 1},
		{"a user with blank cells", Users, "username,first_name,last_name,email\nada,A,B,a@example.org\n", "username,first_name,last_name,email\nada,,,\n",
			`SELECT username, first_name, last_name, email FROM users`, "ada|A|B|a@example.org", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := absent(t)
			take(t, o, tc.kind, tc.there)
			res := updated(t, o, tc.kind, tc.text)
			if res.Updated != tc.updated || res.Skipped != 1-tc.updated || res.Created != 0 {
				t.Errorf("got %+v, want %d updated", counts(res), tc.updated)
			}
			expect(t, o, tc.query, tc.want)
		})
	}
}

// TestRecordIsUpdatedByItsFirstRowAlone, wherever batches end: later ones are
// repeats and make nothing.
func TestRecordIsUpdatedByItsFirstRowAlone(t *testing.T) {
	unraced(t)
	filler := func(header, row string) string {
		return header + "\n" + strings.Repeat(row+"\n", batchRows)
	}
	for _, tc := range []struct {
		name               string
		kind               importer
		header, was, first string
		again              string
		query, want        string
	}{
		{"movies", Movies, "title,year,description,director,country", "A,1971,old,,", "A,1971,one,,", "A,1971,two,Only Here,France", `SELECT description FROM movies WHERE title = 'A'`, "one"},
		{"persons", Persons, "name,gender,country", "Al A,x,", "Al A,one,", "Al A,two,France", `SELECT gender FROM persons WHERE last_name = 'A'`, "one"},
		{"characters", Characters, "movie,year,actor,name,role", "A,1971,Al A,X,old", "A,1971,Al A,X,one", "A,1971,Al A,X,two", `SELECT role FROM characters WHERE id = 1`, "one"},
		{"genres", Genres, "name,notes", "Drama,old", "Drama,one", "Drama,two", `SELECT notes FROM genres WHERE name = 'Drama'`, "one"},
		{"users", Users, "username,first_name", "ada,old", "ada,one", "ada,two", `SELECT first_name FROM users WHERE username = 'ada'`, "one"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := absent(t)
			take(t, o, tc.kind, tc.header+"\n"+tc.was+"\n")
			other := strings.NewReplacer("A,", "Z,", "Al A,", "Zo Z,", "Drama,", "Zen,", "ada,", "zoe,").Replace(tc.was)
			text := filler(tc.header+"\n"+tc.first+"\n"+tc.again, other) + tc.again + "\n"
			res := updated(t, o, tc.kind, text)
			if res.Updated != 1 || res.Created != 1 || res.Repeated != batchRows+1 || res.Skipped != 0 {
				t.Errorf("got %+v", counts(res))
			}
			expect(t, o, tc.query, tc.want)
			expect(t, o, `SELECT count(*) FROM countries`, "0")
			expect(t, o, `SELECT count(*) FROM persons WHERE last_name = 'Here'`, "0")
		})
	}
}

// TestSkipLeavesEveryKindAlone: without update a row that says other things
// changes nothing.
func TestSkipLeavesEveryKindAlone(t *testing.T) {
	unraced(t)
	for _, k := range kindFiles() {
		t.Run(k.name, func(t *testing.T) {
			o := absent(t)
			take(t, o, k.kind, k.text)
			before := withTimes(t, o)
			other := strings.NewReplacer("167", "168", "female", "x", "lead", "x", "a\nb", "c", "Lovelace", "x").Replace(k.text)
			if res := take(t, o, k.kind, other); !same(res, Result{Skipped: k.rows}) {
				t.Errorf("got %+v", counts(res))
			}
			if after := withTimes(t, o); after != before {
				t.Errorf("got\n%s\nwas\n%s", after, before)
			}
			if left := query(t, o, `SELECT count(*) FROM stale`); !slices.Equal(left, []string{"0"}) {
				t.Errorf("%q rows are not in the index", left)
			}
		})
	}
}
