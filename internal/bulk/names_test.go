package bulk

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

func TestNamesOfOneCountryAreOneCountry(t *testing.T) {
	const text = "title,country\nA,USA\nB,United States\nC,U.S.\nD,us\nE,United States of America\nF,France\nG,FRANCE\nH,Curaçao\nI,Curacao\nJ,Atlantis\nK,ATLANTIS\n"
	for _, tc := range []struct {
		name, there string
		want        []string
		made        int
	}{
		{"none there: the first spelling is made", "title\n", []string{"USA|5", "France|2", "Curaçao|2", "Atlantis|2"}, 4},
		{"there under another name", "title,country\nX,united states\nY,FR\n", []string{"united states|6", "FR|3", "Curaçao|2", "Atlantis|2"}, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := present(t, tc.there)
			if res := load(t, o, text); res.Countries != tc.made {
				t.Errorf("made %d countries, want %d", res.Countries, tc.made)
			}
			expect(t, o, `SELECT c.name, count(*) FROM movies m JOIN countries c ON c.id = m.country_id GROUP BY c.id ORDER BY c.id`, tc.want...)
			expect(t, o, `SELECT count(*) FROM countries`, "4")
		})
	}
}

func TestCountriesOfSimilarNamesStayApart(t *testing.T) {
	o := absent(t)
	load(t, o, "title,country\nA,Germany\nB,West Germany\nC,\"Korea, Republic of\"\nD,\"Korea, Democratic People's Republic of\"\nE,\"Niger, Nigeria\"\nF,Nigeria\nG,South Korea\n")
	expect(t, o, `SELECT c.name, group_concat(m.title) FROM movies m JOIN countries c ON c.id = m.country_id GROUP BY c.id ORDER BY c.id`,
		"Germany|A", "West Germany|B", "Korea, Republic of|C,G", "Korea, Democratic People's Republic of|D", "Niger|E", "Nigeria|F")
}

func TestGenresInOtherCaseAreOneGenre(t *testing.T) {
	o := present(t, "title,genres\nX,Drama\n")
	res := load(t, o, "title,genres\nA,drama|DRAMA|Drama\nB,Sci-Fi\nC,sci-fi;Comédie\nD,\"comedie, SCI-FI\"\nE,\n")
	if res.Genres != 2 {
		t.Errorf("made %d genres, want 2", res.Genres)
	}
	expect(t, o, `SELECT m.title, g.name FROM movie_genres l JOIN movies m ON m.id = l.movie_id JOIN genres g ON g.id = l.genre_id ORDER BY 1, g.id`,
		"A|Drama", "B|Sci-Fi", "C|Sci-Fi", "C|Comédie", "D|Sci-Fi", "D|Comédie", "X|Drama")
}

func TestSpellingsOfAPersonAreOnePerson(t *testing.T) {
	o := present(t, "title,director\nX,Pedro Almodóvar\n")
	load(t, o, "title,director,cast\nA,PEDRO ALMODOVAR,Tom Holland\nB,\"Almodóvar, Pedro\",\"Holland, Tom\"\nC,tom  holland,TOM HOLLAND as Himself; Cher; cher as X\n")
	expect(t, o, `SELECT id, first_name, last_name FROM persons ORDER BY id`, "1|Pedro|Almodóvar", "2|Tom|Holland", "3|<nil>|Cher")
	expect(t, o, `SELECT title, director_id FROM movies ORDER BY id`, "X|1", "A|1", "B|1", "C|2")
	expect(t, o, `SELECT name, actor_id FROM characters ORDER BY id`, "<nil>|2", "<nil>|2", "Himself|2", "<nil>|3", "X|3")
}

func TestNamesAreSplitAndPrintBack(t *testing.T) {
	o := absent(t)
	load(t, o, "title,director\nA,Lars von Trier\nB,\"Robert Downey, Jr.\"\nC,Cher\nD,Bong Joon-ho\nE,\"Davis, Jr.\"\n")
	expect(t, o, `SELECT first_name, last_name FROM persons ORDER BY id`,
		"Lars|von Trier", "Robert|Downey Jr.", "<nil>|Cher", "Bong|Joon-ho", "<nil>|Davis Jr.")
}

func TestYearBehindANameIsTheYearOfBirth(t *testing.T) {
	for _, tc := range []struct {
		name  string
		there []string
		text  string
		want  []string // title or part, and who
	}{
		{"made with it", nil, "A,Tom Holland (1996),\n", []string{"A|Tom Holland 1996"}},
		{"picks one of two", []string{"Tom Holland (1943)", "Tom Holland (1996)"}, "A,Tom Holland (1996),\"Holland, Tom (1943)\"\n",
			[]string{"A|Tom Holland 1996", "part|Tom Holland 1943"}},
		{"another year is another person", []string{"Tom Holland (1943)"}, "A,Tom Holland (1996),\n", []string{"A|Tom Holland 1996"}},
		{"a name alone is the only one of that name", []string{"Tom Holland (1943)"}, "A,Tom Holland,\n", []string{"A|Tom Holland 1943"}},
		{"somebody without a known year is not meant", []string{"Tom Holland"}, "A,Tom Holland (1996),\n", []string{"A|Tom Holland 1996"}},
		{"two of a name in one file", nil, "A,Tom Holland (1943),Tom Holland (1996) as Peter\n", []string{"A|Tom Holland 1943", "part|Tom Holland 1996"}},
		{"what is no year stays in the name", nil, "A,Tom Holland (II),\n", []string{"A|Tom Holland (II) "}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := absent(t)
			addPersons(t, o, tc.there...)
			load(t, o, "title,director,cast\n"+tc.text)
			const name = `coalesce(p.first_name || ' ', '') || p.last_name || ' ' || coalesce(p.date_of_birth, '')`
			expect(t, o, `SELECT m.title, `+name+` FROM movies m JOIN persons p ON p.id = m.director_id
				UNION ALL SELECT 'part', `+name+` FROM characters c JOIN persons p ON p.id = c.actor_id`, tc.want...)
		})
	}
}

// TestNameAloneIsThePersonOfThatNameInTheFile: as it would be if the person had
// been in the catalog before.
func TestNameAloneIsThePersonOfThatNameInTheFile(t *testing.T) {
	o := absent(t)
	load(t, o, "title,director\nA,Tom Holland (1996)\nB,Tom Holland\nC,\"Holland, Tom\"\n")
	expect(t, o, `SELECT title, director_id FROM movies ORDER BY id`, "A|1", "B|1", "C|1")
	expect(t, o, `SELECT count(*) FROM persons`, "1")
}

func TestNameThatFitsTwoPeopleIsRejectedWithCandidates(t *testing.T) {
	o := absent(t)
	addPersons(t, o, "Tom Holland (1943)", "Al A", "Tom Holland")
	const fits = `"Tom Holland" fits person 1 Tom Holland (1943), person 3 Tom Holland; write the year of birth behind the name`
	for _, tc := range []struct {
		name, text string
		rejected   int
		want       []string
	}{
		{"director", "title,Directed By\nA,Tom Holland\n", 1, []string{"f.csv:2: Directed By: " + fits}},
		{"actor", "title,Stars\nA,Bo B; Tom Holland as X\n", 1, []string{"f.csv:2: Stars: " + fits}},
		{"director and actor of one row", "title,cast,director\nA,Tom Holland,Tom Holland\n", 1, []string{"f.csv:2: director: " + fits, "f.csv:2: cast: " + fits}},
		{"twice in one cast", "title,cast\nA,Tom Holland as X; Tom Holland as Y\n", 1, []string{"f.csv:2: cast: " + fits}},
		{"every row", "title,director\nA,Tom Holland\nB,Al A\nC,\"Holland, Tom\"\nD,Tom Holland\n", 3, []string{
			"f.csv:2: director: " + fits,
			`f.csv:4: director: "Holland, Tom" fits person 1 Tom Holland (1943), person 3 Tom Holland; write the year of birth behind the name`,
			"f.csv:5: director: " + fits}},
		{"made in the file", "title,director\nA,Al B (1950)\nB,Al B (1960)\nC,Al B\n", 1, []string{
			`f.csv:4: director: "Al B" fits Al B (1950) of an earlier row, Al B (1960) of an earlier row; write the year of birth behind the name`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			unchanged(t, o, func() {
				bad := refuse(t, o, tc.text)
				if got := rejections(bad); !slices.Equal(got, tc.want) || bad.Rejected != tc.rejected || bad.Total != len(tc.want) {
					t.Errorf("got  %q, %d rows, %d errors\nwant %q, %d rows", got, bad.Rejected, bad.Total, tc.want, tc.rejected)
				}
			})
		})
	}
	if res := load(t, o, "title,cast\nZ,Tom Holland (1943)\n"); !same(res, Result{Created: 1, Characters: 1}) {
		t.Errorf("with the year: got %+v", res)
	}
}

func TestNumberThatIsNoYearOfBirthBelongsToTheName(t *testing.T) {
	o := absent(t)
	load(t, o, "title,director,Actors\nA,Old Man (1066),\nB,old man (1066),Al A; HAL (9000) as X\n")
	expect(t, o, `SELECT first_name, last_name, date_of_birth FROM persons ORDER BY id`, "Old|Man (1066)|<nil>", "Al|A|<nil>", "<nil>|HAL (9000)|<nil>")
}

func TestPartsOfOneActorAndNameAreOnePart(t *testing.T) {
	o := absent(t)
	res := load(t, o, "title,cast\nA,Al A as X; Al A as X; Al A as Y; Al A; Al A; as Z; as Z; Al  A as X\n")
	if res.Characters != 4 {
		t.Errorf("made %d parts, want 4", res.Characters)
	}
	expect(t, o, `SELECT name, actor_id FROM characters ORDER BY id`, "X|1", "Y|1", "<nil>|1", "Z|<nil>")
}

func TestDerivedRowsAreRightAfterAnImport(t *testing.T) {
	o := absent(t)
	load(t, o, twoFilms+"Ünïcode Ø,2001,,,USA,Bong Joon-ho,Comédie,,Cher as Ähm\n")
	expect(t, o, `SELECT count(*) FROM stale`, "0")
	for _, pair := range [][2]string{{"movies", "movie_keys"}, {"persons", "person_keys"}, {"genres", "genre_keys"}, {"countries", "country_keys"}} {
		expect(t, o, `SELECT (SELECT count(*) FROM `+pair[0]+`) - (SELECT count(*) FROM `+pair[1]+`)`, "0")
	}
	for _, tc := range []struct {
		kind catalog.Kind
		name string
		want store.Found
	}{
		{catalog.KindMovie, "solaris (1972)", store.Found{ID: 1, Name: "Solaris", Year: 1972}},
		{catalog.KindMovie, "unicode o", store.Found{ID: 3, Name: "Ünïcode Ø", Year: 2001}},
		{catalog.KindPerson, "Tarkovsky, Andrei", store.Found{ID: 1, Name: "Andrei Tarkovsky"}},
		{catalog.KindPerson, "CHER", store.Found{ID: 7, Name: "Cher"}},
		{catalog.KindCharacter, "ahm", store.Found{ID: 5, Name: "Ähm"}},
		{catalog.KindGenre, "comedie", store.Found{ID: 3, Name: "Comédie"}},
		{catalog.KindCountry, "United States", store.Found{ID: 2, Name: "USA"}},
	} {
		if got := resolve(t, o, tc.kind, tc.name); got != tc.want {
			t.Errorf("%s %q: got %+v, want %+v", tc.kind, tc.name, got, tc.want)
		}
	}
	expect(t, o, `SELECT rowid FROM movie_words WHERE movie_words MATCH 'unicode'`, "3")
	expect(t, o, `SELECT rowid FROM person_words WHERE person_words MATCH 'bong'`, "6")
}

// TestStaleNamesAreBroughtUpToDateFirst: a film renamed by hand is met under
// its new name.
func TestStaleNamesAreBroughtUpToDateFirst(t *testing.T) {
	o := present(t, "title,director\nA,Al A\n")
	query(t, o, `UPDATE movies SET title = 'B' RETURNING id`)
	query(t, o, `UPDATE persons SET last_name = 'B' RETURNING id`)
	if res := load(t, o, "title,director\nB,Al B\nA,Al A\n"); !same(res, Result{Created: 1, Skipped: 1, Persons: 1}) {
		t.Errorf("got %+v", res)
	}
}

// TestPeopleRememberedAreBounded: forgetting them costs a look-up, no more.
func TestPeopleRememberedAreBounded(t *testing.T) {
	o := present(t, "title,director\nA,Al A\n")
	write(t, o, func(ctx context.Context, tx *store.Tx) error {
		n, err := newNames(ctx, tx, &session{})
		if err != nil {
			return err
		}
		for i := range peopleCached + 1 {
			n.people.ids[fmt.Sprint(i)] = 1
		}
		if err := n.lookUp(ctx, tx, slices.Values([]string{"al a", "Bo B"})); err != nil {
			return err
		}
		al, _ := n.person("al a")
		bo, _ := n.person("Bo B")
		made, err := n.flush(ctx, tx)
		if len(n.people.ids) != 2 || made.person(al) != 1 || made.person(bo) != 2 {
			t.Errorf("%d people are remembered; al a is %d, Bo B is %d", len(n.people.ids), made.person(al), made.person(bo))
		}
		return err
	})
}

// TestCountryThatFitsTwoIsRejected: a catalog may have one country under two
// names; the name itself goes before its aliases, and the first of several is
// never taken.
func TestCountryThatFitsTwoIsRejected(t *testing.T) {
	o := absent(t)
	write(t, o, func(ctx context.Context, tx *store.Tx) error {
		return tx.InsertCountries(ctx, []catalog.Country{{Name: "USA"}, {Name: "France"}, {Name: "United States"}})
	})
	unchanged(t, o, func() {
		bad := refuse(t, o, "title,Countries\nA,usa\nB,U.S.\nC,Spain\nD,us\nE,U.S.\n")
		want := []string{
			`f.csv:3: Countries: "U.S." fits country 1, country 3; write the name of one of them`,
			`f.csv:5: Countries: "us" fits country 1, country 3; write the name of one of them`,
			`f.csv:6: Countries: "U.S." fits country 1, country 3; write the name of one of them`,
		}
		if got := rejections(bad); !slices.Equal(got, want) || bad.Rejected != 3 {
			t.Errorf("got  %q (%d)\nwant %q", got, bad.Rejected, want)
		}
	})
	load(t, o, "title,country\nA,usa\nB,UNITED STATES\nC,fr\n")
	expect(t, o, `SELECT title, country_id FROM movies ORDER BY id`, "A|1", "B|3", "C|2")
}

// TestCountryCellIsTriedWholeFirst: a name with a comma that the catalog has is
// that country.
func TestCountryCellIsTriedWholeFirst(t *testing.T) {
	o := absent(t)
	write(t, o, func(ctx context.Context, tx *store.Tx) error {
		return tx.InsertCountries(ctx, []catalog.Country{{Name: "Lemuria, Upper"}, {Name: "Mu | Nu"}})
	})
	load(t, o, "title,country\nA,\"lemuria, UPPER\"\nB,Mu | Nu\nC,\"Lemuria, Lower\"\n")
	expect(t, o, `SELECT m.title, c.name FROM movies m JOIN countries c ON c.id = m.country_id ORDER BY m.id`,
		"A|Lemuria, Upper", "B|Mu | Nu", "C|Lemuria")
}
