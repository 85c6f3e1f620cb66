package cmd

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

// editing is how an edit command was called: change makes the changes to one
// record and stores it.
type editing[C any] struct {
	dry    bool
	create bool
	change change[C]
}

// editRecords changes the records that words name, all or none.
func editRecords[C, D, X any](a *app, c *cobra.Command, r records[C, D, X], words []string, e editing[C]) error {
	refs, err := parseRefs(r.kind, words)
	if err != nil {
		return err
	}
	if err := output.CheckFields[D](a.fields); err != nil {
		return err
	}
	mk := &maker{create: e.create}
	now, err := changeRecords(c.Context(), a, r, refs, mk, e)
	if err != nil {
		return err
	}
	mk.tell(a, e.dry)
	return r.wrote(a, doing("edited", "edit", e.dry), now)
}

// changeRecords changes records and returns them as they are now.
func changeRecords[C, D, X any](ctx context.Context, a *app, r records[C, D, X], refs []catalog.Ref, mk *maker, e editing[C]) (now []C, err error) {
	err = a.change(ctx, e.dry, func(tx *store.Tx) error {
		mk.begin()
		cs, err := r.resolve(ctx, tx, refs)
		if err != nil {
			return err
		}
		for i := range cs {
			if err := e.change(ctx, tx, mk, &cs[i]); err != nil {
				return err
			}
		}
		now, err = r.byID(tx, ctx, r.ids(cs)...)
		return err
	})
	return now, err
}

// joinFlags is "--a, --b" without the first dashes.
func joinFlags(names []string) string { return strings.Join(names, ", --") }
