package cmd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/exchange"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

func newExportCatalogCmd(a *app) *cobra.Command {
	var dir string
	var passwords bool
	c := &cobra.Command{
		Use: "catalog", Short: "Write the whole catalog as JSON Lines",
		Long: `Write the whole catalog to standard output as JSON Lines: a line that says what
it is, then every row of every table, with ids and timestamps. 'moviedb import
catalog' reads it into an empty catalog, which is then the same in every respect,
the next id included. Passwords are left out unless asked for.

Pictures go along with --files DIR: they are copied into DIR under the names that
the rows give them; what is there already is not copied again, and never
overwritten. Here --files means this directory; the managed one is that of
MOVIEDB_FILES or the configuration. With --json it is one JSON array, for jq; that
is not for import.`,
		Example: `  moviedb export catalog > "$HOME/catalog.jsonl"
  moviedb export catalog --with-passwords --files "$HOME/pictures" | gzip > "$HOME/catalog.jsonl.gz"`,
		Args: args(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := a.exportOptions(c, dir)
			if err != nil {
				return err
			}
			o.Passwords = passwords
			return a.exportCatalog(c, o)
		},
	}
	c.Flags().StringVar(&dir, "files", "", "copy the pictures into `DIR`")
	c.Flags().BoolVar(&passwords, "with-passwords", false, "write the hashes of passwords too")
	return c
}

// exportOptions reads what the flags say of the stream.
func (a *app) exportOptions(c *cobra.Command, dir string) (o exchange.ExportOptions, err error) {
	if a.fields != nil {
		return o, usagef(c.CommandPath(), "--fields is not for a whole catalog; export a kind, such as movies")
	}
	if a.filter != nil {
		return o, usagef(c.CommandPath(), "--jq is not for a whole catalog, which may be too large for it; pipe it to jq")
	}
	o.Array, o.Guard = a.asJSON, a.OutTerminal
	if c.Root().PersistentFlags().Changed("output") { // a default of the settings is not meant for this
		switch a.format() {
		case output.JSON:
			o.Array = true
		case output.JSONL:
			o.Array = false
		default:
			return o, usagef(c.CommandPath(), "a catalog is written as jsonl, or as json for other programs, but not as %s", a.cfg.Output)
		}
	}
	o.Pictures = a.pictures()
	if c.Flags().Changed("files") {
		if strings.TrimSpace(dir) == "" {
			return o, usagef(c.CommandPath(), "--files: the name of a directory is missing")
		}
		o.Copy = blob.Open(dir)
		o.Copy.OnStep(a.OnStep)
		if o.Copy.SameAs(o.Pictures) {
			return o, usagef(c.CommandPath(), "--files: %s is the managed directory itself; name another one", catalog.Visible(dir))
		}
	}
	return o, nil
}

func (a *app) exportCatalog(c *cobra.Command, o exchange.ExportOptions) error {
	var done exchange.Exported
	var dangles bool
	err := a.view(c.Context(), func(tx *store.Tx) (err error) {
		if done, err = exchange.Export(c.Context(), tx, a.Out, o); err != nil {
			return err
		}
		dangles, err = tx.Dangles(c.Context())
		return err
	})
	if err != nil {
		return err
	}
	if dangles {
		a.note("warning: some rows refer to records that are not there, so that they cannot be imported; 'moviedb check' names them, and 'moviedb check --fix' mends what it can")
	}
	if o.Copy != nil {
		a.note("pictures: %s copied, %s there already", thousands(int64(done.Copied)), thousands(int64(done.Already)))
	}
	if done.NumBad == 0 {
		return nil
	}
	text := fmt.Sprintf("all rows were written, but %d %s could not be copied:", done.NumBad, catalog.Plural(done.NumBad, "picture", "pictures"))
	for _, b := range done.Bad {
		text += "\n" + b
	}
	if more := done.NumBad - len(done.Bad); more > 0 {
		text += fmt.Sprintf("\n… and %d more", more)
	}
	return errors.New(text)
}
