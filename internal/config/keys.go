package config

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
)

// key is one setting: how it is named, read and shown.
type key struct {
	name  string // in the config file
	set   func(*Config, raw) error
	value func(*Config) string
}

// flag returns the name of the key's flag; not every key has one.
func (k key) flag() string { return strings.ReplaceAll(k.name, "_", "-") }

// env returns the name of the key's environment variable.
func (k key) env() string { return "MOVIEDB_" + strings.ToUpper(k.name) }

// keys returns every setting but config, in the order they are resolved and
// shown: files after db, whose default it follows.
func keys() []key {
	return []key{
		pathKey("db", func(c *Config) *string { return &c.DB }),
		pathKey("files", func(c *Config) *string { return &c.Files }),
		choiceKey("output", outputs(), func(c *Config) *string { return &c.Output }),
		choiceKey("color", colors(), func(c *Config) *string { return &c.Color }),
		switchKey("no_input", func(c *Config) *bool { return &c.NoInput }),
		switchKey("accessible", func(c *Config) *bool { return &c.Accessible }),
		{
			name:  "busy_timeout",
			set:   func(c *Config, r raw) (err error) { c.BusyTimeout, err = parseWait(r); return err },
			value: func(c *Config) string { return c.BusyTimeout.String() },
		},
		choiceKey("journal", []string{"wal", "delete"}, func(c *Config) *string { return &c.Journal }),
		switchKey("quiet", func(c *Config) *bool { return &c.Quiet }),
	}
}

// keyNames returns what the config file may hold.
func keyNames() []string {
	var names []string
	for _, k := range keys() {
		names = append(names, k.name)
	}
	return names
}

// outputs returns the formats of --output.
func outputs() []string { return []string{"table", "tsv", "csv", "json", "jsonl", "markdown"} }

// colors returns the choices of --color.
func colors() []string { return []string{"auto", "always", "never"} }

// pathKey is a setting that names a file or directory.
func pathKey(name string, field func(*Config) *string) key {
	return key{
		name: name,
		set: func(c *Config, r raw) error {
			s, ok := r.value.(string)
			if !ok || !isPath(s) {
				return r.invalid("a path")
			}
			*field(c) = s
			return nil
		},
		value: func(c *Config) string { return *field(c) },
	}
}

// isPath tells whether s can be the path of a file.
func isPath(s string) bool { return s != "" && !strings.ContainsRune(s, 0) }

// choiceKey is a setting that is one of a few words.
func choiceKey(name string, words []string, field func(*Config) *string) key {
	return key{
		name: name,
		set: func(c *Config, r raw) error {
			s, ok := r.value.(string)
			if !ok || !slices.Contains(words, s) {
				return r.invalid(orList(words))
			}
			*field(c) = s
			return nil
		},
		value: func(c *Config) string { return *field(c) },
	}
}

// switchKey is a setting that is on or off.
func switchKey(name string, field func(*Config) *bool) key {
	return key{
		name:  name,
		set:   func(c *Config, r raw) (err error) { *field(c), err = parseSwitch(r); return err },
		value: func(c *Config) string { return strconv.FormatBool(*field(c)) },
	}
}

// parseSwitch reads true or false from the file, and a few more words from a
// flag or a variable.
func parseSwitch(r raw) (bool, error) {
	if r.file != "" {
		b, ok := r.value.(bool)
		if !ok {
			return false, r.invalid("true or false")
		}
		return b, nil
	}
	text, _ := r.value.(string)
	switch strings.ToLower(text) {
	case "1", "true", "yes", "on":
		return true, nil
	case "0", "false", "no", "off":
		return false, nil
	}
	return false, r.invalid("1, true, yes, on, 0, false, no or off")
}

// maxWait is the longest busy timeout: SQLite keeps milliseconds in 32 bits.
const maxWait = math.MaxInt32 * time.Millisecond

// parseWait reads a duration such as "500ms", or a whole number of seconds.
func parseWait(r raw) (time.Duration, error) {
	d, ok := duration(r.value)
	switch {
	case !ok:
		return 0, r.invalid(`a duration such as "5s" or "500ms", or a whole number of seconds`)
	case d < 0:
		return 0, r.invalid("a time to wait: it is less than nothing")
	case d > maxWait:
		return 0, r.invalid("a time SQLite can wait: the most is " + maxWait.Truncate(time.Hour).String())
	}
	return d, nil
}

// duration reads v, which is a number of seconds or text; numbers too large
// for a time.Duration become the largest.
func duration(v any) (time.Duration, bool) {
	if text, ok := v.(string); ok {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			d, err := time.ParseDuration(text)
			return d, err == nil
		}
		v = n
	}
	n, ok := v.(int64)
	if !ok {
		return 0, false
	}
	limit := int64(math.MaxInt64 / time.Second)
	return time.Duration(min(max(n, -limit), limit)) * time.Second, true
}

// describe shows a refused value in an error.
func describe(v any) string {
	switch v := v.(type) {
	case string:
		return catalog.Quote(v)
	case map[string]any:
		return "a table"
	case []any:
		return "a list"
	}
	return fmt.Sprint(v)
}

// inFolder returns path as the config file in folder means it: ~/ is the home
// directory, other relative paths start at the folder.
func inFolder(folder, path string, home func() (string, error)) (string, error) {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		dir, err := home()
		if err != nil {
			return "", err
		}
		return filepath.Join(dir, rest), nil
	}
	if filepath.IsAbs(path) {
		return path, nil
	}
	return filepath.Join(folder, path), nil
}
