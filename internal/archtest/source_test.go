package archtest

import (
	"bufio"
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// module is a Go module as its source shows it.
type module struct {
	root  string
	path  string // such as github.com/moviedb/moviedb
	files []file // without tests
	set   *token.FileSet
}

// file is one source file.
type file struct {
	name   string // from the root, with slashes: cmd/root.go
	pkg    string // its folder from the root; "main" for the root itself
	syntax *ast.File
}

// at returns the place of a node, from the root of the module.
func (m *module) at(f file, node ast.Node) string {
	return f.name + ":" + strconv.Itoa(m.set.Position(node.Pos()).Line)
}

// load parses the module around the working directory.
func load(t *testing.T) *module {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(root, "go.mod")) {
		if root == filepath.Dir(root) {
			t.Fatal("no go.mod in the working directory or above")
		}
		root = filepath.Dir(root)
	}
	return parse(t, root)
}

// parse parses every package of the module at root.
func parse(t *testing.T, root string) *module {
	t.Helper()
	gomod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	m := &module{root: root, path: directive(gomod, "module"), set: token.NewFileSet()}
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != root && foreign(name, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_") {
			return nil
		}
		syntax, err := parser.ParseFile(m.set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		pkg := path.Dir(rel)
		if pkg == "." {
			pkg = "main"
		}
		m.files = append(m.files, file{name: rel, pkg: pkg, syntax: syntax})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// foreign tells whether the go command would not look for packages of the
// module in a folder.
func foreign(dir, base string) bool {
	return base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") ||
		exists(filepath.Join(dir, "go.mod"))
}

// exists tells whether there is something at name.
func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// directive returns what follows word in a go.mod, in a block or not: the path
// after "module", the version after a required module's path.
func directive(gomod []byte, word string) string {
	lines := bufio.NewScanner(bytes.NewReader(gomod))
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) > 0 && words[0] == "require" {
			words = words[1:]
		}
		if len(words) > 1 && words[0] == word {
			return words[1]
		}
	}
	return ""
}
