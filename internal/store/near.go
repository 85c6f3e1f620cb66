package store

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	nearShown = 5   // nearest names in a message
	nearEach  = 200 // candidates read from each index range
)

// near returns the names nearest to one that was not found. It reads a bounded
// number of candidates: keys that begin as the name does, and, where there is a
// word index, names that share a word or the beginning of one.
func (tx *Tx) near(ctx context.Context, kind catalog.Kind, name string) ([]catalog.Candidate, error) {
	base, _ := catalog.SplitYear(name)
	key := catalog.Fold(base)
	got, err := tx.nearKeys(ctx, kind, key)
	if err != nil {
		return nil, err
	}
	words, err := tx.nearWords(ctx, kind, catalog.Words(base))
	if err != nil {
		return nil, err
	}
	return nearest(key, append(got, words...)), nil
}

// nearColumns are the key columns of a kind that a name may begin like.
func nearColumns(kind catalog.Kind) []string {
	switch kind {
	case catalog.KindMovie:
		return []string{"k.title_key", "k.sort_key"}
	case catalog.KindPerson:
		return []string{"k.name_key", "k.sort_key"}
	default:
		return []string{"k.name_key"}
	}
}

func (tx *Tx) nearKeys(ctx context.Context, kind catalog.Kind, key string) ([]named, error) {
	var found []named
	for _, col := range nearColumns(kind) {
		for _, n := range []int{4, 2, 1} {
			prefix := firstRunes(key, n)
			if prefix == key && n > 1 && utf8.RuneCountInString(key) < n {
				continue
			}
			read := namings(kind).byKey
			cut := strings.LastIndex(read, "WHERE ")
			got, err := all(rows(ctx, tx, scanKeyed, read[:cut]+"WHERE "+col+" >= ? AND "+col+" < ? LIMIT ?",
				prefix, prefix+"\U0010ffff", nearEach))
			if err != nil {
				return nil, err
			}
			found = append(found, got...)
		}
	}
	return found, nil
}

func (tx *Tx) nearWords(ctx context.Context, kind catalog.Kind, words []string) ([]named, error) {
	index := map[catalog.Kind]string{catalog.KindMovie: "movie", catalog.KindPerson: "person"}[kind]
	if index == "" || len(words) == 0 {
		return nil, nil
	}
	read := namings(kind).byKey
	read = read[:strings.LastIndex(read, "WHERE ")] + `WHERE k.` + index + `_id IN (SELECT rowid FROM ` + index + `_words
		WHERE ` + index + `_words MATCH ? LIMIT ?)`
	var found []named
	for _, w := range words[:min(len(words), 4)] {
		ways := []string{`"` + w + `"`}
		if len(w) > 1 { // too many words begin with one letter
			ways = append(ways, `"`+firstRunes(w, 3)+`"*`)
		}
		for _, match := range ways {
			got, err := all(rows(ctx, tx, scanKeyed, read, match, nearEach))
			if err != nil {
				return nil, err
			}
			found = append(found, got...)
		}
	}
	return found, nil
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// nearest sorts candidates by edit distance to key and keeps the few that a
// reader would take for a slip of the keyboard or a part of the name.
func nearest(key string, got []named) []catalog.Candidate {
	type scored struct {
		catalog.Candidate
		distance int
	}
	limit := max(1, min(4, utf8.RuneCountInString(key)/3))
	seen := map[int64]bool{}
	var near []scored
	for _, n := range got {
		if seen[n.cand.ID] {
			continue
		}
		seen[n.cand.ID] = true
		d := catalog.Distance(key, n.key, limit)
		if s := catalog.SortKey(n.cand.Name); d > limit && s != n.key {
			d = catalog.Distance(key, s, limit)
		}
		if d > limit && partOf(key, n.key, limit) {
			d = limit + 1
		} else if d > limit {
			continue
		}
		near = append(near, scored{n.cand, d})
	}
	slices.SortStableFunc(near, func(a, b scored) int {
		if a.distance != b.distance {
			return a.distance - b.distance
		}
		return int(a.ID - b.ID)
	})
	var best []catalog.Candidate
	for _, s := range near[:min(len(near), nearShown)] {
		best = append(best, s.Candidate)
	}
	return best
}

// partOf reports whether every word of key is, nearly, a word of whole.
func partOf(key, whole string, limit int) bool {
	words, have := catalog.Words(key), catalog.Words(whole)
	for _, w := range words {
		allowed := min(limit, utf8.RuneCountInString(w)/4)
		if !slices.ContainsFunc(have, func(h string) bool { return catalog.Distance(w, h, allowed) <= allowed }) {
			return false
		}
	}
	return len(words) > 0
}
