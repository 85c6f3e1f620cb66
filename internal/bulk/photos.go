package bulk

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/csvio"
	"github.com/moviedb/moviedb/internal/library"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/tabular"
)

// incoming are pictures that were taken in, by the path of a row.
type incoming struct {
	mu sync.Mutex // rows are prepared in another goroutine than they are written in
	in map[string]library.Incoming

	paths []string // of all, in the order in which they were taken in
	used  []string // of those that rows were written for, in their order
}

func (p *incoming) of(path string) library.Incoming {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.in[path]
}

// photosJob takes pictures in while rows are read: each is decoded before the
// catalog is locked. They are put in place when it is sure that no row is bad,
// and before their rows are committed.
func photosJob(o Options) job[csvio.PhotoRow] {
	pictures := &incoming{in: map[string]library.Incoming{}}
	return job[csvio.PhotoRow]{
		kind: csvio.Photos(),
		make: func(ctx context.Context, tx *store.Tx, s *session) (handler[csvio.PhotoRow], error) {
			before, err := tx.LastID(ctx, catalog.KindPhoto)
			return &photos{session: s, pictures: pictures, before: before}, err
		},
		prepare: func(ctx context.Context, src Source, row *csvio.PhotoRow) *tabular.RowError {
			if !filepath.IsAbs(row.Path) {
				row.Path = filepath.Join(src.Dir, row.Path)
			}
			if pictures.of(row.Path).Staged != nil {
				return nil
			}
			in, err := o.Picture(ctx, row.Path)
			if err != nil {
				return &tabular.RowError{File: src.Name, Line: row.Line, Column: "file", Reason: err.Error()}
			}
			in.Dry = true // settle puts it in place
			pictures.mu.Lock()
			pictures.in[row.Path] = in
			pictures.paths = append(pictures.paths, row.Path)
			pictures.mu.Unlock()
			return nil
		},
		settle: func(ctx context.Context, tx *store.Tx) error {
			if o.DryRun {
				return nil
			}
			for _, path := range pictures.used {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := library.PutInPlace(ctx, tx, pictures.of(path).Staged); err != nil {
					return err
				}
			}
			return nil
		},
		discard: func() {
			for _, path := range slices.Backward(pictures.paths) { // the first one may have made the directory
				pictures.in[path].Staged.Discard()
			}
			clear(pictures.in)
			pictures.paths, pictures.used = nil, nil
		},
	}
}

// photos writes photos; person and content are a photo.
type photos struct {
	*session
	pictures *incoming
	before   int64
}

func (h *photos) batch(ctx context.Context, tx *store.Tx, rows []csvio.PhotoRow) error {
	err := h.names.lookUp(ctx, tx, func(yield func(string) bool) {
		for i := range rows {
			if !yield(rows[i].Person) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	refs := make([]ref, len(rows))
	for i := range rows {
		var reason string
		if refs[i], reason = h.names.person(rows[i].Person); reason != "" {
			h.reject(&rows[i].Meta, "person", reason)
		}
	}
	made, err := h.names.flush(ctx, tx)
	if err != nil {
		return err
	}
	for i := range rows {
		if refs[i] == 0 {
			continue
		}
		if err := h.row(ctx, tx, &rows[i], made.person(refs[i])); err != nil {
			return err
		}
	}
	return nil
}

func (h *photos) row(ctx context.Context, tx *store.Tx, row *csvio.PhotoRow, person int64) error {
	file, _, err := library.Keep(ctx, tx, h.pictures.of(row.Path))
	if err != nil {
		return err
	}
	h.pictures.used = append(h.pictures.used, row.Path)
	id, err := tx.PhotoOf(ctx, person, file)
	if err != nil {
		return err
	}
	switch h.decide(&row.Meta, catalog.KindPhoto, id, h.before, row.Person) {
	case add:
		return h.add(ctx, tx, row, person, file)
	case change:
		ph, err := tx.PhotosByID(ctx, id)
		if err != nil {
			return err
		}
		if !row.Primary || ph[0].Primary {
			h.res.Skipped++
			return nil
		}
		h.res.Updated++
		return tx.SetPrimaryPhoto(ctx, id)
	}
	return nil
}

// add makes a photo. The first one of a person is the primary one.
func (h *photos) add(ctx context.Context, tx *store.Tx, row *csvio.PhotoRow, person, file int64) error {
	n, err := tx.CountPhotosOf(ctx, person)
	if err != nil {
		return err
	}
	if _, err := tx.InsertPhoto(ctx, person, file, row.Primary || n == 0); err != nil {
		return fmt.Errorf("add a photo of %s: %w", catalog.Quote(row.Person), err)
	}
	h.res.Created++
	return nil
}
