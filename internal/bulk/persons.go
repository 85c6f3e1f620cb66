package bulk

import (
	"context"
	"fmt"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/store"
)

func personsJob() job[csvio.PersonRow] {
	return job[csvio.PersonRow]{kind: csvio.Persons(), adds: true, make: newPersons}
}

// persons writes people: one name is one person, unless the birth dates differ.
type persons struct {
	*session
	before int64 // the highest id when the import began
	last   int64 // the highest id given so far
	done   idSet // those that a row updates
	claims *claims
	known  map[string][]catalog.Person   // by key, those the batch asks for
	all    []candidate                   // room for samePerson; a name may have many
	placed func(*csvio.PersonRow, int64) // is told the id of each row that is a person; may be nil
}

func newPersons(ctx context.Context, tx *store.Tx, s *session) (handler[csvio.PersonRow], error) {
	before, err := tx.LastID(ctx, catalog.KindPerson)
	return &persons{session: s, before: before, last: before, claims: newClaims()}, err
}

// personRow is a row on its way into the catalog.
type personRow struct {
	*csvio.PersonRow
	id      int64
	country ref
	again   bool // an earlier row updates the same person
}

func (h *persons) batch(ctx context.Context, tx *store.Tx, rows []csvio.PersonRow) error {
	keys := make([]string, len(rows))
	for i := range rows {
		keys[i] = catalog.Fold(rows[i].Person.Name())
	}
	if err := h.lookUp(ctx, tx, keys); err != nil {
		return err
	}
	var fresh, changed []*personRow
	for i := range rows {
		row := &personRow{PersonRow: &rows[i]}
		isNew, ok := h.match(row, keys[i])
		if ok && h.placed != nil {
			h.placed(row.PersonRow, row.id)
		}
		switch {
		case ok && isNew:
			fresh = append(fresh, row)
		case ok && h.opts.OnConflict == Update && row.id <= h.before && !row.again:
			changed = append(changed, row)
		}
	}
	made, err := h.names.flush(ctx, tx)
	if err != nil {
		return err
	}
	ps := make([]catalog.Person, len(fresh))
	for i, row := range fresh {
		ps[i] = row.Person
		ps[i].Country.ID = made.country(row.country)
	}
	if err := tx.InsertPersons(ctx, ps); err != nil {
		return err
	}
	for i, row := range fresh {
		if ps[i].ID != row.id {
			return fmt.Errorf("the person %s got the id %d in place of %d", catalog.Quote(row.Person.Name()), ps[i].ID, row.id)
		}
	}
	h.res.Created += len(ps)
	return h.update(ctx, tx, changed, made)
}

// lookUp asks the catalog for the people of a batch.
func (h *persons) lookUp(ctx context.Context, tx *store.Tx, keys []string) error {
	h.known = make(map[string][]catalog.Person, len(keys))
	var ask []string
	for _, key := range keys {
		if _, ok := h.known[key]; !ok {
			h.known[key] = nil
			ask = append(ask, key)
		}
	}
	got, err := tx.PersonsByKey(ctx, ask)
	if err != nil || len(got) == 0 {
		return err
	}
	ids := make([]int64, len(got))
	for i, k := range got {
		ids[i] = k.ID
	}
	ps, err := tx.PersonsByID(ctx, ids...)
	for i, p := range ps {
		h.known[got[i].Key] = append(h.known[got[i].Key], p)
	}
	return err
}

// match finds the person that a row is, or gives it the id of a new one. A row
// that is not ok was rejected.
func (h *persons) match(row *personRow, key string) (isNew, ok bool) {
	hash := h.claims.hash(row.Key)
	id, reason := h.samePerson(row.PersonRow, h.known[key], hash)
	switch {
	case reason != "":
		h.reject(&row.Meta, "", reason)
		return false, false
	case id != 0 && h.opts.OnConflict == Fail:
		h.taken(&row.Meta, catalog.KindPerson, id, h.before, row.Person.Label())
		return false, false
	case id > h.before:
		row.id = id
		h.res.Repeated++
		return false, true
	case id != 0 && h.opts.OnConflict == Skip:
		row.id = id
		h.claims.claim(id, hash)
		h.res.Skipped++
		return false, true
	}
	if id != 0 && h.done.has(id) {
		row.id, row.again = id, true
		h.res.Repeated++
		return false, true
	}
	country, reason := h.names.countryCell(row.Whole, row.Country)
	if reason != "" {
		h.reject(&row.Meta, "country", reason)
		return false, false
	}
	row.id, row.country = id, country
	if id != 0 {
		h.done.add(id)
	} else {
		h.last++
		row.id, isNew = h.last, true
		p := row.Person
		p.ID = row.id
		h.known[key] = append(h.known[key], p)
	}
	h.claims.claim(row.id, hash)
	return isNew, true
}

// samePerson returns the id of the person that a row is, 0 if it is a new one.
// A row that cannot be told gives a reason.
func (h *persons) samePerson(row *csvio.PersonRow, known []catalog.Person, hash uint64) (id int64, reason string) {
	if len(known) == 0 {
		return 0, ""
	}
	born := row.Person.DateOfBirth
	all := h.all[:0]
	defer func() { h.all = all }()
	for i := range known {
		k := &known[i]
		mine, another := h.claims.owned(k.ID, hash)
		if mine {
			return k.ID, ""
		}
		if another {
			continue
		}
		same := born != "" && k.DateOfBirth != "" && !differ(k.DateOfBirth, born) || hash != 0 && born == "" && k.DateOfBirth == ""
		all = append(all, candidate{id: k.ID, at: i, fits: !differ(k.DateOfBirth, born), same: same})
	}
	people := func(cs []candidate) string {
		return list(cs, func(c candidate) string { return h.label(known[c.at]) })
	}
	c := h.claims.choose(hash, true, all)
	switch {
	case len(c.doubt) > 0:
		return 0, fmt.Sprintf("%s could be %s; add the date of birth", catalog.Quote(row.Person.Label()), people(c.doubt))
	case len(c.clash) > 0:
		return 0, fmt.Sprintf("%s is not %s, born on another date; if it is another person, add them with person add --duplicate",
			catalog.Quote(row.Person.Label()), people(c.clash))
	}
	return c.id, ""
}

// label names a person in a message. One that this import made has no id yet.
func (h *persons) label(p catalog.Person) string {
	if p.ID > h.before {
		return "the person of an earlier row"
	}
	return catalog.YearLabel(fmt.Sprintf("person %d", p.ID), catalog.Year(p.DateOfBirth))
}

// differ tells whether two dates contradict each other: both are known, and
// neither is the other with less detail.
func differ(a, b string) bool {
	n := min(len(a), len(b))
	return n > 0 && a[:n] != b[:n]
}

// update gives people the values of their rows.
func (h *persons) update(ctx context.Context, tx *store.Tx, rows []*personRow, made made) error {
	if len(rows) == 0 {
		return nil
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.id
	}
	was, err := tx.PersonsByID(ctx, ids...)
	if err != nil {
		return err
	}
	for i, row := range rows {
		now := was[i]
		row.assign(&now, made)
		if now == was[i] {
			h.res.Skipped++
			continue
		}
		if err := tx.UpdatePerson(ctx, was[i], now); err != nil {
			return err
		}
		h.res.Updated++
	}
	return nil
}

// assign puts the values of a row into a person.
func (row *personRow) assign(p *catalog.Person, made made) {
	if row.Given.Has(csvio.PersonName) {
		p.FirstName, p.LastName = row.Person.FirstName, row.Person.LastName
	}
	row.Assign(csvio.PersonBiography, &p.Biography, row.Person.Biography)
	row.Assign(csvio.PersonGender, &p.Gender, row.Person.Gender)
	row.Assign(csvio.PersonDateOfBirth, &p.DateOfBirth, moreExact(p.DateOfBirth, row.Person.DateOfBirth))
	switch {
	case row.country != 0:
		p.Country.ID = made.country(row.country)
	case row.Cleared.Has(csvio.PersonCountry):
		p.Country.ID = 0
	}
}
