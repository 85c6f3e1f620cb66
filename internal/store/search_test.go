package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// hits writes down what a search finds: kind and id of each.
func hits(t testing.TB, o store.Options, text string, limit int, kinds ...catalog.Kind) []string {
	t.Helper()
	q, err := catalog.ParseQuery(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(kinds) == 0 {
		kinds = store.SearchKinds()
	}
	var list []string
	view(t, o, func(tx *store.Tx) error {
		got, err := tx.Search(t.Context(), q, kinds, limit)
		for _, h := range got {
			list = append(list, fmt.Sprintf("%s %d", h.Kind, h.ID))
		}
		return err
	})
	return list
}

// searchable is a catalog with something in every tier.
func searchable(t testing.TB) store.Options {
	t.Helper()
	o := testkit.Options(t)
	update(t, o, func(tx *store.Tx) error {
		ctx := t.Context()
		movies := []catalog.Movie{
			{Title: "Solaris", ReleaseDate: "1972"},                           // 1
			{Title: "Solaris", ReleaseDate: "2002"},                           // 2
			{Title: "The Solaris Affair"},                                     // 3
			{Title: "Solaristics", Description: "Not about any ocean."},       // 4
			{Title: "Ocean", Description: "A planet called Solaris\nthinks."}, // 5
			{Title: "千と千尋の神隠し", ReleaseDate: "2001", Description: "十歳の少女が神隠しにあう。"}, // 6
			{Title: "Große Freiheit"},           // 7
			{Title: "Amélie"},                   // 8
			{Title: "AC/DC: Let There Be Rock"}, // 9
			{Title: "!!!"},                      // 10
			{Title: "What’s Up, Doc?"},          // 11
			{Title: "Łódź"},                     // 12
		}
		if err := tx.InsertMovies(ctx, movies); err != nil {
			return err
		}
		persons := []catalog.Person{
			{FirstName: "Andrei", LastName: "Tarkovsky", Biography: "Filmed Solaris in 1971."}, // 1
			{LastName: "Solaris"},                   // 2
			{FirstName: "Tom", LastName: "Holland"}, // 3
			{FirstName: "Agnès", LastName: "Varda"}, // 4
		}
		if err := tx.InsertPersons(ctx, persons); err != nil {
			return err
		}
		parts := []catalog.Character{
			{Name: "Doctor Solaris", Movie: catalog.Titled{ID: 5}},
			{Name: "Kris Kelvin", Movie: catalog.Titled{ID: 1}},
			{Name: "Kris Kelvin", Movie: catalog.Titled{ID: 2}},
			{Name: "神隠の少女", Movie: catalog.Titled{ID: 6}},
		}
		if err := tx.InsertCharacters(ctx, parts); err != nil {
			return err
		}
		if err := tx.InsertGenres(ctx, []catalog.Genre{{Name: "Science Fiction"}, {Name: "Film-Noir"}}); err != nil {
			return err
		}
		return tx.InsertCountries(ctx, []catalog.Country{{Name: "United States"}, {Name: "Soviet Union"}})
	})
	return o
}

func TestSearchGoesInTiers(t *testing.T) {
	o := searchable(t)
	for text, want := range map[string]string{
		// whole (newest first), begins, has, part, description, biography
		"solaris":        "movie 2, movie 1, person 2, movie 4, movie 3, character 1, person 1, movie 5",
		"SOLARIS":        "movie 2, movie 1, person 2, movie 4, movie 3, character 1, person 1, movie 5",
		"sol":            "movie 4, movie 2, movie 1, person 2, movie 3, character 1, person 1, movie 5",
		"solaris affair": "movie 3",
		"affair solaris": "movie 3",
		"solaris a":      "movie 3, movie 5",
		"tom holland":    "person 3",
		"holland tom":    "person 3",
		"Holland, T":     "person 3",
		"varda agnes":    "person 4",
		"tarkovsky":      "person 1",
		"kelvin":         "character 3, character 2",
		"kris kelv":      "character 3, character 2",
		"planet thinks":  "movie 5",
		"filmed 1971":    "person 1",
		"ocean":          "movie 5, movie 4",
		"grosse":         "movie 7",
		"GROSSE FREI":    "movie 7",
		"große":          "movie 7",
		"amelie":         "movie 8",
		"ame\u0301lie":   "movie 8",
		"lodz":           "movie 12",
		"神隠":             "movie 6, character 4",
		"千尋":             "movie 6",
		"少女":             "character 4, movie 6",
		"神":              "movie 6, character 4",
		"十歳":             "movie 6",
		"AC/DC":          "movie 9",
		"ac dc":          "movie 9",
		"what's up":      "movie 11",
		"whats":          "",
		"!!!":            "movie 10",
		"!":              "movie 10",
		"*":              "",
		"\"":             "",
		"NEAR(a b)":      "",
		"title:solaris":  "",
		"science":        "genre 1",
		"fiction":        "genre 1",
		"film noir":      "genre 2",
		"usa":            "country 1",
		"union":          "country 2",
		"xyzzy":          "",
		"s":              "movie 4, movie 2, movie 1, person 2, genre 1, country 2, movie 3, movie 11, country 1",
		"s!":             "movie 4, movie 2, movie 1, person 2, genre 1, country 2, movie 3, movie 11, country 1",
		"tom h":          "person 3",
		"the solaris a":  "movie 3",
		"solaris xyzzy":  "",
	} {
		if got := strings.Join(hits(t, o, text, 0), ", "); got != want {
			t.Errorf("%q: got  %s\nwant %s", text, got, want)
		}
	}
	if got := hits(t, o, "solaris", 3); !slices.Equal(got, []string{"movie 2", "movie 1", "person 2"}) {
		t.Errorf("the first three: got %q", got)
	}
	if got := hits(t, o, "solaris", 0, catalog.KindPerson, catalog.KindCharacter); !slices.Equal(got, []string{"person 2", "character 1", "person 1"}) {
		t.Errorf("people and parts: got %q", got)
	}
}

// TestSearchOfManyHits: of more than can be compared the newest come first, all
// of them if they are asked for, and each once.
func TestSearchOfManyHits(t *testing.T) {
	o := testkit.Options(t)
	const n = 2500
	update(t, o, func(tx *store.Tx) error {
		ms := make([]catalog.Movie, n)
		for i := range ms {
			ms[i] = catalog.Movie{Title: sprint("The Love Number %d", i), Description: "Love again."}
		}
		return tx.InsertMovies(t.Context(), ms)
	})
	for _, text := range []string{"the love", "love", "lov", "number love", "again"} {
		first := hits(t, o, text, 20)
		for i, h := range first {
			if want := fmt.Sprintf("movie %d", n-i); h != want {
				t.Fatalf("%q: hit %d is %s, want %s", text, i, h, want)
			}
		}
		whole := hits(t, o, text, 0)
		slices.Sort(whole)
		if got := len(slices.Compact(whole)); got != n || len(whole) != n || len(first) != 20 {
			t.Errorf("%q: %d hits, %d of them different, want %d", text, len(whole), got, n)
		}
		if again := hits(t, o, text, 20); !slices.Equal(again, first) {
			t.Errorf("%q: another order: %q and %q", text, again, first)
		}
	}
}

// TestSearchSeesEditsByHand, also while the catalog cannot be written.
func TestSearchSeesEditsByHand(t *testing.T) {
	o := searchable(t)
	db := hand(t, o.Path)
	mustExec(t, db, `UPDATE movies SET title = 'Ärger', description = 'Nothing to sea.' WHERE id = 1;
		DELETE FROM movies WHERE id = 3; UPDATE characters SET name = 'Ärgerlich' WHERE id = 2;
		INSERT INTO persons (first_name, last_name) VALUES ('Ärge', 'Rnis')`)
	check := func(t *testing.T) {
		t.Helper()
		for text, want := range map[string]string{
			"solaris": "movie 2, person 2, movie 4, character 1, person 1, movie 5",
			"arger":   "movie 1, character 2", "sea": "movie 1", "arge": "person 5, movie 1, character 2", "rnis": "person 5",
		} {
			got := hits(t, o, text, 0)
			slices.Sort(got)
			wanted := strings.Split(want, ", ")
			slices.Sort(wanted)
			if !slices.Equal(got, wanted) {
				t.Errorf("%q: got %q, want %q", text, got, wanted)
			}
		}
	}
	update(t, o, func(*store.Tx) error { return nil })
	mustExec(t, db, `UPDATE movies SET title = 'Ärger' WHERE id = 1`)
	check(t)
	mustExec(t, db, `UPDATE movies SET title = 'Quark', description = 'Nothing to quaff.' WHERE id = 1;
		UPDATE persons SET last_name = 'Quarx' WHERE id = 5`)
	mustExec(t, db, `BEGIN IMMEDIATE`) // nobody else can write now
	for text, want := range map[string]string{"quark": "movie 1", "qua": "movie 1, person 5", "quaff": "movie 1", "arger": "character 2", "rnis": ""} {
		if got := strings.Join(hits(t, o, text, 0), ", "); got != want {
			t.Errorf("%q, read only: got %q, want %q", text, got, want)
		}
	}
	mustExec(t, db, `ROLLBACK`)
}
