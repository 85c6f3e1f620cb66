package cmd

import (
	"context"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/library"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

// gcFlags is how "file gc" was called.
type gcFlags struct{ now, yes, dry bool }

func newFileGCCmd(a *app) *cobra.Command {
	var f gcFlags
	c := &cobra.Command{
		Use: "gc", Short: "Collect content that belongs to nothing",
		Long: `Move content that no file of the catalog stands for into the trash, a folder inside
the managed directory, and destroy what has lain there for 30 days. Content is
left over when a file is deleted, and when a command is killed.`,
		Example: `  moviedb file gc --dry-run
  moviedb file gc --yes
  moviedb file gc --now --yes`,
		Args: args(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return a.fileGC(c.Context(), f) },
	}
	c.Flags().BoolVar(&f.now, "now", false, "destroy at once, the trash as well")
	c.Flags().BoolVarP(&f.yes, "yes", "y", false, "collect without asking")
	addDryRun(c, &f.dry)
	return c
}

// gcSummary is what --json prints of a collection. Fields are only ever added.
type gcSummary struct {
	Trashed        int   `json:"trashed" doc:"files moved into the trash"`
	TrashedBytes   int64 `json:"trashed_bytes" doc:"their size"`
	Destroyed      int   `json:"destroyed" doc:"files taken out of the trash and destroyed"`
	DestroyedBytes int64 `json:"destroyed_bytes" doc:"their size"`
	Restored       int   `json:"restored" doc:"files taken out of the trash because a file stands for them again"`
	RestoredBytes  int64 `json:"restored_bytes" doc:"their size"`
}

func newGCSummary(g library.Garbage) gcSummary {
	return gcSummary{Trashed: len(g.Unused), TrashedBytes: library.Bytes(g.Unused), Destroyed: len(g.Expired), DestroyedBytes: library.Bytes(g.Expired),
		Restored: len(g.Wanted), RestoredBytes: library.Bytes(g.Wanted)}
}

func (s gcSummary) sentence(trash, destroy string) string {
	text := fmt.Sprintf("%s %s (%s), %s %s (%s)",
		trash, countFiles(s.Trashed), humanize.IBytes(uint64(s.TrashedBytes)),
		destroy, countFiles(s.Destroyed), humanize.IBytes(uint64(s.DestroyedBytes)))
	if s.Restored > 0 {
		text += fmt.Sprintf(", out of the trash again: %s (%s)", countFiles(s.Restored), humanize.IBytes(uint64(s.RestoredBytes)))
	}
	return text
}

func countFiles(n int) string {
	return thousands(int64(n)) + " " + catalog.Plural(n, "file", "files")
}

func (a *app) fileGC(ctx context.Context, f gcFlags) error {
	if err := output.CheckFields[gcSummary](a.fields); err != nil {
		return err
	}
	age := library.TrashAge
	if f.now {
		age = 0
	}
	if !f.yes && !f.dry && !a.mayAsk() {
		return usagef("", "collecting needs --yes where nobody can be asked")
	}
	found, err := a.findGarbage(ctx, age)
	if err != nil {
		return err
	}
	if f.dry {
		return a.tellGC(newGCSummary(found), "would move to the trash", "would destroy")
	}
	if !f.yes {
		fmt.Fprintln(a.Err, newGCSummary(found).sentence("to the trash:", "to destroy:"))
		if err := a.confirm(ctx, "Collect them?"); err != nil {
			return err
		}
	}
	var g library.Garbage
	err = a.change(ctx, false, func(tx *store.Tx) (err error) {
		g, err = library.Collect(ctx, tx, a.pictures(), age)
		return err
	})
	if err != nil {
		return err
	}
	if g.Held {
		a.note("a backup is being made, so nothing was destroyed; collect again when it is done")
	}
	return a.tellGC(newGCSummary(g), "moved to the trash", "destroyed")
}

// findGarbage looks without the lock. With age 0 what goes to the trash is
// destroyed as well.
func (a *app) findGarbage(ctx context.Context, age time.Duration) (g library.Garbage, err error) {
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		g, err = library.FindGarbage(ctx, tx, a.pictures(), age)
		if age == 0 {
			g.Expired = append(g.Expired, g.Unused...)
		}
		return err
	})
	return g, err
}

func (a *app) tellGC(s gcSummary, trash, destroy string) error {
	if a.format() != "" || a.fields != nil {
		return output.Show(a.printer(), nil, s)
	}
	_, err := fmt.Fprintln(a.Out, s.sentence(trash, destroy))
	return err
}
