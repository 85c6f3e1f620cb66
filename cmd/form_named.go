package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/form"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

// freeName makes a field of a name one that refuses names which are taken, by a
// record other than self.
func (a *app) freeName(ctx context.Context, kind catalog.Kind, f *form.Field, self *int64) *form.Field {
	rule := f.Check
	o := a.storeOptions()
	o.BusyTimeout = min(o.BusyTimeout, pickWait)
	f.Check = func(name string) error {
		if err := rule(name); err != nil {
			return err
		}
		clean, err := catalog.CleanLine(name)
		if err != nil {
			return err
		}
		var taken error
		store.Peek(ctx, o, func(tx *store.Tx) error { // what cannot be looked up here is found out when it is saved
			taken = refuseName(ctx, tx, kind, clean, *self)
			return nil
		})
		return taken
	}
	return f
}

// genreForm makes the form of a genre; self is its id, 0 for a new one.
func (a *app) genreForm(ctx context.Context, title string, self *int64) *form.Form {
	return &form.Form{Title: title, Fields: []*form.Field{
		needed(a.freeName(ctx, catalog.KindGenre, lineField("name", "Name", "", catalog.CleanLine), self)),
		textField("notes", "Notes", "what belongs to it, any number of lines"),
	}}
}

func bindGenre(name, notes *string) binding {
	return binding{texts: map[string]*string{"name": name, "notes": notes}}
}

// genreAddForm asks for a genre and adds it.
func (a *app) genreAddForm(c *cobra.Command, name, notes string) error {
	fm := a.genreForm(c.Context(), "Add a genre", new(int64))
	bindGenre(&name, &notes).begin(c.Context(), fm, c.Flags().Changed, false)
	return addNamedInForm(a, c, a.genres(), fm, func(ctx context.Context) ([]catalog.Genre, error) {
		bindGenre(&name, &notes).end(fm, nil)
		var g catalog.Genre
		if err := genrePatch(answered(fm, c.Flags().Changed), name, notes, &g); err != nil {
			return nil, err
		}
		return insertNamed(ctx, a, a.genres(), g.Name, insertGenre(g))
	})
}

// addNamedInForm asks for a record of which little more than the name is known.
func addNamedInForm[C, D, X any](a *app, c *cobra.Command, r records[C, D, X], fm *form.Form, save func(context.Context) ([]C, error)) error {
	if err := output.CheckFields[D](a.fields); err != nil {
		return err
	}
	added, err := addInForm(a, c, fm, func(ctx context.Context, _ int) ([]C, error) { return save(ctx) })
	if err != nil {
		return err
	}
	return r.wrote(a, "added", added)
}

// genreEditForm asks for changes to a genre and makes them.
func (a *app) genreEditForm(c *cobra.Command, word, name, notes string, dry bool) error {
	ref, err := catalog.ParseRef(catalog.KindGenre, word)
	if err != nil {
		return err
	}
	var self int64
	e := formEdit[catalog.Genre]{born: func(c catalog.Genre) string { return c.CreatedAt }, form: a.genreForm(c.Context(), "", &self),
		hold: func(fm *form.Form, g catalog.Genre) {
			self = g.ID
			fm.Field("name").Text, fm.Field("notes").Text = g.Name, g.Notes
		},
		over: func(fm *form.Form) { bindGenre(&name, &notes).begin(c.Context(), fm, c.Flags().Changed, false) },
		change: func(fm *form.Form, _ *maker) (change[catalog.Genre], func(), error) {
			bindGenre(&name, &notes).end(fm, nil)
			return changingGenre(altered(fm, c.Flags().Changed), &name, &notes), nil, nil
		}}
	return runEdit(c.Context(), a, a.genres(), ref, dry, e)
}

// countryForm makes the form of a country; self is its id, 0 for a new one.
func (a *app) countryForm(ctx context.Context, title string, self *int64) *form.Form {
	return &form.Form{Title: title, Fields: []*form.Field{
		needed(a.freeName(ctx, catalog.KindCountry, lineField("name", "Name", "", catalog.CleanLine), self)),
	}}
}

// countryAddForm asks for a country and adds it.
func (a *app) countryAddForm(c *cobra.Command, name string) error {
	fm := a.countryForm(c.Context(), "Add a country", new(int64))
	fm.Field("name").Text = name
	return addNamedInForm(a, c, a.countries(), fm, func(ctx context.Context) ([]catalog.Country, error) {
		clean, err := catalog.CleanLine(fm.Field("name").Text)
		if err != nil {
			return nil, err
		}
		return insertNamed(ctx, a, a.countries(), clean, insertCountry(catalog.Country{Name: clean}))
	})
}

// countryEditForm asks for another name of a country.
func (a *app) countryEditForm(c *cobra.Command, word, name string, dry bool) error {
	ref, err := catalog.ParseRef(catalog.KindCountry, word)
	if err != nil {
		return err
	}
	var self int64
	e := formEdit[catalog.Country]{born: func(c catalog.Country) string { return c.CreatedAt }, form: a.countryForm(c.Context(), "", &self),
		hold: func(fm *form.Form, n catalog.Country) { self, fm.Field("name").Text = n.ID, n.Name },
		over: func(fm *form.Form) {
			if c.Flags().Changed("name") {
				fm.Field("name").Text = name
			}
		},
		change: func(fm *form.Form, _ *maker) (change[catalog.Country], func(), error) {
			clean, err := catalog.CleanLine(fm.Field("name").Text)
			return renaming(clean), nil, err
		}}
	return runEdit(c.Context(), a, a.countries(), ref, dry, e)
}
