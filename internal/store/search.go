package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

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

// whole finds titles and names that are the query.
func (s *search) whole(ctx context.Context) error {
	sources := []source{
		{kind: catalog.KindMovie, query: `SELECT movie_id FROM movie_keys WHERE title_key = ? ORDER BY movie_id DESC`, args: []any{s.q.Key}},
		{kind: catalog.KindMovie, query: `SELECT movie_id FROM movie_keys WHERE sort_key = ? ORDER BY movie_id DESC`, args: []any{s.q.Key}},
		{kind: catalog.KindPerson, query: `SELECT person_id FROM person_keys WHERE name_key = ? ORDER BY person_id DESC`, args: []any{s.q.Key}},
		{kind: catalog.KindGenre, query: `SELECT genre_id FROM genre_keys WHERE name_key = ? ORDER BY genre_id DESC`, args: []any{s.q.Key}},
	}
	for _, key := range s.turned() {
		sources = append(sources, source{kind: catalog.KindPerson, query: `SELECT person_id FROM person_keys WHERE sort_key = ? ORDER BY person_id DESC`, args: []any{key}})
	}
	for _, key := range catalog.CountryAliases(s.q.Text) {
		sources = append(sources, source{kind: catalog.KindCountry, query: `SELECT country_id FROM country_keys WHERE name_key = ? ORDER BY country_id DESC`, args: []any{key}})
	}
	list, err := s.collect(ctx, sources)
	if err != nil {
		return err
	}
	return s.add(ctx, list, s.named(false))
}

// turned are the ways to read the query as a last name before a first name,
// with the comma of a sort key.
func (s *search) turned() []string {
	keys := []string{s.q.Key}
	const most = 6
	words := strings.Fields(s.q.Key)
	for i := 1; i < min(len(words), most); i++ {
		keys = append(keys, strings.Join(words[:i], " ")+", "+strings.Join(words[i:], " "))
	}
	return keys
}

// beginning finds titles and names that begin with the query; with open its
// last word may go on.
func (s *search) beginning(open bool) func(context.Context) error {
	return func(ctx context.Context) error {
		list, err := s.collect(ctx, s.beginnings(open))
		if err != nil {
			return err
		}
		return s.add(ctx, list, s.named(true))
	}
}

// letter tells whether the last word is a single letter. Too many words begin
// with one for an index: the words before it are looked up, and what they find is
// compared.
func (s *search) letter() bool {
	parts := s.q.Words()
	return len(parts) > 0 && len(parts[len(parts)-1]) == 1
}

func (s *search) beginnings(open bool) []source {
	after := func(key string) []any { return []any{key, key + "\U0010ffff"} }
	var sources []source
	words := s.q.Words()
	letter := open && s.letter()
	if letter {
		words = words[:len(words)-1]
	}
	if len(words) > 0 {
		phrase := `^ "` + strings.Join(words, " ") + `"`
		if open && !letter {
			phrase += " *"
		}
		sources = append(sources,
			source{kind: catalog.KindMovie, query: `SELECT rowid FROM movie_words WHERE movie_words MATCH ? ORDER BY rowid DESC`, args: []any{phrase}},
			source{kind: catalog.KindPerson, query: `SELECT rowid FROM person_words WHERE person_words MATCH ? ORDER BY rowid DESC`, args: []any{phrase}})
	}
	if !open {
		return sources
	}
	sources = append(sources,
		source{kind: catalog.KindMovie, query: `SELECT movie_id FROM movie_keys WHERE sort_key >= ? AND sort_key < ?`, args: after(s.q.Key), all: len(words) > 0},
		source{kind: catalog.KindMovie, query: `SELECT movie_id FROM movie_keys WHERE title_key >= ? AND title_key < ?`, args: after(s.q.Key), all: true},
		source{kind: catalog.KindGenre, query: `SELECT genre_id FROM genre_keys WHERE name_key >= ? AND name_key < ? ORDER BY genre_id DESC`, args: after(s.q.Key)},
		source{kind: catalog.KindCountry, query: `SELECT country_id FROM country_keys WHERE name_key >= ? AND name_key < ? ORDER BY country_id DESC`, args: after(s.q.Key)})
	for _, key := range s.turned() {
		sources = append(sources, source{kind: catalog.KindPerson, query: `SELECT person_id FROM person_keys WHERE sort_key >= ? AND sort_key < ?`, args: after(key), all: len(words) > 0})
	}
	return sources
}

// having finds titles and names that have all words of the query; with open its
// last word may go on.
func (s *search) having(open bool) func(context.Context) error {
	return func(ctx context.Context) error {
		list, err := s.collect(ctx, s.havings(open))
		if err != nil {
			return err
		}
		return s.add(ctx, list, s.named(true))
	}
}

func (s *search) havings(open bool) []source {
	match := s.phrases(open)
	if match == "" { // a single letter
		match = s.phrases(false)
	}
	sources := []source{
		{kind: catalog.KindMovie, query: `SELECT rowid FROM movie_words WHERE movie_words MATCH ? ORDER BY rowid DESC`, args: []any{match}},
		{kind: catalog.KindPerson, query: `SELECT rowid FROM person_words WHERE person_words MATCH ? ORDER BY rowid DESC`, args: []any{match}},
		{kind: catalog.KindGenre, query: `SELECT id FROM genres ORDER BY id DESC`},
		{kind: catalog.KindCountry, query: `SELECT id FROM countries ORDER BY id DESC`},
	}
	if !open {
		return sources[:2]
	}
	return append(sources, s.noted()...)
}

// noted are records whose words the indexes do not know yet, since somebody
// edited by hand and the catalog cannot be written now.
func (*search) noted() []source {
	return []source{
		{kind: catalog.KindMovie, query: `SELECT id FROM stale WHERE kind = 'movie' ORDER BY id DESC`},
		{kind: catalog.KindPerson, query: `SELECT id FROM stale WHERE kind = 'person' ORDER BY id DESC`},
	}
}

// phrases is the query for an index that knows where words stand.
func (s *search) phrases(open bool) string {
	var b strings.Builder
	for i, t := range s.q.Terms {
		if open && i == len(s.q.Terms)-1 && s.letter() {
			if parts := t.Parts[:len(t.Parts)-1]; len(parts) > 0 {
				b.WriteString(`"` + strings.Join(parts, " ") + `"`)
			}
			break
		}
		b.WriteString(`"` + strings.Join(t.Parts, " ") + `" `)
		if t.Prefix && open {
			b.WriteString("*")
		}
	}
	return b.String()
}

// shortPrefix is how many letters the beginning of a word needs in an index
// without prefixes: of fewer there are too many words.
const shortPrefix = 3

// tokens is the query for an index that does not know where words stand.
func (s *search) tokens(open bool) string {
	var b strings.Builder
	for _, t := range s.q.Terms {
		words := strings.Fields(catalog.IndexPairs(t.Word))
		for i, w := range words {
			one := len([]rune(w)) == 1 && w[0] >= 0x80
			if one && i > 0 && strings.HasSuffix(words[i-1], w) {
				continue // the end of a run of characters, which its pairs say already
			}
			b.WriteString(`"` + w + `" `)
			if one || open && t.Prefix && i == len(words)-1 && len(w) >= shortPrefix {
				b.WriteString("* ")
			}
		}
	}
	return b.String()
}

// texts finds descriptions and biographies that have all words of the query;
// with open its last word may go on.
func (s *search) texts(open bool) func(context.Context) error {
	return func(ctx context.Context) error {
		list, err := s.collect(ctx, s.described(open))
		if err != nil {
			return err
		}
		return s.add(ctx, list, s.judgeTexts)
	}
}

func (s *search) described(open bool) []source {
	match := s.tokens(open)
	sources := []source{
		{kind: catalog.KindMovie, query: `SELECT rowid FROM movie_texts WHERE movie_texts MATCH ? ORDER BY rowid DESC`, args: []any{match}},
		{kind: catalog.KindPerson, query: `SELECT rowid FROM person_texts WHERE person_texts MATCH ? ORDER BY rowid DESC`, args: []any{match}},
	}
	return append(sources, s.noted()...)
}

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
