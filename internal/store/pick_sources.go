package store

import (
	"context"
	"strconv"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	pickedWords = 100    // records with the words that are compared, the newest
	pickedKeys  = 50     // records that begin with what was typed
	pickedFrom  = 1000   // records looked through for the beginning of a word that is too short to look up
	pickedSmall = 20_000 // rows looked through where there is no word index
	pickedTerms = 12     // words that are looked up; the names are compared with all
	recentFilms = 200    // the newest films
	recentUsed  = 100    // records that they use, the most used
	countedUses = 1000   // up to which uses are counted
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

// counted is a number of rows, counted up to a bound.
func counted(rows string) string {
	return `(SELECT count(*) FROM (` + rows + ` LIMIT ` + strconv.Itoa(countedUses) + `))`
}

// usedMost orders what a SELECT of used, id says that the newest films use.
func usedMost(uses string) string {
	return `SELECT used FROM (` + uses + `) WHERE used IS NOT NULL GROUP BY used ORDER BY count(*) DESC, max(id) DESC, used DESC LIMIT ` + strconv.Itoa(recentUsed)
}

// personFilms is a SELECT of the number of films that people directed or play in.
const personFilms = `SELECT p.id, (SELECT count(*) FROM (SELECT id FROM (SELECT id FROM movies WHERE director_id = p.id LIMIT 1000)
	UNION SELECT movie_id FROM (SELECT movie_id FROM characters WHERE actor_id = p.id LIMIT 1000))) FROM persons p WHERE p.id IN %IN%`

func pickings(kind catalog.Kind) picking {
	newest := `SELECT id, director_id, country_id FROM movies ORDER BY id DESC LIMIT ` + strconv.Itoa(recentFilms)
	switch kind {
	case catalog.KindMovie:
		return picking{keys: "movie_keys", id: "movie_id", columns: []string{"title_key", "sort_key"}, order: "year DESC, movie_id DESC",
			words: "movie_words", read: `SELECT id, NULL, title, release_date FROM movies WHERE id IN %IN%`}
	case catalog.KindPerson:
		return picking{keys: "person_keys", id: "person_id", columns: []string{"name_key", "sort_key"}, order: "person_id DESC",
			words: "person_words", read: `SELECT id, first_name, last_name, date_of_birth FROM persons WHERE id IN %IN%`,
			uses: `SELECT p.id, ` + counted(`SELECT 1 FROM movies WHERE director_id = p.id`) + ` + ` +
				counted(`SELECT 1 FROM characters WHERE actor_id = p.id`) + ` FROM persons p WHERE p.id IN %IN%`,
			recent: usedMost(`SELECT director_id AS used, id FROM (` + newest + `)
				UNION ALL SELECT * FROM (SELECT c.actor_id, n.id FROM (` + newest + `) n CROSS JOIN characters c ON c.movie_id = n.id LIMIT 2000)`)}
	case catalog.KindCountry:
		return picking{keys: "country_keys", id: "country_id", columns: []string{"name_key"}, order: "country_id DESC",
			read:   `SELECT id, NULL, name, NULL FROM countries WHERE id IN %IN%`,
			uses:   `SELECT c.id, ` + counted(`SELECT 1 FROM movies WHERE country_id = c.id`) + ` FROM countries c WHERE c.id IN %IN%`,
			recent: usedMost(`SELECT country_id AS used, id FROM (` + newest + `)`)}
	case catalog.KindGenre:
		return picking{keys: "genre_keys", id: "genre_id", columns: []string{"name_key"}, order: "genre_id DESC",
			read: `SELECT id, NULL, name, NULL FROM genres WHERE id IN %IN%`,
			uses: `SELECT g.id, ` + counted(`SELECT 1 FROM movie_genres WHERE genre_id = g.id`) + ` FROM genres g WHERE g.id IN %IN%`,
			recent: usedMost(`SELECT x.genre_id AS used, n.id FROM (` + newest + `) n CROSS JOIN movie_genres x ON x.movie_id = n.id
				LIMIT 2000`)}
	case catalog.KindUser:
		return picking{keys: "user_keys", id: "user_id", columns: []string{"name_key"}, order: "user_id DESC",
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
		if p.typed.id != 0 {
			return nil
		}
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
	// What was edited by hand, or in this transaction, the indexes do not know yet.
	_, err := p.add(ctx, pickedWords, `SELECT id FROM stale WHERE kind = ? ORDER BY id DESC LIMIT ?`, string(p.kind), pickedFrom)
	return err
}

// vague reports whether what was typed says next to nothing: too many names
// have it for the newest of them to be worth more than others.
func (p *pick) vague() bool {
	for _, w := range p.typed.ways {
		if len(w.phrases) > 1 || len(w.phrases) == 1 && !short(w.phrases) {
			return false
		}
	}
	return p.typed.id == 0
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
		query, args := `SELECT `+p.how.id+` FROM `+p.how.keys+` WHERE `+p.how.columns[0]+` = ?`, []any{l.key}
		most := pickedFrom
		if l.year == 0 {
			most = pickedWords
		} else if p.kind == catalog.KindMovie {
			query, args = query+` AND year = ?`, append(args, l.year)
		}
		if _, err := p.add(ctx, pickedWords, query+` ORDER BY `+p.how.order+` LIMIT ?`, append(args, most)...); err != nil {
			return err
		}
	}
	return nil
}

// gatherBeginning reads records that begin with what was typed.
func (p *pick) gatherBeginning(ctx context.Context, w way) error {
	if w.year != "" && p.kind == catalog.KindMovie {
		from, to := w.years()
		_, err := p.add(ctx, pickedKeys, `SELECT movie_id FROM movie_keys WHERE title_key = ? AND year BETWEEN ? AND ?
			ORDER BY year DESC, movie_id DESC LIMIT ?`, w.key, number(from), number(to), pickedKeys)
		return err
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

// firstTerms returns phrases of no more than pickedTerms words, and whether
// that is not all.
func firstTerms(phrases [][]string) (terms [][]string, cut bool) {
	n := 0
	for _, phrase := range phrases {
		if n += len(phrase); n > pickedTerms {
			return append(terms, phrase[:len(phrase)-(n-pickedTerms)]), true
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
