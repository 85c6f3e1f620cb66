// Package library does what needs the catalog's database and its directory of
// pictures to agree: a row never stands for content that is not in place, and
// content goes only when no row stands for it.
package library

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// Incoming is content that was checked and lies in the managed directory under
// a temporary name. Name is what the file is called, URL where it came from.
type Incoming struct {
	Staged *blob.Staged
	Name   string
	URL    string // "" is unknown
	Dry    bool   // only the row is made, in a transaction that is not kept
}

// Keep puts content in place and returns the id of its file; already tells that
// the same content was there before, under its first name. It runs in a write
// transaction: the collector, which holds the same lock, never sees content
// whose row is still to come. After a crash there may be content without a row,
// never a row without content.
func Keep(ctx context.Context, tx *store.Tx, in Incoming) (id int64, already bool, err error) {
	if !in.Dry {
		if err := PutInPlace(ctx, tx, in.Staged); err != nil {
			return 0, false, err
		}
	}
	id, err = tx.FileByKey(ctx, in.Staged.Key, "")
	if err != nil {
		return 0, false, err
	}
	if id != 0 {
		return id, true, learnURL(ctx, tx, id, in.URL)
	}
	fs := []catalog.File{{Name: in.Name, MIME: in.Staged.MIME, Key: in.Staged.Key, URL: in.URL}}
	err = tx.InsertFiles(ctx, fs)
	return fs[0].ID, false, err
}

// PutInPlace gives content its name in the directory, for rows that are kept
// with Incoming.Dry, and notes there that this catalog keeps content in it.
func PutInPlace(ctx context.Context, tx *store.Tx, s *blob.Staged) error {
	if err := Join(ctx, tx, s.Dir()); err != nil {
		return err
	}
	return s.Commit()
}

// Join notes in a directory that this catalog keeps content there, in a write
// transaction. One that is being made does so once it is there for sure.
func Join(ctx context.Context, tx *store.Tx, dir *blob.Dir) error {
	mark, err := tx.Mark(ctx)
	if err != nil {
		return err
	}
	return errors.Join(dir.Join(mark), tx.WhenMade(ctx, dir.Join))
}

// learnURL notes where a file came from, if that was not known: the first
// address is kept, as the first name is.
func learnURL(ctx context.Context, tx *store.Tx, id int64, url string) error {
	fs, err := tx.FilesByID(ctx, id)
	if err != nil || url == "" || fs[0].URL != "" {
		return err
	}
	return tx.SetFileURL(ctx, id, url)
}

// KeepURL makes a file of a URL alone, or finds the one there is.
func KeepURL(ctx context.Context, tx *store.Tx, name, url string) (id int64, already bool, err error) {
	id, err = tx.FileByKey(ctx, "", url)
	if err != nil || id != 0 {
		return id, id != 0, err
	}
	fs := []catalog.File{{Name: name, URL: url}}
	err = tx.InsertFiles(ctx, fs)
	return fs[0].ID, false, err
}

// TrashAge is how long collected content lies in the trash before it is destroyed.
const TrashAge = 30 * 24 * time.Hour

// Garbage is what a collection finds: content that no row stands for, what has
// lain in the trash long enough, and what lies there although a row stands for
// it and its place is empty, as after an older database was put back.
type Garbage struct {
	Unused  []blob.Leftover // goes to the trash
	Expired []blob.Leftover // is destroyed
	Wanted  []blob.Leftover // goes back to its place
	Held    bool            // nothing was destroyed, for a backup is being made
}

// Bytes is the size of all of it.
func Bytes(ls []blob.Leftover) (n int64) {
	for _, l := range ls {
		n += l.Size
	}
	return n
}

// FindGarbage looks for what Collect would take. Without the write lock the
// answer is only for people to read.
func FindGarbage(ctx context.Context, tx *store.Tx, dir *blob.Dir, age time.Duration) (g Garbage, err error) {
	if err := alone(ctx, tx, dir); err != nil {
		return g, err
	}
	g.Unused, err = dir.Unreferenced(ctx, func(key string) (bool, error) { return tx.HasFileKey(ctx, key) })
	if err != nil {
		return g, err
	}
	return g, g.sift(ctx, tx, dir, age)
}

// alone is an error if the directory has content of another catalog, of which
// this one cannot know.
func alone(ctx context.Context, tx *store.Tx, dir *blob.Dir) error {
	mark, err := tx.Mark(ctx)
	if err != nil {
		return err
	}
	return dir.Alone(mark)
}

// sift tells what lies in the trash and is still wanted from what has expired
// there.
func (g *Garbage) sift(ctx context.Context, tx *store.Tx, dir *blob.Dir, age time.Duration) error {
	now := time.Now()
	inTrash, err := dir.Expired(now, 0)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, l := range inTrash {
		key, ok := l.Trashed()
		if !ok {
			continue
		}
		has, err := tx.HasFileKey(ctx, key)
		if err != nil {
			return err
		}
		if _, err := dir.Stat(key); has && errors.Is(err, fs.ErrNotExist) {
			g.Wanted = append(g.Wanted, l)
			wanted[l.Key] = true
		}
	}
	expired, err := dir.Expired(now, age)
	for _, l := range expired {
		if !wanted[l.Key] {
			g.Expired = append(g.Expired, l)
		}
	}
	return err
}

// Collect moves content that no row stands for into the trash, and destroys
// what has lain there for age; an age of 0 destroys all of it at once. While a
// backup is being made nothing is destroyed. It runs in a write transaction, so
// that no row can arrive meanwhile.
func Collect(ctx context.Context, tx *store.Tx, dir *blob.Dir, age time.Duration) (g Garbage, err error) {
	if err := alone(ctx, tx, dir); err != nil {
		return g, err
	}
	g.Unused, err = dir.Unreferenced(ctx, func(key string) (bool, error) { return tx.HasFileKey(ctx, key) })
	if err != nil {
		return g, err
	}
	if err := dir.Trash(g.Unused, time.Now()); err != nil {
		return g, err
	}
	if err := g.sift(ctx, tx, dir, age); err != nil {
		return g, err
	}
	for _, l := range g.Wanted {
		if _, err := dir.Restore(l); err != nil {
			return g, err
		}
	}
	tx.Sweep()
	if err := dir.SweepBatches(); err != nil {
		return g, err
	}
	err = dir.Destroy(g.Expired)
	if errors.Is(err, blob.ErrHeld) {
		g.Expired, g.Held = nil, true
		err = nil
	}
	return g, err
}
