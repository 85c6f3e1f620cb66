package output

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"github.com/mattn/go-runewidth"
)

// cellsOf measures text with the second library.
func cellsOf(s string) int {
	c := runewidth.NewCondition()
	c.EastAsianWidth = false
	return c.StringWidth(s)
}

// nastyTexts are hard to align. Both width libraries agree on each: other emoji
// (keycaps, text symbols with VS16) and Indic scripts are counted differently
// from library to library and from terminal to terminal.
func nastyTexts() []string {
	return []string{
		"plain",
		"千と千尋の神隠し",
		"기생충 (パラサイト)",
		"ﾊﾝｶｸ half width",
		"family \U0001F468\u200d\U0001F469\u200d\U0001F467\u200d\U0001F466 and \U0001F9D1\U0001F3FD\u200d\U0001F680",
		"flags \U0001F1E9\U0001F1EA\U0001F1EF\U0001F1F5 \U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F",
		"Ame\u0301lie Z\u0351\u036b\u0343\u036aa\u0302\u033clgo",
		"فيلم عربي قصير",
		"סרט עברי",
		strings.Repeat("five hundred characters. ", 20),
		strings.Repeat("長", 300),
		"esc \x1b[31mred\x1b[0m \x1b]0;title\x07",
		"bidi \u202egnp.exe\u202c \u2066x\u2069",
		"tab\tnewline\nreturn\r\x7f\u0085\u009b",
		"\xff\xfe not UTF-8",
		"ambiguous … ± § ☆ Ω",
		"trailing   ",
		"\u0301 a mark first",
	}
}

// nastyFilms has a film for each text, in the places of all text columns.
func nastyFilms() []tFilm {
	var films []tFilm
	texts := nastyTexts()
	for i, s := range texts {
		other := texts[(i+5)%len(texts)]
		films = append(films, tFilm{
			ID: int64(i*i*i*97 + 1), Title: s, ReleaseDate: ptr("1999-03-31"), Duration: ptr(90 + i),
			Country: &tRef{1, other}, Director: &tRef{2, s}, Genres: []tRef{{1, "Drama"}, {2, other}},
		})
	}
	return films
}

func TestWidthLibrariesAgreeOnTheNastyTexts(t *testing.T) {
	for _, s := range nastyTexts() {
		v := visible(s)
		if a, b := displaywidth.String(v), cellsOf(v); a != b {
			t.Errorf("%q: %d and %d cells", v, a, b)
		}
	}
}

// startsAt tells whether something begins at cell at of a line, after a gap.
func startsAt(line string, at int) bool {
	for i := range line {
		if i > 0 && line[i] != ' ' && strings.HasSuffix(line[:i], " ") && cellsOf(line[:i]) == at {
			return true
		}
	}
	return at == 0
}

// endsAt tells whether something ends before cell at of a line.
func endsAt(line string, at int) bool {
	for i := range line {
		if i > 0 && line[i] == ' ' && line[i-1] != ' ' && cellsOf(line[:i]) == at {
			return true
		}
	}
	return cellsOf(line) == at
}

func TestTableLinesUpWithinTheWidth(t *testing.T) {
	cols := []string{"id", "title", "release_date", "duration", "country", "director", "genres"}
	for _, width := range []int{0, 200, 132, 80, 60, 40} {
		for _, color := range []bool{false, true} {
			out := list(t, Printer{Format: Table, Width: width, Color: color}, cols, nastyFilms()...)
			lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
			if len(lines) != len(nastyTexts())+1 {
				t.Fatalf("width %d: %d lines, want one a record", width, len(lines))
			}
			head := lines[0]
			if color {
				bare, ok := strings.CutPrefix(head, "\x1b[1m")
				bare, ok2 := strings.CutSuffix(bare, "\x1b[0m")
				if !ok || !ok2 {
					t.Errorf("heading is not bold: %q", head)
				}
				head = bare
			}
			starts := map[string]int{}
			for _, label := range []string{"TI", "RE", "CO", "DI", "GE"} { // columns of text, aligned left
				starts[label] = cellsOf(head[:strings.Index(head, "  "+label)]) + 2
			}
			for _, line := range lines[1:] {
				wantHarmless(t, line)
				if w := cellsOf(line); width > 0 && w > width {
					t.Errorf("width %d: line of %d cells: %s", width, w, line)
				}
				if strings.HasSuffix(line, " ") {
					t.Errorf("width %d: trailing space: %q", width, line)
				}
				for label, at := range starts {
					if !startsAt(line, at) {
						t.Errorf("width %d: %s does not begin at cell %d:\n%s\n%s", width, label, at, head, line)
					}
				}
				for _, label := range []string{"TI", "CO"} { // right of the numbers
					if at := starts[label] - 2; !endsAt(line, at) {
						t.Errorf("width %d: no number ends at cell %d:\n%s\n%s", width, at, head, line)
					}
				}
			}
		}
	}
}

func TestTable(t *testing.T) {
	films := []tFilm{solaris(), {ID: 1234567, Title: "Wings of Desire", ReleaseDate: ptr("1987"), Budget: ptr(2.5), Director: &tRef{2, "Wim Wenders"}}}
	cols := []string{"id", "title", "release_date", "director", "budget", "seen"}
	tests := []struct {
		width int
		want  string
	}{
		{0, `
     ID  TITLE            RELEASE DATE  DIRECTOR           BUDGET  SEEN
     12  Solaris          1972-03-20    Andrei Tarkovsky  1000000  true
1234567  Wings of Desire  1987          Wim Wenders           2.5  false
`},
		{66, `
     ID  TITLE            RELEASE D…  DIRECTOR       BUDGET  SEEN
     12  Solaris          1972-03-20  Andrei Tark…  1000000  true
1234567  Wings of Desire  1987        Wim Wenders       2.5  false
`},
		{50, `
     ID  TITLE   RELEASE D…  DIRE…   BUDGET  SEEN
     12  Solar…  1972-03-20  Andr…  1000000  true
1234567  Wings…  1987        Wim …      2.5  false
`},
		{30, `
     ID T… RELE… … BUDG… SEEN
     12 S… 1972… … 1000… true
1234567 W… 1987  …   2.5 false
`},
		{8, `
ID … … …
12 … … …
1… … … …
`},
	}
	for _, tt := range tests {
		got := list(t, Printer{Format: Table, Width: tt.width}, cols, films...)
		if got != tt.want[1:] {
			t.Errorf("width %d:\n%swant\n%s", tt.width, got, tt.want[1:])
		}
	}
	if got := list[tFilm](t, Printer{Format: Table, Color: true}, cols); got != "" {
		t.Errorf("no rows: %q", got)
	}
}

func TestTableFields(t *testing.T) {
	p := Printer{Format: Table, Fields: []string{"genres.id", "director.name", "id", "id"}}
	want := "GENRES ID  DIRECTOR NAME     ID  ID\n1, 2       Andrei Tarkovsky  12  12\n"
	if got := list(t, p, nil, solaris()); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestTableIsNotClippedWithoutAWidth(t *testing.T) {
	long := strings.Repeat("long ", 100) + "end"
	got := list(t, Printer{Format: Table, Terminal: true}, []string{"title", "id"}, tFilm{ID: 1, Title: long})
	if !strings.Contains(got, long) || strings.Contains(got, "…") {
		t.Errorf("clipped: %s", got)
	}
}

func TestFitNeverExceedsTheWidth(t *testing.T) {
	for n := 1; n < 15; n++ {
		var spans []span
		for i := range n {
			spans = append(spans, span{full: 3 + i*i%50, data: 2 + i*i%50, rigid: i%3 == 1, id: i == 0})
		}
		for width := 1; width < 300; width++ {
			widths, gap := fit(spans, width)
			sum := gap * (len(widths) - 1)
			need := 2 * (n - 1)
			for i, w := range widths {
				sum += w
				if w < 1 || w > spans[i].full {
					t.Fatalf("%d columns in %d: width %d of %d", n, width, w, spans[i].full)
				}
			}
			for _, s := range spans {
				need += s.full
			}
			if sum > width || need <= width && sum != need || len(widths) == 0 {
				t.Fatalf("%d columns that need %d in %d: %v, gap %d", n, need, width, widths, gap)
			}
			if need > width && gap == 2 && sum != width {
				t.Errorf("%d columns that need %d in %d leave %d cells unused: %v", n, need, width, width-sum, widths)
			}
		}
	}
}

func TestFitTakesFromTheWidestTextFirst(t *testing.T) {
	spans := []span{
		{full: 8, data: 8, id: true, rigid: true}, {full: 60, data: 60}, {full: 10, data: 10, rigid: true}, {full: 12, data: 12}, {full: 8, data: 3, rigid: true},
	}
	for width, want := range map[int]string{
		106: "[8 60 10 12 8] 2",
		76:  "[8 30 10 12 8] 2",
		57:  "[8 12 10 11 8] 2",
		54:  "[8 10 10 10 8] 2",
		50:  "[8 10 10 10 4] 2",
		40:  "[8 6 10 5 3] 2",
		35:  "[8 3 10 3 3] 2",
		31:  "[8 3 6 3 3] 2",
		20:  "[8 1 3 1 3] 1",
	} {
		widths, gap := fit(spans, width)
		if got := fmt.Sprint(widths, gap); got != want {
			t.Errorf("width %d: %s, want %s", width, got, want)
		}
	}
}

func FuzzTable(f *testing.F) {
	for i, s := range nastyTexts() {
		f.Add(s, nastyTexts()[(i+3)%len(nastyTexts())], uint8(10*i))
	}
	f.Add("\ufe0f", "a \ufe0fb\u0600 ", uint8(20))
	f.Fuzz(func(t *testing.T, a, b string, w uint8) {
		width := max(int(w), 20)
		d := tDetail{tFilm: tFilm{ID: 7, Title: a, Description: &b, Director: &tRef{1, b}}, Tags: []string{a, b}, Cast: []tPart{{Name: a, Actor: &tRef{2, b}}}}
		p := Printer{Format: Table, Width: width}
		table := list(t, p, columnsOfFilm(), d, d)
		if strings.Count(table, "\n") != 3 {
			t.Fatalf("not a line a record: %q", table)
		}
		for _, out := range []string{table, show(t, p, nil, d)} {
			wantHarmless(t, out)
			if !utf8.ValidString(out) {
				t.Fatalf("not UTF-8: %q", out)
			}
			for line := range strings.SplitSeq(out, "\n") {
				if n := displaywidth.String(line); n > width {
					t.Fatalf("%d cells of %d: %q", n, width, line)
				}
				if strings.HasSuffix(line, " ") {
					t.Fatalf("trailing space: %q", line)
				}
			}
		}
		wantHarmless(t, list(t, Printer{Format: Table}, nil, d))
	})
}
