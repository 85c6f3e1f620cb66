package catalog

import (
	"strconv"
	"strings"
	"time"
)

// The years a date may have.
const (
	minYear = 1800
	maxYear = 2200
)

// ParseDate reads a date of the catalog: a year, a month or a day, written
// 1999, 1999-03 or 1999-03-31. It returns the date as given, without white
// space around it. What is no real date between 1800 and 2200 is refused with
// ErrInvalid.
func ParseDate(s string) (string, error) {
	s = trim(s)
	year, month, day, ok := splitDate(s)
	if !ok {
		return "", Invalidf("%s is not a date; write YYYY, YYYY-MM or YYYY-MM-DD", Quote(s))
	}
	switch {
	case year < minYear || year > maxYear:
		return "", Invalidf("%s is not a date of the catalog: years go from %d to %d", Quote(s), minYear, maxYear)
	case len(s) > 4 && (month < 1 || month > 12):
		return "", Invalidf("%s is not a date: there is no month %d", Quote(s), month)
	case len(s) > 7 && day < 1:
		return "", Invalidf("%s is not a date: there is no day %d", Quote(s), day)
	case len(s) > 7 && day > daysIn(year, month):
		return "", Invalidf("%s is not a date: %s %d has %d days", Quote(s), time.Month(month), year, daysIn(year, month))
	}
	return s, nil
}

// Year returns the year of a stored date, and 0 for "" or what is no date.
func Year(date string) int {
	year, _, _, ok := splitDate(date)
	if !ok {
		return 0
	}
	return year
}

// splitDate reads the shape of a date, not yet its meaning. A month or day that
// is not given is 0.
func splitDate(s string) (year, month, day int, ok bool) {
	switch {
	case len(s) == 4:
	case len(s) == 7 && s[4] == '-':
	case len(s) == 10 && s[4] == '-' && s[7] == '-':
		if day, ok = digits(s[8:]); !ok {
			return 0, 0, 0, false
		}
	default:
		return 0, 0, 0, false
	}
	if len(s) > 4 {
		if month, ok = digits(s[5:7]); !ok {
			return 0, 0, 0, false
		}
	}
	year, ok = digits(s[:4])
	return year, month, day, ok
}

// digits reads a few decimal digits; it is false if s has anything else.
func digits(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n, s != ""
}

// daysIn returns the number of days of a month.
func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Years is a range of years, both ends included. An end that is 0 is open; the
// zero value restricts nothing. *Years is a value of a command-line flag.
type Years struct{ From, To int }

// String returns the range as Set reads it, and "" for the zero value.
func (y Years) String() string {
	switch {
	case y == Years{}:
		return ""
	case y.From == y.To:
		return strconv.Itoa(y.From)
	case y.From == 0:
		return ".." + strconv.Itoa(y.To)
	case y.To == 0:
		return strconv.Itoa(y.From) + ".."
	}
	return strconv.Itoa(y.From) + ".." + strconv.Itoa(y.To)
}

// Set reads 1999, 1990..1999, ..1950 or 2000..; other text and years outside
// 1800 to 2200 are refused with ErrInvalid and leave y alone.
func (y *Years) Set(s string) error {
	from, to, isRange := strings.Cut(trim(s), "..")
	from, to = trim(from), trim(to)
	if !isRange {
		to = from
	}
	if from == "" && to == "" {
		return badYears(s)
	}
	var got Years
	for _, end := range []struct {
		text string
		year *int
	}{{from, &got.From}, {to, &got.To}} {
		if end.text == "" {
			continue
		}
		year, ok := digits(end.text)
		if !ok || len(end.text) != 4 {
			return badYears(s)
		}
		if year < minYear || year > maxYear {
			return Invalidf("%s is out of range: years go from %d to %d", Quote(end.text), minYear, maxYear)
		}
		*end.year = year
	}
	if got.From > got.To && got.To != 0 {
		return Invalidf("%s runs backwards; write %d..%d", Quote(trim(s)), got.To, got.From)
	}
	*y = got
	return nil
}

// Type returns what the help text calls the value: years.
func (y Years) Type() string { return "years" }

// badYears is the error for text that is no range of years.
func badYears(s string) error {
	return Invalidf("%s is not a range of years; write 1999, 1990..1999, ..1950 or 2000..", Quote(trim(s)))
}
