package cmd_test

import (
	"strings"
	"testing"
)

// A name of several records is a list to choose from, in every command and after
// flags; leaving it is 130, and off a terminal it is an error.
func TestAmbiguousNamesAreChosen(t *testing.T) {
	t.Parallel()
	w := sampled(t)
	s := w.piped("movie", "show", "Solaris", "--json")
	s.wait("Several movies").wait("> Solaris (1972)").wait("Solaris (2002)").keys(down, enter)
	if r := s.code(0); !strings.Contains(r.out, "2002-11-27") || strings.Contains(s.sent(), "2002-11-27") {
		t.Errorf("stdout %q", r.out)
	}
	w.must("person", "add", "Andrei Tarkovsky", "--duplicate")
	s = w.piped("movie", "list", "--director", "Andrei Tarkovsky", "--count")
	s.wait("Several people").keys(enter)
	if r := s.code(0); r.out != "2\n" {
		t.Errorf("stdout %q", r.out)
	}
	s = w.screen("movie", "edit", "Solaris", "--duration", "98")
	s.wait("Several movies").keys(down, enter)
	s.code(0).has(t, "Solaris (2002)")
	s = w.screen("movie", "edit", "Solaris")
	s.wait("Several movies").keys(down, enter).wait("Edit movie").wait("98").keys(tab, tab, backspace, "7", ctrl('s'))
	s.code(0).has(t, "Solaris (2002)")
	s = w.screen("movie", "delete", "Solaris")
	s.wait("Several movies").keys(enter).wait("Delete it? [y/N]").keys("y\r")
	s.code(0)
	if n := w.sqlRow(`SELECT group_concat(release_date || duration) FROM movies WHERE title = 'Solaris'`); n != "2002-11-2797" {
		t.Errorf("left: %s", n)
	}
	s = w.screen("movie", "list", "--director", "Andrei Tarkovsky")
	s.wait("Several people").keys(esc)
	s.code(130)
	for _, args := range [][]string{{"person", "show", "Andrei Tarkovsky"}, {"movie", "list", "--director", "Andrei Tarkovsky"}} {
		if r := w.run(args...); r.code != 4 {
			t.Errorf("%v off a terminal: exit %d", args, r.code)
		}
		s := w.screen(append(args, "--no-input")...)
		if s.code(4); strings.Contains(s.sent(), "\x1b[?1049h") {
			t.Errorf("%v --no-input: %q", args, s.sent())
		}
	}
}
