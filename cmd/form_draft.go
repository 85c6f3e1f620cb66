package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/form"
)

// draftKeeper keeps what is typed into a form until it is saved, so that a lost
// terminal loses none of it.
type draftKeeper struct {
	draft form.Draft
	kept  *form.Kept // nil where there is no place for drafts
	form  *form.Form
	parts func() []form.Answers // of the forms that belong to it; nil is none
	note  func(format string, args ...any)
	told  bool // that drafts cannot be kept
}

func newDraftKeeper(a *app, c *cobra.Command, f *form.Form, parts func() []form.Answers) *draftKeeper {
	k := &draftKeeper{draft: a.draftOf(c), parts: parts, note: a.note}
	if drafts, err := a.drafts(); err == nil {
		k.kept = drafts.New()
	}
	k.keeping(f)
	return k
}

// keeping makes a form the one that is kept.
func (k *draftKeeper) keeping(f *form.Form) {
	k.form = f
	f.Typed = k.keep
}

// keep writes what is typed by now. That it cannot is said once: it is no reason
// to stop somebody who types.
func (k *draftKeeper) keep() {
	if k.kept == nil {
		return
	}
	k.draft.Answers = k.form.Answers()
	if k.parts != nil {
		k.draft.Parts = k.parts()
	}
	if !k.form.Touched() && len(k.draft.Parts) == 0 {
		k.drop() // nothing was typed, or all of it was taken back
		return
	}
	if err := k.kept.Keep(k.draft); err != nil && !k.told {
		k.told = true
		k.note("warning: no draft can be kept of this form: %v", err)
	}
}

// drop forgets what was typed: it is saved, or not wanted.
func (k *draftKeeper) drop() {
	if k.kept != nil {
		k.kept.Drop()
	}
}

// forget is drop for a form that was left, unless the terminal went away.
func (k *draftKeeper) forget(err error) {
	if !errors.Is(err, form.ErrEnded) {
		k.drop()
	}
}

// release leaves what was typed to the next call of the command.
func (k *draftKeeper) release() {
	if k.kept != nil {
		k.kept.Release()
	}
}

// offerDraft asks whether to go on with a form that was never saved, and puts
// its answers into this one. It returns those of the forms that belong to it.
func (k *draftKeeper) offerDraft(ctx context.Context, a *app) ([]form.Answers, error) {
	drafts, err := a.drafts()
	if err != nil {
		return nil, nil
	}
	draft, kept, err := drafts.Left(k.draft.Form, k.draft.Catalog)
	if err != nil || kept == nil {
		return nil, nil
	}
	q := form.Question{Title: "There is a draft that was never saved, of " + draft.Saved.Local().Format(time.DateTime)}
	was := copied(k.form)
	was.Restore(draft.Answers)
	q.Text = summary(was)
	if n := len(draft.Parts); n > 0 {
		q.Text = append(q.Text, fmt.Sprintf("and %d of the cast", n))
	}
	for _, name := range []string{"Go on with it", "Throw it away", "Leave it for later"} {
		q.Options = append(q.Options, form.Option{Picked: form.Picked{Name: name}})
	}
	at, err := a.ask().Choose(ctx, q)
	if err != nil {
		kept.Release()
		return nil, err
	}
	switch at {
	case 0:
		k.form.Restore(draft.Answers)
		recall(ctx, k.form, false)
		k.kept.Drop()
		k.kept = kept
		return draft.Parts, nil
	case 1:
		return nil, kept.Drop()
	}
	kept.Release()
	return nil, nil
}

// copied is a form that can be filled without the other.
func copied(f *form.Form) *form.Form {
	c := *f
	c.Fields = nil
	for _, field := range f.Fields {
		one := *field
		c.Fields = append(c.Fields, &one)
	}
	return &c
}

// recall looks whether the records that a draft picked are those of their names
// still: the catalog may have changed since, or be another. One that is not is
// picked anew by its name; create says that it is to be made if that fails.
func recall(ctx context.Context, f *form.Form, create bool) {
	for _, field := range f.Fields {
		was := field.Picked
		field.Picked = nil
		for _, p := range was {
			found, err := field.Search(ctx, p.Name)
			if p.ID == 0 || err != nil || slices.ContainsFunc(found, func(o form.Option) bool { return o.Picked == p }) {
				field.Picked = append(field.Picked, p)
				continue
			}
			meant(ctx, field, p.Name, create && field.Makes != "")
		}
	}
}
