package cmd_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/fuzzkit"
)

// importKinds are the kinds of files whose imports are fuzzed, with headers of
// each: those of our exports first.
func importKinds() (names []string, headers map[string][]string) {
	headers = map[string][]string{
		"movies":     {"title", "release_date", "duration", "budget", "country", "director", "genres", "description", "cast", "year"},
		"persons":    {"first_name", "last_name", "date_of_birth", "gender", "country", "biography"},
		"characters": {"movie", "year", "actor", "name", "role", "description"},
		"genres":     {"name", "notes"},
		"countries":  {"name"},
		"users":      {"username", "first_name", "last_name", "email"},
	}
	return []string{"movies", "persons", "characters", "genres", "countries", "users"}, headers
}

// table makes a header and rows of a kind, which an import is likely to accept.
func table(s *fuzzkit.Source, kind, raw string) (header []string, rows [][]string) {
	_, headers := importKinds()
	header = headers[kind]
	if n := s.N(8); n > 5 && n < len(header) {
		header = header[:n]
	}
	for range 1 + s.N(5) {
		row := make([]string, len(header))
		for i, name := range header {
			row[i] = cell(s, name, raw)
		}
		rows = append(rows, row)
	}
	return header, rows
}

// cell makes what may stand in a column.
func cell(s *fuzzkit.Source, column, raw string) string {
	text := func() string {
		return fuzzkit.Pick(s, "Solaris", "the Rock", "8½", "A & B", "x", "a \"b\"", "\u00a0y", "Ångström", "黒澤 明", "a  b", "=1", "It's", "1917", "(1972)", raw)
	}
	switch column {
	case "title", "movie":
		return text() + fuzzkit.Pick(s, "", "", "", "", " 2", " (1972)")
	case "release_date", "date_of_birth":
		return fuzzkit.Pick(s, "", "", "1972", "1972-05", "1972-05-13", "2000-02-29")
	case "year":
		return fuzzkit.Pick(s, "", "", "", "1972", "1972.0")
	case "duration":
		return fuzzkit.Pick(s, "", "", "167", "2h 47m", "2:47", "90 min")
	case "budget":
		return fuzzkit.Pick(s, "", "", "0", "1000000", "$1,000.50", "0.1")
	case "country":
		return fuzzkit.Pick(s, "", "", "France", "USA", "Korea, Republic of", "Soviet Union", text())
	case "director", "actor":
		return fuzzkit.Pick(s, "", "Ada A", "von Trier, Lars", "Cher", "Robert Downey Jr.", text())
	case "genres":
		return fuzzkit.Pick(s, "", "Drama", "Drama|War", "War, Drama", `["a|b","c"]`, text(), text()+"|"+text())
	case "cast":
		return fuzzkit.Pick(s, "", "", "A as B; C", text()+" as "+text(), text())
	case "email":
		return fuzzkit.Pick(s, "", "", "a@example.org", "b@example.org", "")
	case "username":
		return fuzzkit.Pick(s, "ada", "bob", "cy", "d", "e2", text())
	case "first_name", "last_name", "name":
		return fuzzkit.Pick(s, "Ada", "von Trier", "Jr.", "de", text(), text())
	}
	return fuzzkit.Pick(s, "", "", text(), text()+"\n"+text())
}

// csvOf writes a table as CSV or TSV.
func csvOf(s *fuzzkit.Source, header []string, rows [][]string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = fuzzkit.Pick(s, ',', ',', ';', '\t'), s.N(4) == 0
	w.WriteAll(append([][]string{header}, rows...))
	return fuzzkit.Pick(s, "", "", "", "\ufeff") + b.String()
}

// jsonOf writes a table as JSON Lines or one array; lists and numbers are such
// now and then.
func jsonOf(s *fuzzkit.Source, header []string, rows [][]string) string {
	var objects []string
	for _, row := range rows {
		object := map[string]any{}
		for i, name := range header {
			var n int
			switch _, err := fmt.Sscanf(row[i], "%d", &n); {
			case row[i] == "" && s.N(2) == 0:
				object[name] = nil
			case err == nil && fmt.Sprint(n) == row[i] && s.N(2) == 0:
				object[name] = n
			case name == "genres" && s.N(2) == 0:
				object[name] = strings.Split(row[i], "|")
			default:
				object[name] = row[i]
			}
		}
		text, _ := json.Marshal(object) // a map of texts and numbers cannot fail
		objects = append(objects, string(text))
	}
	if s.N(3) == 0 {
		return "[" + strings.Join(objects, ",\n") + "]"
	}
	return strings.Join(objects, "\n") + "\n"
}

// fuzzImport imports files into a real catalog. An input is the content of a
// file, or, with a shape, a text that goes into a file made by write.
func fuzzImport(f *testing.F, format string, write func(*fuzzkit.Source, []string, [][]string) string) {
	kinds, _ := importKinds()
	for _, name := range []string{"characters", "countries", "genres", "persons", "users"} {
		text, err := os.ReadFile("../testdata/csv/" + name + ".csv")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(byte(strings.Index("mpcgnu", name[:1])), []byte(nil), string(text))
	}
	for i := range kinds {
		f.Add(byte(i), []byte(nil), "title,name\na,b\n")
		f.Add(byte(i), []byte(nil), `[{"name":"A"},{"name":"B","movie":"C"}]`)
	}
	for i, s := range append(fuzzkit.Hostile(), fuzzkit.Every(64, fuzzkit.Shared(f))...) {
		if i%4 == 0 {
			f.Add(byte(i/4), []byte(s+"0123456789abcdefghijklmnopqrstuvwxyz"), s)
		}
	}
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, which byte, shape []byte, raw string) {
		share.Try(t)
		kind, content := kinds[int(which)%len(kinds)], raw
		if len(shape) > 0 {
			s := fuzzkit.From(shape)
			header, rows := table(s, kind, raw)
			content = write(s, header, rows)
		}
		if importAndBack(t, kind, format, content) {
			share.Accept()
		}
	})
}

// importAndBack imports a file into a new catalog and tells whether it was
// accepted. If so, its export makes a catalog with the same export; if not, the
// reason is fit for a terminal and there is no catalog.
func importAndBack(t *testing.T, kind, format, content string) bool {
	t.Helper()
	first, second := newInside(t), newInside(t)
	first.files["f"] = content
	r := first.run("import", kind, "f", "-o", "json")
	harmless(t, "what an import says", r.err)
	if r.code != 0 {
		if _, err := os.Stat(first.db()); err == nil || r.out != "" || r.code > 2 {
			t.Errorf("exit %d, %q: a refused import left a catalog (%v) or printed %q", r.code, content, err == nil, r.out)
		}
		return false
	}
	var done struct{ Created int }
	if err := json.Unmarshal([]byte(r.out), &done); err != nil || done.Created == 0 {
		return false // there was nothing to import
	}
	first.terminal = true
	harmless(t, "a table", first.must(noun(kind), "list", "--limit", "0"))
	first.terminal = false
	once := first.must("export", kind, "-o", format)
	second.files["f"] = once
	if r := second.run("import", kind, "f"); r.code != 0 {
		t.Fatalf("%q\nwas exported as %q\nwhich is refused: %s", content, once, r.err)
	}
	if twice := second.must("export", kind, "-o", format); twice != once {
		t.Errorf("%q\nwas exported as %q\nand then as    %q", content, once, twice)
	}
	return true
}

// FuzzImportCSV: a CSV file of any kind is refused with a reason, or comes into a
// real catalog so that what is exported makes the same catalog again.
func FuzzImportCSV(f *testing.F) { fuzzImport(f, "csv", csvOf) }

// FuzzImportJSONL is FuzzImportCSV for JSON Lines and JSON.
func FuzzImportJSONL(f *testing.F) { fuzzImport(f, "jsonl", jsonOf) }

// noun is the command of a kind of import.
func noun(kind string) string {
	if kind == "countries" {
		return "country"
	}
	return strings.TrimSuffix(kind, "s")
}
