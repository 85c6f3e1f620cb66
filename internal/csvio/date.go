package csvio

import (
	"strings"
	"time"

	"github.com/ncruces/go-strftime"

	"github.com/moviedb/moviedb/internal/catalog"
)

// DateFormat is the form of dates in a file, written as for strptime:
// "%d.%m.%Y". The zero value is that of the catalog, YYYY-MM-DD.
type DateFormat struct {
	pattern string
	keep    int // how much of YYYY-MM-DD the pattern tells
}

// ParseDateFormat reads the value of --date-format. A pattern that cannot be
// read back, or has no year, is a catalog.ErrInvalid error.
func ParseDateFormat(s string) (DateFormat, error) {
	if s == "" {
		return DateFormat{}, nil
	}
	has := func(letters string) bool {
		for i := 0; i+1 < len(s); i++ {
			if s[i] != '%' {
				continue
			}
			i++
			if s[i] == '-' && i+1 < len(s) {
				i++
			}
			if strings.IndexByte(letters, s[i]) >= 0 {
				return true
			}
		}
		return false
	}
	f := DateFormat{pattern: s, keep: len("2006")}
	sample := time.Date(2001, time.November, 23, 0, 0, 0, 0, time.UTC)
	back, err := strftime.Parse(s, strftime.Format(s, sample))
	switch {
	case !has("YyDFxcGs+v"):
		return f, catalog.Invalidf(`the date format %s has no year; write it as for strptime, such as "%%d.%%m.%%Y" or "%%b %%d, %%Y"`, catalog.Quote(s))
	case err != nil || back.Year() != sample.Year():
		return f, catalog.Invalidf(`dates cannot be read by the format %s; write it as for strptime, such as "%%d.%%m.%%Y" or "%%b %%d, %%Y"`, catalog.Quote(s))
	}
	if has("mbBhDFxcv+s") {
		f.keep = len("2006-01")
		if has("deDFxcv+s") {
			f.keep = len("2006-01-02")
		}
	}
	if has("j") {
		f.keep = len("2006-01-02")
	}
	return f, nil
}

// parse reads a date in this form, or in that of the catalog.
func (f DateFormat) parse(text string) (string, error) {
	date, err := catalog.ParseDate(text)
	if err == nil || f.pattern == "" {
		return date, err
	}
	t, wrong := strftime.Parse(f.pattern, strings.Join(strings.Fields(text), " "))
	if wrong != nil {
		return "", catalog.Invalidf("%s is not a date of the form %s, nor of YYYY, YYYY-MM or YYYY-MM-DD", catalog.Quote(text), catalog.Quote(f.pattern))
	}
	return catalog.ParseDate(t.Format(time.DateOnly)[:f.keep])
}
