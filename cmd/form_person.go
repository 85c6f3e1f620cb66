package cmd

import (
	"context"
	"errors"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/form"
)

// bind ties the form of a person to the flags.
func (f *personFlags) bind() binding {
	return binding{
		kinds: map[string]catalog.Kind{"country": catalog.KindCountry},
		texts: map[string]*string{"first-name": &f.firstName, "last-name": &f.lastName, "date-of-birth": &f.dateOfBirth,
			"gender": &f.gender, "country": &f.country, "biography": &f.biography},
	}
}

// form makes the form of a person.
func (f *personFlags) form(a *app, title string) *form.Form {
	return &form.Form{Title: title, Fields: []*form.Field{
		lineField("first-name", "First name", "empty for a single name", catalog.CleanLine),
		needed(lineField("last-name", "Last name", "", catalog.CleanLine)),
		lineField("date-of-birth", "Born", "1932, 1932-04 or 1932-04-04", catalog.ParseDate),
		lineField("gender", "Gender", "any word", catalog.CleanLine),
		a.recordField(catalog.KindCountry, "country", "Country", "type a name or a code to search"),
		textField("biography", "Biography", "a life, any number of lines"),
	}}
}

// holdPerson puts a person of the catalog into the form.
func holdPerson(f *form.Form, p catalog.Person) {
	for key, text := range map[string]string{"first-name": p.FirstName, "last-name": p.LastName, "date-of-birth": p.DateOfBirth,
		"gender": p.Gender, "biography": p.Biography} {
		f.Field(key).Text = text
	}
	f.Field("country").Picked = pickedOf(p.Country.ID, p.Country.Name)
}

// personAddForm asks for a person and adds them.
func (a *app) personAddForm(c *cobra.Command, words []string, f personFlags) error {
	fm := f.form(a, "Add a person")
	f.bind().begin(c.Context(), fm, c.Flags().Changed, f.create)
	if len(words) > 0 {
		base, year := catalog.SplitYear(words[0])
		fm.Field("first-name").Text, fm.Field("last-name").Text = catalog.SplitName(base)
		if born := fm.Field("date-of-birth"); year != 0 && born.Text == "" {
			born.Text = strconv.Itoa(year)
		}
	}
	var edited []catalog.Person
	mk := newTwins()
	added, err := addInForm(a, c, fm, func(ctx context.Context, _ int) ([]catalog.Person, error) {
		clear(mk.twins)
		f.bind().end(fm, mk.twins)
		p, err := f.patch(answered(fm, c.Flags().Changed))
		if err != nil {
			return nil, err
		}
		added, err := a.insertPerson(ctx, p, mk, f.duplicate)
		var exists *catalog.ExistsError
		if !errors.As(err, &exists) || exists.Kind != catalog.KindPerson {
			return added, err
		}
		anyway, err := a.chooseExisting(ctx, exists)
		if err != nil {
			return nil, err
		}
		if anyway {
			return a.insertPerson(ctx, p, mk, true)
		}
		e := personFlags{}.editing(c, a, lacking(fm))
		e.form.Back = true
		edited, err = askEdit(ctx, a, a.persons(), catalog.Ref{ID: exists.ID}, false, mk, e)
		return nil, err
	})
	if err != nil {
		return err
	}
	mk.tell(a, false)
	return errors.Join(a.persons().wroteAny(a, "added", added), a.persons().wroteAny(a, "edited", edited))
}

// lacking fills what a record lacks with what was typed into another form of the
// kind.
func lacking(typed *form.Form) func(*form.Form) {
	return func(fm *form.Form) {
		for _, field := range fm.Fields {
			if from := typed.Field(field.Key); field.Text == "" && len(field.Picked) == 0 {
				field.Text, field.Picked = from.Text, from.Picked
			}
		}
	}
}

// personEditForm asks for changes to a person and makes them.
func (a *app) personEditForm(c *cobra.Command, word string, f personFlags) error {
	ref, err := catalog.ParseRef(catalog.KindPerson, word)
	if err != nil {
		return err
	}
	return runEdit(c.Context(), a, a.persons(), ref, f.dry, f.editing(c, a, func(fm *form.Form) {
		f.bind().begin(c.Context(), fm, c.Flags().Changed, f.create)
	}))
}

// editing is the form that edits a person.
func (f personFlags) editing(c *cobra.Command, a *app, over func(*form.Form)) formEdit[catalog.Person] {
	return formEdit[catalog.Person]{born: func(c catalog.Person) string { return c.CreatedAt }, form: f.form(a, ""), hold: holdPerson, over: over,
		change: func(fm *form.Form, mk *maker) (change[catalog.Person], func(), error) {
			f.bind().end(fm, mk.twins)
			p, err := f.patch(altered(fm, c.Flags().Changed))
			return p.changing(), nil, err
		}}
}
