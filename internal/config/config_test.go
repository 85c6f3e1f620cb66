package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// world is what Load sees besides the program.
type world struct {
	dir  string // absolute, holds home and everything else
	env  map[string]string
	args []string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return &world{dir: t.TempDir(), env: map[string]string{}}
}

func (w *world) path(parts ...string) string {
	return filepath.Join(append([]string{w.dir}, parts...)...)
}

// file writes the default config file.
func (w *world) file(t testing.TB, text string) string {
	t.Helper()
	return w.write(t, w.path("home", ".config", "moviedb", "config.toml"), text)
}

func (w *world) write(t testing.TB, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (w *world) load(t testing.TB) (Config, []Setting, error) {
	t.Helper()
	flags := pflag.NewFlagSet("moviedb", pflag.ContinueOnError)
	AddFlags(flags)
	if err := flags.Parse(w.args); err != nil {
		t.Fatal(err)
	}
	return Load(flags, func(name string) string { return w.env[name] },
		func() (string, error) { return w.path("home"), nil })
}

// setting returns the named one, and fails if Load does.
func (w *world) setting(t *testing.T, name string) (Config, Setting) {
	t.Helper()
	c, settings, err := w.load(t)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(settings, func(s Setting) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("no setting %q in %v", name, settings)
	}
	return c, settings[i]
}

// four values of one key, each from another source.
type four struct {
	name             string
	flag             []string // nil: there is no flag
	flagText         string
	env, file        string // as written in the variable and after "="
	envText, fileTxt string // as shown by "moviedb config"
	def              string
	field            func(Config) any
	values           [4]any // flag, environment, file, default
}

func allKeys(w *world) []four {
	home := w.path("home")
	conf := w.path("home", ".config", "moviedb")
	db := filepath.Join(home, ".local", "share", "moviedb", "moviedb.db")
	return []four{
		{
			name: "db", flag: []string{"--db", "f.db"}, flagText: "f.db", env: "e.db", file: `"c.db"`,
			envText: "e.db", fileTxt: filepath.Join(conf, "c.db"), def: db,
			field:  func(c Config) any { return c.DB },
			values: [4]any{"f.db", "e.db", filepath.Join(conf, "c.db"), db},
		},
		{
			name: "files", flag: []string{"--files", "f"}, flagText: "f", env: "e", file: `"~/c"`,
			envText: "e", fileTxt: filepath.Join(home, "c"), def: db + ".files",
			field:  func(c Config) any { return c.Files },
			values: [4]any{"f", "e", filepath.Join(home, "c"), db + ".files"},
		},
		{
			name: "output", flag: []string{"-o", "csv"}, flagText: "csv", env: "jsonl", file: `"markdown"`,
			envText: "jsonl", fileTxt: "markdown", def: "",
			field:  func(c Config) any { return c.Output },
			values: [4]any{"csv", "jsonl", "markdown", ""},
		},
		{
			name: "color", flag: []string{"--color", "auto"}, flagText: "auto", env: "always", file: `"never"`,
			envText: "always", fileTxt: "never", def: "auto",
			field:  func(c Config) any { return c.Color },
			values: [4]any{"auto", "always", "never", "auto"},
		},
		{
			name: "no_input", flag: []string{"--no-input=false"}, flagText: "false", env: "yes", file: "false",
			envText: "true", fileTxt: "false", def: "false",
			field:  func(c Config) any { return c.NoInput },
			values: [4]any{false, true, false, false},
		},
		{
			name: "busy_timeout", flag: []string{"--busy-timeout", "0"}, flagText: "0s", env: "7", file: `"1500ms"`,
			envText: "7s", fileTxt: "1.5s", def: "5s",
			field:  func(c Config) any { return c.BusyTimeout },
			values: [4]any{time.Duration(0), 7 * time.Second, 1500 * time.Millisecond, 5 * time.Second},
		},
		{
			name: "journal", env: "wal", file: `"delete"`, envText: "wal", fileTxt: "delete", def: "wal",
			field:  func(c Config) any { return c.Journal },
			values: [4]any{nil, "wal", "delete", "wal"},
		},
		{
			name: "quiet", flag: []string{"-q"}, flagText: "true", env: "off", file: "true",
			envText: "false", fileTxt: "true", def: "false",
			field:  func(c Config) any { return c.Quiet },
			values: [4]any{true, false, true, false},
		},
	}
}

// TestPrecedence gives every key every combination of sources, which holds
// every pair of them.
func TestPrecedence(t *testing.T) {
	for _, k := range allKeys(newWorld(t)) {
		for mask := range 8 {
			w := newWorld(t)
			k := allKeys(w)[slices.IndexFunc(allKeys(w), func(o four) bool { return o.name == k.name })]
			byFlag, byEnv, byFile := mask&4 != 0, mask&2 != 0, mask&1 != 0
			if byFlag && k.flag == nil {
				continue
			}
			env := "MOVIEDB_" + strings.ToUpper(k.name)
			want, value := Setting{k.name, k.def, "default"}, k.values[3]
			if byFile {
				path := w.file(t, k.name+" = "+k.file+"\n")
				want, value = Setting{k.name, k.fileTxt, "file " + path}, k.values[2]
			}
			if byEnv {
				w.env[env] = k.env
				want, value = Setting{k.name, k.envText, "environment " + env}, k.values[1]
			}
			if byFlag {
				w.args = k.flag
				want = Setting{k.name, k.flagText, "flag --" + strings.ReplaceAll(k.name, "_", "-")}
				value = k.values[0]
			}
			c, got := w.setting(t, k.name)
			if got != want {
				t.Errorf("flag %v, environment %v, file %v: got %v, want %v", byFlag, byEnv, byFile, got, want)
			}
			if k.field(c) != value {
				t.Errorf("%s: flag %v, environment %v, file %v: got %v, want %v", k.name, byFlag, byEnv, byFile, k.field(c), value)
			}
		}
	}
}

func TestPrecedenceOfConfigItself(t *testing.T) {
	for mask := range 4 {
		w := newWorld(t)
		path := w.file(t, `output = "tsv"`)
		want, output := Setting{"config", path, "default"}, "tsv"
		if mask&1 != 0 {
			path = w.write(t, w.path("e.toml"), `output = "csv"`)
			w.env["MOVIEDB_CONFIG"] = path
			want, output = Setting{"config", path, "environment MOVIEDB_CONFIG"}, "csv"
		}
		if mask&2 != 0 {
			path = w.write(t, w.path("f.toml"), `output = "json"`)
			w.args = []string{"--config", path}
			want, output = Setting{"config", path, "flag --config"}, "json"
		}
		c, got := w.setting(t, "config")
		if got != want || c.Output != output {
			t.Errorf("%b: got %v with output %q, want %v with %q", mask, got, c.Output, want, output)
		}
	}
}

func TestEmptyVariablesCountAsUnset(t *testing.T) {
	w := newWorld(t)
	for _, name := range append(keyNames(), "config") {
		w.env["MOVIEDB_"+strings.ToUpper(name)] = ""
	}
	_, settings, err := w.load(t)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range settings {
		names = append(names, s.Name)
		if s.Source != "default" {
			t.Errorf("%s comes from %q, want the default", s.Name, s.Source)
		}
	}
	want := []string{"config", "db", "files", "output", "color", "no_input", "accessible", "busy_timeout", "journal", "quiet"}
	if !slices.Equal(names, want) {
		t.Errorf("settings in the order %q, want %q", names, want)
	}
}

func TestXDG(t *testing.T) {
	w := newWorld(t)
	home, other := w.path("home"), w.path("other")
	for _, dir := range []string{home + "/.config", other} {
		w.write(t, dir+"/moviedb/config.toml", `journal = "delete"`)
	}
	for _, tc := range []struct{ value, data, config string }{
		{"", home + "/.local/share", home + "/.config"},
		{"relative/dir", home + "/.local/share", home + "/.config"},
		{"~/dir", home + "/.local/share", home + "/.config"},
		{other, other, other},
	} {
		w.env["XDG_DATA_HOME"], w.env["XDG_CONFIG_HOME"] = tc.value, tc.value
		c, s := w.setting(t, "config")
		if want := tc.data + "/moviedb/moviedb.db"; c.DB != want || c.Files != want+".files" {
			t.Errorf("XDG_DATA_HOME=%q: got %q and %q, want %q", tc.value, c.DB, c.Files, want)
		}
		if want := tc.config + "/moviedb/config.toml"; s.Value != want || c.Journal != "delete" {
			t.Errorf("XDG_CONFIG_HOME=%q: got %q (read: %v), want %q", tc.value, s.Value, c.Journal == "delete", want)
		}
	}
}

func TestFilesFollowTheCatalog(t *testing.T) {
	w := newWorld(t)
	w.args = []string{"--db", "dvds.db"}
	if c, s := w.setting(t, "files"); c.Files != "dvds.db.files" || s.Source != "default" {
		t.Errorf("got %q from %q, want dvds.db.files by default", c.Files, s.Source)
	}
}

func TestPathsInTheFile(t *testing.T) {
	w := newWorld(t)
	for text, want := range map[string]string{
		"films.db":       w.path("conf", "films.db"),
		"../films.db":    w.path("films.db"),
		"~/films.db":     w.path("home", "films.db"),
		"~films.db":      w.path("conf", "~films.db"),
		w.path("abs.db"): w.path("abs.db"),
	} {
		w.args = []string{"--config", w.write(t, w.path("conf", "c.toml"), `db = "`+text+`"`)}
		if c, _ := w.setting(t, "db"); c.DB != want {
			t.Errorf("db = %q: got %q, want %q", text, c.DB, want)
		}
	}
}

func TestPathsOutsideTheFileStay(t *testing.T) {
	w := newWorld(t)
	w.env["MOVIEDB_DB"], w.env["MOVIEDB_FILES"] = "~/a.db", "./b/../b"
	c, _, err := w.load(t)
	if err != nil || c.DB != "~/a.db" || c.Files != "./b/../b" {
		t.Errorf("got %q, %q and %v", c.DB, c.Files, err)
	}
}

func TestGoodValues(t *testing.T) {
	for _, tc := range []struct {
		file, name, want string
	}{
		{"busy_timeout = 3", "busy_timeout", "3s"},
		{"busy_timeout = 0", "busy_timeout", "0s"},
		{`busy_timeout = "010"`, "busy_timeout", "10s"},
		{`busy_timeout = "1m30s"`, "busy_timeout", "1m30s"},
		{"\ufeffquiet = true\r\n# a comment\r\n", "quiet", "true"},
		{"", "quiet", "false"},
	} {
		w := newWorld(t)
		w.file(t, tc.file)
		if _, s := w.setting(t, tc.name); s.Value != tc.want {
			t.Errorf("%q: %s is %q, want %q", tc.file, tc.name, s.Value, tc.want)
		}
	}
	words := map[string]string{"1": "true", "TRUE": "true", "Yes": "true", "on": "true", "0": "false", "false": "false", "no": "false", "Off": "false"}
	for word, want := range words {
		w := newWorld(t)
		w.env["MOVIEDB_NO_INPUT"] = word
		if _, s := w.setting(t, "no_input"); s.Value != want {
			t.Errorf("MOVIEDB_NO_INPUT=%s: got %s, want %s", word, s.Value, want)
		}
	}
}

// TestFlagHelp keeps value names and defaults of the help in order.
func TestFlagHelp(t *testing.T) {
	flags := pflag.NewFlagSet("moviedb", pflag.ContinueOnError)
	AddFlags(flags)
	help := flags.FlagUsages()
	for _, want := range []string{"--db path", "--files directory", "--config file", "-o, --output format", "--color when", "--busy-timeout duration", "-q, --quiet"} {
		if !strings.Contains(help, want) {
			t.Errorf("%q is not in\n%s", want, help)
		}
	}
	if n := strings.Count(help, "(default"); n != 6 {
		t.Errorf("%d defaults, want 6, in\n%s", n, help)
	}
}

func BenchmarkLoad(b *testing.B) {
	w := newWorld(b)
	b.Run("without file", func(b *testing.B) {
		for b.Loop() {
			w.load(b)
		}
	})
	w.file(b, "db = \"x\"\nquiet = true\nbusy_timeout = \"5s\"\n")
	b.Run("with file", func(b *testing.B) {
		for b.Loop() {
			w.load(b)
		}
	})
}
