package cmd_test

import (
	"database/sql"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// state is a folder with a catalog as somebody left it, with one film more than
// the file of the database alone says if that is so.
type state struct {
	name  string
	files map[string]string // by what follows moviedb.db
	reads string            // the titles that are read; "" is that it is refused
	says  string            // in the refusal
}

// states are all the states in which a catalog can be found.
func states(t *testing.T) (all []state) {
	t.Helper()
	w := newWorld(t)
	take := func(suffixes ...string) map[string]string {
		files := map[string]string{}
		for _, s := range suffixes {
			b, err := os.ReadFile(w.db() + s)
			if err != nil {
				t.Fatal(err)
			}
			files[s] = string(b)
		}
		return files
	}
	w.must("movie", "add", "Sun")
	all = append(all, state{"WAL, closed", take(""), "Sun\n", ""})
	db, err := sql.Open("sqlite", "file:"+w.db())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	exec := func(text string) {
		t.Helper()
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO movies (title) VALUES ('Moon')`)
	const newer = "-wal beside it holds newer rows and the place is not writable; copy both files to a writable place"
	all = append(all, state{"WAL, left over", take("", "-wal", "-shm"), "Sun\nMoon\n", ""}, state{"WAL alone", take("", "-wal"), "", newer},
		state{"empty WAL", map[string]string{"": all[0].files[""], "-wal": ""}, "Sun\n", ""})
	exec(`PRAGMA journal_mode = delete`)
	all = append(all, state{"rollback journal, closed", take(""), "Sun\nMoon\n", ""})
	exec(`PRAGMA cache_size = 1; BEGIN; WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 300) INSERT INTO movies (title, description) SELECT 'Half ' || value, hex(zeroblob(5000)) FROM n`)
	all = append(all, state{"rollback journal, killed", take("", "-journal"), "",
		"-journal beside it has to take back what a crash left half done, and the place is not writable; copy both files to a writable place"})
	exec(`ROLLBACK`)
	return all
}

// stranger runs the program as a user to whom nothing belongs.
func (w *world) stranger(args ...string) result {
	w.t.Helper()
	c := w.command(args...)
	c.Path = filepath.Join(w.dir, "moviedb") // the other one lies where only we can reach it
	if os.Geteuid() == 0 {
		const nobody = 65534
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return finish(w.t, c, "")
}

// reachable is a world whose program and schema everybody can reach.
func reachable(t *testing.T) *world {
	t.Helper()
	dir, err := os.MkdirTemp("", "moviedb-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error { return os.Chmod(path, 0o700) })
		os.RemoveAll(dir)
	})
	w := newWorld(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{exe: "moviedb", os.Getenv(schemaVariable): "schema.sql"} {
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, to), b, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	w.dir = dir
	w.env = []string{"HOME=" + dir, "PATH=" + dir + ":" + os.Getenv("PATH"), schemaVariable + "=" + filepath.Join(dir, "schema.sql"), "MOVIEDB_PAGER=cat"}
	return w
}

// put makes the folder of a place.
func (w *world) put(p state, file, folder fs.FileMode) (db string) {
	w.t.Helper()
	dir := filepath.Join(w.dir, strings.NewReplacer(" ", "-", ",", "").Replace(p.name)+fmt.Sprintf("-%o-%o", file, folder))
	if err := os.Mkdir(dir, 0o700); err != nil {
		w.t.Fatal(err)
	}
	db = filepath.Join(dir, "moviedb.db")
	for suffix, content := range p.files {
		if err := os.WriteFile(db+suffix, []byte(content), 0o600); err != nil {
			w.t.Fatal(err)
		}
		if err := os.Chmod(db+suffix, file); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, folder); err != nil {
		w.t.Fatal(err)
	}
	return db
}

// reads looks at a place that cannot be written: every committed row is read, or
// it is said why not, and a write says that it cannot be.
func (w *world) reads(p state, db string, run func(...string) result) {
	w.t.Helper()
	before := listed(w.t, db)
	r := run("--db", db, "movie", "list", "--fields", "title", "-o", "tsv")
	switch {
	case p.reads != "" && (r.code != 0 || r.out != p.reads):
		w.t.Errorf("%s: exit %d: %q %s", p.name, r.code, r.out, r.err)
	case p.reads == "" && (r.code != 1 || r.out != "" || !strings.Contains(r.err, p.says)):
		w.t.Errorf("%s: exit %d: %q %s", p.name, r.code, r.out, r.err)
	}
	for _, args := range [][]string{{"movie", "add", "New"}, {"movie", "delete", "1", "--yes"}, {"movie", "delete", "1", "--yes", "--dry-run"}, {"check", "--quick", "--fix"}} {
		r := run(append([]string{"--db", db}, args...)...)
		if r.code != 1 || r.out != "" && args[0] != "check" || !strings.Contains(r.err, "cannot be written: the file or its folder is read-only for you") {
			w.t.Errorf("%s: %q: exit %d: %s%s", p.name, args, r.code, r.out, r.err)
		}
	}
	if after := listed(w.t, db); after != before {
		w.t.Errorf("%s: %s became %s", p.name, before, after)
	}
}

// listed tells what lies in the folder of a catalog.
func listed(t *testing.T, db string) (all string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(db))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(filepath.Dir(db), e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all += fmt.Sprintf("%s %d bytes %x;", e.Name(), len(b), crc32.ChecksumIEEE(b))
	}
	return all
}

// A user who may only read: of the file and the folder, of the file in a folder
// where everybody may make files, and of the folder alone.
func TestReadOnlyForThisUser(t *testing.T) {
	w := reachable(t)
	for _, p := range states(t) {
		for _, mode := range []struct{ file, folder fs.FileMode }{{0o444, 0o555}, {0o644, 0o777}, {0o666, 0o755}} {
			if os.Geteuid() != 0 && mode.file != 0o444 {
				continue // they are ours to write
			}
			_, shared := p.files["-shm"]
			_, hot := p.files["-journal"]
			if mode.file == 0o666 && (shared || hot) {
				continue // what SQLite needs is there and can be written, or SQLite takes back what it can
			}
			db := w.put(p, mode.file, mode.folder)
			p := p
			p.name = fmt.Sprintf("%s, %o in %o", p.name, mode.file, mode.folder)
			w.reads(p, db, w.stranger)
		}
	}
}

// A journal that has to take something back, of a file that can be written in a
// folder that cannot.
func TestAJournalThatCannotGo(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("nobody else can be run")
	}
	w := reachable(t)
	for _, p := range states(t) {
		if p.files["-journal"] == "" {
			continue
		}
		db := w.put(p, 0o666, 0o755)
		for _, args := range [][]string{{"movie", "list"}, {"movie", "add", "New"}, {"movie", "list"}} {
			r := w.stranger(append([]string{"--db", db}, args...)...)
			if r.code != 1 || r.out != "" || !strings.Contains(r.err, p.says) && !strings.Contains(r.err, "cannot be written: the file or its folder is read-only for you") {
				t.Errorf("%q: exit %d: %s%s", args, r.code, r.out, r.err)
			}
		}
		if got := w.must("--db", db, "movie", "list", "--fields", "title", "-o", "tsv"); got != "Sun\nMoon\n" { // its owner
			t.Errorf("%q", got)
		}
	}
}

// A medium that nobody can write, not even root.
func TestReadOnlyMedium(t *testing.T) {
	w := reachable(t)
	mounted := func(db string) func(...string) result {
		return func(args ...string) result {
			script := `mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec moviedb "$@"`
			c := exec.Command("unshare", append([]string{"-m", "sh", "-c", script, filepath.Dir(db)}, args...)...)
			c.Env, c.Dir = w.env, w.dir
			return finish(t, c, "")
		}
	}
	if out, err := exec.Command("unshare", "-m", "sh", "-c", `mount --bind "$0" "$0" && mount -o remount,ro,bind "$0"`, t.TempDir()).CombinedOutput(); err != nil {
		t.Skipf("nothing can be mounted here: %v %s", err, out)
	}
	for _, p := range states(t) {
		db := w.put(p, 0o600, 0o700)
		w.reads(p, db, mounted(db))
	}
}

// What is refused in one place is read once it lies in another.
func TestCopiedToAWritablePlace(t *testing.T) {
	w := newWorld(t)
	for _, p := range states(t) {
		db := w.put(p, 0o600, 0o700)
		want := p.reads
		if want == "" {
			want = "Sun\nMoon\n"
		}
		if r := w.run("--db", db, "movie", "list", "--fields", "title", "-o", "tsv"); r.out != want {
			t.Errorf("%s: exit %d: %q %s", p.name, r.code, r.out, r.err)
		}
		if names, _ := filepath.Glob(db + "-*"); len(names) != 0 {
			t.Errorf("%s: left: %q", p.name, names)
		}
	}
}
