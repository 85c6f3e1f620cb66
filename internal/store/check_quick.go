package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// samples is how many records of a kind a quick check looks for in the search
// index.
const samples = 16

// quickDerived counts derived rows, and looks for the words of a few records.
func (c *Check) quickDerived(ctx context.Context) error {
	if ok, err := c.sameFold(ctx); err != nil || !ok {
		return err
	}
	for _, k := range checkedKinds() {
		if c.gone[k.keys] {
			continue
		}
		c.Step("search index of " + k.table)
		if err := c.countKeys(ctx, k); err != nil {
			return err
		}
		for _, w := range k.words {
			if err := c.sampleWords(ctx, k, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// countKeys compares how many records there are with how many have keys, those
// apart that are noted as changed.
func (c *Check) countKeys(ctx context.Context, k checkedKind) error {
	records, keys := `SELECT count(*) FROM `+k.table, `SELECT count(*) FROM `+k.keys
	if k.kind == "file" {
		records += ` WHERE file_name IS NOT NULL`
	}
	noted, err := c.tx.number(ctx, `SELECT EXISTS (SELECT 1 FROM stale WHERE kind = ?)`, k.kind)
	if err != nil {
		return err
	}
	if noted != 0 {
		apart := ` NOT IN (SELECT id FROM stale WHERE kind = '` + k.kind + `')`
		keys += ` WHERE ` + k.kind + `_id` + apart
		if k.kind == "file" {
			records += ` AND id` + apart
		} else {
			records += ` WHERE id` + apart
		}
	}
	have, err := c.tx.number(ctx, keys)
	if err != nil {
		return err
	}
	want, err := c.tx.number(ctx, records)
	if err != nil || have == want {
		return err
	}
	return c.wrongDerived(k.keys, fmt.Sprintf("there are %d keys for %d %s", have, want, k.table))
}

// sampleWords looks a few records up by their first words.
func (c *Check) sampleWords(ctx context.Context, k checkedKind, w wordIndex) error {
	if c.gone[w.table] {
		return nil
	}
	highest, err := c.tx.number(ctx, `SELECT max(id) FROM `+k.table)
	if err != nil || highest == 0 {
		return err
	}
	wrong, next := &someIDs{}, int64(1)
	for i := range int64(samples) {
		from := max(next, 1+i*(highest-1)/samples)
		one := strings.Replace(k.read, "ORDER BY", "WHERE r.id >= ? ORDER BY", 1) + " LIMIT 1"
		found, err := all(rows(ctx, c.tx, k.scan, one, from))
		if err != nil {
			return err
		}
		for _, r := range found {
			next = r.id + 1
			if !r.stale {
				r.oldName, r.oldText = r.name, r.text
			}
			ok, err := c.finds(ctx, w, &r.change)
			if cannotRead(err) {
				c.broken[w.table] = true
				return c.wrongDerived(w.table, "the word index is damaged: "+catalog.Visible(plainDamage(err)))
			}
			if err != nil {
				return err
			}
			if !ok {
				wrong.add(r.id)
			}
		}
	}
	if wrong.n == 0 {
		return nil
	}
	return c.wrongDerived(w.table, fmt.Sprintf("looked at here and there, it does not find the words of %s", wrong.of(k.table)))
}

// finds tells whether a word index finds a record by the first word of the text
// that it should hold.
func (c *Check) finds(ctx context.Context, w wordIndex, r *change) (bool, error) {
	was, _ := w.texts(r)
	word, _, _ := strings.Cut(w.index(was.String), " ")
	if word == "" {
		return true, nil
	}
	n, err := c.tx.number(ctx, `SELECT count(*) FROM `+w.table+` WHERE `+w.table+` MATCH ? AND rowid = ?`, `"`+word+`"`, r.id)
	return n > 0, err
}
