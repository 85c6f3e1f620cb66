package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/fuzzkit"
)

// FuzzLoad: whatever is in the file and the variables is refused in one line
// that names its place, or gives settings that, set as they are shown, are the
// same again.
func FuzzLoad(f *testing.F) {
	for i, s := range slices.Concat([]string{
		"db = 'films.db'\nquiet = true\nbusy_timeout = \"1m30s\"\njournal = \"delete\"\n", "[db]\nx = 1\n", "db.x = 1", "quiet = true\nquiet = false", "\"d\\u0062\" = \"x\"",
		"busy_timeout = 99999999999999999999", "busy_timeout = 1e3", "busy_timeout = 1979-05-27", "output = '''csv'''", "db = \"~/x\"", "a = [1, {b = 2}]", "\ufeffcolor = \"never\"\r\n",
		"db = \"\\U0001F3AC\"", "[[db]]", "no_input = inf", "# only\x01", "db = \"a\x7f\"", "files = \"~\"",
	}, fuzzkit.Every(2, fuzzkit.Hostile()), fuzzkit.Every(32, fuzzkit.Shared(f))) {
		f.Add([]byte(nil), s)
		f.Add([]byte{byte(i), byte(i * 3), byte(i * 7), byte(i * 11), byte(i * 13), byte(i * 17), byte(i * 19), byte(i * 23)}, s)
	}
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, shape []byte, raw string) {
		share.Try(t)
		w := newWorld(t)
		text := raw
		if len(shape) > 0 {
			text = w.settings(fuzzkit.From(shape), raw)
		}
		path := w.file(t, text)
		c, settings, err := w.load(t)
		if err != nil {
			checkRefusal(t, w, path, text, err)
			return
		}
		share.Accept()
		again := newWorld(t)
		for _, s := range settings {
			if s.Name != "config" {
				again.env[key{name: s.Name}.env()] = s.Value
			}
		}
		if got, _, err := again.load(t); err != nil || got != c {
			t.Errorf("%q with %q is %+v, shown as %v, and that is %+v, %v", text, w.env, c, settings, got, err)
		}
	})
}

// settings makes a file and variables that are likely to be right.
func (w *world) settings(s *fuzzkit.Source, raw string) string {
	quoted := func(text string) string {
		b, _ := json.Marshal(text) // a text cannot fail
		return string(b)
	}
	var lines []string
	for _, name := range keyNames() {
		var inFile, inEnv string
		switch name {
		case "db", "files":
			inEnv = fuzzkit.Pick(s, "a.db", "/x/y", "~/z", "..", "a b", raw)
			inFile = quoted(inEnv)
		case "output", "color", "journal":
			inEnv = fuzzkit.Pick(s, map[string][]string{"output": outputs(), "color": colors(), "journal": {"wal", "delete"}}[name]...)
			inFile = quoted(inEnv)
		case "busy_timeout":
			inEnv = fuzzkit.Pick(s, "5", "0", "1.5s", "2m", "010", "500ms", "1h2m3s")
			inFile = fuzzkit.Pick(s, quoted(inEnv), "7", "0x10", "1_0")
		default:
			inEnv, inFile = fuzzkit.Pick(s, "yes", "off", "TRUE", "0"), fuzzkit.Pick(s, "true", "false")
		}
		if s.N(48) == 47 {
			inEnv, inFile = raw, quoted(raw)
		}
		if s.N(3) == 1 {
			w.env[key{name: name}.env()] = inEnv
		}
		if s.N(3) == 1 {
			lines = append(lines, fuzzkit.Pick(s, "", " ", "\t")+name+" = "+inFile+fuzzkit.Pick(s, "", "", " # c", "\r"))
		}
	}
	return strings.Join(lines, "\n")
}

// checkRefusal fails for an error that is not one line which is fit for a
// terminal and names the place: the file with a line or a key, or the variable.
func checkRefusal(t *testing.T, w *world, path, text string, err error) {
	t.Helper()
	said := err.Error()
	if !errors.Is(err, catalog.ErrInvalid) || said != catalog.Visible(said) || strings.Contains(said, "\n") {
		t.Errorf("%q: the error %q is not one plain line", text, said)
	}
	if rest, ok := strings.CutPrefix(said, path+": "); ok {
		var line int
		_, scanned := fmt.Sscanf(rest, "line %d", &line)
		inKey := slices.ContainsFunc(keyNames(), func(name string) bool { return strings.HasPrefix(rest, name+": ") })
		if !inKey && !strings.HasPrefix(rest, "unknown key") && (scanned != nil || line < 1 || line > strings.Count(text, "\n")+1) {
			t.Errorf("%q: the error %q names no key and no line", text, said)
		}
		return
	}
	name, _, _ := strings.Cut(said, ":")
	if _, ok := w.env[name]; !ok {
		t.Errorf("%q: the error %q names neither file nor variable", text, said)
	}
}
