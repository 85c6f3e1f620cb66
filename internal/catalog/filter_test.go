package catalog_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestDurationsAreReadAsRanges(t *testing.T) {
	for text, want := range map[string]catalog.Durations{
		"90": {From: 90, To: 90}, "90..120": {From: 90, To: 120}, " 1h30m .. 2:00 ": {From: 90, To: 120}, "..90": {To: 90}, "150..": {From: 150},
		"PT1H..PT1H": {From: 60, To: 60},
	} {
		var d, again catalog.Durations
		if err := d.Set(text); err != nil || d != want {
			t.Errorf("%q: got %+v, want %+v, %v", text, d, want, err)
		}
		if err := again.Set(d.String()); err != nil || again != d {
			t.Errorf("%q is written %q and read back as %+v, %v", text, d.String(), again, err)
		}
	}
	for _, text := range []string{"", " ", "..", "long", "0", "90..0", "120..90", "90...120", "1..2..3", "-5.."} {
		d := catalog.Durations{From: 7}
		if err := d.Set(text); !errors.Is(err, catalog.ErrInvalid) || d.From != 7 {
			t.Errorf("%q: %+v, %v", text, d, err)
		}
	}
	if s := (catalog.Durations{}).String(); s != "" {
		t.Errorf("the zero value is written %q", s)
	}
}

func TestBudgetsAreReadAsRanges(t *testing.T) {
	n := func(f float64) *float64 { return &f }
	for text, want := range map[string]catalog.Budgets{
		"0": {From: n(0), To: n(0)}, "..0": {To: n(0)}, "0..": {From: n(0)}, "12.5..$1,000": {From: n(12.5), To: n(1000)}, "5..5": {From: n(5), To: n(5)},
	} {
		var b, again catalog.Budgets
		if err := b.Set(text); err != nil || !reflect.DeepEqual(b, want) {
			t.Errorf("%q: got %s, want %s, %v", text, b, want, err)
		}
		if err := again.Set(b.String()); err != nil || !reflect.DeepEqual(again, b) {
			t.Errorf("%q is written %q and read back as %s, %v", text, b.String(), again, err)
		}
	}
	for _, text := range []string{"", "..", "much", "5..4", "-1..", "1,00.."} {
		var b catalog.Budgets
		if err := b.Set(text); !errors.Is(err, catalog.ErrInvalid) || b != (catalog.Budgets{}) {
			t.Errorf("%q: %s, %v", text, b, err)
		}
	}
}

func TestParseWords(t *testing.T) {
	got, err := catalog.ParseWords("Poster, release-date", catalog.MovieGaps())
	if err != nil || !slices.Equal(got, []string{"poster", "release_date"}) {
		t.Errorf("got %q, %v", got, err)
	}
	for _, text := range []string{"", "poster,", "rating", "poster director"} {
		if got, err := catalog.ParseWords(text, catalog.MovieGaps()); !errors.Is(err, catalog.ErrInvalid) || got != nil {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
}

func TestPhrasesThatAreInATitle(t *testing.T) {
	for _, c := range []struct {
		text, title string
		want        bool
	}{
		{"solaris", "Solaris", true}, {"sol", "Solaris", true}, {"laris", "Solaris", false}, {"sol solaris", "Solaris", false},
		{"odyssey space", "2001: A Space Odyssey", true}, {"a s", "2001: A Space Odyssey", true}, {"spa odyssey", "2001: A Space Odyssey", false},
		{"amelie", "Amélie", true}, {"AMÉLIE", "amelie", true}, {"strasse", "Die Straße", true}, {"wall-e", "WALL·E", true}, {"wall e", "E-Wall", true},
		{"wall-e", "E-Wall", false}, {"神隠", "千と千尋の神隠し", true}, {"隠神", "千と千尋の神隠し", false}, {"c++", "Catch", true}, {"AC/DC", "Let There Be Rock: AC/DC", true},
		{"what's", "What's Up, Doc?", true}, {"(500) days", "(500) Days of Summer", true}, {`"the" *`, "The", true}, {"love", "Glove", false},
	} {
		phrases := catalog.Phrases(c.text)
		if got := catalog.MatchPhrases(phrases, c.title); got != c.want {
			t.Errorf("%q in %q: %t; phrases %q", c.text, c.title, got, phrases)
		}
	}
	for _, text := range []string{"", "?!", "*", strings.Repeat(" ", 3), `"`} {
		if got := catalog.Phrases(text); got != nil {
			t.Errorf("%q has phrases %q", text, got)
		}
	}
}
