package tabular

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestLinesArePhysical(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		header     int
		want       []int
	}{
		{"one row a line", "title\nA\nB\nC", 1, []int{2, 3, 4}},
		{"blank lines are no rows", "\n\ntitle\n\nA\n\r\n\nB\n \t\nC", 3, []int{5, 8, 10}},
		{"newlines in quotes", "title,description\nA,\"1\n2\n3\"\nB,x\nC,\"\n\"\nD,\n", 1, []int{2, 5, 6, 8}},
		{"CRLF", "title\r\nA\r\nB\r\n", 1, []int{2, 3}},
		{"CRLF in quotes", "title,description\r\nA,\"1\r\n2\"\r\nB,x\r\n\r\nC,\"\r\n\r\n\r\n\"\r\nD,\r\n", 1, []int{2, 4, 6, 10}},
		{"newline in a quoted header", "\"Movie\nTitle\",x\nA,1\nB,2\n", 1, []int{3, 4}},
		{"byte order mark", "\ufeff\"title\"\nA\n\"B\"\n", 1, []int{2, 3}},
		{"line ends mixed", "title\r\nA\nB\r\nC\rD\n\rE", 1, []int{2, 3, 4, 5, 7}},
		{"CR alone", "title,x\rA,1\rB,\"1\r2\"\r\rC,1\r", 1, []int{2, 3, 6}},
		{"CR and CRLF in quotes", "title,x\nA,\"\r\r\n\n\"\nB,\"\"\"\r\"\"\n\"\nC,1", 1, []int{2, 6, 9}},
		{"sep=", "sep=;\r\ntitle;x\r\nA;1\r\n", 2, []int{3}},
	} {
		r := open(t, tc.text, Options{})
		good, _, errs, end := rest(r)
		if end != nil || len(errs) > 0 || !slices.Equal(lines(good), tc.want) || r.HeaderLine() != tc.header {
			t.Errorf("%s: got %d, %v, %q, %v, want %d, %v", tc.name, r.HeaderLine(), lines(good), errs, end, tc.header, tc.want)
		}
	}
}

func TestCells(t *testing.T) {
	for _, tc := range []struct {
		name, text   string
		header       []string
		delimiter    rune
		want         [][]string
		wantEncoding string
	}{
		{name: "header is trimmed, cells are not", text: " a , b\n 1 ,\t2\n", header: []string{"a", "b"}, want: [][]string{{" 1 ", "\t2"}}},
		{name: "header alone", text: "a,b", header: []string{"a", "b"}},
		{name: "header alone, with its end", text: "a,b\r\n", header: []string{"a", "b"}},
		{name: "line ends in quotes stay", text: "a,b\n\"1\r\n2\r3\n\",x\r\n", header: []string{"a", "b"}, want: [][]string{{"1\r\n2\r3\n", "x"}}},
		{name: "doubled quotes", text: "a,b\n\"\"\"\",\"x\"\"\"\n", header: []string{"a", "b"}, want: [][]string{{`"`, `x"`}}},
		{name: "quoted and empty", text: "a\n\"\"\n", header: []string{"a"}, want: [][]string{{""}}},
		{name: "delimiters in quotes", text: "a,b\n\"1,2\",\"3\n,4\"\n", header: []string{"a", "b"}, want: [][]string{{"1,2", "3\n,4"}}},
		{name: "BOM before a quoted header", text: "\ufeff\"a\",b\n1,2", header: []string{"a", "b"}, want: [][]string{{"1", "2"}}},
		{name: "NUL and invalid UTF-8 stay", text: "a,b\n1\x00,\"\xff\"\n", header: []string{"a", "b"}, want: [][]string{{"1\x00", "\xff"}}},
		{name: "CR alone", text: "a,b\r1,2\r3,\"4\r5\"", header: []string{"a", "b"}, want: [][]string{{"1", "2"}, {"3", "4\r5"}}},
		{name: "blank cells too many", text: "a,b\n1,2,, \n3,\"4\",\n", header: []string{"a", "b"}, want: [][]string{{"1", "2"}, {"3", "4"}}},
		{name: "a delimiter of several bytes", text: "a·b\n1·\"2·\"\"\"\n3·\n", delimiter: '·', header: []string{"a", "b"}, want: [][]string{{"1", `2·"`}, {"3", ""}}},
		{name: "a space as delimiter", text: "a b\n1 2\n \n", delimiter: ' ', header: []string{"a", "b"}, want: [][]string{{"1", "2"}, {"", ""}}},
		{name: "the last cell is quoted and the file ends", text: "a,b\n1,\"2\"", header: []string{"a", "b"}, want: [][]string{{"1", "2"}}},
	} {
		r := open(t, tc.text, Options{Delimiter: tc.delimiter})
		good, _, errs, end := rest(r)
		if end != nil || errs != nil || !slices.Equal(r.Header(), tc.header) || !reflect.DeepEqual(cellsOf(good), tc.want) || r.JSON() {
			t.Errorf("%s: got  %q %q %q %v\nwant %q %q", tc.name, r.Header(), cellsOf(good), errs, end, tc.header, tc.want)
		}
	}
}

func TestRowOfAnotherLengthIsAnErrorAndTheNextIsRead(t *testing.T) {
	good, bad, errs, end := rest(open(t, "title,year\nA\nB,1999\nC,1999,x\n,\"a\nb\",x\nD,2000\nE,\n", Options{}))
	want := []string{
		"f.csv:2: the row has 1 cell, the header has 2",
		"f.csv:4: the row has 3 cells, the header has 2",
		"f.csv:5: the row has 3 cells, the header has 2",
	}
	if end != nil || !slices.Equal(errs, want) || !slices.Equal(lines(good), []int{3, 7, 8}) {
		t.Errorf("got %q, rows in %v, %v, want %q", errs, lines(good), end, want)
	}
	if want := [][]string{{"A"}, {"C", "1999", "x"}, {"", "a\nb", "x"}}; !reflect.DeepEqual(cellsOf(bad), want) {
		t.Errorf("got %q, want %q", cellsOf(bad), want)
	}
}

func TestBrokenQuotesAreNamedAndTheNextRowIsReadIfItCanBe(t *testing.T) {
	for _, tc := range []struct {
		name, text, want string
		cells            []string // nil if nothing can be read behind it
	}{
		{"bare", "title,x\nA,1\nSay \"hi\",2\nB,3\n", "f.csv:3: byte 5: " + bareQuote, []string{`Say "hi"`, "2"}},
		{"bare, not ASCII", "title\nA\nÉé\"x\nB\n", "f.csv:3: byte 5: " + bareQuote, []string{`Éé"x`}},
		{"bare in a later line of the row", "title,x\nA,1\n\"B\nC\",5\" disc\nB,1\n", "f.csv:3: line 4, byte 5: " + bareQuote, []string{"B\nC", `5" disc`}},
		{"bare before a quoted cell", "title,x\nA,1\n5\" disc,\"B\nC\"\nB,1\n", "f.csv:3: byte 2: " + bareQuote, []string{`5" disc`, "B\nC"}},
		{"bare and another number of cells", "title,x\nA,1\nx\"\nB,1", "f.csv:3: byte 2: " + bareQuote, []string{`x"`}},
		{"bare at the end of a cell", "title\r\nA\r\nx\"\r\nB\r\n", "f.csv:3: byte 2: " + bareQuote, []string{`x"`}},
		{"blank before a quote", "title,x\nA,1\nx, \"y\"\nB,1", "f.csv:3: byte 4: " + bareQuote, []string{"x", ` "y"`}},
		{"not closed", "title\nA\n\"B\nC\nD\n", "f.csv:3: byte 1: " + notClosed, nil},
		{"not closed in the last line", "title,x\nA,1\nx,\"B", "f.csv:3: byte 3: " + notClosed, nil},
		{"not closed on a later line of the row", "title,x\nA,1\n\"B\n\",\"", "f.csv:3: line 4, byte 3: " + notClosed, nil},
		{"closed by another cell", "title,x\nA,1\n\"B,2\nC,\"3\"\nD,4\n", "f.csv:3: line 4, byte 3: " + goesOn, nil},
		{"goes on", "title\nA\n\"B\" and C\nD\n", "f.csv:3: byte 3: " + goesOn, []string{`"B" and C`}},
		{"goes on before other cells", "title,x\nA,1\n\"He \"\"said\"\" \"hi\", yes\",\"2,3\"\nD,1\n", "f.csv:3: byte 14: " + goesOn,
			[]string{`"He ""said"" "hi"`, ` yes"`, "2,3"}},
		{"goes on, and a later cell has several lines", "title,x\nA,1\n\"B\"C,\"\n\"\nD,1\n", "f.csv:3: byte 3: " + goesOn, nil},
		{"goes on in a later line", "title\nA\n\"B\nC\"D\nE\n", "f.csv:3: line 4, byte 2: " + goesOn, nil},
		{"goes on at the end of the file", "title\nA\n\"B\"C", "f.csv:3: byte 3: " + goesOn, []string{`"B"C`}},
	} {
		r := open(t, tc.text, Options{})
		good, bad, errs, end := rest(r)
		if tc.cells == nil {
			var row *RowError
			if !errors.As(end, &row) || end.Error() != tc.want || !slices.Equal(lines(good), []int{2}) || len(bad) > 0 {
				t.Errorf("%s: got  %v, rows in %v, %q\nwant %s", tc.name, end, lines(good), errs, tc.want)
			}
			if _, err := r.Next(); !errors.Is(err, end) {
				t.Errorf("%s: after the end: got %v", tc.name, err)
			}
			continue
		}
		if end != nil || !slices.Equal(errs, []string{tc.want}) || !slices.Equal(bad[0].Cells, tc.cells) {
			t.Errorf("%s: got  %q %q %v\nwant %q %q", tc.name, errs, cellsOf(bad), end, tc.want, tc.cells)
		}
		if next := strings.Count(tc.text, "\n") > 2+strings.Count(strings.Join(tc.cells, ""), "\n"); len(good) < 2 && next {
			t.Errorf("%s: got rows in %v, want the next one too", tc.name, lines(good))
		}
	}
}

func TestFailingReaderIsNoBadRow(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, text := range []string{"", "title", "title\nA\n", "title\n\"A", "title\n\"A\"", "title\nA\r", "{\"a\":1}\n{", "[", "[{\"a\":1}", "\x1f\x8b", packed("title\nA\n")[:20]} {
		r, err := Open(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)), "f\x1b.csv", Options{})
		if err == nil {
			_, _, _, err = rest(r)
		}
		var bad *RowError
		if !errors.Is(err, broken) || errors.As(err, &bad) || errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: got %v, want %v", text, err, broken)
			continue
		}
		if want := `read f\x1b.csv: `; !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %q, want %q", text, err, want)
		}
	}
	good, _, _, _ := rest(must(Open(io.MultiReader(strings.NewReader("title\nA\nB"), iotest.ErrReader(broken)), "f", Options{})))
	if !slices.Equal(lines(good), []int{2}) {
		t.Errorf("got %v: a row that may be cut off is none", good)
	}
}

// must is the reader of a file that opens.
func must(r *Reader, err error) *Reader {
	if err != nil {
		panic(err)
	}
	return r
}

func TestCutAndEmptyReadsAreNoEnd(t *testing.T) {
	r := must(Open(&stutter{text: "title,x\nA,\"1\n2\"\n"}, "f", Options{}))
	if good, _, _, end := rest(r); end != nil || !reflect.DeepEqual(cellsOf(good), [][]string{{"A", "1\n2"}}) {
		t.Errorf("got %q, %v", cellsOf(good), end)
	}
}

// stutter gives nothing at every second read.
type stutter struct {
	text string
	odd  bool
}

func (s *stutter) Read(p []byte) (int, error) {
	if s.odd = !s.odd; s.odd {
		return 0, nil
	}
	if s.text == "" {
		return 0, io.EOF
	}
	n := copy(p[:1], s.text)
	s.text = s.text[n:]
	return n, nil
}

func TestFilesWithoutAHeaderAreRefused(t *testing.T) {
	for _, text := range []string{"", "\ufeff", "\n\r\n\r", "  \n\t\n", "sep=;\n", "\xff\xfe", packed("")} {
		_, err := Open(strings.NewReader(text), "\x1b[2J\u202e.csv", Options{})
		const want = `\x1b[2J\u202e.csv is empty; its first line must name the columns`
		if !errors.Is(err, catalog.ErrInvalid) || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func TestBrokenHeaderIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"\na\"b\n1\n": "f.csv:2: byte 2: " + bareQuote,
		"\"a\n":       "f.csv:1: byte 1: " + notClosed,
		"\"a\"b\n1\n": "f.csv:1: byte 3: " + goesOn,
	} {
		if _, err := Open(strings.NewReader(text), "f.csv", Options{}); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func TestSizeOfReadsDoesNotMatter(t *testing.T) {
	for _, text := range []string{
		"\ufeff\"title\",cast\r\n\"A\r\nx\",1\r\nÉ,\"Al A as B; C\"\r\nB\r\nx\"y,1\r\n\"C",
		"a\rb\r\rc\r\n\rd",
		"a\tb\n\"1\n2\"\t3\n\"x\ty\nz\t\"q\"\n",
		"\xff\xfea\x00,\x00b\x00\n\x001\x00,\x00\x00\xd8\n\x00",
		packed("a,b\n1,2\n") + packed("3,4\n"),
		packed("a,b\n1,2\n")[:28],
		"{\"a\":1}\r\n{\"a\":}\r\n{\"b\":[1, {\"c\":\"\\\"}\"}]}\n",
		"[ {\"a\" : 1},\r\n\r\n{\"b\":\n2} , 3, \"x]\" ]\n",
		"{\n \"a\": 1\n}\n{\n \"a\": 2, \"a\": 3\n}\n{\"a\"",
		"a,b\n" + strings.Repeat("x", 300<<10) + "," + strings.Repeat("\"y\"", 1<<10) + "\n1,2\n",
	} {
		want := result(strings.NewReader(text), Options{})
		for name, wrap := range chunkings() {
			if got := result(wrap(strings.NewReader(text)), Options{}); got != want {
				t.Errorf("%s:\ngot  %s\nwant %s", name, clip(got), clip(want))
			}
		}
	}
}

func TestManyColumnsAndLargeCells(t *testing.T) {
	const columns = 100_000
	header := "c0"
	for i := range columns - 1 {
		header += fmt.Sprintf(",c%d", i+1)
		if i == 1000 {
			break
		}
	}
	header += strings.Repeat(",x", columns-1-strings.Count(header, ","))
	row := "1" + strings.Repeat(",2", columns-1)
	good, _, errs, end := rest(open(t, header+"\n"+row+"\n"+row+",3\n"+row+"\n", Options{}))
	want := []string{"f.csv:3: the row has 100001 cells, the header has 100000"}
	if end != nil || !slices.Equal(errs, want) || len(good) != 2 || len(good[1].Cells) != columns || good[1].Cells[columns-1] != "2" {
		t.Errorf("got %d rows, %q, %v", len(good), errs, end)
	}

	big := strings.Repeat("0123456789abcde\n", 10<<20/16)
	r := open(t, "title,description\nA,\""+big+"\"\nB,"+strings.ReplaceAll(big, "\n", " ")+"\nC,", Options{})
	good, _, errs, end = rest(r)
	if end != nil || errs != nil || len(good) != 3 || good[0].Cells[1] != big || good[1].Line != 3+10<<20/16 || len(good[1].Cells[1]) != len(big) {
		t.Errorf("got rows in %v, %q, %v", lines(good), errs, end)
	}
}

func TestRecordsBeyondTheLimitAreRefused(t *testing.T) {
	const limit = 1 << 20
	text := func(before, row string) string {
		r := open(t, before, Options{})
		src, err := openSource(strings.NewReader(before+row), "f.csv", "")
		if err != nil {
			t.Fatal(err)
		}
		lay := newText(src, limit)
		lay.sample()
		if r.JSON() {
			r.rows, err = openJSON(lay)
		} else {
			r.rows, err = openCSV(lay, Options{Delimiter: ','})
		}
		if err != nil {
			t.Fatal(err)
		}
		good, bad, _, end := rest(r)
		return fmt.Sprint(len(good), " ", len(bad), " ", end)
	}
	const want = "the row is larger than 1 MiB; the file is no table of text, or a quote or bracket is not closed"
	half, whole := strings.Repeat("x", limit/2), strings.Repeat("x", limit+1)
	for _, tc := range []struct{ before, row, want string }{
		{"a,b\n", half + "," + half[:len(half)-10] + "\n1,2\n", "2 0 <nil>"},
		{"a,b\n1,2\n", whole + "\n", "1 0 f.csv:3: " + want},
		{"a,b\n1,2\n", "\"" + whole + "\",1\n", "1 0 f.csv:3: " + want},
		{"[{\"a\":1},\n", "{\"a\":\"" + whole + "\"}]", "1 0 f.csv:2: " + want},
		{"{\"a\":1}\n", "{\"a\":\"" + whole + "\"}", "1 0 f.csv:2: " + want},
		{"{\n\"a\":1}\n", "{\n\"a\":\"" + whole + "\"}", "1 0 f.csv:3: " + want},
	} {
		if got := text(tc.before, tc.row); got != tc.want {
			t.Errorf("%q: got %s, want %s", tc.before, got, tc.want)
		}
	}
}

func TestAnUnquotedTSVKeepsItsQuotes(t *testing.T) {
	const text = "title\tyear\n\"Sr.\"\t1999\n\"A\n\"\"\tx\n"
	r, err := Open(strings.NewReader(text), "f.tsv", Options{Unquoted: true})
	if err != nil {
		t.Fatal(err)
	}
	rec, err := r.Next()
	if want := []string{`"Sr."`, "1999"}; err != nil || !slices.Equal(rec.Cells, want) {
		t.Errorf("got %q, %v, want %q", rec.Cells, err, want)
	}
}
