package tabular

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

// written is what a Writer makes of a header and rows.
func written(t testing.TB, json bool, header []string, rows [][]string) string {
	t.Helper()
	var b strings.Builder
	w := NewWriter(&b, json, header)
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriter(t *testing.T) {
	header := []string{"title", "x y"}
	rows := [][]string{{"A", "1"}, {"say \"hi\"", "a,b"}, {"", ""}, {"1\r\n2\r", " x "}, {"Amélie\x00", `["a"]`}}
	if got, want := written(t, false, header, rows),
		"title,x y\nA,1\n\"say \"\"hi\"\"\",\"a,b\"\n,\n\"1\r\n2\r\",\" x \"\n\"Amélie\x00\",\"[\"\"a\"\"]\"\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got, want := written(t, true, header, rows), `{"title":"A","x y":"1"}
{"title":"say \"hi\"","x y":"a,b"}
{"title":"","x y":""}
{"title":"1\u000d\n2\u000d","x y":" x "}
{"title":"Amélie\u0000","x y":"[\"a\"]"}
`; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := written(t, false, header, nil); got != "title,x y\n" {
		t.Errorf("header alone: got %q", got)
	}
	if err := NewWriter(&strings.Builder{}, true, header).Write([]string{"1", "2", "3"}); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("a cell without a key: got %v", err)
	}
}

func TestWhatIsWrittenIsReadTheSame(t *testing.T) {
	for _, tc := range []struct {
		header []string
		rows   [][]string
	}{
		{[]string{"a"}, [][]string{{""}, {" "}, {"\t"}, {"x,y"}, {"\""}, {"\r"}, {"\n\r\n"}}},
		{[]string{"a;b"}, [][]string{{"1;2"}}},
		{[]string{"a|b", "c"}, [][]string{{"1", "2"}, {"|", "\t"}}},
		{[]string{"sep=;"}, [][]string{{"1"}}},
		{[]string{"sep=x", "b"}, [][]string{{"1", "2"}}},
		{[]string{"[1]", "{}"}, [][]string{{"[1]", "{\"a\": 1}"}}},
		{[]string{"\ufeffa", "GIF89a"}, [][]string{{"\ufeff", "2"}}},
		{[]string{"<html", "%PDF-"}, [][]string{{"1", "2"}}},
		{[]string{""}, [][]string{{""}}},
		{[]string{"", ""}, [][]string{{"", ""}}},
		{[]string{"PK\x03\x04", "\x1f\x8b\x08"}, [][]string{{"\xff\xfe", "\x00"}}},
	} {
		for _, json := range []bool{false, true} {
			if json && len(tc.header) == 2 && tc.header[0] == tc.header[1] || json && strings.Contains(tc.rows[0][0], "\xff") {
				continue
			}
			text := written(t, json, tc.header, tc.rows)
			r, err := Open(strings.NewReader(text), "f", Options{})
			if err != nil {
				t.Errorf("%q: %v", text, err)
				continue
			}
			good, _, errs, end := rest(r)
			if end != nil || errs != nil || !reflect.DeepEqual(cellsOf(good), tc.rows) || !reflect.DeepEqual(r.Header(), tc.header) {
				t.Errorf("%q: got %q %q %q %v\nwant %q %q", text, r.Header(), cellsOf(good), errs, end, tc.header, tc.rows)
			}
		}
	}
}

// TestRejectsOfBrokenRowsAreMendable: cells of a row with a broken quote are
// written so that the row reads, and shows what it had.
func TestRejectsOfBrokenRowsAreMendable(t *testing.T) {
	r := open(t, "title,x\n5\" disc,\"a\nb\"\n\"B\" and C,1\n", Options{})
	_, bad, _, _ := rest(r)
	good, _, errs, end := rest(open(t, written(t, false, r.Header(), cellsOf(bad)), Options{}))
	if want := [][]string{{"5\" disc", "a\nb"}, {"\"B\" and C", "1"}}; end != nil || errs != nil || !reflect.DeepEqual(cellsOf(good), want) {
		t.Errorf("got %q, %q, %v, want %q", cellsOf(good), errs, end, want)
	}
}
