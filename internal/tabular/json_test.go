package tabular

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestJSONCells(t *testing.T) {
	const values = `{"a":"x\n\"é\u00e9\ud83d\ude00","b":1.50e3,"c":true,"d":false,"e":null,"f":["Drama", "Crime"],"g":[{"id" : 18,"name":"<b> ]}\""}],"h":{ },"i":"","j":-0}`
	header := strings.Split("abcdefghij", "")
	cells := []string{"x\n\"éé😀", "1.50e3", "true", "false", "", `["Drama","Crime"]`, `[{"id":18,"name":"<b> ]}\""}]`, "{}", "", "-0"}
	for name, text := range map[string]string{
		"lines": values, "array": "[" + values + "]", "array, spread": " [\n\n " + values + "\n]\n", "with a mark": "\ufeff" + values + "\n",
		"spread": "{\n" + values[1:], "UTF-16": wide(strings.ReplaceAll(values, `\`, `\`), false), "packed": packed(values),
	} {
		r := open(t, text, Options{})
		if !r.JSON() || !slices.Equal(r.Header(), header) {
			t.Errorf("%s: got %v %q before the first row", name, r.JSON(), r.Header())
		}
		good, _, errs, end := rest(r)
		if end != nil || errs != nil || len(good) != 1 || !slices.Equal(good[0].Cells, cells) {
			t.Errorf("%s: got  %q %q %v\nwant %q", name, cellsOf(good), errs, end, cells)
		}
	}
}

func TestJSONLinesArePhysicalAndTheHeaderGrows(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		header     int
		want       []int
	}{
		{"lines", "{\"a\":1}\n\n \n{\"b\":2}\r\n{\"a\":3}", 1, []int{1, 4, 5}},
		{"blank lines first, CR alone", "\r\r{\"a\":1}\r{\"b\":2}\r{\"a\":3}\r", 3, []int{3, 4, 5}},
		{"several in a line", "{\"a\":1} {\"b\":2}\n{\"a\":3}{}", 1, []int{1, 1, 2, 2}},
		{"spread", "{\n\"a\":1\n}\n\n{\n\"b\":2\n}{\"a\":\n3}\n", 1, []int{1, 5, 7}},
		{"array", "[\n{\"a\":1},\n{\"b\":\n2}\n,\n\n{\"a\":3}]", 2, []int{2, 3, 7}},
		{"array in one line", "[{\"a\":1},{\"b\":2},{\"a\":3}]\n", 1, []int{1, 1, 1}},
	} {
		r := open(t, tc.text, Options{})
		if !slices.Equal(r.Header(), []string{"a"}) || r.HeaderLine() != tc.header {
			t.Errorf("%s: got %q in line %d before the first row", tc.name, r.Header(), r.HeaderLine())
		}
		good, _, errs, end := rest(r)
		if end != nil || errs != nil || !slices.Equal(lines(good), tc.want) || !slices.Equal(r.Header(), []string{"a", "b"}) {
			t.Errorf("%s: got %v, %q, %q, %v, want %v", tc.name, lines(good), r.Header(), errs, end, tc.want)
		}
		if want := [][]string{{"1"}, {"", "2"}, {"3", ""}}; !reflect.DeepEqual(cellsOf(good)[:3], want) {
			t.Errorf("%s: got %q, want %q", tc.name, cellsOf(good), want)
		}
	}
}

func TestEmptyJSON(t *testing.T) {
	r := open(t, "[]\n", Options{})
	good, _, errs, end := rest(r)
	if !r.JSON() || end != nil || errs != nil || good != nil || len(r.Header()) != 0 {
		t.Errorf("no rows: got %q %q %q %v", r.Header(), cellsOf(good), errs, end)
	}
	good, _, errs, end = rest(open(t, "{}\n{\" \": 1}", Options{}))
	if want := [][]string{{}, {"1"}}; end != nil || errs != nil || !reflect.DeepEqual(cellsOf(good), want) {
		t.Errorf("no keys: got %q %q %v", cellsOf(good), errs, end)
	}
}

func TestBadLineOfJSONIsNamedAndTheNextIsRead(t *testing.T) {
	for _, tc := range []struct{ line, want string }{
		{`{"a": oops}`, "f.csv:2: byte 7 of the value: no JSON: invalid character 'o' looking for beginning of value"},
		{`{"a": 1`, "f.csv:2: byte 8 of the value: the JSON ends inside a value; it may be cut off, or a quote or bracket is not closed"},
		{`{"a": "x}`, "f.csv:2: byte 10 of the value: the JSON ends inside a value; it may be cut off, or a quote or bracket is not closed"},
		{`{"a": 1, "a": 2}`, `f.csv:2: the object has the key "a" twice`},
		{`{"a": 1, " a": 2}`, `f.csv:2: the object has the key "a" twice`},
		{"{\"a\": \"\xff\"}", "f.csv:2: byte 8 of the value: not valid UTF-8; name the --encoding of the file"},
		{"{\"\xffa\": 1}", "f.csv:2: byte 3 of the value: not valid UTF-8; name the --encoding of the file"},
		{"{\"a\": \"x\ty\"}", `f.csv:2: byte 9 of the value: no JSON: invalid character '\t' in string literal`},
		{`{"a": "\ud800"}`, "f.csv:2: a: \"\ufffd\" has half of a surrogate pair"},
		{`{"\udc00": 1}`, "f.csv:2: the key \"\ufffd\" has half of a surrogate pair"},
		{`"text"`, `f.csv:2: ""text"" is a string; a row must be an object: {"column": "cell", …}`},
		{`["a"]`, `f.csv:2: "["a"]" is an array; a row must be an object: {"column": "cell", …}`},
		{`12`, `f.csv:2: "12" is a number; a row must be an object: {"column": "cell", …}`},
		{`true`, `f.csv:2: "true" is a truth value; a row must be an object: {"column": "cell", …}`},
		{`null`, `f.csv:2: "null" is null; a row must be an object: {"column": "cell", …}`},
		{`}`, "f.csv:2: byte 1 of the value: no JSON: invalid character '}' looking for beginning of value"},
		{strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), "f.csv:2: byte 10001 of the value: no JSON: invalid character '[' exceeded max depth"},
		{"\x1b[2J", `f.csv:2: byte 1 of the value: no JSON: invalid character '\x1b' looking for beginning of value`},
	} {
		text := "{\"a\":1}\n" + tc.line + "\n{\"a\":3}\n"
		good, bad, errs, end := rest(open(t, text, Options{}))
		if end != nil || !slices.Equal(errs, []string{tc.want}) || !slices.Equal(lines(good), []int{1, 3}) || len(bad) != 1 {
			t.Errorf("%s: got  %q, rows in %v, %v\nwant %q", clip(tc.line), errs, lines(good), end, tc.want)
		}
	}
	good, _, errs, end := rest(open(t, "{\"a\": }\n{\"a\":2}\n{\"a\":3,}", Options{}))
	if end != nil || len(errs) != 2 || !slices.Equal(lines(good), []int{2}) {
		t.Errorf("first and last line: got %q, rows in %v, %v", errs, lines(good), end)
	}
	good, _, errs, end = rest(open(t, "{\"a\": \n{\"a\":2}\n", Options{}))
	if end != nil || len(errs) != 1 || !slices.Equal(lines(good), []int{2}) {
		t.Errorf("first line cut off: got %q, rows in %v, %v", errs, lines(good), end)
	}
}

func TestJSONOfAnEncodingThatDoesNotHaveItsBytes(t *testing.T) {
	text := "{\"a\":\"\\ufffd\"}\n{\"a\":\"\x83\"}\n{\"\x83\":1}\n"
	r := must(Open(strings.NewReader(text), "f.csv", Options{Encoding: "euc-kr"}))
	good, _, errs, end := rest(r)
	want := []string{
		"f.csv:2: a: \"\ufffd\" has bytes that are not valid in euc-kr; name the right --encoding",
		"f.csv:3: a key has bytes that are not valid in euc-kr; name the right --encoding",
	}
	if end != nil || !slices.Equal(errs, want) || !reflect.DeepEqual(cellsOf(good), [][]string{{"\ufffd"}}) {
		t.Errorf("got  %q %q %v\nwant %q", cellsOf(good), errs, end, want)
	}
}

func TestBrokenArrayEndsTheFile(t *testing.T) {
	for _, tc := range []struct {
		text, want string
		rows       int
	}{
		{"[{\"a\":1},\n{\"a\": oops}, {\"a\":3}]", "f.csv:2: byte 7 of the value: no JSON: invalid character 'o' looking for beginning of value", 1},
		{"[{\"a\":1},\n{\n\n \"a\": oops}]", "f.csv:2: line 4, byte 7: no JSON: invalid character 'o' looking for beginning of value", 1},
		{"[{\"a\":1},\n{\"a\": 2", "f.csv:2: byte 8 of the value: the JSON ends inside a value; it may be cut off, or a quote or bracket is not closed", 1},
		{"[{\"a\":1},\n", "f.csv:2: the file ends inside its array; it may be cut off", 1},
		{"[{\"a\":1}\n", "f.csv:2: the file ends inside its array; it may be cut off", 1},
		{"[{\"a\":1},\n]", "f.csv:2: byte 1 of the value: no JSON: invalid character ']' looking for beginning of value", 1},
		{"[{\"a\":1}\n{\"a\":2}]", "f.csv:2: a comma must stand between the elements of the array", 1},
		{"[{\"a\":1}]\n{\"a\":2}", "f.csv:2: the array has ended here, but the file goes on; give it one array, or one object a line", 1},
		{"{\n\"a\":1}\n{\n\"a\":oops\n}\n{\"a\":3}", "f.csv:3: line 4, byte 5: no JSON: invalid character 'o' looking for beginning of value", 1},
		{"{\n\"a\":1}\n{\n", "f.csv:3: line 4, byte 1: the JSON ends inside a value; it may be cut off, or a quote or bracket is not closed", 1},
	} {
		good, _, errs, end := rest(open(t, tc.text, Options{}))
		if end == nil || end.Error() != tc.want || !errors.Is(end, catalog.ErrInvalid) || errs != nil || len(good) != tc.rows {
			t.Errorf("%q: got  %d rows, %q, %v\nwant %s", tc.text, len(good), errs, end, tc.want)
		}
	}
	for _, text := range []string{"[{\"a\": oops}]", "[{\"a\""} {
		if _, err := Open(strings.NewReader(text), "f.csv", Options{}); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

func TestElementOfAnArrayThatIsNoObjectIsABadRow(t *testing.T) {
	good, bad, errs, end := rest(open(t, "[1, \"a,]\\\"\", {\"a\":1},\nnull, [[{}]],{\"a\":1,\"a\":2} , {\"a\":2}]", Options{}))
	if end != nil || len(errs) != 5 || !slices.Equal(lines(bad), []int{1, 1, 2, 2, 2}) || !slices.Equal(lines(good), []int{1, 2}) {
		t.Errorf("got %q, %q, %v", cellsOf(good), errs, end)
	}
}

func TestTooManyKeysEndTheFile(t *testing.T) {
	object := func(keys int) string {
		var b strings.Builder
		for i := range keys {
			fmt.Fprintf(&b, ",\"tt%d\":{\"title\":\"A\"}", i)
		}
		return "{" + b.String()[1:] + "}\n"
	}
	good, _, errs, end := rest(open(t, object(maxKeys)+object(1)+object(maxKeys+1)+object(1), Options{}))
	want := fmt.Sprintf("f.csv:3: the objects have more than %d different keys; a key must name a column, not hold a value", maxKeys)
	if end == nil || end.Error() != want || errs != nil || len(good) != 2 {
		t.Errorf("got %d rows, %d errors, %v, want %s", len(good), len(errs), end, want)
	}
}

func TestWhatIsTakenForJSON(t *testing.T) {
	for text, want := range map[string]bool{
		"{\"a\"": true, " \n[ {\n\"a\":1}]": true, "{}": true, "[]": true, "[1,2]": true, "[{}]": true, "[\"a\"]": true, "[[1]]": true,
		"{a},b": false, "[a],b": false, "[1],b": false, "\"{\"": false, "1": false, "null": false, "[": false, "a,{\"b\"": false, "[[a": false,
	} {
		if got := looksLikeJSON([]byte(text)); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}
