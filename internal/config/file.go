package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"syscall"

	"github.com/spf13/viper"

	"github.com/moviedb/moviedb/internal/catalog"
)

// maxFile is the most a config file may hold: who names a disk or an endless
// device by mistake is told so at once.
const maxFile = 1 << 20

// configFile is a config file that has been read.
type configFile struct {
	path string
	v    *viper.Viper
}

// get returns the value of a key, false if the file does not have it.
func (f *configFile) get(name string) (any, bool) {
	v := f.v.Get(name)
	return v, v != nil
}

// readFile finds and reads the config file, once, and tells which it is. A
// missing file is an error only if the user named it.
func (l *loader) readFile() (Setting, error) {
	r, named := l.find(key{name: "config"})
	path, _ := r.value.(string)
	if !named {
		var err error
		if path, err = l.xdgPath("XDG_CONFIG_HOME", ".config", "config.toml"); err != nil {
			return Setting{Name: "config", Source: r.source()}, nil // no home, no file
		}
	}
	s := Setting{Name: "config", Value: path, Source: r.source()}
	data, err := readAll(path)
	switch {
	case err == nil:
		l.file, err = parseFile(path, data, l.home)
		return s, err
	case named && (path == "" || isDir(path)):
		return s, r.invalid("a file")
	case !isMissing(err):
		return s, fmt.Errorf("config file: %w", err)
	case named:
		return s, catalog.Invalidf(`%s: there is no file "%s"`, r.where(), catalog.Visible(path))
	}
	return s, nil
}

// readAll returns what is in the file at path.
func readAll(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("%s: too large, over %d MiB", path, maxFile>>20)
	}
	return data, err
}

// isMissing tells whether err says that a file does not exist; nothing exists
// below what is not a directory.
func isMissing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// isDir tells whether path is a directory.
func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// parseFile parses the config file at path and refuses keys it does not know.
// Its paths come out as they are meant from the working directory.
func parseFile(path string, data []byte, home func() (string, error)) (*configFile, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	decoder, err := viper.NewCodecRegistry().Decoder("toml")
	if err != nil {
		return nil, err
	}
	check := &keyChecker{toml: decoder}
	v := viper.NewWithOptions(viper.WithDecoderRegistry(check))
	v.SetConfigType("toml")
	if err := v.ReadConfig(bytes.NewReader(data)); err != nil {
		return nil, catalog.Invalidf("%s: %s", catalog.Visible(path), syntax(check.toml, data, err))
	}
	if len(check.unknown) > 0 {
		return nil, unknownKeys(path, check.unknown)
	}
	for _, name := range []string{"db", "files"} {
		text, ok := v.Get(name).(string)
		if !ok || !isPath(text) {
			continue // refused, with everything else of a wrong type, where it is set
		}
		text, err := inFolder(filepath.Dir(path), text, home)
		if err != nil {
			return nil, catalog.Invalidf("%s: %s: ~ cannot be resolved: %v", catalog.Visible(path), name, err)
		}
		v.Set(name, text)
	}
	return &configFile{path: path, v: v}, nil
}

// keyChecker decodes for viper and notes keys that are none of ours while they
// are still as written: viper lower-cases them, and loses empty tables.
type keyChecker struct {
	toml    viper.Decoder
	unknown []string
}

// Decoder returns the checker itself: the file has only one format.
func (k *keyChecker) Decoder(string) (viper.Decoder, error) { return k, nil }

// Decode decodes text into m.
func (k *keyChecker) Decode(text []byte, m map[string]any) error {
	if err := k.toml.Decode(text, m); err != nil {
		return err
	}
	known := keyNames()
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(known, name) {
			k.unknown = append(k.unknown, name)
		}
	}
	return nil
}

// unknownKeys returns the error for keys that a config file does not have.
func unknownKeys(path string, names []string) error {
	word := "key"
	if len(names) > 1 {
		word = "keys"
	}
	for i, name := range names {
		names[i] = catalog.Quote(name)
	}
	return catalog.Invalidf("%s: unknown %s %s (known: %s)", catalog.Visible(path), word,
		strings.Join(names, ", "), strings.Join(keyNames(), ", "))
}

// syntax says in one line what is wrong with a file's TOML, and where.
func syntax(toml viper.Decoder, text []byte, err error) string {
	if inner, ok := errors.AsType[viper.ConfigParseError](err); ok {
		err = inner.Unwrap()
	}
	var at interface {
		error
		Position() (row, column int)
	}
	var place string
	if errors.As(err, &at) {
		row, column := at.Position()
		place = fmt.Sprintf("line %d, column %d", row, column)
	} else {
		place = fmt.Sprintf("line %d", lineOf(toml, text, err))
	}
	return catalog.Visible(place + ": " + strings.TrimPrefix(err.Error(), "toml: "))
}

// lineOf finds the line of an error that does not tell it, such as a key given
// twice: the first one whose end cuts off a text with the same error.
func lineOf(toml viper.Decoder, text []byte, err error) int {
	lines := slices.Collect(bytes.Lines(text))
	return 1 + sort.Search(len(lines)-1, func(i int) bool {
		cut := toml.Decode(bytes.Join(lines[:i+1], nil), map[string]any{})
		return cut != nil && cut.Error() == err.Error()
	})
}
