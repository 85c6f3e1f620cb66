package catalog

import (
	"strings"
	"testing"
)

func TestDistanceCountsEditsUpToABound(t *testing.T) {
	for _, test := range []struct {
		a, b string
		most int
		want int
	}{
		{"", "", 0, 0},
		{"alien", "alien", 0, 0},
		{"alien", "aliens", 2, 1},
		{"aliens", "alien", 2, 1},
		{"alien", "alein", 2, 1},
		{"alien", "olien", 2, 1},
		{"alien", "predator", 2, 3},
		{"alien", "predator", 9, 8},
		{"ab", "ba", 0, 1},
		{"ca", "abc", 5, 3},
		{"", "abc", 5, 3},
		{"", "abc", 1, 2},
		{"amélie", "amelie", 2, 1},
		{"七人の侍", "七人の待", 1, 1},
		{strings.Repeat("x", 200), strings.Repeat("x", 199) + "y", 3, 1},
		{strings.Repeat("ab", 100), strings.Repeat("ba", 100), 300, 2},
	} {
		if got := Distance(test.a, test.b, test.most); got != test.want {
			t.Errorf("Distance(%q, %q, %d) = %d, want %d", test.a, test.b, test.most, got, test.want)
		}
	}
}

func FuzzDistance(f *testing.F) {
	f.Add("alien", "aliens", 2)
	f.Add("", "abc", 1)
	f.Add("ab", "ba", 0)
	f.Fuzz(func(t *testing.T, a, b string, most int) {
		if len(a)+len(b) > 400 || most < 0 || most > 1000 {
			return
		}
		want := slowDistance([]rune(a), []rune(b))
		if want > most {
			want = most + 1
		}
		if got := Distance(a, b, most); got != want {
			t.Errorf("Distance(%q, %q, %d) = %d, want %d", a, b, most, got, want)
		}
		if got := Distance(b, a, most); got != want {
			t.Errorf("Distance(%q, %q, %d) = %d, want %d", b, a, most, got, want)
		}
	})
}

// slowDistance is the textbook form of Distance without a bound.
func slowDistance(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
				continue
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func BenchmarkDistance(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		Distance("the empire strikes back", "teh empire strike back", 3)
	}
}
