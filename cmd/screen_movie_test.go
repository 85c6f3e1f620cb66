package cmd_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shown is a record as show --json prints it.
func (w *world) shown(args ...string) map[string]any {
	w.t.Helper()
	var record map[string]any
	if err := json.Unmarshal([]byte(w.must(append(args, "--json")...)), &record); err != nil {
		w.t.Fatal(err)
	}
	return record
}

// named are the names in a list of records, or the name of one.
func named(v any) string {
	switch v := v.(type) {
	case map[string]any:
		return fmt.Sprint(v["name"])
	case []any:
		var names []string
		for _, e := range v {
			names = append(names, named(e))
		}
		return strings.Join(names, "|")
	}
	return ""
}

// A whole film: a wrong answer is said and put right, records are picked, made
// and taken away again, and all of it is in the catalog.
func TestFormOfAMovie(t *testing.T) {
	t.Parallel()
	w := sampled(t)
	poster := makePictures(t, w.dir, 1)[0]
	s := w.screen("movie", "add")
	s.wait("Add a movie").keys("Mirror", enter, "the seventies", enter).wait(`"the seventies" is not a date`)
	s.keys(ctrl('u'), "1975-03-07", tab, "1h47m", enter, "$622,000", enter)
	s.keys("soviet").wait("> Soviet Union").keys(enter)
	s.keys("tarkov").wait("> Andrei Tarkovsky").keys(enter)
	s.keys("dra", enter, "rom", enter, "zzz").wait(`create genre "zzz"`).keys(ctrl('u'), backspace, "war", enter)
	s.keys("Memory play", enter).wait("Drama, War, +Memory play,").keys(tab)
	s.keys("A dying man", ctrl('j'), "remembers.", enter).paste("'" + poster + "'").keys(enter).wait("enter do it")
	s.keys(enter)
	s.code(0)
	m := w.shown("movie", "show", "Mirror")
	for key, want := range map[string]any{"title": "Mirror", "release_date": "1975-03-07", "duration": 107.0, "budget": 622000.0, "description": "A dying man\nremembers."} {
		if m[key] != want {
			t.Errorf("%s is %v, want %v", key, m[key], want)
		}
	}
	if c, d, g := named(m["country"]), named(m["director"]), named(m["genres"]); c != "Soviet Union" || d != "Andrei Tarkovsky" || g != "Drama|War|Memory play" {
		t.Errorf("country %q, director %q, genres %q", c, d, g)
	}
	if p, ok := m["poster"].(map[string]any); !ok || p["file_name"] != "picture-0.png" {
		t.Errorf("poster: %v", m["poster"])
	}
	if n := w.sqlRow(`SELECT count(*) FROM persons WHERE last_name = 'Tarkovsky'`); n != "1" {
		t.Errorf("%s people called Tarkovsky", n)
	}
}

// A name that is not there is made with the film, and not before; going back to a
// field keeps what is in the others.
func TestFormMakesPeopleWhenTheMovieIsSaved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must("person", "add", "Agnès Varda")
	s := w.screen("movie", "add")
	s.wait("Add a movie").keys("Vagabond", tab, tab, tab, tab, tab).wait("type to search, or a new name")
	s.keys("agnes varda").wait("> Agnès Varda").wait(`create another person "agnes varda"`)
	s.keys(ctrl('u'), "Sandrine Bonnaire").wait(`> + create person "Sandrine Bonnaire"`).keys(enter).wait("any number")
	s.keys(shiftTab, shiftTab, shiftTab, shiftTab, shiftTab, shiftTab).wait("┃ Title").keys(" (Sans toit)", ctrl('s'))
	s.code(0)
	m := w.shown("movie", "show", "Vagabond (Sans toit)")
	if named(m["director"]) != "Sandrine Bonnaire" || w.sqlRow(`SELECT count(*) FROM persons`) != "2" {
		t.Errorf("director: %v", m["director"])
	}
	s = w.screen("movie", "add")
	s.wait("Add a movie").keys("Nothing", tab, tab, tab, tab, tab, "Nobody New", enter).wait("any number").keys(esc).wait("[y/N]").keys("y")
	s.code(130)
	if n := w.sqlRow(`SELECT count(*) FROM persons`); n != "2" {
		t.Errorf("%s people after a form that was left", n)
	}
}

// The file picker, from the directory the program runs in.
func TestFormPicksAPosterFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dir := filepath.Join(w.dir, "pictures")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	makePictures(t, dir, 1)
	s := w.screen("movie", "add")
	s.wait("Add a movie").keys("Mirror", tab, tab, tab, tab, tab, tab, tab, tab).wait("the path of a picture")
	s.keys("no-such.png", enter).wait("no-such.png")
	s.until("the path is taken", func(on string) bool { return strings.Contains(on, "┃ Poster") && strings.Contains(on, "Poster: ") })
	s.keys(ctrl('u'), ctrl('o')).wait("pictures").wait("esc back").keys(esc).wait("enter next")
	s.keys(ctrl('o')).wait("pictures").keys(enter).wait("picture-0.png").keys(enter).wait("pictures/picture-0.png")
	s.keys(ctrl('s'))
	s.code(0)
	if m := w.shown("movie", "show", "Mirror"); m["poster"] == nil {
		t.Error("there is no poster")
	}
}

// The cast: part after part, a review, the last one taken away, back to the film.
func TestFormOfACast(t *testing.T) {
	t.Parallel()
	w := sampled(t)
	s := w.screen("movie", "add")
	s.wait("Add a movie").keys("Mirror", enter, "1975").keys(tab, tab, tab, tab, tab, tab, tab, tab).wait("enter do it")
	s.keys(right, enter).wait("Cast of Mirror")
	s.keys("Margarita Terekhova", enter, "Maria", enter, "lead", enter, enter).wait("1 part so far")
	s.keys("sigourney", enter, "Natalia", enter, enter, enter).wait("2 parts so far")
	s.keys(tab, "The voice", enter, "voice", enter, right, enter).wait("Save this movie and its cast?")
	s.wait("1  Margarita Terekhova (new) as Maria, lead").wait("2  Sigourney Weaver as Natalia").wait("3  The voice, voice").wait("1975")
	s.keys(down, down, enter).gone("3  The voice")
	s.keys(down, enter).wait("2 parts so far").keys(esc).wait("Save this movie")
	s.keys(down, down, down, enter).wait("Add a movie").wait("Mirror")
	s.keys(" (Zerkalo)", ctrl('s')).wait("Save this movie").keys(enter)
	s.code(0)
	m := w.shown("movie", "show", "Mirror (Zerkalo)")
	var cast []string
	for _, c := range m["cast"].([]any) {
		part := c.(map[string]any)
		cast = append(cast, fmt.Sprint(part["name"], "/", named(part["actor"]), "/", part["role"]))
	}
	if got := strings.Join(cast, ", "); got != "Maria/Margarita Terekhova/lead, Natalia/Sigourney Weaver/<nil>" {
		t.Errorf("cast: %s", got)
	}
}

// A film that may be there already is shown first: going back, saving another
// one, opening the one that is there, which gets what it lacks.
func TestFormOfALikelyDuplicate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must("movie", "add", "Solaris", "--release-date", "1972", "--duration", "167")
	s := w.screen("movie", "add")
	s.wait("Add a movie").keys("solaris", enter, "1972-03-20", enter, "100", tab, "1000", ctrl('s')).wait("may be in the catalog already")
	s.wait("> Open movie 1: Solaris (1972)").wait("167 min").wait("Save it anyway").wait("Go back")
	s.keys(down, down, enter).wait("Add a movie").keys(ctrl('s')).wait("may be in the catalog").keys(esc).wait("Add a movie")
	s.keys(ctrl('s')).wait("may be in the catalog").keys(enter).wait("Edit movie 1: Solaris (1972)").wait("167").wait("1000")
	s.keys(esc).wait("[y/N]").keys("y").wait("Add a movie").wait("100").keys(ctrl('s')).wait("may be in").keys(enter).wait("Edit movie 1")
	s.keys(ctrl('s'))
	s.code(0).has(t, "edited movie 1: Solaris (1972)")
	if m := w.shown("movie", "show", "1"); m["title"] != "Solaris" || m["duration"] != 167.0 || m["budget"] != 1000.0 || m["release_date"] != "1972" {
		t.Errorf("the movie that was there: %v", m)
	}
	s = w.screen("movie", "add")
	s.wait("Add a movie").keys("SOLARIS", enter, "1972", ctrl('s')).wait("may be in the catalog").keys(down, enter)
	s.code(0).has(t, "added movie 2: SOLARIS (1972)")
}

// has fails unless a text is in what was printed.
func (r result) has(t *testing.T, text string) {
	t.Helper()
	if !strings.Contains(r.out, text) {
		t.Errorf("no %q in:\n%s", text, r.out)
	}
}

// One film after the other: country and genres are kept, and the films counted.
// Esc in a fresh form is the end, and no abort.
func TestFormRepeats(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"", "json", "jsonl"} {
		w := newWorld(t)
		w.must("genre", "add", "Drama")
		w.must("country", "add", "Japan")
		args := []string{"movie", "add", "--repeat", "-i"}
		if format != "" {
			args = append(args, "-o", format)
		}
		s := w.piped(args...)
		s.wait("Add a movie").keys("Ikiru", enter, "1952", tab, tab, tab, "jap", enter, tab, "dra", enter).wait("Drama,").keys(ctrl('s'))
		s.wait("1 entered so far").wait("Ikiru (1952)")
		s.keys("Ran", tab, tab, tab, tab).wait("Japan").keys(ctrl('s')).wait("2 entered so far").keys(esc)
		out := strings.TrimSpace(s.code(0).out)
		for _, title := range []string{"Ikiru", "Ran"} {
			if m := w.shown("movie", "show", title); named(m["country"]) != "Japan" || named(m["genres"]) != "Drama" {
				t.Errorf("%s: %v", title, m)
			}
		}
		switch format {
		case "":
			if out != "1\n2" {
				t.Errorf("in a pipe: %q", out)
			}
		case "json":
			var all []map[string]any
			if err := json.Unmarshal([]byte(out), &all); err != nil || len(all) != 2 || all[1]["title"] != "Ran" {
				t.Errorf("%v: %s", err, out)
			}
		case "jsonl":
			if n := strings.Count(out, "\n"); n != 1 {
				t.Errorf("%d line ends: %s", n, out)
			}
		}
	}
}

// What was saved stays saved when the sitting is left in the middle of another.
func TestFormRepeatsUntilItIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.piped("movie", "add", "--repeat", "-i", "--json")
	s.wait("Add a movie").keys("Ikiru", ctrl('s')).wait("1 entered").keys("Ra", esc).wait("[y/N]").keys("y")
	var m any
	if r := s.code(130); json.Unmarshal([]byte(r.out), &m) != nil {
		t.Errorf("stdout: %q", r.out)
	}
	if n := w.sqlRow(`SELECT group_concat(title) FROM movies`); n != "Ikiru" {
		t.Errorf("movies: %s", n)
	}
}

// Flags are in the form when it opens; the form's answers win.
func TestFormBeginsWithFlags(t *testing.T) {
	t.Parallel()
	w := sampled(t)
	s := w.screen("movie", "add", "Mirror", "-i", "--director", "andrei tarkovsky", "--genre", "drama", "--genre", "war", "--duration", "1h", "--country", "Ruritania")
	s.wait("Mirror").wait("Andrei Tarkovsky").wait("Drama, War").wait("1h").wait("Ruritania")
	s.keys(ctrl('s')).wait("nothing is picked for").keys(ctrl('u'), tab, ctrl('s'))
	s.code(0)
	m := w.shown("movie", "show", "Mirror")
	if named(m["genres"]) != "Drama|War" || named(m["director"]) != "Andrei Tarkovsky" || m["duration"] != 60.0 || m["country"] != nil {
		t.Errorf("%v", m)
	}
}

// The record alone is on standard output, as for a script: through a real pipe
// to another program.
func TestFormLeavesStandardOutputToTheRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.piped("movie", "add", "--json")
	s.wait("Add a movie").keys("Mirror", ctrl('s'))
	var m map[string]any
	if r := s.code(0); json.Unmarshal([]byte(r.out), &m) != nil || m["id"] != 1.0 || strings.Contains(s.sent(), `"id"`) {
		t.Errorf("stdout: %q\nterminal: %q", r.out, s.sent())
	}
	c := w.command()
	c.Path, c.Args = "/bin/sh", []string{"sh", "-c", `moviedb movie add --json | sed -n 's/.*"title": /title /p'`}
	s = w.open(c).start()
	s.wait("Add a movie").keys("Stalker", ctrl('s')).wait(`title "Stalker"`)
	s.code(0)
}
