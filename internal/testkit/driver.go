package testkit

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"modernc.org/sqlite"
)

// Counter counts the statements that ran through a driver of CountingDriver.
// It may be used from several goroutines.
type Counter struct {
	mu    sync.Mutex
	texts []string
}

// Reset forgets all statements so far.
func (c *Counter) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts = nil
}

// N returns how many statements ran since the last Reset.
func (c *Counter) N() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.texts)
}

// Statements returns the texts of the statements since the last Reset, in the
// order in which they started.
func (c *Counter) Statements() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.texts)
}

// add notes a statement.
func (c *Counter) add(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts = append(c.texts, text)
}

// CountingDriver returns the name of a database/sql driver that is modernc's
// "sqlite" and counts each statement that is executed or queried: one for each
// call, also for a text of several statements, failed ones too; none for
// preparing, for BEGIN, COMMIT and ROLLBACK of database/sql's transactions, and
// for the pragmas in a DSN. The name is new at every call, so that tests that
// run at the same time do not count each other's statements.
func CountingDriver(tb testing.TB) (name string, counter *Counter) {
	tb.Helper()
	db, err := sql.Open("sqlite", "")
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	counter = &Counter{}
	name = fmt.Sprintf("sqlite-counted-%p", counter) // registered for good, so no other counter gets its address
	sql.Register(name, &countingDriver{inner: db.Driver(), counter: counter})
	return name, counter
}

// countingDriver opens connections of inner that count.
type countingDriver struct {
	inner   driver.Driver
	counter *Counter
}

// Open implements driver.Driver.
func (d *countingDriver) Open(dsn string) (driver.Conn, error) {
	c, err := d.inner.Open(dsn)
	if err != nil {
		return nil, err
	}
	inner, ok := c.(sqliteConn)
	if !ok {
		return nil, errors.Join(errors.New("testkit: modernc's connection lacks a method it had"), c.Close())
	}
	return &countingConn{sqliteConn: inner, counter: d.counter}, nil
}

// sqliteConn is what database/sql, and programs through sql.Conn.Raw, use of
// modernc's connection. Embedding it passes everything on.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
	sqlite.FileControl
	sqlite.DBStatus
	NewBackup(destination string) (*sqlite.Backup, error)
	NewRestore(source string) (*sqlite.Backup, error)
	Serialize() ([]byte, error)
	Deserialize([]byte) error
	IsReadOnly(schema string) (bool, error)
}

// countingConn counts what it runs.
type countingConn struct {
	sqliteConn
	counter *Counter
}

// Unwrap returns modernc's connection; sqlite.Limit asks for it.
func (c *countingConn) Unwrap() driver.Conn { return c.sqliteConn }

// ExecContext implements driver.ExecerContext.
func (c *countingConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	c.counter.add(text)
	return c.sqliteConn.ExecContext(ctx, text, args)
}

// QueryContext implements driver.QueryerContext.
func (c *countingConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	c.counter.add(text)
	return c.sqliteConn.QueryContext(ctx, text, args)
}

// Prepare implements driver.Conn.
func (c *countingConn) Prepare(text string) (driver.Stmt, error) {
	s, err := c.sqliteConn.Prepare(text)
	return c.wrap(s, text, err)
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *countingConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	s, err := c.sqliteConn.PrepareContext(ctx, text)
	return c.wrap(s, text, err)
}

// wrap makes a prepared statement count.
func (c *countingConn) wrap(s driver.Stmt, text string, err error) (driver.Stmt, error) {
	if err != nil {
		return nil, err
	}
	inner, ok := s.(sqliteStmt)
	if !ok {
		return nil, errors.Join(errors.New("testkit: modernc's statement lacks a method it had"), s.Close())
	}
	return &countingStmt{sqliteStmt: inner, text: text, counter: c.counter}, nil
}

// CheckNamedValue implements driver.NamedValueChecker.
func (c *countingConn) CheckNamedValue(v *driver.NamedValue) error {
	return checkValue(c.sqliteConn, v)
}

// checkValue lets inner check a value if it does so; modernc's types do not at
// present, and database/sql then goes by its own rules, as after ErrSkip.
func checkValue(inner any, v *driver.NamedValue) error {
	if checker, ok := inner.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// sqliteStmt is what database/sql uses of modernc's prepared statement.
type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// countingStmt counts each time it runs.
type countingStmt struct {
	sqliteStmt
	text    string
	counter *Counter
}

// ExecContext implements driver.StmtExecContext.
func (s *countingStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.counter.add(s.text)
	return s.sqliteStmt.ExecContext(ctx, args)
}

// QueryContext implements driver.StmtQueryContext.
func (s *countingStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.counter.add(s.text)
	return s.sqliteStmt.QueryContext(ctx, args)
}

// CheckNamedValue implements driver.NamedValueChecker.
func (s *countingStmt) CheckNamedValue(v *driver.NamedValue) error {
	return checkValue(s.sqliteStmt, v)
}
