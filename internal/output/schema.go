package output

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// kind is how a value is read and written, once pointers are followed.
type kind uint8

const (
	kindOther kind = iota // whatever encoding/json makes of it
	kindString
	kindInt
	kindUint
	kindFloat
	kindBool
	kindRecord // a struct
	kindList   // a slice or an array
)

// node is one field of a record type, compiled: how to reach the value from the
// record that holds it, what it is, and what it is made of.
type node struct {
	name   string // JSON name; "" for a whole record and for the elements of a list
	key    string // the name as JSON writes it, with the colon
	doc    string // what it says, from the tag "doc"
	index  []int  // from the record that holds it, through embedded structs
	ptrs   int    // pointers to follow
	typ    reflect.Type
	kind   kind
	bits   int     // of a float
	cells  bool    // *typ is a Celler
	absent bool    // *typ is an Absenter
	fields []*node // of a record
	elem   *node   // of a list
}

// compile returns the node of a record type.
func compile(t reflect.Type) *node { return newNode(t, nil) }

// newNode compiles a type. outer are the records it is part of: a record
// inside itself is left to encoding/json, as it has no bottom.
func newNode(t reflect.Type, outer []reflect.Type) *node {
	n := &node{}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
		n.ptrs++
	}
	n.typ = t
	to := reflect.PointerTo(t)
	n.cells = to.Implements(reflect.TypeFor[Celler]())
	n.absent = to.Implements(reflect.TypeFor[Absenter]())
	n.kind = kindOf(t)
	switch n.kind {
	case kindFloat:
		n.bits = t.Bits()
	case kindList:
		n.elem = newNode(t.Elem(), outer)
	case kindRecord:
		if slices.Contains(outer, t) {
			n.kind = kindOther
			break
		}
		n.fields = recordFields(t, append(slices.Clip(outer), t))
	}
	return n
}

// kindOf tells how values of a type, which is no pointer, are written.
func kindOf(t reflect.Type) kind {
	to := reflect.PointerTo(t)
	if to.Implements(reflect.TypeFor[json.Marshaler]()) || to.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return kindOther
	}
	switch t.Kind() {
	case reflect.String:
		if t == reflect.TypeFor[json.Number]() {
			return kindOther
		}
		return kindString
	case reflect.Bool:
		return kindBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return kindInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return kindUint
	case reflect.Float32, reflect.Float64:
		return kindFloat
	case reflect.Struct:
		return kindRecord
	case reflect.Array:
		return kindList
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return kindOther // bytes are base64 in JSON
		}
		return kindList
	}
	return kindOther
}

// member is a field that may be part of a record, with what decides whether it
// is when two have the same name.
type member struct {
	node   *node
	depth  int  // embedded structs around it
	tagged bool // its name is from a tag
}

// recordFields compiles the fields of a struct in the order encoding/json
// writes them, those of embedded structs among them.
func recordFields(t reflect.Type, outer []reflect.Type) []*node {
	var fields []*node
	all := members(t, nil, nil, outer)
	for i, m := range all {
		if dominant(all, i) {
			fields = append(fields, m.node)
		}
	}
	return fields
}

// dominant tells whether member i wins over those of the same name by the rule
// of Go: the shallowest, and of several equally shallow the only tagged one.
func dominant(all []member, i int) bool {
	m := all[i]
	for j, o := range all {
		if i == j || o.node.name != m.node.name || o.depth > m.depth {
			continue
		}
		if o.depth < m.depth || o.tagged || !m.tagged {
			return false
		}
	}
	return true
}

// members collects the exported fields of a struct, flattening embedded
// structs without a tag. index leads from the record to t.
func members(t reflect.Type, index []int, embedded []reflect.Type, outer []reflect.Type) []member {
	var all []member
	for i := range t.NumField() {
		sf := t.Field(i)
		base := sf.Type
		for base.Kind() == reflect.Pointer {
			base = base.Elem()
		}
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if sf.Tag.Get("json") == "-" || !sf.IsExported() && !(sf.Anonymous && base.Kind() == reflect.Struct) {
			continue
		}
		at := append(slices.Clip(index), i)
		if sf.Anonymous && name == "" && base.Kind() == reflect.Struct {
			if !slices.Contains(embedded, base) {
				all = append(all, members(base, at, append(slices.Clip(embedded), base), outer)...)
			}
			continue
		}
		if !sf.IsExported() {
			continue
		}
		n := newNode(sf.Type, outer)
		n.index = at
		n.doc = sf.Tag.Get("doc")
		n.name = name
		if name == "" {
			n.name = sf.Name
		}
		n.key = string(appendQuoted(nil, n.name, false)) + ":"
		all = append(all, member{node: n, depth: len(index), tagged: name != ""})
	}
	return all
}

// get returns the value of the field in the record v, and whether there is one.
func (n *node) get(v reflect.Value) (reflect.Value, bool) {
	for i, x := range n.index {
		for i > 0 && v.Kind() == reflect.Pointer { // a pointer to an embedded struct
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return n.follow(v)
}

// follow returns what v points to, and whether it is anything.
func (n *node) follow(v reflect.Value) (reflect.Value, bool) {
	for range n.ptrs {
		if v.IsNil() {
			return v, false
		}
		v = v.Elem()
	}
	if n.absent && v.Addr().Interface().(Absenter).Absent() {
		return v, false
	}
	return v, true
}

// record returns the node whose fields a path through n goes on with: n itself,
// or the elements of a list.
func (n *node) record() *node {
	for n.kind == kindList {
		n = n.elem
	}
	return n
}

// field returns the field of a record of the given name, or nil.
func (n *node) field(name string) *node {
	for _, f := range n.fields {
		if f.name == name {
			return f
		}
	}
	return nil
}
