package cmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/form"
	"github.com/moviedb/moviedb/internal/output"
)

// bind ties the form of a user to the flags.
func (f *userFlags) bind() binding {
	return binding{texts: map[string]*string{"username": &f.username, "first-name": &f.firstName, "last-name": &f.lastName,
		"email": &f.email, "avatar": &f.avatar.path}}
}

// form makes the form of a user; self is the id, 0 for a new one.
func (f *userFlags) form(ctx context.Context, a *app, c *cobra.Command, title string, self *int64) *form.Form {
	return &form.Form{Title: title, Fields: []*form.Field{
		needed(a.freeName(ctx, catalog.KindUser, lineField("username", "Username", "one word, not all digits", catalog.ParseUsername), self)),
		lineField("first-name", "First name", "", catalog.CleanLine),
		lineField("last-name", "Last name", "", catalog.CleanLine),
		lineField("email", "E-mail", "", catalog.ParseEmail),
		a.pictureField(ctx, "avatar", "Avatar", func() (blob.Limits, error) { return f.avatar.size.limits(c) }),
	}}
}

// secretFields are the fields of a new password, which is typed twice.
func secretFields() []*form.Field {
	first := &form.Field{Key: "password", Label: "Password", Kind: form.Secret, Hint: "empty for none",
		Check: func(s string) error { return checkPassword([]byte(s)) }}
	second := &form.Field{Key: "password-again", Label: "Once more", Kind: form.Secret, Hint: "the same password",
		Check: func(s string) error {
			if s != first.Text {
				return errors.New("the two passwords differ")
			}
			return nil
		}}
	return []*form.Field{first, second}
}

// userAddForm asks for a user and adds them.
func (a *app) userAddForm(c *cobra.Command, f userFlags) error {
	if err := output.CheckFields[output.User](a.fields); err != nil {
		return err
	}
	fm := f.form(c.Context(), a, c, "Add a user", new(int64))
	fm.Fields = append(fm.Fields, secretFields()...)
	f.bind().begin(c.Context(), fm, c.Flags().Changed, false)
	added, err := addInForm(a, c, fm, func(ctx context.Context, _ int) ([]catalog.User, error) {
		f.bind().end(fm, nil)
		f.avatar.path = a.expanded(f.avatar.path)
		hash := ""
		if secret := fm.Field("password").Text; secret != fm.Field("password-again").Text {
			return nil, catalog.Invalidf("the two passwords differ; type the same one twice")
		} else if secret != "" {
			var err error
			if hash, err = hashNew([]byte(secret)); err != nil {
				return nil, err
			}
		}
		p, err := f.patch(a, c, answered(fm, c.Flags().Changed))
		defer p.avatar.discard()
		if err != nil {
			return nil, err
		}
		return a.insertUser(ctx, &p, hash)
	})
	if err != nil {
		return err
	}
	return a.users().wrote(a, "added", added)
}

// userEditForm asks for changes to a user and makes them.
func (a *app) userEditForm(c *cobra.Command, word string, f userFlags) error {
	ref, err := catalog.ParseRef(catalog.KindUser, word)
	if err != nil {
		return err
	}
	var self int64
	e := formEdit[catalog.User]{born: func(c catalog.User) string { return c.CreatedAt }, form: f.form(c.Context(), a, c, "", &self),
		hold: func(fm *form.Form, u catalog.User) {
			self = u.ID
			for key, text := range map[string]string{"username": u.Username, "first-name": u.FirstName, "last-name": u.LastName,
				"email": u.Email, "avatar": fileText(u.Avatar)} {
				fm.Field(key).Text = text
			}
		},
		over: func(fm *form.Form) {
			f.bind().begin(c.Context(), fm, c.Flags().Changed, false)
			if f.avatar.none {
				fm.Field("avatar").Text = ""
			}
		},
		change: func(fm *form.Form, _ *maker) (change[catalog.User], func(), error) {
			f.bind().end(fm, nil)
			f.avatar.path, f.avatar.none = a.expanded(f.avatar.path), false
			p, err := f.patch(a, c, altered(fm, c.Flags().Changed))
			return p.changing(a), p.avatar.discard, err
		}}
	return runEdit(c.Context(), a, a.users(), ref, f.dry, e)
}

// The actions of the form of a photo.
const (
	photoSave = iota
	photoPrimary
	photoAnother
)

// photoAddForm asks for pictures of a person and adds them.
func (a *app) photoAddForm(c *cobra.Command, words []string, primary bool, size sizeFlag) error {
	person := needed(a.recordField(catalog.KindPerson, "person", "Person", "type to search"))
	person.Makes = ""
	picture := needed(a.pictureField(c.Context(), "file", "Picture", func() (blob.Limits, error) { return size.limits(c) }))
	if len(words) > 0 {
		meant(c.Context(), person, words[0], false)
	}
	if len(words) > 1 {
		picture.Text = words[1]
	}
	if len(words) > 2 {
		return usagef(c.CommandPath(), "the form takes one picture after the other; give one, or leave --interactive out")
	}
	var all []catalog.Photo
	fm := &form.Form{Title: "Add a photo", Fields: []*form.Field{person, picture}, Actions: []string{"Save", "Save as the primary one", "Save, then another"}}
	for again := true; again; {
		added, err := addInForm(a, c, fm, func(ctx context.Context, action int) ([]catalog.Photo, error) {
			again = action == photoAnother
			lim, err := size.limits(c)
			if err != nil {
				return nil, err
			}
			return a.insertPhotos(ctx, catalog.Ref{ID: person.Picked[0].ID}, []string{a.expanded(picture.Text)}, primary || action == photoPrimary, lim)
		})
		all = append(all, added...)
		if errors.Is(err, form.ErrLeft) && len(all) > 0 && !fm.Touched() {
			break
		}
		if err != nil {
			return errors.Join(a.photos().wroteAny(a, "added", all), err)
		}
		picture.Text = ""
		fm.Status = all[len(all)-1].File.Label() + " is saved"
	}
	return a.photos().wrote(a, "added", all)
}
