package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// ask is anything that can be asked in SQL.
type ask interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// update runs fn in a write transaction that must succeed; without fn it makes
// the catalog, or brings its derived rows up to date.
func update(t testing.TB, o store.Options, fn func(*store.Tx) error) {
	t.Helper()
	if fn == nil {
		fn = func(*store.Tx) error { return nil }
	}
	if err := store.Update(t.Context(), o, fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

// view runs fn on a store of its own; it must succeed.
func view(t testing.TB, o store.Options, fn func(*store.Tx) error) {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	if err := errors.Join(s.View(t.Context(), fn), s.Close()); err != nil {
		t.Fatalf("view: %v", err)
	}
}

// dry runs fn in a transaction that is not kept.
func dry(t testing.TB, o store.Options, fn func(*store.Tx) error) {
	t.Helper()
	if err := store.DryRun(t.Context(), o, fn); err != nil {
		t.Fatalf("dry run: %v", err)
	}
}

// hand opens the file as another program would: a plain connection that knows
// nothing of moviedb, with the pragmas given. It is one connection, which opens
// with the first statement.
func hand(t testing.TB, path string, pragmas ...string) *sql.DB {
	t.Helper()
	q := url.Values{"_pragma": append([]string{"busy_timeout(30000)", "synchronous(0)"}, pragmas...)}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

// writeAt changes a byte of a file.
func writeAt(t testing.TB, path string, at int64, b byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt([]byte{b}, at)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// exec runs statements that must succeed.
func mustExec(t testing.TB, db ask, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// table returns the rows of a query as text, columns separated by "|".
func table(t testing.TB, db ask, query string, args ...any) []string {
	t.Helper()
	got, err := tryTable(t.Context(), db, query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return got
}

func tryTable(ctx context.Context, db ask, query string, args ...any) (lines []string, err error) {
	rs, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	cols, err := rs.Columns()
	if err != nil {
		return nil, err
	}
	cells, dest := make([]sql.NullString, len(cols)), make([]any, len(cols))
	for i := range cells {
		dest[i] = &cells[i]
	}
	for rs.Next() {
		if err := rs.Scan(dest...); err != nil {
			return nil, err
		}
		line := make([]string, len(cells))
		for i, c := range cells {
			line[i] = c.String
			if !c.Valid {
				line[i] = "NULL"
			}
		}
		lines = append(lines, strings.Join(line, "|"))
	}
	return lines, rs.Err()
}

// value returns the one value of a query as text.
func value(t testing.TB, db ask, query string, args ...any) string {
	t.Helper()
	got := table(t, db, query, args...)
	if len(got) != 1 {
		t.Fatalf("%s: %d rows, want one", query, len(got))
	}
	return got[0]
}

// shell runs a script in the sqlite3 shell, which has to succeed, and returns
// what it printed. Without the shell the test is skipped.
func shell(t testing.TB, path, script string) string {
	t.Helper()
	out, err := tryShell(t, path, "PRAGMA synchronous = 0;\n"+script)
	if err != nil {
		t.Fatalf("sqlite3: %v\n%s", err, out)
	}
	return out
}

func tryShell(t testing.TB, path, script string) (string, error) {
	t.Helper()
	name, err := exec.LookPath("sqlite3")
	if err != nil {
		t.Skip("there is no sqlite3 shell")
	}
	c := exec.CommandContext(t.Context(), name, "-batch", "-init", os.DevNull, path)
	c.Stdin = strings.NewReader(script)
	out, err := c.CombinedOutput()
	return string(out), err
}

// resolve looks one name up in a transaction.
func resolve(t testing.TB, tx *store.Tx, kind catalog.Kind, text string) (store.Found, error) {
	t.Helper()
	ref, err := catalog.ParseRef(kind, text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return tx.Resolve(t.Context(), kind, ref)
}

// collect reads a list to its end.
func collect[T any](t testing.TB, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for v, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

// ls returns the names below a folder, in order.
func ls(t testing.TB, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if path != dir {
			names = append(names, strings.TrimPrefix(path, dir+string(filepath.Separator)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// bytesOf reads a file.
func bytesOf(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// same compares two lists.
func same(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %q\nwant %q", what, got, want)
	}
}

func sprint(format string, args ...any) string { return fmt.Sprintf(format, args...) }
