package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/form"
	"github.com/moviedb/moviedb/internal/store"
)

// change makes the changes of a form to one record and stores it.
type change[C any] func(context.Context, *store.Tx, *maker, *C) error

// formEdit is a form that shows a record and changes it.
type formEdit[C any] struct {
	form *form.Form
	born func(C) string      // when the record was made
	hold func(*form.Form, C) // puts the record into the form
	over func(*form.Form)    // puts what flags say in its place; nil is nothing

	// change reads the answers. discard takes back what it took in and is called
	// even after an error; nil is nothing.
	change func(f *form.Form, mk *maker) (to change[C], discard func(), err error)
}

// newTwins is a maker for what was picked in a form: new names are to be made.
func newTwins() *maker { return &maker{create: true, twins: map[string]bool{}} }

// editFormed is formed for an edit command, whose form takes one record.
func (a *app) editFormed(c *cobra.Command, words []string, interactive bool, form func() error) (asked bool, err error) {
	if interactive && len(words) != 1 {
		return true, usagef(c.CommandPath(), "a form edits one record, not %d", len(words))
	}
	return a.formed(c, interactive, len(words) == 1, form)
}

// runEdit asks for changes to one record, makes them and tells of it.
func runEdit[C, D, X any](ctx context.Context, a *app, r records[C, D, X], ref catalog.Ref, dry bool, e formEdit[C]) error {
	mk := newTwins()
	now, err := askEdit(ctx, a, r, ref, dry, mk, e)
	if cerr := a.endTalk(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if !e.form.Touched() {
		a.note("%s %d stays as it is", r.kind, r.id(now[0]))
		return nil
	}
	mk.tell(a, dry)
	return r.wrote(a, doing("edited", "edit", dry), now)
}

// askEdit asks for changes to one record until they are made, and returns the
// record as it is then.
func askEdit[C, D, X any](ctx context.Context, a *app, r records[C, D, X], ref catalog.Ref, dry bool, mk *maker, e formEdit[C]) (now []C, err error) {
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		now, err = r.resolve(ctx, tx, []catalog.Ref{ref})
		return err
	})
	if err != nil {
		return nil, err
	}
	id := r.id(now[0])
	e.form.Title = fmt.Sprintf("Edit %s %d: %s", r.kind, id, catalog.Visible(r.label(now[0])))
	e.hold(e.form, now[0])
	e.form.Begin()
	shown := copied(e.form)
	if e.over != nil {
		e.over(e.form)
	}
	for {
		if _, err := a.ask().Fill(ctx, e.form); err != nil {
			return nil, err
		}
		if !e.form.Touched() {
			return now, nil
		}
		saved, err := saveEdit(ctx, a, r, now[0], shown, dry, mk, e)
		if err == nil || ctx.Err() != nil {
			return saved, err
		}
		e.form.Problem = err.Error()
	}
}

// saveEdit makes the changes of a form to the record it was opened on. An id does
// not say that alone: the catalog may be another one by now.
func saveEdit[C, D, X any](ctx context.Context, a *app, r records[C, D, X], opened C, shown *form.Form, dry bool, mk *maker, e formEdit[C]) ([]C, error) {
	id := r.id(opened)
	clear(mk.twins)
	to, discard, err := e.change(e.form, mk)
	if discard != nil {
		defer discard()
	}
	if err != nil {
		return nil, err
	}
	same := func(ctx context.Context, tx *store.Tx, mk *maker, c *C) error {
		if e.born(*c) != e.born(opened) {
			return fmt.Errorf("the catalog was replaced, and %s %d is %s now; leave the form, and open it again", r.kind, id, catalog.Quote(r.label(*c)))
		}
		if err := overtaken(e, shown, *c); err != nil {
			return err
		}
		return to(ctx, tx, mk, c)
	}
	return changeRecords(ctx, a, r, []catalog.Ref{{ID: id}}, mk, editing[C]{dry: dry, change: same})
}

// overtaken is an error if a field that was changed in the form is another by now
// in the catalog than the form has shown. It is said once, and shown is brought up
// to date: who saves again wants to.
func overtaken[C any](e formEdit[C], shown *form.Form, now C) error {
	fresh := copied(e.form)
	e.hold(fresh, now)
	var others []string
	for i, field := range fresh.Fields {
		if e.form.Changed(field.Key) && fieldText(field) != fieldText(shown.Fields[i]) && fieldText(field) != fieldText(e.form.Fields[i]) {
			others = append(others, fmt.Sprintf("%s is %s by now", field.Label, catalog.Quote(fieldText(field))))
		}
	}
	shown.Fields = fresh.Fields
	if len(others) == 0 {
		return nil
	}
	return fmt.Errorf("changed by another process: %s; save again to have it as it is here", strings.Join(others, ", "))
}
