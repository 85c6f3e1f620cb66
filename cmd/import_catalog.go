package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/exchange"
	"github.com/moviedb/moviedb/internal/output"
)

func newImportCatalogCmd(a *app) *cobra.Command {
	var dir string
	var dry bool
	c := &cobra.Command{
		Use: "catalog FILE|-", Short: "Read a whole catalog that was exported",
		Long: `Read what 'moviedb export catalog' wrote, from a file or from standard input (-),
gzipped or not, into an empty catalog: none yet, or one without a single record.
Ids, timestamps and the counters for new ids come back as they were; exported
again it is the same, byte for byte.

All of it is read, or nothing: every line that is wrong is named, and so is a
stream that was cut off. Pictures come from the directory of --files, each
compared with its hash. Here --files means the directory that the export made; the
managed one is that of MOVIEDB_FILES or the configuration.`,
		Example: `  moviedb export catalog | moviedb --db "$HOME/copy.db" import catalog -
  moviedb export catalog --files "$HOME/away" > "$HOME/all.jsonl"
  moviedb --db "$HOME/second.db" import catalog "$HOME/all.jsonl" --files "$HOME/away"`,
		Args: noTemplate(args(1, 1, "a file (- is standard input)")),
		RunE: func(c *cobra.Command, words []string) error {
			return a.importCatalog(c, words[0], dir, dry)
		},
	}
	c.Flags().StringVar(&dir, "files", "", "take the pictures from `DIR`")
	addDryRun(c, &dry)
	return c
}

// catalogSummary is what --json prints of an import of a catalog. Fields are only
// ever added.
type catalogSummary struct {
	Created  int64       `json:"created" doc:"rows of all tables"`
	Rows     catalogRows `json:"rows" doc:"rows of each table"`
	Pictures picturesIn  `json:"pictures" doc:"what became of the pictures"`
}

// catalogRows is how many rows each table got.
type catalogRows struct {
	Files          int64 `json:"files" doc:"rows"`
	Countries      int64 `json:"countries" doc:"rows"`
	Genres         int64 `json:"genres" doc:"rows"`
	Users          int64 `json:"users" doc:"rows"`
	Persons        int64 `json:"persons" doc:"rows"`
	Photos         int64 `json:"photos" doc:"rows"`
	Movies         int64 `json:"movies" doc:"rows"`
	Characters     int64 `json:"characters" doc:"rows"`
	MovieGenres    int64 `json:"movie_genres" doc:"links of movies and genres"`
	FavoriteMovies int64 `json:"favorite_movies" doc:"links of users and movies"`
}

// picturesIn is what became of the pictures.
type picturesIn struct {
	Copied  int `json:"copied" doc:"copied into the managed directory"`
	Already int `json:"already" doc:"there already"`
	Missing int `json:"missing" doc:"not found"`
}

func newCatalogSummary(done exchange.Imported) catalogSummary {
	n := done.Rows
	return catalogSummary{
		Created: done.Total,
		Rows: catalogRows{n["files"], n["countries"], n["genres"], n["users"], n["persons"], n["photos"], n["movies"],
			n["characters"], n["movie_genres"], n["favorite_movies"]},
		Pictures: picturesIn{done.Copied, done.Already, done.Missing},
	}
}

func (a *app) importCatalog(c *cobra.Command, file, dir string, dry bool) error {
	if err := output.CheckFields[catalogSummary](a.fields); err != nil {
		return err
	}
	o := exchange.ImportOptions{Store: a.storeOptions(), Pictures: a.pictures(), DryRun: dry}
	if c.Flags().Changed("files") {
		if strings.TrimSpace(dir) == "" {
			return usagef(c.CommandPath(), "--files: the name of a directory is missing")
		}
		o.From = blob.Open(dir)
	}
	src, closeSource, err := a.source(file)
	if err != nil {
		return err
	}
	defer closeSource()
	done, err := exchange.Import(c.Context(), o, exchange.Source{Name: src.Name, Open: src.Open})
	if err != nil {
		return err
	}
	a.done = !dry
	if o.From != nil {
		a.note("pictures: %s %s, %s there already", thousands(int64(done.Copied)), doing("copied", "be copied", dry), thousands(int64(done.Already)))
	}
	if done.Missing > 0 {
		a.note("%s %s not in %s; bring them with --files DIR, or put them there", thousands(int64(done.Missing)),
			catalog.Plural(done.Missing, "picture is", "pictures are"), catalog.Visible(a.filesDir()))
	}
	s := newCatalogSummary(done)
	if a.format() != "" || a.fields != nil {
		return output.Show(a.printer(), nil, s)
	}
	_, err = fmt.Fprintf(a.Out, "created=%d updated=0 skipped=0 repeated=0 rejected=0\n", s.Created)
	return err
}
