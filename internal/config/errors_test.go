package config

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestErrorsInTheFile(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{`databse = "x"`, `: unknown key "databse" (known: db, files, output, color, no_input, accessible, busy_timeout, journal, quiet)`},
		{"b = 1\nDB = 1\n[a]", `: unknown keys "DB", "a", "b" (known: db,`},
		{`config = "x"`, `: unknown key "config"`},
		{`"db.x" = "x"`, `: unknown key "db.x"`},
		{`db = 1`, `: db: 1 is not a path`},
		{`db = ""`, `: db: "" is not a path`},
		{`db = "a\u0000b"`, `: db: "a`},
		{`[db]`, `: db: a table is not a path`},
		{`files.x = 1`, `: files: a table is not a path`},
		{`output = "xml"`, `: output: "xml" is not table, tsv, csv, json, jsonl or markdown`},
		{`output = ["csv"]`, `: output: a list is not table,`},
		{`color = true`, `: color: true is not auto, always or never`},
		{`no_input = "perhaps"`, `: no_input: "perhaps" is not true or false`},
		{`no_input = 1`, `: no_input: 1 is not true or false`},
		{`quiet = "true"`, `: quiet: "true" is not true or false`},
		{`busy_timeout = true`, `: busy_timeout: true is not a duration such as "5s" or "500ms", or a whole number of seconds`},
		{`busy_timeout = 2.5`, `: busy_timeout: 2.5 is not a duration`},
		{`busy_timeout = "soon"`, `: busy_timeout: "soon" is not a duration`},
		{`busy_timeout = -1`, `: busy_timeout: -1 is not a time to wait: it is less than nothing`},
		{`busy_timeout = 9223372036854775807`, `: busy_timeout: 9223372036854775807 is not a time SQLite can wait: the most is 596h0m0s`},
		{`busy_timeout = -9223372036854775807`, `: busy_timeout: -9223372036854775807 is not a time to wait`},
		{`journal = "walrus"`, `: journal: "walrus" is not wal or delete`},
		{"quiet = true\noutput = csv\n", `: line 2, column 10: `},
		{"quiet = true\nquiet = false\n", `: line 2: key quiet is already defined`},
		{"quiet = \"\xff\"\n", `: line 1, `},
		{"output = \"csv", `: line 1, `},
	} {
		w := newWorld(t)
		path := w.file(t, tc.text)
		wantInvalid(t, w, tc.text, path+tc.want)
	}
}

func TestErrorsInFlagsAndVariables(t *testing.T) {
	for _, tc := range []struct{ env, value, want string }{
		{"", "--db=", `--db: "" is not a path`},
		{"", "--files=", `--files: "" is not a path`},
		{"", "--output=", `--output: "" is not table`},
		{"", "-oxml", `--output: "xml" is not table`},
		{"", "--color=yes", `--color: "yes" is not auto, always or never`},
		{"", "--busy-timeout=", `--busy-timeout: "" is not a duration`},
		{"", "--busy-timeout=-1s", `--busy-timeout: "-1s" is not a time to wait`},
		{"", "--busy-timeout=-5", `--busy-timeout: "-5" is not a time to wait`},
		{"", "--busy-timeout=1_000", `--busy-timeout: "1_000" is not a duration`},
		{"", "--config=", `--config: "" is not a file`},
		{"", "--config=/", `--config: "/" is not a file`},
		{"", "--config=/no/such/x.toml", `--config: there is no file "/no/such/x.toml"`},
		{"", "--config=/no/" + strings.Repeat("long", 40), `--config: there is no file "/no/` + strings.Repeat("long", 40) + `"`},
		{"MOVIEDB_CONFIG", "/no/such/x.toml", `MOVIEDB_CONFIG: there is no file "/no/such/x.toml"`},
		{"MOVIEDB_OUTPUT", "JSON", `MOVIEDB_OUTPUT: "JSON" is not table`},
		{"MOVIEDB_COLOR", "red", `MOVIEDB_COLOR: "red" is not auto`},
		{"MOVIEDB_NO_INPUT", "perhaps", `MOVIEDB_NO_INPUT: "perhaps" is not 1, true, yes, on, 0, false, no or off`},
		{"MOVIEDB_QUIET", "2", `MOVIEDB_QUIET: "2" is not 1, true,`},
		{"MOVIEDB_BUSY_TIMEOUT", "ten", `MOVIEDB_BUSY_TIMEOUT: "ten" is not a duration`},
		{"MOVIEDB_JOURNAL", "WAL", `MOVIEDB_JOURNAL: "WAL" is not wal or delete`},
	} {
		w := newWorld(t)
		if tc.env == "" {
			w.args = []string{tc.value}
		} else {
			w.env[tc.env] = tc.value
		}
		wantInvalid(t, w, tc.env+" "+tc.value, tc.want)
	}
}

func wantInvalid(t *testing.T, w *world, what, want string) {
	t.Helper()
	_, settings, err := w.load(t)
	if !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("%q: got %v, want an ErrInvalid", what, err)
		return
	}
	if settings != nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%q:\ngot  %q\nwant %q", what, err, want)
	}
}

func TestStrongerSourceDoesNotHideABrokenFile(t *testing.T) {
	w := newWorld(t)
	w.args = []string{"--db", "x.db"}
	path := w.file(t, "dbb = 1")
	wantInvalid(t, w, "dbb", path+": unknown key")
}

func TestUnreadableFileIsNoUsageError(t *testing.T) {
	w := newWorld(t)
	path := w.path("home", ".config", "moviedb", "config.toml")
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	_, _, err := w.load(t)
	if err == nil || errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), path) {
		t.Errorf("a directory: got %v", err)
	}
	w = newWorld(t)
	path = w.file(t, "")
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 {
		_, _, err = w.load(t)
		if !errors.Is(err, fs.ErrPermission) || errors.Is(err, catalog.ErrInvalid) {
			t.Errorf("no permission: got %v", err)
		}
	}
	w.args = []string{"--config", w.write(t, w.path("big.toml"), strings.Repeat("#\n", maxFile))}
	if _, _, err = w.load(t); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("too large: got %v", err)
	}
}

func TestNothingBelowAFileIsMissing(t *testing.T) {
	w := newWorld(t)
	w.env["XDG_CONFIG_HOME"] = w.write(t, w.path("null"), "")
	if _, _, err := w.load(t); err != nil {
		t.Error(err)
	}
}

func TestNoHome(t *testing.T) {
	flags := pflag.NewFlagSet("moviedb", pflag.ContinueOnError) // without our flags: none is given
	env := map[string]string{}
	getenv := func(name string) string { return env[name] }
	noHome := func() (string, error) { return "", errors.New("$HOME is not defined") }
	_, _, err := Load(flags, getenv, noHome)
	want := "no place for the catalog: $HOME is not defined; name one with --db or MOVIEDB_DB"
	if !errors.Is(err, catalog.ErrInvalid) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	env["MOVIEDB_DB"] = "x.db"
	c, settings, err := Load(flags, getenv, noHome)
	if err != nil || c.DB != "x.db" || settings[0] != (Setting{"config", "", "default"}) {
		t.Errorf("got %v, %v, %v", c, settings, err)
	}
	w := newWorld(t)
	env["MOVIEDB_CONFIG"] = w.write(t, w.path("c.toml"), `files = "~/x"`)
	_, _, err = Load(flags, getenv, noHome)
	if !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), "c.toml: files: ~") {
		t.Errorf("got %v", err)
	}
}
