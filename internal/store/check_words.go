package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"math/bits"
	"slices"
	"strings"
)

// A word index keeps no text to compare, but it can list every place where a word
// stands. A sum for each record over hashes of its words, less those of the
// list, is zero if both have the same, whatever the order. It takes eight bytes
// a record, and one pass.

// mostSums is how many sums there are at most; beyond it records share them.
const mostSums = 1 << 22

// longestWord is what FTS5 cuts words to, in bytes (FTS5_MAX_TOKEN_SIZE).
const longestWord = 32768

// wordSums are the sums of one word index.
type wordSums struct {
	index  wordIndex
	places bool // it knows where in a text a word stands
	seed   maphash.Seed
	sums   []uint64
	exact  bool // each record has a sum of its own
	words  []string
}

// newWordSums makes sums for records up to an id.
func newWordSums(w wordIndex, highest int64) *wordSums {
	n := uint64(mostSums)
	if highest < mostSums-1 {
		n = 1 << bits.Len64(uint64(max(highest, 1)))
	}
	return &wordSums{index: w, places: w.table == "movie_words" || w.table == "person_words",
		seed: maphash.MakeSeed(), sums: make([]uint64, n), exact: n < mostSums}
}

// record adds the words that the index should hold of a record, which are those
// of the noted texts.
func (s *wordSums) record(r *change) {
	was, _ := s.index.texts(r)
	if !was.Valid {
		return
	}
	s.words = s.words[:0]
	for word := range strings.SplitSeq(s.index.index(was.String), " ") {
		if word != "" {
			s.words = append(s.words, word[:min(len(word), longestWord)])
		}
	}
	if !s.places {
		slices.Sort(s.words)
		s.words = slices.Compact(s.words)
	}
	for i, word := range s.words {
		s.add(r.id, maphash.String(s.seed, word), i, 1)
	}
}

// add adds a word at a place to the sum of a record, times a sign.
func (s *wordSums) add(id int64, word uint64, place int, sign uint64) {
	x := word ^ uint64(id)*0x9e3779b97f4a7c15
	if s.places {
		x += uint64(place+1) * 0xbf58476d1ce4e5b9
	}
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9 // the finalizer of splitmix64
	x = (x ^ x>>27) * 0x94d049bb133111eb
	s.sums[uint64(id)&uint64(len(s.sums)-1)] += (x ^ x>>31) * sign
}

// wrong are the records whose sum is not zero.
func (s *wordSums) wrong() *someIDs {
	t := &someIDs{}
	for i, sum := range s.sums {
		if sum != 0 {
			t.add(int64(i))
		}
	}
	return t
}

// words compares a word index with the sums of what it should hold.
func (c *Check) words(ctx context.Context, s *wordSums) error {
	table := s.index.table
	if c.gone[table] {
		return nil
	}
	err := error(nil)
	if !c.broken[table] {
		err = c.listWords(ctx, s)
	}
	if cannotRead(err) {
		c.broken[table] = true
	} else if err != nil {
		return err
	}
	if c.broken[table] {
		return c.wrongDerived(table, "the word index is damaged")
	}
	wrong := s.wrong()
	switch {
	case wrong.n == 0:
		return nil
	case s.exact && table != "character_words":
		return c.wrongDerived(table, "it does not hold the words of "+wrong.of(tableOf(strings.Split(table, "_")[0])))
	}
	return c.wrongDerived(table, fmt.Sprintf("it does not hold the words of its records (%d or more)", wrong.n))
}

// listWords takes what the index holds from the sums.
func (c *Check) listWords(ctx context.Context, s *wordSums) (err error) {
	view := "temp.check_" + s.index.table
	if err := c.temporary(ctx, `CREATE VIRTUAL TABLE `+view+` USING fts5vocab(main, `+s.index.table+`, instance)`); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.temporary(ctx, `DROP TABLE `+view)) }()
	last, hash := "", uint64(0)
	return c.tx.eachRow(ctx, `SELECT term, doc, offset FROM `+view, 3, func(v []driver.Value) error {
		word, _ := v[0].(string)
		id, _ := v[1].(int64)
		place, _ := v[2].(int64) // NULL where it knows no places
		if word != last || hash == 0 {
			last, hash = word, maphash.String(s.seed, word)
		}
		s.add(id, hash, int(place), ^uint64(0))
		return nil
	})
}

// temporary runs a statement on temporary tables, which touch no file of the
// catalog.
func (c *Check) temporary(ctx context.Context, query string) error {
	if c.o.Fix {
		return c.tx.exec(ctx, query)
	}
	if err := c.tx.exec(ctx, `PRAGMA query_only = 0`); err != nil {
		return err
	}
	return errors.Join(c.tx.exec(ctx, query), c.tx.exec(ctx, `PRAGMA query_only = 1`))
}

// eachRow calls fn with each row of a query of n columns, past database/sql,
// which takes longer for a row than SQLite for many.
func (tx *Tx) eachRow(ctx context.Context, query string, n int, fn func([]driver.Value) error) error {
	return tx.direct(func(c *directConn) (err error) {
		s, err := c.conn.PrepareContext(ctx, query)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		q, ok := s.(driver.StmtQueryContext)
		if !ok {
			return fmt.Errorf("the driver of the catalog cannot run a query: %T", s)
		}
		rs, err := q.QueryContext(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rs.Close()) }()
		row := make([]driver.Value, n)
		for {
			err := rs.Next(row)
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err == nil {
				err = fn(row)
			}
			if err != nil {
				return err
			}
		}
	})
}

// someIDs counts records and remembers the first.
type someIDs struct {
	n     int
	first []int64
}

// add counts a record.
func (t *someIDs) add(id int64) {
	const named = 3
	if t.n++; len(t.first) < named {
		t.first = append(t.first, id)
	}
}

// of is "3 movies (5, 9, 12)".
func (t *someIDs) of(table string) string {
	ids := strings.Trim(fmt.Sprint(t.first), "[]")
	ids = strings.ReplaceAll(ids, " ", ", ")
	if t.n > len(t.first) {
		ids += " …"
	}
	return fmt.Sprintf("%d %s (%s)", t.n, table, ids)
}
