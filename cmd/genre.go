package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

func (a *app) genres() records[catalog.Genre, output.Genre, output.DeletedGenre] {
	return records[catalog.Genre, output.Genre, output.DeletedGenre]{
		kind: catalog.KindGenre, columns: output.GenreColumns(),
		id: func(g catalog.Genre) int64 { return g.ID }, label: catalog.Genre.Label,
		public: output.NewGenre,
		deleted: func(g catalog.Genre) output.DeletedGenre {
			return output.DeletedGenre{Genre: output.NewGenre(g), Deleted: true}
		},
		byID: (*store.Tx).GenresByID, remove: (*store.Tx).DeleteGenres,
	}
}

func newGenreCmd(a *app) *cobra.Command {
	show := newShowCmd(a, a.genres(), "Show one genre. Its movies are listed by 'moviedb movie list --genre'.",
		`  moviedb genre show Horror
  moviedb movie list --genre Horror`,
		func(_ context.Context, _ *store.Tx, g catalog.Genre) (output.Genre, error) {
			return output.NewGenre(g), nil
		})
	remove := newDeleteCmd(a, a.genres(), "Delete genres and their links to movies. The movies stay. Several go together or not at all.",
		`  moviedb genre delete Horror --dry-run
  moviedb genre delete Horror --yes`, false)
	merge := newMergeCmd(a, a.genres(), merger[catalog.Genre]{merge: (*store.Tx).MergeGenres},
		`Make one genre of several. The movies of those named first get the genre after
--into, which keeps its name and its notes; if it has no notes it gets those of
the first that has some. The others are deleted. All of it is done or nothing.`,
		`  moviedb genre merge Western --into Adventure --dry-run
  moviedb genre merge Film-Noir Thriller --into Crime --yes`)
	return noun("genre", "Genres of films", "Add, list, show, edit, delete and merge genres, and link them to movies.",
		newGenreAddCmd(a), newGenreListCmd(a), show, newGenreEditCmd(a), newGenreLinkCmd(a), newGenreUnlinkCmd(a), remove, merge)
}

func newGenreListCmd(a *app) *cobra.Command {
	var f pageFlags
	var filter catalog.GenreFilter
	c := &cobra.Command{
		Use: "list", Short: "List genres", Long: "List genres, all or those whose name begins with a text.",
		Example: `  moviedb genre list --sort name
  moviedb genre list --name sci --count
  moviedb genre list --fields id,name,notes --json`,
		Args: args(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := f.page(a, c)
			if err != nil {
				return err
			}
			filter.Page = p
			return printList(c, a, a.genres(), &f,
				&listed[catalog.Genre, catalog.GenreFilter]{filter: filter, page: p, rows: (*store.Tx).Genres, total: (*store.Tx).CountGenres})
		},
	}
	c.Flags().Var(lineFlag(&filter.Name), "name", "only genres whose name begins with this `text`, whatever its case and accents")
	f.add(c, "name, created_at, updated_at, id")
	return c
}

func newGenreAddCmd(a *app) *cobra.Command {
	var name, notes string
	var interactive bool
	c := &cobra.Command{
		Use: "add [NAME]", Short: "Add a genre",
		Long: `Add one genre. A name that is there already, in whatever case or accents, is
refused. On a terminal, without a name and without flags, a form asks for it.`,
		Example: `  moviedb genre add "Film à clef" --notes "Real people under other names"
  moviedb genre add Giallo`,
		Args: args(0, 1, "the name"),
		RunE: func(c *cobra.Command, words []string) error {
			if err := positional(c, words, "name"); err != nil {
				return err
			}
			if len(words) > 0 {
				name = words[0]
			}
			if asked, err := a.formed(c, interactive, len(words) == 0, func() error { return a.genreAddForm(c, name, notes) }); asked {
				return err
			}
			g := catalog.Genre{}
			if err := genrePatch(c.Flags().Changed, name, notes, &g); err != nil {
				return err
			}
			return addNamed(a, c, a.genres(), g.Name, insertGenre(g))
		},
	}
	addInteractive(c, &interactive)
	c.Flags().StringVar(&name, "name", "", "the `name`")
	c.Flags().StringVar(&notes, "notes", "", "what belongs to it, `text` of any length")
	return c
}

// insertGenre returns what adds a genre.
func insertGenre(g catalog.Genre) func(context.Context, *store.Tx) (int64, error) {
	return func(ctx context.Context, tx *store.Tx) (int64, error) {
		gs := []catalog.Genre{g}
		err := tx.InsertGenres(ctx, gs)
		return gs[0].ID, err
	}
}

// genrePatch changes what the flags say about a genre.
func genrePatch(is told, name, notes string, g *catalog.Genre) error {
	n, err := given(is, "name", name, catalog.CleanLine)
	if err != nil {
		return err
	}
	text, err := given(is, "notes", notes, catalog.CleanText)
	set(&g.Name, n)
	set(&g.Notes, text)
	return err
}

// addNamed adds a record whose name must be new: a genre, a country.
func addNamed[C, D, X any](a *app, c *cobra.Command, r records[C, D, X], name string, insert func(context.Context, *store.Tx) (int64, error)) error {
	if name == "" {
		return usagef(c.CommandPath(), "missing name: write %s NAME, or --name", c.CommandPath())
	}
	if err := output.CheckFields[D](a.fields); err != nil {
		return err
	}
	added, err := insertNamed(c.Context(), a, r, name, insert)
	if err != nil {
		return err
	}
	return r.wrote(a, "added", added)
}

// insertNamed adds a record whose name must be new.
func insertNamed[C, D, X any](ctx context.Context, a *app, r records[C, D, X], name string, insert func(context.Context, *store.Tx) (int64, error)) (added []C, err error) {
	err = a.update(ctx, false, func(tx *store.Tx) error {
		if err := refuseName(ctx, tx, r.kind, name, 0); err != nil {
			return err
		}
		id, err := insert(ctx, tx)
		if err != nil {
			return err
		}
		added, err = r.byID(tx, ctx, id)
		return err
	})
	return added, err
}

// refuseName is an error if a record other than self bears the name already, in
// whatever spelling.
func refuseName(ctx context.Context, tx *store.Tx, kind catalog.Kind, name string, self int64) error {
	ref := catalog.Ref{Text: name, Name: name}
	found, err := tx.Find(ctx, kind, ref)
	if err != nil {
		return err
	}
	for _, f := range found {
		if f.ID != self {
			return &catalog.ExistsError{Kind: kind, ID: f.ID, Name: f.Name}
		}
	}
	return nil
}

func newGenreEditCmd(a *app) *cobra.Command {
	var name, notes string
	var dry, interactive bool
	c := &cobra.Command{
		Use: "edit GENRE…", Short: "Change genres",
		Long: `Change what the flags say and leave the rest alone. An empty value clears:
--notes "". On a terminal, for one genre and without flags, a form shows what it
is now, and what was changed in it is saved.`,
		Example: `  moviedb genre edit "Science Fiction" --notes "Space, time and machines"
  moviedb genre edit "Science Fiction" --name Sci-Fi`,
		Args: args(1, -1, "which genre to edit"),
		RunE: func(c *cobra.Command, words []string) error {
			if asked, err := a.editFormed(c, words, interactive, func() error { return a.genreEditForm(c, words[0], name, notes, dry) }); asked {
				return err
			}
			if err := needChange(c, "name", "notes"); err != nil {
				return err
			}
			var p catalog.Genre
			if err := genrePatch(c.Flags().Changed, name, notes, &p); err != nil {
				return err
			}
			if err := checkRename(c, p.Name, words); err != nil {
				return err
			}
			return editRecords(a, c, a.genres(), words, editing[catalog.Genre]{dry: dry,
				change: changingGenre(c.Flags().Changed, &name, &notes)})
		},
	}
	addInteractive(c, &interactive)
	c.Flags().StringVar(&name, "name", "", "the new `name`")
	c.Flags().StringVar(&notes, "notes", "", "what belongs to it, `text` of any length")
	addDryRun(c, &dry)
	return c
}

// changingGenre returns what makes the changes to one genre.
func changingGenre(is told, name, notes *string) change[catalog.Genre] {
	return func(ctx context.Context, tx *store.Tx, _ *maker, g *catalog.Genre) error {
		if err := genrePatch(is, *name, *notes, g); err != nil {
			return err
		}
		if err := refuseName(ctx, tx, catalog.KindGenre, g.Name, g.ID); err != nil {
			return err
		}
		return tx.UpdateGenre(ctx, *g)
	}
}

// checkRename refuses to clear a name, and to give several records the same one.
func checkRename(c *cobra.Command, name string, words []string) error {
	if !c.Flags().Changed("name") {
		return nil
	}
	if name == "" {
		return usagef("", "--name: it cannot be cleared")
	}
	if len(words) > 1 {
		return usagef(c.CommandPath(), "--name goes with one record, not with %d", len(words))
	}
	return nil
}

func newGenreLinkCmd(a *app) *cobra.Command {
	var dry bool
	c := &cobra.Command{
		Use: "link GENRE MOVIE…", Short: "Give movies a genre",
		Long: "Give one movie or several a genre. Those that have it already keep it, and the command succeeds.",
		Example: `  moviedb genre link Horror "Alien (1979)" "Psycho (1960)"
  moviedb genre link Horror "Alien (1979)"`,
		Args: args(2, -1, "a genre and a movie"),
		RunE: func(c *cobra.Command, words []string) error {
			return a.joinMovies(c, words, linking(dry, true))
		},
	}
	addDryRun(c, &dry)
	return c
}

func newGenreUnlinkCmd(a *app) *cobra.Command {
	var dry bool
	c := &cobra.Command{
		Use: "unlink GENRE MOVIE…", Short: "Take a genre from movies",
		Long: "Take a genre from one movie or several. Those that do not have it stay as they are, and the command succeeds.",
		Example: `  moviedb genre unlink Horror "Alien (1979)" --dry-run
  moviedb genre unlink Horror "Alien (1979)"`,
		Args: args(2, -1, "a genre and a movie"),
		RunE: func(c *cobra.Command, words []string) error {
			return a.joinMovies(c, words, linking(dry, false))
		},
	}
	addDryRun(c, &dry)
	return c
}
