package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Esc and Ctrl-C in a form in which nothing was typed leave at once, and nothing
// is written, not even an empty catalog.
func TestFormLeftUntouched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.snapshot()
	for i, noun := range []string{"movie", "person", "character", "genre", "country", "photo", "user", "movie"} {
		s := w.screen(noun, "add")
		s.wait("Add a ").keys([]string{esc, ctrl('c')}[i%2])
		s.code(130)
	}
	if after := w.snapshot(); !sameFiles(before, after) {
		t.Errorf("%d files before, %d after", len(before), len(after))
	}
}

// With something typed they ask once; n goes on with all that was there.
func TestFormLeftWithSomethingTyped(t *testing.T) {
	t.Parallel()
	for _, key := range []string{esc, ctrl('c')} {
		w := newWorld(t)
		s := w.screen("movie", "add")
		s.wait("Add a movie").keys("Mirror", enter, "1975", key).wait("What was typed is lost. [y/N]")
		s.keys("n").gone("[y/N]").wait("Mirror").wait("1975").keys(key).wait("[y/N]").keys(enter).gone("[y/N]")
		s.keys(key).wait("[y/N]").paste("y").keys("xn").gone("[y/N]").keys("-03").wait("1975-03").keys(key).wait("[y/N]").keys("y")
		s.code(130)
		if _, err := os.Stat(w.db()); err == nil {
			t.Error("a catalog was made")
		}
		if left := drafts(t, w); len(left) > 0 {
			t.Errorf("drafts left: %v", left)
		}
		s = w.screen("movie", "add")
		s.wait("Add a movie").keys("Mirror", key).wait("[y/N]").keys(ctrl('c'))
		s.code(130)
	}
}

// An edit is left the same way; typing and taking it back is as if untouched.
func TestFormOfAChangeLeft(t *testing.T) {
	t.Parallel()
	w := full(t)
	before := w.row("movies", 1)
	s := w.screen("movie", "edit", "1")
	s.wait("Edit movie 1").keys("x", backspace, esc)
	s.code(130)
	s = w.screen("movie", "edit", "1")
	s.wait("Edit movie 1").keys("x", tab, tab, "9", tab, esc).wait("[y/N]").keys("n").gone("[y/N]").wait("1079").wait("Mirrorx").keys(esc).wait("[y/N]").keys("Y")
	s.code(130)
	if diff := differing(before, w.row("movies", 1)); diff != "" {
		t.Errorf("changed: %s", diff)
	}
}

// Leaving the cast or the review leads back to the film; Ctrl-C leaves it all.
func TestFormOfACastLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.screen("movie", "add")
	s.wait("Add a movie").keys("Mirror", ctrl('s'))
	s.code(0)
	s = w.screen("movie", "add")
	s.wait("Add a movie").keys("Stalker").keys(strings.Repeat(tab, 9)).wait("enter do it").keys(right, enter).wait("Cast of Stalker")
	s.keys(tab, "Monkey", ctrl('s')).wait("1 part so far").keys(ctrl('c')).wait("[y/N]").keys("n").gone("[y/N]").keys(esc).wait("Save this movie").keys(ctrl('c')).wait("Add a movie").wait("Stalker")
	s.keys(ctrl('c')).wait("[y/N]").keys("y")
	s.code(130)
	if n := w.sqlRow(`SELECT count(*) FROM movies`); n != "1" {
		t.Errorf("%s movies", n)
	}
}

// SIGINT from elsewhere, and SIGTERM, end a form as Ctrl-C does a command, and
// the terminal is as before; what was typed is a draft.
func TestFormKeepsWhatIsTypedWhenItIsSignalled(t *testing.T) {
	t.Parallel()
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		w := newWorld(t)
		s := w.screen("movie", "add")
		s.wait("Add a movie").keys("Mirror", enter, "19").wait("19")
		if err := s.cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		s.code(130)
		left := drafts(t, w)
		if len(left) != 1 || !strings.Contains(read(t, left[0]), "Mirror") {
			t.Errorf("%v: drafts %v", sig, left)
		}
	}
}

// drafts are the files of drafts in a world.
func drafts(t *testing.T, w *world) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(w.dir, ".local/state/moviedb/*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Ctrl-Z gives the terminal to the shell, whose fg brings the form back as it was.
// Where there is no shell nothing happens.
func TestFormIsSuspended(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.screen("genre", "add")
	s.wait("Add a genre").keys("Dra", ctrl('z'), "ma").wait("Drama").keys(ctrl('s'))
	s.code(0)
	c := w.command("genre", "add")
	c.Args = []string{"sh", "-c", `set -m; "$0" genre add; echo "stopped"; read answer; fg`, c.Path}
	c.Path = "/bin/sh"
	s = w.open(c).start()
	s.wait("Add a genre").keys("Wes", ctrl('z')).wait("stopped")
	if left := drafts(t, w); len(left) != 1 || !strings.Contains(read(t, left[0]), "Wes") {
		t.Errorf("drafts %v", left)
	}
	s.keys("\n").wait("Add a genre").wait("Wes").keys("tern", ctrl('s'))
	s.code(0)
	if g := w.shown("genre", "show", "2"); g["name"] != "Western" {
		t.Errorf("genre %v", g)
	}
}
