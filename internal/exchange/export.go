package exchange

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strconv"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/store"
)

// ExportOptions says what of a catalog is written, and how.
type ExportOptions struct {
	Passwords bool      // with the hashes of passwords; without them users have none
	Array     bool      // one JSON array instead of JSON Lines; it cannot be read back
	Guard     bool      // escape what could drive a terminal as well
	Pictures  *blob.Dir // the managed directory
	Copy      *blob.Dir // where the pictures are copied to; nil is nowhere
}

// Exported is what an export did.
type Exported struct {
	Rows    int64
	Copied  int      // pictures
	Already int      // pictures that were in the other directory before
	Bad     []string // what is wrong with pictures that could not be copied, the first of them
	NumBad  int
}

// badKept is how many bad pictures are remembered with their reason.
const badKept = 10

// Export writes the whole catalog as it is in the transaction. A picture that
// is gone or damaged does not end it. A value that JSON has no form for does.
func Export(ctx context.Context, tx *store.Tx, w io.Writer, o ExportOptions) (Exported, error) {
	x := &exporter{o: o, w: bufio.NewWriterSize(w, 1<<16)}
	if o.Copy != nil {
		if err := o.Copy.SweepTemps(); err != nil {
			return x.done, err
		}
	}
	if err := x.head(ctx, tx); err != nil {
		return x.done, err
	}
	for _, t := range store.Tables() {
		if err := x.table(ctx, tx, t); err != nil {
			return x.done, errors.Join(err, x.w.Flush())
		}
	}
	if o.Array {
		x.w.WriteString("\n]")
	}
	x.w.WriteByte('\n')
	return x.done, x.w.Flush()
}

type exporter struct {
	o    ExportOptions
	w    *bufio.Writer
	buf  []byte
	done Exported
}

// head writes the first line.
func (x *exporter) head(ctx context.Context, tx *store.Tx) error {
	b := []byte(`{"kind":"catalog","schema_version":` + strconv.Itoa(store.SchemaVersion) + `,"sequences":{`)
	b, err := appendCounts(b, store.Tables(), func(t store.Table) (int64, bool, error) {
		n, err := int64(0), error(nil)
		if t.HasID() {
			n, err = tx.Sequence(ctx, t)
		}
		return n, t.HasID(), err
	})
	if err != nil {
		return err
	}
	b = append(b, `},"rows":{`...)
	b, err = appendCounts(b, store.Tables(), func(t store.Table) (int64, bool, error) {
		n, err := tx.CountRows(ctx, t)
		return n, true, err
	})
	if err != nil {
		return err
	}
	if x.o.Array {
		x.w.WriteString("[\n")
	}
	_, err = x.w.Write(append(b, "}}"...))
	return err
}

// appendCounts appends a number for each table that has it.
func appendCounts(b []byte, ts []store.Table, count func(store.Table) (n int64, has bool, err error)) ([]byte, error) {
	first := true
	for _, t := range ts {
		n, has, err := count(t)
		if err != nil {
			return nil, err
		}
		if !has {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(b, `"`+t.Name+`":`...)
		b = strconv.AppendInt(b, n, 10)
	}
	return b, nil
}

// table writes the rows of a table.
func (x *exporter) table(ctx context.Context, tx *store.Tx, t store.Table) error {
	enc := newLineEncoder(t, x.o.Guard)
	column := func(name string) int {
		return slices.IndexFunc(t.Columns, func(c store.Column) bool { return c.Name == name })
	}
	password, key := column("password"), column("file_key")
	for row, err := range tx.Rows(ctx, t) {
		if err != nil {
			return err
		}
		if password >= 0 && !x.o.Passwords {
			row[password] = nil
		}
		if key >= 0 && x.o.Copy != nil {
			if err := x.copy(ctx, row[key]); err != nil {
				return err
			}
		}
		b := append(x.buf[:0], '\n')
		if x.o.Array {
			b = append(x.buf[:0], ",\n"...)
		}
		if b, err = enc.append(b, row); err != nil {
			return err
		}
		x.buf = b
		if _, err := x.w.Write(b); err != nil {
			return err
		}
		x.done.Rows++
	}
	return nil
}

// copy copies the picture of a file, and notes what is wrong with one.
func (x *exporter) copy(ctx context.Context, key any) error {
	k, ok := key.(string)
	if !ok {
		return nil
	}
	already, err := x.o.Pictures.CopyTo(ctx, x.o.Copy, k)
	switch {
	case err == nil && already:
		x.done.Already++
	case err == nil:
		x.done.Copied++
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, blob.ErrDamaged), !blob.IsKey(k):
		if x.done.NumBad++; len(x.done.Bad) < badKept {
			x.done.Bad = append(x.done.Bad, err.Error())
		}
	default:
		return err
	}
	return nil
}
