package cmd

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

// records says what the verbs that work alike for every noun need to know of
// one: C is the record, D its public shape, X that shape once it is deleted.
type records[C, D, X any] struct {
	kind    catalog.Kind
	columns []string
	id      func(C) int64
	label   func(C) string
	public  func(C) D
	deleted func(C) X
	byID    func(*store.Tx, context.Context, ...int64) ([]C, error)
	remove  func(*store.Tx, context.Context, []int64) error
}

// resolve returns the records that refs name.
func (r records[C, D, X]) resolve(ctx context.Context, tx *store.Tx, refs []catalog.Ref) ([]C, error) {
	found, err := tx.ResolveAll(ctx, r.kind, refs)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(found))
	for i, f := range found {
		ids[i] = f.ID
	}
	return r.byID(tx, ctx, ids...)
}

func (r records[C, D, X]) ids(cs []C) []int64 {
	ids := make([]int64, len(cs))
	for i, c := range cs {
		ids[i] = r.id(c)
	}
	return ids
}

// sentence is what a person reads of a change: "added movie 12: Solaris (1972)".
func (r records[C, D, X]) sentence(verb string, c C) string {
	return fmt.Sprintf("%s %s %d: %s", verb, r.kind, r.id(c), catalog.Visible(r.label(c)))
}

// wrote tells of records that were written: a sentence each on a terminal, the
// bare id elsewhere, the record as it now is where a format was asked for.
func (r records[C, D, X]) wrote(a *app, verb string, cs []C) error {
	return tell(a, r, verb, cs, r.public)
}

// tell is wrote for any shape of the records.
func tell[C, D, X, S any](a *app, r records[C, D, X], verb string, cs []C, shape func(C) S) error {
	if a.format() != "" || a.fields != nil {
		if len(cs) == 1 {
			return output.Show(a.printer(), r.columns, shape(cs[0]))
		}
		_, err := output.List(a.printer(), r.columns, mapped(cs, shape))
		return err
	}
	for _, c := range cs {
		line := fmt.Sprint(r.id(c))
		if a.OutTerminal {
			line = r.sentence(verb, c)
		}
		if _, err := fmt.Fprintln(a.Out, line); err != nil {
			return err
		}
	}
	return nil
}

func mapped[C, D any](cs []C, shape func(C) D) iter.Seq2[D, error] {
	return func(yield func(D, error) bool) {
		for _, c := range cs {
			if !yield(shape(c), nil) {
				return
			}
		}
	}
}

// newShowCmd makes the verb "show"; detail reads what one record shows beyond a
// list.
func newShowCmd[C, D, X, S any](a *app, r records[C, D, X], long, example string, detail func(context.Context, *store.Tx, C) (S, error)) *cobra.Command {
	upper := strings.ToUpper(string(r.kind))
	return &cobra.Command{
		Use: "show " + upper, Short: "Show one " + string(r.kind), Long: long, Example: example,
		Args: args(1, 1, "which "+string(r.kind)+" to show"),
		RunE: func(c *cobra.Command, words []string) error {
			refs, err := parseRefs(r.kind, words)
			if err != nil {
				return err
			}
			if err := output.CheckFields[S](a.fields); err != nil {
				return err
			}
			var shown S
			err = a.view(c.Context(), func(tx *store.Tx) error {
				cs, err := r.resolve(c.Context(), tx, refs)
				if err != nil {
					return err
				}
				shown, err = detail(c.Context(), tx, cs[0])
				return err
			})
			if err != nil {
				return err
			}
			return output.Show(a.printer(), nil, shown)
		},
	}
}

// deletion is how a delete command was called.
type deletion struct {
	yes    bool
	detach bool
	dry    bool
}

// newDeleteCmd makes the verb "delete".
func newDeleteCmd[C, D, X any](a *app, r records[C, D, X], long, example string, detachable bool) *cobra.Command {
	var d deletion
	upper := strings.ToUpper(string(r.kind))
	c := &cobra.Command{
		Use: "delete " + upper + "…", Short: "Delete " + r.kind.Plural(), Long: long, Example: example,
		Args: args(1, -1, "which "+string(r.kind)+" to delete"),
		RunE: func(c *cobra.Command, words []string) error {
			refs, err := parseRefs(r.kind, words)
			if err != nil {
				return err
			}
			if err := output.CheckFields[X](a.fields); err != nil {
				return err
			}
			return r.delete(c.Context(), a, refs, d)
		},
	}
	c.Flags().BoolVarP(&d.yes, "yes", "y", false, "delete without asking")
	c.Flags().BoolVar(&d.dry, "dry-run", false, "say what would be deleted, and change nothing")
	if detachable {
		c.Flags().BoolVar(&d.detach, "detach", false, "empty the references that other records make to it")
	}
	return c
}

func (r records[C, D, X]) delete(ctx context.Context, a *app, refs []catalog.Ref, d deletion) error {
	if !d.yes && !d.dry {
		if !a.mayAsk() {
			return usagef("", "deleting needs --yes where nobody can be asked")
		}
		if err := r.askDelete(ctx, a, refs, d); err != nil {
			return err
		}
	}
	var gone []C
	err := a.change(ctx, d.dry, func(tx *store.Tx) (err error) {
		if gone, err = r.resolve(ctx, tx, refs); err != nil {
			return err
		}
		if err := r.release(ctx, tx, gone, d.detach); err != nil {
			return err
		}
		return r.remove(tx, ctx, r.ids(gone))
	})
	if err != nil {
		return err
	}
	return tell(a, r, doing("deleted", "delete", d.dry), gone, r.deleted)
}

// doing is the word for a change: what was done, or what would be.
func doing(done, would string, dry bool) string {
	if dry {
		return "would " + would
	}
	return done
}

// release sees to it that nobody refers to the records any more, or says who does.
func (r records[C, D, X]) release(ctx context.Context, tx *store.Tx, cs []C, detach bool) error {
	ids := r.ids(cs)
	if detach {
		return tx.Detach(ctx, r.kind, ids)
	}
	labels := make(map[int64]string, len(cs))
	for _, c := range cs {
		labels[r.id(c)] = r.label(c)
	}
	return tx.CheckUnused(ctx, r.kind, ids, func(id int64) string { return labels[id] })
}

// askDelete shows what would go and asks.
func (r records[C, D, X]) askDelete(ctx context.Context, a *app, refs []catalog.Ref, d deletion) error {
	var lines []string
	err := a.view(ctx, func(tx *store.Tx) error {
		cs, err := r.resolve(ctx, tx, refs)
		if err != nil {
			return err
		}
		if !d.detach {
			if err := r.release(ctx, tx, cs, false); err != nil {
				return err
			}
		}
		owned, referring, err := tx.Uses(ctx, r.kind, r.ids(cs))
		for _, c := range cs {
			line := fmt.Sprintf("%s %d: %s", r.kind, r.id(c), catalog.Visible(r.label(c)))
			if with := counts(owned[r.id(c)]); with != "" {
				line += ", with " + with
			}
			if d.detach {
				if from := counts(referring[r.id(c)]); from != "" {
					line += ", taken out of " + from
				}
			}
			lines = append(lines, line)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, l := range lines {
		fmt.Fprintln(a.Err, l)
	}
	question := "Delete it?"
	if len(lines) > 1 {
		question = fmt.Sprintf("Delete these %d?", len(lines))
	}
	return a.confirm(ctx, question)
}

// counts is "3 characters, 2 genre links".
func counts(uses []store.Use) string {
	parts := make([]string, len(uses))
	for i, u := range uses {
		parts[i] = u.String()
	}
	return strings.Join(parts, ", ")
}
