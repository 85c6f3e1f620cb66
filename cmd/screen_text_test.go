package cmd_test

import (
	"fmt"
	"strings"
	"testing"
)

// The terminal may change its size at any time; nothing typed is lost, and no
// line is wider than the terminal.
func TestFormInATerminalOfAnotherSize(t *testing.T) {
	t.Parallel()
	w := sampled(t)
	s := w.screen("movie", "add")
	s.wait("Add a movie").keys("Mirror", enter, "1975", enter, tab, tab, "soviet").wait("> Soviet Union")
	s.resize(40, 24).until("the list is not drawn anew", func(on string) bool {
		return strings.Contains(on, "> Soviet Union") && !strings.Contains(on, "shift+tab back")
	})
	for _, line := range strings.Split(s.text(), "\n") {
		if n := len([]rune(line)); n > 40 {
			t.Errorf("a line of %d: %s", n, line)
		}
	}
	s.keys(enter, "tark", enter).wait("Andrei Tarkovsky").resize(40, 12).keys(tab, "A text that is longer than forty columns of a terminal.").wait("terminal.")
	s.resize(100, 40).wait("Mirror").wait("1975").wait("Soviet Union").wait("A text that is longer than forty columns of a terminal.").resize(80, 24).wait("ctrl+s save")
	s.resize(20, 5).keys("..").wait("..").resize(80, 24).wait("terminal...").keys(ctrl('s'))
	s.code(0)
	m := w.shown("movie", "show", "Mirror")
	if m["description"] != "A text that is longer than forty columns of a terminal..." || named(m["director"]) != "Andrei Tarkovsky" || named(m["country"]) != "Soviet Union" {
		t.Errorf("movie: %v", m)
	}
}

// What a form says fits into 40 columns: keys are named as a whole or not at all,
// and of a path that is too long the middle is left out, not what is wrong.
func TestFormSaysWhatIsWrongIn40Columns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.screen("movie", "add")
	s.wait("Add a movie").resize(40, 12).wait("enter next · ctrl+s save · esc leave").keys("Mirror", strings.Repeat(tab, 7))
	s.wait("ctrl+e editor · ctrl+s save · esc leave").keys(tab).wait("ctrl+o browse · ctrl+s save · esc leave")
	s.keys("/no"+strings.Repeat("/directory", 20)+".png", enter).wait("no such file or directory").keys(esc).wait("[y/N]").keys("y")
	s.code(130)
}

// A text that had no room is there again when there is.
func TestFormOfATextIsHighAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must("genre", "add", "Drama", "--notes", "one\ntwo\nthree\nfour")
	for _, keys := range []string{"", tab} {
		s := w.screen("genre", "edit", "Drama")
		s.wait("Edit genre 1: Drama").wait("four").keys(keys).resize(20, 6).gone("one").resize(80, 24).wait("one").wait("four").keys(esc)
		s.code(130)
	}
}

// A long paste is kept, all of it, or refused aloud; nothing is cut in silence.
func TestFormTakesLongPastes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	long := strings.Repeat("0123456789", 999) + "the end..."
	lines := strings.Repeat("a line of nineteen.\n", 499) + "the end of the text."
	s := w.screen("movie", "add")
	s.wait("Add a movie").paste(long).wait("the end...")
	s.keys(enter, tab, tab, tab, tab, tab, tab).paste(lines).wait("the end of the text.").keys(ctrl('s'))
	s.code(0)
	m := w.shown("movie", "show", "1")
	if m["title"] != long {
		t.Errorf("a title of %d characters of %d", len(m["title"].(string)), len(long))
	}
	if text, _ := m["description"].(string); text != lines {
		t.Errorf("a description of %d characters of %d", len(text), len(lines))
	}
	if n := w.sqlRow(`SELECT length(title) FROM movies`); n != "10000" {
		t.Errorf("length in the catalog: %s", n)
	}
}

// As many lines are typed as one likes.
func TestFormTakesManyLines(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.screen("genre", "add")
	s.wait("Add a genre").keys("Drama", tab, strings.Repeat("a"+ctrl('j'), 110), "the end").wait("the end").keys(ctrl('s'))
	s.code(0)
	if g := w.shown("genre", "show", "Drama"); g["notes"] != strings.Repeat("a\n", 110)+"the end" {
		t.Errorf("notes %q", g["notes"])
	}
}

// A paste of more lines than fit is refused as a whole, and a text that has more
// keeps those that are not shown when one that is shown is changed.
func TestFormOfMoreLinesThanFit(t *testing.T) {
	if !long() {
		t.Skip("takes long: MOVIEDB_LONG has it run")
	}
	t.Parallel()
	w := newWorld(t)
	s := w.screen("genre", "add")
	s.wait("Add a genre").keys("Drama", tab, "typed").paste(strings.Repeat("x\r", 10_000)).wait("Notes: more than 10,000 lines").keys(" on").wait("typed on").keys(ctrl('s'))
	s.code(0)
	if g := w.shown("genre", "show", "Drama"); g["notes"] != "typed on" {
		t.Errorf("notes %q", g["notes"])
	}
	lines := strings.Repeat("x\n", 10_000)
	w.sqlExec("UPDATE genres SET notes = '" + lines + "y'")
	s = w.screen("genre", "edit", "Drama")
	s.wait("Edit genre 1").keys(tab).wait("only the first 10,000 lines").keys("!").wait("x!").keys(ctrl('j')).wait("more than 10,000").keys(ctrl('s'))
	s.code(0)
	if notes, _ := w.shown("genre", "show", "Drama")["notes"].(string); notes != strings.TrimSuffix(lines, "\n")+"!\ny" {
		t.Errorf("notes of %d characters end in %q", len(notes), notes[max(0, len(notes)-20):])
	}
}

// A paste of several lines into a field of one becomes one line, or is refused;
// it neither saves the form nor goes on to the next field.
func TestFormTakesLinesPastedIntoALine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.screen("movie", "add")
	s.wait("Add a movie").paste("Mirror\nStalker\r\nSolaris\tRublev").wait("Solaris").wait("┃ Title").keys(ctrl('s'))
	s.code(0)
	if m := w.shown("movie", "show", "1"); m["title"] != "Mirror Stalker Solaris Rublev" {
		t.Errorf("title %q", m["title"])
	}
}

// Letters of every kind are typed, shown and stored as they are; what looks the
// same is stored the same.
func TestFormTakesAllLetters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	titles := map[string]string{
		"千と千尋の神隠し":             "千と千尋の神隠し",
		"Le Fabuleux Poulain":  "Le Fabuleux Poulain",
		"Ame\u0301lie":         "Amélie",
		"Здравствуй, Ћирилица": "Здравствуй, Ћирилица",
		"مرحبا":                "مرحبا",
		"Film 👩‍🚀🎬 🇯🇵":         "Film 👩‍🚀🎬 🇯🇵",
		"x\u0301\u0302 y":      "x\u0301\u0302 y",
		"क्षि":                 "क्षि",
	}
	s := w.screen("movie", "add", "--repeat", "-i")
	s.wait("Add a movie")
	saved := 0
	for typed, stored := range titles {
		year := fmt.Sprint(1900 + saved)
		s.keys(typed, tab, year).wait(year)
		if on := s.text(); !strings.Contains(on, stored) && !strings.Contains(on, typed) {
			t.Errorf("%s is not on the screen:\n%s", typed, on)
		}
		saved++
		s.keys(ctrl('s')).wait(fmt.Sprint(saved, " entered so far"))
		if n := w.sqlRow(`SELECT count(*) FROM movies WHERE title = ?`, stored); n != "1" {
			t.Errorf("%q is stored as %q", typed, w.sqlRow(`SELECT title FROM movies ORDER BY id DESC LIMIT 1`))
		}
	}
	s.keys(esc)
	s.code(0)
}

// Control characters that are pasted, or are in the catalog by another program,
// reach neither the catalog nor the screen.
func TestFormKeepsControlCharactersOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	evil := "a\x07b\x1b[31mc\x1b]0;title\x07d\x9b31me\u009b31mfg\x00h"
	s := w.screen("movie", "add")
	s.wait("Add a movie").paste(evil).keys("END").wait("END")
	s.keys(tab, tab, tab, tab, tab).paste("P"+evil+"Q").wait("Q").keys(ctrl('u'), tab, tab).paste("line\n" + evil + "LAST").wait("LAST").keys(ctrl('s'))
	s.until("neither saved nor refused", func(on string) bool {
		return strings.Contains(on, "added movie") || strings.Contains(on, "control") || strings.Contains(on, "Title:")
	})
	for _, bad := range []string{"\x1b]0;title", "\x1b[31mc", "\u009b", "\x00"} {
		if strings.Contains(s.sent(), bad) {
			t.Errorf("the screen got %q", bad)
		}
	}
	s.close()
	if out := w.run("movie", "list", "--fields", "title,description", "--json").out; strings.ContainsAny(out, "\x07\x1b\u009b\x00") || strings.Contains(out, `\u0007`) || strings.Contains(out, `\u001b`) || strings.Contains(out, `\u009b`) {
		t.Errorf("in the catalog: %q", out)
	}
}

// What another program put into the catalog is shown with its control
// characters made visible.
func TestFormShowsControlCharactersOfTheCatalog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must("genre", "add", "Drama")
	w.must("country", "add", "France")
	w.must("movie", "add", "Mirror", "--genre", "Drama", "--country", "France")
	w.sqlExec(`UPDATE genres SET name = 'Dr' || char(27) || ']0;x' || char(7) || 'ama', notes = 'n' || char(27) || '[31mx'`)
	w.sqlExec(`UPDATE countries SET name = 'Fr' || char(155) || '31mance'`)
	w.sqlExec(`UPDATE movies SET title = 'Mir' || char(27) || '[41mror', description = 'd' || char(27) || '[7mx' || char(10) || 'SECOND'`)
	s := w.screen("movie", "edit", "id:1")
	s.wait("Edit movie 1").keys(tab, tab, tab, tab).wait("Country").keys("x", backspace, tab, tab, backspace).wait("Dr").keys(esc).wait("[y/N]").keys("y")
	s.code(130)
	g := w.screen("genre", "edit", "id:1")
	g.wait("Edit genre 1").keys(esc)
	g.code(130)
	for _, sent := range []string{s.sent(), g.sent()} {
		for _, bad := range []string{"\x1b]0;x", "\x1b[31mx", "\x1b[41mr", "\x1b[7mx", "\u009b", "\x07"} {
			if strings.Contains(sent, bad) {
				t.Errorf("the screen got %q", bad)
			}
		}
	}
}

// All keys of a form may be typed before the program has even started.
func TestFormLosesNothingThatIsTypedAhead(t *testing.T) {
	t.Parallel()
	w := sampled(t)
	s := w.open(w.command("movie", "add"))
	s.keys("Mirror", enter, "1975", enter, "1h47m", enter, "$622,000", enter, "soviet", enter, "andrei tarkov", enter,
		"dra", enter, "war", enter, tab, "A man", tab, tab, enter)
	s.start()
	s.code(0)
	m := w.shown("movie", "show", "Mirror")
	if m["release_date"] != "1975" || m["duration"] != 107.0 || m["budget"] != 622000.0 || m["description"] != "A man" ||
		named(m["country"]) != "Soviet Union" || named(m["director"]) != "Andrei Tarkovsky" || named(m["genres"]) != "Drama|War" {
		t.Errorf("movie: %v", m)
	}
	// The same while the program starts, over the cast and its review.
	s = w.screen("movie", "add")
	s.keys("Stalker", enter, strings.Repeat(tab, 8), tab, enter, "alisa", enter, "Wife", enter, "lead", tab, tab, enter, enter)
	s.code(0)
	if c := w.shown("movie", "show", "Stalker")["cast"].([]any); len(c) != 1 || named(c[0].(map[string]any)["actor"]) == "" {
		t.Errorf("cast: %v", c)
	}
}

// Without NO_COLOR there is colour, with it there is none, nor with --color never.
func TestFormWithoutColour(t *testing.T) {
	t.Parallel()
	coloured := func(sent string) bool {
		for _, code := range []string{"\x1b[3", "\x1b[9", ";3", ";9", "\x1b[4", ";4"} {
			for rest := sent; ; {
				_, after, ok := strings.Cut(rest, code)
				if !ok {
					break
				}
				if rest = after; len(after) > 1 && after[0] >= '0' && after[0] <= '7' && (after[1] == 'm' || after[1] == ';') {
					return true
				}
			}
		}
		return false
	}
	for _, tt := range []struct {
		vars   []string
		args   []string
		colour bool
	}{{nil, nil, true}, {[]string{"NO_COLOR=1"}, nil, false}, {nil, []string{"--color", "never"}, false}, {[]string{"NO_COLOR=1"}, []string{"--color", "always"}, true}} {
		w := newWorld(t)
		w.must("country", "add", "Japan")
		c := w.command(append([]string{"movie", "add"}, tt.args...)...)
		c.Env = append(c.Env, tt.vars...)
		s := w.open(c).start()
		s.wait("Add a movie").keys("Mirror", enter, "x", enter).wait("is not a date").keys(ctrl('u'), enter, enter, enter, "j").wait("> Japan").keys(esc).wait("[y/N]").keys("y")
		s.code(130)
		if got := coloured(s.sent()); got != tt.colour {
			t.Errorf("%v %v: colour %v:\n%q", tt.vars, tt.args, got, s.sent())
		}
	}
}

// A terminal that answers nothing, and one that encodes keys in newer ways.
func TestFormOnOtherTerminals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.open(w.command("movie", "add"))
	s.mute = true
	s.start().wait("Add a movie").keys("Mirror", enter, "1975", ctrl('s'))
	s.code(0)
	for name, save := range map[string]string{"Kitty": "\x1b[115;5u", "modifyOtherKeys": "\x1b[27;5;115~"} {
		s := w.screen("movie", "add")
		s.wait("Add a movie").keys(name, tab, "1975", "\x1b[I\x1b[O").wait("1975").keys(save)
		s.code(0)
		w.must("movie", "show", name)
	}
}

// Characters that turn the direction of the text are seen while they are typed;
// a line that is longer by that is no wider than the terminal.
func TestFormShowsTheDirectionsOfText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.screen("movie", "add")
	s.wait("Add a movie").paste("evil\u202egpj.exe").wait(`evil\u202egpj.exe`)
	s.keys(tab, tab, tab, tab, tab).paste("x\u2066y").wait(`x\u2066y`).keys(enter, tab).paste("one\ntwo\u200f" + strings.Repeat("x", 70)).wait(`two\u200f`)
	if strings.ContainsAny(s.sent(), "\u202e\u2066\u200f") {
		t.Errorf("the screen got %q", s.sent())
	}
	s.keys(ctrl('s'))
	s.code(0)
	if m := w.shown("movie", "show", "1"); m["title"] != "evil\u202egpj.exe" {
		t.Errorf("title %q", m["title"])
	}
}

// A line that is longer than the screen has room for is one line of the form.
func TestFormShowsALongLineInOneLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must("country", "add", strings.Repeat("0123456789", 1000))
	s := w.screen("country", "edit", "id:1")
	s.wait("Edit country").wait("Save").resize(40, 24)
	s.until("the line is not one line", func(on string) bool {
		return strings.Contains(on, "esc leave") && strings.Count(on, "┃") == 1
	})
	s.keys("!").wait("9!").keys(ctrl('s'))
	s.code(0)
}
