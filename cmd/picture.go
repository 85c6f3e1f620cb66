package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/library"
	"github.com/moviedb/moviedb/internal/store"
)

// pictures is the managed directory.
func (a *app) pictures() *blob.Dir {
	dir := blob.Open(a.filesDir())
	dir.OnStep(a.OnStep)
	return dir
}

// step tells a test where the program is.
func (a *app) step(name string) {
	if a.OnStep != nil {
		a.OnStep(name)
	}
}

// locate finds the content of a file.
func (a *app) locate(key string) (path string, size int64, ok bool) {
	if key == "" {
		return "", 0, false
	}
	dir := a.pictures()
	size, err := dir.Stat(key)
	if err != nil {
		return "", 0, false
	}
	return dir.Path(key), size, true
}

// warnMissing says that a record's picture is gone from the directory.
func (a *app) warnMissing(what string, f catalog.File) {
	if f.ID == 0 || f.Key == "" {
		return
	}
	if _, err := a.pictures().Stat(f.Key); err != nil {
		a.note("warning: the %s, %v", what, a.missing(f, err))
	}
}

// missing says what is wrong with a file's content: it is gone, or cannot be
// reached.
func (a *app) missing(f catalog.File, err error) error {
	state := "is missing from"
	if _, there := os.Lstat(a.pictures().Path(f.Key)); there == nil || !errors.Is(there, fs.ErrNotExist) {
		state = "cannot be read in"
	}
	return fmt.Errorf("file %d (%s), %s %s (%w)", f.ID, catalog.Visible(f.Label()), state, catalog.Visible(a.filesDir()), err)
}

// sizeFlag is --max-size.
type sizeFlag struct{ text string }

func (f *sizeFlag) add(c *cobra.Command) {
	c.Flags().StringVar(&f.text, "max-size", "", "refuse a file of more than this `size`: 500KB, 2GiB (default 64MiB)")
}

func (f *sizeFlag) limits(c *cobra.Command) (blob.Limits, error) {
	if !c.Flags().Changed("max-size") {
		return blob.Limits{}, nil
	}
	n, err := humanize.ParseBytes(f.text)
	if err != nil || n == 0 || n > 1<<62 {
		return blob.Limits{}, flagged("max-size", catalog.Invalidf("%s is not a size; write one like 500KB or 2GiB", catalog.Quote(f.text)))
	}
	return blob.Limits{MaxSize: int64(n)}, nil
}

// stage takes in a file the user named, or standard input for "-": it is read,
// checked and written under a temporary name, before any lock is taken. name
// overrides what it is called.
func (a *app) stage(ctx context.Context, path, name string, lim blob.Limits, picture bool) (library.Incoming, error) {
	in := library.Incoming{Name: name}
	var r io.Reader = a.In
	switch {
	case path != "-":
		f, err := blob.OpenSource(path)
		if err != nil {
			return in, err
		}
		defer f.Close()
		r = f
		if name == "" {
			in.Name = blob.BaseName(filepath.Base(path))
		}
	case name == "":
		in.Name = "stdin"
	}
	staged, err := a.pictures().Stage(ctx, r, lim, picture)
	if err != nil {
		return in, fmt.Errorf("%s: %w", catalog.Visible(path), err)
	}
	in.Staged = staged
	if path != "-" || name != "" {
		if blob.ExtensionMismatch(in.Name, staged.MIME) {
			a.note("warning: %s is %s by its content, whatever its name says", catalog.Quote(in.Name), staged.MIME)
		}
	}
	return in, nil
}

// picture is what a flag such as --poster says: nothing, none, a file of the
// catalog, or new content.
type picture struct {
	given bool
	file  int64             // file:7, looked at
	in    *library.Incoming // new content
}

// discard removes what was staged and not kept.
func (p *picture) discard() {
	if p.in != nil {
		p.in.Staged.Discard()
	}
}

// fileRef reads "file:7", a file of the catalog in place of a path. A file of
// that name on disk is written ./file:7.
func fileRef(s string) (ref catalog.Ref, ok bool, err error) {
	id, ok := strings.CutPrefix(s, "file:")
	if !ok {
		return ref, false, nil
	}
	ref, err = catalog.ParseRef(catalog.KindFile, id)
	return ref, true, err
}

// pictureFlag is a flag that takes a picture, and its --no- twin.
type pictureFlag struct {
	name string // poster, avatar
	path string
	none bool
	size sizeFlag
}

func (f *pictureFlag) add(c *cobra.Command, clear bool) {
	c.Flags().StringVar(&f.path, f.name, "", "its "+f.name+": a picture `file`, - for standard input, or file:7 for one already here")
	if clear {
		c.Flags().BoolVar(&f.none, "no-"+f.name, false, "take its "+f.name+" away")
	}
	f.size.add(c)
}

// read takes the picture in; dry is for a run that must not keep it.
func (f *pictureFlag) read(ctx context.Context, a *app, c *cobra.Command, is told, dry bool) (p picture, err error) {
	lim, err := f.size.limits(c)
	if err != nil {
		return p, err
	}
	p.given = is(f.name)
	if f.none {
		if p.given {
			return p, usagef(c.CommandPath(), "--%s and --no-%s contradict each other", f.name, f.name)
		}
		return picture{given: true}, nil
	}
	if !p.given {
		return p, nil
	}
	if strings.TrimSpace(f.path) == "" {
		return p, nil // cleared, as every flag is by a blank value
	}
	if ref, ok, err := fileRef(f.path); ok || err != nil {
		if err == nil {
			p.file, err = a.storedPicture(ctx, ref, lim)
		}
		return p, flagged(f.name, err)
	}
	in, err := a.stage(ctx, f.path, "", lim, true)
	if err != nil {
		return p, flagged(f.name, err)
	}
	in.Dry = dry
	p.in = &in
	return p, nil
}

// keep returns the file that the flag means, in a write transaction; the zero
// File is none.
func (p *picture) keep(ctx context.Context, a *app, tx *store.Tx, flag string) (catalog.File, error) {
	switch {
	case p.in != nil:
		id, _, err := library.Keep(ctx, tx, *p.in)
		if err != nil {
			return catalog.File{}, flagged(flag, err)
		}
		a.step("row inserted")
		return catalog.File{ID: id}, nil
	case p.file != 0:
		_, err := tx.FilesByID(ctx, p.file) // it may be gone by now
		return catalog.File{ID: p.file}, flagged(flag, err)
	}
	return catalog.File{}, nil
}

// storedPicture returns the id of a file of the catalog after decoding it: it
// must be a picture.
func (a *app) storedPicture(ctx context.Context, ref catalog.Ref, lim blob.Limits) (int64, error) {
	var f catalog.File
	err := a.view(ctx, func(tx *store.Tx) error {
		found, err := tx.Resolve(ctx, catalog.KindFile, ref)
		if err != nil {
			return err
		}
		fs, err := tx.FilesByID(ctx, found.ID)
		if err == nil {
			f = fs[0]
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	if f.Key == "" {
		return 0, catalog.Invalidf("file %d is a URL alone; there is no picture here", f.ID)
	}
	if err := a.pictures().CheckPicture(ctx, f.Key, lim); err != nil {
		return 0, fmt.Errorf("file %d (%s): %w", f.ID, catalog.Visible(f.Label()), err)
	}
	return f.ID, nil
}

// onceStdin refuses - where it is given twice: the second would read nothing.
func onceStdin(c *cobra.Command, paths []string) error {
	seen := false
	for _, p := range paths {
		if p == "-" && seen {
			return usagef(c.CommandPath(), "- (standard input) can be given once")
		}
		seen = seen || p == "-"
	}
	return nil
}
