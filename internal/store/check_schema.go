package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// freshSchema returns what a new catalog has, in the order in which it is made.
func (o Options) freshSchema(ctx context.Context) (objects []object, err error) {
	db, err := sql.Open(o.driver(), ":memory:")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, o.Schema); err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return all(rows(ctx, &Tx{conn: conn, opts: o}, scanObject, schemaObjects))
}

// schemaObjects reads all objects of a schema but SQLite's own.
const schemaObjects = `SELECT type, name, tbl_name, sql FROM sqlite_schema
	WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY rowid`

// schemaCheck compares two schemas.
type schemaCheck struct {
	*Check
	have   map[string]object // by kind and name
	remade map[string]bool   // derived tables that were made again
}

// schema compares the schema with that of a new catalog. What is derived, and
// indexes and triggers, can be made again; a table of the ten cannot.
func (c *Check) schema(ctx context.Context) error {
	c.Step("schema")
	var err error
	if c.want, err = c.tx.opts.freshSchema(ctx); err != nil {
		return err
	}
	have, err := all(rows(ctx, c.tx, scanObject, schemaObjects))
	if err != nil {
		return err
	}
	s := &schemaCheck{Check: c, have: map[string]object{}, remade: map[string]bool{}}
	for _, o := range have {
		s.have[o.kind+" "+o.name] = o
	}
	version, err := c.tx.number(ctx, "PRAGMA user_version")
	if err != nil {
		return err
	}
	for _, o := range c.want {
		if version < SchemaVersion && comesLater(version, o) {
			continue // the next command that writes makes it
		}
		if err := s.object(ctx, o); err != nil {
			return err
		}
	}
	if err := s.identity(ctx); err != nil {
		return err
	}
	return s.strange(have)
}

// comesLater tells that a catalog of an older schema does not have an object.
func comesLater(version int64, o object) bool {
	for ; version < SchemaVersion; version++ {
		if strings.Contains(migrations()[version], o.sql) {
			return true
		}
	}
	return false
}

// identity looks whether the catalog still has its mark.
func (s *schemaCheck) identity(ctx context.Context) error {
	if _, there := s.have["table identity"]; !there {
		return nil
	}
	n, err := s.tx.number(ctx, "SELECT iif(count(*) = 1, sum(length(mark) = 32 AND mark NOT GLOB '*[^0-9a-f]*'), 0) FROM identity")
	if err != nil || n == 1 {
		return err
	}
	f := catalog.Finding{Code: catalog.FindingSchema, Table: "identity", Text: "the catalog has lost its mark"}
	return s.found(f, func() error {
		return errors.Join(s.tx.exec(ctx, "DELETE FROM identity"), s.tx.fill(ctx, "identity"))
	})
}

// object looks at one object that should be there.
func (s *schemaCheck) object(ctx context.Context, o object) error {
	if shadow, ok := shadowOf(o.name); ok && o.kind == "table" {
		if _, there := s.have["table "+o.name]; !there && s.Has(shadow) && !s.remade[shadow] {
			s.broken[shadow] = true
		}
		return nil
	}
	is, there := s.have[o.kind+" "+o.name]
	if there && plainSQL(is.sql) == plainSQL(o.sql) && !s.remade[o.name] {
		return nil
	}
	switch {
	case o.kind == "table" && slices.ContainsFunc(Tables(), func(t Table) bool { return t.Name == o.name }):
		return s.table(ctx, o, there)
	case o.kind == "table":
		return s.derivedTable(ctx, o, there)
	case s.remade[o.table]:
		return s.tx.exec(ctx, o.sql)
	case s.gone[o.table], strings.HasPrefix(o.sql, "CREATE UNIQUE"): // see lateIndexes
		return nil
	}
	return s.part(ctx, o, there)
}

// part reports an index or a trigger.
func (c *Check) part(ctx context.Context, o object, there bool) error {
	text, remake := fmt.Sprintf("the %s %s is missing", o.kind, o.name), ""
	if there {
		text, remake = fmt.Sprintf("the %s %s is not as a new catalog has it", o.kind, o.name), `DROP `+o.kind+` "`+o.name+`";`
	}
	if c.o.Quick && o.kind == "trigger" && strings.Contains(o.name, "_stale_") {
		c.rebuild = true // nobody noted what changed meanwhile
	}
	return c.found(catalog.Finding{Code: catalog.FindingSchema, Table: o.table, Text: text}, func() error {
		return c.tx.exec(ctx, remake+o.sql)
	})
}

// table reports one of the ten tables.
func (s *schemaCheck) table(ctx context.Context, o object, there bool) error {
	f := catalog.Finding{Code: catalog.FindingSchema, Table: o.name}
	if !there {
		s.gone[o.name] = true
		f.Text = fmt.Sprintf("the table %s is missing; restore a backup", o.name)
		return s.Report(f)
	}
	f.Text = fmt.Sprintf("the table %s is not as a new catalog has it; export it and import it into a new one", o.name)
	columns, err := all(rows(ctx, s.tx, scanText, `SELECT name FROM pragma_table_xinfo(?)`, o.name))
	if err != nil {
		return err
	}
	for _, t := range Tables() {
		for _, c := range t.Columns {
			if t.Name == o.name && !slices.Contains(columns, strings.Trim(c.sql, `"`)) {
				s.gone[o.name] = true
				f.Text = fmt.Sprintf("the table %s has no column %s; restore a backup", o.name, strings.Trim(c.sql, `"`))
			}
		}
	}
	return s.Report(f)
}

// derivedTable reports a table of derived data.
func (s *schemaCheck) derivedTable(ctx context.Context, o object, there bool) error {
	text := fmt.Sprintf("the derived table %s is missing", o.name)
	if there {
		text = fmt.Sprintf("the derived table %s is not as a new catalog has it", o.name)
	}
	if o.name != "stale" && o.name != "derived_state" || !s.o.Fix {
		s.gone[o.name] = true // nothing to compare
	}
	return s.found(catalog.Finding{Code: catalog.FindingSchema, Table: o.name, Text: text}, func() error {
		s.remade[o.name], s.rebuild = true, true
		return s.remake(ctx, o)
	})
}

// remake makes a derived table anew, with the rows that the schema gives it.
func (c *Check) remake(ctx context.Context, o object) error {
	if err := c.tx.exec(ctx, `DROP TABLE IF EXISTS `+o.name+`;`+o.sql); err != nil {
		return err
	}
	return c.tx.fill(ctx, o.name)
}

// fill gives a table the rows that the schema gives it.
func (tx *Tx) fill(ctx context.Context, table string) error {
	for line := range strings.Lines(tx.opts.Schema) {
		if strings.HasPrefix(line, `INSERT INTO `+table+` (`) {
			return tx.exec(ctx, line)
		}
	}
	return nil
}

// strange reports triggers that a new catalog does not have. They write along,
// or refuse; they are somebody's, and stay. Tables, views and indexes of others
// change nothing.
func (s *schemaCheck) strange(have []object) error {
	for _, o := range have {
		if o.kind != "trigger" || slices.ContainsFunc(s.want, func(w object) bool { return w.kind == o.kind && w.name == o.name }) {
			continue
		}
		if !slices.ContainsFunc(s.want, func(w object) bool { return w.kind == "table" && w.name == o.table }) {
			continue
		}
		f := catalog.Finding{Code: catalog.FindingSchema, Table: o.table,
			Text: fmt.Sprintf("the trigger %s is not one of ours; if nobody needs it, drop it with the sqlite3 shell", catalog.Visible(o.name))}
		if err := s.Report(f); err != nil {
			return err
		}
	}
	return nil
}

// lateIndexes looks at the unique indexes, which can be made only once what they
// forbid is mended.
func (c *Check) lateIndexes(ctx context.Context) error {
	for _, o := range c.want {
		if o.kind != "index" || !strings.HasPrefix(o.sql, "CREATE UNIQUE") {
			continue
		}
		var is sql.NullString
		err := c.tx.conn.QueryRowContext(ctx, `SELECT max(sql) FROM sqlite_schema WHERE type = 'index' AND name = ?`, o.name).Scan(&is)
		if err != nil {
			return err
		}
		if plainSQL(is.String) == plainSQL(o.sql) {
			continue
		}
		if err := c.part(ctx, o, is.Valid); err != nil {
			return err
		}
	}
	return nil
}

// shadowOf is the word index that a table of SQLite's own belongs to.
func shadowOf(name string) (table string, ok bool) {
	for _, t := range wordTables() {
		if strings.HasPrefix(name, t+"_") {
			return t, true
		}
	}
	return "", false
}

// plainSQL is a statement without comments and line breaks, in which schemas of
// the same meaning may differ.
func plainSQL(text string) string {
	text = regexp.MustCompile(`--[^\n]*`).ReplaceAllString(text, " ")
	return strings.Join(strings.Fields(text), " ")
}
