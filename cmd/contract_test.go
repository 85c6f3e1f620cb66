package cmd_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/cmd"
)

// oneDocument fails unless text is exactly one JSON document.
func oneDocument(t *testing.T, text string) any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	var doc any
	if err := dec.Decode(&doc); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, text)
	}
	var more any
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		t.Fatalf("more than one document:\n%s", text)
	}
	return doc
}

// leafCalls has arguments for every leaf of the command tree, that succeed on
// the sample.
func leafCalls(t *testing.T) map[string][]string {
	archive := filepath.Join(t.TempDir(), "films.tar.gz")
	return map[string][]string{
		"movie add": {"Jabberwocky"}, "movie list": {}, "movie show": {"Solaris (1972)"},
		"movie edit": {"Solaris (1972)", "--duration", "167"}, "movie delete": {"title:300", "--yes"},
		"person add": {"Tom Holland"}, "person list": {}, "person show": {"Ridley Scott"},
		"person edit": {"Ridley Scott", "--gender", "male"}, "person delete": {"Tom Holland", "--yes"},
		"character add": {"Kane", "--movie", "Alien (1979)"}, "character list": {}, "character show": {"id:1"},
		"character edit": {"id:1", "--role", "lead"}, "character delete": {"id:1", "--yes"},
		"genre add": {"Giallo"}, "genre list": {}, "genre show": {"Horror"}, "genre edit": {"Horror", "--notes", "Boo"},
		"genre merge": {"Sport", "--into", "Drama", "--yes"}, "country merge": {"West Germany", "--into", "Germany", "--yes"},
		"person merge": {"Gustav Fröhlich", "--into", "Alfred Abel", "--yes"},
		"genre link":   {"Giallo", "Suspiria (1977)"}, "genre unlink": {"Giallo", "Suspiria (1977)"}, "genre delete": {"Giallo", "--yes"},
		"country add": {"Nepal"}, "country list": {}, "country show": {"USA"}, "country edit": {"Nepal", "--name", "Nepāl Rājya"},
		"country delete": {"Nepāl Rājya", "--yes"},
		"file add":       {root(t, "testdata/media/ripley.png"), root(t, "testdata/media/hello.txt")},
		"file list":      {}, "file show": {"ripley.png"}, "file path": {"ripley.png"}, "file gc": {"--yes"}, "file delete": {"hello.txt", "--yes"},
		"photo add":  {"Sigourney Weaver", root(t, "testdata/media/ripley.png")},
		"photo list": {}, "photo show": {"1"}, "photo set-primary": {"1"}, "photo delete": {"1", "--yes"},
		"user add": {"ann"}, "user list": {}, "user show": {"ann"}, "user edit": {"ann", "--email", "ann@example.org"},
		"user passwd": {"ann", "--password-stdin"}, "user verify": {"ann", "--password-stdin"},
		"user favorite": {"ann", "Alien (1979)"}, "user unfavorite": {"ann", "Alien (1979)"}, "user favorites": {"ann"},
		"user delete":   {"ann", "--yes"},
		"export movies": {}, "export persons": {}, "export characters": {}, "export genres": {}, "export countries": {}, "export users": {},
		"export favorites": {}, "export photos": {}, "export catalog": {},
		"import catalog": {blankCatalog(t), "--dry-run", "--db", filepath.Join(t.TempDir(), "none.db")},
		"import movies":  {root(t, "testdata/csv/letterboxd.csv"), "--map", "Name=title"},
		"import persons": {root(t, "testdata/csv/persons.csv")}, "import characters": {root(t, "testdata/csv/characters.csv")},
		"import genres": {root(t, "testdata/csv/genres.csv")}, "import countries": {root(t, "testdata/csv/countries.csv")},
		"import users": {root(t, "testdata/csv/users.csv")}, "import favorites": {root(t, "testdata/csv/favorites.csv")},
		"import imdb": {root(t, "testdata/imdb")}, "import photos": {root(t, "testdata/csv/photos.csv")},
		"check": {"--fix"}, "config": {}, "version": {}, "search": {"solaris"}, "stats": {}, "man": {"manual/man1"},
		"completion": {"bash"}, "backup": {archive}, "restore": {archive, "--force"},
	}
}

// blankCatalog is a file with the export of a catalog without rows.
func blankCatalog(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "blank.jsonl")
	if err := os.WriteFile(path, []byte(`{"kind":"catalog","schema_version":1,"sequences":{},"rows":{}}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every leaf of the command tree prints exactly one JSON document under --json.
func TestEveryLeafPrintsOneJSONDocument(t *testing.T) {
	w := sampled(t)
	calls := leafCalls(t)
	for _, path := range cmd.Leaves() {
		args, ok := calls[path]
		if !ok {
			t.Errorf("no call for the leaf %q: add one to leafCalls", path)
			continue
		}
		delete(calls, path)
		line := append(append(strings.Fields(path), args...), "--json")
		r := w.runWith("correct horse\n", line...)
		if r.code != 0 {
			t.Errorf("moviedb %q: exit %d: %s", line, r.code, r.err)
			continue
		}
		oneDocument(t, r.out)
	}
	oneDocument(t, w.must("help", "movie", "add", "--json")) // cobra adds it when the program runs
	for path := range calls {
		t.Errorf("leafCalls has %q, which is no leaf", path)
	}
}

// Each exit code can be met, and its error is one JSON document on stderr.
func TestEveryExitCodeUnderJSON(t *testing.T) {
	w := sampled(t)
	bad := filepath.Join(w.dir, "bad.csv")
	if err := os.WriteFile(bad, []byte("title,duration\nMoon,ninety\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	unlock := lock(t, w.db())
	defer unlock()
	busy := w.run("movie", "add", "Moon", "--busy-timeout", "10ms", "--json")
	unlock()
	tests := []struct {
		name string
		r    result
		code int
		word string
	}{
		{"unknown command", w.run("movie", "lsit", "--json"), 2, "usage"},
		{"unknown flag", w.run("movie", "list", "--wat", "--json"), 2, "usage"},
		{"missing argument", w.run("movie", "add", "--json"), 2, "usage"},
		{"invalid value", w.run("movie", "add", "Moon", "--duration", "ninety", "--json"), 2, "invalid"},
		{"unknown id", w.run("movie", "show", "999999", "--json"), 3, "not_found"},
		{"unknown name", w.run("movie", "show", "Nothing Like It", "--json"), 3, "not_found"},
		{"no catalog", newWorld(t).run("movie", "list", "--json"), 3, "not_found"},
		{"ambiguous name", w.run("movie", "show", "Solaris", "--json"), 4, "ambiguous"},
		{"exists already", w.run("movie", "add", "Solaris", "--release-date", "1972", "--json"), 4, "exists"},
		{"still in use", w.run("person", "delete", "Ridley Scott", "--yes", "-o", "jsonl"), 4, "in_use"},
		{"bad row", w.run("import", "movies", bad, "--json"), 1, "rejected"},
		{"no such file", w.run("import", "movies", "/nowhere.csv", "--json"), 1, "error"},
		{"not a catalog", w.run("--db", bad, "movie", "list", "--json"), 1, "error"},
		{"locked", busy, 6, "busy"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.r.code != tt.code || tt.r.out != "" {
				t.Fatalf("exit %d, stdout %q, stderr %q; want exit %d and nothing on stdout", tt.r.code, tt.r.out, tt.r.err, tt.code)
			}
			doc, _ := oneDocument(t, tt.r.err).(map[string]any)
			body, _ := doc["error"].(map[string]any)
			if body["code"] != tt.word || body["message"] == "" {
				t.Errorf("error = %v, want code %q and a message", body, tt.word)
			}
		})
	}
}

// The examples of every command's help run, in order, on a catalog made from
// the sample, and each prints or changes something.
func TestHelpExamplesRun(t *testing.T) {
	w := sampled(t)
	before := w.snapshot()
	for _, ex := range cmd.HelpExamples() {
		if ex.Text == "" {
			t.Errorf("%s has no example", ex.Command)
		}
		for line := range strings.Lines(ex.Text) {
			line = strings.TrimSpace(line)
			c := exec.Command("sh", "-c", line)
			c.Env, c.Dir = w.env, root(t, ".")
			r := finish(t, c, "")
			if r.code != 0 {
				t.Errorf("%s: %s: exit %d: %s", ex.Command, line, r.code, r.err)
				continue
			}
			after := w.snapshot()
			if r.out == "" && sameFiles(before, after) {
				t.Errorf("%s: %s: printed nothing and changed nothing", ex.Command, line)
			}
			before = after
		}
	}
}

func sameFiles(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for path, content := range a {
		if b[path] != content {
			return false
		}
	}
	return true
}

// Every command says what it does, in short and at length, and its flags name
// their values; a wrong word at any depth is one line and exit 2.
func TestEveryGroupRefusesUnknownWords(t *testing.T) {
	w := newWorld(t)
	for _, group := range append([]string{""}, cmd.Groups()...) {
		args := append(strings.Fields(group), "bogus")
		r := w.run(args...)
		if r.code != 2 || r.out != "" || strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, `unknown command "bogus"`) {
			t.Errorf("moviedb %q: exit %d, stdout %q, stderr %q", args, r.code, r.out, r.err)
		}
		if group == "" {
			continue
		}
		r = w.run(strings.Fields(group)...)
		if r.code != 0 || !strings.Contains(r.out, "Usage:") {
			t.Errorf("moviedb %s: a bare group prints its help: exit %d, %q", group, r.code, r.err)
		}
		if !slices.Contains(strings.Fields(group), "help") {
			r = w.run(append([]string{"help"}, append(strings.Fields(group), "bogus")...)...)
			if r.code != 2 {
				t.Errorf("moviedb help %s bogus: exit %d", group, r.code)
			}
		}
	}
}
