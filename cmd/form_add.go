package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/form"
)

// addInForm asks for one record until save has saved it: what save refuses is
// said above the form, with all that was typed. What is typed is kept as a draft
// until then.
func addInForm[T any](a *app, c *cobra.Command, fm *form.Form, save func(ctx context.Context, action int) (T, error)) (saved T, err error) {
	ctx := c.Context()
	keeper := newDraftKeeper(a, c, fm, nil)
	defer keeper.release()
	fm.Begin()
	saved, err = fillAndSave(ctx, a, keeper, fm, save)
	if errors.Is(err, form.ErrLeft) {
		keeper.forget(err)
	}
	if cerr := a.endTalk(); err == nil {
		err = cerr
	}
	return saved, err
}

func fillAndSave[T any](ctx context.Context, a *app, keeper *draftKeeper, fm *form.Form, save func(context.Context, int) (T, error)) (saved T, err error) {
	if _, err := keeper.offerDraft(ctx, a); err != nil {
		return saved, err
	}
	for {
		action, err := a.ask().Fill(ctx, fm)
		if err != nil {
			return saved, err
		}
		fm.Problem = ""
		saved, err = save(ctx, action)
		switch {
		case err == nil:
			keeper.drop()
			return saved, nil
		case errors.Is(err, form.ErrLeft), ctx.Err() != nil:
			return saved, err
		case !errors.Is(err, form.ErrBack):
			fm.Problem = err.Error()
		}
	}
}

// chooseExisting asks what to do about a record that may be the one that is being
// added: anyway is to add another one, otherwise the one there is to be opened.
// Going back to the form is form.ErrBack.
func (a *app) chooseExisting(ctx context.Context, exists *catalog.ExistsError) (anyway bool, err error) {
	q := form.Question{Title: fmt.Sprintf("This %s may be in the catalog already", exists.Kind), Back: true}
	for _, name := range []string{fmt.Sprintf("Open %s %d: %s", exists.Kind, exists.ID, exists.Name),
		fmt.Sprintf("Save it anyway, as another %s", exists.Kind), "Go back"} {
		q.Options = append(q.Options, form.Option{Picked: form.Picked{Name: name}})
	}
	at, err := a.ask().Choose(ctx, q)
	if err == nil && at == 2 {
		err = form.ErrBack
	}
	return at == 1, err
}

// wroteAny is wrote for records that may be none.
func (r records[C, D, X]) wroteAny(a *app, verb string, cs []C) error {
	if len(cs) == 0 {
		return nil
	}
	return r.wrote(a, verb, cs)
}
