package cmd_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A call that writes and fails, once or from then on, in any command, leaves the
// catalog as it was or as it should be; the command says so in a sentence.
func TestFaultErrorOfAnyCall(t *testing.T) {
	needs(t, "strace", "sqlite3", "sha256sum")
	n := faultCount(t, "MOVIEDB_ERRORS", 200, 0)
	var errs tally
	spread(t, n, func(t *testing.T, e expected, place *place, events int) {
		list := slices.DeleteFunc(slices.Clone(e.calls), func(c call) bool { return c.name == "exit_group" })
		for i, c := range points(list, events, rand.IntN) {
			inject := fmt.Sprintf("%s:error=%s:when=%d", c.name, []string{"EIO", "ENOSPC"}[rand.IntN(2)], c.nth)
			if rand.IntN(2) == 0 {
				inject += "+" // all from then on
			}
			p, away := place.copy(t, umaskOf(i))
			trace := filepath.Join(t.TempDir(), "trace")
			r := finish(t, p.call(tracing(trace, inject), e.args), e.stdin)
			failedAt(t, &errs, e, p, r, inject, calls(t, trace))
			away()
		}
	})
	if all := errs.report(t); all < n*9/10 {
		t.Errorf("%d errors of %d", all, n)
	}
}

// failedAt judges what a run left in which a call failed.
func failedAt(t *testing.T, errs *tally, e expected, p *place, r result, inject string, list []call) {
	t.Helper()
	at := slices.IndexFunc(list, func(c call) bool { return strings.Contains(c.rest, "(INJECTED)") })
	if at < 0 {
		errs.miss()
		return
	}
	failed := t.Failed()
	if r.code < 0 || r.code == 2 || strings.Contains(r.err, "goroutine ") {
		t.Errorf("it broke down: exit %d: %s", r.code, r.err)
	}
	silent := list[at].name == "write" && strings.HasSuffix(inject, "+") // nor could the sentence be written
	if r.code != e.code && !silent && !strings.Contains(r.err, "moviedb: ") {
		t.Errorf("exit %d without a sentence: %q", r.code, r.err)
	}
	if strings.HasPrefix(list[at].name, "unlink") {
		// Without a WAL nobody looks at its shared memory again, and only another
		// import at what one could not remove.
		e.spared = append(e.spared, regexp.MustCompile(`\.db-shm$|^tmp/moviedb-import-`))
	}
	changed := e.judge(t, p, r)
	if t.Failed() && !failed {
		t.Logf("that was %s, at %s(%s; it said %q", inject, list[at].name, list[at].rest, r.err)
	}
	if changed && r.code != e.code {
		t.Logf("done, though exit %d: %s, at %s(%s; it said %q", r.code, inject, list[at].name, list[at].rest, r.err)
	}
	what := map[bool]string{true: "exit 0", false: "an error"}[r.code == e.code]
	errs.add(phase(list[:at+1], changed && r.code == e.code), what+", "+map[bool]string{true: "done", false: "not done"}[changed])
}

// On a disk that fills up at any point of any command, nothing is half done, and
// with room again the command can be given again.
func TestFaultFullDisk(t *testing.T) {
	needs(t, "sqlite3", "sha256sum", "mount")
	n := faultCount(t, "MOVIEDB_FULL", 70, 0)
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("no tmpfs: %s", out)
	}
	t.Cleanup(func() { exec.Command("umount", disk).Run() })
	var full tally
	all := writingCommands(t)
	for i := range n {
		o := all[i%len(all)]
		if n < len(all) {
			o = all[rand.IntN(len(all))]
		}
		t.Run(o.name(i), func(t *testing.T) {
			e := rehearse(t, o)
			fillAndRun(t, &full, e, o.place, disk)
		})
	}
	full.report(t)
}

// fillAndRun runs a command on the disk with less room than it needs.
func fillAndRun(t *testing.T, full *tally, e expected, place *place, disk string) {
	t.Helper()
	root := filepath.Join(disk, "p")
	copyTree(t, place.root, root)
	defer os.RemoveAll(root)
	p := at(t, root, "000")
	p.env = append(p.env, place.env[len(p.env):]...)
	ballast := filepath.Join(disk, "ballast")
	room := 1 + rand.IntN(96) // pages of 4 KiB
	text := fmt.Sprintf(`cat /dev/zero > %[1]q 2>&1; truncate -s -%[2]dK %[1]q`, ballast, 4*room)
	if out, err := exec.Command("sh", "-c", text).CombinedOutput(); err != nil {
		t.Fatalf("the disk cannot be filled: %v: %s", err, out)
	}
	r := finish(t, p.call(nil, e.args), e.stdin)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if r.code < 0 || r.code == 2 || strings.Contains(r.err, "goroutine ") {
		t.Errorf("with %d pages it broke down: exit %d: %s", room, r.code, r.err)
	}
	failed := t.Failed()
	changed := e.judge(t, p, r)
	if t.Failed() && !failed {
		t.Logf("that was with room for %d pages; exit %d: %s", room, r.code, r.err)
	}
	full.add(map[bool]string{true: phaseAfter, false: phaseDatabase}[changed], fmt.Sprintf("exit %d", r.code))
}
