package cmd_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

const shellPrompt = "<ready>"

// typing is an interactive shell on a terminal.
type typing struct {
	t    *testing.T
	tty  *os.File
	from chan []byte // what the terminal receives
	seen string      // and has received since the last await
}

// startShell starts a shell that has learnt to complete from the script of
// "moviedb completion". It skips the test where there is no such shell.
func (w *world) startShell(shell string) *typing {
	w.t.Helper()
	if _, err := exec.LookPath(shell); err != nil {
		w.t.Skipf("no %s", shell)
	}
	script := filepath.Join(w.dir, "completion."+shell)
	w.write(script, w.must("completion", shell))
	var c *exec.Cmd
	switch shell {
	case "bash":
		rc := filepath.Join(w.dir, "rc.bash")
		w.write(rc, "bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; PS1='"+shellPrompt+"'; source "+script+"\n")
		c = exec.Command("bash", "--noprofile", "--rcfile", rc, "-i")
	case "zsh":
		w.write(filepath.Join(w.dir, ".zshrc"), "unsetopt zle_bracketed_paste prompt_sp beep; PROMPT='"+shellPrompt+
			"'; autoload -Uz compinit; compinit -u -D; source "+script+"\n")
		c = exec.Command("zsh", "-d", "-i")
	case "fish":
		c = exec.Command("fish", "--no-config", "-i", "-C", "set -g fish_greeting; function fish_prompt; echo -n '"+shellPrompt+"'; end; source "+script)
	}
	c.Env, c.Dir = append(w.env, "LC_ALL=C.UTF-8"), w.dir
	tty, err := pty.StartWithSize(c, &pty.Winsize{Rows: 60, Cols: 160})
	if err != nil {
		w.t.Fatal(err)
	}
	s := &typing{t: w.t, tty: tty, from: make(chan []byte, 100)}
	go func() {
		for {
			buf := make([]byte, 4096)
			n, err := tty.Read(buf)
			s.from <- buf[:n]
			if err != nil {
				close(s.from)
				return
			}
		}
	}()
	w.t.Cleanup(func() {
		tty.Close()
		c.Process.Kill()
		c.Wait()
		for range s.from {
		}
	})
	s.await(shellPrompt)
	return s
}

func (w *world) write(path, text string) {
	w.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// await returns what the terminal received up to a text, once that is there.
func (s *typing) await(text string) string {
	s.t.Helper()
	for {
		if before, after, ok := strings.Cut(s.seen, text); ok {
			s.seen = after
			return before + text
		}
		select {
		case b, ok := <-s.from:
			s.seen += string(b)
			if !ok {
				s.t.Fatalf("the shell ended before %q:\n%q", text, s.seen)
			}
		case <-time.After(30 * time.Second):
			s.t.Fatalf("%q did not appear:\n%q", text, s.seen)
		}
	}
}

// keys types; \t is the Tab key.
func (s *typing) keys(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.tty, text); err != nil {
		s.t.Fatal(err)
	}
}

// run types a line and returns what appears until it is done. A shell that shows
// a list prints its prompt again, so another command tells of the end.
func (s *typing) run(line string) string {
	s.t.Helper()
	s.keys(line + "\n")
	s.keys("printf 'fini%s\\n' shed\n")
	return s.await("finished") + s.await(shellPrompt)
}

// cancel deletes the line and returns what appeared. No signal is sent, which
// might come while a key before is still at work.
func (s *typing) cancel() string {
	s.t.Helper()
	return s.run(".\x15")
}

// hostile are titles that a shell reads otherwise than they are written, each by
// two letters that it alone begins with.
func hostile() map[string]string {
	return map[string]string{
		"qa": "Qa's Lunchbox", "qb": `Qb "Quoted" Title`, "qc": "Qc $HOME and ${PATH} $(id)", "qd": `Qd \back\\slash`,
		"qe": "Qe: The Colon: Part II", "qf": "Qf (Director's Cut)", "qg": "Qg! Airplane!!", "qh": "Qh `id`; ls & true | cat > x < y",
		"qi": "Qi {a,b} [c]* ? ~ # ^ %", "qj": "Qj=a=b@c:d", "qk": "Qk été Über", "ql": "Ql 日本 映画", "qm": `Qm'"'"\'`,
		"qn": "Qn/Off", "qo": "Qo \u00a0 two  blanks", "qp": "Qp-—–", "qq": "Qq,x",
	}
}

// A name is completed to a line that runs, whatever is in it and whichever quote
// was open.
func TestShellsCompleteNamesThatRun(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ids := map[string]string{}
			for typed, title := range hostile() {
				ids[typed] = strings.TrimSpace(w.must("movie", "add", title, "--release-date", "1972"))
			}
			s := w.startShell(shell)
			for typed, id := range ids {
				for _, quote := range []string{"", `"`, "'"} {
					got := s.run("moviedb movie show -o tsv --fields id,title " + quote + typed + "\t")
					if !strings.Contains(got, id+"\tQ"+typed[1:]) {
						t.Fatalf("%s%s and Tab for %q: the screen is %q", quote, typed, hostile()[typed], got)
					}
				}
			}
		})
	}
}

// forEachShell runs fn in an interactive shell of each kind on a catalog made
// from the sample.
func forEachShell(t *testing.T, fn func(t *testing.T, w *world, s *typing)) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			w := sampled(t)
			fn(t, w, w.startShell(shell))
		})
	}
}

// Two films that begin as typed are both offered, with their directors; the
// beginning they share is put in the line as the shell quotes it.
func TestShellsOfferFilms(t *testing.T) {
	forEachShell(t, func(t *testing.T, _ *world, s *typing) {
		s.keys("moviedb movie show -o tsv --fields title,director.name Sol\t\t\t")
		seen := s.cancel()
		for _, want := range []string{"Solaris (1972)", "Andrei Tarkovsky", "Solaris (2002)", "Steven Soderbergh"} {
			if !strings.Contains(seen, want) {
				t.Errorf("%q is not offered:\n%q", want, seen)
			}
		}
		for _, typed := range []string{"Sol\t2\t", "sol\t2\t", `"sol` + "\t2\t", "'SOL\t2\t", "solaris\\ \\(2\t", `"solaris (2` + "\t"} {
			if got := s.run("moviedb movie show -o tsv --fields title,director.name " + typed); !strings.Contains(got, "Solaris\tSteven Soderbergh") {
				t.Errorf("%q: the screen is %q", typed, got)
			}
		}
	})
}

// What is typed in other spelling, behind a flag, with a prefix or after a colon.
func TestShellsCompleteValues(t *testing.T) {
	forEachShell(t, func(t *testing.T, w *world, s *typing) {
		w.must("--db", "other films.db", "movie", "add", "Star Wars: Épisode IV", "--release-date", "1977")
		for line, want := range map[string]string{
			"movie show -o tsv --fields id,title title:30\t":                                    "\t300",
			"movie show -o tsv --fields release_date amelie\t":                                  "2001-04-25",
			"movie list -o tsv --limit 1 --fields title,year --director=akira\\ ku\t":           "year",
			"movie list -o tsv --limit 1 --sort title --fields director.name --director kuro\t": "Akira Kurosawa",
			"movie list -o tsv --limit 1 --fields director.name --director=\"akira ku\t":        "Akira Kurosawa",
			"movie list --limit 1 --fields title,genres.name --genre hor\t-o jso\t":             "\"title\": \"The",
			"movie list -o tsv --limit 1 --fields title --sort -releas\t":                       "Nosferatu",
			"genre show -o tsv --fields name 'scie\t":                                           "Science Fiction",
			"--db other\\ films.db movie show -o tsv --fields id,title star\\ wars:\\ e\t":      "1\tStar",
			"--db \"$HOME/other films.db\" movie show -o tsv --fields id,title st\t":            "1\tStar",
			"movie sh\tali\t-o tsv --fie\trelease\t":                                            "1979",
			"completion fi\t | head -n 1":                                                       "# fish completion",
		} {
			if got := s.run("moviedb " + line); !strings.Contains(got, want) {
				t.Errorf("%q: the screen is %q, want %q", line, got, want)
			}
		}
	})
}

// What begins with a character that the shell knows stands for itself.
func TestShellsCompleteFirstCharacters(t *testing.T) {
	titles := []string{"~home", "=eq", "#1", "-dash", "!bang", "{a,b}", "'quoted'", "$HOME", "1984"}
	forEachShell(t, func(t *testing.T, w *world, s *typing) {
		for i, title := range titles {
			db := "c" + string(rune('a'+i)) + ".db"
			w.must("--db", db, "movie", "add", "--", title)
			if got := s.run("moviedb --db " + db + " movie show -o tsv --fields id,title \t"); !strings.Contains(got, "1\t"+title) {
				t.Errorf("%q: the screen is %q", title, got)
			}
		}
	})
}

// Nothing that is typed is run because Tab was pressed, and where there is no
// catalog nothing is said and nothing made.
func TestShellsRunNothingOnTab(t *testing.T) {
	forEachShell(t, func(t *testing.T, w *world, s *typing) {
		for _, line := range []string{"--fields $(touch evil) sol\t", "(touch evil) sol\t", "`touch evil` sol\t", "\"$(touch evil)\" al\t", "--db=$(touch evil) al\t", "--db none.db al\t"} {
			s.keys("moviedb movie show " + line)
			if got := s.cancel(); strings.Contains(got, "moviedb:") || strings.Contains(got, "rror") {
				t.Errorf("%q: the screen is %q", line, got)
			}
		}
		for _, name := range []string{"evil", "none.db"} {
			if _, err := os.Stat(filepath.Join(w.dir, name)); err == nil {
				t.Errorf("%s was made", name)
			}
		}
	})
}
