package cmd_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// writingCalls are the calls of the system that change what is on the disk (of
// openat those that make a file), and the one that ends the process.
const writingCalls = "pwrite64,write,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,ftruncate,mkdir,mkdirat,rmdir,fchmod,fchmodat,openat,exit_group"

// call is a call of the system that strace saw.
type call struct {
	thread, name, rest string
	nth                int  // of this name in this thread
	done               bool // it came back
}

var callLine = regexp.MustCompile(`^(\d+) +([a-z0-9_]+)\((.*)$`)

// tracing are the words before a program that make strace write its calls to a
// file, and do something to one of them.
func tracing(file, inject string) []string {
	words := []string{"strace", "-f", "-qqq", "-y", "-s", "8", "-o", file, "-e", "trace=" + writingCalls, "-e", "signal=none"}
	if inject != "" {
		words = append(words, "-e", "inject="+inject)
	}
	return words
}

// calls reads what strace wrote.
func calls(t *testing.T, file string) (list []call) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for line := range strings.Lines(string(text)) {
		m := callLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue // the rest of a call that another thread interrupted
		}
		count[m[1]+m[2]]++
		if m[2] == "openat" && !strings.Contains(m[3], "O_CREAT") {
			continue
		}
		list = append(list, call{m[1], m[2], m[3], count[m[1]+m[2]], !strings.HasSuffix(m[3], "= ?")})
	}
	return list
}

// target is where a call writes.
type target int

const (
	elsewhere target = iota // a pipe, a file still empty, or the shared memory of the WAL, which nobody needs
	database                // the catalog's file, its WAL or its journal
	pictures                // the managed directory, or an output
	answer                  // standard output or the end: the work is done
)

func (c call) target() target {
	switch {
	case c.name == "exit_group", c.name == "write" && (strings.HasPrefix(c.rest, "1<") || strings.HasPrefix(c.rest, "2<")):
		return answer
	case c.name == "openat", strings.Contains(c.rest, ".db-shm"), strings.Contains(c.rest, "<pipe:"), strings.Contains(c.rest, "<anon_inode:"):
		return elsewhere
	case strings.Contains(c.rest, ".db.files"), strings.Contains(c.rest, "/out/"), strings.Contains(c.rest, "/tmp/moviedb-"):
		return pictures
	}
	return database
}

// commits tells of a call that can end a transaction.
func (c call) commits() bool {
	return c.target() == database && slices.Contains([]string{"fsync", "fdatasync", "unlink", "unlinkat", "link", "linkat", "rename", "renameat"}, c.name)
}

// The phases of a command, in which an event can fall.
const (
	phaseBefore   = "before the first write"
	phaseFiles    = "in the file store"
	phaseDatabase = "in the database"
	phaseCommit   = "at a sync, rename or unlink of the database"
	phaseAfter    = "after the commit, before the exit"
)

var phases = []string{phaseBefore, phaseFiles, phaseDatabase, phaseCommit, phaseAfter}

// phase is that in which a process was when its last call began; changed tells
// that what is there now is what the command wanted.
func phase(list []call, changed bool) string {
	if len(list) == 0 {
		return phaseBefore
	}
	last, wrote := list[len(list)-1], elsewhere
	for _, c := range list[:len(list)-1] {
		if to := c.target(); c.done && to != elsewhere && to != answer {
			wrote = to
		}
	}
	switch {
	case changed, last.target() == answer && wrote != elsewhere:
		return phaseAfter
	case wrote == elsewhere:
		return phaseBefore
	case last.commits():
		return phaseCommit
	case wrote == pictures:
		return phaseFiles
	}
	return phaseDatabase
}

// points are n calls of a run to which something is done, one out of each n-th
// part. Before the first of all is before the first write.
func points(list []call, n int, pick func(int) int) []call {
	first := slices.IndexFunc(list, func(c call) bool { return c.target() != elsewhere })
	if first < 0 {
		return nil
	}
	rest := list[first:]
	if n >= len(rest) {
		return rest
	}
	chosen := make([]call, n)
	for i := range chosen {
		from, to := i*len(rest)/n, (i+1)*len(rest)/n
		chosen[i] = rest[from+pick(to-from)]
	}
	return chosen
}

var tracedPath = regexp.MustCompile(`[<"](/[^>"]*)[>"]`)

// strangers are the calls that write below none of the folders.
func strangers(list []call, folders ...string) (found []string) {
	for _, c := range list {
		if c.name == "write" || c.name == "pwrite64" {
			c.rest, _, _ = strings.Cut(c.rest, ">") // what it writes is no path
			c.rest += ">"
		}
		for _, m := range tracedPath.FindAllStringSubmatch(c.rest, -1) {
			if !slices.ContainsFunc(folders, func(dir string) bool { return m[1] == dir || strings.HasPrefix(m[1], dir+"/") }) {
				found = append(found, c.name+"("+c.rest)
			}
		}
	}
	return found
}
