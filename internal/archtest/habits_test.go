package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

// edge finds uses of the process's own streams and exit outside the two files
// that connect the program with its process.
func edge(m *module) []string {
	banned := map[string][]string{
		"fmt": {"Print", "Printf", "Println"},
		"os":  {"Stdin", "Stdout", "Stderr", "Exit"},
	}
	var found []string
	for _, f := range m.files {
		if f.name == "main.go" || f.name == "cmd/system.go" {
			continue
		}
		names := localNames(f.syntax)
		if names["."] != "" {
			found = append(found, fmt.Sprintf("%s: a dot import hides where names come from", f.name))
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(banned[names[x.Name]], sel.Sel.Name) {
				found = append(found, fmt.Sprintf("%s: %s.%s: only main.go and cmd/system.go may use it; take a reader or writer, return an error",
					m.at(f, sel), names[x.Name], sel.Sel.Name))
			}
			return true
		})
	}
	return found
}

// localNames returns the import path for each name a file gives a package;
// those without a name of their own go by the last part of their path.
func localNames(f *ast.File) map[string]string {
	names := map[string]string{}
	for _, spec := range f.Imports {
		p := strings.Trim(spec.Path.Value, "`\"")
		if spec.Name != nil {
			names[spec.Name.Name] = p
		} else {
			names[path.Base(p)] = p
		}
	}
	return names
}

// inits finds init functions.
func inits(m *module) []string {
	var found []string
	for _, f := range m.files {
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				found = append(found, m.at(f, fn)+": func init runs behind everybody's back: call what it does from where it is needed")
			}
		}
	}
	return found
}

// documented finds packages and exported names without a comment.
func documented(m *module) []string {
	var found []string
	comments := map[string]string{}
	for _, f := range m.files {
		comments[f.pkg] += f.syntax.Doc.Text()
		for _, d := range f.syntax.Decls {
			for _, name := range bare(d) {
				found = append(found, fmt.Sprintf("%s: exported %s has no comment", m.at(f, name), name.Name))
			}
		}
	}
	for _, f := range m.files {
		text, first := comments[f.pkg]
		delete(comments, f.pkg)
		switch name := f.syntax.Name.Name; {
		case !first:
		case text == "":
			found = append(found, fmt.Sprintf("package %s has no package comment", f.pkg))
		case name != "main" && !strings.HasPrefix(text, "Package "+name+" "):
			found = append(found, fmt.Sprintf("the comment of package %s does not begin with %q", f.pkg, "Package "+name))
		}
	}
	return found
}

// bare returns the exported names a declaration introduces without a comment.
func bare(d ast.Decl) []*ast.Ident {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc.Text() == "" && (d.Recv == nil || receiver(d).IsExported()) {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		var names []*ast.Ident
		for _, spec := range d.Specs {
			names = append(names, bareSpec(d, spec)...)
		}
		return names
	}
	return nil
}

// bareSpec returns those of one line of a declaration. Constants and variables
// may share the comment of their group; a type has its own.
func bareSpec(d *ast.GenDecl, spec ast.Spec) []*ast.Ident {
	group := d.Doc.Text() != ""
	var names []*ast.Ident
	switch s := spec.(type) {
	case *ast.TypeSpec:
		alone := group && d.Lparen == token.NoPos
		if s.Name.IsExported() && s.Doc.Text() == "" && !alone {
			names = append(names, s.Name)
		}
	case *ast.ValueSpec:
		if group || s.Doc.Text() != "" || s.Comment.Text() != "" {
			return nil
		}
		for _, name := range s.Names {
			if name.IsExported() {
				names = append(names, name)
			}
		}
	}
	return names
}

// receiver returns the name of a method's type.
func receiver(fn *ast.FuncDecl) *ast.Ident {
	t := fn.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.Ident:
			return x
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		default:
			return ast.NewIdent("_")
		}
	}
}
