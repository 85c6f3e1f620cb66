package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/moviedb/moviedb/internal/catalog"
)

// ranked is how many records of a tier are compared by relevance. Where there
// are more, the newest come first: what costs more the more there is, is not
// done.
const ranked = 1000

// SearchKinds are the kinds that a search looks through, in the order in which
// equal hits come.
func SearchKinds() []catalog.Kind {
	return []catalog.Kind{catalog.KindMovie, catalog.KindPerson, catalog.KindCharacter, catalog.KindGenre, catalog.KindCountry}
}

// Search returns records of the kinds that have all words of a query, the last
// as the beginning of a word: first those whose whole title or name it is, then
// those that begin with it, those that have it, parts by the names of their
// characters, and what has it in a description or a biography. A limit of 0 is
// none. The order is total, and the same each time.
func (tx *Tx) Search(ctx context.Context, q catalog.Query, kinds []catalog.Kind, limit int) ([]catalog.Hit, error) {
	s := &search{tx: tx, q: q, kinds: kinds, limit: limit, seen: map[found]bool{}}
	// Inside a tier whole words go before beginnings of words.
	tiers := []func(context.Context) error{s.whole, s.beginning(false), s.beginning(true), s.having(false), s.having(true),
		s.parts, s.texts(false), s.texts(true)}
	if len(q.Terms) == 0 {
		tiers = tiers[:3]
	}
	for _, tier := range tiers {
		if err := tier(ctx); err != nil {
			return nil, tx.opts.classify(err)
		}
		if limit > 0 && len(s.hits) >= limit {
			return s.hits[:limit], nil
		}
	}
	return s.hits, nil
}

// Nearest returns the titles and names nearest to what was searched for.
func (tx *Tx) Nearest(ctx context.Context, q catalog.Query, kinds []catalog.Kind) ([]catalog.Candidate, error) {
	var near []catalog.Candidate
	for _, kind := range kinds {
		got, err := tx.near(ctx, kind, q.Text)
		if err != nil {
			return nil, err
		}
		near = append(near, got...)
	}
	slices.SortStableFunc(near, func(a, b catalog.Candidate) int {
		return cmp.Compare(catalog.Distance(q.Key, catalog.Fold(a.Name), 20), catalog.Distance(q.Key, catalog.Fold(b.Name), 20))
	})
	return near[:min(len(near), nearShown)], nil
}

// search is one search.
type search struct {
	tx    *Tx
	q     catalog.Query
	kinds []catalog.Kind
	limit int
	seen  map[found]bool
	hits  []catalog.Hit
}

// found is a record that a tier may have.
type found struct {
	kind catalog.Kind
	id   int64
}

// source is a SELECT of ids of a kind.
type source struct {
	kind  catalog.Kind
	query string
	args  []any
	all   bool // more than are ranked mean that this source says nothing
}

// wants tells whether a kind is looked through.
func (s *search) wants(kind catalog.Kind) bool { return slices.Contains(s.kinds, kind) }

// collect reads the ids of a tier's sources, without those that an earlier tier
// has.
func (s *search) collect(ctx context.Context, sources []source) ([]found, error) {
	most := ranked + 1
	if s.limit == 0 {
		most = -1
	} else if s.limit > ranked {
		most = s.limit + 1
	}
	var list []found
	in := map[found]bool{}
	for _, src := range sources {
		if !s.wants(src.kind) {
			continue
		}
		bound := most
		if src.all {
			bound = ranked + 1
		}
		ids, err := all(rows(ctx, s.tx, scanID, src.query+` LIMIT ?`, append(src.args, bound)...))
		if err != nil {
			return nil, err
		}
		if src.all && len(ids) > ranked {
			continue
		}
		for _, id := range ids {
			f := found{src.kind, id}
			if !s.seen[f] && !in[f] {
				in[f] = true
				list = append(list, f)
			}
		}
	}
	return list, nil
}

// judged is a hit and how well it fits.
type judged struct {
	catalog.Hit
	match catalog.Match
}

// add takes the records of a tier that fit: by relevance if there are not too
// many, else the newest first.
func (s *search) add(ctx context.Context, list []found, load func(context.Context, []found) ([]judged, error)) error {
	slices.SortFunc(list, func(a, b found) int {
		return cmp.Or(s.order(a.kind)-s.order(b.kind), cmp.Compare(b.id, a.id))
	})
	step := len(list)
	if len(list) > ranked {
		step = chunk
	}
	for len(list) > 0 {
		n := min(step, len(list))
		js, err := load(ctx, list[:n])
		if err != nil {
			return err
		}
		list = list[n:]
		slices.SortStableFunc(js, func(a, b judged) int {
			if step == chunk && n == chunk || len(list) > 0 {
				return cmp.Or(s.order(a.Kind)-s.order(b.Kind), cmp.Compare(b.ID, a.ID))
			}
			return cmp.Or(better(a.match, b.match), s.order(a.Kind)-s.order(b.Kind), cmp.Compare(b.ID, a.ID))
		})
		for _, j := range js {
			s.seen[found{j.Kind, j.ID}] = true
			s.hits = append(s.hits, j.Hit)
		}
		if s.limit > 0 && len(s.hits) >= s.limit {
			return nil
		}
	}
	return nil
}

// order is the place of a kind among equal hits.
func (*search) order(kind catalog.Kind) int { return slices.Index(SearchKinds(), kind) }

// better compares matches: the whole before what begins so, then fewer other
// words, then earlier.
func better(a, b catalog.Match) int {
	rank := func(m catalog.Match) int {
		switch {
		case m.Whole:
			return 0
		case m.Begins:
			return 1
		}
		return 2
	}
	return cmp.Or(rank(a)-rank(b), a.Extra-b.Extra, a.First-b.First)
}
