package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Pick returns at most limit records of a kind for what somebody typed so far:
// those that have all its words, the last as the beginning of one, those that
// begin with it, and those that ParseRef would take it for. It is made to be
// asked at each key: of a large catalog a bounded number of records is looked
// at, the newest of each sort. Those that are meant exactly come first, then the
// most used, then the newest. Nothing typed offers what the newest films use.
// Films, people, countries, genres and users can be picked; of other kinds there
// is nothing to offer.
func (tx *Tx) Pick(ctx context.Context, kind catalog.Kind, typed string, limit int) ([]catalog.Choice, error) {
	how := pickings(kind)
	if how.read == "" || limit < 1 {
		return nil, nil
	}
	p := &pick{tx: tx, kind: kind, how: how, typed: readTyped(kind, typed), limit: limit, recent: map[int64]int{}}
	choices, err := p.run(ctx)
	return choices, tx.opts.classify(err)
}

// pick is one question of a picker.
type pick struct {
	tx      *Tx
	kind    catalog.Kind
	how     picking
	typed   typed
	limit   int
	recent  map[int64]int // places of the records that the newest films use, from 1
	sources []picked
}

// picked are candidates of one sort. No more than the first most that fit count.
type picked struct {
	ids  []int64
	most int
}

// candidate is a record that may fit.
type candidate struct {
	catalog.Choice
	last string // a person's last name
	bare string // the name without the year
	year int
}

func scanPickable(s scanner, c *candidate) error {
	var first, date sql.NullString
	err := s.Scan(&c.ID, &first, &c.last, &date)
	c.bare, c.year = catalog.JoinName(first.String, c.last), catalog.Year(date.String)
	c.Name = catalog.YearLabel(c.bare, c.year)
	return err
}

func (p *pick) run(ctx context.Context) ([]catalog.Choice, error) {
	if err := p.gather(ctx); err != nil {
		return nil, err
	}
	found, err := p.fitting(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.count(ctx, found); err != nil {
		return nil, err
	}
	slices.SortFunc(found, p.compare)
	found = found[:min(len(found), p.limit)]
	if err := p.describe(ctx, found); err != nil {
		return nil, err
	}
	var choices []catalog.Choice
	for _, c := range found {
		choices = append(choices, c.Choice)
	}
	return choices, nil
}

// compare orders candidates, the best first.
func (p *pick) compare(a, b candidate) int {
	last := func(b bool) int {
		if b {
			return 0
		}
		return 1
	}
	place := func(c candidate) int {
		if n := p.recent[c.ID]; n > 0 {
			return n
		}
		return recentUsed + 1
	}
	return cmp.Or(last(a.ID == p.typed.id)-last(b.ID == p.typed.id), last(a.Exact)-last(b.Exact), b.Uses-a.Uses,
		place(a)-place(b), cmp.Compare(b.ID, a.ID))
}

// fitting reads the candidates and keeps those that fit, each once.
func (p *pick) fitting(ctx context.Context) ([]candidate, error) {
	var ids []int64
	for _, s := range p.sources {
		ids = append(ids, s.ids...)
	}
	slices.Sort(ids)
	got, err := eachIn(ctx, p.tx, scanPickable, p.how.read, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*candidate, len(got))
	for i := range got {
		byID[got[i].ID] = &got[i]
	}
	p.markExact(got)
	var found []candidate
	for _, s := range p.sources {
		n := 0
		for _, id := range s.ids {
			c := byID[id]
			if c == nil || n == s.most || !c.Exact && !p.typed.fits(c) {
				continue
			}
			n++
			found = append(found, *c)
			delete(byID, id)
		}
	}
	return found, nil
}

// markExact marks the records that are meant exactly. A country of just the
// name that was typed goes before its aliases, as for Resolve.
func (p *pick) markExact(got []candidate) {
	least := len(p.typed.whole)
	for i := range got {
		least = min(least, p.typed.means(&got[i]))
	}
	for i := range got {
		at := p.typed.means(&got[i])
		got[i].Exact = got[i].ID == p.typed.id || at < len(p.typed.whole) && (p.kind != catalog.KindCountry || at == 0 || least > 0)
	}
}

// usedBy is how often a record is used.
type usedBy struct {
	id int64
	n  int
}

func scanUsedBy(s scanner, u *usedBy) error { return s.Scan(&u.id, &u.n) }

// countEach runs a query of ids and numbers for candidates.
func (p *pick) countEach(ctx context.Context, query string, found []candidate, set func(c *candidate, n int)) error {
	ids := make([]int64, len(found))
	at := make(map[int64]int, len(found))
	for i, c := range found {
		ids[i], at[c.ID] = c.ID, i
	}
	got, err := eachIn(ctx, p.tx, scanUsedBy, query, ids)
	for _, u := range got {
		set(&found[at[u.id]], u.n)
	}
	return err
}

// count fills in how often the candidates are used.
func (p *pick) count(ctx context.Context, found []candidate) error {
	if p.how.uses == "" {
		return nil
	}
	return p.countEach(ctx, p.how.uses, found, func(c *candidate, n int) { c.Uses = n })
}

// describe fills in the details: a film's director, a person's year of birth
// and films, the films of a genre or a country, a user's name.
func (p *pick) describe(ctx context.Context, found []candidate) error {
	films := func(n int) string {
		more := ""
		if n >= countedUses {
			more = "+"
		}
		return strconv.Itoa(n) + more + " " + catalog.Plural(n, "film", "films")
	}
	switch p.kind {
	case catalog.KindPerson:
		return p.countEach(ctx, personFilms(), found, func(c *candidate, n int) {
			var parts []string
			if c.year != 0 {
				parts = append(parts, "born "+strconv.Itoa(c.year))
			}
			if n > 0 {
				parts = append(parts, films(n))
			}
			c.Detail = strings.Join(parts, ", ")
		})
	case catalog.KindGenre, catalog.KindCountry:
		for i := range found {
			if n := found[i].Uses; n > 0 {
				found[i].Detail = films(n)
			}
		}
		return nil
	}
	ids := make([]int64, len(found))
	at := make(map[int64]int, len(found))
	for i, c := range found {
		ids[i], at[c.ID] = c.ID, i
	}
	got, err := eachIn(ctx, p.tx, scanDetailed, details(p.kind), ids)
	for _, d := range got {
		found[at[d.id]].Detail = d.text
	}
	return err
}
