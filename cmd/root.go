package cmd

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/config"
	"github.com/moviedb/moviedb/internal/output"
)

func newRootCmd(a *app) *cobra.Command {
	cobra.EnableCommandSorting = false // verbs come in the order of a record's life: add … delete
	root := &cobra.Command{
		Use:   "moviedb",
		Short: "Keep a catalog of films on your own machine",
		Long: `moviedb keeps a catalog of films, of the people who made them and of the parts
they play, in one SQLite file on your own machine.

Records are named by id or by name: 12, "Solaris (1972)", "Holland, Tom"; a title
that is all digits is written title:1917.`,
		Example: `  moviedb movie add Nostalghia --release-date 1983 --director "Andrei Tarkovsky" --create
  moviedb movie list --sort -release_date --limit 5
  moviedb movie show "Solaris (1972)" --json`,
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Version:           version(),
		PersistentPreRunE: a.setUp,
	}
	root.SetVersionTemplate("moviedb {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(a.printHelp)
	addGlobalFlags(root.PersistentFlags(), a)
	root.AddGroup(&cobra.Group{ID: "records", Title: "Records:"}, &cobra.Group{ID: "whole", Title: "The whole catalog:"})
	addTo(root, "records", newMovieCmd(a), newPersonCmd(a), newCharacterCmd(a), newGenreCmd(a), newCountryCmd(a),
		newPhotoCmd(a), newFileCmd(a), newUserCmd(a))
	addTo(root, "whole", newSearchCmd(a), newStatsCmd(a), newImportCmd(a), newExportCmd(a), newCheckCmd(a), newBackupCmd(a), newRestoreCmd(a), newConfigCmd(a), newManCmd(a), newVersionCmd(a))
	addTo(root, "whole", newCompletionCmd(a))
	help := newHelpCmd(a)
	help.GroupID = "whole"
	root.SetHelpCommand(help)
	root.SetHelpCommandGroupID("whole")
	asGroup(root)
	return root
}

func addTo(parent *cobra.Command, group string, children ...*cobra.Command) {
	for _, c := range children {
		c.GroupID = group
		parent.AddCommand(c)
	}
}

func addGlobalFlags(fs *pflag.FlagSet, a *app) {
	config.AddFlags(fs)
	fs.BoolVar(&a.asJSON, "json", false, "print JSON, the same as --output json")
	fs.Var((*fieldList)(&a.fields), "fields", "print only these `fields`, by their JSON names: id,title,director.name")
	fs.StringVar(&a.jq, "jq", "", "print what a jq `expression` makes of the JSON: '.[].title'")
	fs.BoolVar(&a.noPager, "no-pager", false, "print long output on a terminal without a pager")
	fs.BoolVar(&a.header, "header", false, "begin tsv output with a line of field names")
}

// fieldList is the value of --fields.
type fieldList []string

// String returns the fields as they were given.
func (f *fieldList) String() string { return strings.Join(*f, ",") }

// Type is the word for the value in messages.
func (f *fieldList) Type() string { return "fields" }

// Set splits at commas; a blank field is an error.
func (f *fieldList) Set(s string) error {
	*f = nil
	for name := range strings.SplitSeq(s, ",") {
		if name = strings.TrimSpace(name); name == "" {
			return errors.New("a field is blank; write JSON names separated by commas")
		}
		*f = append(*f, name)
	}
	return nil
}

// setUp reads the settings before any command runs.
func (a *app) setUp(c *cobra.Command, _ []string) error {
	cfg, settings, err := config.Load(c.Root().PersistentFlags(), a.Getenv, a.Home)
	if err != nil {
		if c.Name() == "version" || c.Name() == "help" { // what one asks when something is wrong
			return a.setFilter(c)
		}
		return err
	}
	a.cfg, a.settings = cfg, settings
	if a.asJSON && c.Root().PersistentFlags().Changed("output") && cfg.Output != string(output.JSON) {
		a.asJSON = cfg.Output == string(output.JSONL)
		return usagef(c.CommandPath(), "--json and --output %s ask for different formats; give one", cfg.Output)
	}
	return a.setFilter(c)
}

// setFilter compiles --jq, which asks for JSON by itself: one document, unless
// JSON Lines are asked for as well.
func (a *app) setFilter(c *cobra.Command) (err error) {
	flags := c.Root().PersistentFlags()
	if !flags.Changed("jq") {
		return nil
	}
	lines := false
	if f := flags.Lookup("output"); f.Changed {
		given := f.Value.String()
		if lines = given == string(output.JSONL); !lines && given != string(output.JSON) {
			return usagef(c.CommandPath(), "--jq filters JSON, but --output %s asks for another format; give one", given)
		}
	}
	a.asJSON = !lines
	a.filter, err = output.NewFilter(c.Context(), a.jq)
	return flagged("jq", err)
}

// flagError makes pflag's errors ours: one line, with a suggestion.
func flagError(c *cobra.Command, err error) error {
	if errors.Is(err, pflag.ErrHelp) {
		return err
	}
	text := err.Error()
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		name := unknown.GetSpecifiedName()
		text = "unknown flag " + dashes(name) + " for " + c.CommandPath()
		if near := nearFlag(c, name); near != "" {
			text += "; did you mean --" + near + "?"
		}
	}
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) && invalid.Unwrap() != nil {
		text = dashes(invalid.GetFlag().Name) + ": " + invalid.Unwrap().Error()
	}
	return usagef(c.CommandPath(), "%s", catalog.Visible(text))
}

func dashes(name string) string {
	if len([]rune(name)) == 1 {
		return "-" + name
	}
	return "--" + name
}

func nearFlag(c *cobra.Command, name string) string {
	best, distance := "", 3
	if len(name) < 3 {
		return "" // anything is near to a letter
	}
	look := func(f *pflag.Flag) {
		if d := catalog.Distance(name, f.Name, distance); !f.Hidden && d < distance {
			best, distance = f.Name, d
		}
	}
	c.Flags().VisitAll(look)
	c.InheritedFlags().VisitAll(look)
	return best
}
