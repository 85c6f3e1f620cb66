package testkit

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"modernc.org/sqlite"
)

// open returns a database of one connection that counts, and its counter.
func open(t *testing.T) (*sql.DB, *Counter) {
	t.Helper()
	name, counter := CountingDriver(t)
	db, err := sql.Open(name, "file:"+filepath.Join(t.TempDir(), "x.db")+"?_pragma=busy_timeout(100)&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), `CREATE TABLE t (a, b)`); err != nil {
		t.Fatal(err)
	}
	if got, want := counter.Statements(), []string{`CREATE TABLE t (a, b)`}; !slices.Equal(got, want) {
		t.Fatalf("after opening: %q, want %q", got, want)
	}
	counter.Reset()
	return db, counter
}

func TestEachRunIsCounted(t *testing.T) {
	db, counter := open(t)
	ctx := t.Context()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	const insert, count = `INSERT INTO t VALUES (?, :b)`, `SELECT count(*), max(b) FROM t`
	stmt, err := tx.PrepareContext(ctx, insert)
	if err != nil {
		t.Fatal(err)
	}
	if n := counter.N(); n != 0 {
		t.Errorf("%d statements after beginning and preparing, want none", n)
	}
	for i := range 2 {
		if _, err := stmt.ExecContext(ctx, i, sql.Named("b", "x")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tx.ExecContext(ctx, insert, time.Unix(0, 0), sql.Named("b", "y")); err != nil {
		t.Fatal(err)
	}
	var n int
	var b string
	if err := tx.QueryRowContext(ctx, count).Scan(&n, &b); err != nil || n != 3 || b != "y" {
		t.Errorf("read %d, %q, %v", n, b, err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	query, err := db.Prepare(count)
	if err != nil {
		t.Fatal(err)
	}
	defer query.Close()
	if err := query.QueryRow().Scan(&n, &b); err != nil {
		t.Fatal(err)
	}
	want := []string{insert, insert, insert, count, count}
	if got := counter.Statements(); !slices.Equal(got, want) || counter.N() != len(want) {
		t.Errorf("got %d: %q, want %q", counter.N(), got, want)
	}
	counter.Reset()
	if counter.N() != 0 || len(counter.Statements()) != 0 {
		t.Error("Reset left something")
	}
}

func TestCountersAreIndependent(t *testing.T) {
	_, one := open(t)
	db, two := open(t)
	if _, err := db.Exec(`DELETE FROM t`); err != nil {
		t.Fatal(err)
	}
	if one.N() != 0 || two.N() != 1 {
		t.Errorf("got %d and %d, want 0 and 1", one.N(), two.N())
	}
}

// TestContextReachesTheDriver: only a driver that knows the context can end a
// query that never ends by itself.
func TestContextReachesTheDriver(t *testing.T) {
	db, _ := open(t)
	const endless = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT count(*) FROM n`
	stmt, err := db.Prepare(endless)
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Close()
	for name, run := range map[string]func(context.Context) error{
		"conn query": func(ctx context.Context) error { return db.QueryRowContext(ctx, endless).Scan(new(int)) },
		"conn exec":  func(ctx context.Context) error { _, err := db.ExecContext(ctx, endless); return err },
		"stmt query": func(ctx context.Context) error { return stmt.QueryRowContext(ctx).Scan(new(int)) },
		"stmt exec":  func(ctx context.Context) error { _, err := stmt.ExecContext(ctx); return err },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		if err := run(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got %v, want the deadline", name, err)
		}
		cancel()
	}
}

// TestTransactionOptionsReachTheDriver: ReadOnly turns off _txlock=immediate,
// so two such transactions stand side by side while a writer is at work.
func TestTransactionOptionsReachTheDriver(t *testing.T) {
	db, _ := open(t)
	db.SetMaxOpenConns(3)
	ctx := t.Context()
	write, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer write.Rollback()
	read, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatalf("a reader: %v", err)
	}
	defer read.Rollback()
	if second, err := db.BeginTx(ctx, nil); err == nil {
		second.Rollback()
		t.Error("two writers at once")
	}
}

func TestConnectionKeepsModerncsOwnMethods(t *testing.T) {
	db, _ := open(t)
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.PingContext(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := sqlite.Limit(conn, 0, -1); err != nil {
		t.Error(err)
	}
	err = conn.Raw(func(c any) error {
		inner := c.(interface{ Unwrap() driver.Conn }).Unwrap()
		if _, ok := inner.(driver.NamedValueChecker); ok {
			t.Log("modernc checks values itself now")
		}
		if !c.(driver.Validator).IsValid() {
			t.Error("not valid")
		}
		if err := c.(driver.SessionResetter).ResetSession(t.Context()); err != nil {
			t.Error(err)
		}
		backup, err := c.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		}).NewBackup(filepath.Join(t.TempDir(), "copy.db"))
		if err != nil {
			return err
		}
		if _, err := backup.Step(-1); err != nil {
			t.Error(err)
		}
		return backup.Finish()
	})
	if err != nil {
		t.Error(err)
	}
}
