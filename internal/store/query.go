package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Tx is one transaction on the catalog. It is valid inside the function it was
// given to and belongs to one goroutine.
type Tx struct {
	conn *sql.Conn
	opts Options
	raw  directConn
	kept map[string]*sql.Stmt // by prepared
	open bool                 // neither committed nor rolled back

	late *late // what EndBulk does; nil outside a bulk that puts something off

	// Small kinds are read whole, once a transaction, when a list needs names.
	countries map[int64]string
	genres    map[int64]string
}

// begin starts a transaction; how is "BEGIN" or "BEGIN IMMEDIATE". It does not
// use database/sql's own: that one is rolled back behind our back, in a goroutine
// of its own, when ctx ends, and the connection then may still be open when the
// program exits, which leaves files behind.
func (o Options) begin(ctx context.Context, db *sql.DB, how string) (*Tx, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if how == "BEGIN IMMEDIATE" {
		err = o.immediately(ctx, conn)
	} else {
		_, err = conn.ExecContext(ctx, how)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &Tx{conn: conn, opts: o, kept: map[string]*sql.Stmt{}, raw: directConn{stmts: map[string]driver.Stmt{}}, open: true}, nil
}

// commit makes what was written last. It is not for ctx to stop: either it is
// done or it is not.
func (tx *Tx) commit(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx.closeStatements()
	if _, err := tx.conn.ExecContext(context.WithoutCancel(ctx), "COMMIT"); err != nil {
		return err
	}
	tx.open = false
	return nil
}

// end rolls back what was not committed and lets the connection go.
func (tx *Tx) end() {
	tx.closeStatements()
	if tx.open {
		tx.conn.ExecContext(context.Background(), "ROLLBACK")
		tx.open = false
	}
	tx.conn.Close()
}

func (tx *Tx) closeStatements() {
	for _, s := range tx.kept {
		s.Close()
	}
	clear(tx.kept)
	tx.raw.close()
}

// prepared returns a statement that lives as long as the transaction, for texts
// that come again and again.
func (tx *Tx) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if s := tx.kept[query]; s != nil {
		return s, nil
	}
	s, err := tx.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	tx.kept[query] = s
	return s, nil
}

func (tx *Tx) exec(ctx context.Context, query string, args ...any) error {
	_, err := tx.conn.ExecContext(ctx, query, args...)
	return err
}

// scanner is what *sql.Row and *sql.Rows share.
type scanner interface{ Scan(dest ...any) error }

// rows runs a query and yields its rows as they come.
func rows[T any](ctx context.Context, tx *Tx, scan func(scanner, *T) error, query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		rs, err := tx.conn.QueryContext(ctx, query, args...)
		if err != nil {
			yield(zero, tx.opts.classify(err))
			return
		}
		defer rs.Close()
		for rs.Next() {
			var t T
			if err := scan(rs, &t); err != nil {
				yield(zero, err)
				return
			}
			if !yield(t, nil) {
				return
			}
		}
		if err := rs.Err(); err != nil {
			yield(zero, tx.opts.classify(err))
		}
	}
}

// all collects what rows yields.
func all[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var ts []T
	for t, err := range seq {
		if err != nil {
			return nil, err
		}
		ts = append(ts, t)
	}
	return ts, nil
}

// number returns the one number that a query answers, 0 for NULL.
func (tx *Tx) number(ctx context.Context, query string, args ...any) (int64, error) {
	var n sql.NullInt64
	err := tx.conn.QueryRowContext(ctx, query, args...).Scan(&n)
	return n.Int64, err
}

// scanID scans a row of a single number.
func scanID(s scanner, id *int64) error { return s.Scan(id) }

// batch is how many rows one INSERT carries: beyond it binding costs more than
// the statements saved.
const batch = 64

// insertAll writes many rows in order, batch at a time. head is the statement
// up to VALUES, tail what follows the rows, bind appends the cols arguments of
// one row.
func insertAll[T any](ctx context.Context, tx *Tx, head string, cols int, tail string, items []T, bind func([]any, *T) []any) error {
	if len(items) == 0 {
		return nil
	}
	return tx.direct(func(c *directConn) error {
		for len(items) > 0 {
			n := min(batch, len(items))
			args := c.args[:0]
			for i := range items[:n] {
				args = bind(args, &items[i])
			}
			c.args = args
			items = items[n:]
			if err := c.exec(ctx, head+" VALUES "+tuples(n, cols)+tail, n == batch); err != nil {
				return err
			}
		}
		return nil
	})
}

// execEach runs a statement n times, with the arguments that bind appends.
func (tx *Tx) execEach(ctx context.Context, query string, n int, bind func([]any, int) []any) error {
	whole := context.WithoutCancel(ctx) // to watch it would cost more than a short statement
	return tx.direct(func(c *directConn) error {
		for i := range n {
			if i%batch == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			c.args = bind(c.args[:0], i)
			if err := c.exec(whole, query, true); err != nil {
				return err
			}
		}
		return nil
	})
}

// directConn is the driver's own connection. Of many short statements
// database/sql takes a large part of the time, and all that it does is to look
// at each argument, which are here of the types that a driver takes.
type directConn struct {
	conn  driver.ConnPrepareContext
	stmts map[string]driver.Stmt // that live as long as the transaction
	args  []any                  // of the next statement
	named []driver.NamedValue
}

// direct runs fn with the driver's connection.
func (tx *Tx) direct(fn func(*directConn) error) error {
	return tx.conn.Raw(func(conn any) error {
		c, ok := conn.(driver.ConnPrepareContext)
		if !ok {
			return fmt.Errorf("the driver of the catalog cannot prepare a statement: %T", conn)
		}
		tx.raw.conn = c
		return fn(&tx.raw)
	})
}

// exec runs a statement with c.args; one that is kept comes again and again.
func (c *directConn) exec(ctx context.Context, query string, keep bool) (err error) {
	s := c.stmts[query]
	if s == nil {
		if s, err = c.conn.PrepareContext(ctx, query); err != nil {
			return err
		}
		if keep {
			c.stmts[query] = s
		} else {
			defer s.Close()
		}
	}
	c.named = c.named[:0]
	for i, a := range c.args {
		c.named = append(c.named, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	e, ok := s.(driver.StmtExecContext)
	if !ok {
		return fmt.Errorf("the driver of the catalog cannot run a statement: %T", s)
	}
	_, err = e.ExecContext(ctx, c.named)
	return err
}

// close closes the statements that were kept.
func (c *directConn) close() {
	for _, s := range c.stmts {
		s.Close()
	}
	clear(c.stmts)
}

// tuples is "(?, ?), (?, ?)" for n rows of cols columns.
func tuples(n, cols int) string {
	row := "(" + marks(cols) + ")"
	return strings.TrimSuffix(strings.Repeat(row+", ", n), ", ")
}

// marks is "?, ?, ?" for n arguments.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// chunk is how many arguments an IN list gets: far below SQLite's limit of
// 32,766, and few enough texts to prepare.
const chunk = 500

// manyKeys is how many keys an IN list gets when there are that many: SQLite
// sorts them, and neighbours share the pages of an index.
const manyKeys = 8 * chunk

// chunks splits a slice into runs of at most chunk elements, or of manyKeys.
func chunks[T any](items []T) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		for len(items) > 0 {
			n := min(chunk, len(items))
			if len(items) >= manyKeys {
				n = manyKeys
			}
			if !yield(items[:n]) {
				return
			}
			items = items[n:]
		}
	}
}

// anys makes arguments of a slice.
func anys[T any](items []T) []any {
	args := make([]any, len(items))
	for i, it := range items {
		args[i] = it
	}
	return args
}

// eachIn runs a query with an IN list for all of items, a chunk at a time. The
// query has %IN% where the list goes.
func eachIn[T, A any](ctx context.Context, tx *Tx, scan func(scanner, *T) error, query string, items []A) ([]T, error) {
	var found []T
	for part := range chunks(items) {
		got, err := all(rows(ctx, tx, scan, strings.Replace(query, "%IN%", "("+marks(len(part))+")", 1), anys(part)...))
		if err != nil {
			return nil, err
		}
		found = append(found, got...)
	}
	return found, nil
}

// execIn is eachIn for a statement without rows.
func execIn[A any](ctx context.Context, tx *Tx, query string, items []A) error {
	for part := range chunks(items) {
		if err := tx.exec(ctx, strings.Replace(query, "%IN%", "("+marks(len(part))+")", 1), anys(part)...); err != nil {
			return err
		}
	}
	return nil
}

// where collects the conditions of a query.
type where struct {
	conds []string
	args  []any
}

func (w *where) and(cond string, args ...any) {
	w.conds = append(w.conds, cond)
	w.args = append(w.args, args...)
}

// sql is the clause with a leading space, "" without conditions.
func (w *where) sql() string {
	if len(w.conds) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conds, " AND ")
}

// null makes the zero value NULL.
func null[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// given makes a text that is not there NULL.
func given(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

// opt makes a nil pointer NULL.
func opt[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// nextID returns the first id that the table's next rows get. Rows written with
// ids from it on move the sequence by themselves, and a rollback gives back.
func (tx *Tx) nextID(ctx context.Context, table string) (int64, error) {
	// The highest id is asked too: somebody may have emptied sqlite_sequence.
	n, err := tx.number(ctx, `SELECT max(coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = ?), 0),
		coalesce((SELECT max(id) FROM `+table+`), 0))`, table)
	if err == nil && n > math.MaxInt64-1<<40 {
		return 0, fmt.Errorf("the ids of %s are used up: the highest is %d", table, n)
	}
	return n + 1, err
}

// changeColumns writes those columns of a record whose values differ, and no
// others: what somebody else put into them, even a reference to nothing, stays.
func (tx *Tx) changeColumns(ctx context.Context, kind catalog.Kind, id int64, columns []string, was, now []any) error {
	var set []string
	var args []any
	for i, c := range columns {
		if was[i] != now[i] {
			set, args = append(set, c+" = ?"), append(args, now[i])
		}
	}
	if len(set) == 0 {
		return nil
	}
	return tx.changeOne(ctx, kind, id, `UPDATE `+namings(kind).table+` SET `+strings.Join(set, ", ")+` WHERE id = ?`, append(args, id)...)
}

// changeOne is a notFound where the UPDATE meets no row.
func (tx *Tx) changeOne(ctx context.Context, kind catalog.Kind, id int64, query string, args ...any) error {
	res, err := tx.conn.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return &catalog.NotFoundError{Kind: kind, Ref: catalog.Ref{ID: id}}
	}
	return err
}
