package cmd_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/moviedb/moviedb/cmd"
	"github.com/moviedb/moviedb/internal/testkit"
)

// inside is a scratch home in which the program runs inside the test's process,
// which takes a hundredth of the time of a process of its own.
type inside struct {
	t        testing.TB
	dir      string
	schema   string
	env      map[string]string
	files    map[string]string // files that are read from memory
	terminal bool              // standard output is one, 80 cells wide
}

func newInside(t testing.TB) *inside {
	t.Helper()
	return &inside{t: t, dir: t.TempDir(), schema: testkit.Schema(t), env: map[string]string{"NO_COLOR": "1"}, files: map[string]string{}}
}

// run runs the program with nothing on standard input.
func (in *inside) run(args ...string) result {
	in.t.Helper()
	var out, errs bytes.Buffer
	code := cmd.Main(in.t.Context(), args, cmd.Env{
		In: strings.NewReader(""), Out: &out, Err: &errs, OutTerminal: in.terminal,
		Width: func() int { return 80 }, Height: func() int { return 24 },
		Getenv: func(name string) string { return in.env[name] },
		Home:   func() (string, error) { return in.dir, nil },
		Open: func(path string) (io.ReadCloser, error) {
			if text, ok := in.files[path]; ok {
				return io.NopCloser(strings.NewReader(text)), nil
			}
			return os.Open(path)
		},
		Schema: in.schema,
	})
	return result{out.String(), errs.String(), code}
}

// must runs the program, which has to succeed, and returns what it printed.
func (in *inside) must(args ...string) string {
	in.t.Helper()
	r := in.run(args...)
	if r.code != 0 {
		in.t.Fatalf("moviedb %q: exit %d: %s", args, r.code, r.err)
	}
	return r.out
}

// db is the path of the catalog.
func (in *inside) db() string { return filepath.Join(in.dir, ".local/share/moviedb/moviedb.db") }

// harmless fails for a text that is not fit for a terminal: one that has a
// control character other than the ends of lines, or is no UTF-8.
func harmless(t testing.TB, what, text string) {
	t.Helper()
	bad := func(r rune) bool {
		return r != '\n' && (unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r))
	}
	if i := strings.IndexFunc(text, bad); i >= 0 || !utf8.ValidString(text) {
		t.Errorf("%s is unfit for a terminal (at %d): %q", what, i, text)
	}
}
