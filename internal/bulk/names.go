package bulk

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// peopleCached bounds the people remembered between batches, whatever the size
// of the catalog.
const peopleCached = 1 << 17

// A ref stands for a record that a name means: its id, or, of a record that is
// still to be made, -1 for the first of them, -2 for the second … 0 is none.
type ref int64

// names resolves the names in rows to records. What is missing is noted, and
// made for a whole batch at once: a row that turns out bad takes back what it
// alone asked for.
type names struct {
	s         *session
	countries small
	genres    small
	people    people
	keys      map[string]string // of names as written; bounded
}

// small is a kind with few records, known whole.
type small struct {
	byKey  map[string]ref // folded name
	byName map[string]ref // as written
	made   []string       // names of records to be made
	keys   []string       // and their keys
}

func newSmall(seq iter.Seq2[store.KeyedID, error]) (small, error) {
	s := small{byKey: map[string]ref{}, byName: map[string]ref{}}
	for k, err := range seq {
		if err != nil {
			return s, err
		}
		if _, ok := s.byKey[k.Key]; !ok {
			s.byKey[k.Key] = ref(k.ID)
		}
	}
	return s, nil
}

// add notes a record to be made.
func (s *small) add(name string) ref {
	key := catalog.Fold(name)
	s.made, s.keys = append(s.made, name), append(s.keys, key)
	s.byKey[key] = ref(-len(s.made))
	return s.byKey[key]
}

// undo takes back records noted after the first n.
func (s *small) undo(n int) {
	for _, key := range s.keys[n:] {
		delete(s.byKey, key)
	}
	s.made, s.keys = s.made[:n], s.keys[:n]
}

// settle puts ids in the place of records that were made.
func (s *small) settle(id func(int) int64) {
	for i, key := range s.keys {
		s.byKey[key] = ref(id(i))
	}
	s.made, s.keys = nil, nil
}

func newNames(ctx context.Context, tx *store.Tx, s *session) (*names, error) {
	n := &names{s: s, people: people{ids: map[string]ref{}}, keys: map[string]string{}}
	var err error
	if n.countries, err = newSmall(tx.CountryKeys(ctx)); err != nil {
		return nil, err
	}
	n.genres, err = newSmall(tx.GenreKeys(ctx))
	return n, err
}

// mark is how many records were to be made at a moment.
type mark struct{ countries, genres, people int }

func (n *names) mark() mark {
	return mark{len(n.countries.made), len(n.genres.made), len(n.people.made)}
}

// undo takes back what was noted since a mark.
func (n *names) undo(m mark) {
	n.countries.undo(m.countries)
	n.genres.undo(m.genres)
	n.people.undo(m.people)
}

// flush makes the records that are noted. After it every ref of the batch has
// an id, see id.
func (n *names) flush(ctx context.Context, tx *store.Tx) (made, error) {
	var m made
	for _, name := range n.countries.made {
		m.countries = append(m.countries, catalog.Country{Name: name})
	}
	for _, name := range n.genres.made {
		m.genres = append(m.genres, catalog.Genre{Name: name})
	}
	m.people = n.people.made
	if len(m.countries) > 0 {
		if err := tx.InsertCountries(ctx, m.countries); err != nil {
			return m, err
		}
		n.countries.settle(func(i int) int64 { return m.countries[i].ID })
	}
	if len(m.genres) > 0 {
		if err := tx.InsertGenres(ctx, m.genres); err != nil {
			return m, err
		}
		n.genres.settle(func(i int) int64 { return m.genres[i].ID })
	}
	if len(m.people) > 0 {
		if err := tx.InsertPersons(ctx, m.people); err != nil {
			return m, err
		}
	}
	n.people.settle(m.people)
	res := &n.s.res
	res.Countries += len(m.countries)
	res.Genres += len(m.genres)
	res.Persons += len(m.people)
	return m, nil
}

// made are the records that a batch made, in the order of their refs.
type made struct {
	countries []catalog.Country
	genres    []catalog.Genre
	people    []catalog.Person
}

func (m made) country(r ref) int64 {
	if r < 0 {
		return m.countries[-r-1].ID
	}
	return int64(r)
}

func (m made) genre(r ref) int64 {
	if r < 0 {
		return m.genres[-r-1].ID
	}
	return int64(r)
}

func (m made) person(r ref) int64 {
	if r < 0 {
		return m.people[-r-1].ID
	}
	return int64(r)
}

// noSuch is why a name of a kind cannot be resolved when nothing is to be made.
func noSuch(kind catalog.Kind, name string) string {
	return fmt.Sprintf("there is no %s %s, and --no-create makes none", kind, catalog.Quote(name))
}

// countryCell returns the country of a cell: the one of just this name, if the
// catalog has it, else that of the first name in the cell.
func (n *names) countryCell(whole, first string) (r ref, reason string) {
	if whole != first && whole != "" {
		if r, ok := n.countries.byKey[catalog.Fold(whole)]; ok {
			return r, ""
		}
	}
	return n.country(first)
}

// country returns the country that a name means. A reason says why there is
// none.
func (n *names) country(name string) (r ref, reason string) {
	if name == "" {
		return 0, ""
	}
	if r, ok := n.countries.byName[name]; ok {
		return r, ""
	}
	switch fits := n.findCountry(name); {
	case len(fits) > 1:
		some := list(fits, func(r ref) string { return fmt.Sprintf("country %d", r) })
		return 0, fmt.Sprintf("%s fits %s; write the name of one of them", catalog.Quote(name), some)
	case len(fits) == 1:
		r = fits[0]
	case n.s.opts.NoCreate:
		return 0, noSuch(catalog.KindCountry, name)
	default:
		return n.countries.add(name), ""
	}
	if r > 0 {
		n.countries.byName[name] = r
	}
	return r, ""
}

// findCountry returns the countries that a name means: the one of just this
// name, else those that bear another name of the same country.
func (n *names) findCountry(name string) (fits []ref) {
	for i, key := range catalog.CountryAliases(name) {
		r, ok := n.countries.byKey[key]
		if ok && !slices.Contains(fits, r) {
			fits = append(fits, r)
		}
		if ok && i == 0 {
			break
		}
	}
	return fits
}

// genre returns the genre of a name.
func (n *names) genre(name string) (r ref, reason string) {
	if r, ok := n.genres.byName[name]; ok {
		return r, ""
	}
	r, ok := n.genres.byKey[catalog.Fold(name)]
	switch {
	case ok && r > 0:
		n.genres.byName[name] = r
		return r, ""
	case ok:
		return r, ""
	case n.s.opts.NoCreate:
		return 0, noSuch(catalog.KindGenre, name)
	}
	return n.genres.add(name), ""
}

// list names the first ten of some records, and how many more there are.
func list[T any](known []T, name func(T) string) string {
	const most = 10
	var s string
	for i, k := range known[:min(len(known), most)] {
		if i > 0 {
			s += ", "
		}
		s += name(k)
	}
	if more := len(known) - most; more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}
