package catalog

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/fuzzkit"
)

func TestParseDateTakesYearMonthOrDay(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"1999", "1999"},
		{" 1999\n", "1999"},
		{"1999-03", "1999-03"},
		{"1999-03-31", "1999-03-31"},
		{"2000-02-29", "2000-02-29"},
		{"1800", "1800"},
		{"2200-12-31", "2200-12-31"},
	} {
		got, err := ParseDate(test.in)
		if got != test.want || err != nil {
			t.Errorf("ParseDate(%q) = %q, %v, want %q", test.in, got, err, test.want)
		}
	}
}

func TestParseDateSaysWhatIsWrong(t *testing.T) {
	const shape = " is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"
	for in, want := range map[string]string{
		"":            `""` + shape,
		"03/04/1991":  `"03/04/1991"` + shape,
		"1999-3":      `"1999-3"` + shape,
		"1999-03-":    `"1999-03-"` + shape,
		"1999-03-3":   `"1999-03-3"` + shape,
		"19990331":    `"19990331"` + shape,
		"1999 03 31":  `"1999 03 31"` + shape,
		"-999":        `"-999"` + shape,
		"+999":        `"+999"` + shape,
		"١٩٩٩":        `"١٩٩٩"` + shape,
		"1999–03":     `"1999–03"` + shape,
		"0x7c":        `"0x7c"` + shape,
		"1999-02-30":  `"1999-02-30" is not a date: February 1999 has 28 days`,
		"1900-02-29":  `"1900-02-29" is not a date: February 1900 has 28 days`,
		"2024-02-30":  `"2024-02-30" is not a date: February 2024 has 29 days`,
		"1999-04-31":  `"1999-04-31" is not a date: April 1999 has 30 days`,
		"1999-12-32":  `"1999-12-32" is not a date: December 1999 has 31 days`,
		"1999-13":     `"1999-13" is not a date: there is no month 13`,
		"1999-00-31":  `"1999-00-31" is not a date: there is no month 0`,
		"1999-03-00":  `"1999-03-00" is not a date: there is no day 0`,
		"1799":        `"1799" is not a date of the catalog: years go from 1800 to 2200`,
		"2201-01-01":  `"2201-01-01" is not a date of the catalog: years go from 1800 to 2200`,
		"0000":        `"0000" is not a date of the catalog: years go from 1800 to 2200`,
		"1999\x1b[2J": `"1999\x1b[2J"` + shape,
	} {
		got, err := ParseDate(in)
		if got != "" || !errors.Is(err, ErrInvalid) || err.Error() != want {
			t.Errorf("ParseDate(%q) = %q, %v, want the error %s", in, got, err, want)
		}
	}
}

func TestYearIsThatOfTheDate(t *testing.T) {
	for in, want := range map[string]int{
		"1999": 1999, "1999-03": 1999, "1999-03-31": 1999,
		"": 0, "abcd": 0, "199": 0, "1999-": 0, "1999-xx": 0, "1999-03-xx": 0, "1999/03/31": 0, "19990331": 0,
	} {
		if got := Year(in); got != want {
			t.Errorf("Year(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestYearsReadsRanges(t *testing.T) {
	for _, test := range []struct {
		in   string
		want Years
		text string
	}{
		{"1999", Years{1999, 1999}, "1999"},
		{"1990..1999", Years{1990, 1999}, "1990..1999"},
		{"1999..1999", Years{1999, 1999}, "1999"},
		{"..1950", Years{0, 1950}, "..1950"},
		{"2000..", Years{2000, 0}, "2000.."},
		{" 1990 .. 1999 ", Years{1990, 1999}, "1990..1999"},
	} {
		var got Years
		if err := got.Set(test.in); err != nil || got != test.want {
			t.Errorf("Set(%q) = %v, %v, want %v", test.in, got, err, test.want)
		}
		if got.String() != test.text {
			t.Errorf("%#v.String() = %q, want %q", got, got.String(), test.text)
		}
	}
	if got := (Years{}).String(); got != "" {
		t.Errorf("the zero value prints as %q", got)
	}
	if got := (Years{}).Type(); got != "years" {
		t.Errorf("Type() = %q, want years", got)
	}
}

func TestYearsRefusesWhatIsNoRange(t *testing.T) {
	const shape = " is not a range of years; write 1999, 1990..1999, ..1950 or 2000.."
	for in, want := range map[string]string{
		"":               `""` + shape,
		"..":             `".."` + shape,
		"1990-1999":      `"1990-1999"` + shape,
		"1990...1999":    `"1990...1999"` + shape,
		"1990..1995..99": `"1990..1995..99"` + shape,
		"90..99":         `"90..99"` + shape,
		"nineteen":       `"nineteen"` + shape,
		"01999":          `"01999"` + shape,
		"1999..1990":     `"1999..1990" runs backwards; write 1990..1999`,
		"1700..":         `"1700" is out of range: years go from 1800 to 2200`,
		"..9999":         `"9999" is out of range: years go from 1800 to 2200`,
	} {
		got := Years{1, 2}
		err := got.Set(in)
		if !errors.Is(err, ErrInvalid) || err.Error() != want || got != (Years{1, 2}) {
			t.Errorf("Set(%q) = %v, %v, want the error %s", in, got, err, want)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	addTexts(f, "1999", "1999-03", "1999-02-30", "2000-02-29", "03/04/1991", "", "\xff", "1999-00-00")
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, shape []byte, raw string) {
		share.Try(t)
		s := textOf(shape, raw, dateText)
		got, err := ParseDate(s)
		if err != nil {
			checkValueError(t, s, err)
			return
		}
		share.Accept()
		if again, err := ParseDate(got); again != got || err != nil || !strings.Contains(s, got) {
			t.Errorf("ParseDate(%q) = %q, but then %q, %v", s, got, again, err)
		}
		day, err := time.Parse("2006-01-02"[:len(got)], got)
		if err != nil || day.Year() != Year(got) || day.Year() < 1800 || day.Year() > 2200 {
			t.Errorf("ParseDate(%q) = %q, which is %v, %v and of the year %d", s, got, day, err, Year(got))
		}
	})
}

func FuzzYears(f *testing.F) {
	addTexts(f, "1999", "1990..1999", "..1950", "2000..", "..", "", "1999..1990")
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, shape []byte, raw string) {
		share.Try(t)
		s := textOf(shape, raw, yearsText)
		var got, again Years
		if err := got.Set(s); err != nil {
			checkValueError(t, s, err)
			return
		}
		share.Accept()
		if err := again.Set(got.String()); err != nil || again != got || got == (Years{}) {
			t.Errorf("Set(%q) = %#v, but then %#v, %v", s, got, again, err)
		}
	})
}
