package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// complete returns the names offered for what was typed, with their details.
func complete(t testing.TB, o store.Options, kind catalog.Kind, typed string) (names []string) {
	t.Helper()
	err := store.Peek(t.Context(), o, func(tx *store.Tx) error {
		cs, err := tx.Complete(t.Context(), kind, typed)
		for _, c := range cs {
			name := c.Name
			if c.Detail != "" {
				name += "=" + c.Detail
			}
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatalf("complete %s %q: %v", kind, typed, err)
	}
	return names
}

func TestNamesAreCompleted(t *testing.T) {
	o := named(t)
	mustExec(t, hand(t, o.Path), `
		UPDATE movies SET director_id = 3 WHERE id = 1;
		UPDATE users SET first_name = 'Jürgen', last_name = 'Meier' WHERE id = 2;
		UPDATE files SET mime_type = 'image/png' WHERE id = 2;
		INSERT INTO movies (id, title) VALUES (30, 'Zed' || char(10) || 'two'), (31, 'Zed' || char(27) || '[31m'), (32, '-30-'), (33, 'Zed' || char(8238) || 'x');
		INSERT INTO files (id, file_name, url) VALUES (4, 'teaser.mov', 'https://b.example');`)
	update(t, o, nil)
	for _, tc := range []struct {
		kind  catalog.Kind
		typed string // several ways, separated by |
		want  string // names in the order of the index, separated by |
	}{
		// Solaris of 1972 has the whole title of another for its name.
		{"movie", "sol|SOL| sol", "Solaris (2002)|Solarium"},
		{"movie", "solaris (|solaris (2|solaris (2002)", "Solaris (2002)"},
		{"movie", "solaris ", "Solaris (2002)"},
		{"movie", "solaris  (19", ""},
		{"movie", "die stra|DIE STRASS|die straß|Die  Stra", "Die Straße (1954)"},
		{"movie", "oed|Œd|œ", "Œdipe"},
		{"movie", "千", "千と千尋の神隠し (2001)"},
		{"movie", "1|19|1917 (20", "1917 (2019)"},
		{"movie", "title:1|title: 19", "title:1917 (2019)"},
		{"movie", "title:title:", "title:Title: Unknown"},
		{"movie", "id:7", ""},
		{"movie", "-|-3", "title:-30-"},
		{"movie", "zed", ""},
		{"movie", "the room", "The Room (2003) (2003)"},
		{"movie", "matrix|xyz", ""},
		{"person", "tom", "Tom Holland (1996)=born 1996|Tom Holland (1943)=born 1943|Tom, Holland"},
		{"person", "pen", "Penélope Cruz=born 1974"},
		{"person", "cruz|cruz, p", "Cruz, Penélope=born 1974"},
		{"person", "cher", "Cher=born 1946"},
		{"person", "2001|name:2001", "name:2001"},
		{"person", "von", "von Trier, Lars=born 1956"},
		{"person", "tom holland (19", "Tom Holland (1996)=born 1996|Tom Holland (1943)=born 1943"},
		{"genre", "", "Film noir|Komödie|Sci-Fi"},
		{"genre", "komo|KOMÖ", "Komödie"},
		{"country", "cote|Côte d'|CÔTE D’I", "Côte d'Ivoire"},
		{"user", "ju", "jürgen=Jürgen Meier"},
		{"file", "post", ""}, // Poster.JPG and poster.jpg are one name
		{"file", "tea", "teaser.mov"},
		{"photo", "", ""}, {"character", "n", ""},
	} {
		for typed := range strings.SplitSeq(tc.typed, "|") {
			if got := strings.Join(complete(t, o, tc.kind, typed), "|"); got != tc.want {
				t.Errorf("%s %q: %s; want %s", tc.kind, typed, got, tc.want)
			}
		}
	}
}

// Every beginning of a name offers it, and each name offered means one record.
func TestWhatIsOfferedMeansOneRecord(t *testing.T) {
	o := named(t)
	for _, kind := range []catalog.Kind{"movie", "person", "genre", "country", "user", "file"} {
		for _, whole := range complete(t, o, kind, "") {
			name, _, _ := strings.Cut(whole, "=")
			view(t, o, func(tx *store.Tx) error {
				ref, err := catalog.ParseRef(kind, name)
				if err != nil {
					return err
				}
				_, err = tx.Resolve(t.Context(), kind, ref)
				return err
			})
			runes := []rune(name)
			for i := range runes {
				typed := string(runes[:i])
				if strings.HasPrefix(catalog.NameRef(kind, ""), typed) && strings.HasPrefix(name, catalog.NameRef(kind, "")) {
					continue // it could still be anything
				}
				if !slices.Contains(complete(t, o, kind, typed), whole) {
					t.Errorf("%s %q does not offer %q", kind, typed, name)
				}
			}
		}
	}
}

// Of a long range the end is offered too: what all have in common is not more
// than what all that there are have.
func TestALongRangeIsOfferedWithItsEnd(t *testing.T) {
	o := testkit.Options(t)
	update(t, o, func(tx *store.Tx) error {
		var ms []catalog.Movie
		for i := range 500 {
			ms = append(ms, catalog.Movie{Title: fmt.Sprintf("The Aa %03d", i)})
		}
		return tx.InsertMovies(t.Context(), append(ms, catalog.Movie{Title: "The Zebra"}))
	})
	got := complete(t, o, catalog.KindMovie, "the")
	if len(got) < 50 || len(got) > 60 || got[0] != "The Aa 000" || !slices.Contains(got, "The Zebra") {
		t.Errorf("%d names: %q", len(got), got)
	}
}

// Peek sees what was changed by hand and leaves it to others to note that.
func TestPeekWritesNothing(t *testing.T) {
	o := named(t)
	db := hand(t, o.Path)
	mustExec(t, db, `UPDATE movies SET title = 'Sonne' WHERE id = 2`)
	if got := complete(t, o, catalog.KindMovie, "so"); !slices.Contains(got, "Sonne (2002)") || !slices.Contains(got, "Solaris (1972)") == slices.Contains(got, "Solaris (2002)") {
		t.Errorf("after a change by hand: %q", got)
	}
	if n := table(t, db, `SELECT count(*) FROM stale`); n[0] != "1" {
		t.Errorf("stale has %s rows, want the one noted", n[0])
	}
	mustExec(t, db, `UPDATE derived_state SET value = 0 WHERE name = 'fold_version'`)
	err := store.Peek(t.Context(), o, func(*store.Tx) error { t.Error("a catalog of another fold was read"); return nil })
	if err == nil {
		t.Error("no error for a catalog of another fold")
	}
	err = store.Peek(t.Context(), store.Options{Path: o.Path + "x"}, func(*store.Tx) error { return nil })
	if err == nil {
		t.Error("no error without a catalog")
	}
}

// Names are found by their index, however many there are.
func TestCompletionScansNothing(t *testing.T) {
	o := named(t)
	driver, counter := testkit.CountingDriver(t)
	o.Driver = driver
	for _, kind := range []catalog.Kind{"movie", "person", "genre", "country", "user", "file"} {
		for _, typed := range []string{"s", "", "solaris (19"} {
			counter.Reset()
			complete(t, o, kind, typed)
			asked := counter.Statements()
			for _, q := range asked {
				if !strings.HasPrefix(q, "SELECT k.") {
					continue
				}
				plan := explain(t, hand(t, o.Path), q)
				if strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
					t.Errorf("%s %q: %s\n%s", kind, typed, q, plan)
				}
			}
			if len(asked) > 20 {
				t.Errorf("%s %q: %d statements", kind, typed, len(asked))
			}
		}
	}
}

func BenchmarkComplete(b *testing.B) {
	o := testkit.Options(b)
	bulkOf(b, o, 100_000)
	for _, typed := range []string{"", "the film 5", "the film 99999 of"} {
		b.Run(typed, func(b *testing.B) {
			for b.Loop() {
				err := store.Peek(context.Background(), o, func(tx *store.Tx) error {
					_, err := tx.Complete(b.Context(), catalog.KindMovie, typed)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
