// Package library does what needs the catalog's database and its directory of
// pictures to agree: a row never stands for content that is not in place, and
// content goes only when no row stands for it.
package library

import (
	"context"
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
		if err := in.Staged.Commit(); err != nil {
			return 0, false, err
		}
	}
	id, err = tx.FileByKey(ctx, in.Staged.Key, "")
	if err != nil {
		return 0, false, err
	}
	if id != 0 {
		if in.URL != "" {
			err = tx.SetFileURL(ctx, id, in.URL)
		}
		return id, true, err
	}
	fs := []catalog.File{{Name: in.Name, MIME: in.Staged.MIME, Key: in.Staged.Key, URL: in.URL}}
	err = tx.InsertFiles(ctx, fs)
	return fs[0].ID, false, err
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

// Garbage is what a collection finds: content that no row stands for, and what
// has lain in the trash long enough.
type Garbage struct {
	Unused  []blob.Leftover // goes to the trash
	Expired []blob.Leftover // is destroyed
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
	g.Unused, err = dir.Unreferenced(ctx, func(key string) (bool, error) { return tx.HasFileKey(ctx, key) })
	if err != nil {
		return g, err
	}
	g.Expired, err = dir.Expired(time.Now(), age)
	return g, err
}

// Collect moves content that no row stands for into the trash, and destroys
// what has lain there for age; an age of 0 destroys all of it at once. It runs
// in a write transaction, so that no row can arrive meanwhile.
func Collect(ctx context.Context, tx *store.Tx, dir *blob.Dir, age time.Duration) (g Garbage, err error) {
	now := time.Now()
	g.Unused, err = dir.Unreferenced(ctx, func(key string) (bool, error) { return tx.HasFileKey(ctx, key) })
	if err != nil {
		return g, err
	}
	if err := dir.Trash(g.Unused, now); err != nil {
		return g, err
	}
	if g.Expired, err = dir.Expired(now, age); err != nil {
		return g, err
	}
	return g, dir.Destroy(g.Expired)
}
