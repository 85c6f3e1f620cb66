package archive

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// RestoreOptions says what is restored and where to.
type RestoreOptions struct {
	Store    store.Options
	Pictures *blob.Dir // the managed directory, Store.FilesDir
	Archive  io.Reader // of an archive, from its beginning
	Name     string    // of the archive, in messages
	Force    bool      // replace a catalog that is there
	DryRun   bool      // verify the archive, and change nothing

	// Progress is told how many bytes of database and content are read; nil is
	// nobody.
	Progress func(done, total int64)
	// Step is called at named moments, for tests; nil is nobody.
	Step func(string)
}

// Restored is what a restoration did, or would do.
type Restored struct {
	Manifest
	Path     string // of the catalog, absolute
	Replaced bool   // there was one
}

// BadArchiveError says why an archive was refused.
type BadArchiveError struct {
	Name   string // of the archive
	Reason error  // a sentence about "it"
}

// Error says that nothing was changed, and why.
func (e *BadArchiveError) Error() string {
	return fmt.Sprintf("%s cannot be restored, nothing was changed: %v", catalog.Visible(e.Name), e.Reason)
}

// Unwrap returns the reason.
func (e *BadArchiveError) Unwrap() error { return e.Reason }

// Restore makes a catalog of an archive. All of the archive is read and verified
// before anything that is there is touched; an archive that is not whole, or no
// catalog of a version this program knows, is a *BadArchiveError. A catalog in the
// place is catalog.ErrExists without Force, and catalog.ErrBusy while another
// process writes to it. An error leaves all as it was.
func Restore(ctx context.Context, o RestoreOptions) (done Restored, err error) {
	if o.Step == nil {
		o.Step = func(string) {}
	}
	o.Store.Path = settled(o.Store.Path)
	done.Path = o.Store.Path
	if done.Replaced, err = store.Exists(o.Store.Path); err != nil {
		return done, err
	}
	if done.Replaced && !o.Force {
		return done, store.InTheWay(o.Store)
	}
	if o.DryRun {
		done.Manifest, err = o.dryRun(ctx)
		return done, err
	}
	r := &restoration{o: o}
	defer func() { err = errors.Join(err, r.end(err != nil)) }()
	if err := r.begin(); err != nil {
		return done, err
	}
	if done.Manifest, err = r.receive(ctx); err != nil {
		return done, err
	}
	o.Step("received")
	done.Replaced, err = store.Install(ctx, o.Store, store.Installation{
		Built: r.db.path, Force: o.Force, Step: o.Step,
		Replacing: func(mark string) { r.replaced = mark },
		Place:     func() error { return r.place(ctx) },
	})
	if err == nil { // and nobody can stop it any more; somebody may have replaced it again
		o.Pictures.Pass(r.replaced, cmp.Or(markOf(context.WithoutCancel(ctx), o.Store), r.mark))
	}
	return done, err
}

// markOf is the mark of the catalog that is there, "" for one that has none or
// cannot be read.
func markOf(ctx context.Context, o store.Options) (mark string) {
	store.Look(ctx, o, func(tx *store.Tx) (err error) {
		mark, err = tx.Mark(ctx)
		return err
	})
	return mark
}

// restoration is one on its way.
type restoration struct {
	o        RestoreOptions
	made     []string // folders above the catalog
	db       *temp
	content  *blob.Batch
	mark     string // of the catalog in the archive, "" for one without
	replaced string // mark of the catalog that is replaced, likewise
	leave    func() // takes back that it has content in the managed directory; nil before that is noted
}

// begin makes the places where the archive is unpacked.
func (r *restoration) begin() (err error) {
	dir := filepath.Dir(r.o.Store.Path)
	if r.made, err = store.MakeDirs(dir); err != nil {
		return at(dir, err)
	}
	sweepTemps(r.o.Store.Path)
	if err := r.o.Pictures.SweepBatches(); err != nil {
		return err
	}
	if r.db, err = newTemp(r.o.Store.Path); err != nil {
		return err
	}
	r.content, err = r.o.Pictures.NewBatch()
	return err
}

// receive unpacks and verifies the archive.
func (r *restoration) receive(ctx context.Context) (m Manifest, err error) {
	m, r.mark, err = r.o.verify(ctx, r.db, sink{
		manifest: func(m Manifest) error { return r.o.roomFor(m) },
		file:     func(key string, from io.Reader) error { return r.content.Add(ctx, key, from) },
	})
	return m, err
}

// place puts the content in place. Another catalog that keeps its own in the same
// directory does not take it for garbage, whenever the process is killed.
func (r *restoration) place(ctx context.Context) (err error) {
	if r.leave == nil {
		if r.leave, err = r.o.Pictures.Enter(r.mark, r.replaced); err != nil {
			return err
		}
	}
	return r.content.Commit(ctx)
}

// end removes what is left of the places where the archive was unpacked.
func (r *restoration) end(failed bool) (err error) {
	if failed && r.leave != nil {
		r.leave()
	}
	if r.content != nil {
		err = r.content.Close() // what stays is removed by the next one
	}
	if r.db != nil {
		r.db.close()
	}
	if !failed {
		return nil
	}
	store.RemoveDirs(r.made)
	return err
}

// dryRun verifies the archive in a folder for what is temporary.
func (o RestoreOptions) dryRun(ctx context.Context) (Manifest, error) {
	dir, remove, err := store.ScratchDir()
	if err != nil {
		return Manifest{}, err
	}
	defer remove()
	db, err := newTemp(filepath.Join(dir, databaseName))
	if err != nil {
		return Manifest{}, err
	}
	defer db.close()
	m, _, err := o.verify(ctx, db, sink{})
	return m, err
}

// verify reads an archive to its end, its database into a file, and looks
// whether database and files are a catalog, and which.
func (o RestoreOptions) verify(ctx context.Context, db *temp, to sink) (m Manifest, mark string, err error) {
	to.progress = o.Progress
	to.database = func(from io.Reader) error {
		_, err := io.Copy(db.f, from)
		if err == nil {
			err = db.f.Sync()
		}
		if err != nil {
			return at(filepath.Dir(db.path), err)
		}
		return nil
	}
	m, keys, err := read(ctx, o.Archive, to)
	if err == nil {
		o.Step("read")
		mark, err = o.examine(ctx, db.path, m, keys)
	}
	var ours *takeError
	switch {
	case err == nil || ctx.Err() != nil:
		return m, mark, err
	case errors.As(err, &ours) && !errors.Is(err, blob.ErrDamaged):
		return m, "", ours.error
	}
	return m, "", &BadArchiveError{o.Name, err}
}

// examine looks whether the database is a catalog, the one that the manifest
// tells of, and whether the files, of whose keys this is the hash, are those
// that it names. It returns the mark of the catalog, "" if it has none or has lost
// it, which a repair can mend later.
func (o RestoreOptions) examine(ctx context.Context, path string, m Manifest, keys []byte) (mark string, err error) {
	var named int64
	sum := sha256.New()
	found, err := store.Examine(ctx, o.Store, store.Examination{Path: path, Shown: databaseName, Fn: func(tx *store.Tx, _ store.Examined) error {
		mark, _ = tx.Mark(ctx)
		for key, err := range tx.SortedFileKeys(ctx) {
			if err != nil {
				return err
			}
			named++
			sum.Write([]byte(key + "\n"))
		}
		return nil
	}})
	switch {
	case err != nil:
		return "", err
	case found.Version != m.Schema:
		return "", fmt.Errorf("its database has the schema version %d, its manifest says %d", found.Version, m.Schema)
	case found.Dangling != m.Dangling:
		return "", fmt.Errorf("%d references in its database lead to nothing, its manifest says %d", found.Dangling, m.Dangling)
	case named != m.Files.Count || !bytes.Equal(sum.Sum(nil), keys):
		return "", fmt.Errorf("the %d files in it are not the %d that its database names", m.Files.Count, named)
	}
	return mark, nil
}
