package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/fuzzkit"
	"github.com/moviedb/moviedb/internal/store"
)

// FuzzSearch: nothing that somebody types is an error or an operator; a film is
// found if and only if the words are in its title; the order is total, and a
// limit cuts it.
func FuzzSearch(f *testing.F) {
	for i, s := range slices.Concat(fuzzkit.Hostile(), fuzzkit.Every(64, fuzzkit.Shared(f))) {
		f.Add(s, "Solaris", byte(0))
		f.Add("sol", s, byte(i))
	}
	for i, s := range []string{"Solaris", "a AND b", `"`, "x*", "^x", "NEAR(a, 2)", "-x", "a:b", "(", "{a}", "千と", "\u0301", "'", "%_", "a\u00adb", "The Ocean of Solaris"} {
		f.Add(s, s, byte(i))
		f.Add("", s, byte(i))
	}
	o := searchable(f)
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, text, title string, how byte) {
		share.Try(t)
		title, err := catalog.CleanLine(title)
		if err != nil || title == "" {
			title = "Solaris"
		}
		q, err := catalog.ParseQuery(about(title, text, how))
		if err != nil {
			if err.Error() != catalog.Visible(err.Error()) {
				t.Errorf("%q: the error %q is unfit for a terminal", text, err)
			}
			return
		}
		share.Accept()
		err = store.DryRun(t.Context(), o, func(tx *store.Tx) error { return searchTitle(t, tx, q, title) })
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}

// about is what somebody types who looks for a title: some text, or something of
// the title.
func about(title, text string, how byte) string {
	words, runes := strings.Fields(title), []rune(title)
	n := int(how) / 4
	switch how % 4 {
	case 1:
		return title
	case 2:
		return strings.Join(words[n%len(words):], " ") + " " + strings.Join(words[:n%len(words)], " ")
	case 3:
		return string(runes[:1+n%len(runes)])
	}
	return text
}

// searchTitle adds a film with a title and looks whether a search finds it.
func searchTitle(t *testing.T, tx *store.Tx, q catalog.Query, title string) error {
	ctx, kinds := t.Context(), store.SearchKinds()
	ms := []catalog.Movie{{Title: title}}
	if err := tx.InsertMovies(ctx, ms); err != nil {
		return err
	}
	if err := tx.Refresh(ctx); err != nil {
		return err
	}
	got, err := tx.Search(ctx, q, kinds, 0)
	if err != nil {
		return err
	}
	found := slices.ContainsFunc(got, func(h catalog.Hit) bool { return h.Kind == catalog.KindMovie && h.ID == ms[0].ID })
	words := q.Words()
	lone := len(words) == 1 && len(words[0]) == 1 // too many words begin with a letter: what is in the middle of a title is not looked for
	if _, want := q.Match(title); found != want && (found || !lone) {
		t.Errorf("%q is in %q: %v, but a search finds it: %v", q.Text, title, want, found)
	}
	return searchAgain(ctx, t, tx, q, got)
}

// searchAgain looks that the same search finds the same, and a limit its
// beginning.
func searchAgain(ctx context.Context, t *testing.T, tx *store.Tx, q catalog.Query, want []catalog.Hit) error {
	seen := map[catalog.Candidate]bool{}
	for _, h := range want {
		key := catalog.Candidate{ID: h.ID, Name: string(h.Kind)}
		if seen[key] {
			t.Errorf("%q finds %s %d twice", q.Text, h.Kind, h.ID)
		}
		seen[key] = true
	}
	for _, limit := range []int{0, 2} {
		again, err := tx.Search(ctx, q, store.SearchKinds(), limit)
		if err != nil {
			return err
		}
		part := want
		if limit > 0 {
			part = want[:min(limit, len(want))]
		}
		if !slices.Equal(again, part) {
			t.Errorf("%q with limit %d finds %v, before %v", q.Text, limit, again, part)
		}
	}
	return nil
}

// FuzzResolve: a record answers to its id and to its label as it is printed, if
// need be among others that do.
func FuzzResolve(f *testing.F) {
	for i, s := range slices.Concat([]string{"Solaris", "Solaris (1972)", "1917", "id:7", "title:x", "name:x", "Holland, Tom", "Tom Holland", "von Trier", "(1972)", "X (9999)",
		"X (1972) (1990)", "a, b, Jr.", "USA", "de", "İ", "ß", "…", "\u0301"}, fuzzkit.Every(2, fuzzkit.Hostile()), fuzzkit.Every(32, fuzzkit.Shared(f))) {
		f.Add(byte(i), s, "solaris", uint16(i*37))
	}
	kinds := []catalog.Kind{catalog.KindMovie, catalog.KindPerson, catalog.KindGenre, catalog.KindCountry, catalog.KindUser, catalog.KindFile, catalog.KindCharacter}
	o := searchable(f)
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, which byte, name, other string, year uint16) {
		share.Try(t)
		kind := kinds[int(which)%len(kinds)]
		if y := 1790 + int(year)%420; y < 1800 || y > 2200 {
			year = 0
		} else {
			year = uint16(y)
		}
		err := store.DryRun(t.Context(), o, func(tx *store.Tx) error {
			want, err := insertNamed(t.Context(), tx, kind, name, int(year))
			if err != nil {
				return err
			}
			share.Accept()
			if _, err := insertNamed(t.Context(), tx, kind, other, 0); err != nil && !refusal(err) {
				return err
			}
			if err := tx.Refresh(t.Context()); err != nil {
				return err
			}
			answers(t, tx, kind, want)
			return nil
		})
		if err != nil && !refusal(err) {
			t.Errorf("%s %q: %v", kind, name, err)
		}
		for line := range strings.SplitSeq(fmt.Sprint(err), "\n") {
			if line != catalog.Visible(line) {
				t.Errorf("%s %q: the error %q is unfit for a terminal", kind, name, err)
			}
		}
	})
}

// refusal tells whether an error is one that a value deserves.
func refusal(err error) bool {
	return errors.Is(err, catalog.ErrInvalid) || errors.Is(err, catalog.ErrExists)
}

// insertNamed adds a record with a name, and a year where the kind has one.
func insertNamed(ctx context.Context, tx *store.Tx, kind catalog.Kind, name string, year int) (catalog.Candidate, error) {
	clean, err := catalog.CleanLine(name)
	if err == nil && clean == "" {
		err = catalog.Invalidf("a name is blank")
	}
	if kind == catalog.KindUser && err == nil {
		clean, err = catalog.ParseUsername(clean)
	}
	if err != nil {
		return catalog.Candidate{}, err
	}
	c, date := catalog.Candidate{Name: clean}, ""
	if kind == catalog.KindMovie || kind == catalog.KindPerson {
		if c.Year = year; year != 0 {
			date = strconv.Itoa(year)
		}
	}
	switch kind {
	case catalog.KindMovie:
		rows := []catalog.Movie{{Title: clean, ReleaseDate: date}}
		err = tx.InsertMovies(ctx, rows)
		c.ID = rows[0].ID
	case catalog.KindPerson:
		first, last := catalog.SplitName(clean)
		rows := []catalog.Person{{FirstName: first, LastName: last, DateOfBirth: date}}
		err = tx.InsertPersons(ctx, rows)
		c.ID, c.Name = rows[0].ID, catalog.JoinName(first, last)
	case catalog.KindGenre:
		rows := []catalog.Genre{{Name: clean}}
		err = tx.InsertGenres(ctx, rows)
		c.ID = rows[0].ID
	case catalog.KindCountry:
		rows := []catalog.Country{{Name: clean}}
		err = tx.InsertCountries(ctx, rows)
		c.ID = rows[0].ID
	case catalog.KindFile:
		rows := []catalog.File{{Name: clean, URL: "https://example.org/" + strconv.Itoa(len(clean))}}
		err = tx.InsertFiles(ctx, rows)
		c.ID = rows[0].ID
	case catalog.KindCharacter:
		rows := []catalog.Character{{Name: clean, Movie: catalog.Titled{ID: 1}}}
		err = tx.InsertCharacters(ctx, rows)
		c.ID = rows[0].ID
	default:
		c.ID, err = tx.InsertUser(ctx, catalog.User{Username: clean}, "")
	}
	return c, err
}

// answers fails unless a record is found by what is printed to name it: its id,
// its label as a suggestion has it, and its name marked as one.
func answers(t *testing.T, tx *store.Tx, kind catalog.Kind, want catalog.Candidate) {
	t.Helper()
	suggested := (&catalog.NotFoundError{Kind: kind, Ref: catalog.Ref{Name: "x"}, Near: []catalog.Candidate{want}}).Error()
	_, suggested, _ = strings.Cut(suggested, "; did you mean ")
	texts := []string{"id:" + strconv.FormatInt(want.ID, 10), catalog.NameRef(kind, want.Name), catalog.NameRef(kind, want.Label())}
	if catalog.Visible(want.Name) == want.Name {
		texts = append(texts, strings.TrimSuffix(suggested, "?"))
	}
	for _, text := range texts {
		ref, err := catalog.ParseRef(kind, text)
		if err != nil {
			t.Errorf("%s %+v: %q is no reference: %v", kind, want, text, err)
			continue
		}
		got, err := tx.Resolve(t.Context(), kind, ref)
		var several *catalog.AmbiguousError
		if errors.As(err, &several) {
			err = nil
			if slices.ContainsFunc(several.Candidates, func(c catalog.Candidate) bool { return c.ID == want.ID }) || several.More {
				got.ID = want.ID
			}
		}
		if err != nil || got.ID != want.ID {
			t.Errorf("%s %+v: %q names %+v, %v", kind, want, text, got, err)
		}
	}
}
