package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// flagged says which flag an error speaks of; "" is none.
func flagged(name string, err error) error {
	if err == nil || name == "" {
		return err
	}
	return fmt.Errorf("--%s: %w", name, err)
}

// told reports whether a value was given, by the name of its flag: on the
// command line, or in the form that asks for the same.
type told func(flag string) bool

// given reads the value of a flag, or returns nil if it was not given. A blank
// value is the zero value: it clears what it is the value of.
func given[T any](is told, name, text string, parse func(string) (T, error)) (*T, error) {
	if !is(name) {
		return nil, nil
	}
	var v T
	if strings.TrimSpace(text) == "" {
		return &v, nil
	}
	v, err := parse(text)
	return &v, flagged(name, err)
}

// flagReader reads the flags of a command one after the other and remembers the
// first that is wrong.
type flagReader struct {
	told told
	err  error
}

// take is given for one of several flags.
func take[T any](r *flagReader, name, text string, parse func(string) (T, error)) *T {
	if r.err != nil {
		return nil
	}
	var v *T
	v, r.err = given(r.told, name, text, parse)
	return v
}

// ref takes a flag that names a record. A blank value is the zero Ref, which
// means none.
func (r *flagReader) ref(kind catalog.Kind, name, text string) *catalog.Ref {
	return take(r, name, text, func(s string) (catalog.Ref, error) { return catalog.ParseRef(kind, s) })
}

// refs takes a repeatable flag that names records; blank values are left out.
func (r *flagReader) refs(kind catalog.Kind, name string, texts []string) []catalog.Ref {
	var refs []catalog.Ref
	for _, t := range texts {
		if strings.TrimSpace(t) == "" || r.err != nil {
			continue
		}
		ref, err := catalog.ParseRef(kind, t)
		r.err = flagged(name, err)
		refs = append(refs, ref)
	}
	return refs
}

// set writes a value that was given.
func set[T any](to *T, v *T) {
	if v != nil {
		*to = *v
	}
}

// maker finds the records that flags name and, where that was asked for, makes
// those that are missing.
type maker struct {
	create bool
	twins  map[string]bool  // names of people to be made whoever bears them already
	born   map[string]int64 // those of them that are made by now
	made   []string         // what was made, for the user to know
}

// begin forgets what was made: a transaction begins.
func (m *maker) begin() { m.made, m.born = nil, map[string]int64{} }

// id returns the id of the record that ref names, 0 for the zero Ref.
func (m *maker) id(ctx context.Context, tx *store.Tx, kind catalog.Kind, flag string, ref catalog.Ref) (int64, error) {
	if ref == (catalog.Ref{}) {
		return 0, nil
	}
	twin := ref.ID == 0 && kind == catalog.KindPerson && m.twins[ref.Name]
	if id := m.born[ref.Name]; twin && id != 0 {
		return id, nil
	}
	if !twin {
		found, err := tx.Resolve(ctx, kind, ref)
		if err == nil {
			return found.ID, nil
		}
		if !errors.Is(err, catalog.ErrNotFound) || ref.ID != 0 {
			return 0, flagged(flag, err)
		}
		if !m.create {
			return 0, flagged(flag, &unmadeError{err})
		}
	}
	id, err := m.make(ctx, tx, kind, ref.Name)
	if err != nil {
		return 0, flagged(flag, err)
	}
	if twin {
		m.born[ref.Name] = id
	}
	m.made = append(m.made, fmt.Sprintf("%s %d: %s", kind, id, catalog.Visible(ref.Name)))
	return id, nil
}

// unmadeError adds to a missing name how to make the record.
type unmadeError struct{ error }

// Unwrap returns the error of the name.
func (e *unmadeError) Unwrap() error { return e.error }

// Error says the name and the flag.
func (e *unmadeError) Error() string { return e.error.Error() + " (--create makes a new one)" }

func (m *maker) make(ctx context.Context, tx *store.Tx, kind catalog.Kind, name string) (id int64, err error) {
	switch kind {
	case catalog.KindCountry:
		cs := []catalog.Country{{Name: name}}
		err = tx.InsertCountries(ctx, cs)
		id = cs[0].ID
	case catalog.KindGenre:
		gs := []catalog.Genre{{Name: name}}
		err = tx.InsertGenres(ctx, gs)
		id = gs[0].ID
	case catalog.KindPerson:
		var p catalog.Person
		base, year := catalog.SplitYear(name)
		p.FirstName, p.LastName = catalog.SplitName(base)
		if year != 0 {
			if p.DateOfBirth, err = catalog.ParseDate(fmt.Sprint(year)); err != nil {
				return 0, err
			}
		}
		ps := []catalog.Person{p}
		err = tx.InsertPersons(ctx, ps)
		id = ps[0].ID
	default:
		return 0, fmt.Errorf("a %s cannot be made on the way", kind)
	}
	if err != nil {
		return 0, err
	}
	return id, tx.Refresh(ctx) // the next name may be the same one
}

// ids is id for several records; two names of one record are one.
func (m *maker) ids(ctx context.Context, tx *store.Tx, kind catalog.Kind, flag string, refs []catalog.Ref) ([]int64, error) {
	var ids []int64
	seen := map[int64]bool{}
	for _, ref := range refs {
		id, err := m.id(ctx, tx, kind, flag, ref)
		if err != nil {
			return nil, err
		}
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// tell says what was made on the way, or would be.
func (m *maker) tell(a *app, dry bool) {
	for _, line := range m.made {
		a.note("%s %s", doing("created", "create", dry), line)
	}
}

// addCreate adds --create.
func addCreate(c *cobra.Command, create *bool, what string) {
	c.Flags().BoolVar(create, "create", false, "make "+what+" that the catalog does not have yet")
}
