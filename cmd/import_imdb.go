package cmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/bulk"
	"github.com/moviedb/moviedb/internal/catalog"
)

// imdbKind is the kind of the files of IMDb.
const imdbKind = "imdb"

func newImportIMDbCmd(a *app) *cobra.Command {
	var f importFlags
	var types []string
	k := importKind{name: imdbKind, creates: false, updates: true}
	c := &cobra.Command{
		Use: "imdb DIR|FILE…", Short: "Read the data sets of IMDb",
		Long: `Read title.basics, name.basics and title.principals, the data sets that IMDb
gives away for personal use (https://developer.imdb.com/non-commercial-datasets/),
as one import: packed or not, as a folder or as three files.

Titles become films, names people. Actors, actresses and those who are themselves
become parts, the first director of a title its director. The ids of IMDb link
the files and tell records apart; they are not kept. What is left out is counted.`,
		Example: `  moviedb import imdb testdata/imdb
  moviedb import imdb testdata/imdb --types movie,tvMovie --dry-run --json`,
		Args: noTemplate(args(1, 3, "a folder, or the three files")),
		RunE: func(c *cobra.Command, paths []string) error {
			files, err := imdbPaths(paths)
			if err != nil {
				return err
			}
			for i := range types {
				types[i] = strings.ToLower(strings.TrimSpace(types[i]))
			}
			k.run = func(ctx context.Context, o bulk.Options, sources ...bulk.Source) (bulk.Result, error) {
				return bulk.IMDb(ctx, o, types, sources...)
			}
			return a.importFiles(c, k, files, f)
		},
	}
	c.Flags().StringSliceVar(&types, "types", nil, "take only titles of these `types`: movie,short,tvMovie (default: all)")
	c.Flags().StringVar(&f.conflict, "on-conflict", "skip", "what a row does whose record is there: `skip|update|error`")
	c.Flags().BoolVar(&f.keepGoing, "keep-going", false, "write the good rows even if others are bad, and exit 5")
	addDryRun(c, &f.dry)
	return c
}

// imdbPaths are the three files: those that were named, or those of a folder.
func imdbPaths(paths []string) ([]string, error) {
	var files []string
	for _, p := range paths {
		if p == "-" {
			return nil, catalog.Invalidf("an import of IMDb reads its files twice; name them in place of -")
		}
		info, err := os.Stat(p)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, p)
			continue
		}
		entries, err := os.ReadDir(p)
		if err != nil {
			return nil, err
		}
		found := 0
		for _, e := range entries {
			if slices.ContainsFunc([]string{"title.basics.", "name.basics.", "title.principals."}, func(s string) bool { return strings.HasPrefix(e.Name(), s) }) {
				files = append(files, filepath.Join(p, e.Name()))
				found++
			}
		}
		if found == 0 {
			return nil, fmt.Errorf("%s holds none of title.basics.tsv, name.basics.tsv and title.principals.tsv, packed with gzip or not", catalog.Visible(p))
		}
	}
	return files, nil
}
