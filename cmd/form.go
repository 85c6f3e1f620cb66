package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/config"
	"github.com/moviedb/moviedb/internal/form"
	"github.com/moviedb/moviedb/internal/store"
)

const (
	pickable = 30                     // records a picker offers
	pickWait = 300 * time.Millisecond // the longest a picker waits for a locked catalog
)

// talk is how this run asks people.
type talk struct {
	screen   io.Writer  // the terminal itself: a pager may stand between it and Err
	asker    form.Asker // nil until the first question
	onScreen bool       // a form has the whole terminal: notes wait until it is gone
	notes    []string
}

// accessible reports whether to ask line by line.
func (a *app) accessible() bool {
	term := a.Getenv("TERM")
	return a.cfg.Accessible || a.Getenv("ACCESSIBLE") != "" || term == "dumb" || term == ""
}

// ask returns who asks, on a full screen or line by line.
func (a *app) ask() form.Asker {
	if a.talk.asker != nil {
		a.talk.onScreen = !a.accessible()
		return a.talk.asker
	}
	if a.accessible() {
		lines := form.NewLines(a.In, a.Err)
		if a.ReadPassword != nil {
			lines.Secret = a.askPassword
		}
		a.talk.asker = lines
		return lines
	}
	a.talk.onScreen = true
	editor := a.Getenv("VISUAL")
	if editor == "" {
		editor = a.Getenv("EDITOR")
	}
	a.talk.asker = form.NewScreen(form.Terminal{In: a.In, Out: a.talk.screen, Color: a.colorOnScreen(), Editor: strings.Fields(editor)})
	return a.talk.asker
}

// colorOnScreen reports whether a form may use colour.
func (a *app) colorOnScreen() bool {
	return a.cfg.Color == "always" || a.cfg.Color != "never" && a.Getenv("NO_COLOR") == ""
}

// endTalk gives the terminal back and prints the notes that waited for that.
func (a *app) endTalk() error {
	if a.talk.asker == nil {
		return nil
	}
	err := a.talk.asker.Close()
	a.talk.onScreen = false
	for _, line := range a.talk.notes {
		fmt.Fprintln(a.Err, line)
	}
	a.talk.notes = nil
	return err
}

// addInteractive adds --interactive.
func addInteractive(c *cobra.Command, interactive *bool) {
	c.Flags().BoolVarP(interactive, "interactive", "i", false, "ask in a form, which begins with what the flags say")
}

// formed runs the form of a command if it is to be opened: it was asked for, or
// there is nothing but the words that are needed and somebody to ask. asked is
// whether that ended the command.
func (a *app) formed(c *cobra.Command, interactive, bare bool, form func() error) (asked bool, err error) {
	switch {
	case interactive && !a.mayAsk():
		return true, usagef(c.CommandPath(), "a form needs a terminal to ask on, and no --no-input; give the values as flags")
	case interactive:
		return true, form()
	case !bare || !a.mayAsk():
		return false, nil
	}
	given := false
	c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) { given = given || f.Changed })
	if given {
		return false, nil
	}
	return true, form()
}

// choosing runs something that resolves names, again if a name means several
// records and somebody is there to say which.
func (a *app) choosing(ctx context.Context, run func() error) error {
	for {
		err := run()
		var several *catalog.AmbiguousError
		if !errors.As(err, &several) || !a.mayAsk() || a.talk.onScreen || len(several.Candidates) == 0 {
			return err
		}
		id, lerr := a.chooseOne(ctx, several)
		if lerr != nil {
			return lerr
		}
		if a.chosen == nil {
			a.chosen = map[named]int64{}
		}
		a.chosen[named{several.Kind, several.Ref}] = id
	}
}

// named is a name of a record that was chosen from several.
type named struct {
	kind catalog.Kind
	ref  catalog.Ref
}

// chooseOne asks which record a name means.
func (a *app) chooseOne(ctx context.Context, several *catalog.AmbiguousError) (int64, error) {
	q := form.Question{Title: fmt.Sprintf("Several %s are called %s", several.Kind.Plural(), catalog.Quote(several.Ref.Text))}
	for _, c := range several.Candidates {
		q.Options = append(q.Options, form.Option{Picked: form.Picked{ID: c.ID, Name: c.Label()}, Detail: fmt.Sprintf("%s %d", several.Kind, c.ID)})
	}
	at, err := a.ask().Choose(ctx, q)
	if cerr := a.endTalk(); err == nil {
		err = cerr
	}
	if err != nil {
		return 0, err
	}
	return q.Options[at].ID, nil
}

// finder returns the search of a picker.
func (a *app) finder(kind catalog.Kind) func(context.Context, string) ([]form.Option, error) {
	o := a.storeOptions()
	o.BusyTimeout = min(o.BusyTimeout, pickWait)
	return func(ctx context.Context, typed string) (options []form.Option, err error) {
		err = store.Peek(ctx, o, func(tx *store.Tx) error {
			cs, err := tx.Pick(ctx, kind, typed, pickable)
			for _, c := range cs {
				options = append(options, form.Option{Picked: form.Picked{ID: c.ID, Name: c.Name}, Detail: c.Detail, Exact: c.Exact})
			}
			return err
		})
		if errors.Is(err, store.ErrNoCatalog) {
			err = nil // it is made when the first record is saved
		}
		return options, err
	}
}

// drafts are where forms that were never saved are kept.
func (a *app) drafts() (form.Drafts, error) {
	dir, err := config.StateDir(a.Getenv, a.Home)
	return form.Drafts{Dir: dir}, err
}

// draftOf names the draft of a command on this run's catalog.
func (a *app) draftOf(c *cobra.Command) form.Draft {
	db, err := filepath.Abs(a.cfg.DB)
	if err != nil {
		db = a.cfg.DB
	}
	return form.Draft{Form: strings.TrimPrefix(c.CommandPath(), "moviedb "), Catalog: db}
}
