package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// BackupOptions says what is backed up and where to.
type BackupOptions struct {
	Store    store.Options
	Pictures *blob.Dir // the managed directory, Store.FilesDir
	File     string    // gzipped if it ends in .gz or .tgz
	Force    bool      // overwrite a file that is there

	// Progress is told how many bytes of database and content are done, first
	// of writing, then of reading back; nil is nobody.
	Progress func(checking bool, done, total int64)
	// Step is called at named moments, for tests; nil is nobody.
	Step func(string)
}

// BackedUp is what a backup made.
type BackedUp struct {
	Manifest
	Path string // of the archive, absolute
	Size int64  // of the archive in bytes
}

// Backup writes an archive of the catalog as it is at one moment, while others
// write, reads it back, and gives it its name. It never leaves part of one under
// that name. No catalog is store.ErrNoCatalog, a file that is there without Force
// catalog.ErrExists, content that is missing or damaged a *BadContentError.
func Backup(ctx context.Context, o BackupOptions) (done BackedUp, err error) {
	if o.Step == nil {
		o.Step = func(string) {}
	}
	if there, err := store.Exists(o.Store.Path); err != nil || !there {
		return done, errors.Join(err, noCatalog(there))
	}
	path, err := o.target()
	if err != nil {
		return done, err
	}
	sweepTemps(path)
	release, err := o.Pictures.Hold(ctx)
	if err != nil {
		return done, err
	}
	defer release()
	t, err := newTemp(path)
	if err != nil {
		return done, err
	}
	defer t.close()
	if err := store.Snapshot(ctx, o.Store, t.snapshot()); err != nil {
		return done, err
	}
	o.Step("snapshot")
	b := &backup{o: o, t: t, w: newWriter(t.f, isZipped(path), time.Now().UTC().Truncate(time.Second))}
	_, err = store.Examine(ctx, o.Store, store.Examination{Path: t.snapshot(), Shown: o.Store.Path, Quick: true,
		Fn: func(tx *store.Tx, found store.Examined) error { return b.write(ctx, tx, found) }})
	if err != nil {
		return done, err
	}
	if done.Size, err = b.check(ctx, path); err != nil {
		return done, err
	}
	o.Step("checked")
	done.Path, done.Manifest = path, b.m
	return done, b.publish(path)
}

// noCatalog is store.ErrNoCatalog unless there is one.
func noCatalog(there bool) error {
	if there {
		return nil
	}
	return store.ErrNoCatalog
}

// backup is one archive on its way.
type backup struct {
	o    BackupOptions
	t    *temp
	w    *writer
	m    Manifest
	done int64 // bytes of database and content
	bad  BadContentError
}

// write writes the archive of the snapshot that tx looks at.
func (b *backup) write(ctx context.Context, tx *store.Tx, found store.Examined) error {
	b.m = Manifest{Format: formatVersion, Application: application, Schema: found.Version, Created: b.w.when, Dangling: found.Dangling}
	if err := b.measure(ctx, tx); err != nil {
		return err
	}
	if err := b.writeDatabase(ctx); err != nil {
		return err
	}
	for key, err := range tx.SortedFileKeys(ctx) {
		if err != nil {
			return err
		}
		if err := b.writeContent(ctx, tx, key); err != nil {
			return err
		}
	}
	if b.bad.Total > 0 {
		return &b.bad
	}
	if err := b.w.close(); err != nil {
		return at(filepath.Dir(b.t.path), err)
	}
	if err := b.t.f.Sync(); err != nil {
		return at(filepath.Dir(b.t.path), err)
	}
	b.o.Step("written")
	return nil
}

// measure counts the content, which the manifest tells before it comes.
func (b *backup) measure(ctx context.Context, tx *store.Tx) error {
	for key, err := range tx.SortedFileKeys(ctx) {
		if err != nil {
			return err
		}
		size, err := b.sizeOf(key)
		if err != nil {
			if err := b.bad.add(ctx, tx, key, err); err != nil {
				return err
			}
			continue
		}
		b.m.Files.Count++
		b.m.Files.Size += size
	}
	if b.bad.Total > 0 {
		return &b.bad
	}
	return nil
}

func (b *backup) sizeOf(key string) (int64, error) {
	f, err := b.o.Pictures.OpenKept(key)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// writeDatabase writes the manifest and the snapshot.
func (b *backup) writeDatabase(ctx context.Context) error {
	f, err := os.Open(b.t.snapshot())
	if err != nil {
		return at(b.t.snapshot(), err)
	}
	defer f.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, metered{ctx, f, func(int) {}})
	if err != nil {
		return at(b.t.snapshot(), err)
	}
	b.m.Database = Database{Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))}
	text, err := b.m.encode()
	if err != nil {
		return err
	}
	if _, err = f.Seek(0, io.SeekStart); err != nil {
		return at(b.t.snapshot(), err)
	}
	err = b.w.add(manifestName, int64(len(text)), bytes.NewReader(text))
	if err == nil {
		err = b.w.add(databaseName, size, metered{ctx, f, b.progress})
	}
	if err != nil {
		return at(filepath.Dir(b.t.path), err)
	}
	return nil
}

// writeContent writes the content of a key. If it is not what its key says that
// is noted; from then on content is only looked at.
func (b *backup) writeContent(ctx context.Context, tx *store.Tx, key string) error {
	f, err := b.o.Pictures.OpenKept(key)
	if err != nil {
		return b.bad.add(ctx, tx, key, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return b.bad.add(ctx, tx, key, err)
	}
	sum := sha256.New()
	from := io.TeeReader(metered{ctx, f, b.progress}, sum)
	if b.bad.Total > 0 {
		_, err = io.Copy(io.Discard, from)
	} else {
		err = b.w.add(filesPrefix+key, info.Size(), from)
	}
	if err != nil {
		return at(filepath.Dir(b.t.path), err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != blob.HashOf(key) {
		return b.bad.add(ctx, tx, key, fmt.Errorf("%w: its content has another hash", blob.ErrDamaged))
	}
	return nil
}

func (b *backup) progress(n int) {
	b.done += int64(n)
	b.tell(false, b.done, b.m.bytes())
}

func (b *backup) tell(checking bool, done, total int64) {
	if b.o.Progress != nil {
		b.o.Progress(checking, done, total)
	}
}

// check reads the archive back and returns its size.
func (b *backup) check(ctx context.Context, path string) (int64, error) {
	size, err := b.t.f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = b.t.f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return 0, at(filepath.Dir(path), err)
	}
	m, _, err := read(ctx, b.t.f, sink{progress: func(done, total int64) { b.tell(true, done, total) }})
	m.Created = b.m.Created
	if err == nil && m != b.m {
		err = errors.New("its manifest is another")
	}
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("the backup was written to %s, but cannot be read back, so it was removed: %w", catalog.Visible(filepath.Dir(path)), err)
	}
	return size, err
}

// publish gives the archive its name and lets that last.
func (b *backup) publish(path string) error {
	os.Remove(b.t.snapshot())
	err := error(nil)
	if !b.o.Force {
		err = os.Link(b.t.path, path)
		if errors.Is(err, os.ErrExist) {
			return exists(path)
		}
	}
	if b.o.Force || err != nil { // not every file system has links
		if !b.o.Force && !isGone(path) {
			return exists(path)
		}
		if err := os.Rename(b.t.path, path); err != nil {
			return at(path, err)
		}
		b.t.kept = true
	}
	return syncDir(filepath.Dir(path))
}
