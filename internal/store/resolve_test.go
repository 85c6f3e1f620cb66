package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// names is a catalog whose names make trouble.
const names = `
INSERT INTO movies (id, title, release_date) VALUES (1, 'Solaris', '1972-03-20'), (2, 'Solaris', '2002'), (3, '1917', '2019-12'),
  (4, 'Blade Runner 2049', '2017'), (5, 'Solaris (1972)', NULL), (6, '2001', '1968'), (7, 'Le Fabuleux Destin d’Amélie Poulain', '2001'),
  (8, 'The Room (2003)', '2003'), (9, 'Die Straße', '1954'), (10, '千と千尋の神隠し', '2001'), (11, '???', NULL), (12, 'id:77', NULL),
  (13, 'Title: Unknown', NULL), (14, 'Œdipe', NULL), (15, 'Der Fluß', '1951'), (16, 'Łódź', NULL), (17, 'Up', '2009'), (18, 'M', '1931'), (19, 'The Matrix', '1999'), (20, 'Solarium', NULL);
INSERT INTO persons (id, first_name, last_name, date_of_birth) VALUES (1, 'Tom', 'Holland', '1996-06-01'), (2, 'Tom', 'Holland', '1943'),
  (3, 'Lars', 'von Trier', '1956'), (4, NULL, 'Cher', '1946'), (5, 'Robert', 'Downey Jr.', NULL), (6, 'Bong', 'Joon-ho', NULL), (7, NULL, '2001', NULL),
  (8, 'Penélope', 'Cruz', '1974-04-28'), (9, 'Holland', 'Tom', NULL), (10, 'Björk', 'Guðmundsdóttir', NULL);
INSERT INTO genres (id, name) VALUES (1, 'Sci-Fi'), (2, 'Film noir'), (3, 'Komödie');
INSERT INTO countries (id, name) VALUES (1, 'United States'), (2, 'Germany'), (3, 'West Germany'), (4, 'Côte d''Ivoire'), (5, 'Utopia'), (6, 'South Korea');
INSERT INTO users (id, username) VALUES (1, 'Anna'), (2, 'jürgen');
INSERT INTO files (id, file_name, file_key, url) VALUES (1, 'Poster.JPG', 'aa/aa.jpg', NULL), (2, 'poster.jpg', 'bb/bb.jpg', NULL), (3, NULL, NULL, 'https://a.example');
INSERT INTO photos (id, person_id, file_id) VALUES (5, 1, 1);
INSERT INTO characters (id, name, movie_id) VALUES (1, 'Neo', 19), (2, 'Neo', 17), (3, 'K', 4), (4, 'Trinity', 19);
`

func named(t *testing.T) store.Options {
	t.Helper()
	o := testkit.Options(t)
	update(t, o, nil)
	mustExec(t, hand(t, o.Path), names)
	update(t, o, nil)
	return o
}

func TestARecordIsNamedByIdOrName(t *testing.T) {
	o := named(t)
	for _, tc := range []struct {
		kind catalog.Kind
		text string // several ways, separated by |
		want string // ids: one is found, several are ambiguous, none is not found
	}{
		{"movie", "1|id:1| 1 |01|id: 1", "1"},
		{"movie", "id:99|99|1917|id:1917", ""},
		{"movie", "title:1917|title: 1917|1917 (2019)|title:1917 (2019)", "3"},
		{"movie", "title:2001|2001 (1968)", "6"},
		{"movie", "title:id:77", "12"},
		{"movie", "id:7", "7"},
		{"movie", "title: unknown", ""},
		{"movie", "title:title: unknown", "13"},
		{"movie", "Solaris|SOLARIS|  solaris  |title:Solaris", "1 2"},
		{"movie", "Solaris (2002)|solaris(2002)|title:Solaris (2002)", "2"},
		{"movie", "Solaris (1972)|SOLARIS (1972)", "1 5"},
		{"movie", "Solaris (1973)|Solaris (72)|Solaris 1972|(1972)|Sol", ""},
		{"movie", "The Room (2003)|the room (2003) (2003)", "8"},
		{"movie", "The Room", ""},
		{"movie", "Blade Runner 2049", "4"},
		{"movie", "le fabuleux destin d'amelie poulain|LE FABULEUX DESTIN D'AMÉLIE POULAIN|Le Fabuleux  Destin d'Ame\u0301lie\u00a0Poulain (2001)", "7"},
		{"movie", "die strasse|DIE STRASSE|Die Straße|die stra\u00dfe (1954)", "9"},
		{"movie", "千と千尋の神隠し|千と千尋の神隠し (2001)", "10"},
		{"movie", "???", "11"},
		{"movie", "??|.", ""},
		{"movie", "oedipe|Œdipe|œdipe|ŒDIPE", "14"},
		{"movie", "der fluss", "15"},
		{"movie", "lodz|łódź|ŁÓDŹ|ŁO\u0301DZ\u0301", "16"},
		{"movie", "ｕｐ|UP (2009)", "17"},
		{"movie", "m|M (1931)", "18"},
		{"movie", "Matrix|Matrix, The", ""},
		{"person", "Tom Holland|tom holland|name:Tom Holland", "1 2"},
		{"person", "Holland, Tom", "1 2"},
		{"person", "Holland Tom", "9"},
		{"person", "Tom, Holland", "9"},
		{"person", "Tom Holland (1996)|Holland, Tom (1996)|HOLLAND,TOM (1996)", "1"},
		{"person", "Tom Holland (1943)|name:Holland, Tom (1943)", "2"},
		{"person", "Tom Holland (1950)|Holland|Tom", ""},
		{"person", "Lars von Trier|von Trier, Lars|Trier, Lars von|LARS VON TRIER (1956)", "3"},
		{"person", "cher|Cher (1946)", "4"},
		{"person", "robert downey jr.|Downey Jr., Robert|Downey, Robert, Jr.|Robert Downey, Jr.", "5"},
		{"person", "Bong Joon-ho|Joon-ho, Bong|bong joon‐ho", "6"},
		{"person", "name:2001", "7"},
		{"person", "2001", ""},
		{"person", "penelope cruz|Cruz, Penélope|PENE\u0301LOPE CRUZ (1974)", "8"},
		{"person", "bjork gudmundsdottir", "10"},
		{"genre", "sci-fi|SCI-FI|Sci–Fi|name:sci-fi|1", "1"},
		{"genre", "scifi|science fiction|sci-fi (1999)", ""},
		{"genre", "FILM  NOIR", "2"},
		{"genre", "komodie", "3"},
		{"country", "United States|usa|USA|US|U.S.|united states of america|The United States|name:us", "1"},
		{"country", "DE|deu|germany|Federal Republic of Germany", "2"},
		{"country", "West Germany", "3"},
		{"country", "ci|CIV|Ivory Coast|cote d'ivoire|Côte d’Ivoire", "4"},
		{"country", "utopia", "5"},
		{"country", "kr|Republic of Korea|Korea, South", "6"},
		{"country", "Korea|FR|France", ""},
		{"user", "anna|ANNA|1", "1"},
		{"user", "jurgen|JÜRGEN", "2"},
		{"user", "ann", ""},
		{"file", "poster.jpg", "1 2"},
		{"file", "3|id:3", "3"},
		{"file", "https://a.example", ""},
		{"photo", "5|id:5", "5"},
		{"photo", "6|id:6|1", ""},
		{"character", "Neo|name:NEO", "1 2"},
		{"character", "k", "3"},
		{"character", "Neo in The Matrix", ""},
	} {
		for text := range strings.SplitSeq(tc.text, "|") {
			view(t, o, func(tx *store.Tx) error {
				f, err := resolve(t, tx, tc.kind, text)
				var got string
				var ambiguous *catalog.AmbiguousError
				var missing *catalog.NotFoundError
				switch {
				case err == nil:
					got = sprint("%d", f.ID)
				case errors.As(err, &ambiguous) && errors.Is(err, catalog.ErrAmbiguous):
					for _, c := range ambiguous.Candidates {
						got += sprint(" %d", c.ID)
					}
					got = strings.TrimSpace(got)
				case errors.As(err, &missing) && errors.Is(err, catalog.ErrNotFound):
					got = ""
				default:
					t.Errorf("%s %q: %v", tc.kind, text, err)
				}
				if ids := strings.Fields(got); !slices.Equal(slices.Sorted(slices.Values(ids)), strings.Fields(tc.want)) {
					t.Errorf("%s %q: got %q, want %q", tc.kind, text, got, tc.want)
				}
				return nil
			})
		}
	}
}

func TestAFoundRecordSaysItsNameAndYear(t *testing.T) {
	o := named(t)
	view(t, o, func(tx *store.Tx) error {
		for text, want := range map[string]store.Found{
			"solaris (2002)": {ID: 2, Name: "Solaris", Year: 2002}, "title:1917": {ID: 3, Name: "1917", Year: 2019}, "oedipe": {ID: 14, Name: "Œdipe"},
		} {
			if got, err := resolve(t, tx, "movie", text); err != nil || got != want {
				t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
			}
		}
		got, err := resolve(t, tx, "person", "holland, tom (1943)")
		if want := (store.Found{ID: 2, Name: "Tom Holland", Year: 1943}); err != nil || got != want {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
		return nil
	})
}

func TestWhatIsSaidOfANameThatIsNotFound(t *testing.T) {
	o := named(t)
	for _, tc := range []struct {
		kind       catalog.Kind
		text, want string
	}{
		{"movie", "1917", `no movie 1917 in the catalog; to name the movie "1917" write title:1917`},
		{"movie", "id:1917", `no movie 1917 in the catalog`},
		{"movie", "id:77", `no movie 77 in the catalog`},
		{"movie", "Solariun", `no movie "Solariun" in the catalog; did you mean Solarium, Solaris (1972), Solaris (2002), Solaris (1972)?`}, // the nearest first
		{"movie", "99", `no movie 99 in the catalog`},
		{"person", "2001", `no person 2001 in the catalog; to name the person "2001" write name:2001`},
		{"movie", "Solarsi", `no movie "Solarsi" in the catalog; did you mean Solaris (1972), Solaris (2002), Solaris (1972)?`},
		{"movie", "Solaris (1999)", `no movie "Solaris (1999)" in the catalog; did you mean Solaris (1972), Solaris (2002), Solarium, Solaris (1972)?`},
		{"movie", "Blade Runer", `no movie "Blade Runer" in the catalog; did you mean Blade Runner 2049 (2017)?`},
		{"movie", "matrix", `no movie "matrix" in the catalog; did you mean The Matrix (1999)?`},
		{"movie", "amelie", `no movie "amelie" in the catalog; did you mean Le Fabuleux Destin d’Amélie Poulain (2001)?`},
		{"movie", "神隠し", `no movie "神隠し" in the catalog; did you mean 千と千尋の神隠し (2001)?`},
		{"movie", "Zardoz", `no movie "Zardoz" in the catalog`},
		{"movie", "%", `no movie "%" in the catalog`},
		{"movie", `"*`, `no movie ""*" in the catalog`},
		{"person", "Cruz", `no person "Cruz" in the catalog; did you mean Penélope Cruz (1974)?`},
		{"person", "Penelope Criz", `no person "Penelope Criz" in the catalog; did you mean Penélope Cruz (1974)?`},
		{"person", "Lars Trier", `no person "Lars Trier" in the catalog; did you mean Lars von Trier (1956)?`},
		{"genre", "sci fi", `no genre "sci fi" in the catalog; did you mean Sci-Fi?`},
		{"country", "Germny", `no country "Germny" in the catalog; did you mean Germany?`},
		{"user", "ana", `no user "ana" in the catalog; did you mean Anna?`},
		{"character", "Trinty", `no character "Trinty" in the catalog; did you mean Trinity in The Matrix?`},
		{"file", "poster.jpeg", `no file "poster.jpeg" in the catalog; did you mean Poster.JPG, poster.jpg?`},
		{"photo", "6", `no photo 6 in the catalog`},
	} {
		view(t, o, func(tx *store.Tx) error {
			if _, err := resolve(t, tx, tc.kind, tc.text); err == nil || err.Error() != tc.want {
				t.Errorf("%s %q:\ngot  %v\nwant %s", tc.kind, tc.text, err, tc.want)
			}
			return nil
		})
	}
}

// An id that nobody typed is not taken for a name.
func TestWhatIsSaidOfAnIDThatIsGone(t *testing.T) {
	view(t, named(t), func(tx *store.Tx) error {
		_, err := tx.ResolveAll(t.Context(), catalog.KindGenre, []catalog.Ref{{ID: 1917}})
		if err == nil || err.Error() != "no genre 1917 in the catalog" || !errors.Is(err, catalog.ErrNotFound) {
			t.Errorf("%v", err)
		}
		return nil
	})
}

func TestWhatIsSaidOfAnAmbiguousName(t *testing.T) {
	o := named(t)
	update(t, o, func(tx *store.Tx) error {
		movies := make([]catalog.Movie, 12)
		for i := range movies {
			movies[i] = catalog.Movie{Title: "Hamlet", ReleaseDate: sprint("%d", 1990+i%11)}
		}
		return tx.InsertMovies(t.Context(), movies)
	})
	for _, tc := range []struct {
		kind       catalog.Kind
		text, want string
	}{
		{"movie", "solaris", "\"solaris\" fits 2 movies; say which by its id:\n  1  Solaris (1972)\n  2  Solaris (2002)"},
		{"movie", "title:solaris (1972)", "\"solaris (1972)\" fits 2 movies; say which by its id:\n  5  Solaris (1972)\n  1  Solaris (1972)"},
		{"person", "Holland, Tom", "\"Holland, Tom\" fits 2 people; say which by its id:\n  1  Tom Holland (1996)\n  2  Tom Holland (1943)"},
		{"character", "neo", "\"neo\" fits 2 characters; say which by its id:\n  1  Neo in The Matrix\n  2  Neo in Up"},
		{"movie", "hamlet", "\"hamlet\" fits more than 10 movies; say which by its id:" + strings.Join([]string{"",
			"21  Hamlet (1990)", "32  Hamlet (1990)", "22  Hamlet (1991)", "23  Hamlet (1992)", "24  Hamlet (1993)", "25  Hamlet (1994)",
			"26  Hamlet (1995)", "27  Hamlet (1996)", "28  Hamlet (1997)", "29  Hamlet (1998)"}, "\n  ")},
		{"movie", "hamlet (1990)", "\"hamlet (1990)\" fits 2 movies; say which by its id:\n  21  Hamlet (1990)\n  32  Hamlet (1990)"},
	} {
		view(t, o, func(tx *store.Tx) error {
			if _, err := resolve(t, tx, tc.kind, tc.text); err == nil || err.Error() != tc.want {
				t.Errorf("%s %q:\ngot  %v\nwant %s", tc.kind, tc.text, err, tc.want)
			}
			return nil
		})
	}
}

// TestTheFirstOfSeveralCountriesIsNeverTaken: one of just this name goes before
// its aliases, but among aliases there is no first.
func TestTheFirstOfSeveralCountriesIsNeverTaken(t *testing.T) {
	o := testkit.Options(t)
	update(t, o, func(tx *store.Tx) error {
		return tx.InsertCountries(t.Context(), []catalog.Country{{Name: "United States"}, {Name: "U.S."}})
	})
	view(t, o, func(tx *store.Tx) error {
		for text, id := range map[string]int64{"united states": 1, "u.s.": 2} {
			if f, err := resolve(t, tx, "country", text); err != nil || f.ID != id {
				t.Errorf("%s: %+v, %v", text, f, err)
			}
		}
		if f, err := resolve(t, tx, "country", "USA"); !errors.Is(err, catalog.ErrAmbiguous) {
			t.Errorf("USA: %+v, %v", f, err)
		}
		return nil
	})
}

// TestAYearTellsManyNamesakesApart: of a name that many bear only some are
// read, but the year must find its own.
func TestAYearTellsManyNamesakesApart(t *testing.T) {
	o := testkit.Options(t)
	update(t, o, func(tx *store.Tx) error {
		movies, persons := make([]catalog.Movie, 1204), make([]catalog.Person, 1204)
		for i := range movies {
			movies[i], persons[i] = catalog.Movie{Title: "Untitled"}, catalog.Person{FirstName: "Jim", LastName: "Smith"}
		}
		for i, date := range map[int]string{1200: "2015", 1201: "2016-01", 1202: "2016"} {
			movies[i].ReleaseDate, persons[i].DateOfBirth = date, date
		}
		movies[1203].Title, persons[1203] = "Zoo", catalog.Person{FirstName: "Zoë", LastName: "Bell"}
		return errors.Join(tx.InsertMovies(t.Context(), movies), tx.InsertPersons(t.Context(), persons))
	})
	view(t, o, func(tx *store.Tx) error {
		for kind, name := range map[catalog.Kind]string{"movie": "untitled", "person": "smith, jim"} {
			if f, err := resolve(t, tx, kind, name+" (2015)"); err != nil || f.ID != 1201 {
				t.Errorf("%s of 2015: %+v, %v", name, f, err)
			}
			var a *catalog.AmbiguousError
			if _, err := resolve(t, tx, kind, name+" (2016)"); !errors.As(err, &a) || len(a.Candidates) != 2 {
				t.Errorf("%s of 2016: %v", name, err)
			}
			if _, err := resolve(t, tx, kind, name); !errors.As(err, &a) || !a.More {
				t.Errorf("%s: %v", name, err)
			}
			refs := parseAll(t, kind, name+" (2015)", name+" (2016)", "x", "1")
			if _, err := tx.ResolveAll(t.Context(), kind, refs); !errors.Is(err, catalog.ErrAmbiguous) {
				t.Errorf("%s among others: %v", name, err)
			}
		}
		// Nor do the many hide another name that is looked up with them.
		for kind, names := range map[catalog.Kind][]string{"movie": {"zoo", "untitled"}, "person": {"zoe bell", "jim smith"}} {
			var a *catalog.AmbiguousError
			if _, err := tx.ResolveAll(t.Context(), kind, parseAll(t, kind, names...)); !errors.As(err, &a) || a.Ref.Name != names[1] {
				t.Errorf("%q: %v", names, err)
			}
		}
		if rest := collect(t, tx.Movies(t.Context(), catalog.MovieFilter{Page: catalog.Page{Offset: 4}})); len(rest) != 1200 {
			t.Errorf("%d films after the first four, want 1,200", len(rest))
		}
		return nil
	})
}

func parseAll(t *testing.T, kind catalog.Kind, texts ...string) []catalog.Ref {
	t.Helper()
	refs := make([]catalog.Ref, len(texts))
	for i, text := range texts {
		ref, err := catalog.ParseRef(kind, text)
		if err != nil {
			t.Fatal(err)
		}
		refs[i] = ref
	}
	return refs
}

func TestSeveralNamesResolveInTheirOrderEachRecordOnce(t *testing.T) {
	o := named(t)
	view(t, o, func(tx *store.Tx) error {
		got, err := tx.ResolveAll(t.Context(), "movie", parseAll(t, "movie", "m", "17", "solaris (2002)", "up", "id:18", "2", "title:1917"))
		var ids []string
		for _, f := range got {
			ids = append(ids, sprint("%d", f.ID))
		}
		same(t, "ids", ids, []string{"18", "17", "2", "3"})
		if err != nil {
			return err
		}
		for _, bad := range []string{"99", "zardoz", "solaris"} {
			if got, err := tx.ResolveAll(t.Context(), "movie", parseAll(t, "movie", "m", bad, "up")); err == nil || got != nil {
				t.Errorf("with %q among them: %v, %v", bad, got, err)
			}
		}
		if got, err := tx.ResolveAll(t.Context(), "movie", nil); err != nil || len(got) != 0 {
			t.Errorf("none: %v, %v", got, err)
		}
		return nil
	})
}

func TestFindReturnsAllThatANameFits(t *testing.T) {
	o := named(t)
	view(t, o, func(tx *store.Tx) error {
		for text, want := range map[string]string{"solaris": "1 2", "solaris (1972)": "5 1", "zardoz": "", "title:1917": "3"} {
			got, err := tx.Find(t.Context(), "movie", parseAll(t, "movie", text)[0])
			if err != nil {
				return err
			}
			var ids []string
			for _, f := range got {
				ids = append(ids, sprint("%d", f.ID))
			}
			same(t, text, ids, strings.Fields(want))
		}
		return nil
	})
}
