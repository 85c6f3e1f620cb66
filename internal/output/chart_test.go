package output

import (
	"math"
	"strings"
	"testing"
)

// charts prints charts.
func charts(t *testing.T, p Printer, plain bool, cs ...Chart) string {
	t.Helper()
	var b strings.Builder
	p.Out = &b
	if err := PrintCharts(&p, plain, cs); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func decadesChart() Chart {
	return Chart{Title: "Movies by decade", Text: "median 106, mean 104.5, from 1 to 32,118,577,625", Bars: []Bar{
		{Label: "1970s", Value: 1234567}, {Label: "1980s", Value: 617284}, {Label: "1990s"}, {Label: "2000s", Value: 1}, {Label: "unknown", Value: 154321}}}
}

func sizeChart() Chart {
	return Chart{Title: "Size in bytes", Bars: []Bar{{Label: "database", Value: 426397696, Note: "407 MiB"}, {Label: "files", Note: "0 B in 0 files"}}}
}

func TestCharts(t *testing.T) {
	tests := []struct {
		width int
		plain bool
		want  string
	}{
		{40, false, `
Movies by decade
  median 106, mean 104.5, from 1 to
  32,118,577,625
  1970s    1,234,567  ██████████████████
  1980s      617,284  █████████
  1990s            0
  2000s            1  ▏
  unknown    154,321  ██▎

Size in bytes
  database  426,397,696  407 MiB
  files               0  0 B in 0 files
`},
		{40, true, `
Movies by decade
  median 106, mean 104.5, from 1 to
  32,118,577,625
  1970s    1,234,567  ##################
  1980s      617,284  #########
  1990s            0
  2000s            1  #
  unknown    154,321  ##

Size in bytes
  database  426,397,696  407 MiB
  files               0  0 B in 0 files
`},
		{24, false, `
Movies by decade
  median 106, mean
  104.5, from 1 to
  32,118,577,625
  1970s    1,234,567  ██
  1980s      617,284  █
  1990s            0
  2000s            1  ▏
  unknown    154,321  ▎

Size in bytes
  database  426,397,696
  files               0
`},
		{0, false, `
Movies by decade
  median 106, mean 104.5, from 1 to 32,118,577,625
  1970s    1,234,567  ` + strings.Repeat("█", 58) + `
  1980s      617,284  ` + strings.Repeat("█", 29) + `
  1990s            0
  2000s            1  ▏
  unknown    154,321  ███████▎

Size in bytes
  database  426,397,696  407 MiB
  files               0  0 B in 0 files
`},
		{200, false, `
Movies by decade
  median 106, mean 104.5, from 1 to 32,118,577,625
  1970s    1,234,567  ` + strings.Repeat("█", 178) + `
  1980s      617,284  ` + strings.Repeat("█", 89) + `
  1990s            0
  2000s            1  ▏
  unknown    154,321  ` + strings.Repeat("█", 22) + `▎

Size in bytes
  database  426,397,696  407 MiB
  files               0  0 B in 0 files
`},
	}
	for _, tt := range tests {
		got := charts(t, Printer{Width: tt.width}, tt.plain, decadesChart(), Chart{Title: "Nothing"}, sizeChart())
		if got != strings.TrimPrefix(tt.want, "\n") {
			t.Errorf("width %d, plain %t:\ngot\n%s\nwant%s", tt.width, tt.plain, got, tt.want)
		}
	}
	if got := charts(t, Printer{Width: 80}, false); got != "" {
		t.Errorf("no charts: %q", got)
	}
}

func TestBarsInEighths(t *testing.T) {
	for eighths, want := range map[float64]string{0: "", 0.1: "▏", 1: "▏", 2: "▎", 3: "▍", 4: "▌", 5: "▋", 6: "▊", 7: "▉", 8: "█", 9: "█▏", 24: "███", 30: "███"} {
		if got := drawn(eighths/24, 3, false); got != want {
			t.Errorf("%g eighths: %q, want %q", eighths, got, want)
		}
	}
	for _, share := range []float64{math.NaN(), -1, 0} { // 0 of 0 is not a number
		if drawn(share, 10, false) != "" || drawn(share, 10, true) != "" {
			t.Errorf("a bar for %g", share)
		}
	}
	if drawn(1, 0, false) != "" || drawn(1, 0, true) != "" {
		t.Error("a bar without room")
	}
}

// TestAFullBarStandsForAll, where that is said.
func TestAFullBarStandsForAll(t *testing.T) {
	got := charts(t, Printer{Width: 32}, true, Chart{Title: "Movies without", Full: 8, Bars: []Bar{{Label: "poster", Value: 4}, {Label: "cast", Value: 8}}})
	if want := "Movies without\n  poster  4  ##########\n  cast    8  ###################\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestChartsLineUpWithinTheWidth(t *testing.T) {
	c := Chart{Title: "Title \x1b[31m " + strings.Repeat("長", 150), Text: "about \x1b[31m"}
	for i, s := range nastyTexts() {
		c.Bars = append(c.Bars, Bar{Label: s, Value: int64(i * i * i * 977)})
	}
	c.Bars = append(c.Bars, Bar{Label: "note", Value: 3, Note: strings.Repeat("長\x07", 100)})
	for _, width := range []int{200, 132, 80, 60, 40, 20, 7, 1} {
		for _, color := range []bool{false, true} {
			for _, plain := range []bool{false, true} {
				out := charts(t, Printer{Width: width, Color: color}, plain, c)
				lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
				if bare, ok := strings.CutPrefix(lines[0], "\x1b[1m"); ok != color {
					t.Errorf("heading %q with colour %t", lines[0], color)
				} else {
					lines[0] = strings.TrimSuffix(bare, "\x1b[0m")
				}
				for _, line := range lines {
					wantHarmless(t, line)
					if w := cellsOf(line); w > width {
						t.Errorf("width %d: line of %d cells: %s", width, w, line)
					}
				}
				if width < 40 {
					continue
				}
				bars := lines[len(lines)-len(c.Bars):]
				end := 0 // the cell at which the numbers end, in all lines the same
				for i, line := range bars[2 : len(bars)-1] {
					at := strings.LastIndexAny(line, "0123456789") + 1
					if w := cellsOf(line[:at]); i > 0 && w != end {
						t.Errorf("width %d: a number ends at cell %d, another at %d: %s", width, end, w, line)
					} else {
						end = w
					}
					if cut := strings.TrimLeft(line[at:], "#█▏▎▍▌▋▊▉ "); cut != "" || !strings.HasPrefix(line[at:], "  ") {
						t.Errorf("width %d: behind the number: %q", width, line[at:])
					}
				}
				if longest := cellsOf(bars[len(bars)-2]); longest != width {
					t.Errorf("width %d: the longest bar ends at %d", width, longest)
				}
			}
		}
	}
}
