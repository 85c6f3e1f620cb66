package cmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/library"
	"github.com/moviedb/moviedb/internal/output"
	"github.com/moviedb/moviedb/internal/store"
)

func (a *app) files() records[catalog.File, output.File, output.DeletedFile] {
	public := func(f catalog.File) output.File { return output.NewFile(f, a.locate) }
	return records[catalog.File, output.File, output.DeletedFile]{
		kind: catalog.KindFile, columns: output.FileColumns(),
		id: func(f catalog.File) int64 { return f.ID }, label: catalog.File.Label,
		public: public,
		deleted: func(f catalog.File) output.DeletedFile {
			return output.DeletedFile{File: public(f), Deleted: true}
		},
		byID: (*store.Tx).FilesByID, remove: (*store.Tx).DeleteFiles,
	}
}

func newFileCmd(a *app) *cobra.Command {
	show := newShowCmd(a, a.files(),
		"Show one file: its type, size, place, dimensions if it is a picture, and what uses it.",
		`  moviedb file show ripley.png
  moviedb file show ripley.png --json`, a.fileDetail)
	remove := newDeleteCmd(a, a.files(),
		`Delete files from the catalog. One that is a poster, an avatar or a photo is kept,
unless --detach lets those go. The content itself stays in the managed directory
until 'moviedb file gc' collects it.`,
		`  moviedb file delete ripley.png --detach --dry-run
  moviedb file delete ripley.png --detach --yes`, true)
	return noun("file", "Pictures and other files", `Add, list, show and delete files, and collect what no longer belongs to anything.
Content is stored once, however often it is added.`,
		newFileAddCmd(a), newFileListCmd(a), show, newFilePathCmd(a), remove, newFileGCCmd(a))
}

func (a *app) fileDetail(ctx context.Context, tx *store.Tx, f catalog.File) (output.FileDetail, error) {
	uses, err := tx.Referrers(ctx, catalog.KindFile, f.ID, math.MaxInt32)
	if err != nil {
		return output.FileDetail{}, err
	}
	a.warnMissing("content", f)
	width, height := 0, 0
	if f.Key != "" {
		width, height = a.pictures().Dimensions(f.Key)
	}
	return output.NewFileDetail(f, a.locate, width, height, uses), nil
}

func newFileListCmd(a *app) *cobra.Command {
	var f pageFlags
	var filter catalog.FileFilter
	c := &cobra.Command{
		Use: "list", Short: "List files",
		Long: `List files, all or those that every filter lets through: of one type, with a name
that begins with a text, or those that nothing uses.`,
		Example: `  moviedb file list --type image
  moviedb file list --name rip --type image/png
  moviedb file list --unused --fields id,file_name,size
  moviedb file list --unused --count`,
		Args: args(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := f.page(a, c)
			if err != nil {
				return err
			}
			filter.Page = p
			filter.Type = strings.TrimSuffix(strings.ToLower(filter.Type), "/*")
			return printList(c, a, a.files(), &f,
				&listed[catalog.File, catalog.FileFilter]{filter: filter, page: p, rows: (*store.Tx).Files, total: (*store.Tx).CountFiles})
		},
	}
	c.Flags().Var(lineFlag(&filter.Name), "name", "only files whose name begins with this `text`, whatever its case and accents")
	c.Flags().Var(lineFlag(&filter.Type), "type", "only files of this MIME `type`: image/png, or image for all pictures")
	c.Flags().BoolVar(&filter.Unused, "unused", false, "only files that are no poster, avatar or photo")
	f.add(c, "file_name, mime_type, created_at, updated_at, id")
	return c
}

// fileAdd is how "file add" was called.
type fileAdd struct {
	name, url string
	size      sizeFlag
}

func newFileAddCmd(a *app) *cobra.Command {
	var f fileAdd
	c := &cobra.Command{
		Use: "add [FILE…]", Short: "Add files",
		Long: `Add files of any type; - is standard input. The same content is stored once, under
the name it had first. --url says where a file came from; nothing is fetched, and
without FILE the URL alone is kept.`,
		Example: `  moviedb file add testdata/media/ripley.png
  moviedb file add --url https://example.org/posters/alien.jpg --name alien.jpg
  moviedb file add - --name hello.txt < testdata/media/hello.txt`,
		RunE: func(c *cobra.Command, words []string) error { return a.fileAdd(c, words, f) },
	}
	c.Flags().StringVar(&f.name, "name", "", "what the file is called (default its base `name`)")
	c.Flags().StringVar(&f.url, "url", "", "the `address` it came from, http or https")
	f.size.add(c)
	return c
}

func (f *fileAdd) check(c *cobra.Command, words []string) error {
	if len(words) == 0 && f.url == "" {
		return usagef(c.CommandPath(), "missing file: write %s FILE, or --url", c.CommandPath())
	}
	if err := onceStdin(c, words); err != nil {
		return err
	}
	if len(words) > 1 && (f.name != "" || f.url != "") {
		return usagef(c.CommandPath(), "--name and --url go with one file, not with %d", len(words))
	}
	if f.url != "" {
		var err error
		if f.url, err = catalog.ParseURL(f.url); err != nil {
			return flagged("url", err)
		}
	}
	if c.Flags().Changed("name") {
		name, err := catalog.CleanLine(f.name)
		if err != nil {
			return flagged("name", err)
		}
		if f.name = blob.BaseName(name); name == "" || f.name != name {
			return flagged("name", catalog.Invalidf("%s is not the name of a file; write one without slashes", catalog.Quote(name)))
		}
	}
	return nil
}

func (a *app) fileAdd(c *cobra.Command, words []string, f fileAdd) error {
	if err := f.check(c, words); err != nil {
		return err
	}
	lim, err := f.size.limits(c)
	if err != nil {
		return err
	}
	if err := output.CheckFields[output.File](a.fields); err != nil {
		return err
	}
	ctx := c.Context()
	incoming, err := a.stageAll(ctx, words, f.name, lim, false)
	defer discardAll(incoming)
	if err != nil {
		return err
	}
	var added []catalog.File
	var already []int64
	err = a.update(ctx, false, func(tx *store.Tx) error {
		already = nil
		ids, known, err := a.keepAll(ctx, tx, incoming, f)
		if err != nil {
			return err
		}
		already = known
		added, err = tx.FilesByID(ctx, ids...)
		return err
	})
	if err != nil {
		return err
	}
	a.step("committed")
	for _, id := range already {
		a.note("file %d already has this content", id)
	}
	return a.files().wrote(a, "added", added)
}

// keepAll makes a file of each content, or of the URL alone.
func (a *app) keepAll(ctx context.Context, tx *store.Tx, incoming []library.Incoming, f fileAdd) (ids, already []int64, err error) {
	one := func(id int64, known bool, err error) error {
		ids = append(ids, id)
		if known {
			already = append(already, id)
		}
		a.step("row inserted")
		return err
	}
	if len(incoming) == 0 {
		return ids, already, errors.Join(one(library.KeepURL(ctx, tx, f.name, f.url)), err)
	}
	for _, in := range incoming {
		in.URL = f.url
		if err := one(library.Keep(ctx, tx, in)); err != nil {
			return nil, nil, err
		}
	}
	a.step("before commit")
	return ids, already, nil
}

// stageAll takes in several files; on an error what was taken in so far is
// returned too, for the caller to discard.
func (a *app) stageAll(ctx context.Context, paths []string, name string, lim blob.Limits, picture bool) ([]library.Incoming, error) {
	incoming := make([]library.Incoming, 0, len(paths))
	for _, path := range paths {
		in, err := a.stage(ctx, path, name, lim, picture)
		if err != nil {
			return incoming, err
		}
		incoming = append(incoming, in)
	}
	return incoming, nil
}

func discardAll(incoming []library.Incoming) {
	for _, in := range incoming {
		in.Staged.Discard()
	}
}

// filePath is what --json prints of a file's place.
type filePath struct {
	ID   int64  `json:"id" doc:"of the file"`
	Path string `json:"path" doc:"absolute path of its content"`
}

func newFilePathCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "path FILE", Short: "Print where a file lies",
		Long: "Print the absolute path of a file's content, for other programs to open.",
		Example: `  moviedb file path ripley.png
  cmp "$(moviedb file path ripley.png)" testdata/media/ripley.png && echo the same`,
		Args: args(1, 1, "which file"),
		RunE: func(c *cobra.Command, words []string) error {
			refs, err := parseRefs(catalog.KindFile, words)
			if err != nil {
				return err
			}
			if err := output.CheckFields[filePath](a.fields); err != nil {
				return err
			}
			var f catalog.File
			err = a.view(c.Context(), func(tx *store.Tx) error {
				fs, err := a.files().resolve(c.Context(), tx, refs)
				if err == nil {
					f = fs[0]
				}
				return err
			})
			if err != nil {
				return err
			}
			path, _, ok := a.locate(f.Key)
			switch {
			case f.Key == "":
				return fmt.Errorf("file %d is a URL alone (%s); there is no content here: %w", f.ID, catalog.Visible(f.URL), catalog.ErrNotFound)
			case !ok:
				_, err := a.pictures().Stat(f.Key)
				return a.missing(f, err)
			case a.format() != "" || a.fields != nil:
				return output.Show(a.printer(), nil, filePath{f.ID, path})
			}
			_, err = fmt.Fprintln(a.Out, path)
			return err
		},
	}
}
