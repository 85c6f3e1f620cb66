package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/library"
	"github.com/moviedb/moviedb/internal/store"
)

// Source is a stream to import.
type Source struct {
	Name string                        // in messages
	Open func() (io.ReadCloser, error) // from the start; may be called a second time
}

// ImportOptions says how a catalog is read back.
type ImportOptions struct {
	Store    store.Options
	Pictures *blob.Dir // the managed directory
	From     *blob.Dir // where the pictures are taken from; nil is nowhere
	DryRun   bool      // do everything but keep it
}

// Imported is what an import did.
type Imported struct {
	Rows    map[string]int64 // of each table by its name
	Total   int64
	Copied  int // pictures
	Already int // pictures that were in the managed directory before
	Missing int // files whose picture is not in the managed directory
}

// Import reads a stream into an empty catalog in one transaction. A catalog
// with rows is a catalog.ErrExists; a stream with anything wrong is a
// *RejectedError. Then nothing is written, and no catalog made. Pictures are
// copied last, before the rows become visible: what fails then leaves at worst
// pictures that no row stands for.
func Import(ctx context.Context, o ImportOptions, src Source) (Imported, error) {
	run := store.Update
	if o.DryRun {
		run = store.DryRun
	}
	var done Imported
	err := run(ctx, o.Store, func(tx *store.Tx) error {
		im := &importer{o: o, name: src.Name, tx: tx, done: Imported{Rows: map[string]int64{}}, badKinds: map[string]bool{}}
		if err := im.run(ctx, src); err != nil {
			return err
		}
		done = im.done
		return nil
	})
	if err != nil {
		return Imported{}, err
	}
	return done, nil
}

type importer struct {
	o      ImportOptions
	name   string
	tx     *store.Tx
	load   *store.Load
	stream *streamReader
	errs   []*LineError
	nerrs  int
	done   Imported

	badKinds map[string]bool // kinds of which a row was refused; "" is a line of which it is not known
}

func (im *importer) run(ctx context.Context, src Source) (err error) {
	if im.load, err = im.tx.BeginLoad(ctx); err != nil {
		return err
	}
	file, err := src.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	if err := im.rows(ctx, file); err != nil {
		return err
	}
	if err := im.verdict(); err != nil {
		return err
	}
	for _, t := range store.Tables() {
		if t.HasID() {
			if err := im.load.SetSequence(ctx, t, im.stream.head.Sequences[t.Name]); err != nil {
				return err
			}
		}
	}
	if err := im.load.End(ctx); err != nil {
		return err
	}
	return im.pictures(ctx)
}

// opened is a stream whose first line has been read.
type opened struct {
	s   *streamReader
	err error
}

// rows writes all rows. The reading runs in a goroutine of its own, which a
// reader that waits may keep beyond the end of ctx.
func (im *importer) rows(ctx context.Context, r io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	head := make(chan opened, 1)
	ch := make(chan rowBatch, aheadBatches)
	ended := make(chan error, 1)
	go func() {
		s, err := newStreamReader(r, im.name)
		head <- opened{s, err}
		if err != nil {
			close(ch)
			return
		}
		ended <- s.batches(ctx, ch)
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case h := <-head:
		var bad *LineError
		if errors.As(h.err, &bad) {
			im.reject(bad)
			return im.verdict()
		}
		if h.err != nil {
			return h.err
		}
		im.stream = h.s
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case b, more := <-ch:
			if !more {
				if err := <-ended; err != nil {
					return err
				}
				return im.photos(ctx)
			}
			if err := im.batch(ctx, b); err != nil {
				return err
			}
		}
	}
}

// batch writes the rows of a batch. It goes on after a bad one, so that every
// bad one is found.
func (im *importer) batch(ctx context.Context, b rowBatch) error {
	t := im.stream.tables[b.table]
	refused, err := im.load.Insert(ctx, t, b.rows)
	if err != nil {
		return err
	}
	im.done.Rows[t.Name] += int64(len(b.rows) - len(refused))
	im.done.Total += int64(len(b.rows) - len(refused))
	im.reject(b.bad...)
	for _, r := range refused {
		if r.Refers != "" && (im.badKinds[r.Refers] || im.badKinds[""]) {
			im.badKinds[t.Kind] = true // it refers to a line that was refused itself
			continue
		}
		im.reject(&LineError{File: im.name, Line: b.lines[r.Index], Field: r.Column, Reason: r.Reason, kind: t.Kind})
	}
	return nil
}

// photos finds people whose primary photo is not what the photos say. Once no
// line is bad, the line of a person follows from how many come before.
func (im *importer) photos(ctx context.Context) error {
	if im.nerrs > 0 {
		return nil
	}
	ds, err := im.load.PrimaryPhotos(ctx, errorsKept)
	if err != nil {
		return err
	}
	for i, t := range im.stream.tables {
		if t.Kind != "person" {
			continue
		}
		for _, d := range ds {
			im.reject(&LineError{File: im.name, Line: im.stream.first[i] + int(d.Before), Field: "primary_photo_id",
				Reason: "it is not the file of the person's photo with is_primary true"})
		}
	}
	return nil
}

func (im *importer) reject(bad ...*LineError) {
	im.nerrs += len(bad)
	for _, e := range bad {
		im.badKinds[e.kind] = true
	}
	im.errs = append(im.errs, bad...)
	sortByLine(im.errs)
	im.errs = im.errs[:min(len(im.errs), errorsKept)]
}

// verdict is the error for bad lines, nil without any.
func (im *importer) verdict() error {
	if im.nerrs == 0 {
		return nil
	}
	return &RejectedError{File: im.name, Errors: im.errs, Total: im.nerrs}
}

// pictures takes the pictures over, or counts those that are not there.
func (im *importer) pictures(ctx context.Context) error {
	for key, err := range im.tx.FileKeys(ctx) {
		if err != nil {
			return err
		}
		if im.o.From == nil {
			if _, err := im.o.Pictures.Stat(key); errors.Is(err, fs.ErrNotExist) {
				im.done.Missing++
			}
			continue
		}
		if err := im.picture(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// picture takes one picture over; a dry run only looks at it.
func (im *importer) picture(ctx context.Context, key string) error {
	already, err := false, error(nil)
	if im.o.DryRun {
		if err = im.o.Pictures.Verify(key); err == nil {
			already = true
		} else if errors.Is(err, fs.ErrNotExist) {
			err = im.o.From.Verify(key)
		}
	} else if already, err = im.o.From.CopyTo(ctx, im.o.Pictures, key); err == nil {
		err = library.Join(ctx, im.tx, im.o.Pictures)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the picture %s is not in the directory of --files; leave the flag out to import the rows alone", key)
	case err != nil:
		return err
	case already:
		im.done.Already++
	default:
		im.done.Copied++
	}
	return nil
}
