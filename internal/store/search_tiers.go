package store

import (
	"context"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

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
	keys := []string{s.q.Key}
	if first := s.q.Words(); letter && len(words) == 0 && first[0] != s.q.Key {
		keys = append(keys, first[0]) // a letter with a sign beside it
	}
	for _, key := range keys {
		sources = append(sources,
			source{kind: catalog.KindMovie, query: `SELECT movie_id FROM movie_keys WHERE sort_key >= ? AND sort_key < ?`, args: after(key), all: len(words) > 0},
			source{kind: catalog.KindMovie, query: `SELECT movie_id FROM movie_keys WHERE title_key >= ? AND title_key < ?`, args: after(key), all: true},
			source{kind: catalog.KindGenre, query: `SELECT genre_id FROM genre_keys WHERE name_key >= ? AND name_key < ? ORDER BY genre_id DESC`, args: after(key)},
			source{kind: catalog.KindCountry, query: `SELECT country_id FROM country_keys WHERE name_key >= ? AND name_key < ? ORDER BY country_id DESC`, args: after(key)})
	}
	for _, key := range append(s.turned(), keys[1:]...) {
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
