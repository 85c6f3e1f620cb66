package cmd_test

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// plain is a command that asks line by line on a terminal that can do no more. It
// is killed if it waits for an answer that a test does not know of.
func (w *world) plain(args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	w.t.Cleanup(cancel)
	c := exec.CommandContext(ctx, "moviedb", args...)
	c.Dir, c.Env = w.dir, w.env
	c.Env = append(c.Env, "TERM=dumb", "NO_COLOR=1")
	return c
}

// dialogue is a conversation, line by line.
type dialogue struct{ prompts, answers []string }

// say adds a prompt and its answer.
func (d *dialogue) say(prompt, answer string) *dialogue {
	d.prompts, d.answers = append(d.prompts, prompt), append(d.answers, answer)
	return d
}

// dialogues are those that go through every form from start to end.
func dialogues(pictures []string) map[string]*dialogue {
	return map[string]*dialogue{
		"movie add": new(dialogue).say("Title: ", "").say("it is missing", "Mirror").say("Released", "the seventies").say("is not a date", "1975").
			say("Duration", "1h47m").say("Budget", "$622,000").say("Country", "soviet union").say("Director", "Andrei Tarkovsky").say("Which one?", "1").
			say("Genres", "drama").say("Genres", "War").say("Which one?", "1").say("Genres", "").say("Description", "line one").say("", "two").say("", ".").
			say("Poster", pictures[0]).say("What now?", "1"),
		"movie add --repeat": new(dialogue).say("Title: ", "Stalker").say("Released", "1979").say("Duration", "").say("Budget", "").say("Country", "").
			say("Director", "").say("Genres", "drama").say("Genres", "").say("Description", "").say("Poster", "").say("What now?", "2").
			say("Actor", "Alisa Freindlich").say("Which one?", "1").say("Character", "Wife").say("Role", "lead").say("What now?", "1").
			say("Actor", "").say("Character", "").say("Role", "").say("What now?", "").say("Save this movie and its cast?", "1").say("1 entered so far", "\x04"),
		"person add": new(dialogue).say("First name", "Setsuko").say("Last name", "Hara").say("Born", "1920").say("Gender", "female").say("Country", "Soviet").
			say("Which one?", "").say("Country", "soviet union").say("Biography", "-"),
		"character add": new(dialogue).say("Movie", "Ikiru").say("Actor", "").say("Character", "Watanabe").say("Role", "lead").say("Description", ""),
		"genre add":     new(dialogue).say("Name", "drama").say("already in the catalog", "Noir").say("Notes", "a").say("", "b").say("", "."),
		"country add":   new(dialogue).say("Name", "Japan"),
		"photo add":     new(dialogue).say("Person", "Ann").say("Picture", "no-such.png").say("no such file", pictures[1]).say("What now?", "2"),
		"user add": new(dialogue).say("Username", "yasu").say("First name", "").say("Last name", "").say("E-mail", "").say("Avatar", "").
			say("Password", "correct horse").say("Once more", "correct horse"),
		"movie edit 1": new(dialogue).say("Title [Ikiru]", "").say("[1952]", "1953").say("Duration", "").say("Budget", "").say("Country", "").say("Director", "").
			say("Genres", "").say("Description", "").say("Poster", ""),
		"person edit 1":  new(dialogue).say("First name", "").say("Last name [Ann]", "Anna").say("Born", "").say("Gender", "").say("Country", "").say("Biography", ""),
		"genre edit 1":   new(dialogue).say("Name [Drama]", "").say("Notes", "-"),
		"country edit 1": new(dialogue).say("Name [Soviet Union]", "USSR"),
		"user edit 1":    new(dialogue).say("[ann]", "anna").say("First name", "").say("Last name", "").say("E-mail", "").say("Avatar", ""),
	}
}

// peopled is a world with a record of each kind.
func peopled(t *testing.T) (*world, []string) {
	w := newWorld(t)
	w.must("country", "add", "Soviet Union")
	w.must("genre", "add", "Drama")
	w.must("person", "add", "Ann")
	w.must("user", "add", "ann")
	w.must("movie", "add", "Ikiru", "--release-date", "1952")
	return w, makePictures(t, w.dir, 2)
}

// Every form can be gone through line by line, and not one escape sequence is
// sent.
func TestLinesGoThroughEveryForm(t *testing.T) {
	t.Parallel()
	_, names := peopled(t)
	for line := range dialogues(names) {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			w, pictures := peopled(t)
			d := dialogues(pictures)[line]
			args := strings.Fields(line)
			if args[len(args)-1] == "--repeat" {
				args = append(args, "-i")
			}
			r := w.converse(w.plain(args...), d.prompts, d.answers)
			if r.code != 0 || strings.Contains(r.out, "\x1b") || strings.Contains(r.out, "horse") {
				t.Fatalf("exit %d:\n%s", r.code, r.out)
			}
			switch line {
			case "movie add":
				m := w.shown("movie", "show", "Mirror")
				if named(m["genres"]) != "Drama|War" || named(m["director"]) != "Andrei Tarkovsky" || named(m["country"]) != "Soviet Union" ||
					m["duration"] != 107.0 || m["release_date"] != "1975" || m["description"] != "line one\ntwo" || m["poster"] == nil {
					t.Errorf("%v", m)
				}
			case "movie add --repeat":
				if c := w.shown("movie", "show", "Stalker")["cast"].([]any); len(c) != 1 {
					t.Errorf("cast: %v", c)
				}
			case "movie edit 1":
				if m := w.shown("movie", "show", "1"); m["release_date"] != "1953" || m["title"] != "Ikiru" {
					t.Errorf("%v", m)
				}
			}
		})
	}
}

// The end of input is no answer: at every question of every form it is 130, and
// nothing is written.
func TestLinesEndAtEveryQuestion(t *testing.T) {
	t.Parallel()
	_, names := peopled(t)
	for line, d := range dialogues(names) {
		if strings.Contains(line, "--repeat") || !long() && line != "movie add" && line != "user add" && line != "genre edit 1" {
			continue
		}
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			w, pictures := peopled(t)
			d = dialogues(pictures)[line]
			before := w.sqlRow(`SELECT (SELECT count(*) FROM movies) || (SELECT count(*) FROM persons) || (SELECT count(*) FROM genres) || (SELECT count(*) FROM users) || (SELECT max("updatedAt") FROM genres)`)
			for n := range d.answers {
				answers := append(append([]string(nil), d.answers[:n]...), "\x04")
				c := w.plain(strings.Fields(line)...)
				c.Env = append(c.Env, fmt.Sprintf("XDG_STATE_HOME=%s/state-%d", w.dir, n))
				r := w.converse(c, d.prompts[:n+1], answers)
				if r.code != 130 {
					t.Errorf("after %d answers: exit %d:\n%s", n, r.code, r.out)
				}
			}
			if after := w.sqlRow(`SELECT (SELECT count(*) FROM movies) || (SELECT count(*) FROM persons) || (SELECT count(*) FROM genres) || (SELECT count(*) FROM users) || (SELECT max("updatedAt") FROM genres)`); after != before {
				t.Errorf("%s before, %s after", before, after)
			}
		})
	}
}

// Half a line before the end of input is no answer either, nor is it lost: a
// draft has what was answered.
func TestLinesKeepADraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if r := w.converse(w.plain("movie", "add"), []string{"Title: ", "Released", "Duration"}, []string{"Ikiru", "1952", "\x04"}); r.code != 130 {
		t.Fatalf("exit %d:\n%s", r.code, r.out)
	}
	if left := drafts(t, w); len(left) != 1 {
		t.Fatalf("drafts: %v", left)
	}
	r := w.converse(w.plain("movie", "add"), []string{"never saved", "Title [Ikiru]", "[1952]", "Duration", "Budget", "Country", "Director", "Genres", "Description", "Poster", "What now?"},
		[]string{"1", "", "1953", "", "", "", "", "", "", "", ""})
	if r.code != 0 || w.sqlRow(`SELECT release_date FROM movies WHERE title = 'Ikiru'`) != "1953" {
		t.Errorf("exit %d:\n%s", r.code, r.out)
	}
}

// A likely duplicate and an ambiguous name are numbered lists.
func TestLinesChoose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must("movie", "add", "Solaris", "--release-date", "1972")
	w.must("movie", "add", "Solaris", "--release-date", "2002")
	for answer, want := range map[string]string{"1": "1972", "2": "2002"} {
		r := w.converse(w.plain("movie", "show", "Solaris", "--fields", "release_date", "-o", "tsv"), []string{"Which one? 1 to 2: ", "Which one? 1 to 2: "}, []string{"", answer})
		if r.code != 0 || !strings.HasSuffix(r.out, want+"\n") {
			t.Errorf("%s: exit %d:\n%s", answer, r.code, r.out)
		}
	}
	r := w.converse(w.plain("movie", "show", "Solaris"), []string{"Which one? 1 to 2: "}, []string{"\x04"})
	if r.code != 130 {
		t.Errorf("end of input: exit %d:\n%s", r.code, r.out)
	}
	r = w.converse(w.plain("movie", "add"), []string{"Title: ", "Released", "Duration", "Budget", "Country", "Director", "Genres", "Description", "Poster", "What now?", "may be in the catalog already", "Title [Solaris]", "[1972]", "[167]", "Budget", "Country", "Director", "Genres", "Description", "Poster"},
		[]string{"solaris", "1972", "167", "", "", "", "", "", "", "1", "1", "", "", "", "", "", "", "", "", ""})
	if r.code != 0 || w.sqlRow(`SELECT duration FROM movies WHERE id = 1`) != "167" || w.sqlRow(`SELECT count(*) FROM movies`) != "2" {
		t.Errorf("duplicate: exit %d:\n%s", r.code, r.out)
	}
}

// There are four ways to ask for it; each asks line by line.
func TestLinesAreAskedForInFourWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		vars []string
		args []string
	}{{[]string{"ACCESSIBLE=1"}, nil}, {[]string{"TERM=dumb"}, nil}, {[]string{"MOVIEDB_ACCESSIBLE=true"}, nil}, {nil, []string{"--accessible"}}} {
		c := w.plain(append([]string{"country", "add"}, tt.args...)...)
		c.Env = append(w.env[:len(w.env):len(w.env)], tt.vars...)
		r := w.converse(c, []string{"Name: "}, []string{"\x04"})
		if r.code != 130 || strings.Contains(r.out, "\x1b") {
			t.Errorf("%v %v: exit %d: %q", tt.vars, tt.args, r.code, r.out)
		}
	}
	if left, _ := filepath.Glob(w.db()); len(left) > 0 {
		t.Errorf("made: %v", left)
	}
}
