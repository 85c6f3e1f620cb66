package bulk

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

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

// people are looked up a batch at a time.
type people struct {
	ids   map[string]ref                 // name as written, to its record; bounded
	known map[string][]store.KnownPerson // by key, those the batch asks for, without name and year if nobody needs them; ID < 0 is to be made
	made  []catalog.Person               // to be made
	keys  []string                       // and their keys
	names []string                       // and as they were written
	last  int64                          // the highest id before the first that this import made
	some  bool                           // it made some
}

func (p *people) undo(n int) {
	for i, key := range p.keys[n:] {
		list := p.known[key]
		p.known[key] = list[:len(list)-1]
		delete(p.ids, p.names[n+i])
	}
	p.made, p.keys, p.names = p.made[:n], p.keys[:n], p.names[:n]
}

// settle puts ids in the place of the people that were made.
func (p *people) settle(made []catalog.Person) {
	if len(made) > 0 && !p.some {
		p.some, p.last = true, made[0].ID-1
	}
	for i := range made {
		if p.ids[p.names[i]] == ref(-i-1) {
			p.ids[p.names[i]] = ref(made[i].ID)
		}
	}
	for key, known := range p.known { // the order does not matter: each is put right by itself
		for i := range known {
			if known[i].ID < 0 {
				known[i].ID = made[-known[i].ID-1].ID
			}
		}
		p.known[key] = known
	}
	p.made, p.keys, p.names = nil, nil, nil
}

// personKey is what people are compared by: the folded name without a year of birth.
func personKey(name string) string {
	if name == "" {
		return ""
	}
	base, _ := catalog.SplitYear(name)
	return catalog.Fold(catalog.JoinName(catalog.SplitName(base)))
}

// keysCached bounds the keys that are remembered.
const keysCached = 1 << 16

// key is personKey, which costs more than to remember it.
func (n *names) key(name string) string {
	if name == "" {
		return ""
	}
	key, ok := n.keys[name]
	if !ok {
		if len(n.keys) > keysCached {
			clear(n.keys)
		}
		key = personKey(name)
		n.keys[name] = key
	}
	return key
}

// lookUp asks the catalog for the people of a batch.
func (n *names) lookUp(ctx context.Context, tx *store.Tx, names iter.Seq[string]) error {
	p := &n.people
	if len(p.ids) > peopleCached {
		clear(p.ids)
	}
	p.known = map[string][]store.KnownPerson{}
	var keys []string
	whole := map[string]bool{} // of these keys more is asked than the id
	for name := range names {
		if _, ok := p.ids[name]; ok || name == "" {
			continue
		}
		key := n.key(name)
		if _, ok := p.known[key]; !ok {
			p.known[key] = nil
			keys = append(keys, key)
		}
		if _, born := catalog.SplitYear(name); born != 0 {
			whole[key] = true
		}
	}
	slices.Sort(keys) // the index is read in its order
	ids, err := tx.PersonIDsByKey(ctx, keys)
	if err != nil {
		return err
	}
	for _, k := range ids {
		p.known[k.Key] = append(p.known[k.Key], store.KnownPerson{Key: k.Key, ID: k.ID})
		if len(p.known[k.Key]) > 1 {
			whole[k.Key] = true
		}
	}
	if len(whole) == 0 {
		return nil
	}
	again := slices.Sorted(maps.Keys(whole))
	for _, key := range again {
		p.known[key] = nil
	}
	got, err := tx.PersonsByKey(ctx, again)
	for _, g := range got {
		p.known[g.Key] = append(p.known[g.Key], g)
	}
	return err
}

// person returns the one person that a name fits, or notes one to be made, whom
// later names may mean: what comes of a file does not depend on where its
// batches end. The name must be among those that were looked up.
func (n *names) person(name string) (r ref, reason string) {
	p := &n.people
	if name == "" {
		return 0, ""
	}
	if r, ok := p.ids[name]; ok {
		return r, ""
	}
	base, born := catalog.SplitYear(name)
	fits := n.namesakes(name, born)
	switch {
	case len(fits) > 1:
		return 0, fmt.Sprintf("%s fits %s; write the year of birth behind the name", catalog.Quote(name), n.listPeople(fits))
	case len(fits) == 1:
		r = ref(fits[0].ID)
	case n.s.opts.NoCreate:
		return 0, noSuch(catalog.KindPerson, name)
	default:
		return n.addPerson(name, newPerson(base, born)), ""
	}
	if r > 0 {
		p.ids[name] = r
	}
	return r, ""
}

// namesakes returns the people whom a name fits.
func (n *names) namesakes(name string, born int) (fits []store.KnownPerson) {
	for _, k := range n.people.known[n.key(name)] {
		if born == 0 || k.Year == born {
			fits = append(fits, k)
		}
	}
	return fits
}

// addPerson notes a person to be made, under the name a row has.
func (n *names) addPerson(name string, made catalog.Person) ref {
	p := &n.people
	key := catalog.Fold(made.Name())
	p.made, p.keys, p.names = append(p.made, made), append(p.keys, key), append(p.names, name)
	r := ref(-len(p.made))
	p.known[key] = append(p.known[key], store.KnownPerson{Key: key, ID: int64(r), Name: made.Name(), Year: catalog.Year(made.DateOfBirth)})
	p.ids[name] = r
	return r
}

// newPerson is the person that a name describes.
func newPerson(base string, born int) catalog.Person {
	var p catalog.Person
	p.FirstName, p.LastName = catalog.SplitName(base)
	if born != 0 {
		p.DateOfBirth = strconv.Itoa(born)
	}
	return p
}

// listPeople lists persons in a message. One that this import made has no id
// yet.
func (n *names) listPeople(ps []store.KnownPerson) string {
	return list(ps, func(p store.KnownPerson) string {
		label := catalog.Visible(catalog.YearLabel(p.Name, p.Year))
		if n.newPerson(p.ID) {
			return label + " of an earlier row"
		}
		return strings.TrimSpace(fmt.Sprintf("person %d %s", p.ID, label))
	})
}

// newPerson tells whether this import made a person.
func (n *names) newPerson(id int64) bool { return id < 0 || n.people.some && id > n.people.last }

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
