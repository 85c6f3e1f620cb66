package archtest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layout returns, for each package of the module, the other packages of the
// module that it may import. A new package gets a line here and a rule in
// .golangci.yml.
func layout() map[string][]string {
	return map[string][]string{
		"main": {"cmd"},
		"cmd": {"internal/bulk", "internal/exchange", "internal/archive", "internal/library", "internal/store", "internal/blob", "internal/csvio",
			"internal/tabular", "internal/output", "internal/form", "internal/config", "internal/password", "internal/tempfile", "internal/catalog"},
		"internal/bulk":     {"internal/library", "internal/csvio", "internal/tabular", "internal/store", "internal/tempfile", "internal/catalog"},
		"internal/exchange": {"internal/library", "internal/store", "internal/blob", "internal/catalog"},
		"internal/archive":  {"internal/store", "internal/blob", "internal/tempfile", "internal/catalog"},
		"internal/library":  {"internal/store", "internal/blob", "internal/catalog"},
		"internal/store":    {"internal/tempfile", "internal/catalog"},
		"internal/blob":     {"internal/tempfile", "internal/catalog"},
		"internal/csvio":    {"internal/tabular", "internal/catalog"},
		"internal/tabular":  {"internal/catalog"},
		"internal/output":   {"internal/catalog"},
		"internal/form":     {"internal/tempfile", "internal/catalog"},
		"internal/config":   {"internal/catalog"},
		"internal/password": {},
		"internal/tempfile": {},
		"internal/catalog":  {},
		"internal/testkit":  {"internal/store", "internal/catalog"},
		"internal/fuzzkit":  {},
		"internal/archtest": {},
	}
}

// owners returns, for an outside library, the only packages that import it, so
// that none of its types travels.
func owners() map[string][]string {
	return map[string][]string{
		"modernc.org/sqlite":                 {"internal/store", "internal/testkit"},
		"github.com/gabriel-vasile/mimetype": {"internal/blob"},
		"github.com/olekukonko/tablewriter":  {"internal/output"},
		"github.com/itchyny/gojq":            {"internal/output"},
		"charm.land/huh":                     {"internal/form"},
		"github.com/spf13/viper":             {"internal/config"},
		"github.com/spf13/cobra":             {"cmd"},
		"golang.org/x/crypto":                {"internal/password"},
	}
}

// outside returns, for packages that keep to few libraries, which they are.
func outside() map[string][]string {
	return map[string][]string{
		"main":             {},
		"internal/catalog": {"golang.org/x/text"},
	}
}

// offline returns packages of the standard library that nothing imports: the
// program makes no network call, and is built without cgo.
func offline() []string { return []string{"C", "net", "net/http", "net/rpc", "net/smtp"} }

func TestImportsPointOneWay(t *testing.T) { report(t, imports(load(t))) }

func TestOnlyTheEdgeTouchesTheProcess(t *testing.T) { report(t, edge(load(t))) }

func TestExportedNamesAreDocumented(t *testing.T) { report(t, documented(load(t))) }

func TestNoInitFunctions(t *testing.T) { report(t, inits(load(t))) }

func TestTopLevel(t *testing.T) {
	m := load(t)
	entries, err := os.ReadDir(m.root)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	ignore, _ := os.ReadFile(filepath.Join(m.root, ".gitignore"))
	report(t, topLevel(names, string(ignore)))
}

// TestLibcIsTheOneSQLiteAsksFor: modernc.org/sqlite is generated for one
// version of modernc.org/libc and breaks in odd ways with another.
func TestLibcIsTheOneSQLiteAsksFor(t *testing.T) {
	const libc = "modernc.org/libc"
	m := load(t)
	list := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.GoMod}}", "modernc.org/sqlite")
	list.Dir = m.root
	out, err := list.Output()
	name := string(bytes.TrimSpace(out))
	if err != nil || name == "" {
		t.Skipf("go list cannot tell where modernc.org/sqlite's go.mod is: %v", err)
	}
	theirs, err := os.ReadFile(name)
	if err != nil {
		t.Skip(err)
	}
	ours, err := os.ReadFile(filepath.Join(m.root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := directive(ours, libc), directive(theirs, libc); got != want {
		t.Errorf("go.mod has %s %s, but modernc.org/sqlite asks for %s: go get %s@%s", libc, got, want, libc, want)
	}
}

// report fails the test with each finding.
func report(t *testing.T, findings []string) {
	t.Helper()
	for _, f := range findings {
		t.Error(f)
	}
}

// imports finds imports that the tables above do not allow.
func imports(m *module) []string {
	var found []string
	unknown := map[string]bool{}
	for _, f := range m.files {
		if _, ok := layout()[f.pkg]; !ok {
			if !unknown[f.pkg] {
				unknown[f.pkg] = true
				found = append(found, fmt.Sprintf("package %s is new: add it, with what it may import, to layout in internal/archtest/arch_test.go and to .golangci.yml", f.pkg))
			}
			continue
		}
		for _, spec := range f.syntax.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				name = spec.Path.Value
			}
			if why := forbidden(m, f.pkg, name); why != "" {
				found = append(found, fmt.Sprintf("%s: %s imports %s: %s", m.at(f, spec), f.pkg, name, why))
			}
		}
	}
	return found
}

// forbidden says why pkg may not import name, "" if it may.
func forbidden(m *module, pkg, name string) string {
	if rel, ok := strings.CutPrefix(name, m.path+"/"); ok {
		switch {
		case slices.Contains(layout()[pkg], rel):
			return ""
		case rel == "internal/testkit" || rel == "internal/fuzzkit":
			return "only tests import it"
		case len(layout()[pkg]) == 0:
			return "it may import no other package of the module"
		}
		return "of this module it may import only " + strings.Join(layout()[pkg], ", ")
	}
	for lib, users := range owners() {
		if within(name, lib) && !slices.Contains(users, pkg) {
			return "only " + strings.Join(users, " and ") + " may use " + lib
		}
	}
	standard := !strings.Contains(strings.Split(name, "/")[0], ".")
	if standard {
		if slices.Contains(offline(), name) {
			return "the program has no network and no cgo"
		}
		return ""
	}
	libs, few := outside()[pkg]
	if few && !slices.ContainsFunc(libs, func(lib string) bool { return within(name, lib) }) {
		return "it keeps to " + strings.Join(append([]string{"the standard library"}, libs...), " and ")
	}
	return ""
}

// within tells whether an import path is lib or below it.
func within(name, lib string) bool { return name == lib || strings.HasPrefix(name, lib+"/") }

// topLevel finds names that do not belong at the root of the module. Ignored
// files, such as a built program, are none of them.
func topLevel(names []string, ignore string) []string {
	known := []string{"main.go", "cmd", "internal", "schema.sql", "testdata", "go.mod", "go.sum", "README.md", "LICENSE"}
	var found []string
	for _, name := range names {
		if strings.HasPrefix(name, ".") || slices.Contains(known, name) || ignored(name, ignore) {
			continue
		}
		found = append(found, fmt.Sprintf("%s does not belong at the top level, which holds %s and dot files", name, strings.Join(known, " ")))
	}
	return found
}

// ignored tells whether a .gitignore names a file of the root; plain patterns
// are enough for ours.
func ignored(name, gitignore string) bool {
	for pattern := range strings.Lines(gitignore) {
		pattern = strings.Trim(strings.TrimSpace(pattern), "/")
		if ok, err := path.Match(pattern, name); ok && err == nil {
			return true
		}
	}
	return false
}
