package cmd_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/cmd"
	"github.com/moviedb/moviedb/internal/catalog"
)

// offered returns what a shell is offered for the last argument.
func (w *world) offered(args ...string) []string {
	w.t.Helper()
	lines := strings.Split(strings.TrimSuffix(w.must(append([]string{"__complete"}, args...)...), "\n"), "\n")
	var values []string
	for _, line := range lines[:len(lines)-1] {
		value, _, _ := strings.Cut(line, "\t")
		values = append(values, value)
	}
	return values
}

// The fields offered are those that the command knows.
func TestFieldsOfferedAreThoseKnown(t *testing.T) {
	w := newWorld(t)
	checked := 0
	for _, path := range cmd.Leaves() {
		args := append(strings.Fields(path), leafCalls(t)[path]...)
		_, list, ok := strings.Cut(w.run(append(args, "--fields", "nope")...).err, "known fields: ")
		if !ok {
			continue // something else is wrong first
		}
		known := strings.Split(strings.TrimSpace(list), ", ")
		slices.Sort(known)
		if got := slices.Sorted(slices.Values(w.offered(append(args, "--fields", "")...))); !slices.Equal(got, known) {
			t.Errorf("%s: offered %q, known %q", path, got, known)
		}
		checked++
	}
	if checked < 30 {
		t.Errorf("only %d commands could be asked", checked)
	}
}

// Every list offers the keys that it can be sorted by, and no other.
func TestSortKeysOfferedAreThoseKnown(t *testing.T) {
	w := sampled(t)
	for _, path := range cmd.Leaves() {
		if !strings.HasSuffix(path, " list") {
			continue
		}
		keys := w.offered(append(strings.Fields(path), "--sort", "")...)
		if len(keys) < 4 {
			t.Errorf("%s: only %q", path, keys)
		}
		for _, key := range keys {
			if r := w.run(append(strings.Fields(path), "--sort="+key)...); r.code != 0 {
				t.Errorf("%s --sort=%s: %s", path, key, r.err)
			}
		}
	}
}

func TestChoicesAreReadFromTheHelp(t *testing.T) {
	for usage, want := range map[string]string{
		"what a row does: `skip|update|error`":                                              "skip update error",
		"print as `format`: table, tsv or json (default table on a terminal, else tsv)":     "table tsv json",
		"sort by these `keys`: title, release_date; -key is descending":                     "title release_date",
		"the `kind` of part: lead, voice, self or any other word":                           "lead voice self",
		"only parts of this `kind`: lead, supporting, or as it was given, in whatever case": "lead supporting",
		"take only titles of these `types`: movie,short (default: all)":                     "movie short",
		"the `title`": "",
	} {
		if got := strings.Join(cmd.Choices(usage), " "); got != want {
			t.Errorf("%s: %q, want %q", usage, got, want)
		}
	}
}

// A name goes on from what was typed, where that differs by more than case, and
// still means the same.
func TestNamesGoOnFromWhatWasTyped(t *testing.T) {
	for _, tc := range [][3]string{
		{"sol", "Solaris (1972)", "Solaris (1972)"},
		{"cafe", "Café Müller", "cafe Müller"},
		{"CAFÉ M", "Café Müller", "Café Müller"},
		{"cafe mu", "Cafe\u0301 Mu\u0308ller", "cafe muller"},
		{"cafe  ", "Café Müller", "cafe  Müller"},
		{"strasse", "Straße", "strasse"},
		{"stras", "Straße", "Straße"}, // ß cannot be cut
		{"title:cafe", "title:Café", "title:cafe"},
		{"solaris (1", "Solaris (1972)", "solaris (1972)"},
		{"Solaris (1", "Solaris (1972)", "Solaris (1972)"},
		{"", "Été", "Été"},
	} {
		got := cmd.GoingOn(tc[0], tc[1])
		if got != tc[2] || catalog.Fold(got) != catalog.Fold(tc[1]) {
			t.Errorf("%q for %q: %q, want %q", tc[1], tc[0], got, tc[2])
		}
	}
}
