package catalog

import (
	"fmt"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/fuzzkit"
)

// addTexts gives a fuzzer of texts its seeds: each text as it is, texts known to
// do harm, and a few shapes for build.
func addTexts(f *testing.F, texts ...string) {
	for _, list := range [][]string{texts, fuzzkit.Hostile(), fuzzkit.Shared(f)} {
		for _, s := range list {
			f.Add([]byte(nil), s)
		}
	}
	for i := range 16 {
		shape := make([]byte, 12)
		for j := range shape {
			shape[j] = byte(i*37 + j*i*11)
		}
		f.Add(shape, "x")
	}
}

// textOf is the text of an input of such a fuzzer: the raw text, or one that
// build makes after the shape, which is likely to be accepted.
func textOf(shape []byte, raw string, build func(s *fuzzkit.Source, raw string) string) string {
	if len(shape) == 0 {
		return raw
	}
	return build(fuzzkit.From(shape), raw)
}

// around puts white space, and rarely something else, around a text.
func around(s *fuzzkit.Source, text, raw string) string {
	before, after := fuzzkit.Pick(s, "", "", "", " ", "\t", "\u00a0"), fuzzkit.Pick(s, "", "", "", " ", "\n", "\u3000")
	if s.N(16) == 15 {
		after += raw
	}
	return before + text + after
}

// dateText makes something like a date.
func dateText(s *fuzzkit.Source, raw string) string {
	dash := fuzzkit.Pick(s, "-", "-", "-", "-", "-", "-", "/", "‐")
	text := fmt.Sprintf(fuzzkit.Pick(s, "%04d", "%04d", "%04d", "%d"), 1780+s.N(440))
	for range s.N(3) {
		text += dash + fmt.Sprintf(fuzzkit.Pick(s, "%02d", "%02d", "%02d", "%d"), s.N(33))
	}
	return around(s, text, raw)
}

// yearsText makes something like a range of years.
func yearsText(s *fuzzkit.Source, raw string) string {
	year := func() string { return fuzzkit.Pick(s, "", fmt.Sprint(1790+s.N(420)), fmt.Sprint(1990+s.N(30))) }
	return around(s, year()+fuzzkit.Pick(s, "..", "..", "..", " .. ", "", "-")+year(), raw)
}

// wholeText makes something like a whole number.
func wholeText(s *fuzzkit.Source, raw string) string {
	text := fuzzkit.Pick(s, "", "", "", "0", "-", "+")
	for range 1 + s.N(20) {
		text += fmt.Sprint(s.N(10))
	}
	return around(s, text, raw)
}

// durationText makes something like a duration.
func durationText(s *fuzzkit.Source, raw string) string {
	n := func(most int) string {
		return fmt.Sprintf(fuzzkit.Pick(s, "%d", "%02d", "%03d"), s.N(most)) + fuzzkit.Pick(s, "", "", "", "", "", "", "", "", "", ".0", ".00", ".", ".5")
	}
	gap := fuzzkit.Pick(s, "", " ", "\u00a0", "  ")
	hours, minutes := gap+fuzzkit.Pick(s, "h", "h", "hr", "hrs", "Hours", "hour", "H", "std"), gap+fuzzkit.Pick(s, "m", "m", "min", "MINS", "minutes", "minute", "M", "s")
	var text string
	switch s.N(6) {
	case 0:
		text = n(1000)
	case 1:
		text = n(65536) + minutes
	case 2:
		text = n(12) + hours + gap + n(70) + minutes
	case 3:
		text = n(40) + hours
	case 4:
		text = n(12) + ":" + fmt.Sprintf("%02d", s.N(70))
	default:
		text = "PT" + n(5) + "H" + n(70) + "M"
	}
	return around(s, text, raw)
}

// budgetText makes something like an amount of money.
func budgetText(s *fuzzkit.Source, raw string) string {
	text := fmt.Sprint(s.N(1000))
	separator := fuzzkit.Pick(s, ",", ",", ",", "", "", ".", " ")
	for range s.N(6) {
		text += separator + fmt.Sprintf(fuzzkit.Pick(s, "%03d", "%03d", "%03d", "%03d", "%d"), s.N(1000))
	}
	if s.N(3) == 0 {
		text += fuzzkit.Pick(s, ".", ".", ".", ",") + fmt.Sprint(s.N(65536))
	}
	text = fuzzkit.Pick(s, "", "", "$", "€", "USD ", "usd", "£ ", "-", "R$") + text + fuzzkit.Pick(s, "", "", "", "", "", "", "M", "e3", " USD")
	return around(s, text, raw)
}

// nameText makes something like the name of a person.
func nameText(s *fuzzkit.Source, raw string) string {
	var words []string
	for range 1 + s.N(6) {
		words = append(words, fuzzkit.Pick(s, "Ada", "von", "van", "der", "de", "La", "The", "the", "y", "i", "V", "III", "Jr.", "Jr", "Sr.",
			"O'Neil", "Joon-ho", "ibn", "黒澤", "明", "Łukasz", "(I)", "mc", "Dr.", "d'", "e", "Ö", "ß", "(1996)", raw)+fuzzkit.Pick(s, "", "", "", "", "", ",", ",", "."))
	}
	return around(s, strings.Join(words, fuzzkit.Pick(s, " ", " ", "  ", "\u00a0", "\u3000")), "")
}
