package cmd_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/fuzzkit"
)

// fuzzImport imports files into a real catalog. An input is the content of a
// file, or, with a shape, a text that goes into a file made by write.
func fuzzImport(f *testing.F, format string, write func(s *fuzzkit.Source, kind, raw string) string) {
	kinds := fuzzkit.Kinds()
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
			content = write(fuzzkit.From(shape), kind, raw)
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
func FuzzImportCSV(f *testing.F) { fuzzImport(f, "csv", fuzzkit.CSV) }

// FuzzImportJSONL is FuzzImportCSV for JSON Lines and JSON.
func FuzzImportJSONL(f *testing.F) { fuzzImport(f, "jsonl", fuzzkit.JSON) }

// noun is the command of a kind of import.
func noun(kind string) string {
	if kind == "countries" {
		return "country"
	}
	return strings.TrimSuffix(kind, "s")
}
