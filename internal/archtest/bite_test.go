package archtest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestTheRulesBite breaks each rule once, in a module of its own.
func TestTheRulesBite(t *testing.T) {
	head := func(pkg, imports string) string {
		return "// Package " + pkg + " is here for the test.\npackage " + pkg + "\n" + imports
	}
	const self = "example.org/m/"
	for _, tc := range []struct {
		rule       func(*module) []string
		file, text string
		want       string // part of the only finding; "" for none
	}{
		{imports, "internal/store/a.go", head("store", `import _ "`+self+`cmd"`), "internal/store/a.go:3: internal/store imports example.org/m/cmd: of this module it may import only internal/tempfile, internal/catalog"},
		{imports, "internal/store/a.go", head("store", `import _ "`+self+`internal/blob"`), "may import only internal/tempfile, internal/catalog"},
		{imports, "internal/store/a.go", head("store", `import _ "`+self+`internal/catalog"`), ""},
		{imports, "internal/catalog/a.go", head("catalog", `import _ "`+self+`internal/store"`), "may import no other package"},
		{imports, "internal/catalog/a.go", head("catalog", `import _ "github.com/spf13/pflag"`), "it keeps to the standard library and golang.org/x/text"},
		{imports, "internal/catalog/a.go", head("catalog", `import _ "golang.org/x/text/unicode/norm"`), ""},
		{imports, "main.go", "package main\nimport _ \"" + self + "internal/store\"", "may import only cmd"},
		{imports, "cmd/a.go", head("cmd", `import _ "`+self+`internal/testkit"`), "only tests import it"},
		{imports, "cmd/a.go", head("cmd", `import _ "`+self+`internal/fuzzkit"`), "only tests import it"},
		{imports, "cmd/a.go", head("cmd", `import _ "modernc.org/sqlite/lib"`), "only internal/store and internal/testkit may use modernc.org/sqlite"},
		{imports, "cmd/a.go", head("cmd", `import _ "charm.land/huh/v2"`), "only internal/form may use"},
		{imports, "cmd/a.go", head("cmd", `import _ "net/http"`), "no network"},
		{imports, "internal/fresh/a.go", head("fresh", ""), "package internal/fresh is new: add it"},
		{imports, "internal/store/a_test.go", "not even Go", ""},
		{imports, "internal/store/testdata/a.go", "not even Go", ""},
		{edge, "internal/store/a.go", head("store", "import f \"fmt\"\nfunc a() { f.Println() }"), "a.go:4: fmt.Println: only main.go"},
		{edge, "internal/store/a.go", head("store", "import \"os\"\nvar a = os.Stderr"), "a.go:4: os.Stderr: only"},
		{edge, "internal/store/a.go", head("store", "import . \"os\"\nvar a = Stderr"), "a dot import"},
		{edge, "cmd/system.go", head("cmd", "import \"os\"\nfunc a() { os.Exit(1) }"), ""},
		{edge, "cmd/a.go", head("cmd", "import \"fmt\"\nvar a = fmt.Sprint()"), ""},
		{inits, "cmd/a.go", head("cmd", "func init() {}"), "cmd/a.go:3: func init"},
		{inits, "cmd/a.go", head("cmd", "type a int\nfunc (a) init() {}"), ""},
		{documented, "cmd/a.go", "package cmd", "package cmd has no package comment"},
		{documented, "cmd/a.go", "// The commands.\npackage cmd", `does not begin with "Package cmd"`},
		{documented, "cmd/a.go", head("cmd", "func A() {}"), "cmd/a.go:3: exported A has no comment"},
		{documented, "cmd/a.go", head("cmd", "type a int\nfunc (a) A() {}"), ""},
		{documented, "cmd/a.go", head("cmd", "// A is.\ntype A[T any] int\nfunc (*A[T]) B() {}"), "exported B"},
		{documented, "cmd/a.go", head("cmd", "// Some.\ntype (\nA int\n)"), "exported A"},
		{documented, "cmd/a.go", head("cmd", "const (\nA = 1\n)"), "exported A"},
		{documented, "cmd/a.go", head("cmd", "// Some.\nconst (\nA = 1\nB = 2\n)"), ""},
		{documented, "cmd/a.go", head("cmd", "//go:noinline\nfunc A() {}"), "exported A"},
	} {
		root := t.TempDir()
		write(t, filepath.Join(root, "go.mod"), "module example.org/m\n")
		write(t, filepath.Join(root, filepath.FromSlash(tc.file)), tc.text)
		got := tc.rule(parse(t, root))
		if tc.want == "" && len(got) > 0 || tc.want != "" && (len(got) != 1 || !strings.Contains(got[0], tc.want)) {
			t.Errorf("%s:\n%s\ngot  %q\nwant %q", tc.file, tc.text, got, tc.want)
		}
	}
}

func TestTopLevelRuleBites(t *testing.T) {
	names := []string{".ci", "LICENSE", "Makefile", "main.go", "moviedb", "x.prof", "util"}
	found := topLevel(names, "# built\n/moviedb\n*.prof\n")
	var got []string
	for _, f := range found {
		got = append(got, strings.Fields(f)[0])
	}
	if want := []string{"Makefile", "util"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDirective(t *testing.T) {
	gomod := []byte("module a.b/c\n\ngo 1.26\n\nrequire d.e/f v1.2.3\n\nrequire (\n\tg.h/i v4.5.6 // indirect\n)\n")
	for word, want := range map[string]string{"module": "a.b/c", "d.e/f": "v1.2.3", "g.h/i": "v4.5.6", "x": ""} {
		if got := directive(gomod, word); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
