package cmd_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sight is what the sqlite3 shell sees of a catalog.
type sight struct {
	dump string   // all tables; "" is no catalog
	keys []string // files.file_key
}

var (
	timestamp  = regexp.MustCompile(`'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ'`)
	secretHash = regexp.MustCompile(`\$argon2id\$[^']*`)
	secretMark = regexp.MustCompile(`(INSERT INTO identity VALUES\(1,')([0-9a-f]+)'`)
)

// look has the shell check a catalog and dump it. Timestamps are all alike in the
// dump, and so are hashes of passwords and marks that are not those of old.
func (p *place) look(old string) (s sight, err error) {
	if info, err := os.Stat(p.db()); err != nil || info.Size() == 0 {
		return s, nil
	}
	c := exec.Command("sqlite3", "-bail", p.db())
	c.Stdin = strings.NewReader("PRAGMA integrity_check;\nPRAGMA foreign_key_check;\n.print ---\nSELECT file_key FROM files WHERE file_key IS NOT NULL ORDER BY 1;\n.print ---\n.dump\n")
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil || errs.Len() > 0 {
		return s, fmt.Errorf("sqlite3: %v: %s", err, errs.String())
	}
	parts := strings.SplitN(out.String(), "---\n", 3)
	if len(parts) != 3 || parts[0] != "ok\n" {
		return s, fmt.Errorf("damaged: %s", parts[0])
	}
	s.keys = strings.Fields(parts[1])
	s.dump = timestamp.ReplaceAllString(parts[2], "'T'")
	s.dump = secretHash.ReplaceAllStringFunc(s.dump, func(h string) string {
		if strings.Contains(old, h) {
			return h
		}
		return "NEW HASH"
	})
	if m := secretMark.FindStringSubmatch(s.dump); m != nil && !strings.Contains(old, m[0]) {
		s.dump = strings.Replace(s.dump, m[0], m[1]+"NEW MARK'", 1)
	}
	return s, nil
}

// content compares the files of the managed directory with the keys that rows
// name, by sha256sum: each row has its content.
func (p *place) content(keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	c := exec.Command("sha256sum", keys...)
	c.Dir = p.db() + ".files"
	out, err := c.CombinedOutput()
	if err != nil {
		return fmt.Errorf("sha256sum: %s", out)
	}
	for line := range strings.Lines(string(out)) {
		sum, key, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if !strings.HasPrefix(key[3:], sum) {
			return fmt.Errorf("%s has the content of %s", key, sum)
		}
	}
	return nil
}

var (
	// lasting are the names that may stay, below the place.
	lasting = regexp.MustCompile(`^(home(/\.local(/share(/moviedb(/moviedb\.db(\.files(/[0-9a-f]{2}(/[0-9a-f]{64}(\.[a-z0-9]+)?)?|/trash(/.*)?|/owners(/[0-9a-f]{32})?)?|\.v1-[0-9TZ]+(-\d+)?\.bak)?)?)?)?)?|in(/.*)?|out(/rejects\.csv|/all\.tar(\.gz)?|/pictures(/[0-9a-f]{2}(/[0-9a-f]{64}(\.[a-z0-9]+)?)?)?)?|tmp)$`)
	stored  = regexp.MustCompile(`\.db\.files/.*[0-9a-f]{64}`) // content
	// passing are those that a command which was killed may leave until the next
	// one: what belongs to the database, and temporary files.
	passing = regexp.MustCompile(`^(home/\.local/share/moviedb/moviedb\.db(-wal|-shm|-journal|\.new-.*|\.tmp-.*|\.replaced-.*|\.files/(\.tmp|\.restore)-.*)|out/\.rejects\.csv-.*|out/all\.tar(\.gz)?\.tmp-.*|out/pictures/\.tmp-.*|tmp/moviedb-import-.*)$`)
)

// tree lists the files and folders of the place and complains of those that have
// no business there, and of those that others could read.
func (p *place) tree(allowed ...*regexp.Regexp) (names []string, err error) {
	var wrong []string
	err = filepath.WalkDir(p.root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == p.root {
			return err
		}
		name, err := filepath.Rel(p.root, path)
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		names = append(names, filepath.ToSlash(name))
		if !slices.ContainsFunc(allowed, func(r *regexp.Regexp) bool { return r.MatchString(name) }) {
			wrong = append(wrong, name+" should not be there")
		}
		want := fs.FileMode(0o600)
		if e.IsDir() {
			want = fs.ModeDir | 0o700
		}
		if info.Mode() != want && !strings.HasPrefix(name, "in") { // that is the user's
			wrong = append(wrong, fmt.Sprintf("%s has mode %v", name, info.Mode()))
		}
		return nil
	})
	if err == nil && len(wrong) > 0 {
		err = fmt.Errorf("%s", strings.Join(wrong, "; "))
	}
	return names, err
}

// expected is what there is before a command and after it, when nothing is in
// its way.
type expected struct {
	command
	before, after sight
	between       string   // the dump of before once a reader renewed what a hand edit made stale
	outputs       []string // what lies outside of the program's folder afterwards
	calls         []call
	spared        []*regexp.Regexp // what may stay for good
}

// rehearse runs a command under strace with nothing in its way.
func rehearse(t *testing.T, o on) (e expected) {
	t.Helper()
	e.command = o.command
	p, away := o.place.copy(t, "077")
	defer away()
	var err error
	if e.before, err = p.look(""); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(e.before.dump, "INSERT INTO stale ") {
		e.between = renewed(t, p)
	}
	trace := filepath.Join(t.TempDir(), "trace")
	r := finish(t, p.call(tracing(trace, ""), o.args), o.stdin)
	if r.code != o.code {
		t.Fatalf("exit %d, not %d: %s", r.code, o.code, r.err)
	}
	e.calls = calls(t, trace)
	if bad := strangers(e.calls, p.root); len(bad) > 0 {
		t.Errorf("it writes outside of its folders: %q", bad)
	}
	if e.after, err = p.verified(e.before.dump); err != nil {
		t.Fatal(err)
	}
	if e.outputs, err = p.tree(lasting); err != nil {
		t.Fatal(err)
	}
	e.outputs = outputs(e.outputs)
	return e
}

// renewed is the dump of a place that a reader has seen.
func renewed(t *testing.T, p *place) string {
	t.Helper()
	q, away := p.copy(t, p.umask)
	defer away()
	q.ok("genre", "list")
	s, err := q.look("")
	if err != nil {
		t.Fatal(err)
	}
	return s.dump
}

// outputs are those of names that lie outside of the program's own folder.
func outputs(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return strings.HasPrefix(n, "home/.local") })
}

// verified is what the shell sees in the place, with each row's content there.
func (p *place) verified(old string) (sight, error) {
	s, err := p.look(old)
	if err == nil {
		err = p.content(s.keys)
	}
	return s, err
}

// judge looks at a place after something happened to a command there. Either all
// of it was done or nothing, and all if it said so. Whatever it left is harmless:
// the command can be given again, and a collection takes what is too much.
// changed tells that what is there is what the command wanted.
func (e expected) judge(t *testing.T, p *place, r result) (changed bool) {
	t.Helper()
	if _, err := p.tree(lasting, passing); err != nil {
		t.Errorf("in the tree: %v", err)
	}
	seen, away := p.copy(t, p.umask) // the shell plays the WAL into the catalog, and so shall we
	defer away()
	now, err := seen.verified(e.before.dump)
	if err != nil {
		t.Errorf("%v", err)
		return false
	}
	changed = now.dump == e.after.dump
	if !changed && now.dump != e.before.dump && now.dump != e.between {
		t.Errorf("half done:\n%s", difference(e.before.dump, now.dump))
	}
	if !changed && (r.code == e.code || r.out != "") {
		t.Errorf("it said %q, exit %d, and nothing was done", r.out, r.code)
	}
	e.recover(t, p, changed && e.before.dump != e.after.dump)
	return changed && e.before.dump != e.after.dump
}

// recover gives the command again, unless it was done, and collects.
func (e expected) recover(t *testing.T, p *place, done bool) {
	t.Helper()
	if !done || e.twice {
		if r := finish(t, p.call(nil, e.args), e.stdin); r.code != e.code {
			t.Errorf("given again: exit %d: %s", r.code, r.err)
		}
	}
	if r := finish(t, p.call(nil, []string{"file", "gc", "--now", "--yes"}), ""); r.code != 0 {
		t.Errorf("file gc: exit %d: %s", r.code, r.err)
	}
	after, err := p.verified(e.before.dump)
	if err != nil {
		t.Errorf("given again: %v", err)
	}
	if after.dump != e.after.dump {
		t.Errorf("given again: not as it should be:\n%s", difference(e.after.dump, after.dump))
	}
	names, err := p.tree(append(e.spared, lasting)...)
	if err != nil {
		t.Errorf("after a collection: %v", err)
	}
	if out := outputs(names); (!done || e.twice) && !slices.Equal(out, e.outputs) {
		t.Errorf("outside there is %q, want %q", out, e.outputs)
	}
	contents := slices.DeleteFunc(names, func(n string) bool { return !stored.MatchString(n) })
	if len(contents) != len(after.keys) {
		t.Errorf("after a collection: %d files for %d rows: %q", len(contents), len(after.keys), contents)
	}
}

// difference is the first lines that differ.
func difference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	var text []string
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] && len(text) < 5 {
			text = append(text, "- "+a[i], "+ "+b[i])
		}
	}
	return strings.Join(append(text, fmt.Sprintf("%d and %d lines", len(a), len(b))), "\n")
}

// copyTree copies a folder.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if out, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		t.Fatalf("cp: %v: %s", err, out)
	}
}
