package store_test

import (
	"os"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// A file is told from a catalog by what is in it, and is not touched.
func TestExamine(t *testing.T) {
	statement := func(query string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			db := hand(t, path)
			mustExec(t, db, query)
			db.Close()
		}
	}
	header := func(at int64, b byte) func(t *testing.T, path string) {
		return func(t *testing.T, path string) { writeAt(t, path, at, b) }
	}
	for _, tt := range []struct {
		name  string
		spoil func(t *testing.T, path string)
		want  string // in the error; "" is none
		lost  int64  // references to nothing
	}{
		{"whole", func(*testing.T, string) {}, "", 0},
		{"a table of somebody's own", statement(`CREATE TABLE mine (x)`), "", 0},
		{"a reference to nothing", statement(`UPDATE movies SET director_id = 77`), "", 1},
		{"in WAL mode", statement(`PRAGMA journal_mode = wal`), "", 0},
		{"another program's", statement(`PRAGMA application_id = 1`), "of another program", 0},
		{"a newer one", statement(`PRAGMA user_version = 99`), "newer moviedb", 0},
		{"no version", statement(`PRAGMA user_version = 0`), "which no release", 0},
		{"a table missing", statement(`DROP TABLE characters`), "the column id of its table characters is missing", 0},
		{"a trigger missing", statement(`DROP TRIGGER photos_sync_del`), "", 0},
		{"a column more", statement(`ALTER TABLE genres ADD COLUMN x TEXT`), "", 0},
		{"another column", statement(`ALTER TABLE countries RENAME COLUMN name TO names`), "the column name of its table countries is missing", 0},
		{"an index that lies", statement(`PRAGMA writable_schema = 1;
			UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'movies_poster') WHERE name = 'movies_director'`), "damaged", 0},
		{"that cannot be written", header(18, 3), "a format that cannot be written", 0},
		{"of a later format", header(47, 5), "a format that cannot be written", 0},
		{"empty", func(t *testing.T, path string) { os.Truncate(path, 0) }, "not a moviedb catalog", 0},
		{"text", func(t *testing.T, path string) { os.WriteFile(path, []byte(strings.Repeat("text ", 1000)), 0o600) }, "not an SQLite database", 0},
		{"half", func(t *testing.T, path string) {
			info, _ := os.Stat(path)
			os.Truncate(path, info.Size()/2)
		}, "damaged", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := testkit.Options(t)
			addFilm(t, o, "Moon")
			path := o.Path + ".copy"
			if err := store.Snapshot(t.Context(), o, path); err != nil {
				t.Fatal(err)
			}
			tt.spoil(t, path)
			before, _ := os.ReadFile(path)
			found, err := store.Examine(t.Context(), o, store.Examination{Path: path, Shown: "the \x1bcopy"})
			switch {
			case tt.want == "" && (err != nil || found.Version != store.SchemaVersion || found.Dangling != tt.lost):
				t.Errorf("%+v, %v", found, err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\x1b") || strings.Contains(err.Error(), path)):
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
			if _, beside := titles(t, o); len(beside) != 1 {
				t.Errorf("beside it: %q", beside)
			}
		})
	}
}
