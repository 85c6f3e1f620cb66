package cmd_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// Every kind of record has a form.
func TestFormsOfTheOtherRecords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)

	s := w.screen("country", "add")
	s.wait("Add a country").keys(enter).wait("Name: it is missing").keys("Japan", enter).wait("enter do it").keys(enter)
	s.code(0).has(t, "added country 1: Japan")
	s = w.screen("country", "add")
	s.wait("Add a country").keys("JAPAN", enter).wait("Japan is already in the catalog as country 1").keys(ctrl('u'), "France", ctrl('s'))
	s.code(0)

	s = w.screen("genre", "add")
	s.wait("Add a genre").keys("Drama", enter, "line one", ctrl('j'), "line two", ctrl('s'))
	s.code(0)
	if g := w.shown("genre", "show", "Drama"); g["notes"] != "line one\nline two" {
		t.Errorf("genre: %v", g)
	}

	s = w.screen("person", "add")
	s.wait("Add a person").keys("Setsuko", enter, enter).wait("Last name: it is missing")
	s.keys("Hara", enter, "1920-06-31", enter).wait(`Born: "1920-06-31"`).keys(ctrl('u'), "1920-06-17", tab, "female", tab)
	s.keys("jap").wait("> Japan").keys(enter, "An actress.", ctrl('s'))
	s.code(0)
	p := w.shown("person", "show", "Setsuko Hara")
	for key, want := range map[string]string{"first_name": "Setsuko", "last_name": "Hara", "date_of_birth": "1920-06-17", "gender": "female", "biography": "An actress."} {
		if p[key] != want {
			t.Errorf("person: %s is %v", key, p[key])
		}
	}
	if named(p["country"]) != "Japan" {
		t.Errorf("person: %v", p["country"])
	}

	w.must("movie", "add", "Late Spring", "--release-date", "1949")
	s = w.screen("character", "add")
	s.wait("Add a part to a movie").keys("no such film", enter).wait(`nothing is picked for "no such film"`)
	s.keys(ctrl('u'), "late").wait("> Late Spring (1949)").keys(enter, "hara").wait("> Setsuko Hara").keys(enter, "Noriko", enter, "lead", enter, "The daughter.", ctrl('s'))
	s.code(0)
	c := w.shown("character", "show", "Noriko")
	if named(c["actor"]) != "Setsuko Hara" || c["role"] != "lead" || c["description"] != "The daughter." {
		t.Errorf("character: %v", c)
	}

	picture := makePictures(t, w.dir, 2)
	s = w.screen("photo", "add")
	s.wait("Add a photo").keys(ctrl('s')).wait("Person: it is missing").keys("hara", enter).wait("the path of a picture")
	s.keys(filepath.Base(picture[0]), enter).wait("enter do it").keys(right, right, enter).wait("is saved")
	s.keys(ctrl('s')).wait("Picture: it is missing").keys("~/", filepath.Base(picture[1]), enter).wait("enter do it").keys(right, enter)
	s.code(0)
	if got := w.sqlRow(`SELECT group_concat(is_primary) FROM (SELECT is_primary FROM photos ORDER BY id)`); got != "0,1" && got != "1,1" {
		t.Errorf("photos, primary: %s", got)
	}

	s = w.screen("user", "add")
	s.wait("Add a user").keys("two words", enter).wait("Username: ").keys(ctrl('u'), "yasu", tab, "Yasujirō", tab, "Ozu", tab, "no address", enter).wait("E-mail: ")
	s.keys(ctrl('u'), "ozu@example.com", tab, filepath.Base(picture[1]), tab, "short", enter).wait("Password: ")
	s.keys(ctrl('u'), "correct horse", tab, "correct house", enter).wait("the two passwords differ").keys(ctrl('u'), "correct horse", ctrl('s'))
	s.code(0)
	if strings.Contains(s.sent(), "horse") || strings.Contains(s.sent(), "house") {
		t.Error("a password was on the screen")
	}
	u := w.shown("user", "show", "yasu")
	if u["email"] != "ozu@example.com" || u["first_name"] != "Yasujirō" || u["avatar"] == nil {
		t.Errorf("user: %v", u)
	}
	if r := w.runWith("correct horse\n", "user", "verify", "yasu", "--password-stdin"); r.code != 0 {
		t.Errorf("verify: exit %d: %s", r.code, r.err)
	}
}

// A person who may be there already is shown first.
func TestFormOfAPersonWhoMayBeThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must("person", "add", "Setsuko Hara")
	s := w.screen("person", "add")
	s.wait("Add a person").keys("Setsuko", enter, "Hara", enter, "1920", ctrl('s')).wait("may be in the catalog already")
	s.keys(esc).wait("Add a person").keys(ctrl('s')).wait("may be in the catalog already").keys(enter)
	s.wait("Edit person 1").wait("1920").keys(ctrl('s'))
	s.code(0)
	if p := w.shown("person", "show", "1"); p["date_of_birth"] != "1920" || w.sqlRow(`SELECT count(*) FROM persons`) != "1" {
		t.Errorf("person: %v", p)
	}
}

// The record is what standard output gets, of every form.
func TestFormsPrintTheRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.piped("person", "add", "--json")
	s.wait("Add a person").keys(tab, "Hara", ctrl('s'))
	if r := s.code(0); !strings.HasPrefix(r.out, "{\n") || !strings.Contains(r.out, `"last_name": "Hara"`) {
		t.Errorf("person: %q", r.out)
	}
	s = w.piped("genre", "add", "--jq", ".name")
	s.wait("Add a genre").keys("Drama", ctrl('s'))
	if r := s.code(0); r.out != "\"Drama\"\n" && r.out != "Drama\n" {
		t.Errorf("genre: %q", r.out)
	}
	s = w.piped("country", "add")
	s.wait("Add a country").keys("Japan", ctrl('s'))
	if r := s.code(0); r.out != "1\n" {
		t.Errorf("country: %q", r.out)
	}
}

// $EDITOR opens on a key, with the text that is there; VISUAL wins.
func TestFormOpensTheEditor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	editor := filepath.Join(w.dir, "editor")
	write(t, editor, "#!/bin/sh\ncp \"$2\" \"$HOME/was\"\nprintf 'from the editor: %s\\n' \"$1\" >\"$2\"\nprintf 'second line' >>\"$2\"\n", 0o700)
	for _, name := range []string{"EDITOR", "VISUAL"} {
		c := w.command("genre", "add")
		c.Env = append(c.Env, "EDITOR=false", name+"="+editor+" -x")
		s := w.open(c).start()
		s.wait("Add a genre").keys(name, enter, "typed", ctrl('e')).wait("from the editor: -x").wait("second line")
		s.keys(ctrl('s'))
		s.code(0)
		if g := w.shown("genre", "show", name); g["notes"] != "from the editor: -x\nsecond line" {
			t.Errorf("%s: notes %q", name, g["notes"])
		}
		if was := read(t, filepath.Join(w.dir, "was")); was != "typed" {
			t.Errorf("%s: the editor was given %q", name, was)
		}
	}
}

// An editor that is missing, or fails, loses nothing, and that is said.
func TestFormSurvivesABadEditor(t *testing.T) {
	t.Parallel()
	for editor, says := range map[string]string{"no-such-editor": `there is no editor "no-such-editor"`, "false": "the editor failed"} {
		w := newWorld(t)
		c := w.command("genre", "add")
		c.Env = append(c.Env, "EDITOR="+editor)
		s := w.open(c).start()
		s.wait("Add a genre").keys("Drama", enter, "typed", ctrl('e')).wait(says).keys(" on").wait("typed on").keys(ctrl('s'))
		s.code(0)
		if g := w.shown("genre", "show", "Drama"); g["notes"] != "typed on" {
			t.Errorf("%s: notes %q", editor, g["notes"])
		}
	}
}
