package store

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	pickedWords = 100    // records with the words that are compared, the newest
	pickedKeys  = 50     // records that begin with what was typed
	pickedFrom  = 500    // records looked through for the beginning of a word that is too short to look up
	pickedSmall = 20_000 // rows looked through where there is no word index
	pickedTerms = 8      // words that are looked up; names are compared with all there are
	recentFilms = 200    // the newest films
	recentLinks = 2000   // parts and genres of the newest films
	recentUsed  = 100    // records that they use, the most used
	countedUses = 500    // up to which uses of each sort are counted
)

// picking says how the records of a kind are picked.
type picking struct {
	keys, id string   // the table of keys and its column of ids
	columns  []string // keys that a name may begin like, the first the whole name's
	order    string   // of records that have the same first key, the newest first
	words    string   // the word index, "" if there is none
	read     string   // SELECT of id, first name, name and date; "" if nothing is picked
	uses     string   // SELECT of id and number of uses, "" if they are not counted
	recent   string   // SELECT of ids that the newest films use, in their order
}

// bounded puts the bounds into a query.
func bounded(query string) string {
	return strings.NewReplacer("@USES", strconv.Itoa(countedUses), "@FILMS", strconv.Itoa(recentFilms), "@LINKS", strconv.Itoa(recentLinks),
		"@USED", strconv.Itoa(recentUsed)).Replace(query)
}

// counted is a number of rows, counted up to countedUses.
func counted(rows string) string { return bounded(`(SELECT count(*) FROM (` + rows + ` LIMIT @USES))`) }

// usedMost orders what a SELECT of used, id says that the newest films use.
func usedMost(uses string) string {
	return bounded(`SELECT used FROM (` + uses + `) WHERE used IS NOT NULL GROUP BY used ORDER BY count(*) DESC, max(id) DESC, used DESC LIMIT @USED`)
}

// personFilms is a SELECT of the number of films that people directed or play
// in.
func personFilms() string {
	return `SELECT p.id, ` + counted(`SELECT id FROM (SELECT id FROM movies WHERE director_id = p.id LIMIT @USES)
		UNION SELECT movie_id FROM (SELECT movie_id FROM characters WHERE actor_id = p.id LIMIT @USES)`) + ` FROM persons p WHERE p.id IN %IN%`
}

func pickings(kind catalog.Kind) picking {
	newest := `SELECT id, director_id, country_id FROM movies ORDER BY id DESC LIMIT @FILMS`
	switch kind {
	case catalog.KindMovie:
		return picking{keys: "main.movie_keys", id: "movie_id", columns: []string{"title_key", "sort_key"}, order: "year DESC, movie_id DESC",
			words: "movie_words", read: `SELECT id, NULL, title, release_date FROM movies WHERE id IN %IN%`}
	case catalog.KindPerson:
		return picking{keys: "main.person_keys", id: "person_id", columns: []string{"name_key", "sort_key"}, order: "person_id DESC",
			words: "person_words", read: `SELECT id, first_name, last_name, date_of_birth FROM persons WHERE id IN %IN%`,
			uses: `SELECT p.id, ` + counted(`SELECT 1 FROM movies WHERE director_id = p.id`) + ` + ` +
				counted(`SELECT 1 FROM characters WHERE actor_id = p.id`) + ` FROM persons p WHERE p.id IN %IN%`,
			recent: usedMost(`SELECT director_id AS used, id FROM (` + newest + `)
				UNION ALL SELECT * FROM (SELECT c.actor_id, n.id FROM (` + newest + `) n CROSS JOIN characters c ON c.movie_id = n.id LIMIT @LINKS)`)}
	case catalog.KindCountry:
		return picking{keys: "main.country_keys", id: "country_id", columns: []string{"name_key"}, order: "country_id DESC",
			read:   `SELECT id, NULL, name, NULL FROM countries WHERE id IN %IN%`,
			uses:   `SELECT c.id, ` + counted(`SELECT 1 FROM movies WHERE country_id = c.id`) + ` FROM countries c WHERE c.id IN %IN%`,
			recent: usedMost(`SELECT country_id AS used, id FROM (` + newest + `)`)}
	case catalog.KindGenre:
		return picking{keys: "main.genre_keys", id: "genre_id", columns: []string{"name_key"}, order: "genre_id DESC",
			read: `SELECT id, NULL, name, NULL FROM genres WHERE id IN %IN%`,
			uses: `SELECT g.id, ` + counted(`SELECT 1 FROM movie_genres WHERE genre_id = g.id`) + ` FROM genres g WHERE g.id IN %IN%`,
			recent: usedMost(`SELECT x.genre_id AS used, n.id FROM (` + newest + `) n CROSS JOIN movie_genres x ON x.movie_id = n.id
				LIMIT @LINKS`)}
	case catalog.KindUser:
		return picking{keys: "main.user_keys", id: "user_id", columns: []string{"name_key"}, order: "user_id DESC",
			read: `SELECT id, NULL, username, NULL FROM users WHERE id IN %IN%`,
			uses: `SELECT u.id, ` + counted(`SELECT 1 FROM favorite_movies WHERE user_id = u.id`) + ` FROM users u WHERE u.id IN %IN%`}
	}
	return picking{}
}

// add runs a SELECT whose first column is an id and takes the first most
// records that fit.
func (p *pick) add(ctx context.Context, most int, query string, args ...any) (n int, err error) {
	ids, err := all(rows(ctx, p.tx, scanID, query, args...))
	p.sources = append(p.sources, picked{ids, most})
	return len(ids), err
}

// addKeyed is add for a condition on keys, the newest records first; the last
// argument is how many are read.
func (p *pick) addKeyed(ctx context.Context, most int, cond string, args ...any) error {
	_, err := p.add(ctx, most, `SELECT `+p.how.id+` FROM `+p.how.keys+` WHERE `+cond+` ORDER BY `+p.how.order+` LIMIT ?`, args...)
	return err
}

// gather reads the ids of candidates.
func (p *pick) gather(ctx context.Context) error {
	if p.typed.id != 0 {
		p.sources = append(p.sources, picked{[]int64{p.typed.id}, 1})
	}
	if p.how.recent != "" && (p.how.words == "" || p.vague()) {
		if err := p.gatherRecent(ctx); err != nil {
			return err
		}
	}
	if len(p.typed.ways) == 0 {
		_, err := p.add(ctx, pickedWords, `SELECT id FROM `+namings(p.kind).table+` ORDER BY id DESC LIMIT ?`, pickedWords)
		return err
	}
	if err := p.gatherWhole(ctx); err != nil {
		return err
	}
	for _, w := range p.typed.ways {
		if err := p.gatherBeginning(ctx, w); err != nil {
			return err
		}
		if err := p.gatherWords(ctx, w); err != nil {
			return err
		}
	}
	// What was edited by hand, or in this transaction, the indexes have as it was:
	// that is why the keys are read without their overlay, which has no order.
	_, err := p.add(ctx, pickedWords, `SELECT id FROM stale WHERE kind = ? ORDER BY id DESC LIMIT ?`, string(p.kind), peekedNote)
	return err
}

// vague reports whether nothing was typed, or a single letter, which so many
// names have that those of use are not found by the names.
func (p *pick) vague() bool {
	for _, w := range p.typed.ways {
		if terms, cut := firstTerms(w.phrases); cut || len(terms) > 1 || len(terms) == 1 && (len(terms[0]) > 1 || !short(terms)) {
			return false
		}
	}
	return true
}

func (p *pick) gatherRecent(ctx context.Context) error {
	ids, err := all(rows(ctx, p.tx, scanID, p.how.recent))
	for i, id := range ids {
		p.recent[id] = i + 1
	}
	p.sources = append(p.sources, picked{ids, recentUsed})
	return err
}

// gatherWhole reads records of just the name that was typed.
func (p *pick) gatherWhole(ctx context.Context) error {
	for _, l := range p.typed.whole {
		query, args := p.how.columns[0]+` = ?`, []any{l.key}
		most := pickedFrom
		if l.year == 0 {
			most = pickedWords
		} else if p.kind == catalog.KindMovie {
			query, args = query+` AND year = ?`, append(args, l.year)
		}
		if err := p.addKeyed(ctx, pickedWords, query, append(args, most)...); err != nil {
			return err
		}
	}
	return nil
}

// gatherBeginning reads records that begin with what was typed.
func (p *pick) gatherBeginning(ctx context.Context, w way) error {
	if w.year != "" && p.kind == catalog.KindMovie {
		from, to := w.years()
		return p.addKeyed(ctx, pickedKeys, `title_key = ? AND year BETWEEN ? AND ?`, w.key, number(from), number(to), pickedKeys)
	}
	for _, column := range p.how.columns {
		_, err := p.add(ctx, pickedKeys, `SELECT `+p.how.id+` FROM `+p.how.keys+` WHERE `+column+` >= ? AND `+column+` < ? LIMIT ?`,
			w.key, w.key+"\U0010ffff", pickedKeys)
		if err != nil {
			return err
		}
	}
	return nil
}

// gatherWords reads records that have the words typed: first those that have
// the last as a whole.
func (p *pick) gatherWords(ctx context.Context, w way) error {
	terms, cut := firstTerms(w.phrases)
	if len(terms) == 0 {
		return nil
	}
	if p.how.words == "" {
		return p.gatherSmall(ctx, terms)
	}
	read := `SELECT rowid FROM ` + p.how.words + ` WHERE ` + p.how.words + ` MATCH ? ORDER BY rowid DESC LIMIT ?`
	n, err := p.add(ctx, pickedWords, read, matching(terms, false), pickedWords)
	if err != nil || n == pickedWords || cut {
		return err
	}
	if !short(terms) {
		_, err = p.add(ctx, pickedWords, read, matching(terms, true), pickedWords)
		return err
	}
	last := terms[len(terms)-1]
	terms[len(terms)-1] = last[:len(last)-1]
	if match := matching(terms, false); match != "" {
		_, err = p.add(ctx, pickedWords, read, match, pickedFrom)
	}
	return err
}

// firstTerms returns phrases of no more than pickedTerms words, none of them
// three times, and whether that is not all. The index is slow to find a phrase
// of one word again and again.
func firstTerms(phrases [][]string) (terms [][]string, cut bool) {
	n, seen := 0, map[string]int{}
	for _, phrase := range phrases {
		for i, word := range phrase {
			if seen[word]++; n == pickedTerms || seen[word] > 2 {
				return append(terms, phrase[:i]), true
			}
			n++
		}
		terms = append(terms, phrase)
	}
	return terms, false
}

// short reports whether the last word is a single letter: too many words begin
// with one to look them up. A character of Chinese is a whole word.
func short(phrases [][]string) bool {
	phrase := phrases[len(phrases)-1]
	word := phrase[len(phrase)-1]
	return utf8.RuneCountInString(word) == 1 && len(word) < len("神")
}

// gatherSmall reads records with the words where there is no word index.
func (p *pick) gatherSmall(ctx context.Context, terms [][]string) error {
	query := `SELECT ` + p.how.id + ` FROM (SELECT ` + p.how.id + `, name_key FROM ` + p.how.keys + ` ORDER BY ` + p.how.order + ` LIMIT ?) WHERE true`
	args := []any{pickedSmall}
	for _, phrase := range terms {
		for _, word := range phrase {
			query, args = query+` AND instr(name_key, ?) > 0`, append(args, word)
		}
	}
	_, err := p.add(ctx, pickedWords, query+` LIMIT ?`, append(args, pickedFrom)...)
	return err
}
