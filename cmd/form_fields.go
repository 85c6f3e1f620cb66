package cmd

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/form"
)

// checked makes the rule of a flag the check of a field.
func checked[T any](parse func(string) (T, error)) func(string) error {
	return func(s string) error {
		_, err := parse(s)
		return err
	}
}

// lineField is a field of one line.
func lineField[T any](key, label, hint string, parse func(string) (T, error)) *form.Field {
	return &form.Field{Key: key, Label: label, Hint: hint, Check: checked(parse)}
}

// textField is a field of several lines.
func textField(key, label, hint string) *form.Field {
	return &form.Field{Key: key, Label: label, Hint: hint, Kind: form.Text, Check: checked(catalog.CleanText)}
}

// needed makes a field one that may not be left empty.
func needed(f *form.Field) *form.Field {
	f.Required = true
	return f
}

// recordField is a field of one record of a kind.
func (a *app) recordField(kind catalog.Kind, key, label, hint string) *form.Field {
	f := &form.Field{Key: key, Label: label, Hint: hint, Kind: form.Pick, Search: a.finder(kind),
		Check: func(name string) error {
			_, err := catalog.ParseRef(kind, catalog.NameRef(kind, name))
			return err
		}}
	switch kind {
	case catalog.KindPerson, catalog.KindCountry, catalog.KindGenre:
		f.Makes = string(kind)
	}
	return f
}

// pictureField is a field of a picture file.
func (a *app) pictureField(ctx context.Context, key, label string, lim func() (blob.Limits, error)) *form.Field {
	return &form.Field{Key: key, Label: label, Kind: form.File, Hint: "the path of a picture, or file:7 for one already here",
		Check: func(path string) error {
			l, err := lim()
			if err != nil {
				return err
			}
			return a.checkPicture(ctx, a.expanded(path), l)
		}}
}

// expanded is a path as a shell would hand it over: ~/ is the home directory.
func (a *app) expanded(path string) string {
	path = strings.TrimSpace(path)
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := a.Home(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return path
}

// checkPicture is an error if a path, or file:7, is no picture that can be
// taken. Standard input is where the form is typed.
func (a *app) checkPicture(ctx context.Context, path string, lim blob.Limits) error {
	if path == "-" {
		return catalog.Invalidf("- is standard input, which is the keyboard here; write the path of a picture")
	}
	if ref, ok, err := fileRef(path); ok || err != nil {
		if err == nil {
			_, err = a.storedPicture(ctx, ref, lim)
		}
		return err
	}
	f, err := blob.OpenSource(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return blob.CheckPictureFile(ctx, f, lim)
}

// binding ties the fields of a form to the values of the flags that say the
// same.
type binding struct {
	kinds map[string]catalog.Kind // of the fields that hold records
	texts map[string]*string
	lists map[string]*[]string
}

// begin puts what the given flags say into the fields. Names that mean one record
// are that; create says that the others are to be made.
func (b binding) begin(ctx context.Context, f *form.Form, is told, create bool) {
	for _, field := range f.Fields {
		if !is(field.Key) {
			continue
		}
		field.Text, field.Picked = "", nil
		if to := b.texts[field.Key]; to != nil && field.Kind != form.Pick {
			field.Text = *to
		} else if to != nil && strings.TrimSpace(*to) != "" {
			meant(ctx, field, *to, create)
		}
		if to := b.lists[field.Key]; to != nil {
			for _, name := range *to {
				if strings.TrimSpace(name) != "" {
					meant(ctx, field, name, create)
				}
			}
		}
	}
}

// meant picks the record that a name means; else the name stays to be picked
// by, the only one or the last.
func meant(ctx context.Context, field *form.Field, name string, create bool) {
	found, err := field.Search(ctx, name)
	if err == nil && len(found) > 0 && found[0].Exact && (len(found) == 1 || !found[1].Exact) {
		field.Picked = append(field.Picked, found[0].Picked)
		return
	}
	if create || field.Kind == form.PickMany && field.Text != "" {
		field.Picked = append(field.Picked, form.Picked{Name: name})
		return
	}
	field.Text = name
}

// end puts the answers into the values of the flags. made collects the people
// who are to be made whoever has their name already.
func (b binding) end(f *form.Form, made map[string]bool) {
	for _, field := range f.Fields {
		kind := b.kinds[field.Key]
		names := make([]string, len(field.Picked))
		for i, p := range field.Picked {
			names[i] = refText(kind, p)
			if ref, err := catalog.ParseRef(kind, names[i]); err == nil && p.ID == 0 && kind == catalog.KindPerson {
				made[ref.Name] = true
			}
		}
		if to := b.lists[field.Key]; to != nil {
			*to = names
		}
		to := b.texts[field.Key]
		switch {
		case to == nil:
		case field.Kind == form.Pick:
			*to = strings.Join(names, "")
		default:
			*to = field.Text
		}
	}
}

// refText writes what was picked as a flag says it.
func refText(kind catalog.Kind, p form.Picked) string {
	if p.ID != 0 {
		return "id:" + strconv.FormatInt(p.ID, 10)
	}
	return catalog.NameRef(kind, p.Name)
}

// answered is told for the form of a new record: what is not empty is given.
func answered(f *form.Form, flags told) told {
	return func(name string) bool {
		field := f.Field(name)
		if field == nil {
			return flags(name)
		}
		return strings.TrimSpace(field.Text) != "" || len(field.Picked) > 0
	}
}

// altered is told for the form of a record that is there: what is another than
// before is given.
func altered(f *form.Form, flags told) told {
	return func(name string) bool {
		if f.Field(name) == nil {
			return flags(name)
		}
		return f.Changed(name)
	}
}

// pickedOf is a record as a field holds it; none for an id of 0.
func pickedOf(id int64, name string) []form.Picked {
	if id == 0 {
		return nil
	}
	return []form.Picked{{ID: id, Name: name}}
}
