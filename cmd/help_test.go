package cmd_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"github.com/moviedb/moviedb/cmd"
)

// helpCalls are the calls that print a help: of each command and each topic.
func helpCalls(t *testing.T, w *world) [][]string {
	t.Helper()
	calls := [][]string{{"--help"}, {"help", "names"}, {"help", "json"}, {"help", "json", "movie"}, {"help", "exit-codes"}, {"help", "environment"}, {"help", "import"}}
	for _, path := range append(cmd.Groups(), cmd.Leaves()...) {
		calls = append(calls, append(strings.Fields(path), "--help"))
	}
	return calls
}

// Help fits 80 columns, and says how to call the command.
func TestHelpFitsEightyColumns(t *testing.T) {
	w := newWorld(t)
	for _, call := range helpCalls(t, w) {
		text := w.must(call...)
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			if n := runewidth.StringWidth(line); n > 80 || strings.TrimRight(line, " ") != line {
				t.Errorf("moviedb %q: %d cells: %q", call, n, line)
			}
		}
		if call[0] != "help" && !strings.Contains(text, "\nUsage:\n  moviedb") {
			t.Errorf("moviedb %q says no usage", call)
		}
	}
}

// An example that is too long is broken so that a shell reads the same.
func TestBrokenExamplesAreTheSame(t *testing.T) {
	w := newWorld(t)
	broken := 0
	for _, ex := range cmd.HelpExamples() {
		text := w.must(append(strings.Fields(ex.Command)[1:], "--help")...)
		_, after, _ := strings.Cut(text, "\nExamples:\n")
		broken += strings.Count(after, " \\\n")
		if joined := strings.ReplaceAll(after, " \\\n      ", " "); !strings.HasPrefix(joined, ex.Text+"\n") {
			t.Errorf("%s: the help has %q, the examples are %q", ex.Command, after, ex.Text)
		}
	}
	if broken == 0 {
		t.Error("no example is long enough to be broken")
	}
}

// The help of the program has every command and every topic.
func TestHelpNamesEveryCommandAndTopic(t *testing.T) {
	w := newWorld(t)
	text := w.must("help")
	names := []string{"help", "names", "json", "exit-codes", "environment"}
	for _, path := range append(cmd.Groups(), cmd.Leaves()...) {
		names = append(names, strings.Fields(path)[0])
	}
	for _, name := range names {
		if !strings.Contains(text, "\n  "+name+" ") {
			t.Errorf("no %s in:\n%s", name, text)
		}
	}
}

// paths appends the dotted paths of a document's fields.
func paths(v any, prefix string, found map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			paths(e, prefix, found)
		}
	case map[string]any:
		for name, e := range v {
			found[prefix+name] = true
			paths(e, prefix+name+".", found)
		}
	}
}

// documented are the fields that help json tells of, by their document.
func documented(t *testing.T, w *world) map[string][]string {
	t.Helper()
	var fields []struct {
		Of, Name, Type, Text string
		Null                 bool
	}
	if err := json.Unmarshal([]byte(w.must("help", "json", "--json")), &fields); err != nil {
		t.Fatal(err)
	}
	docs := map[string][]string{}
	for _, f := range fields {
		if f.Text == "" || f.Type == "" || f.Type == "value" {
			t.Errorf("%s: %s is a %q: %q; give the field a tag doc", f.Of, f.Name, f.Type, f.Text)
		}
		docs[f.Of] = append(docs[f.Of], f.Name)
	}
	return docs
}

// What any command prints as JSON is in help json, in the document of its own
// name or of its noun.
func TestHelpJSONHasEveryFieldOfEveryCommand(t *testing.T) {
	w := sampled(t)
	docs := documented(t, w)
	calls := leafCalls(t)
	calls["help"] = []string{"movie"}
	others := map[string]string{ // as the text of help json has it
		"genre link": "movie", "genre unlink": "movie", "user favorite": "movie", "user unfavorite": "movie", "user favorites": "movie",
	}
	calls["help json"], calls["help exit-codes"], calls["help environment"] = []string{}, []string{}, []string{}
	for _, path := range append(cmd.Leaves(), "help", "help json", "help exit-codes", "help environment") {
		if path == "export catalog" {
			continue // rows of tables
		}
		found := map[string]bool{}
		r := w.runWith("correct horse\n", append(append(strings.Fields(path), calls[path]...), "--json")...)
		paths(oneDocument(t, r.out), "", found)
		known, ok := docs[cmp.Or(others[path], path)]
		if !ok {
			known, ok = docs[strings.Fields(path)[0]]
		}
		if !ok {
			t.Errorf("%s: no document in help json: add one to jsonDocuments in cmd/help_json.go", path)
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(found)) {
			if !slices.Contains(known, name) {
				t.Errorf("%s prints %s, which help json lacks", path, name)
			}
		}
	}
	found := map[string]bool{}
	paths(oneDocument(t, w.run("movie", "show", "Solaris", "--json").err), "", found)
	paths(oneDocument(t, w.run("person", "delete", "Ridley Scott", "--yes", "--json").err), "", found)
	for name := range found {
		if !slices.Contains(docs["error"], name) {
			t.Errorf("an error has %s, which help json lacks", name)
		}
	}
}

// The exit codes of the README are those of the program.
func TestReadmeHasTheExitCodes(t *testing.T) {
	w := newWorld(t)
	readme, err := os.ReadFile(root(t, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(w.must("help", "exit-codes", "-o", "tsv")) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		if row := fmt.Sprintf("\n| %s | %s |\n", cells[0], cells[1]); !strings.Contains(string(readme), row) {
			t.Errorf("README.md lacks %q", row)
		}
	}
}

// help environment has the variable of every setting.
func TestHelpHasEveryVariable(t *testing.T) {
	w := newWorld(t)
	text := w.must("help", "environment", "--fields", "name")
	for line := range strings.Lines(w.must("config", "--fields", "name")) {
		if name := "MOVIEDB_" + strings.ToUpper(line); !strings.Contains(text, name) {
			t.Errorf("no %q", name)
		}
	}
}
