package csvio

import (
	"errors"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestDateFormats(t *testing.T) {
	for _, tc := range []struct{ format, text, want string }{
		{"%d.%m.%Y", "31.03.1999", "1999-03-31"},
		{"%d.%m.%Y", "1.3.1999", "1999-03-01"},
		{"%d.%m.%Y", "1999-03-31", "1999-03-31"}, // the catalog's own form is always read
		{"%d.%m.%Y", "1999", "1999"},
		{"%b %d %Y", "Jun 12 1998", "1998-06-12"},
		{"%b %d %Y", "Jun  2 1998", "1998-06-02"},
		{"%B %d, %Y", "June 13, 1980", "1980-06-13"},
		{"%m/%Y", "03/1999", "1999-03"},
		{"%B %Y", "March 1999", "1999-03"},
		{"%Y%m%d", "19990331", "1999-03-31"},
		{"%d/%m/%y", "31/03/99", "1999-03-31"},
		{"%Y-%m-%d %H:%M:%S", "1999-03-31 20:15:00", "1999-03-31"},
		{"%Y %d", "1999 31", "1999"}, // a day of no month says nothing
		{"%Y", "1999", "1999"},
	} {
		f, err := ParseDateFormat(tc.format)
		if err != nil {
			t.Errorf("%q: %v", tc.format, err)
			continue
		}
		if got, err := f.parse(tc.text); err != nil || got != tc.want {
			t.Errorf("%q %q: got %q, %v, want %q", tc.format, tc.text, got, err, tc.want)
		}
	}
	for _, format := range []string{"%d.%m", "%H:%M", "x", "%", "%%Y", "%Q %Y", "soon", "%E"} {
		if f, err := ParseDateFormat(format); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: got %+v, %v, want an invalid value", format, f, err)
		} else {
			harmless(t, err.Error())
		}
	}
	f, err := ParseDateFormat("%d.%m.%Y")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"31/03/1999", "31.02.1999", "0.1.1999", "31.03.1066", "31.03.1999 x", "soon", "\x1b[2J"} {
		if got, err := f.parse(text); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%q: got %q, %v, want an invalid value", text, got, err)
		} else {
			harmless(t, err.Error())
		}
	}
}
