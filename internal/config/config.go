package config

import (
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Config is the resolved settings. Every field holds a checked value.
type Config struct {
	// DB is the path of the catalog, never empty. A path from the config file
	// is relative to that file's folder, others to the working directory.
	DB string
	// Files is the managed directory, never empty.
	Files string
	// Output is table, tsv, csv, json, jsonl or markdown; "" leaves the choice
	// to what stdout is.
	Output string
	// Color is auto, always or never.
	Color string
	// NoInput is true if nothing may be asked.
	NoInput bool
	// BusyTimeout is how long to wait for a catalog another process has
	// locked; 0 does not wait. It fits in SQLite's milliseconds.
	BusyTimeout time.Duration
	// Journal is wal or delete.
	Journal string
	// Accessible is true if forms are to ask line by line.
	Accessible bool
	// Quiet is true if notes and progress are unwanted.
	Quiet bool
}

// Setting is one line of "moviedb config".
type Setting struct {
	// Name is the setting's key in the config file ("config" has none there).
	Name string
	// Value is the value in use, as text; "" is a setting left open.
	Value string
	// Source is "flag --db", "environment MOVIEDB_DB", "file /path/config.toml"
	// or "default".
	Source string
}

// AddFlags declares the flags that are settings too. Load reads them.
func AddFlags(fs *pflag.FlagSet) {
	fs.String("db", "", "keep the catalog at `path` (default ~/.local/share/moviedb/moviedb.db)")
	fs.String("files", "", "keep pictures in `directory` (default the catalog's path with .files appended)")
	fs.String("config", "", "read settings from `file` (default ~/.config/moviedb/config.toml)")
	fs.StringP("output", "o", "", "print as `format`: "+orList(outputs())+" (default table on a terminal, else tsv)")
	fs.String("color", "", "`when` to use colour: "+orList(colors())+" (default auto)")
	fs.Bool("no-input", false, "never ask: fail where an answer would be needed")
	fs.Bool("accessible", false, "ask line by line, without redrawing the screen")
	fs.String("busy-timeout", "", "wait at most this `duration` for a locked catalog, such as 500ms or 10s (default 5s)")
	fs.BoolP("quiet", "q", false, "print no notes and no progress")
}

// Load resolves all settings: a flag given in fs wins over the environment,
// that over the config file, that over the default. Flags missing from fs count
// as not given, empty variables as unset. home returns the user's home
// directory and is asked only where needed. The settings come in a fixed order.
// Whatever the user got wrong is a catalog.ErrInvalid that names its place.
func Load(fs *pflag.FlagSet, getenv func(string) string, home func() (string, error)) (Config, []Setting, error) {
	l := &loader{flags: fs, getenv: getenv, home: home}
	file, err := l.readFile()
	if err != nil {
		return Config{}, nil, err
	}
	if err := l.checkFile(); err != nil {
		return Config{}, nil, err
	}
	c := Config{Color: "auto", BusyTimeout: 5 * time.Second, Journal: "wal"}
	settings := []Setting{file}
	for _, k := range keys() {
		r, ok := l.find(k)
		if ok {
			err = k.set(&c, r)
		} else {
			err = l.byDefault(&c, k.name)
		}
		if err != nil {
			return Config{}, nil, err
		}
		settings = append(settings, Setting{Name: k.name, Value: k.value(&c), Source: r.source()})
	}
	return c, settings, nil
}

// loader is what one Load works with.
type loader struct {
	flags  *pflag.FlagSet
	getenv func(string) string
	home   func() (string, error)
	file   *configFile // nil if there is none
}

// find returns the setting as the strongest source gives it, false if none does.
func (l *loader) find(k key) (raw, bool) {
	if f := l.flags.Lookup(k.flag()); f != nil && f.Changed {
		return raw{value: f.Value.String(), flag: k.flag()}, true
	}
	if v := l.getenv(k.env()); v != "" {
		return raw{value: v, env: k.env()}, true
	}
	if l.file != nil {
		if v, ok := l.file.get(k.name); ok {
			return raw{value: v, file: l.file.path, key: k.name}, true
		}
	}
	return raw{}, false
}

// checkFile refuses a wrong value in the file even where a flag or a variable
// overrides it: the mistake would show another day.
func (l *loader) checkFile() error {
	if l.file == nil {
		return nil
	}
	var scratch Config
	for _, k := range keys() {
		if v, ok := l.file.get(k.name); ok {
			if err := k.set(&scratch, raw{value: v, file: l.file.path, key: k.name}); err != nil {
				return err
			}
		}
	}
	return nil
}

// byDefault sets the two defaults that depend on other things.
func (l *loader) byDefault(c *Config, name string) error {
	switch name {
	case "files":
		c.Files = c.DB + ".files"
	case "db":
		path, err := l.xdgPath("XDG_DATA_HOME", ".local/share", "moviedb.db")
		if err != nil {
			return catalog.Invalidf("no place for the catalog: %v; name one with --db or MOVIEDB_DB", err)
		}
		c.DB = path
	}
	return nil
}

// raw is a setting as one source gives it; value is text from a flag or a
// variable and any TOML value from the file. At most one of flag, env and file
// is set.
type raw struct {
	value                any
	flag, env, file, key string
}

// source is Setting.Source.
func (r raw) source() string {
	switch {
	case r.flag != "":
		return "flag --" + r.flag
	case r.env != "":
		return "environment " + r.env
	case r.file != "":
		return "file " + r.file
	}
	return "default"
}

// where names the place of the value in an error.
func (r raw) where() string {
	switch {
	case r.flag != "":
		return "--" + r.flag
	case r.env != "":
		return r.env
	}
	return catalog.Visible(r.file) + ": " + r.key
}

// invalid returns the error for a value that is not what it should be.
func (r raw) invalid(want string) error {
	return catalog.Invalidf("%s: %s is not %s", r.where(), describe(r.value), want)
}

// orList joins words as "a, b or c".
func orList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
