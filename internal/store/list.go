package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// order is one thing a list can be sorted by.
type order struct {
	expr string // what is compared
	join string // what it needs beside the list's own tables; "" is nothing
	id   string // the id as the join's index has it, so that the index gives the whole order; "" is the list's own
}

// listing is the shape of one noun's list.
type listing struct {
	kind   catalog.Kind
	cols   string
	from   string // the tables of cols, the noun's own first
	count  string // the noun's own table alone
	id     string
	orders map[string]order
}

// names returns the sort keys of the listing in alphabetical order.
func (l listing) names() []string {
	names := make([]string, 0, len(l.orders))
	for n := range l.orders {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// keys looks the wanted order up. The last key is always the id, in the
// direction of the key before it, so that the order is total.
func (l listing) keys(sort []catalog.Sort) (keys []order, desc []bool, err error) {
	id := l.id
	for i, s := range sort {
		o, ok := l.orders[s.Key]
		if !ok {
			return nil, nil, catalog.Invalidf("%s cannot be sorted by %s; known keys: %s",
				l.kind.Plural(), catalog.Quote(s.Key), strings.Join(l.names(), ", "))
		}
		keys, desc = append(keys, o), append(desc, s.Desc)
		if i == 0 && o.id != "" {
			id = o.id
		}
	}
	last := len(desc) > 0 && desc[len(desc)-1]
	return append(keys, order{expr: id}), append(desc, last), nil
}

// query is the SELECT of a page of the list.
func (l listing) query(ctx context.Context, tx *Tx, w where, p catalog.Page) (string, []any, error) {
	keys, desc, err := l.keys(p.Sort)
	if err != nil {
		return "", nil, err
	}
	from, terms := l.from, make([]string, len(keys))
	for i, k := range keys {
		if k.join != "" && !strings.Contains(from, k.join) {
			from += " " + k.join
		}
		terms[i] = k.expr
		if desc[i] {
			terms[i] += " DESC"
		}
		if i < len(keys)-1 {
			terms[i] += " NULLS LAST" // the id is never NULL
		}
	}
	if p.After != 0 {
		if err := l.after(ctx, tx, from, keys, desc, p.After, &w); err != nil {
			return "", nil, err
		}
	}
	q := "SELECT " + l.cols + " FROM " + from + w.sql() + " ORDER BY " + strings.Join(terms, ", ")
	if p.Limit > 0 || p.Offset > 0 {
		limit := p.Limit
		if limit == 0 {
			limit = -1
		}
		q += " LIMIT " + strconv.Itoa(limit) + " OFFSET " + strconv.Itoa(p.Offset)
	}
	return q, w.args, nil
}

// after restricts the list to what follows one record in the order: greater in
// the first key, or equal there and greater in the next, and so on.
func (l listing) after(ctx context.Context, tx *Tx, from string, keys []order, desc []bool, id int64, w *where) error {
	exprs := make([]string, len(keys))
	values := make([]any, len(keys))
	dest := make([]any, len(keys))
	for i, k := range keys {
		exprs[i], dest[i] = k.expr, &values[i]
	}
	found := false
	rs, err := tx.conn.QueryContext(ctx, "SELECT "+strings.Join(exprs, ", ")+" FROM "+from+" WHERE "+l.id+" = ?", id)
	if err != nil {
		return err
	}
	defer rs.Close()
	for rs.Next() {
		found = true
		if err := rs.Scan(dest...); err != nil {
			return err
		}
	}
	if err := rs.Err(); err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("--after: %w", &catalog.NotFoundError{Kind: l.kind, Ref: catalog.Ref{ID: id}})
	}
	var alternatives []string
	var args []any
	for i, k := range keys {
		if values[i] == nil {
			continue // nothing is greater than absent
		}
		var conds []string
		for j, before := range keys[:i] {
			conds = append(conds, before.expr+" IS ?")
			args = append(args, values[j])
		}
		op := " > ?"
		if desc[i] {
			op = " < ?"
		}
		cond := k.expr + op
		if i < len(keys)-1 {
			cond = "(" + cond + " OR " + k.expr + " IS NULL)"
		}
		args = append(args, values[i])
		alternatives = append(alternatives, "("+strings.Join(append(conds, cond), " AND ")+")")
	}
	w.and("("+strings.Join(alternatives, " OR ")+")", args...)
	if keys[0].id != "" { // it is never absent: the index can be entered at its value
		op := " >= ?"
		if desc[0] {
			op = " <= ?"
		}
		w.and(keys[0].expr+op, values[0])
	}
	return nil
}

// total counts what the filter lets through, without regard to the page.
func (l listing) total(ctx context.Context, tx *Tx, w where) (int64, error) {
	n, err := tx.number(ctx, "SELECT count(*) FROM "+l.count+w.sql(), w.args...)
	return n, tx.opts.classify(err)
}
