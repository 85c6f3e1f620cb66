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
	walk bool   // an index gives the order, so that a page need not be sorted
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
// direction of the key before it unless it is asked for, so that the order is
// total; nothing after an id matters.
func (l listing) keys(sort []catalog.Sort, id string) (keys []order, desc []bool, err error) {
	done, last := false, false
	for i, s := range sort {
		o, ok := l.orders[s.Key]
		switch {
		case !ok:
			return nil, nil, l.unsortable(s.Key)
		case done:
		case s.Key == "id":
			done, last = true, s.Desc
		default:
			keys, desc, last = append(keys, o), append(desc, s.Desc), s.Desc
		}
		if i == 0 && o.id != "" {
			id = o.id
		}
	}
	return append(keys, order{expr: id}), append(desc, last), nil
}

func (l listing) unsortable(key string) error {
	return catalog.Invalidf("%s cannot be sorted by %s; known keys: %s",
		l.kind.Plural(), catalog.Quote(key), strings.Join(append(l.names(), catalog.SortRandom), ", "))
}

// query is the SELECT of a page of the list.
func (l listing) query(ctx context.Context, tx *Tx, filters []filter, p catalog.Page) (string, []any, error) {
	for _, s := range p.Sort {
		if s.Key == catalog.SortRandom {
			return l.random(ctx, tx, filters, p)
		}
	}
	if _, _, err := l.keys(p.Sort, l.id); err != nil {
		return "", nil, err
	}
	s, err := l.scope(ctx, tx, filters, p)
	if err != nil {
		return "", nil, err
	}
	keys, desc, err := l.keys(p.Sort, s.id)
	if err != nil {
		return "", nil, err
	}
	terms := make([]string, len(keys))
	for i, k := range keys {
		terms[i] = k.expr
		if desc[i] {
			terms[i] += " DESC"
		}
		if i < len(keys)-1 {
			terms[i] += " NULLS LAST" // the id is never NULL
		}
	}
	if p.After != 0 {
		if err := l.after(ctx, tx, keys, desc, p, &s.w); err != nil {
			return "", nil, err
		}
	}
	q := "SELECT " + l.cols + " FROM " + l.tables(&s, keys) + s.w.sql() + " ORDER BY " + strings.Join(terms, ", ")
	return q + cut(p), s.w.args, nil
}

// cut is the clause for the part of a list, with a leading space.
func cut(p catalog.Page) string {
	if p.Limit == 0 && p.Offset == 0 {
		return ""
	}
	limit := p.Limit
	if limit == 0 {
		limit = -1
	}
	return " LIMIT " + strconv.Itoa(limit) + " OFFSET " + strconv.Itoa(p.Offset)
}

// tables is what a list is read from, with the tables that the order needs. Of
// a filtered list the order of the tables is ours.
func (l listing) tables(s *scope, keys []order) string {
	from := s.lead + l.from
	for i, k := range keys {
		table, on, inner := strings.Cut(strings.TrimPrefix(k.join, "JOIN "), " ON ")
		inner = inner && strings.HasPrefix(k.join, "JOIN ")
		switch {
		case k.join == "" || strings.Contains(from, k.join):
		case i == 0 && s.walk && inner:
			from = table + " CROSS JOIN " + from
			s.w.and(on)
		case inner && !s.alone:
			from += " CROSS JOIN " + table + " ON " + on
		default:
			from += " " + k.join
		}
	}
	return from
}

// random is query for an order that is another one each time: first ids are
// drawn, then the records are read.
func (l listing) random(ctx context.Context, tx *Tx, filters []filter, p catalog.Page) (string, []any, error) {
	if len(p.Sort) > 1 || p.Sort[0].Desc {
		return "", nil, catalog.Invalidf("random is an order of its own: it has no direction and no other key beside it")
	}
	if p.After != 0 {
		return "", nil, catalog.Invalidf("--after needs an order that stays; random is another one each time")
	}
	p.Sort = nil
	s, err := l.scope(ctx, tx, filters, p)
	if err != nil {
		return "", nil, err
	}
	return "SELECT " + l.cols + " FROM " + l.from + " WHERE " + l.id + " IN (SELECT " + l.id + " FROM " + s.lead + l.count + s.w.sql() +
		" ORDER BY random()" + cut(p) + ") ORDER BY random()", s.w.args, nil
}

// after restricts the list to what follows one record in the order: greater in
// the first key, or equal there and greater in the next, and so on.
func (l listing) after(ctx context.Context, tx *Tx, keys []order, desc []bool, p catalog.Page, w *where) error {
	values, err := l.place(ctx, tx, p)
	if err != nil {
		return err
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

// place returns the values that the record after which a page begins has for
// the keys of the order. A filter need not let it through.
func (l listing) place(ctx context.Context, tx *Tx, p catalog.Page) ([]any, error) {
	keys, _, err := l.keys(p.Sort, l.id)
	if err != nil {
		return nil, err
	}
	exprs := make([]string, len(keys))
	values, dest := make([]any, len(keys)), make([]any, len(keys))
	for i, k := range keys {
		exprs[i], dest[i] = k.expr, &values[i]
	}
	found := false
	rs, err := tx.conn.QueryContext(ctx, "SELECT "+strings.Join(exprs, ", ")+" FROM "+l.tables(&scope{alone: true}, keys)+" WHERE "+l.id+" = ?", p.After)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	for rs.Next() {
		found = true
		if err := rs.Scan(dest...); err != nil {
			return nil, err
		}
	}
	if err := rs.Err(); err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("--after: %w", &catalog.NotFoundError{Kind: l.kind, Ref: catalog.Ref{ID: p.After}})
	}
	return values, nil
}

// total counts what the filter lets through, without regard to the page.
func total[F any](ctx context.Context, tx *Tx, l listing, f F, filters func(context.Context, F) ([]filter, error)) (int64, error) {
	fs, err := filters(ctx, f)
	if err != nil {
		return 0, tx.opts.classify(err)
	}
	s, err := l.scope(ctx, tx, fs, catalog.Page{})
	if err != nil {
		return 0, tx.opts.classify(err)
	}
	n, err := tx.number(ctx, "SELECT count(*) FROM "+s.lead+l.count+s.w.sql(), s.w.args...)
	return n, tx.opts.classify(err)
}
