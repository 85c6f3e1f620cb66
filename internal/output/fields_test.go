package output

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestParseFormat(t *testing.T) {
	for _, f := range Formats() {
		if got, err := ParseFormat(string(f)); got != f || err != nil {
			t.Errorf("ParseFormat(%q) = %q, %v", f, got, err)
		}
	}
	for _, s := range []string{"", "yaml", "JSON", "json "} {
		_, err := ParseFormat(s)
		if !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), "table, tsv, csv, json, jsonl, markdown") {
			t.Errorf("ParseFormat(%q): %v, want ErrInvalid with the known names", s, err)
		}
	}
}

func TestFieldNamesAreAllPathsInOrder(t *testing.T) {
	want := strings.Fields(`id title description budget release_date duration country country.id country.name
		director director.id director.name genres genres.id genres.name poster poster.id poster.file_name poster.path
		seen created_at tags cast cast.id cast.name cast.role cast.actor cast.actor.id cast.actor.name`)
	if got := FieldNames[tDetail](); !slices.Equal(got, want) {
		t.Errorf("FieldNames = %q\nwant         %q", got, want)
	}
	if got := FieldNames[*tRef](); !slices.Equal(got, []string{"id", "name"}) {
		t.Errorf("FieldNames of a pointer = %q", got)
	}
}

func TestCheckFields(t *testing.T) {
	if err := CheckFields[tDetail](FieldNames[tDetail]()); err != nil {
		t.Errorf("own names: %v", err)
	}
	if err := CheckFields[tDetail](nil); err != nil {
		t.Errorf("no names: %v", err)
	}
	tests := []struct{ field, hint string }{
		{"titel", `"title"`},
		{"release-date", `"release_date"`},
		{"releaseDate", `"release_date"`},
		{"director.nam", `"director.name"`},
		{"name", `"country.name"`},
		{"path", `"poster.path"`},
		{"xyzzyplugh", ""},
		{"id.id", ""},
		{"", ""},
		{".", ""},
		{"director.", ""},
		{"tags.name", ""},
	}
	for _, tt := range tests {
		err := CheckFields[tDetail]([]string{"id", tt.field, "nope"})
		if !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("CheckFields(%q): %v, want ErrInvalid", tt.field, err)
			continue
		}
		if !strings.Contains(err.Error(), "known fields: id, title, ") || !strings.HasSuffix(err.Error(), ", cast.actor.name") {
			t.Errorf("CheckFields(%q) does not list the fields: %v", tt.field, err)
		}
		if !strings.Contains(err.Error(), catalog.Quote(tt.field)) {
			t.Errorf("CheckFields(%q) does not name the field: %v", tt.field, err)
		}
		if tt.hint != "" && !strings.Contains(err.Error(), "did you mean "+tt.hint+"?") {
			t.Errorf("CheckFields(%q): %v, want a hint at %s", tt.field, err, tt.hint)
		}
	}
}

func TestUnknownFieldPrintsNothing(t *testing.T) {
	for _, f := range Formats() {
		var b strings.Builder
		p := &Printer{Out: &b, Format: f, Fields: []string{"id", "titel"}}
		if n, err := List(p, nil, seq(nil, solaris())); n != 0 || !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s List = %d, %v", f, n, err)
		}
		if err := Show(p, nil, solaris()); !errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("%s Show: %v", f, err)
		}
		if b.Len() > 0 {
			t.Errorf("%s printed %q", f, b.String())
		}
	}
	var b strings.Builder
	p := &Printer{Out: &b, Format: "xml"}
	if _, err := List(p, nil, seq(nil, solaris())); !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("unknown format: %v", err)
	}
}
