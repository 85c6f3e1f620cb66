package cmd_test

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// lost is a form whose terminal is taken away in one of several ways.
func (w *world) lost(how string, s *screen) {
	w.t.Helper()
	switch how {
	case "terminal closed":
		s.slave.Close()
		s.master.Close()
	case "SIGHUP":
		s.cmd.Process.Signal(syscall.SIGHUP)
	case "killed":
		s.cmd.Process.Kill()
	}
	s.cmd.Wait()
}

// A terminal that goes away leaves a draft that only its user can read, and the
// next call offers it: with the cast, and with what is picked and to be made.
func TestDraftOfALostTerminal(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"terminal closed", "SIGHUP", "killed"} {
		w := newWorld(t)
		w.must("country", "add", "Japan")
		s := w.screen("movie", "add")
		s.wait("Add a movie").keys("Ikiru", tab, "1952", tab, tab, tab, "jap", enter, "Akira Kurosawa", enter, "Drama", enter, tab, "line one", ctrl('j'), "two", tab, tab)
		s.wait("enter do it").keys(right, enter).wait("Cast of Ikiru").keys("Takashi Shimura", enter, "Watanabe", enter, "lead", enter, enter).wait("1 part so far")
		s.keys(tab, "Toyo", tab).wait("lead, supporting")
		w.lost(how, s)
		left := drafts(t, w)
		if len(left) != 1 {
			t.Fatalf("%s: drafts %v", how, left)
		}
		if info, err := os.Stat(left[0]); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", how, info.Mode(), err)
		}
		s = w.screen("movie", "add")
		s.wait("There is a draft that was never saved").wait("Ikiru").wait("Akira Kurosawa (new)").wait("Go on with it").keys(enter)
		s.wait("Add a movie").wait("Ikiru").wait("1952").wait("Japan").keys(ctrl('s')).wait("Save this movie").wait("Takashi Shimura (new) as Watanabe, lead").wait("2  Toyo").keys(enter)
		s.code(0)
		m := w.shown("movie", "show", "Ikiru")
		if named(m["director"]) != "Akira Kurosawa" || named(m["genres"]) != "Drama" || named(m["country"]) != "Japan" || m["description"] != "line one\ntwo" || len(m["cast"].([]any)) != 2 {
			t.Errorf("%s: %v", how, m)
		}
		if left := drafts(t, w); len(left) != 0 {
			t.Errorf("%s: after it was saved: %v", how, left)
		}
	}
}

// Nothing typed is no draft, and what is taken back again neither.
func TestDraftOfNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.screen("movie", "add")
	s.wait("Add a movie")
	w.lost("SIGHUP", s)
	s = w.screen("movie", "add")
	s.wait("Add a movie").keys("Ikiru", tab).wait("1999-03").keys(shiftTab, ctrl('u')).gone("Ikiru")
	w.lost("SIGHUP", s)
	if left := drafts(t, w); len(left) != 0 {
		t.Errorf("drafts %v: %s", left, read(t, left[0]))
	}
}

// A part in the middle of which the terminal went away is gone on with.
func TestDraftOfAPartThatIsBegun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.screen("movie", "add")
	s.wait("Add a movie").keys("Ikiru", strings.Repeat(tab, 9)).wait("enter do it").keys(right, enter).wait("Cast of Ikiru").keys("Takashi Shim").wait("Takashi Shim")
	w.lost("SIGHUP", s)
	s = w.screen("movie", "add")
	s.wait("There is a draft").keys(enter).wait("Ikiru").keys(strings.Repeat(tab, 9)).wait("enter do it").keys(right, enter).wait("Takashi Shim")
	s.keys("ura", enter, ctrl('s')).wait("1 part so far").keys(esc).wait("1  Takashi Shimura (new)").keys(enter)
	s.code(0)
}

// What a draft picked is found again by its name where the id means another by
// now: the catalog was replaced.
func TestDraftOfAnotherCatalog(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t)
	w.must("person", "add", "Akira Kurosawa")
	w.must("person", "add", "Takashi Shimura")
	other.must("person", "add", "Bob Hope")
	other.must("person", "add", "Eve Arden")
	other.must("person", "add", "Akira Kurosawa")
	other.must("backup", other.dir+"/backup.tar")
	s := w.screen("movie", "add")
	s.wait("Add a movie").keys("Ikiru", strings.Repeat(tab, 5), "akira", enter, tab, tab, tab).wait("enter do it").keys(right, enter)
	s.wait("Cast of Ikiru").keys("takashi", enter, ctrl('s')).wait("1 part so far")
	w.lost("SIGHUP", s)
	w.must("restore", other.dir+"/backup.tar", "--force")
	s = w.screen("movie", "add")
	s.wait("There is a draft").keys(enter).wait("Add a movie").keys(ctrl('s')).wait("Takashi Shimura (new)").keys(enter)
	s.code(0)
	m := w.shown("movie", "show", "Ikiru")
	if named(m["director"]) != "Akira Kurosawa" || w.sqlRow("SELECT last_name FROM persons JOIN characters ON actor_id = persons.id") != "Shimura" {
		t.Errorf("movie: %v", m)
	}
}

// drafted is a world with the draft of a film.
func drafted(t *testing.T) *world {
	w := newWorld(t)
	s := w.screen("movie", "add")
	s.wait("Add a movie").keys("Ikiru", tab, "1952", tab).wait("in minutes")
	w.lost("killed", s)
	if left := drafts(t, w); len(left) != 1 {
		t.Fatalf("drafts %v", left)
	}
	return w
}

// A draft can be thrown away, or left for later; a form that is left drops its
// own.
func TestDraftIsThrownAwayOrLeft(t *testing.T) {
	t.Parallel()
	w := drafted(t)
	s := w.screen("movie", "add")
	s.wait("There is a draft").keys(esc)
	s.code(130)
	s = w.screen("movie", "add")
	s.wait("There is a draft").keys(down, down, enter).wait("Add a movie").keys("Ran", tab, esc).wait("[y/N]").keys("y")
	s.code(130)
	if left := drafts(t, w); len(left) != 1 || !strings.Contains(read(t, left[0]), "Ikiru") {
		t.Errorf("drafts %v", left)
	}
	s = w.screen("movie", "add")
	s.wait("There is a draft").keys(enter).wait("Ikiru").keys(esc).wait("[y/N]").keys("n").gone("[y/N]").keys("!").wait("!")
	w.lost("SIGHUP", s)
	s = w.screen("movie", "add")
	s.wait("There is a draft").wait("Ikiru!").keys(down, enter).wait("Add a movie").keys(esc)
	s.code(130)
	if left := drafts(t, w); len(left) != 0 {
		t.Errorf("drafts %v", left)
	}
	s = w.screen("movie", "add")
	s.wait("enter next").keys(esc)
	s.code(130)
}

// The draft of somebody who still types is not offered; that of another command
// or another catalog neither.
func TestDraftOfOthersIsNotOffered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.screen("movie", "add")
	first.wait("Add a movie").keys("Ikiru", tab, "1952", tab).wait("in minutes")
	second := w.screen("movie", "add")
	second.wait("Add a movie").keys("Ran", tab, "1985", tab).wait("in minutes")
	if left := drafts(t, w); len(left) != 2 {
		t.Errorf("drafts %v", left)
	}
	first.keys(ctrl('s'))
	first.code(0)
	w.lost("killed", second)
	for _, args := range [][]string{{"person", "add"}, {"movie", "add", "--db", "other.db", "-i"}} {
		s := w.screen(args...)
		s.wait("Add a ").wait("enter next").keys(esc)
		s.code(130)
	}
	s := w.screen("movie", "add")
	s.wait("There is a draft").wait("Ran").keys(enter).wait("1985").keys(ctrl('s'))
	s.code(0)
	if n := w.sqlRow(`SELECT group_concat(title) FROM movies`); n != "Ikiru,Ran" {
		t.Errorf("movies: %s", n)
	}
}

// Every form that adds keeps a draft; no password is ever in one.
func TestDraftsOfTheOtherForms(t *testing.T) {
	t.Parallel()
	for noun, keys := range map[string]string{"person": "Setsuko", "character": tab, "genre": "Drama", "country": "Japan", "user": "yasu"} {
		w := newWorld(t)
		w.must("movie", "add", "Ikiru")
		if noun == "character" {
			keys = "iki" + enter + tab + "Watanabe"
		}
		s := w.screen(noun, "add")
		s.wait("Add a ").keys(keys, tab)
		if noun == "user" {
			s.keys(tab, tab, tab, tab, "correct horse", tab, "correct horse", shiftTab)
		}
		s.until("nothing is kept", func(string) bool { return len(drafts(t, w)) == 1 })
		w.lost("SIGHUP", s)
		left := drafts(t, w)
		if len(left) != 1 || strings.Contains(read(t, left[0]), "horse") {
			t.Errorf("%s: drafts %v", noun, left)
			continue
		}
		s = w.screen(noun, "add")
		s.wait("There is a draft").keys(enter).wait("Add a ").keys(esc).wait("[y/N]").keys("y")
		s.code(130)
		if left := drafts(t, w); len(left) != 0 {
			t.Errorf("%s: drafts %v", noun, left)
		}
	}
}

// A state directory that cannot be written to is said, and no reason to stop.
func TestFormWithoutAPlaceForDrafts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	write(t, w.dir+"/file", "", 0o600)
	c := w.command("genre", "add")
	c.Env = append(c.Env, "XDG_STATE_HOME="+w.dir+"/file")
	s := w.open(c).start()
	s.wait("Add a genre").keys("Drama", tab, "notes", ctrl('s'))
	s.code(0).has(t, "no draft can be kept")
}
