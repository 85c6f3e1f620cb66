package cmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/archive"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

func newBackupCmd(a *app) *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use: "backup FILE", Short: "Write catalog and pictures to one file",
		Long: `Write the whole catalog, with its pictures and the hashes of passwords, to one
file, while others go on writing: a tar archive, gzipped if FILE ends in .gz or
.tgz, that tar can extract and 'moviedb restore' makes a catalog of.

The archive is read back before it gets its name, so that under it there is
never part of one. It needs room for the database twice. A file that is there
is overwritten only with --force. If a picture of the catalog is missing or
damaged it is named, and no backup is made; 'moviedb check' tells of all.`,
		Example: `  moviedb backup "$HOME/films.tar"
  moviedb backup "$HOME/films.tar.gz"
  moviedb backup "$HOME/films.tar.gz" --force --json`,
		Args: args(1, 1, "a name for the backup"),
		RunE: func(c *cobra.Command, words []string) error { return a.backup(c.Context(), words[0], force) },
	}
	c.Flags().BoolVar(&force, "force", false, "overwrite a file that is there")
	return c
}

// archiveContents is what --json prints of what is in an archive. Fields are
// only ever added.
type archiveContents struct {
	CreatedAt     string `json:"created_at" doc:"the moment it is of: RFC 3339, UTC"`
	SchemaVersion int    `json:"schema_version" doc:"of the catalog in it"`
	DatabaseSize  int64  `json:"database_size" doc:"bytes"`
	Files         int64  `json:"files" doc:"how many pictures and other files are in it"`
	FilesSize     int64  `json:"files_size" doc:"bytes"`
	Dangling      int64  `json:"dangling_references" doc:"references to records that are not there, which the catalog had"`
}

func newArchiveContents(m archive.Manifest) archiveContents {
	return archiveContents{CreatedAt: m.Created.Format(time.RFC3339), SchemaVersion: m.Schema, DatabaseSize: m.Database.Size,
		Files: m.Files.Count, FilesSize: m.Files.Size, Dangling: m.Dangling}
}

// sentence is what people read of it.
func (c archiveContents) sentence() string {
	return fmt.Sprintf("database %s, %s (%s)", humanize.IBytes(uint64(c.DatabaseSize)), countFiles(int(c.Files)), humanize.IBytes(uint64(c.FilesSize)))
}

// backupSummary is what --json prints of a backup. Fields are only ever added.
type backupSummary struct {
	Path string `json:"path" doc:"absolute path of the archive"`
	Size int64  `json:"size" doc:"of the archive in bytes"`
	archiveContents
}

func (a *app) backup(ctx context.Context, file string, force bool) error {
	if err := output.CheckFields[backupSummary](a.fields); err != nil {
		return err
	}
	if file == "-" {
		return usagef("moviedb backup", "a backup is read back once it is written, so it cannot go to standard output; name a file")
	}
	p := a.newProgress()
	defer p.end()
	done, err := archive.Backup(ctx, archive.BackupOptions{
		Store: a.storeOptions(), Pictures: a.pictures(), File: file, Force: force, Step: a.step,
		Progress: func(checking bool, done, total int64) {
			what := "writing"
			if checking {
				what = "reading back"
			}
			p.bytes(what, done, total)
		},
	})
	p.end()
	if errors.Is(err, store.ErrNoCatalog) {
		return &noCatalogError{path: a.cfg.DB}
	}
	if err != nil {
		return err
	}
	a.done = true
	s := backupSummary{done.Path, done.Size, newArchiveContents(done.Manifest)}
	a.noteDangling(s.Dangling)
	if a.format() != "" || a.fields != nil {
		return output.Show(a.printer(), nil, s)
	}
	line := s.Path
	if a.OutTerminal {
		line = fmt.Sprintf("backed up %s to %s: %s, %s in all", catalog.Visible(a.cfg.DB), catalog.Visible(s.Path), s.sentence(), humanize.IBytes(uint64(s.Size)))
	}
	_, err = fmt.Fprintln(a.Out, line)
	return err
}

// noteDangling says that references lead to nothing.
func (a *app) noteDangling(n int64) {
	if n > 0 {
		a.note("%s %s to nothing, as in the catalog it is of; 'moviedb check' tells which", thousands(n), catalog.Plural(int(n), "reference in it leads", "references in it lead"))
	}
}
