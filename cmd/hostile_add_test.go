package cmd_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/fuzzkit"
)

// addCommand adds a record that has a text in all its fields.
type addCommand struct {
	noun   string
	args   func(s string) []string
	fields map[string]bool // JSON name: of several lines
	needs  bool            // a blank one is refused
	strict bool            // has rules of its own, such as an address
}

func addCommands() []addCommand {
	return []addCommand{
		{"movie", func(s string) []string { return []string{"--duplicate", "--title=" + s, "--description=" + s} },
			map[string]bool{"title": false, "description": true}, true, false},
		{"person", func(s string) []string {
			return []string{"--duplicate", "--first-name=" + s, "--last-name=" + s, "--gender=" + s, "--biography=" + s}
		}, map[string]bool{"first_name": false, "last_name": false, "gender": false, "biography": true}, true, false},
		{"character", func(s string) []string {
			return []string{"--movie=id:1", "--name=" + s, "--role=" + s, "--description=" + s}
		}, map[string]bool{"name": false, "role": false, "description": true}, true, false},
		{"genre", func(s string) []string { return []string{"--notes=" + s, "--", s} }, map[string]bool{"name": false, "notes": true}, true, false},
		{"country", func(s string) []string { return []string{"--", s} }, map[string]bool{"name": false}, true, false},
		{"user", func(s string) []string { return []string{"--first-name=" + s, "--last-name=" + s, "--", s} },
			map[string]bool{"username": false, "first_name": false, "last_name": false}, true, true},
		{"user", func(s string) []string { return []string{"--email=" + s, "u" + strings.Repeat("i", len(s))} }, map[string]bool{"email": false}, false, true},
		{"file", func(s string) []string {
			return []string{fmt.Sprintf("--url=https://example.org/%x", s), "--name=" + s}
		}, map[string]bool{"file_name": false}, true, true},
		{"file", func(s string) []string { return []string{"--url=" + s} }, map[string]bool{"url": false}, true, true},
		{"file", func(s string) []string { return []string{"--url=https://example.org/" + s} }, map[string]bool{}, true, true},
	}
}

// TestHostileTextsInCommands gives some of the texts to the commands that add
// records: each comes back as it was given, or is refused in plain words.
func TestHostileTextsInCommands(t *testing.T) {
	in := newInside(t)
	in.must("movie", "add", "--title=A film")
	accepted, refused := 0, 0
	for i, c := range addCommands() {
		for _, s := range fuzzkit.Every(9, fuzzkit.Hostile()[i:]) {
			if c.check(in, s) {
				accepted++
			} else {
				refused++
			}
		}
	}
	if t.Logf("%d came back, %d were refused", accepted, refused); accepted == 0 || refused == 0 {
		t.Error("that tests nothing")
	}
}

// check adds a record with a text, and tells whether that was accepted.
func (c addCommand) check(in *inside, s string) bool {
	in.t.Helper()
	args := append([]string{c.noun, "add", "-o", "json"}, c.args(s)...)
	r := in.run(args...)
	harmless(in.t, "what a command says", r.err)
	clean, ok := asStored(s, false)
	if r.code != 0 {
		exists := r.code == 4 && strings.Contains(r.err, "already")
		if r.out != "" || strings.TrimSpace(r.err) == "" || !exists && (r.code != 2 || ok && !c.strict && (clean != "" || !c.needs)) {
			in.t.Errorf("%q: exit %d, %q, %q", args, r.code, r.out, r.err)
		}
		return false
	}
	var record map[string]any
	if err := json.Unmarshal([]byte(r.out), &record); err != nil {
		in.t.Fatalf("%q: %v: %q", args, err, r.out)
	}
	for field, lines := range c.fields {
		want, ok := asStored(s, lines)
		if got, _ := record[field].(string); got != want || !ok {
			in.t.Errorf("%q: %s is %q, want %q", args, field, got, want)
		}
	}
	return true
}
