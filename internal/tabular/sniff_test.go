package tabular

import (
	"reflect"
	"strings"
	"testing"
)

func TestDelimiterIsToldFromTheContent(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		header     []string
		first      []string
	}{
		{"comma", "a,b\n1;1,2;2\n", []string{"a", "b"}, []string{"1;1", "2;2"}},
		{"semicolon, decimal commas", "a;b;c\n1,5;2,5;3,5\n", []string{"a", "b", "c"}, []string{"1,5", "2,5", "3,5"}},
		{"tab", "a\tb\n1,2\t3;4\n", []string{"a", "b"}, []string{"1,2", "3;4"}},
		{"pipe", "a|b\n1,2|3;4\n", []string{"a", "b"}, []string{"1,2", "3;4"}},
		{"the rows decide between two in the header", "a,x;b\n1;2\n3;4\n", []string{"a,x", "b"}, []string{"1", "2"}},
		{"the rows decide the other way", "a;x,b\n1,2\n3,4\n", []string{"a;x", "b"}, []string{"1", "2"}},
		{"more cells where the rows do not decide", "a,b;c;d", []string{"a,b", "c", "d"}, nil},
		{"one column with commas in its rows", "title\nThe Good, the Bad\nX; Y\n", []string{"title"}, []string{"The Good, the Bad"}},
		{"one column with quotes", "title\n\"The Good, \"\"the\"\" Bad\"\n", []string{"title"}, []string{`The Good, "the" Bad`}},
		{"lists in cells", "a,b\nx,1|2|3\ny,1|2|3\n", []string{"a", "b"}, []string{"x", "1|2|3"}},
		{"delimiters in quotes count for nothing", "\"a;b;c\",\"d\"\n\"1;2;3\",\"4;\n5;6\"\n", []string{"a;b;c", "d"}, []string{"1;2;3", "4;\n5;6"}},
		{"quotes in the header are not torn", "a,\"b;c;d\"\n", []string{"a", "b;c;d"}, nil},
		{"blank lines count for nothing", "\n\na;b\n\n1;2\n\n", []string{"a", "b"}, []string{"1", "2"}},
		{"CR alone", "a;b\r1,0;2,0\r", []string{"a", "b"}, []string{"1,0", "2,0"}},
		{"a row torn in two by the end of the sample", "a;b\n" + strings.Repeat("1;2\n", sampleSize/4-2) + "3;4", []string{"a", "b"}, []string{"1", "2"}},
		{"sep=", "sep=|\na,b|c\n1|2\n", []string{"a,b", "c"}, []string{"1", "2"}},
		{"sep= of a tab, before CRLF", "SEP=\t\r\na,b\tc\r\n1\t2\r\n", []string{"a,b", "c"}, []string{"1", "2"}},
		{"sep= behind a byte order mark", "\ufeffsep=;\ra,x;b\r1;2\r", []string{"a,x", "b"}, []string{"1", "2"}},
		{"no sep=", "sep=;x\n1;2\n", []string{"sep=", "x"}, []string{"1", "2"}},
		{"a CSV that begins with a bracket", "[a],{b}\n1,2\n", []string{"[a]", "{b}"}, []string{"1", "2"}},
		{"a CSV that begins with a number in a bracket", "[1],b\n1,2\n", []string{"[1]", "b"}, []string{"1", "2"}},
	} {
		r := open(t, tc.text, Options{})
		good, _, errs, end := rest(r)
		if end != nil || errs != nil || !reflect.DeepEqual(r.Header(), tc.header) {
			t.Errorf("%s: got %q, %q, %v, want %q", tc.name, r.Header(), errs, end, tc.header)
			continue
		}
		if tc.first != nil && !reflect.DeepEqual(good[0].Cells, tc.first) {
			t.Errorf("%s: got %q, want %q", tc.name, good[0].Cells, tc.first)
		}
	}
}

func TestDelimiterGivenIsUsed(t *testing.T) {
	for _, tc := range []struct {
		text  string
		given rune
		want  []string
	}{
		{"a;b,c\n", ',', []string{"a;b", "c"}},
		{"sep=;\na;b,c\n", ',', []string{"a;b", "c"}},
		{"title\n", '\t', []string{"title"}},
		{"{a},b\n", ',', []string{"{a}", "b"}},
		{"a::b\n", ':', []string{"a", "", "b"}},
	} {
		if r := open(t, tc.text, Options{Delimiter: tc.given}); !reflect.DeepEqual(r.Header(), tc.want) || r.JSON() {
			t.Errorf("%q: got %q, want %q", tc.text, r.Header(), tc.want)
		}
	}
}

func TestTSV(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       [][]string
		bad        int
	}{
		{name: "quotes are letters", text: "\"Weird Al\" Yankovic\tx\ty\n1\tsay \"hi\"\t5\"\n1\t\"\t\"x\n1\t\"a\"\"b\t3\n",
			want: [][]string{{`"Weird Al" Yankovic`, "x", "y"}, {"1", `say "hi"`, `5"`}, {"1", `"`, `"x`}, {"1", `"a""b`, "3"}}},
		{name: "spreadsheets quote", text: "\"1\t2\"\t\"say \"\"hi\"\"\"\t\"\"\n\"x\"\ty\t\"z\"\r\n",
			want: [][]string{{"1\t2", `say "hi"`, ""}, {"x", "y", "z"}}},
		{name: "a quoted cell of several lines", text: "1\t\"two\nlines\r\n\r\"\"more\"\"\"\t3\n1\t2\t3\n",
			want: [][]string{{"1", "two\nlines\r\n\r\"more\"", "3"}, {"1", "2", "3"}}},
		{name: "rows are not swallowed", text: "1\t2\t\"open\n1\t2\tclosed\"\n1\t2\t3\n",
			want: [][]string{{"1", "2", `"open`}, {"1", "2", `closed"`}, {"1", "2", "3"}}},
		{name: "cells at the end left off", text: "1\t2\n1\t\n1\t2\t\n", want: [][]string{{"1", "2", ""}, {"1", "", ""}, {"1", "2", ""}}},
		{name: "a torn line is no row", text: "1\t2\t3\ntorn\n", want: [][]string{{"1", "2", "3"}}, bad: 1},
		{name: "no cells are left off where cells are quoted", text: "1\t\"2\"\n", bad: 1},
		{name: "blank cells alone", text: "\t\t\n\t\t\t\n", want: [][]string{{"", "", ""}, {"", "", ""}}},
		{name: "too many cells", text: "1\t2\t3\t4\n1\t2\t3\t\n", want: [][]string{{"1", "2", "3"}}, bad: 1},
	} {
		good, bad, errs, end := rest(open(t, "a\tb\tc\n"+tc.text, Options{}))
		if end != nil || !reflect.DeepEqual(cellsOf(good), tc.want) || len(bad) != tc.bad {
			t.Errorf("%s: got  %q %q %v\nwant %q", tc.name, cellsOf(good), errs, end, tc.want)
		}
	}
	good, _, _, _ := rest(open(t, "a\tb\tc\n1\t\"two\nlines\"\t3\n\n1\t2\t3\n", Options{}))
	if got := lines(good); !reflect.DeepEqual(got, []int{2, 5}) {
		t.Errorf("got rows in %v", got)
	}
}
