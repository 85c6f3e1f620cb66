package cmd_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/moviedb/moviedb/internal/fuzzkit"
)

// textField is a column that holds a text of the user's. row makes a row of an
// import that has text s there, and elsewhere, under mark, what tells it from others.
type textField struct {
	kind, field string
	mark        string // "" if there is no room for one
	lines       bool   // of several lines
	strict      bool   // has rules of its own, such as an address
	row         func(s, mark string, i int) map[string]string
}

// textFields are all text columns that imports have, but for dates.
func textFields() []textField {
	beside := func(field, mark string) func(s, m string, i int) map[string]string {
		return func(s, m string, _ int) map[string]string { return map[string]string{field: s, mark: m} }
	}
	// Beside another date a year in the name belongs to it.
	dated := func(field, mark, date string) func(s, m string, i int) map[string]string {
		return func(s, m string, _ int) map[string]string {
			return map[string]string{field: s, mark: m, date: "1850-05-13"}
		}
	}
	part := func(field, mark string) func(s, m string, i int) map[string]string {
		return func(s, m string, i int) map[string]string {
			return map[string]string{field: s, mark: m, "movie": fmt.Sprint("Film ", i)}
		}
	}
	return []textField{
		{"movies", "title", "description", false, false, dated("title", "description", "release_date")},
		{"movies", "description", "title", true, false, beside("description", "title")},
		{"persons", "first_name", "last_name", false, false, beside("first_name", "last_name")},
		{"persons", "last_name", "biography", false, false, dated("last_name", "biography", "date_of_birth")},
		{"persons", "gender", "last_name", false, false, beside("gender", "last_name")},
		{"persons", "biography", "last_name", true, false, beside("biography", "last_name")},
		{"characters", "name", "role", false, false, part("name", "role")},
		{"characters", "role", "name", false, false, part("role", "name")},
		{"characters", "description", "name", true, false, part("description", "name")},
		{"genres", "name", "notes", false, false, beside("name", "notes")},
		{"genres", "notes", "name", true, false, beside("notes", "name")},
		{"countries", "name", "", false, true, func(s, _ string, _ int) map[string]string { return map[string]string{"name": s} }},
		{"users", "username", "first_name", false, true, beside("username", "first_name")},
		{"users", "first_name", "username", false, false, beside("first_name", "username")},
		{"users", "last_name", "username", false, false, beside("last_name", "username")},
		{"users", "email", "username", false, true, beside("email", "username")},
	}
}

// asStored is what the rules of values make of a text: NFC, without white space
// at its ends; not ok is one that they refuse. An empty text is no value.
func asStored(s string, lines bool) (clean string, ok bool) {
	clean = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("\ufeff\u200b\u2060\u180e", r) })
	if !utf8.ValidString(clean) {
		return "", false
	}
	if lines {
		clean = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(clean)
	}
	for _, r := range clean {
		if (unicode.IsControl(r) || r == '\u2028' || r == '\u2029') && !(lines && (r == '\n' || r == '\t')) {
			return "", false
		}
	}
	return norm.NFC.String(clean), true
}

// hostileTexts are texts that are known to do harm, each once; not those that
// are no UTF-8, which JSON cannot say.
func hostileTexts(t *testing.T) (texts []string) {
	t.Helper()
	for _, s := range append(fuzzkit.Hostile(), fuzzkit.Shared(t)...) {
		if utf8.ValidString(s) {
			texts = append(texts, s)
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// TestHostileTextsComeBackOrAreRefused puts every text that is known to do harm
// into every field, and reads it back in every format of a list.
func TestHostileTextsComeBackOrAreRefused(t *testing.T) {
	texts := hostileTexts(t)
	for _, kind := range fuzzkit.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			in, fields, accepted, refused := newInside(t), []string{}, 0, 0
			for _, f := range textFields() {
				if f.kind == kind {
					a, r := f.check(t, in, texts)
					fields, accepted, refused = append(fields, f.field), accepted+a, refused+r
				}
			}
			checkFormats(t, in, noun(kind), fields...)
			t.Logf("%d texts in %d fields: %d came back, %d were refused", len(texts), len(fields), accepted, refused)
		})
	}
}

// check imports the texts into the field and looks that each comes back, or was
// refused with a reason.
func (f textField) check(t *testing.T, in *inside, texts []string) (accepted, refused int) {
	t.Helper()
	mark := func(i int) string { return fmt.Sprint(f.field, "-row-", i) }
	var rows strings.Builder
	for i, s := range texts {
		line, _ := json.Marshal(f.row(s, mark(i), i)) // texts cannot fail
		rows.Write(append(line, '\n'))
	}
	in.files["f"] = rows.String()
	rejects := filepath.Join(in.dir, f.field+".rejects")
	r := in.run("import", f.kind, "f", "--keep-going", "--rejects", rejects, "-o", "json")
	harmless(t, "what an import says", r.err)
	var done struct{ Created, Repeated, Skipped, Rejected int }
	if err := json.Unmarshal([]byte(r.out), &done); err != nil || r.code != 0 && r.code != 5 {
		t.Fatalf("import %s: exit %d, %v, %s", f.kind, r.code, err, r.err)
	}
	reasons := f.rejected(t, rejects)
	values := f.values(t, in)
	for i, s := range texts {
		want, ok := asStored(s, f.lines)
		got, found := values[mark(i)]
		if f.mark == "" {
			got, found = values[want]
		}
		reason, bad := reasons[s]
		switch {
		case found && (!ok || got != want):
			t.Errorf("%s.%s: %q is %q, want %q", f.kind, f.field, s, got, want)
		case found:
			accepted++
		case bad && (ok && want != "" && !f.strict || reason == ""):
			t.Errorf("%s.%s: %q is refused: %q", f.kind, f.field, s, reason)
		case bad:
			harmless(t, "a reason", reason)
			refused++
		}
	}
	if accepted+refused+done.Repeated+done.Skipped < len(texts) || accepted == 0 {
		t.Errorf("%s.%s: of %d texts %d came back, %d were refused, %d there before", f.kind, f.field, len(texts), accepted, refused, done.Repeated+done.Skipped)
	}
	return accepted, refused
}

// values are the texts of the field by their marks.
func (f textField) values(t *testing.T, in *inside) map[string]string {
	t.Helper()
	values := map[string]string{}
	mark := f.mark
	if mark == "" {
		mark = f.field
	}
	for _, row := range objects(t, in.must(noun(f.kind), "list", "-o", "json", "--limit", "0", "--fields", f.field+","+mark)) {
		key, _ := row[mark].(string)
		value, _ := row[f.field].(string)
		values[key] = value
	}
	return values
}

// rejected are the reasons in a file of rejects, by the texts of the field.
func (f textField) rejected(t *testing.T, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for line := range strings.Lines(string(text)) {
		var row map[string]string
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%v: %q", err, line)
		}
		reasons[row[f.field]] = row["error"]
	}
	return reasons
}

// TestHostileTextsThatNoRuleSaw: the stream of a whole catalog may bring texts
// that no rule would let in. They come back as they are, and harm no terminal.
func TestHostileTextsThatNoRuleSaw(t *testing.T) {
	in := newInside(t)
	stamps := `"created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z"}`
	var stream strings.Builder
	stream.WriteString(`{"kind":"catalog","schema_version":1,"sequences":{}}` + "\n")
	var want [][]string
	for _, s := range hostileTexts(t) {
		if strings.TrimSpace(strings.ReplaceAll(s, "\x00", "")) == "" || strings.Contains(s, "\r\n") {
			continue // the schema refuses the first, and Go's reader of CSV takes the second for LF
		}
		want = append(want, []string{s, fmt.Sprint("https://example.org/", len(want), s)})
	}
	for _, table := range []struct{ kind, first, second string }{{"file", "file_name", "url"}, {"movie", "title", "description"}} {
		for i, w := range want {
			first, _ := json.Marshal(w[0]) // texts cannot fail
			second, _ := json.Marshal(w[1])
			fmt.Fprintf(&stream, `{"kind":%q,"id":%d,%q:%s,%q:%s,%s`+"\n", table.kind, i+1, table.first, first, table.second, second, stamps)
		}
	}
	in.files["f"] = stream.String()
	in.must("import", "catalog", "f")
	for noun, fields := range map[string][]string{"file": {"file_name", "url"}, "movie": {"title", "description"}} {
		if got := checkFormats(t, in, noun, fields...); !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s: not what came in", noun)
		}
	}
}
