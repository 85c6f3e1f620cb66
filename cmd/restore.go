package cmd

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/archive"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
)

func newRestoreCmd(a *app) *cobra.Command {
	var force, dry bool
	c := &cobra.Command{
		Use: "restore FILE", Short: "Make a catalog of a backup",
		Long: `Make the catalog and its pictures of a file that 'moviedb backup' wrote. All of it
is read and verified before anything is touched: an archive that is damaged, cut
off, or not what it says is refused, and everything is as it was.

A catalog that is there is replaced only with --force, in one transaction, while
no other process writes to it; killed on the way, the command leaves the old one
or the new one. Pictures of the old one stay in the managed directory until
'moviedb file gc' collects them. With --dry-run the archive is verified, and
nothing changed.`,
		Example: `  moviedb --db "$HOME/restored.db" restore "$HOME/films.tar.gz" --dry-run
  moviedb --db "$HOME/restored.db" restore "$HOME/films.tar.gz"
  moviedb restore "$HOME/films.tar.gz" --force`,
		Args: args(1, 1, "a backup"),
		RunE: func(c *cobra.Command, words []string) error { return a.restore(c, words[0], force, dry) },
	}
	c.Flags().BoolVar(&force, "force", false, "replace the catalog that is there")
	addDryRun(c, &dry)
	return c
}

// restoreSummary is what --json prints of a restoration. Fields are only ever
// added.
type restoreSummary struct {
	Path     string `json:"path" doc:"absolute path of the catalog"`
	Archive  string `json:"archive" doc:"the backup, as it was named"`
	Replaced bool   `json:"replaced" doc:"there was a catalog before"`
	archiveContents
}

func (a *app) restore(c *cobra.Command, file string, force, dry bool) error {
	if err := output.CheckFields[restoreSummary](a.fields); err != nil {
		return err
	}
	f, err := a.openArchive(file)
	if err != nil {
		return err
	}
	defer f.Close()
	p := a.newProgress()
	defer p.end()
	done, err := archive.Restore(c.Context(), archive.RestoreOptions{
		Store: a.storeOptions(), Pictures: a.pictures(), Archive: f, Name: file, Force: force, DryRun: dry, Step: a.step,
		Progress: func(done, total int64) { p.bytes("verifying", done, total) },
	})
	p.end()
	if err != nil {
		return err
	}
	a.done = !dry
	s := restoreSummary{done.Path, file, done.Replaced, newArchiveContents(done.Manifest)}
	a.noteDangling(s.Dangling)
	if s.Replaced && !dry {
		a.note("pictures of the catalog that was replaced stay until 'moviedb file gc' collects them")
	}
	if a.format() != "" || a.fields != nil {
		return output.Show(a.printer(), nil, s)
	}
	line := s.Path
	if a.OutTerminal {
		line = fmt.Sprintf("%s %s from %s, as of %s: %s", doing("restored", "restore", dry), catalog.Visible(s.Path), catalog.Visible(file), s.CreatedAt, s.sentence())
	}
	_, err = fmt.Fprintln(a.Out, line)
	return err
}

// openArchive opens a backup, which is a regular file.
func (a *app) openArchive(file string) (io.ReadCloser, error) {
	if file == "-" {
		return nil, usagef("moviedb restore", "a backup is restored from a file, not from standard input; name it")
	}
	info, err := os.Stat(file)
	if err == nil && !info.Mode().IsRegular() {
		return nil, catalog.Invalidf("%s is no regular file, so it cannot be a backup", catalog.Visible(file))
	}
	if err != nil {
		return nil, fmt.Errorf("open the backup %s: %w", catalog.Visible(file), catalog.WithoutPath(err))
	}
	f, err := a.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open the backup %s: %w", catalog.Visible(file), catalog.WithoutPath(err))
	}
	return f, nil
}
