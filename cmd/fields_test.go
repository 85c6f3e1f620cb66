package cmd_test

import (
	"strings"
	"testing"

	"github.com/moviedb/moviedb/cmd"
)

// An unknown field is refused by every command, with the known ones, before
// anything is looked up or changed.
func TestEveryLeafRefusesUnknownFields(t *testing.T) {
	w := sampled(t)
	calls := leafCalls(t)
	before := w.snapshot()
	for _, path := range cmd.Leaves() {
		if path == "export catalog" {
			continue // has no fields to pick
		}
		for _, format := range []string{"json", "tsv"} {
			line := append(append(strings.Fields(path), calls[path]...), "--fields", "id,nosuch", "-o", format)
			r := w.runWith("correct horse\n", line...)
			if r.code != 2 || r.out != "" || !strings.Contains(r.err, "nosuch") && !strings.Contains(r.err, `field \"id\"`) && !strings.Contains(r.err, `field "id"`) ||
				!strings.Contains(r.err, "known fields: ") {
				t.Errorf("moviedb %q: exit %d, stdout %q, stderr %q", line, r.code, r.out, r.err)
			}
		}
	}
	if !sameFiles(before, w.snapshot()) {
		t.Error("something was changed")
	}
}
