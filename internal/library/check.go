package library

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// Check looks for everything that is wrong with a catalog and its managed
// directory; see store.Inspect. Content is read and its hash compared, in a
// quick check its presence alone.
func Check(ctx context.Context, o store.Options, dir *blob.Dir, co store.CheckOptions) (stale int64, err error) {
	k := &checker{dir: dir, quick: co.Quick}
	rules := map[string]func(string) error{"file_key": keyRule, "file_name": nameRule}
	for column, rule := range co.Rules {
		rules[column] = rule
	}
	co.Rules = rules
	stale, err = store.Inspect(ctx, o, co, func(c *store.Check) error { return k.run(ctx, c) })
	if err != nil || len(k.suspects) == 0 {
		return stale, err
	}
	return stale, store.Look(ctx, o, func(tx *store.Tx) error { return k.confirm(ctx, tx, co.Report) })
}

func keyRule(key string) error {
	if !blob.IsKey(key) {
		return catalog.Invalidf("%s is not the key of a file", catalog.Quote(key))
	}
	return nil
}

func nameRule(name string) error {
	if err := catalog.CheckText("file_name", name); err != nil {
		return err
	}
	if blob.BaseName(name) != name {
		return catalog.Invalidf("%s is not the name of a file", catalog.Quote(name))
	}
	return nil
}

// checker looks at the managed directory.
type checker struct {
	dir      *blob.Dir
	quick    bool
	suspects []suspect
	trash    map[string]blob.Leftover // by key; nil until it is asked for
}

// suspect is a finding that a command which ran meanwhile may explain: it put
// content in place after the snapshot, or took it away with its row. It counts
// if a later snapshot says the same.
type suspect struct {
	key     string
	missing bool // the content, else the row
	f       catalog.Finding
}

// run looks at all of the directory.
func (k *checker) run(ctx context.Context, c *store.Check) error {
	c.Step("managed directory")
	if err := k.modes(ctx, c); err != nil {
		return err
	}
	if !c.Has("files") {
		return nil
	}
	if err := k.contents(ctx, c); err != nil || c.Damaged() {
		return err
	}
	shared := alone(ctx, c.Tx(), k.dir)
	if errors.Is(shared, blob.ErrShared) {
		if err := c.Report(catalog.Finding{Code: catalog.FindingShared, Text: shared.Error()}); err != nil {
			return err
		}
	} else if shared != nil {
		return shared
	}
	found, err := k.dir.Unreferenced(ctx, func(key string) (bool, error) { return c.Tx().HasFileKey(ctx, key) })
	if err != nil {
		return err
	}
	for _, l := range found {
		if shared != nil && !l.Temp {
			continue // it may be another catalog's
		}
		if err := k.leftover(c, l); err != nil {
			return err
		}
	}
	return nil
}

// modes reports what others can reach.
func (k *checker) modes(ctx context.Context, c *store.Check) error {
	for e, err := range k.dir.Exposed(ctx) {
		if err != nil {
			return err
		}
		f := store.Exposure(filepath.Join(k.dir.Root(), filepath.FromSlash(e.Name)), e.Mode)
		if err := c.Outside(f, func() error { return k.dir.Restrict(e) }); err != nil {
			return err
		}
	}
	return nil
}

// contents looks at the content of every file.
func (k *checker) contents(ctx context.Context, c *store.Check) error {
	look := k.dir.Verify
	if k.quick {
		look = k.dir.Present
	}
	c.Step("content of files")
	for file, err := range c.Tx().StoredFiles(ctx) {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !blob.IsKey(file.Key) {
			continue // a value that is refused
		}
		if err := look(file.Key); err != nil {
			if err := k.content(c, file, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// content reports content that is not as it should be.
func (k *checker) content(c *store.Check, file store.KeyedID, why error) error {
	f := catalog.Finding{Code: catalog.FindingContentDamaged, Table: "files", ID: file.ID, Text: fmt.Sprintf("the content cannot be read: %v", why)}
	switch {
	case errors.Is(why, blob.ErrDamaged):
		f.Text = fmt.Sprintf("the content %v; take it from a backup", why)
		return c.Report(f)
	case !errors.Is(why, fs.ErrNotExist):
		return c.Report(f)
	}
	f.Code, f.Text = catalog.FindingContentMissing, fmt.Sprintf("the content %s is missing; take it from a backup", file.Key)
	if !c.Fixing() {
		k.suspects = append(k.suspects, suspect{file.Key, true, f})
		return nil
	}
	thrown, ok, err := k.inTrash(file.Key)
	if err != nil || !ok {
		return errors.Join(err, c.Report(f))
	}
	f.Text = fmt.Sprintf("the content %s is missing, but lies in the trash", file.Key)
	return c.Outside(f, func() error {
		done, err := k.dir.Restore(thrown)
		if err == nil && !done {
			err = errors.New("something lies in its place")
		}
		return err
	})
}

// inTrash finds content in the trash.
func (k *checker) inTrash(key string) (l blob.Leftover, ok bool, err error) {
	if k.trash == nil {
		all, err := k.dir.Expired(time.Now(), 0)
		if err != nil {
			return l, false, err
		}
		k.trash = map[string]blob.Leftover{}
		for _, one := range all {
			if key, ok := one.Trashed(); ok {
				k.trash[key] = one
			}
		}
	}
	l, ok = k.trash[key]
	return l, ok, nil
}

// leftover reports a file that nothing needs: what never got its name, which
// goes, or content, which goes to the trash.
func (k *checker) leftover(c *store.Check, l blob.Leftover) error {
	if l.Temp {
		f := catalog.Finding{Code: catalog.FindingTemp, Text: fmt.Sprintf("%s in the managed directory is left over from a command that was killed", l.Key)}
		return c.Outside(f, func() error { return k.dir.RemoveTemp(l) })
	}
	f := catalog.Finding{Code: catalog.FindingOrphan, Text: fmt.Sprintf("the content %s belongs to no file; 'moviedb file gc' collects it", l.Key)}
	if !c.Fixing() {
		k.suspects = append(k.suspects, suspect{l.Key, false, f})
		return nil
	}
	f.Text = fmt.Sprintf("the content %s belongs to no file; it goes to the trash", l.Key)
	return c.Outside(f, func() error { return k.dir.Trash([]blob.Leftover{l}, time.Now()) })
}

// confirm reports the suspects of which a later snapshot says the same.
func (k *checker) confirm(ctx context.Context, tx *store.Tx, report func(catalog.Finding) error) error {
	for _, s := range k.suspects {
		row, err := tx.HasFileKey(ctx, s.key)
		if err != nil {
			return err
		}
		_, err = k.dir.Stat(s.key)
		content := !errors.Is(err, fs.ErrNotExist)
		if row != s.missing || content == s.missing {
			continue
		}
		if err := report(s.f); err != nil {
			return err
		}
	}
	return nil
}
