package cmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/bulk"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/library"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/tempfile"
)

func newImportCmd(a *app) *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "Read records from files", GroupID: "whole",
		Long: `Read many records from files in one transaction: all of them, or none.

A file is CSV, TSV or another text with delimiters, whose first line names the
columns, or JSON: lines, or one array. It may be packed with gzip. Which it is,
its delimiter and its encoding are seen from the content.`}
	c.PersistentFlags().Bool("template", false, "print the header of a file of this kind, and read nothing")
	for _, k := range importKinds() {
		c.AddCommand(newImportKindCmd(a, k))
	}
	c.AddCommand(newImportIMDbCmd(a), newImportCatalogCmd(a))
	return asGroup(c)
}

// importKind is a kind of file that import reads.
type importKind struct {
	name, short, long, example string

	names    []string // columns that --map knows
	template []string // columns of a file made for this program
	dates    bool     // some column is a date
	creates  bool     // rows name records of other kinds
	updates  bool     // a row can have values for a record that is there
	favorite bool     // --favorite-of
	pictures bool     // --max-size
	mapping  func(string) (csvio.Mapping, error)
	run      func(context.Context, bulk.Options, ...bulk.Source) (bulk.Result, error)
}

// of gives an importKind what its files say of it.
func of[T any](k csvio.Kind[T], run func(context.Context, bulk.Options, ...bulk.Source) (bulk.Result, error), i importKind) importKind {
	i.name, i.names, i.template, i.run = k.Name(), k.Names(), k.Template(), run
	i.mapping = func(s string) (csvio.Mapping, error) { return csvio.ParseMapping(k, s) }
	return i
}

// importFlags are the flags of an import.
type importFlags struct {
	mapping, delimiter, encoding, dateFormat, null, conflict, rejects, favoriteOf string
	noCreate, keepGoing, dry                                                      bool
	size                                                                          sizeFlag
}

func newImportKindCmd(a *app, k importKind) *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use: k.name + " FILE…|-", Short: k.short,
		Long: k.long + `

The columns are ` + wrapped(strings.Join(k.names, ", ")) + `.
Their order is free, case and spaces do not matter, and common names for them
are known. Others are named and left out. If any row is wrong, all errors are
printed with line and column, and nothing is written.`,
		Example: k.example,
		Args: func(c *cobra.Command, words []string) error {
			if template, _ := c.Flags().GetBool("template"); template {
				return nil
			}
			return args(1, -1, "a file (- is standard input)")(c, words)
		},
		RunE: func(c *cobra.Command, files []string) error {
			if template, _ := c.Flags().GetBool("template"); template {
				return a.importTemplate(k)
			}
			return a.importFiles(c, k, files, f)
		},
	}
	f.add(c, k)
	return c
}

// noTemplate refuses --template for files that nobody writes by hand.
func noTemplate(next cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, words []string) error {
		if template, _ := c.Flags().GetBool("template"); template {
			return usagef(c.CommandPath(), "%s has no template: its files come from a program", c.CommandPath())
		}
		return next(c, words)
	}
}

// importTemplate prints the header of a file of a kind.
func (a *app) importTemplate(k importKind) error {
	if f := a.format(); f == output.JSON || f == output.JSONL {
		return output.Show(a.printer(), nil, k.template)
	}
	_, err := fmt.Fprintln(a.Out, strings.Join(k.template, ","))
	return err
}

func (f *importFlags) add(c *cobra.Command, k importKind) {
	fs := c.Flags()
	fs.StringVar(&f.mapping, "map", "", "which header is which column: `'Header=column,…'`; - leaves a header out")
	fs.StringVar(&f.delimiter, "delimiter", "", "what stands between cells: a `character`, or tab (default: seen from the content)")
	fs.StringVar(&f.encoding, "encoding", "", "the `encoding` of the file, such as latin1 (default: UTF-8 or UTF-16, seen from the content)")
	if k.dates {
		fs.StringVar(&f.dateFormat, "date-format", "", "the `form` of dates that are not YYYY-MM-DD, as for strptime: '%d.%m.%Y'")
	}
	if k.updates {
		fs.StringVar(&f.null, "null", "", "a cell of just this `text` empties the field, with --on-conflict update too")
		fs.StringVar(&f.conflict, "on-conflict", "skip", "what a row does whose record is there: `skip|update|error`")
	} else {
		fs.StringVar(&f.conflict, "on-conflict", "skip", "what a row does whose record is there: `skip|error`")
	}
	if k.creates {
		fs.BoolVar(&f.noCreate, "no-create", false, "make no records that rows only name: such rows are bad")
	}
	fs.BoolVar(&f.keepGoing, "keep-going", false, "write the good rows even if others are bad, and exit 5")
	fs.StringVar(&f.rejects, "rejects", "", "with --keep-going: a `file` for the bad rows, to be mended and imported again")
	if k.favorite {
		fs.StringVar(&f.favoriteOf, "favorite-of", "", "make the movies favorites of this `user`")
	}
	if k.pictures {
		f.size.add(c)
	}
	addDryRun(c, &f.dry)
}

// options reads the flags.
func (f *importFlags) options(a *app, c *cobra.Command, k importKind) (o bulk.Options, err error) {
	o = bulk.Options{Store: a.storeOptions(), NoCreate: f.noCreate, KeepGoing: f.keepGoing, Rejects: f.rejects, DryRun: f.dry, FavoriteOf: f.favoriteOf}
	if k.mapping != nil {
		if o.Cells.Mapping, err = k.mapping(f.mapping); err != nil {
			return o, flagged("map", err)
		}
	}
	if o.Cells.DateFormat, err = csvio.ParseDateFormat(f.dateFormat); err != nil {
		return o, flagged("date-format", err)
	}
	if o.Read.Delimiter, err = parseDelimiter(f.delimiter); err != nil {
		return o, flagged("delimiter", err)
	}
	o.Read.Encoding, o.Cells.Null = f.encoding, strings.TrimSpace(f.null)
	switch {
	case f.conflict == "skip":
	case f.conflict == "error":
		o.OnConflict = bulk.Fail
	case f.conflict == "update" && k.updates:
		o.OnConflict = bulk.Update
	default:
		choices := "skip or error"
		if k.updates {
			choices = "skip, update or error"
		}
		return o, flagged("on-conflict", catalog.Invalidf("%s is none of %s", catalog.Quote(f.conflict), choices))
	}
	if c.Flags().Changed("null") && o.Cells.Null == "" {
		return o, flagged("null", catalog.Invalidf("a blank text is no token; blank cells leave what is there"))
	}
	if f.rejects != "" && !f.keepGoing {
		return o, usagef(c.CommandPath(), "--rejects needs --keep-going: without it nothing is written if a row is bad")
	}
	return o, nil
}

// parseDelimiter reads one character, or its name. 0 is to look at the content.
func parseDelimiter(s string) (rune, error) {
	switch strings.ToLower(s) {
	case "":
		return 0, nil
	case "tab", `\t`:
		return '\t', nil
	case "comma":
		return ',', nil
	case "semicolon":
		return ';', nil
	}
	if r := []rune(s); len(r) == 1 {
		return r[0], nil
	}
	return 0, catalog.Invalidf("%s is not one character; write the delimiter itself, or tab", catalog.Quote(s))
}

// importSummary is what --json prints of an import. Fields are only ever added.
type importSummary struct {
	Created    int `json:"created" doc:"records made of rows"`
	Updated    int `json:"updated" doc:"records that rows changed"`
	Skipped    int `json:"skipped" doc:"rows whose record was there already"`
	Repeated   int `json:"repeated" doc:"rows that say what a row before them says"`
	Rejected   int `json:"rejected" doc:"bad rows left out with --keep-going"`
	Persons    int `json:"persons" doc:"made on the way"`
	Genres     int `json:"genres" doc:"made on the way"`
	Countries  int `json:"countries" doc:"made on the way"`
	Characters int `json:"characters" doc:"made on the way"`
	Movies     int `json:"movies" doc:"made on the way"`
	Users      int `json:"users" doc:"made on the way"`
	Favorites  int `json:"favorites" doc:"made with --favorite-of"`

	LeftOut []leftOut `json:"left_out" doc:"what import imdb left out on purpose"`
}

// leftOut counts what an import left out on purpose.
type leftOut struct {
	What  string `json:"what" doc:"what was left out, and why"`
	Count int    `json:"count" doc:"how many"`
}

// partlyError says that an import was kept without its bad rows.
type partlyError struct{ *bulk.RejectedError }

// Unwrap returns the rows that were left out.
func (e *partlyError) Unwrap() error { return e.RejectedError }

func (a *app) importFiles(c *cobra.Command, k importKind, files []string, f importFlags) error {
	if err := output.CheckFields[importSummary](a.fields); err != nil {
		return err
	}
	if err := onceStdin(c, files); err != nil {
		return err
	}
	o, err := f.options(a, c, k)
	if err != nil {
		return err
	}
	if k.pictures {
		lim, err := f.size.limits(c)
		if err != nil {
			return err
		}
		if f.rejects != "" && slices.ContainsFunc(files, func(file string) bool { return folderOf(file) != filepath.Dir(f.rejects) }) {
			return usagef(c.CommandPath(), "--rejects must be in the folder of the file: the paths of the pictures go from there")
		}
		o.Picture = func(ctx context.Context, path string) (library.Incoming, error) {
			return a.stage(ctx, path, "", lim, true)
		}
	}
	var sources []bulk.Source
	for _, file := range files {
		src, done, err := a.source(file)
		if err != nil {
			return err
		}
		defer done()
		sources = append(sources, src)
	}
	bar := a.newProgress()
	o.Progress = bar.show
	defer lazily()()
	res, err := k.run(c.Context(), o, sources...)
	bar.end()
	if err != nil {
		return err
	}
	return a.importDone(k, res, f)
}

// folderOf is the folder from which paths in a file go.
func folderOf(file string) string {
	if file == "-" {
		return "."
	}
	return filepath.Dir(file)
}

// lazily makes the collector of garbage wait longer, as an import makes much of
// it and keeps little; up to 192 MiB are not worth looking through. It returns
// what makes it as it was.
func lazily() func() {
	const most = 192 << 20
	percent, limit := debug.SetGCPercent(400), debug.SetMemoryLimit(most)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// importDone says what an import did.
func (a *app) importDone(k importKind, res bulk.Result, f importFlags) error {
	a.done = !f.dry
	a.importNotes(k, res, f.dry)
	s := importSummary{Created: res.Created, Updated: res.Updated, Skipped: res.Skipped, Repeated: res.Repeated, Rejected: res.Rejected,
		Persons: res.Persons, Genres: res.Genres, Countries: res.Countries, Characters: res.Characters,
		Movies: res.Movies, Users: res.Users, Favorites: res.Favorites, LeftOut: []leftOut{}}
	for _, l := range res.Left {
		s.LeftOut = append(s.LeftOut, leftOut{l.What, l.N})
	}
	var err error
	if a.format() != "" || a.fields != nil {
		err = output.Show(a.printer(), nil, s)
	} else {
		_, err = fmt.Fprintf(a.Out, "created=%d updated=%d skipped=%d repeated=%d rejected=%d\n",
			s.Created, s.Updated, s.Skipped, s.Repeated, s.Rejected)
	}
	if err == nil && res.Bad != nil {
		return &partlyError{res.Bad}
	}
	return err
}

// importNotes tells, on stderr, what a careful reader wants to know.
func (a *app) importNotes(k importKind, res bulk.Result, dry bool) {
	for _, f := range res.Files {
		if len(f.Unknown) > 0 {
			const most = 30
			var names []string
			for _, u := range f.Unknown[:min(len(f.Unknown), most)] {
				names = append(names, catalog.Quote(u))
			}
			if more := len(f.Unknown) - len(names); more > 0 {
				names = append(names, fmt.Sprintf("and %s more", thousands(int64(more))))
			}
			a.note("%s: no column of %s, left out: %s", catalog.Visible(f.File), k.name, strings.Join(names, ", "))
		}
		for _, n := range f.Notes {
			a.note("%s: %s", catalog.Visible(f.File), catalog.Visible(n))
		}
	}
	made := []struct {
		n         int
		one, many string
	}{{res.Movies, "movie", "movies"}, {res.Persons, "person", "people"}, {res.Countries, "country", "countries"}, {res.Genres, "genre", "genres"},
		{res.Characters, "part", "parts"}, {res.Users, "user", "users"}, {res.Favorites, "favorite", "favorites"}}
	var parts []string
	for _, m := range made {
		if m.n > 0 {
			parts = append(parts, thousands(int64(m.n))+" "+catalog.Plural(m.n, m.one, m.many))
		}
	}
	if len(parts) > 0 {
		way := " on the way"
		if k.name == imdbKind {
			way = "" // all of them are what the files are of
		}
		a.note("%s%s: %s", doing("made", "make", dry), way, strings.Join(parts, ", "))
	}
	for _, l := range res.Left {
		a.note("left out: %s %s", thousands(int64(l.N)), catalog.Visible(l.What))
	}
}

// source opens a file, or standard input for "-". Standard input is kept in a
// temporary file if it may be needed twice: when there is no catalog yet,
// another process may create one meanwhile.
func (a *app) source(file string) (src bulk.Source, done func(), err error) {
	if file != "-" {
		src = bulk.Source{Name: file, Dir: filepath.Dir(file), Open: func() (io.ReadCloser, error) { return a.Open(file) }}
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			src.Size = info.Size()
		}
		return src, func() {}, nil
	}
	src.Name = "standard input"
	if a.InTerminal {
		a.note("reading from the terminal; end with Ctrl-D")
	}
	if info, err := os.Stat(a.cfg.DB); err == nil && info.Size() > 0 {
		src.Open = func() (io.ReadCloser, error) { return io.NopCloser(a.In), nil }
		return src, func() {}, nil
	}
	stem := filepath.Join(os.TempDir(), "moviedb-import-")
	tempfile.Sweep(stem)
	spool, err := tempfile.New(stem)
	if err != nil {
		return src, nil, err
	}
	os.Remove(spool.Name()) // so that it goes with the process
	done = func() {
		spool.Close()
		os.Remove(spool.Name()) // where one cannot remove an open file
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
