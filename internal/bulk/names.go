package bulk

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"

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
	before    int64            // the highest person id before the first that was made
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
// people rejects each row that has it.
func (n *names) gather(ctx context.Context, tx *store.Tx, rows []*csvio.MovieRow, reject func(*csvio.MovieRow, string, string)) error {
	if err := n.gatherCountries(ctx, tx, rows, reject); err != nil {
		return err
	}
	if err := n.gatherGenres(ctx, tx, rows); err != nil {
		return err
	}
	return n.gatherPeople(ctx, tx, rows, reject)
}

func (n *names) gatherCountries(ctx context.Context, tx *store.Tx, rows []*csvio.MovieRow, reject func(*csvio.MovieRow, string, string)) error {
	var made []catalog.Country
	for _, row := range rows {
		if row.Country != "" && len(n.findCountry(row.Country)) == 0 {
			made = append(made, catalog.Country{Name: row.Country})
			n.countries.byKey[catalog.Fold(row.Country)] = 0 // known to be coming
		}
	}
	if len(made) > 0 {
		if err := tx.InsertCountries(ctx, made); err != nil {
			return err
		}
	}
	n.countries.made += len(made)
	for _, c := range made {
		n.countries.byKey[catalog.Fold(c.Name)] = c.ID
	}
	for _, row := range rows {
		switch ids := n.findCountry(row.Country); len(ids) {
		case 0: // the row has none
		case 1:
			n.countries.byName[row.Country] = ids[0]
		default:
			fits := list(ids, func(id int64) string { return fmt.Sprintf("country %d", id) })
			reject(row, "country", fmt.Sprintf("%s fits %s; write the name of one of them", catalog.Quote(row.Country), fits))
		}
	}
	return nil
}

// findCountry returns the countries that a name means: the one of just this
// name, else those that bear another name of the same country.
func (n *names) findCountry(name string) []int64 {
	if id, ok := n.countries.byName[name]; ok {
		return []int64{id}
	}
	var ids []int64
	for i, key := range catalog.CountryAliases(name) {
		id, ok := n.countries.byKey[key]
		if ok && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		if ok && i == 0 {
			break
		}
	}
	return ids
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
	name string
	key  string // by which people are compared
	base string // without a year of birth
	born int    // 0 is unknown
}

// unknownPeople returns each name of the rows that has no id yet, once, in the
// order of the rows.
func (n *names) unknownPeople(rows []*csvio.MovieRow) []mention {
	var asked []mention
	seen := map[string]bool{}
	add := func(name string) {
		if name == "" || seen[name] {
			return
		}
		if _, ok := n.people[name]; ok {
			return
		}
		seen[name] = true
		base, born := catalog.SplitYear(name)
		asked = append(asked, mention{name, personKey(name), base, born})
	}
	for _, row := range rows {
		add(row.Director)
		for _, p := range row.Cast {
			add(p.Actor)
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
	known := make(map[string][]store.KnownPerson, len(asked))
	keys := make([]string, 0, len(asked))
	for _, m := range asked {
		if _, ok := known[m.key]; !ok {
			known[m.key] = nil
			keys = append(keys, m.key)
		}
	}
	got, err := tx.PersonsByKey(ctx, keys)
	if err != nil {
		return err
	}
	for _, p := range got {
		known[p.Key] = append(known[p.Key], p)
	}
	doubts, err := n.makePeople(ctx, tx, asked, known)
	if err != nil || len(doubts) == 0 {
		return err
	}
	for _, row := range rows {
		rejectDoubts(row, doubts, reject)
	}
	return nil
}

// makePeople takes the one person that a name fits, or makes one, whom later
// names may mean: what comes of a file does not depend on where its batches
// end. It returns why names got none.
func (n *names) makePeople(ctx context.Context, tx *store.Tx, asked []mention, known map[string][]store.KnownPerson) (doubts map[string]string, err error) {
	doubts = map[string]string{}
	var made []catalog.Person
	places := map[string]int64{} // name as written to index in made
	for _, m := range asked {
		var fits []store.KnownPerson
		for _, p := range known[m.key] {
			if m.born == 0 || p.Year == m.born {
				fits = append(fits, p)
			}
		}
		switch {
		case len(fits) == 1 && fits[0].ID > 0:
			n.people[m.name] = fits[0].ID
		case len(fits) == 1:
			places[m.name] = -fits[0].ID - 1
		case len(fits) > 1:
			doubts[m.name] = fmt.Sprintf("%s fits %s; write the year of birth behind the name", catalog.Quote(m.name), n.list(fits))
		default:
			p := newPerson(m)
			places[m.name] = int64(len(made))
			made = append(made, p)
			known[m.key] = append(known[m.key], store.KnownPerson{ID: -int64(len(made)), Name: p.Name(), Year: m.born})
		}
	}
	if len(made) == 0 {
		return doubts, nil
	}
	if err := tx.InsertPersons(ctx, made); err != nil {
		return nil, err
	}
	if n.persons == 0 {
		n.before = made[0].ID - 1
	}
	n.persons += len(made)
	for name, i := range places {
		n.people[name] = made[i].ID
	}
	return doubts, nil
}

// rejectDoubts rejects a row that has names without a person.
func rejectDoubts(row *csvio.MovieRow, doubts map[string]string, reject func(*csvio.MovieRow, string, string)) {
	if reason, ok := doubts[row.Director]; ok {
		reject(row, "director", reason)
	}
	told := map[string]bool{}
	for _, p := range row.Cast {
		if reason, ok := doubts[p.Actor]; ok && !told[p.Actor] {
			told[p.Actor] = true
			reject(row, "cast", reason)
		}
	}
}

// newPerson is the person that a name describes.
func newPerson(m mention) catalog.Person {
	var p catalog.Person
	p.FirstName, p.LastName = catalog.SplitName(m.base)
	if m.born != 0 {
		p.DateOfBirth = strconv.Itoa(m.born)
	}
	return p
}

// list lists persons in a message. One that this import made has no id yet.
func (n *names) list(ps []store.KnownPerson) string {
	return list(ps, func(p store.KnownPerson) string {
		label := catalog.Visible(catalog.YearLabel(p.Name, p.Year))
		if p.ID < 0 || n.persons > 0 && p.ID > n.before {
			return label + " of an earlier row"
		}
		return fmt.Sprintf("person %d %s", p.ID, label)
	})
}
