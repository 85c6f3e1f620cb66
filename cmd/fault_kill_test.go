package cmd_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// tally counts events by phase.
type tally struct {
	sync.Mutex
	phases map[string]int
	what   map[string]int
	missed int // the process ended before its turn came
}

func (y *tally) add(phase, what string) {
	y.Lock()
	defer y.Unlock()
	if y.phases == nil {
		y.phases, y.what = map[string]int{}, map[string]int{}
	}
	y.phases[phase]++
	y.what[what]++
}

func (y *tally) miss() {
	y.Lock()
	defer y.Unlock()
	y.missed++
}

// report logs the histogram.
func (y *tally) report(t *testing.T) (all int) {
	for _, n := range y.phases {
		all += n
	}
	for _, p := range phases {
		t.Logf("%5d %4.1f%%  %s", y.phases[p], 100*float64(y.phases[p])/float64(max(all, 1)), p)
	}
	for what, n := range y.what {
		t.Logf("%5d %s", n, what)
	}
	t.Logf("%5d in all; %d runs had ended before their turn came", all, y.missed)
	return all
}

// umaskOf alternates, so that half of all runs would make files that everybody
// can write.
func umaskOf(i int) string { return []string{"000", "077"}[i%2] }

// spread runs fn for every writing command, with its share of n events; where
// there are fewer events than commands, some get none.
func spread(t *testing.T, n int, fn func(t *testing.T, e expected, place *place, events int)) {
	all := writingCommands(t)
	order := rand.Perm(len(all))
	t.Run("commands", func(t *testing.T) {
		for i, o := range all {
			events := (order[i]+1)*n/len(all) - order[i]*n/len(all)
			if events == 0 {
				continue
			}
			t.Run(o.name(i), func(t *testing.T) {
				t.Parallel()
				fn(t, rehearse(t, o), o.place, events)
			})
		}
	})
}

// A process killed at any of its calls that write, in every command that writes,
// has done all or nothing, and all if it said so.
func TestFaultKillAtEveryCall(t *testing.T) {
	needs(t, "strace", "sqlite3", "sha256sum")
	n := faultCount(t, "MOVIEDB_KILLS", 200, 2)
	var kills tally
	spread(t, n, func(t *testing.T, e expected, place *place, events int) {
		for i, c := range points(e.calls, events, rand.IntN) {
			p, away := place.copy(t, umaskOf(i))
			trace := filepath.Join(t.TempDir(), "trace")
			r := finish(t, p.call(tracing(trace, fmt.Sprintf("%s:signal=KILL:when=%d", c.name, c.nth)), e.args), e.stdin)
			killedAt(t, &kills, e, p, r, calls(t, trace))
			away()
		}
	})
	if all := kills.report(t); all < n*9/10 {
		t.Errorf("%d kills of %d", all, n)
	}
}

// killedAt judges what a run left, if it was killed.
func killedAt(t *testing.T, kills *tally, e expected, p *place, r result, list []call) {
	t.Helper()
	if r.code == e.code {
		kills.miss()
		return
	}
	if r.code != -1 && r.code != 137 {
		t.Errorf("not killed: exit %d: %s", r.code, r.err)
	}
	at := "the start"
	if len(list) > 0 {
		at = list[len(list)-1].name + "(" + list[len(list)-1].rest
	}
	failed := t.Failed()
	changed := e.judge(t, p, r)
	where := phase(list, changed)
	if t.Failed() && !failed {
		t.Logf("that was a kill %s, at %s", where, at)
	}
	kills.add(where, map[bool]string{true: "found done", false: "found not done"}[changed])
}

// The same for a kill at any moment.
func TestFaultKillAtAnyMoment(t *testing.T) {
	needs(t, "strace", "sqlite3", "sha256sum")
	n := faultCount(t, "MOVIEDB_RANDOM_KILLS", 60, 0)
	var kills tally
	spread(t, n, func(t *testing.T, e expected, place *place, events int) {
		for i := range events {
			p, away := place.copy(t, umaskOf(i))
			killAtRandom(t, &kills, e, p)
			away()
		}
	})
	kills.report(t)
}

// killAtRandom tries moments until one falls into the life of the process.
func killAtRandom(t *testing.T, kills *tally, e expected, p *place) {
	t.Helper()
	trace := filepath.Join(t.TempDir(), "trace")
	c := p.call(tracing(trace, ""), e.args)
	pidFile := filepath.Join(t.TempDir(), "pid")
	for i, word := range c.Args { // the shell that becomes the program tells its id
		if strings.HasPrefix(word, "umask ") {
			c.Args[i] = `echo $$ > ` + pidFile + `; ` + word
		}
	}
	stop := time.AfterFunc(time.Duration(rand.Int64N(int64(150*time.Millisecond))), func() {
		text, _ := os.ReadFile(pidFile)
		if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
			if self, err := os.FindProcess(pid); err == nil {
				self.Kill()
			}
		}
	})
	r := finish(t, c, e.stdin)
	stop.Stop()
	killedAt(t, kills, e, p, r, calls(t, trace))
}
