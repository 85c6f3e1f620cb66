package cmd

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/form"
	"github.com/moviedb/moviedb/internal/store"
)

// bind ties the form of a movie to the flags.
func (f *movieFlags) bind() binding {
	return binding{
		kinds: map[string]catalog.Kind{"country": catalog.KindCountry, "director": catalog.KindPerson, "genre": catalog.KindGenre},
		texts: map[string]*string{"title": &f.title, "release-date": &f.releaseDate, "duration": &f.duration, "budget": &f.budget,
			"country": &f.country, "director": &f.director, "description": &f.description, "poster": &f.poster.path},
		lists: map[string]*[]string{"genre": &f.genres},
	}
}

// form makes the form of a movie.
func (f *movieFlags) form(ctx context.Context, a *app, c *cobra.Command, title string) *form.Form {
	genres := a.recordField(catalog.KindGenre, "genre", "Genres", "any number, one after the other")
	genres.Kind = form.PickMany
	return &form.Form{Title: title, Fields: []*form.Field{
		needed(lineField("title", "Title", "", catalog.CleanLine)),
		lineField("release-date", "Released", "1999, 1999-03 or 1999-03-31", catalog.ParseDate),
		lineField("duration", "Duration", "in minutes: 136, 2h16m or 2:16", catalog.ParseDuration),
		lineField("budget", "Budget", "63000000 or $63,000,000", catalog.ParseBudget),
		a.recordField(catalog.KindCountry, "country", "Country", "type a name or a code to search"),
		a.recordField(catalog.KindPerson, "director", "Director", "type to search, or a new name"),
		genres,
		textField("description", "Description", "what it is about, any number of lines"),
		a.pictureField(ctx, "poster", "Poster", func() (blob.Limits, error) { return f.poster.size.limits(c) }),
	}}
}

// holdMovie puts a movie of the catalog into the form.
func holdMovie(f *form.Form, m catalog.Movie) {
	budget := ""
	if m.Budget != nil {
		budget = strconv.FormatFloat(*m.Budget, 'f', -1, 64)
	}
	duration := ""
	if m.Duration != 0 {
		duration = strconv.Itoa(m.Duration)
	}
	texts := map[string]string{"title": m.Title, "release-date": m.ReleaseDate, "duration": duration, "budget": budget,
		"description": m.Description, "poster": fileText(m.Poster)}
	for key, text := range texts {
		f.Field(key).Text = text
	}
	f.Field("country").Picked = pickedOf(m.Country.ID, m.Country.Name)
	f.Field("director").Picked = pickedOf(m.Director.ID, m.Director.Name)
	f.Field("genre").Picked = nil
	for _, g := range m.Genres {
		f.Field("genre").Picked = append(f.Field("genre").Picked, pickedOf(g.ID, g.Name)...)
	}
}

// fileText names a file of the catalog as a picture field does; "" is none.
func fileText(f catalog.File) string {
	if f.ID == 0 {
		return ""
	}
	return fmt.Sprintf("file:%d", f.ID)
}

// movieSitting is one call of "movie add" with a form: one movie, or one after
// the other.
type movieSitting struct {
	*draftKeeper
	a     *app
	c     *cobra.Command
	flags movieFlags

	form *form.Form
	cast []*form.Form // the parts, each as its form holds it

	part  *form.Form   // the one that is being typed; nil is none
	begun form.Answers // what a draft says of a part that was not finished; nil is none

	count         int
	added, edited []catalog.Movie
	notes         []*maker
}

// The actions of the form of a new movie.
const (
	movieSave = iota
	movieCast
)

// movieAddForm asks for movies and adds them.
func (a *app) movieAddForm(c *cobra.Command, f movieFlags) error {
	s := &movieSitting{a: a, c: c, flags: f, form: f.form(c.Context(), a, c, "Add a movie")}
	s.form.Actions = []string{"Save", "Cast…"}
	s.draftKeeper = newDraftKeeper(a, c, s.form, s.answers)
	defer s.release()
	f.bind().begin(c.Context(), s.form, c.Flags().Changed, f.create)
	s.form.Begin()
	err := s.run(c.Context())
	if cerr := a.endTalk(); err == nil {
		err = cerr
	}
	for _, mk := range s.notes {
		mk.tell(a, false)
	}
	return errors.Join(s.report(), err)
}

// report prints what was saved.
func (s *movieSitting) report() error {
	if s.a.format() != "" || s.a.fields != nil {
		if all := append(s.added, s.edited...); len(all) > 0 {
			return s.a.movies().wrote(s.a, "added", all)
		}
		return nil
	}
	return errors.Join(s.a.movies().wrote(s.a, "added", s.added), s.a.movies().wrote(s.a, "edited", s.edited))
}

// run asks for one movie, or for movies until somebody leaves an untouched form.
func (s *movieSitting) run(ctx context.Context) error {
	parts, err := s.offerDraft(ctx, s.a)
	if err != nil {
		return err
	}
	s.restore(ctx, parts)
	for {
		err := s.one(ctx)
		if errors.Is(err, form.ErrLeft) {
			s.forget(err)
			if s.count > 0 && !s.form.Touched() && len(s.cast) == 0 {
				return nil
			}
		}
		if err != nil || !s.flags.repeat {
			return err
		}
		s.next()
	}
}

// next makes the form for the next movie, which keeps country and genres.
func (s *movieSitting) next() {
	kept := s.form
	s.form = s.flags.form(s.c.Context(), s.a, s.c, "Add a movie")
	s.form.Actions = kept.Actions
	for _, key := range []string{"country", "genre"} {
		s.form.Field(key).Picked = kept.Field(key).Picked
	}
	s.keeping(s.form)
	s.form.Begin()
	s.cast = nil
	s.form.Status = fmt.Sprintf("%d entered so far", s.count)
	if n := len(s.added); n > 0 {
		s.form.Status += fmt.Sprintf(" · the last was %s", s.added[n-1].Label())
	}
}

// one asks for one movie until it is saved.
func (s *movieSitting) one(ctx context.Context) error {
	for {
		action, err := s.a.ask().Fill(ctx, s.form)
		if err != nil {
			return err
		}
		s.form.Problem = ""
		done, err := s.filled(ctx, action)
		switch {
		case errors.Is(err, form.ErrBack):
		case errors.Is(err, form.ErrLeft), ctx.Err() != nil:
			return err
		case err != nil:
			s.form.Problem = err.Error()
		case done:
			s.drop()
			s.count++
			return nil
		}
	}
}

// filled goes on from a form whose answers are right: over a likely duplicate,
// the cast and its review to saving.
func (s *movieSitting) filled(ctx context.Context, action int) (done bool, err error) {
	duplicate := s.flags.duplicate
	if !duplicate {
		same, err := s.same(ctx)
		if err != nil {
			return false, err
		}
		if len(same) > 0 {
			if done, err := s.choose(ctx, same); done || err != nil {
				return done, err
			}
			duplicate = true
		}
	}
	if action == movieCast {
		if err := s.askCast(ctx); err != nil {
			return false, err
		}
	}
	if len(s.cast) > 0 {
		if err := s.review(ctx); err != nil {
			return false, err
		}
	}
	return true, s.save(ctx, duplicate)
}

// save adds the movie and its cast, all or nothing.
func (s *movieSitting) save(ctx context.Context, duplicate bool) error {
	f := s.flags
	mk := newTwins()
	f.bind().end(s.form, mk.twins)
	f.poster.path = s.a.expanded(f.poster.path)
	f.duplicate = duplicate
	is := answered(s.form, s.c.Flags().Changed)
	p, err := f.patch(is)
	if err != nil {
		return err
	}
	for _, part := range s.cast {
		var cf characterFlags
		cf.bind().end(part, mk.twins)
		patch, err := cf.patch(answered(part, s.c.Flags().Changed))
		if err != nil {
			return err
		}
		p.cast = append(p.cast, patch)
	}
	p.poster, err = f.poster.read(ctx, s.a, s.c, is, false)
	defer p.poster.discard()
	if err != nil {
		return err
	}
	added, err := s.a.insertMovie(ctx, p, mk, f.duplicate)
	if err == nil {
		s.added = append(s.added, added...)
		s.notes = append(s.notes, mk)
	}
	return err
}

// same returns the movies that have the title and the year of the form.
func (s *movieSitting) same(ctx context.Context) (same []catalog.Movie, err error) {
	title, err := catalog.CleanLine(s.form.Field("title").Text)
	if err != nil {
		return nil, err
	}
	date, err := catalog.ParseDate(s.form.Field("release-date").Text)
	if err != nil && s.form.Field("release-date").Text != "" {
		return nil, err
	}
	err = s.a.view(ctx, func(tx *store.Tx) error {
		found, err := tx.SameMovies(ctx, title, catalog.Year(date))
		if err != nil || len(found) == 0 {
			return err
		}
		ids := make([]int64, 0, len(found))
		for _, c := range found[:min(len(found), pickable)] {
			ids = append(ids, c.ID)
		}
		same, err = tx.MoviesByID(ctx, ids...)
		return err
	})
	if errors.Is(err, store.ErrNoCatalog) {
		err = nil
	}
	return same, err
}

// choose shows likely duplicates. done is that one of them was edited instead;
// false and no error is to save anyway.
func (s *movieSitting) choose(ctx context.Context, same []catalog.Movie) (done bool, err error) {
	q := form.Question{Title: "This movie may be in the catalog already", Back: true}
	for _, m := range same {
		q.Options = append(q.Options, form.Option{Picked: form.Picked{Name: fmt.Sprintf("Open movie %d: %s", m.ID, m.Label())},
			Detail: aboutMovie(m)})
	}
	q.Options = append(q.Options, form.Option{Picked: form.Picked{Name: "Save it anyway, as another movie"}},
		form.Option{Picked: form.Picked{Name: "Go back"}})
	at, err := s.a.ask().Choose(ctx, q)
	switch {
	case err != nil:
		return false, err
	case at == len(same):
		return false, nil
	case at > len(same):
		return false, form.ErrBack
	}
	err = s.openMovie(ctx, same[at].ID)
	return err == nil, err
}

// movieEditForm asks for changes to a movie and makes them.
func (a *app) movieEditForm(c *cobra.Command, word string, f movieFlags) error {
	if len(f.addGenres)+len(f.removeGenres) > 0 {
		return usagef(c.CommandPath(), "--add-genre and --remove-genre do not go with a form, which shows the whole set of genres")
	}
	refs, err := parseRefs(catalog.KindMovie, []string{word})
	if err != nil {
		return err
	}
	e := f.editing(c.Context(), a, c, func(fm *form.Form) {
		f.bind().begin(c.Context(), fm, c.Flags().Changed, f.create)
		if f.poster.none {
			fm.Field("poster").Text = ""
		}
	})
	return runEdit(c.Context(), a, a.movies(), refs[0], f.dry, e)
}

// editing is the form that edits a movie; over puts something in place of what
// the movie has.
func (f movieFlags) editing(ctx context.Context, a *app, c *cobra.Command, over func(*form.Form)) formEdit[catalog.Movie] {
	return formEdit[catalog.Movie]{
		born: func(c catalog.Movie) string { return c.CreatedAt }, form: f.form(ctx, a, c, ""), hold: holdMovie, over: over,
		change: func(fm *form.Form, mk *maker) (change[catalog.Movie], func(), error) {
			f.bind().end(fm, mk.twins)
			f.poster.path, f.poster.none = a.expanded(f.poster.path), false
			is := altered(fm, c.Flags().Changed)
			p, err := f.patch(is)
			if err != nil {
				return nil, nil, err
			}
			p.poster, err = f.poster.read(ctx, a, c, is, f.dry)
			return p.changing(a), p.poster.discard, err
		}}
}

// openMovie edits a movie in the place of one that was typed: what the movie
// lacks is filled with that.
func (s *movieSitting) openMovie(ctx context.Context, id int64) error {
	e := movieFlags{}.editing(ctx, s.a, s.c, lacking(s.form))
	e.form.Back = true
	mk := newTwins()
	now, err := askEdit(ctx, s.a, s.a.movies(), catalog.Ref{ID: id}, false, mk, e)
	if err == nil {
		s.edited = append(s.edited, now...)
		s.notes = append(s.notes, mk)
	}
	return err
}

// aboutMovie is what a list says of a movie beyond its title and year.
func aboutMovie(m catalog.Movie) string {
	about := m.Director.Name
	if m.Duration != 0 {
		if about != "" {
			about += ", "
		}
		about += fmt.Sprintf("%d min", m.Duration)
	}
	return about
}
