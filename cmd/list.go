package cmd

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

// tableLimit is how many rows a table on a terminal has unless told otherwise.
const tableLimit = 50

// pageFlags are the flags of every list that say which part of it, in what order.
type pageFlags struct {
	sort   string
	limit  string
	offset string
	after  string
}

func (f *pageFlags) add(c *cobra.Command, keys string) {
	c.Flags().StringVar(&f.sort, "sort", "", "sort by these `keys`: "+keys+"; -key is descending")
	c.Flags().StringVar(&f.limit, "limit", "", "print at most `n`; 0 is all (default all, "+strconv.Itoa(tableLimit)+" in a table on a terminal)")
	c.Flags().StringVar(&f.offset, "offset", "", "leave out the first `n`")
	c.Flags().StringVar(&f.after, "after", "", "begin after the record with this `id`, in the order of the list")
}

// page reads the flags. cut reports whether the limit is our own choice.
func (f *pageFlags) page(a *app, c *cobra.Command) (p catalog.Page, err error) {
	read := func(name, text string, to *int) {
		if err == nil && c.Flags().Changed(name) {
			*to, err = catalog.ParseCount(text)
			err = flagged(name, err)
		}
	}
	if c.Flags().Changed("sort") {
		p.Sort, err = catalog.ParseSort(f.sort)
		err = flagged("sort", err)
	}
	if pr := a.printer(); pr.Format == output.Table && pr.Terminal {
		p.Limit = tableLimit
	}
	read("limit", f.limit, &p.Limit)
	read("offset", f.offset, &p.Offset)
	if err == nil && c.Flags().Changed("after") {
		p.After, err = catalog.ParseID(f.after)
		err = flagged("after", err)
	}
	return p, err
}

// printList prints a list as it is read. total counts it without its page; it
// is only asked where a table on a terminal was cut.
func printList[C, D, X any](ctx context.Context, a *app, r records[C, D, X], p catalog.Page,
	rows func(*store.Tx) iter.Seq2[C, error], total func(*store.Tx) (int64, error)) error {
	if err := output.CheckFields[D](a.fields); err != nil {
		return err
	}
	return a.view(ctx, func(tx *store.Tx) error {
		pr := a.printer()
		n, err := output.List(pr, r.columns, shaped(rows(tx), r.public))
		if err != nil {
			return err
		}
		if pr.Format != output.Table {
			return nil
		}
		if n == 0 {
			a.note("no %s", r.kind.Plural())
			return nil
		}
		if p.Limit == 0 || n < p.Limit || !pr.Terminal {
			return nil
		}
		all, err := total(tx)
		if err != nil {
			return err
		}
		if int64(n) < all {
			fmt.Fprintf(a.Err, "%s of %s\n", thousands(int64(n)), thousands(all)) // even if quiet: nothing is cut silently
		}
		return nil
	})
}

func shaped[C, D any](rows iter.Seq2[C, error], shape func(C) D) iter.Seq2[D, error] {
	return func(yield func(D, error) bool) {
		for c, err := range rows {
			var d D
			if err == nil {
				d = shape(c)
			}
			if !yield(d, err) {
				return
			}
		}
	}
}

// thousands writes 12,345.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}
