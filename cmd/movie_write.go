package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

// movieFlags are the values of the flags of "movie add" and "movie edit".
type movieFlags struct {
	title, releaseDate, duration, budget, description, country, director string
	genres, addGenres, removeGenres                                      []string
	poster                                                               pictureFlag
	create, duplicate, dry                                               bool
	interactive, repeat                                                  bool
}

func (f *movieFlags) add(c *cobra.Command, clear bool) {
	fs := c.Flags()
	fs.StringVar(&f.title, "title", "", "the `title`")
	fs.StringVar(&f.releaseDate, "release-date", "", "the `date` of release: 1999, 1999-03 or 1999-03-31")
	fs.StringVar(&f.duration, "duration", "", "the length in `minutes`: 136, 2h16m or 2:16")
	fs.StringVar(&f.budget, "budget", "", "the `amount` it cost: 63000000 or $63,000,000")
	fs.StringVar(&f.description, "description", "", "what it is about, `text` of any length")
	fs.StringVar(&f.country, "country", "", "the `country` it comes from, by name, code or id")
	fs.StringVar(&f.director, "director", "", "the `person` who directed it, by name or id")
	fs.StringArrayVar(&f.genres, "genre", nil, "a `genre` it belongs to; give the flag again for more")
	f.poster.name = "poster"
	f.poster.add(c, clear)
	addCreate(c, &f.create, "the country, the director and the genres")
	addInteractive(c, &f.interactive)
}

// moviePatch is what the flags say about a movie, checked.
type moviePatch struct {
	title, releaseDate, description *string
	duration                        *int
	budget                          **float64
	country, director               *catalog.Ref
	genres                          []catalog.Ref
	setGenres                       bool // genres is the whole set
	plus, minus                     []catalog.Ref
	poster                          picture
	cast                            []characterPatch // of a new movie
}

// patch reads the flags, but for the poster.
func (f *movieFlags) patch(is told) (p moviePatch, err error) {
	r := &flagReader{told: is}
	p.title = take(r, "title", f.title, catalog.CleanLine)
	p.releaseDate = take(r, "release-date", f.releaseDate, catalog.ParseDate)
	p.duration = take(r, "duration", f.duration, catalog.ParseDuration)
	p.budget = take(r, "budget", f.budget, func(s string) (*float64, error) {
		b, err := catalog.ParseBudget(s)
		return &b, err
	})
	p.description = take(r, "description", f.description, catalog.CleanText)
	p.country = r.ref(catalog.KindCountry, "country", f.country)
	p.director = r.ref(catalog.KindPerson, "director", f.director)
	p.setGenres = is("genre")
	p.genres = r.refs(catalog.KindGenre, "genre", f.genres)
	p.plus = r.refs(catalog.KindGenre, "add-genre", f.addGenres)
	p.minus = r.refs(catalog.KindGenre, "remove-genre", f.removeGenres)
	return p, r.err
}

// apply changes what the flags say, but for genres, which need an id first, and
// the poster.
func (p moviePatch) apply(ctx context.Context, tx *store.Tx, mk *maker, m *catalog.Movie) error {
	set(&m.Title, p.title)
	set(&m.ReleaseDate, p.releaseDate)
	set(&m.Description, p.description)
	set(&m.Duration, p.duration)
	set(&m.Budget, p.budget)
	if p.country != nil {
		id, err := mk.id(ctx, tx, catalog.KindCountry, "country", *p.country)
		if err != nil {
			return err
		}
		m.Country = catalog.Named{ID: id}
	}
	if p.director != nil {
		id, err := mk.id(ctx, tx, catalog.KindPerson, "director", *p.director)
		if err != nil {
			return err
		}
		m.Director = catalog.Named{ID: id}
	}
	return nil
}

// hang gives the movie its poster. It is the last that can be refused: content
// that is in place stays there, even if the transaction does not.
func (p *moviePatch) hang(ctx context.Context, a *app, tx *store.Tx, m *catalog.Movie) (err error) {
	if p.poster.given {
		m.Poster, err = p.poster.keep(ctx, a, tx, "poster")
	}
	return err
}

// relink changes the genres of a movie as the flags say.
func (p moviePatch) relink(ctx context.Context, tx *store.Tx, mk *maker, m catalog.Movie) error {
	ids, err := mk.ids(ctx, tx, catalog.KindGenre, "genre", p.genres)
	if err != nil {
		return err
	}
	plus, err := mk.ids(ctx, tx, catalog.KindGenre, "add-genre", p.plus)
	if err != nil {
		return err
	}
	minus, err := (&maker{}).ids(ctx, tx, catalog.KindGenre, "remove-genre", p.minus)
	if err != nil {
		return err
	}
	if p.setGenres {
		return tx.SetGenres(ctx, m.ID, ids)
	}
	links := make([]store.Link, len(plus))
	for i, id := range plus {
		links[i] = store.Link{Movie: m.ID, Genre: id}
	}
	if _, err := tx.LinkGenres(ctx, links); err != nil {
		return err
	}
	for _, id := range minus {
		if _, err := tx.UnlinkGenre(ctx, id, []int64{m.ID}); err != nil {
			return err
		}
	}
	return nil
}

func newMovieAddCmd(a *app) *cobra.Command {
	var f movieFlags
	c := &cobra.Command{
		Use: "add [TITLE]", Short: "Add a movie",
		Long: `Add one movie. A movie of the same title and year is taken for the same one and
refused; --duplicate adds it anyway. Unknown names are an error unless --create
is given.

On a terminal, without a title and without flags, a form asks for the movie and
its cast; --interactive opens it with what the flags say, and --repeat opens it
again for one movie after the other, until one is left empty.`,
		Example: `  moviedb movie add "Grave of the Fireflies" --release-date 1988-04-16 --duration 89
  moviedb movie add Stalker --release-date 1979 --director "Andrei Tarkovsky" --genre Drama --create`,
		Args: args(0, 1, "the title"),
		RunE: func(c *cobra.Command, words []string) error { return a.movieAdd(c, words, f) },
	}
	f.add(c, false)
	c.Flags().BoolVar(&f.duplicate, "duplicate", false, "add it even if the title and year are there already")
	c.Flags().BoolVar(&f.repeat, "repeat", false, "ask in forms, one movie after the other; country and genres are kept")
	return c
}

// positional puts the argument of an add command into its flag.
func positional(c *cobra.Command, words []string, flag string) error {
	if len(words) == 0 {
		return nil
	}
	if c.Flags().Changed(flag) {
		return usagef(c.CommandPath(), "the %s is given twice: %s and --%s", flag, catalog.Quote(words[0]), flag)
	}
	return c.Flags().Set(flag, words[0])
}

func (a *app) movieAdd(c *cobra.Command, words []string, f movieFlags) error {
	if err := positional(c, words, "title"); err != nil {
		return err
	}
	if len(words) > 0 {
		f.title = words[0]
	}
	if err := output.CheckFields[output.Movie](a.fields); err != nil {
		return err
	}
	if asked, err := a.formed(c, f.interactive || f.repeat, len(words) == 0, func() error { return a.movieAddForm(c, f) }); asked {
		return err
	}
	p, err := f.patch(c.Flags().Changed)
	if err != nil {
		return err
	}
	if p.title == nil || *p.title == "" {
		return usagef(c.CommandPath(), "missing title: write moviedb movie add TITLE, or --title")
	}
	ctx := c.Context()
	p.poster, err = f.poster.read(ctx, a, c, c.Flags().Changed, false)
	defer p.poster.discard()
	if err != nil {
		return err
	}
	mk := &maker{create: f.create}
	added, err := a.insertMovie(ctx, p, mk, f.duplicate)
	if err != nil {
		return err
	}
	mk.tell(a, false)
	return a.movies().wrote(a, "added", added)
}

// insertMovie adds a movie and its cast.
func (a *app) insertMovie(ctx context.Context, p moviePatch, mk *maker, duplicate bool) (added []catalog.Movie, err error) {
	err = a.update(ctx, false, func(tx *store.Tx) error {
		mk.begin()
		var m catalog.Movie
		if err := p.apply(ctx, tx, mk, &m); err != nil {
			return err
		}
		if !duplicate {
			if err := refuseSameMovie(ctx, tx, m); err != nil {
				return err
			}
		}
		ms := []catalog.Movie{m}
		if err := tx.InsertMovies(ctx, ms); err != nil {
			return err
		}
		if err := p.relink(ctx, tx, mk, ms[0]); err != nil {
			return err
		}
		if err := p.play(ctx, tx, mk, ms[0].ID); err != nil {
			return err
		}
		bare := ms[0]
		if err := p.hang(ctx, a, tx, &ms[0]); err != nil {
			return err
		}
		if err := tx.UpdateMovie(ctx, bare, ms[0]); err != nil {
			return err
		}
		added, err = tx.MoviesByID(ctx, ms[0].ID)
		return err
	})
	return added, err
}

// play adds the cast of a new movie.
func (p moviePatch) play(ctx context.Context, tx *store.Tx, mk *maker, movie int64) error {
	for _, part := range p.cast {
		cs := []catalog.Character{{}}
		part.movie = &catalog.Ref{ID: movie}
		if err := part.apply(ctx, tx, mk, &cs[0]); err != nil {
			return err
		}
		if err := tx.InsertCharacters(ctx, cs); err != nil {
			return err
		}
	}
	return nil
}

// refuseSameMovie is an error if the title and year are in the catalog already.
func refuseSameMovie(ctx context.Context, tx *store.Tx, m catalog.Movie) error {
	same, err := tx.SameMovies(ctx, m.Title, catalog.Year(m.ReleaseDate))
	if err != nil || len(same) == 0 {
		return err
	}
	return &catalog.ExistsError{Kind: catalog.KindMovie, ID: same[0].ID, Name: same[0].Label(), Hint: "--duplicate adds another one"}
}

func newMovieEditCmd(a *app) *cobra.Command {
	var f movieFlags
	c := &cobra.Command{
		Use: "edit MOVIE…", Short: "Change movies",
		Long: `Change what the flags say, of one movie or of several, and leave the rest alone.
An empty value clears: --description "", --director "". --genre replaces the set
of genres, --add-genre and --remove-genre change it.

On a terminal, for one movie and without flags, a form shows what it is now, and
what was changed in it is saved; --interactive opens it with what the flags say.`,
		Example: `  moviedb movie edit "Stalker (1979)" --duration 162 --add-genre Mystery --create
  moviedb movie edit "Alien (1979)" "Psycho (1960)" --add-genre Horror
  moviedb movie edit "Stalker (1979)" --description ""`,
		Args: args(1, -1, "which movie to edit"),
		RunE: func(c *cobra.Command, words []string) error { return a.movieEdit(c, words, f) },
	}
	f.add(c, true)
	c.Flags().StringArrayVar(&f.addGenres, "add-genre", nil, "one more `genre`; give the flag again for more")
	c.Flags().StringArrayVar(&f.removeGenres, "remove-genre", nil, "a `genre` it no longer belongs to")
	addDryRun(c, &f.dry)
	return c
}

func addDryRun(c *cobra.Command, dry *bool) {
	c.Flags().BoolVar(dry, "dry-run", false, "say what would be done, and change nothing")
}

// needChange is an error if no flag says what to change.
func needChange(c *cobra.Command, flags ...string) error {
	for _, f := range flags {
		if c.Flags().Changed(f) {
			return nil
		}
	}
	return usagef(c.CommandPath(), "nothing to change: give at least one of --%s", joinFlags(flags))
}

func (a *app) movieEdit(c *cobra.Command, words []string, f movieFlags) error {
	if asked, err := a.editFormed(c, words, f.interactive, func() error { return a.movieEditForm(c, words[0], f) }); asked {
		return err
	}
	err := needChange(c, "title", "release-date", "duration", "budget", "description", "country", "director", "genre",
		"add-genre", "remove-genre", "poster", "no-poster")
	if err != nil {
		return err
	}
	p, err := f.patch(c.Flags().Changed)
	if err != nil {
		return err
	}
	if p.title != nil && *p.title == "" {
		return usagef("", "--title: a movie needs a title, so it cannot be cleared")
	}
	if p.setGenres && len(p.plus)+len(p.minus) > 0 {
		return usagef(c.CommandPath(), "--genre replaces the whole set of genres; it does not go with --add-genre or --remove-genre")
	}
	p.poster, err = f.poster.read(c.Context(), a, c, c.Flags().Changed, f.dry)
	defer p.poster.discard()
	if err != nil {
		return err
	}
	return editRecords(a, c, a.movies(), words, editing[catalog.Movie]{dry: f.dry, create: f.create, change: p.changing(a)})
}

// changing returns what makes the changes to one movie.
func (p moviePatch) changing(a *app) change[catalog.Movie] {
	return func(ctx context.Context, tx *store.Tx, mk *maker, m *catalog.Movie) error {
		was := *m
		if err := p.apply(ctx, tx, mk, m); err != nil {
			return err
		}
		if err := p.relink(ctx, tx, mk, *m); err != nil {
			return err
		}
		if err := p.hang(ctx, a, tx, m); err != nil {
			return err
		}
		// A reference to nothing reads as none; one that is given is written.
		if p.country != nil {
			was.Country.ID = -1
		}
		if p.director != nil {
			was.Director.ID = -1
		}
		if p.poster.given {
			was.Poster.ID = -1
		}
		return tx.UpdateMovie(ctx, was, *m)
	}
}
