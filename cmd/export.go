package cmd

import (
	"context"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

func newExportCmd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "export", Short: "Write records for other programs, or for import", GroupID: "whole",
		Long: `Write all records of a kind to standard output, by id: as CSV with a header, or
in another format with -o. What it writes as CSV or JSON, 'moviedb import' of the
same kind reads as it is: related records stand by their names, and ids are left out.`,
	}
	c.AddCommand(
		newExportKindCmd(a, exportKind[catalog.Movie, output.ExportMovie]{
			name: "movies", does: "Write all movies", example: `  moviedb export movies | head -3
  moviedb export movies -o jsonl --fields title,genres`,
			rows: (*store.Tx).ExportMovies, record: output.NewExportMovie,
			more: " Genres are joined by |, or\nwritten as a JSON array where the name of one has a | in it.",
		}),
		newExportKindCmd(a, exportKind[catalog.Person, output.ExportPerson]{
			name: "persons", does: "Write all people", example: `  moviedb export persons
  moviedb export persons --json`,
			rows: func(tx *store.Tx, ctx context.Context) iter.Seq2[catalog.Person, error] {
				return tx.Persons(ctx, catalog.PersonFilter{})
			},
			record: output.NewExportPerson,
		}),
		newExportKindCmd(a, exportKind[catalog.Character, output.ExportCharacter]{
			name: "characters", does: "Write all parts", example: `  moviedb export characters
  moviedb export characters -o jsonl`,
			rows: (*store.Tx).ExportCharacters, record: output.NewExportCharacter,
		}),
	)
	c.AddCommand(smallExports(a)...)
	c.AddCommand(newExportPhotosCmd(a), newExportCatalogCmd(a))
	return asGroup(c)
}

// smallExports are the commands for what there are few of.
func smallExports(a *app) []*cobra.Command {
	return []*cobra.Command{
		newExportKindCmd(a, exportKind[catalog.Genre, output.ExportGenre]{
			name: "genres", does: "Write all genres", example: `  moviedb export genres
  moviedb export genres --json`,
			rows: func(tx *store.Tx, ctx context.Context) iter.Seq2[catalog.Genre, error] {
				return tx.Genres(ctx, catalog.GenreFilter{})
			},
			record: output.NewExportGenre,
		}),
		newExportKindCmd(a, exportKind[catalog.Country, output.ExportCountry]{
			name: "countries", does: "Write all countries", example: `  moviedb export countries
  moviedb export countries -o jsonl`,
			rows: func(tx *store.Tx, ctx context.Context) iter.Seq2[catalog.Country, error] {
				return tx.Countries(ctx, catalog.CountryFilter{})
			},
			record: output.NewExportCountry,
		}),
		newExportKindCmd(a, exportKind[catalog.User, output.ExportUser]{
			name: "users", does: "Write all users", example: `  moviedb export users
  moviedb export users --json`,
			rows: func(tx *store.Tx, ctx context.Context) iter.Seq2[catalog.User, error] {
				return tx.Users(ctx, catalog.UserFilter{})
			},
			record: output.NewExportUser,
			more:   " There\nare no passwords in it, see 'moviedb export catalog --with-passwords'.",
		}),
		newExportKindCmd(a, exportKind[store.Liked, output.ExportFavorite]{
			name: "favorites", does: "Write what all users like", example: `  moviedb export favorites
  moviedb export favorites --json`,
			rows: (*store.Tx).ExportFavorites,
			record: func(l store.Liked) output.ExportFavorite {
				return output.NewExportFavorite(l.User, l.Movie)
			},
		}),
	}
}

// exportKind says how the records of a kind are exported: C is the record as
// the store has it, D as it is written.
type exportKind[C, D any] struct {
	name    string
	does    string // in short
	example string
	more    string // sentences at the end of the help
	rows    func(*store.Tx, context.Context) iter.Seq2[C, error]
	record  func(C) D
}

func newExportKindCmd[C, D any](a *app, k exportKind[C, D]) *cobra.Command {
	return &cobra.Command{
		Use: k.name, Short: k.does,
		Long: k.does + " to standard output, by id, as CSV or in the format of -o.\nThe columns are " +
			strings.Join(output.FieldNames[D](), ", ") + ".\n'moviedb import " + k.name + "' reads the CSV and the JSON as they are." + k.more,
		Example: k.example,
		Args:    args(0, 0, ""),
		RunE:    func(c *cobra.Command, _ []string) error { return k.export(c.Context(), a) },
	}
}

func (k exportKind[C, D]) export(ctx context.Context, a *app) error {
	if err := output.CheckFields[D](a.fields); err != nil {
		return err
	}
	return a.view(ctx, func(tx *store.Tx) error {
		_, err := output.List(a.exporter(), nil, shaped(k.rows(tx, ctx), k.record))
		return err
	})
}

// exporter prints what other programs read: CSV unless told otherwise, and a
// header in any case.
func (a *app) exporter() *output.Printer {
	p := a.printer()
	if a.format() == "" {
		p.Format = output.CSV
	}
	p.Header = true
	return p
}

// newExportPhotosCmd makes the command for photos, which leaves out those that
// are no picture.
func newExportPhotosCmd(a *app) *cobra.Command {
	k := exportKind[catalog.Photo, output.ExportPhoto]{
		name: "photos", does: "Write all photos of people", example: `  moviedb export photos
  moviedb export photos -o jsonl`,
		more: " The file is\nthe path of the picture in the managed directory; a photo that is only a URL has\nnone and is left out.",
	}
	c := newExportKindCmd(a, k)
	c.RunE = func(c *cobra.Command, _ []string) error {
		path, left := a.pictures().Path, 0
		k.rows = func(tx *store.Tx, ctx context.Context) iter.Seq2[catalog.Photo, error] {
			return func(yield func(catalog.Photo, error) bool) {
				for p, err := range tx.ExportPhotos(ctx) {
					if err == nil && path(p.File.Key) == "" {
						left++
					} else if !yield(p, err) {
						return
					}
				}
			}
		}
		k.record = func(p catalog.Photo) output.ExportPhoto {
			return output.NewExportPhoto(p, path(p.File.Key))
		}
		err := k.export(c.Context(), a)
		if err == nil && left > 0 {
			a.note("left out: %s %s without a picture", thousands(int64(left)), catalog.Plural(left, "photo", "photos"))
		}
		return err
	}
	return c
}
