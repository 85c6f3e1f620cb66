package exchange

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// TestRoundTrip: export, import into an empty catalog, export: the same bytes,
// into a second one too, and the next record gets the same id everywhere.
func TestRoundTrip(t *testing.T) {
	o := rich(t)
	first := export(t, o)
	for _, want := range []string{
		`"sequences":{"files":6,"countries":3,"genres":2,"users":3,"persons":4,"photos":4,"movies":4,"characters":3}`,
		`"rows":{"files":5,"countries":2,"genres":2,"users":2,"persons":3,"photos":3,"movies":3,"characters":2,"movie_genres":3,"favorite_movies":2}}`,
		`"budget":0,`, `"budget":1234567.89,`, `"budget":0.1,`, `"password":"` + argon + `"`, `"is_primary":true`, `"is_primary":false`,
		`"updated_at":"2001-02-03T04:05:06Z"`, `"title":" not\u0000trimmed\u0007` + "\u007f\u0085" + `\u2028` + "\u202e\ufffd" + ` "`,
	} {
		if !strings.Contains(first, want) {
			t.Errorf("the stream lacks %s", want)
		}
	}
	for line := range strings.Lines(first) {
		if !json.Valid([]byte(line)) || strings.ContainsAny(line, "\u2028") {
			t.Errorf("not a line of JSON: %s", line)
		}
	}
	targets := []store.Options{o}
	for range 2 {
		target := absent(t)
		done := load(t, target, first)
		if done.Total != 27 || done.Rows["movies"] != 3 || done.Missing != 4 {
			t.Errorf("imported %+v", done)
		}
		if again := export(t, target); again != first {
			t.Errorf("not the same bytes:\n%s\nfirst:\n%s", again, first)
		}
		targets = append(targets, target)
	}
	for _, target := range targets {
		update(t, target, func(ctx context.Context, tx *store.Tx) error {
			ms, ps := []catalog.Movie{{Title: "Next"}}, []catalog.Person{{LastName: "Next"}}
			fs := []catalog.File{{URL: "https://example.org/next"}}
			cs := []catalog.Character{{Name: "Next", Movie: catalog.Titled{ID: 1}}}
			err := errors.Join(tx.InsertMovies(ctx, ms), tx.InsertPersons(ctx, ps), tx.InsertFiles(ctx, fs), tx.InsertCharacters(ctx, cs))
			photo, perr := tx.InsertPhoto(ctx, 3, 6, true)
			user, uerr := tx.InsertUser(ctx, catalog.User{Username: "next"}, "")
			if got := []int64{ms[0].ID, ps[0].ID, fs[0].ID, cs[0].ID, photo, user}; !slices.Equal(got, []int64{5, 5, 7, 4, 5, 4}) {
				t.Errorf("the next ids are %v", got)
			}
			return errors.Join(err, perr, uerr)
		})
	}
}

// TestImportLeavesACatalogLikeAnyOther: the schema is whole, triggers and
// indexes too, and the derived rows are those of the original.
func TestImportLeavesACatalogLikeAnyOther(t *testing.T) {
	o, target := rich(t), absent(t)
	update(t, o, func(context.Context, *store.Tx) error { return nil }) // bring derived rows up to date
	load(t, target, export(t, o))
	for _, query := range []string{
		`SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1`,
		`SELECT movie_id || title_key || sort_key || coalesce(year, '') FROM movie_keys ORDER BY 1`,
		`SELECT person_id || name_key || sort_key FROM person_keys ORDER BY 1`,
		`SELECT user_id || name_key FROM user_keys ORDER BY 1`, `SELECT genre_id || name_key FROM genre_keys ORDER BY 1`,
		`SELECT count(*) FROM stale`, `SELECT rowid FROM movie_words WHERE movie_words MATCH 'ran' ORDER BY 1`,
		`SELECT rowid FROM movie_texts WHERE movie_texts MATCH 'a' ORDER BY 1`, `SELECT rowid FROM person_words WHERE person_words MATCH 'mifune' ORDER BY 1`,
		`SELECT rowid FROM person_texts WHERE person_texts MATCH '1997' ORDER BY 1`, `SELECT name || name_key FROM character_keys ORDER BY 1`,
		`SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'photos' ORDER BY rowid)`,
		`PRAGMA foreign_key_check`, `PRAGMA integrity_check`,
	} {
		was, now := column(t, o, query), column(t, target, query)
		if len(was) == 0 && !strings.HasPrefix(query, "PRAGMA") {
			t.Errorf("%s: nothing to compare", query)
		}
		if !slices.Equal(was, now) && !strings.Contains(query, "_keys") || strings.Contains(query, "_keys") && !subset(now, was) {
			t.Errorf("%s\nwas %q\nnow %q", query, was, now)
		}
	}
}

// subset reports whether all of a is in b: derived rows of what is gone may stay.
func subset(a, b []string) bool {
	return len(a) > 0 && !slices.ContainsFunc(a, func(s string) bool { return !slices.Contains(b, s) })
}

// column is the first column of what a query answers.
func column(t *testing.T, o store.Options, query string) (values []string) {
	t.Helper()
	rs, err := hand(t, o).Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rs.Close()
	for rs.Next() {
		var s string
		if err := rs.Scan(&s); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		values = append(values, s)
	}
	if err := rs.Err(); err != nil {
		t.Fatal(err)
	}
	return values
}

// TestPasswordsStayAtHome: without asking there is no hash in the stream.
func TestPasswordsStayAtHome(t *testing.T) {
	text, _, err := tryExport(t, rich(t), ExportOptions{})
	if err != nil || strings.Contains(text, "argon") || !strings.Contains(text, `"password":null`) {
		t.Errorf("%v: %s", err, text)
	}
	target := absent(t)
	load(t, target, text)
	if again := export(t, target); again != text {
		t.Errorf("not the same bytes:\n%s\nfirst:\n%s", again, text)
	}
}

// TestArrayIsOneDocument: as JSON the catalog is one document with the same
// objects, and says so when it is imported.
func TestArrayIsOneDocument(t *testing.T) {
	o := rich(t)
	text, _, err := tryExport(t, o, ExportOptions{Passwords: true, Array: true, Guard: true})
	if err != nil {
		t.Fatal(err)
	}
	var all, lines []map[string]any
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(export(t, o)) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, m)
	}
	a, _ := json.Marshal(all)
	b, _ := json.Marshal(lines)
	if !bytes.Equal(a, b) || strings.ContainsAny(text, "\u007f\u0085\u202e") {
		t.Errorf("the array has other objects, or what drives a terminal")
	}
	var rejected *RejectedError
	if _, err := tryLoad(t, absent(t), text); !errors.As(err, &rejected) || !strings.Contains(err.Error(), "without --json") {
		t.Errorf("import of the array: %v", err)
	}
}

// TestWhatEmptyMeans: a blank file, and a catalog whose records are gone, are
// empty; its old counters give way. One row anywhere is not empty.
func TestWhatEmptyMeans(t *testing.T) {
	text := export(t, rich(t))
	blank := absent(t)
	if err := errors.Join(os.MkdirAll(filepath.Dir(blank.Path), 0o700), os.WriteFile(blank.Path, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	used := absent(t)
	update(t, used, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.InsertMovies(ctx, make20()), tx.DeleteMovies(ctx, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}))
	})
	for _, o := range []store.Options{blank, used} {
		load(t, o, text)
		if export(t, o) != text {
			t.Errorf("%s: not the same bytes", o.Path)
		}
		if _, err := tryLoad(t, o, text); !errors.Is(err, catalog.ErrExists) || !strings.Contains(err.Error(), "is not empty: it has 5 rows of files") {
			t.Errorf("a second import: %v", err)
		}
		if export(t, o) != text {
			t.Errorf("%s: a refused import changed something", o.Path)
		}
	}
}

func make20() []catalog.Movie {
	ms := make([]catalog.Movie, 20)
	for i := range ms {
		ms[i].Title = "Gone"
	}
	return ms
}

// TestGzipAndSpaces: a stream that is packed, begins with a byte order mark, or
// has been through another program's hands, is the same stream.
func TestGzipAndSpaces(t *testing.T) {
	text := export(t, rich(t))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(text))
	z.Close()
	var respelt strings.Builder
	for line := range strings.Lines(text) {
		var m map[string]any
		dec := json.NewDecoder(strings.NewReader(line))
		dec.UseNumber()
		if err := dec.Decode(&m); err != nil {
			t.Fatal(err)
		}
		b, err := json.MarshalIndent(m, "", " ") // other order, escapes of <, spaces
		if err != nil {
			t.Fatal(err)
		}
		respelt.WriteString(strings.ReplaceAll(string(b), "\n", " \t") + "\r\n")
	}
	for name, s := range map[string]string{"gzip": packed.String(), "BOM": "\xef\xbb\xbf" + text, "respelt": respelt.String(), "no last newline": strings.TrimSuffix(text, "\n")} {
		o := absent(t)
		load(t, o, s)
		if export(t, o) != text {
			t.Errorf("%s: not the same bytes", name)
		}
	}
}

// TestDryRunChangesNothing, neither where there is no catalog nor in an empty
// one, and finds what is wrong.
func TestDryRunChangesNothing(t *testing.T) {
	text := export(t, rich(t))
	dry := func(o store.Options, text string) (Imported, error) {
		return Import(t.Context(), ImportOptions{Store: o, Pictures: blob.Open(o.FilesDir), DryRun: true}, stream(text))
	}
	o := absent(t)
	if done, err := dry(o, text); err != nil || done.Total != 27 || done.Missing != 4 {
		t.Errorf("%+v, %v", done, err)
	}
	if _, err := os.Stat(filepath.Dir(o.Path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a dry run made a catalog: %v", err)
	}
	load(t, o, bare)
	if _, err := dry(o, text); err != nil {
		t.Error(err)
	}
	var rejected *RejectedError
	if _, err := dry(o, text+"x\n"); !errors.As(err, &rejected) {
		t.Errorf("a bad line in a dry run: %v", err)
	}
	if got := export(t, o); strings.Count(got, "\n") != 1 || !strings.Contains(got, `"movies":7`) {
		t.Errorf("after dry runs: %s", got)
	}
}

// bare is a stream without rows.
const bare = `{"kind":"catalog","schema_version":1,"sequences":{"movies":7}}`
