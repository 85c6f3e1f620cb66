package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

// merger is what "merge" needs to know of a noun.
type merger[C any] struct {
	// merge makes records one and returns what they had twice.
	merge func(tx *store.Tx, ctx context.Context, from []int64, into int64) ([]store.Use, error)
	// differ tells in what the records contradict each other; nil if they cannot.
	differ func(from []C, into C) []string
}

// merging is how a merge command was called.
type merging struct {
	from []catalog.Ref
	into catalog.Ref
	yes  bool
	dry  bool
}

// newMergeCmd makes the verb "merge".
func newMergeCmd[C, D, X any](a *app, r records[C, D, X], how merger[C], long, example string) *cobra.Command {
	var m merging
	var into string
	upper := strings.ToUpper(string(r.kind))
	c := &cobra.Command{
		Use: "merge " + upper + "… --into " + upper, Short: "Make one of several " + r.kind.Plural(), Long: long, Example: example,
		Args: args(1, -1, "which "+string(r.kind)+" to merge"),
		RunE: func(c *cobra.Command, words []string) (err error) {
			if !c.Flags().Changed("into") {
				return usagef(c.CommandPath(), "missing --into: which %s stays", r.kind)
			}
			if m.from, err = parseRefs(r.kind, words); err != nil {
				return err
			}
			if m.into, err = catalog.ParseRef(r.kind, into); err != nil {
				return flagged("into", err)
			}
			if err := output.CheckFields[D](a.fields); err != nil {
				return err
			}
			return mergeRecords(c.Context(), a, r, how, m)
		},
	}
	c.Flags().StringVar(&into, "into", "", "the `"+string(r.kind)+"` that stays, by name or id")
	c.Flags().BoolVarP(&m.yes, "yes", "y", false, "merge without asking")
	c.Flags().BoolVar(&m.dry, "dry-run", false, "say what would be merged, and change nothing")
	return c
}

// mergeRecords makes records one.
func mergeRecords[C, D, X any](ctx context.Context, a *app, r records[C, D, X], how merger[C], m merging) error {
	ask := !m.yes && !m.dry
	if ask {
		if !a.mayAsk() {
			return usagef("", "merging needs --yes where nobody can be asked")
		}
		if err := askMerge(ctx, a, r, how, m); err != nil {
			return err
		}
	}
	var t twins[C]
	var now []C
	var same []store.Use
	err := a.change(ctx, m.dry, func(tx *store.Tx) (err error) {
		if t, err = findTwins(ctx, tx, r, m); err != nil {
			return err
		}
		into := r.id(t.into)
		if same, err = how.merge(tx, ctx, r.ids(t.from), into); err != nil {
			return err
		}
		now, err = r.byID(tx, ctx, into)
		return err
	})
	if err != nil {
		return err
	}
	if !ask { // who was asked has read it
		for _, line := range how.differing(t) {
			a.note("%s", line)
		}
	}
	if len(same) > 0 {
		a.note("already there, kept once: %s", counts(same))
	}
	t.into = now[0]
	return tellMerged(a, r, t, m.dry)
}

// twins are records that are to be one: those that go, with what refers to
// each, and the one that stays.
type twins[C any] struct {
	from []C
	uses map[int64][]store.Use
	into C
}

// findTwins finds the records that a call names.
func findTwins[C, D, X any](ctx context.Context, tx *store.Tx, r records[C, D, X], m merging) (t twins[C], err error) {
	if t.from, err = r.resolve(ctx, tx, m.from); err != nil {
		return t, err
	}
	cs, err := r.resolve(ctx, tx, []catalog.Ref{m.into})
	if err != nil {
		return t, flagged("into", err)
	}
	t.into = cs[0]
	ids := r.ids(t.from)
	if slices.Contains(ids, r.id(t.into)) {
		return t, usagef("", "%s %d: %s cannot go into itself; name only the others before --into",
			r.kind, r.id(t.into), catalog.Visible(r.label(t.into)))
	}
	t.uses, err = tx.References(ctx, r.kind, ids)
	return t, err
}

// differing is how the twins contradict each other.
func (how merger[C]) differing(t twins[C]) []string {
	if how.differ == nil {
		return nil
	}
	return how.differ(t.from, t.into)
}

// askMerge shows what would move and asks.
func askMerge[C, D, X any](ctx context.Context, a *app, r records[C, D, X], how merger[C], m merging) error {
	var t twins[C]
	err := a.view(ctx, func(tx *store.Tx) (err error) {
		t, err = findTwins(ctx, tx, r, m)
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range t.from {
		line := fmt.Sprintf("%s %d: %s", r.kind, r.id(c), catalog.Visible(r.label(c)))
		if with := counts(t.uses[r.id(c)]); with != "" {
			line += ", with " + with
		}
		fmt.Fprintln(a.Err, line)
	}
	for _, line := range how.differing(t) {
		fmt.Fprintln(a.Err, line)
	}
	what := "it"
	if len(t.from) > 1 {
		what = fmt.Sprintf("these %d", len(t.from))
	}
	return a.confirm(ctx, fmt.Sprintf("Merge %s into %s %d: %s?", what, r.kind, r.id(t.into), catalog.Visible(r.label(t.into))))
}

// tellMerged tells of a merge: a sentence for each record that went on a
// terminal, the id of the one that stays elsewhere, that record as it now is
// where a format was asked for.
func tellMerged[C, D, X any](a *app, r records[C, D, X], t twins[C], dry bool) error {
	if a.format() != "" || a.fields != nil || !a.OutTerminal {
		return r.wrote(a, "", []C{t.into})
	}
	for _, c := range t.from {
		line := r.sentence(doing("merged", "merge", dry), c) + " " + r.sentence("into", t.into)
		if with := counts(t.uses[r.id(c)]); with != "" {
			line += " (" + with + ")"
		}
		if _, err := fmt.Fprintln(a.Out, line); err != nil {
			return err
		}
	}
	return nil
}

// birthsThatDiffer has a line for each person whose date of birth contradicts
// the one that is kept. 1932 and 1932-04 are no contradiction.
func birthsThatDiffer(from []catalog.Person, into catalog.Person) []string {
	var lines []string
	kept := into.DateOfBirth
	for _, p := range from {
		born := p.DateOfBirth
		if kept == "" {
			kept = born
		}
		if born != "" && !strings.HasPrefix(kept, born) && !strings.HasPrefix(born, kept) {
			lines = append(lines, fmt.Sprintf("the dates of birth differ: person %d has %s, kept is %s", p.ID, born, kept))
		}
	}
	return lines
}
