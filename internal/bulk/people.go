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
