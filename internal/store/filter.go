package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// many is from how many records on a list is not worth sorting if its page can
// be had by reading in order.
const many = 10_000

// few is up to how many records are asked one by one whether they are found in
// a word index.
const few = 500

// filter is one restriction of a list, said in two ways: as a source of ids,
// which an index gives, and as a probe of a record at hand. One filter of a
// list is its source, the one with the fewest records; the others probe.
type filter struct {
	// SELECT id FROM from WHERE cond are the ids of the records. from is a table
	// that is called x in cond, "" if there is no index that knows.
	from, id, cond string
	args           []any
	ordered        bool // the ids come in their order, each once
	rank           int  // smaller goes first where the numbers are alike
	bound          string

	// probe is a condition on a row of the list. It cannot be looked up in an
	// index, lest SQLite take another source than we do.
	probe     string
	probeArgs []any
	one       string // probe for few records, "" if it is the same; same arguments

	// direct is a condition on the columns of the list's own table, whose index
	// gives the order of a sort key.
	key, direct string
}

// The ranks of sources: a name has fewer records than a country.
const (
	rankWords = iota
	rankRecord
	rankGroup
	rankRange
	rankGap
)

// scope is what a list is read from: the tables before its own, and the
// conditions.
type scope struct {
	lead  string // "movie_genres x CROSS JOIN ", or ""
	id    string // the id by which the source has its order, else the list's own
	w     where
	walk  bool // the first sort key's index comes first
	alone bool // nothing is filtered: SQLite may choose
}

// scope chooses the source of a list. SQLite would choose by guesses, or by
// figures of an ANALYZE of long ago; here the records are counted, up to many.
func (l listing) scope(ctx context.Context, tx *Tx, filters []filter, p catalog.Page) (scope, error) {
	s := scope{id: l.id, alone: len(filters) == 0}
	var first order
	if len(p.Sort) > 0 {
		first = l.orders[p.Sort[0].Key]
	}
	source, n, err := tx.source(ctx, filters, first.walk && p.Limit > 0)
	if err != nil {
		return s, err
	}
	if first.walk && p.Limit > 0 && n >= many {
		s.walk, source = true, -1
	}
	for i := range filters { // a range whose own order is wanted
		if key := filters[i].key; key != "" && len(p.Sort) > 0 && key == p.Sort[0].Key && (source < 0 || source == i) {
			s.w.and(filters[i].direct, filters[i].args...)
			s.walk, source = true, i
			break
		}
	}
	if source >= 0 && !s.walk {
		f := filters[source]
		if f.ordered {
			s.lead, s.id = f.from+" CROSS JOIN ", f.id
			s.w.and(f.cond, f.args...)
			s.w.and(l.id + " = " + f.id)
		} else {
			s.w.and(l.id+" IN (SELECT "+f.id+" FROM "+f.from+" WHERE "+f.cond+")", f.args...)
		}
	}
	if source < 0 && !s.walk && len(filters) > 0 {
		s.w.and(l.id + " >= -9223372036854775808") // in the order of ids
	}
	for i, f := range filters {
		if i == source || f.probe == "" {
			continue
		}
		if n < few && f.one != "" {
			s.w.and(f.one, f.probeArgs...)
		} else {
			s.w.and(f.probe, f.probeArgs...)
		}
	}
	return s, nil
}

// source returns the place of the filter with the fewest records and their
// number, up to many; -1 if no filter can be one. Without need, and with a
// single source, the number is not asked and 0.
func (tx *Tx) source(ctx context.Context, filters []filter, need bool) (source int, n int64, err error) {
	var at []int
	for i, f := range filters {
		if f.from != "" {
			at = append(at, i)
		}
	}
	switch {
	case len(at) == 0 && len(filters) > 0:
		return -1, many, nil
	case len(at) == 0:
		return -1, 0, nil
	case len(filters) == 1 && !need:
		return at[0], 0, nil
	}
	counts := make([]string, len(at))
	sizes, dest := make([]int64, len(at)), make([]any, len(at))
	var args []any
	for j, i := range at {
		f := filters[i]
		cond := f.cond
		if f.bound != "" {
			cond = f.bound
		}
		counts[j] = "(SELECT count(*) FROM (SELECT 1 FROM " + f.from + " WHERE " + cond + " LIMIT " + strconv.Itoa(many) + "))"
		args, dest[j] = append(args, f.args...), &sizes[j]
	}
	rs, err := tx.conn.QueryContext(ctx, "SELECT "+strings.Join(counts, ", "), args...)
	if err != nil {
		return 0, 0, err
	}
	defer rs.Close()
	for rs.Next() {
		if err := rs.Scan(dest...); err != nil {
			return 0, 0, err
		}
	}
	best := 0
	for j := range at {
		a, b := filters[at[j]], filters[at[best]]
		if sizes[j] < sizes[best] || sizes[j] == sizes[best] && (sizes[j] < many && a.rank < b.rank || sizes[j] >= many && a.better(b)) {
			best = j
		}
	}
	return at[best], sizes[best], rs.Err()
}

// better compares sources that both have many records: those of one in order
// need not be read to the end for a page.
func (f filter) better(g filter) bool {
	if f.ordered != g.ordered {
		return f.ordered
	}
	return f.rank < g.rank
}

// equal is the filter that a column with an index has a value. alias is the
// list's name of its table.
func equal(table, alias, column string, value any, rank int) filter {
	return filter{
		from: table + " x", id: "x.id", cond: unlikely("x." + column + " = ?"), args: []any{value}, ordered: true, rank: rank,
		probe: opaque(alias + "." + column + " = ?"), probeArgs: []any{value},
	}
}

// gap is the filter that a column is NULL. Without an index that knows, the
// records are read in order.
func gap(table, alias, column string, indexed bool) filter {
	f := filter{probe: opaque(alias + "." + column + " IS NULL")}
	if indexed {
		f.from, f.id, f.cond, f.ordered, f.rank = table+" x", "x.id", unlikely("x."+column+" IS NULL"), true, rankGap
	}
	return f
}

// opaque makes a condition on columns of the list that no index of them is looked
// into for; a unary plus still lets SQLite read a partial index.
func opaque(cond string) string { return "ifnull(" + cond + ", false)" }

// unlikely tells SQLite to look a condition up in its index, whatever it knows
// of the number of rows: they come in order, and may be read to the end of a page
// alone.
func unlikely(cond string) string { return "likelihood(" + cond + ", 0.0001)" }

// between is the filter that a column with an index is in a range; a nil end is
// open, below says how the upper end is compared. key is the sort key of the
// index, "" for none.
func between(table, alias, column, key string, from, to any, below string) filter {
	var args []any
	ends := func(of string) string {
		args = nil
		var conds []string
		if from != nil {
			conds, args = append(conds, of+column+" >= ?"), append(args, from)
		}
		if to != nil {
			conds, args = append(conds, of+column+" "+below+" ?"), append(args, to)
		}
		return strings.Join(conds, " AND ")
	}
	f := filter{
		from: table + " x", id: "x.id", cond: ends("x."), rank: rankRange,
		probe: opaque(ends(alias + ".")), key: key, direct: ends(alias + "."),
	}
	f.args, f.probeArgs = args, args
	return f
}

// years is between for years of dates, which sort as text.
func years(table, alias, column, key string, y catalog.Years) filter {
	var from, to any
	if y.From != 0 {
		from = strconv.Itoa(y.From)
	}
	if y.To != 0 {
		to = strconv.Itoa(y.To + 1)
	}
	return between(table, alias, column, key, from, to, "<")
}

// prefixed is the filter that a folded name begins with a text: keys is the
// table of keys, id its column of ids.
func prefixed(alias, keys, id, column, text string) filter {
	key := catalog.Fold(text)
	args := []any{key, key + "\U0010ffff"}
	is := func(of string) string { return of + column + " >= ? AND " + of + column + " < ?" }
	return filter{
		from: keys + " x", id: "x." + id, cond: is("x."), args: args, rank: rankWords,
		probe:     "EXISTS (SELECT 1 FROM " + keys + " k WHERE k." + id + " = " + alias + ".id AND " + is("+k.") + ")",
		probeArgs: args,
	}
}

// sameCase are the spellings of a word that SQLite, which knows the case of
// ASCII alone, takes for different ones.
func sameCase(word string) []any {
	first := len(firstRunes(word, 1))
	lower := strings.ToLower(word)
	spellings := []string{word}
	for _, s := range []string{lower, strings.ToUpper(word), strings.ToUpper(word[:first]) + lower[min(first, len(lower)):]} {
		if !slices.ContainsFunc(spellings, func(t string) bool { return equalASCII(s, t) }) {
			spellings = append(spellings, s)
		}
	}
	return anys(spellings)
}

// equalASCII compares as SQLite's NOCASE does.
func equalASCII(s, t string) bool {
	lower := func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}
	return strings.Map(lower, s) == strings.Map(lower, t)
}

// words is the filter that a title or name has the words of a text, see
// catalog.Phrases. Without a word in the text, it begins with the text.
func (tx *Tx) words(ctx context.Context, kind catalog.Kind, alias, text string) (filter, error) {
	phrases := catalog.Phrases(text)
	index, column := "movie_words", "title_key"
	if kind == catalog.KindPerson {
		index, column = "person_words", "name_key"
	}
	if phrases == nil {
		return prefixed(alias, string(kind)+"_keys", string(kind)+"_id", column, text), nil
	}
	match := matching(phrases, true)
	edited, err := tx.editedMatches(ctx, kind, phrases)
	if err != nil {
		return filter{}, err
	}
	f := filter{
		from: index + " x", id: "x.rowid", cond: "x." + index + " MATCH ?", args: []any{match}, ordered: true, rank: rankWords,
		probe: "+" + alias + ".id IN (SELECT rowid FROM " + index + " WHERE " + index + " MATCH ?)", probeArgs: []any{match},
		one: "EXISTS (SELECT 1 FROM " + index + " WHERE rowid = " + alias + ".id AND " + index + " MATCH ?)",
	}
	if edited == "" {
		return f, nil
	}
	union := "SELECT rowid AS id FROM " + index + " WHERE " + index + " MATCH ? AND rowid NOT IN (SELECT id FROM stale WHERE kind = '" +
		string(kind) + "') UNION SELECT value FROM json_each(?)"
	f.from, f.id, f.cond, f.args, f.ordered = "("+union+") x", "x.id", "true", []any{match, edited}, false
	f.probe, f.probeArgs, f.one = "+"+alias+".id IN ("+union+")", f.args, ""
	return f, nil
}

// matching is a query of FTS5 for phrases; with open the last word may go on.
// Words have no quotes in them.
func matching(phrases [][]string, open bool) string {
	var b strings.Builder
	for _, p := range phrases {
		if len(p) > 0 {
			b.WriteString(`"` + strings.Join(p, " ") + `" `)
		}
	}
	if open {
		b.WriteString("*")
	}
	return b.String()
}

// editedMatches returns, as a list of JSON, the ids of records that were edited
// by hand and have the phrases now; the word index has them as they were. It is
// "" if nothing was edited.
func (tx *Tx) editedMatches(ctx context.Context, kind catalog.Kind, phrases [][]string) (string, error) {
	query := `SELECT s.id, r.title FROM stale s LEFT JOIN movies r ON r.id = s.id WHERE s.kind = 'movie'`
	if kind == catalog.KindPerson {
		query = `SELECT s.id, coalesce(r.first_name || ' ', '') || r.last_name FROM stale s LEFT JOIN persons r ON r.id = s.id WHERE s.kind = 'person'`
	}
	ids, edited := []int64{}, false
	for c, err := range rows(ctx, tx, scanNameOrNone, query) {
		if err != nil {
			return "", err
		}
		edited = true
		if catalog.MatchPhrases(phrases, c.Name) {
			ids = append(ids, c.ID)
		}
	}
	if !edited {
		return "", nil
	}
	list, err := json.Marshal(ids)
	return string(list), err
}

// scanNameOrNone scans a name that may be NULL.
func scanNameOrNone(s scanner, n *catalog.Named) error {
	var name sql.NullString
	err := s.Scan(&n.ID, &name)
	n.Name = name.String
	return err
}
