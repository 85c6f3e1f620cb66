package bulk

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/store"
)

// personsCached bounds the people remembered between batches, whatever the size
// of the catalog.
const personsCached = 1 << 17

// names resolves the names in rows to ids, and makes what is missing. Small
// kinds are known whole; people are looked up a batch at a time.
type names struct {
	countries small
	genres    small
	people    map[string]int64 // name as written, to id; bounded
	persons   int              // made
}

// small is a kind with few records.
type small struct {
	byKey  map[string]int64 // folded name
	byName map[string]int64 // as written
	made   int
}

func newSmall(seq iter.Seq2[store.KeyedID, error]) (small, error) {
	s := small{byKey: map[string]int64{}, byName: map[string]int64{}}
	for k, err := range seq {
		if err != nil {
			return s, err
		}
		if _, ok := s.byKey[k.Key]; !ok {
			s.byKey[k.Key] = k.ID
		}
	}
	return s, nil
}

func newNames(ctx context.Context, tx *store.Tx) (*names, error) {
	n := &names{people: map[string]int64{}}
	var err error
	if n.countries, err = newSmall(tx.CountryKeys(ctx)); err != nil {
		return nil, err
	}
	n.genres, err = newSmall(tx.GenreKeys(ctx))
	return n, err
}

func (n *names) country(name string) int64 { return n.countries.byName[name] }
func (n *names) genre(name string) int64   { return n.genres.byName[name] }
func (n *names) person(name string) int64  { return n.people[name] }

// gather makes sure that every name in rows has an id. A name that fits several
// people rejects its row.
func (n *names) gather(ctx context.Context, tx *store.Tx, rows []*csvio.MovieRow, reject func(*csvio.MovieRow, string, string)) error {
	if err := n.gatherCountries(ctx, tx, rows); err != nil {
		return err
	}
	if err := n.gatherGenres(ctx, tx, rows); err != nil {
		return err
	}
	return n.gatherPeople(ctx, tx, rows, reject)
}

func (n *names) gatherCountries(ctx context.Context, tx *store.Tx, rows []*csvio.MovieRow) error {
	var made []catalog.Country
	var keys []string
	for _, row := range rows {
		if row.Country == "" {
			continue
		}
		if _, ok := n.countries.byName[row.Country]; ok {
			continue
		}
		aliases := catalog.CountryAliases(row.Country)
		id, ok := int64(0), false
		for _, key := range aliases {
			if id, ok = n.countries.byKey[key]; ok {
				break
			}
		}
		if !ok {
			made = append(made, catalog.Country{Name: row.Country})
			keys = append(keys, row.Country)
			n.countries.byKey[aliases[0]] = -int64(len(made)) // known to be coming
			continue
		}
		if id > 0 {
			n.countries.byName[row.Country] = id
		}
	}
	if len(made) == 0 {
		return nil
	}
	if err := tx.InsertCountries(ctx, made); err != nil {
		return err
	}
	n.countries.made += len(made)
	for i, c := range made {
		n.countries.byKey[catalog.Fold(c.Name)], n.countries.byName[keys[i]] = c.ID, c.ID
	}
	return n.gatherCountries(ctx, tx, rows) // the other spellings of the new ones
}

func (n *names) gatherGenres(ctx context.Context, tx *store.Tx, rows []*csvio.MovieRow) error {
	var made []catalog.Genre
	coming := map[string]bool{}
	known := func(name string) bool {
		if _, ok := n.genres.byName[name]; ok {
			return true
		}
		id, ok := n.genres.byKey[catalog.Fold(name)]
		if ok {
			n.genres.byName[name] = id
		}
		return ok
	}
	for _, row := range rows {
		for _, g := range row.Genres {
			if key := catalog.Fold(g); !known(g) && !coming[key] {
				coming[key] = true
				made = append(made, catalog.Genre{Name: g})
			}
		}
	}
	if err := tx.InsertGenres(ctx, made); err != nil {
		return err
	}
	n.genres.made += len(made)
	for _, g := range made {
		n.genres.byKey[catalog.Fold(g.Name)] = g.ID
	}
	for _, row := range rows {
		for _, g := range row.Genres {
			known(g)
		}
	}
	return nil
}

// mention is one name in a row that is not known yet.
type mention struct {
	name   string
	base   string // without a year of birth
	born   int    // 0 is unknown
	row    *csvio.MovieRow
	column string
}

// unknownPeople returns each name of the rows that has no id yet, once, in the
// order of the rows.
func (n *names) unknownPeople(rows []*csvio.MovieRow) []mention {
	var asked []mention
	seen := map[string]bool{}
	add := func(name, column string, row *csvio.MovieRow) {
		if name == "" || seen[name] {
			return
		}
		if _, ok := n.people[name]; ok {
			return
		}
		seen[name] = true
		base, born := catalog.SplitYear(name)
		asked = append(asked, mention{name, base, born, row, column})
	}
	for _, row := range rows {
		add(row.Director, "director", row)
		for _, p := range row.Cast {
			add(p.Actor, "cast", row)
		}
	}
	return asked
}

func (n *names) gatherPeople(ctx context.Context, tx *store.Tx, rows []*csvio.MovieRow, reject func(*csvio.MovieRow, string, string)) error {
	if len(n.people) > personsCached {
		clear(n.people)
	}
	asked := n.unknownPeople(rows)
	if len(asked) == 0 {
		return nil
	}
	keys := make([]string, 0, len(asked))
	seen := map[string]bool{}
	for _, m := range asked {
		if key := personKey(m.name); !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	got, err := tx.PersonsByKey(ctx, keys)
	if err != nil {
		return err
	}
	known := map[string][]store.KnownPerson{}
	for _, p := range got {
		known[p.Key] = append(known[p.Key], p)
	}
	return n.makePeople(ctx, tx, asked, known, reject)
}

// makePeople takes the one person that a name fits, or makes one.
func (n *names) makePeople(ctx context.Context, tx *store.Tx, asked []mention, known map[string][]store.KnownPerson, reject func(*csvio.MovieRow, string, string)) error {
	type spelling struct {
		key  string
		born int
	}
	coming := map[spelling]int{} // index in made
	var made []catalog.Person
	places := map[string]int{} // name as written to index in made
	for _, m := range asked {
		key := personKey(m.name)
		var fits []store.KnownPerson
		for _, p := range known[key] {
			if m.born == 0 || p.Year == m.born {
				fits = append(fits, p)
			}
		}
		switch {
		case len(fits) == 1:
			n.people[m.name] = fits[0].ID
		case len(fits) > 1:
			reject(m.row, m.column, fmt.Sprintf("%s fits %s; write the year of birth behind the name", catalog.Quote(m.name), people(fits)))
		default:
			s := spelling{key, m.born}
			if _, ok := coming[s]; !ok {
				coming[s] = len(made)
				made = append(made, newPerson(m))
			}
			places[m.name] = coming[s]
		}
	}
	if err := tx.InsertPersons(ctx, made); err != nil {
		return err
	}
	n.persons += len(made)
	for name, i := range places {
		n.people[name] = made[i].ID
	}
	return nil
}

func newPerson(m mention) catalog.Person {
	var p catalog.Person
	p.FirstName, p.LastName = catalog.SplitName(m.base)
	if m.born != 0 {
		p.DateOfBirth = fmt.Sprint(m.born)
	}
	return p
}

// people lists persons in a message.
func people(ps []store.KnownPerson) string {
	var list []string
	for _, p := range ps[:min(len(ps), 10)] {
		list = append(list, fmt.Sprintf("person %d %s", p.ID, catalog.Visible(catalog.YearLabel(p.Name, p.Year))))
	}
	return strings.Join(list, ", ")
}
