package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/form"
)

// bind ties the form of a part to the flags.
func (f *characterFlags) bind() binding {
	return binding{
		kinds: map[string]catalog.Kind{"movie": catalog.KindMovie, "actor": catalog.KindPerson},
		texts: map[string]*string{"name": &f.name, "role": &f.role, "description": &f.description, "movie": &f.movie, "actor": &f.actor},
	}
}

// form makes the form of a part.
func (f *characterFlags) form(a *app, title string) *form.Form {
	movie := needed(a.recordField(catalog.KindMovie, "movie", "Movie", "type to search"))
	return &form.Form{Title: title, Fields: append(append([]*form.Field{movie}, a.partFields()...),
		textField("description", "Description", "who that is, any number of lines"))}
}

// holdCharacter puts a part of the catalog into the form.
func holdCharacter(f *form.Form, c catalog.Character) {
	for key, text := range map[string]string{"name": c.Name, "role": c.Role, "description": c.Description} {
		f.Field(key).Text = text
	}
	f.Field("movie").Picked = pickedOf(c.Movie.ID, catalog.YearLabel(c.Movie.Title, c.Movie.Year))
	f.Field("actor").Picked = pickedOf(c.Actor.ID, c.Actor.Name)
}

// characterAddForm asks for a part and adds it.
func (a *app) characterAddForm(c *cobra.Command, f characterFlags) error {
	fm := f.form(a, "Add a part to a movie")
	f.bind().begin(c.Context(), fm, c.Flags().Changed, f.create)
	mk := newTwins()
	added, err := addInForm(a, c, fm, func(ctx context.Context, _ int) ([]catalog.Character, error) {
		clear(mk.twins)
		f.bind().end(fm, mk.twins)
		p, err := f.patch(answered(fm, c.Flags().Changed))
		if err != nil {
			return nil, err
		}
		return a.insertCharacter(ctx, p, mk)
	})
	if err != nil {
		return err
	}
	mk.tell(a, false)
	return a.characters().wrote(a, "added", added)
}

// characterEditForm asks for changes to a part and makes them.
func (a *app) characterEditForm(c *cobra.Command, word string, f characterFlags) error {
	ref, err := catalog.ParseRef(catalog.KindCharacter, word)
	if err != nil {
		return err
	}
	e := formEdit[catalog.Character]{born: func(c catalog.Character) string { return c.CreatedAt }, form: f.form(a, ""), hold: holdCharacter,
		over: func(fm *form.Form) { f.bind().begin(c.Context(), fm, c.Flags().Changed, f.create) },
		change: func(fm *form.Form, mk *maker) (change[catalog.Character], func(), error) {
			f.bind().end(fm, mk.twins)
			p, err := f.patch(altered(fm, c.Flags().Changed))
			return p.changing(), nil, err
		}}
	return runEdit(c.Context(), a, a.characters(), ref, f.dry, e)
}
