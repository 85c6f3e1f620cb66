package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/moviedb/moviedb/internal/catalog"
)

// errRaced says that another process created the catalog first.
var errRaced = errors.New("another process created the catalog")

// create makes a catalog whose first transaction is fn. It is built under
// another name and published whole by a link, so that nobody ever sees half a
// schema, two processes cannot both create it, and a failure leaves nothing.
func (o Options) create(ctx context.Context, st state, fn func(*Tx) error) (err error) {
	if there, err := filepath.EvalSymlinks(o.Path); st == blank && err == nil {
		o.Path = there // a link stays a link
	}
	if err := o.leftOver(ctx); err != nil {
		return err
	}
	dir := filepath.Dir(o.Path)
	made, err := MakeDirs(dir)
	if err != nil {
		return o.cannotCreate(err)
	}
	defer func() {
		if err != nil {
			RemoveDirs(made)
		}
	}()
	o.sweep()
	built, remove, err := o.beside()
	if err != nil {
		return o.cannotCreate(err)
	}
	defer remove()
	build := o
	build.Path, build.shown, build.newborn = built, o.Path, &newborn{}
	if err := os.WriteFile(built, nil, 0o600); err != nil {
		return o.cannotCreate(err)
	}
	if err := build.build(ctx, fn); err != nil {
		return err
	}
	if err := o.publish(ctx, build.Path, st); err != nil || build.newborn.then == nil {
		return err
	}
	return build.newborn.then()
}

// leftOver refuses a place where the journal of another catalog lies: SQLite
// would play it into the new one. The journal of one who has just locked a file
// of zero bytes is none of those, and is waited for.
func (o Options) leftOver(ctx context.Context) error {
	if o.journalBeside() == "" {
		return nil
	}
	st, err := probe(o.Path)
	if st == present || err != nil {
		return cmp.Or(err, errRaced) // the journal of one that is there now
	}
	if st == blank {
		if err := o.lockBlank(ctx, func() error { return nil }); err != nil {
			return err
		}
	}
	if left := o.journalBeside(); left != "" {
		return fmt.Errorf("cannot create the catalog %s: %s beside it is left over from one that is gone; move that away first",
			catalog.Visible(o.Path), catalog.Visible(left))
	}
	return nil
}

// journalBeside is a journal at the place of the catalog that something is in, ""
// if there is none.
func (o Options) journalBeside() string {
	for _, suffix := range []string{"-wal", "-journal"} {
		if size(o.Path+suffix) > 0 {
			return o.Path + suffix
		}
	}
	return ""
}

// cannotCreate says why there can be no catalog at the path, without the names
// of files that nobody knows.
func (o Options) cannotCreate(err error) error {
	return fmt.Errorf("cannot create the catalog %s: its folder %s cannot be written: %w",
		catalog.Visible(o.Path), catalog.Visible(filepath.Dir(o.Path)), catalog.WithoutPath(err))
}

// scratch runs fn in a temporary catalog.
func (o Options) scratch(ctx context.Context, fn func(*Tx) error) error {
	dir, remove, err := ScratchDir()
	if err != nil {
		return err
	}
	defer remove()
	o.Path, o.shown, o.newborn = filepath.Join(dir, "scratch.db"), o.Path, &newborn{}
	if err := os.WriteFile(o.Path, nil, 0o600); err != nil {
		return err
	}
	return o.build(ctx, fn)
}

// build runs the schema and fn in one transaction on an empty file. Nobody knows
// the file before it is finished, so what is written goes straight into it: with
// nothing to take back there is nothing that a journal would hold.
func (o Options) build(ctx context.Context, fn func(*Tx) error) (err error) {
	building := o
	building.Journal = "memory"
	db, err := building.openWriter(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = building.transact(ctx, db, func(tx *Tx) error {
		if err := tx.exec(ctx, o.Schema); err != nil {
			return err
		}
		return tx.run(ctx, fn)
	})
	if err != nil {
		return err
	}
	o.Journal = cmp.Or(o.Journal, "wal")
	return o.setJournal(ctx, db)
}

// publish gives the finished catalog its name. The directory of pictures comes
// first: where it cannot be made there shall be no catalog either.
func (o Options) publish(ctx context.Context, built string, st state) error {
	var made []string
	if o.FilesDir != "" {
		var err error
		if made, err = MakeDirs(o.FilesDir); err != nil {
			RemoveDirs(made)
			return fmt.Errorf("create the directory of pictures: %w", err)
		}
	}
	if err := o.name(ctx, built, st); err != nil {
		if !errors.Is(err, errRaced) {
			RemoveDirs(made)
		}
		return err
	}
	return syncDir(filepath.Dir(o.Path))
}

// name puts the finished catalog at its path, or is errRaced.
func (o Options) name(ctx context.Context, built string, st state) error {
	if st == blank {
		return o.replaceBlank(ctx, built)
	}
	err := os.Link(built, o.Path)
	if errors.Is(err, fs.ErrExist) {
		return errRaced
	}
	if err != nil {
		return o.cannotCreate(err)
	}
	return nil
}

// replaceBlank puts the catalog in the place of a file of zero bytes. The write
// lock on the blank file makes one process win; the others see that the path
// has another file now.
func (o Options) replaceBlank(ctx context.Context, built string) error {
	return o.lockBlank(ctx, func() error {
		if err := os.Rename(built, o.Path); err != nil {
			return o.cannotCreate(err)
		}
		return nil
	})
}

// lockBlank does something while nobody else can write to the file of zero bytes
// at the path: catalog.ErrBusy if another process has it for too long, errRaced
// if it is another file by then. The lock is taken through a second name of the
// file: beside a file of zero bytes SQLite deletes a journal, which may be that of
// the winner's catalog.
func (o Options) lockBlank(ctx context.Context, do func() error) error {
	name, remove, err := o.beside()
	if err != nil {
		return o.cannotCreate(err)
	}
	defer remove()
	lock := o
	lock.Path = name
	if err := os.Link(o.Path, lock.Path); err != nil {
		return o.cannotCreate(err)
	}
	before, err := os.Stat(lock.Path)
	if err != nil {
		return o.cannotCreate(err)
	}
	if before.Size() != 0 {
		return errRaced
	}
	db, err := o.connect(ctx, lock.dsn("rw"))
	if err != nil {
		return err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return o.classify(err)
	}
	defer tx.Rollback()
	now, err := os.Stat(o.Path)
	if err != nil || !os.SameFile(before, now) || now.Size() != 0 {
		return errRaced
	}
	return do()
}

// MakeDirs makes dir and what is missing above it, 0700, and returns what it
// made, the deepest first.
func MakeDirs(dir string) (made []string, err error) {
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); !errors.Is(err, fs.ErrNotExist) || d == filepath.Dir(d) {
			break
		}
		made = append(made, d)
	}
	return made, os.MkdirAll(dir, 0o700)
}

// RemoveDirs takes back what MakeDirs made, as far as it is still empty.
func RemoveDirs(made []string) {
	for _, d := range made {
		if os.Remove(d) != nil {
			return
		}
	}
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("create the catalog in %s: %w", catalog.Visible(dir), err)
	}
	defer d.Close()
	return d.Sync()
}
