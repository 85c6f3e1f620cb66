package output

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/itchyny/gojq"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Filter is a jq expression, ready to run. It sees nothing but the document it
// is given: no environment, no files, no other input.
type Filter struct {
	ctx  context.Context // ends an expression that never ends
	code *gojq.Code
	each *gojq.Code // the rest of an expression that begins with .[], else nil
}

// NewFilter compiles a jq expression, as gojq understands them. A wrong one is a
// catalog.ErrInvalid error with jq's reason and the place. What the expression
// is run on ends with the error of ctx when ctx does.
func NewFilter(ctx context.Context, expr string) (*Filter, error) {
	if strings.TrimSpace(expr) == "" {
		return nil, catalog.Invalidf("the expression is blank; . is the whole document")
	}
	query, err := gojq.Parse(expr)
	if err != nil {
		return nil, catalog.Invalidf("%s%s", catalog.Visible(err.Error()), place(expr, err))
	}
	f := &Filter{ctx: ctx}
	if f.code, err = gojq.Compile(query); err != nil {
		return nil, catalog.Invalidf("%s", catalog.Visible(err.Error()))
	}
	if rest := perElement(query); rest != nil {
		if f.each, err = gojq.Compile(rest); err != nil {
			return nil, catalog.Invalidf("%s", catalog.Visible(err.Error()))
		}
	}
	return f, nil
}

// place says where in an expression the parser stopped, in characters from 1.
func place(expr string, err error) string {
	var at *gojq.ParseError
	if !errors.As(err, &at) {
		return ""
	}
	before := expr[:min(max(at.Offset-len(at.Token), 0), len(expr))]
	if at.Token == "" {
		return " at the end"
	}
	line := strings.Count(before, "\n")
	char := utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
	if strings.Contains(expr, "\n") {
		return fmt.Sprintf(" at line %d, character %d", line+1, char)
	}
	return fmt.Sprintf(" at character %d", char)
}

// perElement returns what an expression does with each element of a list if it
// begins with ".[]", so that a list need not be in memory as a whole; else nil.
func perElement(q *gojq.Query) *gojq.Query {
	first := q
	if q.Op == gojq.OpPipe && len(q.Patterns) == 0 {
		first = q.Left
	}
	t := first.Term
	if len(q.Imports) > 0 || first != q && len(first.FuncDefs) > 0 ||
		t == nil || t.Type != gojq.TermTypeIdentity || len(t.SuffixList) == 0 {
		return nil
	}
	if s := t.SuffixList[0]; !s.Iter || s.Optional {
		return nil
	}
	inner := &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeIdentity, SuffixList: t.SuffixList[1:]}}
	if first == q {
		inner.FuncDefs = q.FuncDefs
		return inner
	}
	return &gojq.Query{FuncDefs: q.FuncDefs, Left: inner, Op: gojq.OpPipe, Right: q.Right}
}

// errHalt is the end of an expression that asked for it.
var errHalt = errors.New("halt")

// run writes what code makes of a document: strings as they are, other values as
// compact JSON, one a line, each as it comes. errHalt means that nothing more is
// to come.
func (f *Filter) run(w io.Writer, code *gojq.Code, doc any, guard bool) error {
	results := code.RunWithContext(f.ctx, doc)
	for {
		v, ok := results.Next()
		if !ok {
			return nil
		}
		var line []byte
		switch v := v.(type) {
		case error:
			return f.fault(v)
		case string:
			line = appendRaw(nil, v, guard)
		default:
			raw, err := gojq.Marshal(v)
			if err != nil {
				return err
			}
			line = raw
			if guard {
				line = appendGuarded(nil, raw)
			}
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
}

// fault makes an error of an expression ours.
func (f *Filter) fault(err error) error {
	var halt *gojq.HaltError
	switch {
	case f.ctx.Err() != nil:
		return f.ctx.Err()
	case errors.As(err, &halt) && halt.Value() == nil:
		return errHalt
	}
	return fmt.Errorf("--jq: %s", catalog.Visible(err.Error()))
}

// appendRaw appends a string as it is. With guard what could drive a terminal
// is shown, but lines and tabs are left.
func appendRaw(b []byte, s string, guard bool) []byte {
	if !guard {
		return append(b, s...)
	}
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b = append(b, '\n')
		}
		for j, part := range strings.Split(line, "\t") {
			if j > 0 {
				b = append(b, '\t')
			}
			b = append(b, visible(part)...)
		}
	}
	return b
}

// jqSink runs a filter on a list: on each record, on each as an element of the
// list, or on the list once it is whole.
type jqSink struct {
	out    *buffer
	node   *node
	filter *Filter
	lines  bool // JSON Lines: each record is a document
	guard  bool
	list   []any
}

// filtered returns the sink that prints what f makes of what s would print.
func (s *jsonSink) filtered(f *Filter) *jqSink {
	return &jqSink{out: s.out, node: s.node, filter: f, lines: s.lines, guard: s.enc.guard, list: []any{}}
}

func (s *jqSink) row(v reflect.Value) error {
	doc, err := s.node.root(v)
	switch {
	case err != nil:
		return err
	case s.lines:
		return s.filter.run(s.out.w, s.filter.code, doc, s.guard)
	case s.filter.each != nil:
		return s.filter.run(s.out.w, s.filter.each, doc, s.guard)
	}
	s.list = append(s.list, doc)
	return nil
}

func (s *jqSink) end() error {
	if s.lines || s.filter.each != nil {
		return nil
	}
	return s.filter.run(s.out.w, s.filter.code, s.list, s.guard)
}

func (s *jqSink) whole() bool { return true }

// root is tree for a record that is not part of another.
func (n *node) root(v reflect.Value) (any, error) {
	w, ok := n.follow(v)
	if !ok {
		return nil, nil
	}
	return n.tree(w)
}

// tree returns the value v of node n, which is behind its pointers, as gojq
// takes values. Numbers are what they are: nothing becomes a float.
func (n *node) tree(v reflect.Value) (any, error) {
	switch n.kind {
	case kindString:
		return strings.ToValidUTF8(v.String(), "\ufffd"), nil
	case kindBool:
		return v.Bool(), nil
	case kindRecord:
		m := make(map[string]any, len(n.fields))
		for _, f := range n.fields {
			w, ok := f.get(v)
			if err := put(m, f, w, ok); err != nil {
				return nil, err
			}
		}
		return m, nil
	case kindList:
		list := make([]any, v.Len())
		for i := range list {
			w, ok := n.elem.follow(v.Index(i))
			if !ok {
				continue
			}
			var err error
			if list[i], err = n.elem.tree(w); err != nil {
				return nil, err
			}
		}
		return list, nil
	case kindInt:
		return int(v.Int()), nil
	case kindUint, kindFloat:
		raw := string((&encoder{}).value(nil, n, v))
		if raw == "null" {
			return nil, nil
		}
		return json.Number(raw), nil
	}
	raw, err := marshal(v)
	if err != nil {
		return nil, err
	}
	return parse(raw)
}

// put sets a field of an object; without a value it is null.
func put(m map[string]any, f *node, v reflect.Value, ok bool) (err error) {
	m[f.name] = nil
	if ok {
		m[f.name], err = f.tree(v)
	}
	return err
}

// parse reads JSON without touching its numbers.
func parse(raw []byte) (v any, err error) {
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	err = dec.Decode(&v)
	return v, err
}
