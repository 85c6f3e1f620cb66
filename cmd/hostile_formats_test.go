package cmd_test

import (
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// checkFormats looks that the lists of a noun say the same of some fields in all
// formats, and that those for the eyes have no control character but the ends of
// lines. It returns what they say.
func checkFormats(t *testing.T, in *inside, noun string, fields ...string) (want [][]string) {
	t.Helper()
	list := func(format string) string {
		return in.must(noun, "list", "--limit", "0", "-o", format, "--fields", strings.Join(fields, ","))
	}
	cells := func(rows []map[string]any) (list [][]string) {
		for _, row := range rows {
			var cells []string
			for _, name := range fields {
				cell, _ := row[name].(string)
				cells = append(cells, cell)
			}
			list = append(list, cells)
		}
		return list
	}
	want = cells(objects(t, list("json")))
	same := func(format string, got [][]string, err error) {
		t.Helper()
		if err != nil || len(got) != len(want) {
			t.Fatalf("%s as %s: %d records, %v, want %d", noun, format, len(got), err, len(want))
		}
		for i := range want {
			if !slices.Equal(got[i], want[i]) {
				t.Errorf("%s as %s: %q, want %q", noun, format, got[i], want[i])
			}
		}
	}
	rows, err := csv.NewReader(strings.NewReader(list("csv"))).ReadAll()
	same("csv", rows[min(1, len(rows)):], err)
	rows, err = fromTSV(list("tsv"))
	same("tsv", rows, err)
	lines := strings.ReplaceAll(strings.TrimSpace(list("jsonl")), "\n", ",")
	same("jsonl", cells(objects(t, "["+lines+"]")), nil)
	for _, format := range []string{"table", "markdown"} {
		for _, in.terminal = range []bool{true, false} {
			text := list(format)
			harmless(t, noun+" as "+format, text)
			if n := strings.Count(text, "\n"); n < len(want)+1 || n > len(want)+2 {
				t.Errorf("%s as %s: %d lines for %d records", noun, format, n, len(want))
			}
		}
	}
	return want
}

// fromTSV reads what the program writes as TSV: a record a line, with escapes.
func fromTSV(text string) (rows [][]string, err error) {
	for line := range strings.Lines(text) {
		var cells []string
		for cell := range strings.SplitSeq(strings.TrimSuffix(line, "\n"), "\t") {
			for _, r := range cell {
				if r < ' ' || r == 0x7f {
					return rows, strconv.ErrSyntax
				}
			}
			plain, err := strconv.Unquote(`"` + strings.ReplaceAll(cell, `"`, `\"`) + `"`)
			if err != nil {
				return rows, err
			}
			cells = append(cells, plain)
		}
		rows = append(rows, cells)
	}
	return rows, nil
}
