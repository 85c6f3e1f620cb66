package csvio

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestLinesArePhysical(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []int
	}{
		{"one row a line", "title\nA\nB\nC", []int{2, 3, 4}},
		{"blank lines are no rows", "\n\ntitle\n\nA\n\r\n\nB\n", []int{5, 8}},
		{"newlines in quotes", "title,description\nA,\"1\n2\n3\"\nB,x\nC,\"\n\"\nD,\n", []int{2, 5, 6, 8}},
		{"CRLF", "title\r\nA\r\nB\r\n", []int{2, 3}},
		{"CRLF in quotes", "title,description\r\nA,\"1\r\n2\"\r\nB,x\r\n\r\nC,\"\r\n\r\n\r\n\"\r\nD,\r\n", []int{2, 4, 6, 10}},
		{"newline in a quoted header", "\"Movie\nTitle\",x\nA,1\nB,2\n", []int{3, 4}},
		{"byte order mark", "\ufeff\"title\"\nA\n\"B\"\n", []int{2, 3}},
		{"line ends mixed", "title\r\nA\nB\r\nC", []int{2, 3, 4}},
	} {
		rows, errs, end := rest(open(t, tc.text, ""))
		if end != nil || len(errs) > 0 || !slices.Equal(lines(rows), tc.want) {
			t.Errorf("%s: got %v, %q, %v, want %v", tc.name, lines(rows), messages(errs), end, tc.want)
		}
	}
}

func TestErrorsStandInTheLineWhereTheirRowBegins(t *testing.T) {
	const text = "title,description,year\r\n" + // 1
		"A,\"one\r\ntwo\",1999\r\n" + // 2
		"B,\"one\r\n\r\ntwo\",soon\r\n" + // 4
		"\r\n" + // 7
		"C,x,later\r\n" + // 8
		"D,\"\r\n\"\r\n" + // 9, two cells
		"E,x,never" // 11
	rows, errs, end := rest(open(t, text, ""))
	var got []int
	for _, e := range errs {
		got = append(got, e.Line)
	}
	if want := []int{4, 8, 9, 11}; end != nil || !slices.Equal(got, want) || !slices.Equal(lines(rows), []int{2}) {
		t.Errorf("got errors in %v, rows in %v, %v, want errors in %v", got, lines(rows), end, want)
	}
}

func TestRowOfAnotherLengthIsAnErrorAndTheNextIsRead(t *testing.T) {
	rows, errs, end := rest(open(t, "title,year\nA\nB,1999\nC,1999,\n,\"a\nb\",x\nD,2000\nE,\n", ""))
	want := []string{
		"f.csv:2: the row has 1 cell, the header has 2",
		"f.csv:4: the row has 3 cells, the header has 2",
		"f.csv:5: the row has 3 cells, the header has 2",
	}
	if end != nil || !slices.Equal(messages(errs), want) || !slices.Equal(lines(rows), []int{3, 7, 8}) {
		t.Errorf("got %q, rows in %v, %v, want %q", messages(errs), lines(rows), end, want)
	}
	for _, e := range errs {
		if e.Column != "" || !errors.Is(e, catalog.ErrInvalid) {
			t.Errorf("got %+v", *e)
		}
	}
}

func TestBrokenQuotesEndTheFileWithLineAndSentence(t *testing.T) {
	const (
		bare  = "a quote inside a cell that does not begin with one; quote the whole cell and double the quotes in it"
		quote = "a quoted cell is not closed, or goes on after its closing quote; double the quotes inside it"
	)
	for _, tc := range []struct{ name, text, want string }{
		{"bare", "title,x\nA,1\nSay \"hi\",2\nB,3\n", "f.csv:3: byte 5: " + bare},
		{"bare, not ASCII", "title\nA\nÉé\"x\n", "f.csv:3: byte 5: " + bare},
		{"bare in a later line of the row", "title,x\nA,1\n\"B\nC\",5\" disc\n", "f.csv:3: line 4, byte 5: " + bare},
		{"not closed", "title\nA\n\"B\nC\nD\n", "f.csv:3: "},
		{"not closed in the last line", "title\nA\n\"B", "f.csv:3: byte 3: " + quote},
		{"goes on", "title\nA\n\"B\" and C\nD\n", "f.csv:3: byte 3: " + quote},
		{"goes on in a later line", "title\nA\n\"B\nC\"D\nE\n", "f.csv:3: line 4, byte 2: " + quote},
		{"CRLF", "title\r\nA\r\nx\"\r\n", "f.csv:3: byte 2: " + bare},
	} {
		r := open(t, tc.text, "")
		rows, errs, end := rest(r)
		var bad *RowError
		if !errors.As(end, &bad) || !errors.Is(end, catalog.ErrInvalid) || !strings.HasPrefix(end.Error(), tc.want) {
			t.Errorf("%s: got  %v\nwant %s", tc.name, end, tc.want)
			continue
		}
		if len(errs) > 0 || !slices.Equal(lines(rows), []int{2}) || bad.Column != "" {
			t.Errorf("%s: got rows in %v, %q, %+v", tc.name, lines(rows), messages(errs), *bad)
		}
	}
	_, _, end := rest(open(t, "title\nA\n\"B\nC\nD\n", ""))
	if end == nil || !strings.Contains(end.Error(), quote) || strings.Contains(end.Error(), "3: byte") {
		t.Errorf("got %v, want %q, and not the byte of another line", end, quote)
	}
}

func TestFailingReaderIsNoBadRow(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, text := range []string{"", "title", "title\nA\n"} {
		r, err := NewMovieReader(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)), "f\x1b.csv", nil)
		if err == nil {
			_, _, err = rest(r)
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
}

func TestSizeOfReadsDoesNotMatter(t *testing.T) {
	const text = "\ufeff\"title\",cast\r\n\"A\r\nx\",1\r\nÉ,\"Al A as B; C\"\r\nB\r\n\"C"
	result := func(r io.Reader) string {
		mr, err := NewMovieReader(r, "f.csv", nil)
		if err != nil {
			t.Fatal(err)
		}
		rows, errs, end := rest(mr)
		return fmt.Sprintf("%+v %q %v", rows, messages(errs), end)
	}
	want := result(strings.NewReader(text))
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"one byte": iotest.OneByteReader, "half": iotest.HalfReader, "data with the end": iotest.DataErrReader,
	} {
		if got := result(wrap(strings.NewReader(text))); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
		}
	}
}

func TestMessagesNameTheFileHarmlessly(t *testing.T) {
	const name = "\x1b[2J\u202e.csv"
	for _, text := range []string{"", "x\n", "title,title\n", "title\n\x01\n", "title\na,b\n", "title\nx\"\n"} {
		r, err := NewMovieReader(strings.NewReader(text), name, nil)
		var errs []*RowError
		if err == nil {
			_, errs, err = rest(r)
		}
		list := messages(errs)
		if err != nil {
			list = append(list, err.Error())
		}
		if len(list) != 1 || !strings.Contains(list[0], `\x1b[2J\u202e.csv`) {
			t.Errorf("%q: got %q", text, list)
			continue
		}
		harmless(t, list[0])
	}
	_, err := NewMovieReader(strings.NewReader("title\n"), name, Mapping{"x": "year"})
	if err == nil || !strings.Contains(err.Error(), `\x1b[2J\u202e.csv`) {
		t.Errorf("got %v", err)
	}
}

func TestUTF16IsRefused(t *testing.T) {
	for _, text := range []string{
		"\xff\xfet\x00i\x00t\x00l\x00e\x00\n\x00A\x00\n\x00",
		"\xfe\xff\x00t\x00i\x00t\x00l\x00e\x00\n\x00A\x00\n",
	} {
		r, err := NewMovieReader(strings.NewReader(text), "f.csv", nil)
		if err != nil {
			continue
		}
		rows, errs, end := rest(r)
		if end != nil || len(rows) > 0 || len(errs) == 0 {
			t.Errorf("%q: got %+v, %q, %v", text, rows, messages(errs), end)
		}
	}
}

func TestCellOfTenMebibytes(t *testing.T) {
	big := strings.Repeat("0123456789abcde\n", 10<<20/16)
	rows, errs, end := rest(open(t, "title,description\nA,\""+big+"\"\nB,\n", ""))
	if end != nil || len(errs) > 0 || len(rows) != 2 {
		t.Fatalf("got %d rows, %d errors, %v", len(rows), len(errs), end)
	}
	if rows[0].Movie.Description != strings.TrimSpace(big) || rows[1].Line != 3+10<<20/16 {
		t.Errorf("got %d bytes, and the next row in line %d", len(rows[0].Movie.Description), rows[1].Line)
	}
	for _, column := range MovieColumnNames() {
		if column == "description" {
			continue
		}
		header := "x," + column
		if column != "title" {
			header = "title," + column
		}
		_, errs, end := rest(open(t, header+"\nA,\""+big+"\"\n", ""))
		if end != nil || len(errs) != 1 || len(errs[0].Error()) > 300 {
			t.Errorf("%s: got %d errors, %v", column, len(errs), end)
		}
	}
}
