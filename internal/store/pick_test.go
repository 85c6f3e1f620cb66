package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// picked returns what a picker offers for what was typed: "=" before what is
// meant exactly, names, and details.
func picked(t testing.TB, tx *store.Tx, kind catalog.Kind, typed string, limit int) string {
	t.Helper()
	cs, err := tx.Pick(t.Context(), kind, typed, limit)
	if err != nil {
		t.Fatalf("pick %s %q: %v", kind, typed, err)
	}
	var texts []string
	for _, c := range cs {
		text := c.Name
		if c.Exact {
			text = "=" + text
		}
		if c.Detail != "" {
			text += ": " + c.Detail
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, " | ")
}

// peeked is picked in a snapshot that is not brought up to date.
func peeked(t testing.TB, o store.Options, kind catalog.Kind, typed string, limit int) (got string) {
	t.Helper()
	err := store.Peek(t.Context(), o, func(tx *store.Tx) error {
		got = picked(t, tx, kind, typed, limit)
		return nil
	})
	if err != nil {
		t.Fatalf("peek: %v", err)
	}
	return got
}

// used is the catalog of names with films that use its records.
func used(t *testing.T) store.Options {
	t.Helper()
	o := named(t)
	mustExec(t, hand(t, o.Path), `
		UPDATE movies SET director_id = 3, country_id = 2 WHERE id IN (1, 2, 3);
		UPDATE movies SET director_id = 2, country_id = 3 WHERE id = 4;
		INSERT INTO characters (name, movie_id, actor_id) VALUES ('A', 3, 2), ('A', 4, 2), ('A', 5, 1), ('A', 6, 1), ('A', 7, 1), ('A', 8, 1), ('A', 19, 8);
		INSERT INTO movie_genres (movie_id, genre_id) VALUES (1, 1), (2, 1), (3, 3);
		INSERT INTO favorite_movies (user_id, movie_id) VALUES (1, 1);
		UPDATE users SET first_name = 'Jürgen', last_name = 'Meier' WHERE id = 2;`)
	update(t, o, nil)
	return o
}

func TestRecordsArePickedByWhatIsTyped(t *testing.T) {
	o := used(t)
	for _, tc := range []struct {
		kind  catalog.Kind
		typed string // several ways, separated by ~
		want  string
	}{
		{"movie", "sol", "Solarium | Solaris (1972) | Solaris (2002): Lars von Trier | Solaris (1972): Lars von Trier"},
		{"movie", "solaris~SOLARIS~ solaris ~title:Solaris", "=Solaris (2002): Lars von Trier | =Solaris (1972): Lars von Trier | Solaris (1972)"},
		{"movie", "solaris (1972)", "=Solaris (1972) | =Solaris (1972): Lars von Trier"},
		{"movie", "solaris (19~solaris (1~Solaris  (197", "Solaris (1972) | Solaris (1972): Lars von Trier"},
		{"movie", "solaris (2~Solaris (200", "Solaris (2002): Lars von Trier"},
		{"movie", "solaris (3", ""},
		{"movie", "solaris (~solaris()", "Solaris (1972) | Solaris (2002): Lars von Trier | Solaris (1972): Lars von Trier"},
		{"movie", "1", "=Solaris (1972): Lars von Trier | 1917 (2019): Lars von Trier"},
		{"movie", "3~id:3", "=1917 (2019): Lars von Trier"},
		{"movie", "1917~title:1917~1917 (2019)", "=1917 (2019): Lars von Trier"},
		{"movie", "19", "=The Matrix (1999) | Solaris (1972) | 1917 (2019): Lars von Trier"},
		{"movie", "m", "=M (1931) | The Matrix (1999)"},
		{"movie", "mat~matr~the m", "The Matrix (1999)"},
		{"movie", "2049 blade~runner 2~BLADE", "Blade Runner 2049 (2017): Tom Holland"},
		{"movie", "d amelie~amélie p~D’AMÉLIE", "Le Fabuleux Destin d’Amélie Poulain (2001)"},
		{"movie", "stras~Die Straß~strasse die", "Die Straße (1954)"},
		{"movie", "千~尋~千尋の~神隠し", "千と千尋の神隠し (2001)"},
		{"movie", "千と千尋の神隠し", "=千と千尋の神隠し (2001)"},
		{"movie", "隠神", ""},
		{"movie", "?~??", "???"},
		{"movie", "???", "=???"},
		{"movie", "id:77~title:id:77", "=id:77"},
		{"movie", "id:", "id:77"},
		{"person", "tom h", "Tom Holland (1996): born 1996, 4 films | Tom Holland (1943): born 1943, 2 films | Holland Tom"},
		{"person", "tom holland~TOM HOLLAND~Holland, Tom~name:holland, tom",
			"=Tom Holland (1996): born 1996, 4 films | =Tom Holland (1943): born 1943, 2 films | Holland Tom"},
		{"person", "holland tom", "=Holland Tom | Tom Holland (1996): born 1996, 4 films | Tom Holland (1943): born 1943, 2 films"},
		{"person", "tom holland (19~holland, tom (19", "Tom Holland (1996): born 1996, 4 films | Tom Holland (1943): born 1943, 2 films"},
		{"person", "tom holland (1943)~holland, tom (1943)", "=Tom Holland (1943): born 1943, 2 films"},
		{"person", "l", "Lars von Trier (1956): born 1956, 3 films"},
		{"person", "cr~penelope", "Penélope Cruz (1974): born 1974, 1 film"},
		{"person", "cher~CHER~4", "=Cher (1946): born 1946"},
		{"person", "2001~name:2001", "=2001"},
		{"person", "joon~joon-h~bong joon", "Bong Joon-ho"},
		{"person", "nobody~9999999999999999999999~id:99", ""},
		{"genre", "noir~film n", "Film noir"},
		{"genre", "k", "Komödie: 1 film"},
		{"genre", "sci-fi~SCI-FI~1", "=Sci-Fi: 2 films"},
		{"genre", "fi", "Sci-Fi: 2 films | Film noir"},
		{"country", "de~DE~deu~federal republic of germany", "=Germany: 3 films"},
		{"country", "germany", "=Germany: 3 films | West Germany: 1 film"},
		{"country", "germ", "Germany: 3 films | West Germany: 1 film"},
		{"country", "usa~u.s.~USA", "=United States"},
		{"country", "united", "United States"},
		{"country", "ivory coast~ci", "=Côte d'Ivoire"},
		{"country", "d'i~cote~ivo", "Côte d'Ivoire"},
		{"user", "a~an", "Anna"},
		{"user", "anna~1", "=Anna"},
		{"user", "jurg", "jürgen: Jürgen Meier"},
		{"character", "n", ""}, {"photo", "5", ""}, {"file", "p", ""},
	} {
		for typed := range strings.SplitSeq(tc.typed, "~") {
			if got := peeked(t, o, tc.kind, typed, 10); got != tc.want {
				t.Errorf("%s %q:\ngot  %s\nwant %s", tc.kind, typed, got, tc.want)
			}
		}
	}
}

// What is meant exactly comes first, then the most used, then the newest.
func TestPickedRecordsAreInOrder(t *testing.T) {
	o := testkit.Options(t)
	update(t, o, nil)
	mustExec(t, hand(t, o.Path), `
		INSERT INTO persons (id, first_name, last_name) VALUES (1, 'Ann', 'Old'), (2, 'Ann', 'Twice'), (3, 'Ann', 'New'), (4, NULL, 'Ann'), (5, 'Anna', 'Once'), (6, NULL, 'Ann');
		INSERT INTO movies (id, title, director_id) VALUES (1, 'A', 2), (2, 'B', 5);
		INSERT INTO characters (movie_id, actor_id) VALUES (2, 2), (1, 6);`)
	update(t, o, nil)
	for limit, want := range []string{"", "=Ann: 1 film", "=Ann: 1 film | =Ann", "=Ann: 1 film | =Ann | Ann Twice: 2 films",
		"=Ann: 1 film | =Ann | Ann Twice: 2 films | Anna Once: 1 film"} {
		if got := peeked(t, o, catalog.KindPerson, "ann", limit); got != want {
			t.Errorf("%d: %s; want %s", limit, got, want)
		}
	}
	want := "=Ann: 1 film | =Ann | Ann Twice: 2 films | Anna Once: 1 film | Ann New | Ann Old"
	if got := peeked(t, o, catalog.KindPerson, "ann", 50); got != want {
		t.Errorf("all: %s; want %s", got, want)
	}
	if got := peeked(t, o, catalog.KindPerson, "ann", -1); got != "" {
		t.Errorf("-1: %s", got)
	}
}

// A film that somebody directed and plays in is one film.
func TestAFilmIsCountedOnce(t *testing.T) {
	o := testkit.Options(t)
	update(t, o, nil)
	mustExec(t, hand(t, o.Path), `
		INSERT INTO persons (id, last_name) VALUES (1, 'Welles');
		INSERT INTO movies (id, title, director_id) VALUES (1, 'A', 1), (2, 'B', 1);
		INSERT INTO characters (name, movie_id, actor_id) VALUES ('X', 1, 1), ('Y', 1, 1);`)
	update(t, o, nil)
	view(t, o, func(tx *store.Tx) error {
		cs, err := tx.Pick(t.Context(), catalog.KindPerson, "wel", 5)
		if want := (catalog.Choice{ID: 1, Name: "Welles", Detail: "2 films", Uses: 4}); len(cs) != 1 || cs[0] != want {
			t.Errorf("%+v; want %+v", cs, want)
		}
		return err
	})
}

// With nothing typed, what the newest films use is offered.
func TestNothingTypedOffersWhatIsUsed(t *testing.T) {
	o := used(t)
	for kind, want := range map[catalog.Kind]string{
		"movie":   "Solarium | The Matrix (1999) | M (1931)",
		"person":  "Tom Holland (1996): born 1996, 4 films | Tom Holland (1943): born 1943, 2 films | Lars von Trier (1956): born 1956, 3 films",
		"genre":   "Sci-Fi: 2 films | Komödie: 1 film | Film noir",
		"country": "Germany: 3 films | West Germany: 1 film | South Korea",
		"user":    "Anna | jürgen: Jürgen Meier",
	} {
		for _, typed := range []string{"", "  ", "\x00", "\x1b\t\n"} {
			if got := peeked(t, o, kind, typed, 3); got != want {
				t.Errorf("%s %q: %s; want %s", kind, typed, got, want)
			}
		}
	}
	bare := testkit.Options(t)
	update(t, bare, nil)
	mustExec(t, hand(t, bare.Path), `INSERT INTO persons (last_name) VALUES ('A'), ('B'), ('C'); INSERT INTO countries (name) VALUES ('X'), ('Y')`)
	update(t, bare, nil)
	if got := peeked(t, bare, catalog.KindPerson, "", 2) + " / " + peeked(t, bare, catalog.KindCountry, "", 2) + " / " + peeked(t, bare, catalog.KindMovie, "", 2); got != "C | B / Y | X / " {
		t.Errorf("without films: %s", got)
	}
}

// Of many that fit, the newest films' people are offered for a letter, and the
// newest for a word.
func TestOfManyTheUsedAndTheNewestArePicked(t *testing.T) {
	o := testkit.Options(t)
	update(t, o, nil)
	mustExec(t, hand(t, o.Path), `
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO persons (first_name, last_name) SELECT 'Tom', 'T' || i FROM n;
		INSERT INTO persons (id, first_name, last_name) VALUES (4000, 'Xavier', 'Tzz'), (4001, 'Tom', 'Last');
		UPDATE persons SET first_name = 'Tzz', last_name = 'Tom' WHERE id = 1500;
		INSERT INTO movies (title, director_id) VALUES ('A', 4000), ('B', 1500);`)
	update(t, o, nil)
	if got := peeked(t, o, catalog.KindPerson, "t", 2); got != "Tzz Tom: 1 film | Xavier Tzz: 1 film" {
		t.Errorf("a letter: %s", got)
	}
	if got := peeked(t, o, catalog.KindPerson, "tom", 2); got != "Tzz Tom: 1 film | Tom Last" {
		t.Errorf("a word: %s", got)
	}
	if got := peeked(t, o, catalog.KindPerson, "tom l", 2); got != "Tom Last" {
		t.Errorf("a word and a letter: %s", got)
	}
}

// Names changed by hand are found as they are now, and no longer as they were,
// whether the catalog can be written or not.
func TestPickSeesHandEdits(t *testing.T) {
	o := used(t)
	mustExec(t, hand(t, o.Path), `
		UPDATE movies SET title = 'Stalker' WHERE id = 1; DELETE FROM movies WHERE id = 20; INSERT INTO movies (id, title, release_date) VALUES (50, 'Stalker of Old', '1901');
		UPDATE persons SET last_name = 'Hanks' WHERE id = 2; INSERT INTO persons (id, first_name, last_name) VALUES (60, 'Agnès', 'Varda');
		UPDATE genres SET name = 'Thriller' WHERE id = 1; UPDATE countries SET name = 'Atlantis' WHERE id = 2; UPDATE users SET username = 'berta' WHERE id = 1;`)
	check := func(how string, pick func(kind catalog.Kind, typed string) string) {
		for _, tc := range [][3]string{
			{"movie", "sol", "Solaris (1972) | Solaris (2002): Lars von Trier"}, {"movie", "stalk", "Stalker of Old (1901) | Stalker (1972): Lars von Trier"},
			{"movie", "stalker", "=Stalker (1972): Lars von Trier | Stalker of Old (1901)"}, {"movie", "of o", "Stalker of Old (1901)"},
			{"movie", "stalker (19", "Stalker of Old (1901) | Stalker (1972): Lars von Trier"},
			{"person", "tom ho", "Tom Holland (1996): born 1996, 4 films | Holland Tom"}, {"person", "hanks, t", "Tom Hanks (1943): born 1943, 2 films"},
			{"person", "agnes varda", "=Agnès Varda"}, {"person", "v", "Lars von Trier (1956): born 1956, 3 films | Agnès Varda"},
			{"genre", "sci", ""}, {"genre", "thriller", "=Thriller: 2 films"},
			{"country", "de", ""}, {"country", "atl", "Atlantis: 3 films"}, {"user", "anna", ""}, {"user", "b", "berta"},
		} {
			if got := pick(catalog.Kind(tc[0]), tc[1]); got != tc[2] {
				t.Errorf("%s: %s %q: %s; want %s", how, tc[0], tc[1], got, tc[2])
			}
		}
	}
	check("peek", func(kind catalog.Kind, typed string) string { return peeked(t, o, kind, typed, 10) })
	err := store.DryRun(t.Context(), o, func(tx *store.Tx) error {
		check("mended", func(kind catalog.Kind, typed string) string { return picked(t, tx, kind, typed, 10) })
		_, err := tx.SQL().ExecContext(t.Context(), `INSERT INTO persons (last_name) VALUES ('Zorro')`)
		if got := picked(t, tx, catalog.KindPerson, "zor", 10); got != "Zorro" {
			t.Errorf("written in this transaction: %s", got)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever is typed is no error, and finds nothing that has not all of it.
func TestOddTextsArePicked(t *testing.T) {
	o := used(t)
	for _, typed := range []string{strings.Repeat("x", 10_000), strings.Repeat("sol ", 2500), strings.Repeat("a-", 5000), strings.Repeat("神", 10_000),
		strings.Repeat("9", 10_000), "sol\x00aris", "\x1b[31msolaris", "\xff\xfe", `"`, `"sol" OR "a"`, "*", "sol*", "(", ")", "((1972", "%", "_", "title:", "id:", "id:x", "name:", "-", "|", ",", ", ,",
		"\u200b", "\u202e", "e\u0301"} {
		for _, kind := range []catalog.Kind{"movie", "person", "genre", "country", "user"} {
			got := peeked(t, o, kind, typed, 10)
			if len(typed) > 1000 && got != "" && !strings.HasPrefix(typed, "sol ") {
				t.Errorf("%s %.10q…: %s", kind, typed, got)
			}
		}
	}
	if got := peeked(t, o, catalog.KindMovie, "sol\x00\x1b(\x7f2", 10); got != "" {
		t.Errorf("control characters between words: %s", got)
	}
	if got := peeked(t, o, catalog.KindMovie, "the\x00\x1bmat", 10); got != "The Matrix (1999)" {
		t.Errorf("control characters between words: %s", got)
	}
	long := strings.Repeat("Very ", 30) + "Long Title"
	update(t, o, func(tx *store.Tx) error {
		return tx.InsertMovies(t.Context(), []catalog.Movie{{Title: long}})
	})
	for _, typed := range []string{long, long[:100], long[:60]} {
		if got := strings.TrimPrefix(peeked(t, o, catalog.KindMovie, typed, 10), "="); got != long {
			t.Errorf("a long title by %d characters: %s", len(typed), got)
		}
	}
}

// A picker reads a bounded number of rows, however large the catalog, also where
// names were edited by hand.
func TestPickScansNothing(t *testing.T) {
	o := used(t)
	for _, edited := range []bool{false, true} {
		if edited {
			mustExec(t, hand(t, o.Path), `UPDATE movies SET title = title || '!'; UPDATE persons SET last_name = last_name || '!'; UPDATE genres SET name = name || '!'`)
		}
		counted := o
		var counter *testkit.Counter
		counted.Driver, counter = testkit.CountingDriver(t)
		for _, kind := range []catalog.Kind{"movie", "person", "genre", "country", "user"} {
			for _, typed := range []string{"", "s", "solaris (19", "tom holland", "holland, tom (1996)", "1", "usa", "?", "tom h"} {
				err := store.Peek(t.Context(), counted, func(tx *store.Tx) error {
					counter.Reset()
					picked(t, tx, kind, typed, 10)
					asked := counter.Statements()
					if len(asked) > 25 {
						t.Errorf("%s %q: %d statements", kind, typed, len(asked))
					}
					for _, q := range asked {
						checkPick(t, tx, fmt.Sprintf("%s %q, edited %t", kind, typed, edited), q)
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// checkPick checks that a query of a picker reads no table whole but the newest
// rows of one, up to a LIMIT, and the keys of a small kind.
func checkPick(t *testing.T, tx *store.Tx, what, query string) {
	t.Helper()
	plan := explain(t, tx.SQL(), query)
	for step := range strings.SplitSeq(plan, "\n") {
		name, scanned := strings.CutPrefix(step, "SCAN ")
		switch {
		case !scanned, innocent.MatchString(step):
		case strings.Contains(plan, "CO-ROUTINE "+name+"\n"), strings.Contains(plan, "MATERIALIZE "+name+"\n"): // what the steps above found
		case strings.Contains(query, "FROM "+name+" ORDER BY id DESC LIMIT"):
		case strings.Contains(query, "instr(name_key, ?)") && strings.HasSuffix(name, "_keys"):
		default:
			t.Errorf("%s: %s, of\n%s\nfor %s", what, step, plan, query)
		}
	}
}

// BenchmarkPick is the cost of a key in a picker.
func BenchmarkPick(b *testing.B) {
	o := testkit.Options(b)
	bulkOf(b, o, 100_000)
	for _, c := range [][2]string{{"person", ""}, {"person", "d"}, {"person", "jo"}, {"person", "jo doe9"}, {"movie", "the film 5"}, {"movie", "film o"}, {"genre", ""}} {
		b.Run(c[0]+" "+c[1], func(b *testing.B) {
			for b.Loop() {
				err := store.Peek(context.Background(), o, func(tx *store.Tx) error {
					_, err := tx.Pick(b.Context(), catalog.Kind(c[0]), c[1], 50)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
