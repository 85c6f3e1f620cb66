package form

import (
	"slices"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestKeysThatFit(t *testing.T) {
	keys := []string{"enter next", "ctrl+j new line", "ctrl+e editor", moveBack, "ctrl+s save", "esc leave"}
	for width, want := range map[int]string{
		100: "enter next · ctrl+j new line · ctrl+e editor · shift+tab back · ctrl+s save · esc leave",
		80:  "enter next · ctrl+j new line · ctrl+e editor · ctrl+s save · esc leave",
		40:  "ctrl+e editor · ctrl+s save · esc leave",
		10:  "esc leave",
		5:   "esc …",
	} {
		if got := keyLine(width, slices.Clone(keys)...); got != want {
			t.Errorf("%d: %q, want %q", width, got, want)
		}
	}
}

func TestTextsThatFit(t *testing.T) {
	path := "/a/very/long/path/to/a/directory/of/pictures/poster.png"
	for _, tt := range []struct {
		text     string
		width, n int
		want     []string
	}{
		{"", 40, 2, nil},
		{"short", 40, 2, []string{"short"}},
		{"two\nlines", 9, 2, []string{"two lines"}},
		{"Poster: " + path + ": no such file or directory", 40, 2,
			[]string{"Poster: /a/very/long/pa…res/poster.png:", "no such file or directory"}},
		{"a\x1bb", 40, 2, []string{catalog.Visible("a\x1bb")}},
		{strings.Repeat("word ", 30), 20, 2, []string{"word word word word", "word word word word…"}},
	} {
		got := fitting(tt.text, tt.width, tt.n)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
	for _, text := range []string{path, strings.Repeat("東京", 5000), strings.Repeat("é👩‍👩‍👧 ", 300), strings.Repeat("x", 100_000) + " end"} {
		for _, width := range []int{1, 2, 10, 40, 80} {
			lines := fitting(text, width, 2)
			for _, line := range lines {
				if len(lines) > 2 || displaywidth.String(line) > max(width, 2) {
					t.Errorf("%d of %.20q: %q", width, text, lines)
				}
			}
		}
	}
}
