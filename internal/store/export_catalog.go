package store

import (
	"context"
	"iter"
)

// Rows yields all rows of a table by primary key, each value as it is stored:
// an int64, a float64, a string, or nil for NULL. The slice is used again for
// the next row.
func (tx *Tx) Rows(ctx context.Context, t Table) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rs, err := tx.conn.QueryContext(ctx, `SELECT `+t.list(len(t.Columns))+` FROM `+t.Name+` ORDER BY `+t.list(t.Keys))
		if err != nil {
			yield(nil, tx.opts.classify(err))
			return
		}
		defer rs.Close()
		row := make([]any, len(t.Columns))
		dest := make([]any, len(row))
		for i := range row {
			dest[i] = &row[i]
		}
		for rs.Next() {
			if err := rs.Scan(dest...); err != nil {
				yield(nil, err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := rs.Err(); err != nil {
			yield(nil, tx.opts.classify(err))
		}
	}
}

// CountRows returns how many rows a table has.
func (tx *Tx) CountRows(ctx context.Context, t Table) (int64, error) {
	n, err := tx.number(ctx, `SELECT count(*) FROM `+t.Name)
	return n, tx.opts.classify(err)
}

// Sequence returns the highest id that a row of a table ever had, 0 if there
// was none. Rows with higher ids than the sequence says count too.
func (tx *Tx) Sequence(ctx context.Context, t Table) (int64, error) {
	n, err := tx.number(ctx, `SELECT max(coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = ?), 0),
		coalesce((SELECT max(id) FROM `+t.Name+`), 0))`, t.Name)
	return n, tx.opts.classify(err)
}

// FileKeys yields the keys of all files that have content.
func (tx *Tx) FileKeys(ctx context.Context) iter.Seq2[string, error] {
	return rows(ctx, tx, scanKey, `SELECT file_key FROM files WHERE file_key IS NOT NULL ORDER BY id`)
}

// SortedFileKeys yields the same keys in the order of their bytes.
func (tx *Tx) SortedFileKeys(ctx context.Context) iter.Seq2[string, error] {
	return rows(ctx, tx, scanKey, `SELECT file_key FROM files WHERE file_key IS NOT NULL ORDER BY file_key`)
}

func scanKey(s scanner, key *string) error { return s.Scan(key) }
