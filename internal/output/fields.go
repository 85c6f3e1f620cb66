package output

import (
	"reflect"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// FieldNames returns every field of T by its dotted path, in the order JSON
// has them, each record before what is inside it: "director", "director.id".
func FieldNames[T any]() []string {
	return compile(reflect.TypeFor[T]()).paths("", nil)
}

// CheckFields tells whether T has all these fields. If not, the error is a
// catalog.ErrInvalid that names the first unknown field, suggests the nearest
// name and lists the known ones.
func CheckFields[T any](fields []string) error {
	root := compile(reflect.TypeFor[T]())
	for _, f := range fields {
		if _, err := root.find(f); err != nil {
			return err
		}
	}
	return nil
}

// paths appends the paths of all fields of the record to names.
func (n *node) paths(prefix string, names []string) []string {
	for _, f := range n.record().fields {
		names = append(names, prefix+f.name)
		names = f.paths(prefix+f.name+".", names)
	}
	return names
}

// top returns the names of the fields of the record itself.
func (n *node) top() []string {
	var names []string
	for _, f := range n.fields {
		names = append(names, f.name)
	}
	return names
}

// find returns the nodes a path goes through, the last one being the field it
// names.
func (n *node) find(path string) ([]*node, error) {
	var steps []*node
	at := n
	for name := range strings.SplitSeq(path, ".") {
		at = at.record().field(name)
		if at == nil {
			return nil, unknownField(path, n.paths("", nil))
		}
		steps = append(steps, at)
	}
	return steps, nil
}

// unknownField is the error for a field that is not among the known ones.
func unknownField(path string, known []string) error {
	hint := ";"
	if near := nearest(path, known); near != "" {
		hint = `, did you mean "` + near + `"?`
	}
	return catalog.Invalidf("unknown field %s%s known fields: %s", catalog.Quote(path), hint, strings.Join(known, ", "))
}

// nearest returns the known name most like the given one, else the first that
// ends in it ("director.name" for "name"), or "".
func nearest(name string, known []string) string {
	name = strings.ToLower(strings.ReplaceAll(name, "-", "_"))
	best, least := "", max(1, len(name)/3)+1
	for _, k := range known {
		if d := catalog.Distance(name, k, least-1); d < least {
			best, least = k, d
		}
	}
	for _, k := range known {
		if best == "" && strings.HasSuffix(k, "."+name) {
			best = k
		}
	}
	return best
}

// prune returns the part of a node that the paths name, in the order they first
// mention it. A path without parts is the whole node.
func (n *node) prune(paths [][]string) *node {
	for _, p := range paths {
		if len(p) == 0 {
			return n
		}
	}
	part := *n
	if n.kind == kindList {
		part.elem = n.elem.prune(paths)
		return &part
	}
	var order []string
	rest := map[string][][]string{}
	for _, p := range paths {
		if _, ok := rest[p[0]]; !ok {
			order = append(order, p[0])
		}
		rest[p[0]] = append(rest[p[0]], p[1:])
	}
	part.fields = nil
	for _, name := range order {
		part.fields = append(part.fields, n.field(name).prune(rest[name]))
	}
	return &part
}

// pick returns the node of T reduced to the fields asked for; without any it
// is the whole.
func (n *node) pick(fields []string) (*node, error) {
	if len(fields) == 0 {
		return n, nil
	}
	var paths [][]string
	for _, f := range fields {
		if _, err := n.find(f); err != nil {
			return nil, err
		}
		paths = append(paths, strings.Split(f, "."))
	}
	return n.prune(paths), nil
}
