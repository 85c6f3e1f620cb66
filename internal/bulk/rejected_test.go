package bulk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestRejectedRowsAreTold(t *testing.T) {
	const header = "title,year,duration\n"
	for _, tc := range []struct{ name, text, want string }{
		{"one", "A,soon,90\n", "nothing was imported from f.csv; 1 of 1 row rejected:\n" +
			`f.csv:2: year: "soon" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD`},
		{"two errors in a row", "A,1999,90\nB,soon,0\n", "nothing was imported from f.csv; 1 of 2 rows rejected:\n" +
			`f.csv:3: year: "soon" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD` + "\n" +
			`f.csv:3: duration: "0" is no duration: a film lasts 1 minute or more; leave it out if it is not known`},
		{"a row too short", "A,1999\nB,1999,90\n", "nothing was imported from f.csv; 1 of 2 rows rejected:\n" +
			`f.csv:2: the row has 2 cells, the header has 3`},
		{"a bare quote is one bad row", "A,1999,\nB,soon,\nC\",1999,\nD,soon,\n", "nothing was imported from f.csv; 3 of 4 rows rejected:\n" +
			`f.csv:3: year: "soon" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD` + "\n" +
			`f.csv:4: byte 2: a quote inside a cell that does not begin with one; quote the whole cell and double the quotes in it` + "\n" +
			`f.csv:5: year: "soon" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD`},
		{"a quote that is never closed ends the file", "A,1999,\nB,soon,\n\"C,1999,\nD,soon,\n", "nothing was imported from f.csv; 2 of 3 rows rejected:\n" +
			`f.csv:3: year: "soon" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD` + "\n" +
			`f.csv:4: byte 1: the quote that begins this cell is never closed; close it, or double the quotes inside the cell; what follows in the file was not read`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for name, o := range map[string]Options{"no catalog": absent(t), "a catalog": present(t, twoFilms)} {
				unchanged(t, o, func() {
					bad := refuse(t, o, header+tc.text)
					if bad.Error() != tc.want {
						t.Errorf("%s:\ngot  %s\nwant %s", name, bad, tc.want)
					}
				})
			}
		})
	}
}

func TestTwentyErrorsComeBackAndTheNumberOfTheRest(t *testing.T) {
	for _, tc := range []struct {
		bad  int
		tail string
	}{{20, ""}, {21, "\n… and 1 more error"}, {3000, "\n… and 2980 more errors"}} {
		text := "title,year\n" + strings.Repeat("A,soon\n", tc.bad)
		bad := refuse(t, absent(t), text)
		if len(bad.Errors) != 20 || bad.Errors[19].Line != 21 || bad.Total != tc.bad || bad.Rejected != tc.bad || bad.Rows != tc.bad {
			t.Errorf("%d bad rows: got %d errors of %d, %d of %d rows", tc.bad, len(bad.Errors), bad.Total, bad.Rejected, bad.Rows)
		}
		if lines := strings.Count(bad.Error(), "\n"); !strings.HasSuffix(bad.Error(), tc.tail) || lines != 20+strings.Count(tc.tail, "\n") {
			t.Errorf("%d bad rows: got\n%s\nwant %q at the end", tc.bad, bad, tc.tail)
		}
	}
}

// TestEveryBadRowIsFoundInTheOrderOfTheFile: whether its cells are wrong or the
// catalog contradicts it, in whatever batch, after other bad rows.
func TestEveryBadRowIsFoundInTheOrderOfTheFile(t *testing.T) {
	o := present(t, "title,year,director\nOld,1972,Al A\n")
	addPersons(t, o, "Al A") // a second one
	var b strings.Builder
	line := 1
	add := func(rows ...string) {
		for _, r := range rows {
			fmt.Fprintln(&b, r)
			line++
		}
	}
	fill := func(until int) {
		for line < until {
			add("Filler,1900,")
		}
	}
	add("title,year,director") // 1
	line = 1
	add("Old,1972,Bo B", "A,soon,", "Old,,", "short", "C,1999,Al A", "B,1999,Bo B") // 2 to 7
	fill(batchRows + 100)
	add("B,1999,Cy C", "C,later,", "Old,1972,Bo B", "D,1999,Al A")
	fill(2*batchRows + 100)
	add("E,2001,Al A", "B,1999,Di D", "never,x,")
	bad := refuse(t, o, b.String())
	want := []string{
		"2  is not movie 1", "3 year soon", "4  could be movie 1", "5  the row has 1 cell", "6 director fits person 1",
		fmt.Sprintf("%d  is not the film of an earlier row", batchRows+101), fmt.Sprintf("%d year later", batchRows+102),
		fmt.Sprintf("%d  is not movie 1", batchRows+103), fmt.Sprintf("%d director fits person 1", batchRows+104),
		fmt.Sprintf("%d director fits person 1", 2*batchRows+101), fmt.Sprintf("%d  is not the film of an earlier row", 2*batchRows+102),
		fmt.Sprintf("%d year x", 2*batchRows+103),
	}
	var got []string
	for i, e := range bad.Errors {
		s := fmt.Sprintf("%d %s %s", e.Line, e.Column, e.Reason)
		if i < len(want) {
			if w := strings.SplitN(want[i], " ", 3); strings.HasPrefix(s, w[0]+" "+w[1]+" ") && strings.Contains(e.Reason, w[2]) {
				s = want[i]
			}
		}
		got = append(got, s)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if bad.Rejected != len(want) || bad.Total != len(want) || bad.Rows != line-1 {
		t.Errorf("got %d errors, %d of %d rows, want %d of %d", bad.Total, bad.Rejected, bad.Rows, len(want), line-1)
	}
}

// TestEarlyErrorsAreKeptBeforeLateOnes: a file with more errors in its later
// cells than are kept still shows what the catalog says about its first row.
func TestEarlyErrorsAreKeptBeforeLateOnes(t *testing.T) {
	o := present(t, "title,year\nOld,1972\n")
	bad := refuse(t, o, "title,year\nOld,\n"+strings.Repeat("A,soon\n", 5000))
	if bad.Errors[0].Line != 2 || bad.Errors[19].Line != 21 || bad.Total != 5001 {
		t.Errorf("got lines %d to %d of %d errors", bad.Errors[0].Line, bad.Errors[19].Line, bad.Total)
	}
}

func TestRejectionIsAnInvalidValueAndHarmless(t *testing.T) {
	const hostile = "\x1b[2J\u202e"
	src := file("title,ye\x1bar,director\n\"" + hostile + "\",1,\nx\u202e,,A\n")
	src.Name = hostile
	o := present(t, "title,year\nx\u202e,1999\n")
	_, err := Movies(t.Context(), o, src)
	var bad *RejectedError
	if !errors.As(err, &bad) || bad.Rejected != 2 {
		t.Fatalf("got %v", err)
	}
	if strings.ContainsAny(bad.Error(), hostile[:1]+"\u202e") {
		t.Errorf("got %q", bad.Error())
	}
	for _, e := range bad.Errors {
		if !errors.Is(e, catalog.ErrInvalid) {
			t.Errorf("%v is not ErrInvalid", e)
		}
	}
}
