package store

import (
	"context"
	"errors"
	"fmt"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/moviedb/moviedb/internal/catalog"
)

// CheckOptions says what a check looks at and what it does.
type CheckOptions struct {
	Fix    bool                               // repair what can be repaired without loss, in one transaction
	Quick  bool                               // leave out what reads the whole catalog
	Rules  map[string]func(text string) error // what texts of a column have to keep beside the rules of package catalog
	Report func(catalog.Finding) error        // is given each finding; those that were repaired once that is kept
	Step   func(what string)                  // is told what comes next; nil is told nothing
}

// Check is one look at a catalog. It is valid inside the function that Inspect
// was given, and belongs to one goroutine.
type Check struct {
	tx      *Tx
	o       CheckOptions
	want    []object          // of the schema
	fixed   []catalog.Finding // to be reported after the commit
	gone    map[string]bool   // tables that are not there, or lack a column
	broken  map[string]bool   // word indexes that cannot be read
	hurt    bool              // the file is damaged
	rebuild bool              // derived rows are wrong
	stale   int64
}

// Inspect looks for everything that is wrong with a catalog, and then calls
// files, which may look at more in the same transaction. It returns how many
// records somebody changed by hand whose derived rows wait for the next command
// that writes; that is nothing wrong, and a check that repairs brings them up to
// date. Without Fix nothing is written. A missing or empty file is ErrNoCatalog.
//
// Damage is a finding; an error is what keeps the check itself from its end.
func Inspect(ctx context.Context, o Options, co CheckOptions, files func(*Check) error) (stale int64, err error) {
	st, err := probe(o.Path)
	if err != nil {
		return 0, err
	}
	if st != present {
		return 0, ErrNoCatalog
	}
	c := &Check{o: co, gone: map[string]bool{}, broken: map[string]bool{}}
	run := func(tx *Tx) error {
		c.tx = tx
		if err := c.run(ctx); err != nil {
			return err
		}
		return c.guard("", func() error { return files(c) })
	}
	if err := c.place(o); err != nil {
		return 0, err
	}
	if co.Fix {
		if err := o.mayWrite(); err != nil {
			return 0, err
		}
		o.Journal, o.mends = "", true
		err = o.write(ctx, run)
	} else {
		err = o.look(ctx, run)
	}
	for i := 0; i < len(c.fixed) && err == nil; i++ {
		err = co.Report(c.fixed[i])
	}
	return c.stale, err
}

// look runs fn in a read transaction that takes the catalog as it is.
func (o Options) look(ctx context.Context, fn func(*Tx) error) (err error) {
	db, err := o.openReader(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := o.begin(ctx, db.DB, "BEGIN")
	if err != nil {
		return o.classify(err)
	}
	defer tx.end()
	return db.whole(fn(tx))
}

// Tx is the transaction of the check.
func (c *Check) Tx() *Tx { return c.tx }

// Fixing tells that what can be repaired is to be.
func (c *Check) Fixing() bool { return c.o.Fix }

// Has tells that a table is there, with all its columns.
func (c *Check) Has(table string) bool { return !c.gone[table] }

// Damaged tells that the file itself is damaged, so that rows may be missing.
func (c *Check) Damaged() bool { return c.hurt }

// Report takes a finding.
func (c *Check) Report(f catalog.Finding) error {
	if f.Fixed {
		c.fixed = append(c.fixed, f)
		return nil
	}
	return c.o.Report(f)
}

// Step tells what comes next.
func (c *Check) Step(what string) {
	if c.o.Step != nil {
		c.o.Step(what)
	}
}

// found reports a finding, after its repair if that is asked for. A repair that
// the catalog refuses leaves it as it is.
func (c *Check) found(f catalog.Finding, repair func() error) error {
	if c.o.Fix && repair != nil {
		err := repair()
		if err != nil && !isRefusal(err) {
			return err
		}
		f.Fixed = err == nil
		if err != nil {
			f = refused(f, err)
		}
	}
	return c.Report(f)
}

// isRefusal tells that the catalog refused a statement, which took that back and
// nothing else. After other errors the transaction may be gone.
func isRefusal(err error) bool {
	code := errorCode(err) & 0xff
	return code == sqlite3.SQLITE_CONSTRAINT || code == sqlite3.SQLITE_ERROR
}

// refused is a finding whose repair was refused.
func refused(f catalog.Finding, why error) catalog.Finding {
	f.Fixed = false
	f.Text += "; it could not be repaired: " + catalog.Visible(why.Error())
	return f
}

// run looks at everything in the database.
func (c *Check) run(ctx context.Context) error {
	if !c.o.Quick {
		if err := c.guard("", func() error { return c.integrity(ctx) }); err != nil {
			return err
		}
	}
	if err := c.guard("", func() error { return c.schema(ctx) }); err != nil {
		return err
	}
	for _, t := range Tables() {
		if c.gone[t.Name] {
			return nil // nothing more can be said of such a catalog
		}
	}
	steps := []func(context.Context) error{c.references, c.primaryPhotos, c.lateIndexes, c.sequences, c.values, c.derived}
	if c.o.Quick {
		steps = []func(context.Context) error{c.references, c.primaryPhotos, c.lateIndexes, c.sequences, c.quickDerived}
	}
	for _, step := range append(steps, c.renew) {
		if err := c.guard("", func() error { return step(ctx) }); err != nil {
			return err
		}
	}
	return nil
}

// guard makes a finding of the error that a damaged file gives; nothing is
// repaired from then on.
func (c *Check) guard(table string, fn func() error) error {
	err := fn()
	if !isDamage(err) {
		return err
	}
	if c.o.Fix {
		return fmt.Errorf("%w; nothing was repaired", c.tx.opts.classify(err))
	}
	return c.damaged(table, fmt.Sprintf("the file cannot be read to its end: %s; restore a backup", catalog.Visible(plainDamage(err))))
}

// damaged reports damage of the file itself. Writing to such a file could lose
// what can still be read, so that nothing is repaired from then on.
func (c *Check) damaged(table, text string) error {
	c.o.Fix, c.hurt = false, true
	return c.Report(catalog.Finding{Code: catalog.FindingDamaged, Table: table, Text: text})
}

// isDamage tells that the file is not what SQLite wrote.
func isDamage(err error) bool {
	switch errorCode(err) & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	case sqlite3.SQLITE_IOERR:
		return errorCode(err) == sqlite3.SQLITE_IOERR_SHORT_READ
	}
	return false
}

// plainDamage is what SQLite says of damage.
func plainDamage(err error) string {
	var c *classified
	if errors.As(err, &c) {
		return c.cause.Error()
	}
	return err.Error()
}
