package cmd

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/bulk"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/output"
)

func newImportCmd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "Read records from files", Long: "Read many records from a file in one transaction: all of them, or none.", GroupID: "whole"}
	c.AddCommand(newImportMoviesCmd(a))
	return asGroup(c)
}

func newImportMoviesCmd(a *app) *cobra.Command {
	var mapping string
	var dry bool
	c := &cobra.Command{
		Use: "movies FILE|-", Short: "Read movies from a CSV file",
		Long: `Read movies from a CSV file whose first line names the columns, or from standard
input (-). The columns are ` + strings.Join(csvio.MovieColumnNames(), ", ") + `;
their order is free, case and spaces do not matter, and common names for them are
known (runtime, genre, actors, overview). Others are named and left out.

Genres are separated by | or ; or commas. A cast is "Actor as Character; Actor as
Character". People, genres and countries that are not there yet are made.

A movie whose title and year are there already is skipped. If any row is wrong,
all errors are printed with line and column, and nothing is written.`,
		Example: `  moviedb import movies testdata/sample/movies.csv
  moviedb import movies testdata/sample/movies.csv --dry-run --json
  moviedb import movies - --map 'Name=title,Year=release_date' < testdata/csv/letterboxd.csv`,
		Args: args(1, 1, "a file (- is standard input)"),
		RunE: func(c *cobra.Command, words []string) error {
			m, err := csvio.ParseMapping(mapping)
			if err != nil {
				return flagged("map", err)
			}
			return a.importMovies(c, words[0], m, dry)
		},
	}
	c.Flags().StringVar(&mapping, "map", "", "which header is which column: `'Header=column,…'`")
	addDryRun(c, &dry)
	return c
}

// importSummary is what --json prints of an import. Fields are only ever added.
type importSummary struct {
	Created    int `json:"created"`
	Updated    int `json:"updated"`
	Skipped    int `json:"skipped"`
	Repeated   int `json:"repeated"`
	Rejected   int `json:"rejected"`
	Persons    int `json:"persons"`    // made on the way
	Genres     int `json:"genres"`     // made on the way
	Countries  int `json:"countries"`  // made on the way
	Characters int `json:"characters"` // made on the way
}

func (a *app) importMovies(c *cobra.Command, file string, m csvio.Mapping, dry bool) error {
	if err := output.CheckFields[importSummary](a.fields); err != nil {
		return err
	}
	src, done, err := a.source(file)
	if err != nil {
		return err
	}
	defer done()
	res, err := bulk.Movies(c.Context(), bulk.Options{Store: a.storeOptions(), Mapping: m, DryRun: dry}, src)
	if err != nil {
		return err
	}
	a.importNotes(src.Name, res, dry)
	s := importSummary{Created: res.Created, Updated: res.Updated, Skipped: res.Skipped, Repeated: res.Repeated, Rejected: res.Rejected,
		Persons: res.Persons, Genres: res.Genres, Countries: res.Countries, Characters: res.Characters}
	if a.format() != "" || a.fields != nil {
		return output.Show(a.printer(), nil, s)
	}
	_, err = fmt.Fprintf(a.Out, "created=%d updated=%d skipped=%d repeated=%d rejected=%d\n",
		s.Created, s.Updated, s.Skipped, s.Repeated, s.Rejected)
	return err
}

// importNotes tells, on stderr, what a careful reader wants to know.
func (a *app) importNotes(file string, res bulk.Result, dry bool) {
	if len(res.Unknown) > 0 {
		const most = 30
		var names []string
		for _, u := range res.Unknown[:min(len(res.Unknown), most)] {
			names = append(names, catalog.Quote(u))
		}
		if more := len(res.Unknown) - len(names); more > 0 {
			names = append(names, fmt.Sprintf("and %s more", thousands(int64(more))))
		}
		a.note("%s: no column of movies, left out: %s", catalog.Visible(file), strings.Join(names, ", "))
	}
	for _, n := range res.Notes {
		a.note("%s: %s", catalog.Visible(file), catalog.Visible(n))
	}
	made := []struct {
		n         int
		one, many string
	}{{res.Persons, "person", "people"}, {res.Countries, "country", "countries"}, {res.Genres, "genre", "genres"}, {res.Characters, "part", "parts"}}
	var parts []string
	for _, m := range made {
		if m.n > 0 {
			parts = append(parts, thousands(int64(m.n))+" "+catalog.Plural(m.n, m.one, m.many))
		}
	}
	if len(parts) > 0 {
		a.note("%s on the way: %s", doing("made", "make", dry), strings.Join(parts, ", "))
	}
}

// source opens a file, or standard input for "-". Standard input is kept in a
// temporary file if it may be needed twice: when there is no catalog yet,
// another process may create one meanwhile.
func (a *app) source(file string) (src bulk.Source, done func(), err error) {
	if file != "-" {
		return bulk.Source{Name: file, Open: func() (io.ReadCloser, error) { return a.Open(file) }}, func() {}, nil
	}
	src.Name = "standard input"
	if a.InTerminal {
		a.note("reading from the terminal; end with Ctrl-D")
	}
	if info, err := os.Stat(a.cfg.DB); err == nil && info.Size() > 0 {
		src.Open = func() (io.ReadCloser, error) { return io.NopCloser(a.In), nil }
		return src, func() {}, nil
	}
	spool, err := os.CreateTemp("", "moviedb-import-*")
	if err != nil {
		return src, nil, err
	}
	done = func() {
		spool.Close()
		os.Remove(spool.Name())
	}
	first := true
	src.Open = func() (io.ReadCloser, error) {
		if first {
			first = false
			return io.NopCloser(io.TeeReader(a.In, spool)), nil
		}
		if _, err := spool.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		return io.NopCloser(spool), nil
	}
	return src, done, nil
}
