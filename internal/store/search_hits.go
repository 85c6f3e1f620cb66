package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// read is the SELECT of id, first name, name, date and text of a kind.
func read(kind catalog.Kind) string {
	switch kind {
	case catalog.KindMovie:
		return `SELECT id, NULL, title, release_date, description FROM movies WHERE id IN %IN%`
	case catalog.KindPerson:
		return `SELECT id, first_name, last_name, date_of_birth, biography FROM persons WHERE id IN %IN%`
	case catalog.KindGenre:
		return `SELECT id, NULL, name, NULL, NULL FROM genres WHERE id IN %IN%`
	default:
		return `SELECT id, NULL, name, NULL, NULL FROM countries WHERE id IN %IN%`
	}
}

// searched is a record as it is now.
type searched struct {
	hit  catalog.Hit
	last string // a person's last name
	text string
}

// load reads records. Those that are gone are left out.
func (s *search) load(ctx context.Context, list []found) ([]searched, error) {
	var got []searched
	for _, kind := range SearchKinds() {
		var ids []int64
		for _, f := range list {
			if f.kind == kind {
				ids = append(ids, f.id)
			}
		}
		some, err := eachIn(ctx, s.tx, func(sc scanner, r *searched) error {
			var first, date, text sql.NullString
			err := sc.Scan(&r.hit.ID, &first, &r.last, &date, &text)
			r.hit.Kind, r.hit.Name, r.hit.Year, r.text = kind, catalog.JoinName(first.String, r.last), catalog.Year(date.String), text.String
			return err
		}, read(kind), ids)
		if err != nil {
			return nil, err
		}
		got = append(got, some...)
	}
	return got, nil
}

// named judges records by their titles and names; all words must be there if
// strict.
func (s *search) named(strict bool) func(context.Context, []found) ([]judged, error) {
	return func(ctx context.Context, list []found) ([]judged, error) {
		got, err := s.load(ctx, list)
		if err != nil {
			return nil, err
		}
		var js []judged
		for _, r := range got {
			m, ok := s.q.Match(r.hit.Name)
			if r.hit.Kind == catalog.KindPerson && len(r.last) < len(r.hit.Name) {
				turned, too := s.q.Match(r.last + " " + r.hit.Name[:len(r.hit.Name)-len(r.last)])
				if too && (!ok || better(turned, m) < 0) {
					m, ok = turned, true
				}
			}
			if strict && !ok {
				continue
			}
			r.hit.Snippet = s.q.Snippet(r.hit.Name)
			js = append(js, judged{r.hit, m})
		}
		return js, nil
	}
}

// judgeTexts judges records by their texts.
func (s *search) judgeTexts(ctx context.Context, list []found) ([]judged, error) {
	got, err := s.load(ctx, list)
	if err != nil {
		return nil, err
	}
	var js []judged
	for _, r := range got {
		m, ok := s.q.Match(r.text)
		if !ok {
			continue
		}
		r.hit.Snippet = s.q.Snippet(r.text)
		js = append(js, judged{r.hit, catalog.Match{First: m.First}})
	}
	return js, nil
}

// partName is a name that parts bear.
type partName struct {
	id    int64
	name  string
	match catalog.Match
}

func scanPartNamed(s scanner, p *partName) error { return s.Scan(&p.id, &p.name) }

// parts finds parts by the names of their characters: each name once, then who
// bears it, the newest first.
func (s *search) parts(ctx context.Context) error {
	if !s.wants(catalog.KindCharacter) {
		return nil
	}
	var names []partName
	for _, ask := range []struct {
		query string
		args  []any
	}{
		{`SELECT 0, name FROM character_keys WHERE name_key = ? LIMIT ?`, []any{s.q.Key, ranked}},
		{`SELECT k.id, k.name FROM main.character_keys k WHERE k.id IN (SELECT rowid FROM character_words
			WHERE character_words MATCH ? ORDER BY rowid DESC LIMIT ?) ORDER BY k.id DESC`, []any{s.tokens(true), ranked + 1}},
		{`SELECT 0, c.name FROM stale n JOIN characters c ON c.id = n.id WHERE n.kind = 'character' ORDER BY c.id DESC LIMIT ?`, []any{ranked}},
	} {
		got, err := all(rows(ctx, s.tx, scanPartNamed, ask.query, ask.args...))
		if err != nil {
			return err
		}
		names = append(names, got...)
	}
	names = s.fitting(names)
	for _, n := range names {
		most := -1
		if s.limit > 0 {
			most = s.limit - len(s.hits)
		}
		if most == 0 {
			return nil
		}
		got, err := all(rows(ctx, s.tx, scanPartHit, `SELECT c.id, c.name, m.title, m.release_date FROM characters c LEFT JOIN movies m ON m.id = c.movie_id
			WHERE c.name = ? ORDER BY c.id DESC LIMIT ?`, n.name, most))
		if err != nil {
			return err
		}
		for _, h := range got {
			h.Snippet = s.q.Snippet(n.name) + h.Snippet
			s.hits = append(s.hits, h)
		}
	}
	return nil
}

// fitting are the names that have all words, each once, the best first.
func (s *search) fitting(names []partName) []partName {
	many := len(names) > ranked
	var fit []partName
	seen := map[string]bool{}
	for _, n := range names {
		m, ok := s.q.Match(n.name)
		if !ok || seen[n.name] {
			continue
		}
		seen[n.name] = true
		n.match = m
		if many && !m.Whole {
			n.match = catalog.Match{Extra: 1}
		}
		fit = append(fit, n)
	}
	slices.SortStableFunc(fit, func(a, b partName) int {
		return cmp.Or(better(a.match, b.match), cmp.Compare(b.id, a.id), strings.Compare(a.name, b.name))
	})
	return fit
}

func scanPartHit(s scanner, h *catalog.Hit) error {
	var title, date sql.NullString
	err := s.Scan(&h.ID, &h.Name, &title, &date)
	h.Kind, h.Year = catalog.KindCharacter, catalog.Year(date.String)
	if title.Valid {
		h.Snippet = " in " + catalog.YearLabel(title.String, h.Year)
	}
	return err
}
