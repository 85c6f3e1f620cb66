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
	count  bool
}

func (f *pageFlags) add(c *cobra.Command, keys string) {
	c.Flags().StringVar(&f.sort, "sort", "", "sort by these `keys`: "+keys+"; -key is descending; random is another order each time")
	c.Flags().StringVar(&f.limit, "limit", "", "print at most `n`; 0 is all (default all, "+strconv.Itoa(tableLimit)+" in a table on a terminal)")
	c.Flags().StringVar(&f.offset, "offset", "", "leave out the first `n`")
	c.Flags().StringVar(&f.after, "after", "", "begin after the record with this `id`, in the order of the list")
	c.Flags().BoolVar(&f.count, "count", false, "print how many there are, and nothing else")
}

// page reads the flags.
func (f *pageFlags) page(a *app, c *cobra.Command) (p catalog.Page, err error) {
	if f.count {
		for _, name := range []string{"sort", "limit", "offset", "after", "fields", "jq"} {
			if c.Flags().Changed(name) {
				return p, usagef(c.CommandPath(), "--count counts the whole list and prints a number; it does not go with --%s", name)
			}
		}
	}
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

// listed is a list that is filtered by F: how it is read and how it is counted,
// the store's methods. The filter has the page.
type listed[C, F any] struct {
	filter F
	page   catalog.Page
	refs   []filterRef // that go into the filter
	rows   func(*store.Tx, context.Context, F) iter.Seq2[C, error]
	total  func(*store.Tx, context.Context, F) (int64, error)
}

// printList prints a list as it is read, or how long it is. A table on a
// terminal that was cut says of how many.
func printList[C, D, X, F any](c *cobra.Command, a *app, r records[C, D, X], f *pageFlags, l *listed[C, F]) error {
	if err := output.CheckFields[D](a.fields); err != nil {
		return err
	}
	ctx := c.Context()
	return a.view(ctx, func(tx *store.Tx) error {
		if err := resolveFilters(c, tx, l.refs); err != nil {
			return err
		}
		if f.count {
			n, err := l.total(tx, ctx, l.filter)
			if err == nil {
				_, err = fmt.Fprintln(a.Out, n)
			}
			return err
		}
		pr, p := a.printer(), l.page
		n, err := output.List(pr, r.columns, shaped(l.rows(tx, ctx, l.filter), r.public))
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
		all, err := l.total(tx, ctx, l.filter)
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
