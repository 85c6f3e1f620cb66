package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/library"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/password"
	"github.com/moviedb/moviedb/internal/store"
)

func newCheckCmd(a *app) *cobra.Command {
	var quick, fix bool
	c := &cobra.Command{
		Use: "check", Short: "Look whether the catalog is whole, and repair it",
		Long: `Look whether the catalog is whole: every page of the database, the schema, what
refers to what, primary photos, the search index and the keys of names, values
that would be refused today, the content of every file by its hash, and whether
others can read any of it. One finding is one line, with the table and the id of
the row; the exit code is 1 if something was found, and 0 if there was nothing or
all of it was repaired. Without --fix nothing is written.

--fix repairs what can be repaired without loss, in one transaction: it makes the
search index, keys, indexes and triggers again, makes primary photos agree,
clears references to records that are gone and deletes links to them, removes what
killed commands left, moves content that belongs to nothing to the trash, as 'file
gc' does, and takes the files away from others. What it cannot repair it names.

--quick reads neither every page nor every value and content: it looks at the
schema, references, primary photos and permissions, counts keys, looks a few
records up in the search index, and looks whether every file has content.

  damaged             the file of the database; restore a backup
  schema_changed      a table, an index or a trigger
  index_wrong         an index of SQLite that disagrees with its table
  derived_wrong       the search index or the keys of names
  sequence_low        an id could be given a second time
  dangling_reference  a row that refers to one that is not there
  primary_photo       a person and the photos that name different pictures
  value_refused       a value that would not be written today
  duplicate_name      two names that are the same but for case and accents
  content_missing     a file without its content
  content_damaged     content that is not what was stored
  orphan_content      content that belongs to no file
  temp_file           what a killed command left
  shared_directory    another catalog keeps pictures in the same directory
  permissions         a file or folder that is open to others`,
		Example: `  moviedb check --fix -o csv
  moviedb check --header
  moviedb check --quick --json`,
		Args: args(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return a.check(c.Context(), quick, fix) },
	}
	c.Flags().BoolVar(&quick, "quick", false, "leave out what has to read the whole catalog")
	c.Flags().BoolVar(&fix, "fix", false, "repair what can be repaired without loss")
	return c
}

// findingsError says that a check found something that is still wrong.
type findingsError struct {
	found, fixed int64
	fix          bool
}

// Error counts what was found and says what can be done.
func (e *findingsError) Error() string {
	found := thousands(e.found) + " " + catalog.Plural(int(e.found), "problem", "problems")
	if e.fix {
		return fmt.Sprintf("found %s: %s repaired, %s left", found, thousands(e.fixed), thousands(e.found-e.fixed))
	}
	return fmt.Sprintf("found %s; 'moviedb check --fix' repairs what can be repaired without loss", found)
}

// errEnough ends a check of which nobody reads on.
var errEnough = errors.New("enough")

// check prints what is wrong as it is found.
func (a *app) check(ctx context.Context, quick, fix bool) error {
	if err := output.CheckFields[output.Finding](a.fields); err != nil {
		return err
	}
	p, sum := a.printer(), findingsError{fix: fix}
	wait := a.newSpinner("checking")
	defer wait.end()
	var stale int64
	printed, err := output.List(p, nil, func(yield func(output.Finding, error) bool) {
		o := store.CheckOptions{Quick: quick, Fix: fix, Step: wait.step, Rules: map[string]func(string) error{"password": password.Check}}
		o.Report = func(f catalog.Finding) error {
			if sum.found++; f.Fixed {
				sum.fixed++
			}
			if p.Format == output.Table && p.Terminal && sum.found > tableLimit {
				return nil
			}
			if !yield(output.NewFinding(f), nil) {
				return errEnough
			}
			return nil
		}
		var err error
		stale, err = library.Check(ctx, a.storeOptions(), a.pictures(), o)
		wait.end()
		if errors.Is(err, store.ErrNoCatalog) {
			err = &noCatalogError{path: a.cfg.DB}
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(output.Finding{}, err)
		}
	})
	if err != nil {
		return err
	}
	if int64(printed) < sum.found && p.Format == output.Table && p.Terminal {
		fmt.Fprintf(a.Err, "%s of %s; -o tsv prints all\n", thousands(int64(printed)), thousands(sum.found))
	}
	return a.checked(sum, stale)
}

// checked says in a sentence what a check found.
func (a *app) checked(sum findingsError, stale int64) error {
	if stale > 0 && !sum.fix {
		a.note("%s changed by hand: the next command that writes brings the search index up to date",
			thousands(stale)+" "+catalog.Plural(int(stale), "record was", "records were"))
	}
	switch {
	case sum.found == 0:
		a.note("nothing found")
	case sum.found > sum.fixed:
		return &sum
	default:
		a.note("found %s %s, all repaired", thousands(sum.found), catalog.Plural(int(sum.found), "problem", "problems"))
	}
	return nil
}
