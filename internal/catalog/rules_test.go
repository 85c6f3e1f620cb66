package catalog_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestCheckText(t *testing.T) {
	tests := []struct{ column, text, why string }{
		{"title", "Solaris", ""},
		{"title", "Amélie", ""},
		{"title", "two\nlines", "more than one line"},
		{"title", "esc\x1b[31m", "control character"},
		{"title", "Ame\u0301lie", "NFC"},
		{"title", " Solaris", "white space at its ends"},
		{"title", "Solaris\u00a0", "white space at its ends"},
		{"title", "\u00a0", "blank"},
		{"title", "\xff", "UTF-8"},
		{"description", "two\nlines\tand a tab", ""},
		{"description", "a\rb", "newline"},
		{"release_date", "1972-03", ""},
		{"release_date", "1972-02-30", "has 29 days"},
		{"date_of_birth", "1799", "years go from"},
		{"username", "ann", ""},
		{"username", "12", "all digits"},
		{"username", "ann lee", "white space"},
		{"email", "ann@example.org", ""},
		{"email", "ann@@example", "e-mail"},
		{"url", "https://example.org/a.jpg", ""},
		{"url", "ftp://example.org/a.jpg", "http or https"},
		{"created_at", "2026-11-23T21:09:51Z", ""},
		{"created_at", "2026-11-23 21:09:51", "is not a time"},
		{"file_key", "anything", ""},
	}
	for _, tt := range tests {
		checkRule(t, catalog.CheckText(tt.column, tt.text), tt.column, tt.text, tt.why)
	}
}

func TestCheckNumber(t *testing.T) {
	tests := []struct {
		column string
		number any
		why    string
	}{
		{"duration", int64(1), ""},
		{"duration", int64(100_000), ""},
		{"duration", int64(100_001), "too long"},
		{"duration", int64(0), "0"},
		{"duration", int64(-3), "-3"},
		{"budget", 0.0, ""},
		{"budget", 1e15, ""},
		{"budget", 2e15, "2000000000000000"},
		{"budget", -1.0, "-1"},
		{"id", int64(1), ""},
		{"id", int64(-1), "no id"},
		{"is_primary", int64(1), ""},
		{"is_primary", int64(2), "neither"},
		{"movie_id", int64(-5), ""},
	}
	for _, tt := range tests {
		checkRule(t, catalog.CheckNumber(tt.column, tt.number), tt.column, tt.number, tt.why)
	}
}

func checkRule(t *testing.T, err error, column string, value any, why string) {
	t.Helper()
	switch {
	case why == "" && err != nil:
		t.Errorf("%s %q: refused: %v", column, value, err)
	case why != "" && (err == nil || !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), why)):
		t.Errorf("%s %q: got %v, want an invalid value with %q", column, value, err, why)
	}
}
