package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// absent returns options for a catalog that is not there yet, in a folder that
// is not there either.
func absent(t testing.TB) store.Options {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data", "moviedb.db")
	return store.Options{Path: path, FilesDir: path + ".files", Schema: testkit.Schema(t), Journal: "wal", BusyTimeout: 10 * time.Second}
}

// update writes to a catalog, which must succeed.
func update(t testing.TB, o store.Options, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := store.Update(context.Background(), o, func(tx *store.Tx) error { return fn(context.Background(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// addFile adds a file with its row and returns its key.
func addFile(t testing.TB, o store.Options, name, content string) string {
	t.Helper()
	s, err := blob.Open(o.FilesDir).Stage(context.Background(), strings.NewReader(content), blob.Limits{}, false)
	if err != nil {
		t.Fatal(err)
	}
	update(t, o, func(ctx context.Context, tx *store.Tx) error {
		if err := s.Commit(); err != nil {
			return err
		}
		return tx.InsertFiles(ctx, []catalog.File{{Name: name, MIME: s.MIME, Key: s.Key}})
	})
	return s.Key
}

// filled is a catalog with a film, a user with a password and three files.
func filled(t testing.TB) (o store.Options, keys []string) {
	t.Helper()
	o = absent(t)
	update(t, o, func(ctx context.Context, tx *store.Tx) error {
		return tx.InsertMovies(ctx, []catalog.Movie{{Title: "Moon"}, {Title: "Solaris", ReleaseDate: "1972"}})
	})
	byHand(t, o.Path, `INSERT INTO users (username, password) VALUES ('ann', '$argon2id$secret')`)
	for i, content := range []string{"one", "two, which is longer", strings.Repeat("three", 50_000)} {
		keys = append(keys, addFile(t, o, fmt.Sprintf("file-%d.txt", i), content))
	}
	return o, keys
}

// hand opens a database as the sqlite3 shell would.
func hand(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

// byHand runs statements as the sqlite3 shell would, without foreign keys.
func byHand(t testing.TB, path string, statements ...string) {
	t.Helper()
	db := hand(t, path)
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// content is all that a catalog holds that matters: the rows of its ten tables
// and its counters, and what its files are.
func content(t testing.TB, o store.Options) string {
	t.Helper()
	db := hand(t, o.Path)
	var b strings.Builder
	for _, table := range append(store.Tables(), store.Table{Name: "sqlite_sequence"}) {
		rs, err := db.Query(`SELECT * FROM ` + table.Name + ` ORDER BY 1, 2`)
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := rs.Columns()
		for rs.Next() {
			row := make([]any, len(columns))
			for i := range row {
				row[i] = new(any)
			}
			if err := rs.Scan(row...); err != nil {
				t.Fatal(err)
			}
			b.WriteString(table.Name)
			for _, v := range row {
				fmt.Fprintf(&b, "|%v", *v.(*any))
			}
			b.WriteByte('\n')
		}
		if err := errors.Join(rs.Err(), rs.Close()); err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	dir := blob.Open(o.FilesDir)
	for line := range strings.Lines(b.String()) {
		if cell := strings.Split(line, "|"); cell[0] == "files" {
			if err := dir.Verify(cell[4]); err != nil {
				t.Errorf("row without its content: %v", err)
			}
		}
	}
	return b.String()
}

// tree is every file and folder below a folder, with content and mode.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		found[rel] = info.Mode().String()
		if info.Mode().IsRegular() {
			b, err := os.ReadFile(path)
			found[rel] += " " + string(b)
			return err
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return found
}

// same fails unless two trees are one, and names what differs.
func same(t testing.TB, what string, before, after map[string]string) {
	t.Helper()
	names := slices.Sorted(maps.Keys(before))
	for name := range after {
		if _, ok := before[name]; !ok {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if before[name] != after[name] {
			t.Errorf("%s: %s was %.60q, is %.60q", what, name, before[name], after[name])
		}
	}
}

func backupOptions(o store.Options, file string) BackupOptions {
	return BackupOptions{Store: o, Pictures: blob.Open(o.FilesDir), File: file}
}

// backUp makes an archive, which must succeed, and returns its path.
func backUp(t testing.TB, o store.Options, name string) string {
	t.Helper()
	done, err := Backup(context.Background(), backupOptions(o, filepath.Join(t.TempDir(), name)))
	if err != nil {
		t.Fatal(err)
	}
	return done.Path
}

// tryRestore restores the bytes of an archive.
func tryRestore(o store.Options, archive []byte, force bool) (Restored, error) {
	return Restore(context.Background(), RestoreOptions{Store: o, Pictures: blob.Open(o.FilesDir), Archive: bytes.NewReader(archive), Name: "films.tar", Force: force})
}

// member is one of an archive that a test builds.
type member struct {
	tar.Header
	data []byte
}

// unpack returns the members of an archive.
func unpack(t testing.TB, archive []byte) []member {
	t.Helper()
	var r io.Reader = bytes.NewReader(archive)
	if bytes.HasPrefix(archive, []byte("\x1f\x8b")) {
		zip, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = zip
	}
	var ms []member
	for in := tar.NewReader(r); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return ms
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		ms = append(ms, member{*h, b})
	}
}

// pack makes an archive of members. What a header says of its size is believed
// by nobody but tar.
func pack(t testing.TB, ms []member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range ms {
		if m.Typeflag == tar.TypeReg {
			m.Size = int64(len(m.data))
		} else {
			m.Size, m.data = 0, nil
		}
		if err := w.WriteHeader(&m.Header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(m.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
