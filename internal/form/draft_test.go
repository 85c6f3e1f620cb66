package form

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// holdVariable makes the test binary a process that keeps a draft in the
// directory it names, and holds it until its input ends.
const holdVariable = "MOVIEDB_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdVariable); dir != "" {
		k := Drafts{dir}.New()
		fmt.Println(k.Keep(draftOf("held")))
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// draftOf is a draft of a film.
func draftOf(title string) Draft {
	return Draft{Form: "movie add", Catalog: "/c.db", Answers: Answers{"title": {Text: title}}, Parts: []Answers{{"actor": {Picked: []Picked{{ID: 7, Name: "Ann"}}}}}}
}

// left is the title of the draft that is left; "" is none.
func left(t *testing.T, d Drafts) (title string, kept *Kept) {
	t.Helper()
	draft, kept, err := d.Left("movie add", "/c.db")
	if err != nil {
		t.Fatal(err)
	}
	return draft.Answers["title"].Text, kept
}

func TestDraftIsKeptAndFound(t *testing.T) {
	d := Drafts{filepath.Join(t.TempDir(), "new [dir]*")}
	if title, kept := left(t, d); kept != nil {
		t.Errorf("where there is no directory: %q", title)
	}
	k := d.New()
	if _, err := os.Stat(d.Dir); err == nil {
		t.Error("a directory is made for nothing")
	}
	for _, title := range []string{"a much longer title than the next one", "short"} {
		if err := k.Keep(draftOf(title)); err != nil {
			t.Fatal(err)
		}
	}
	paths, _ := os.ReadDir(d.Dir)
	info, err := os.Stat(filepath.Join(d.Dir, paths[0].Name()))
	if err != nil || info.Mode().Perm() != 0o600 || len(paths) != 1 {
		t.Errorf("%v, %v, %d files", info, err, len(paths))
	}
	if info, err := os.Stat(d.Dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
	k.Release()
	draft, kept, err := d.Left("movie add", "/c.db")
	if err != nil || kept == nil || draft.Answers["title"].Text != "short" || draft.Parts[0]["actor"].Picked[0] != (Picked{ID: 7, Name: "Ann"}) ||
		time.Since(draft.Saved) > time.Hour {
		t.Fatalf("%+v, %v, %v", draft, kept, err)
	}
	for _, other := range [][2]string{{"person add", "/c.db"}, {"movie add", "/d.db"}} {
		if _, kept, _ := d.Left(other[0], other[1]); kept != nil {
			t.Errorf("found for %v", other)
		}
	}
	if err := kept.Keep(draftOf("gone on with")); err != nil {
		t.Fatal(err)
	}
	if err := kept.Drop(); err != nil {
		t.Fatal(err)
	}
	if paths, _ := os.ReadDir(d.Dir); len(paths) != 0 {
		t.Errorf("%d files after it was dropped", len(paths))
	}
	if err := kept.Drop(); err != nil {
		t.Errorf("dropped twice: %v", err)
	}
}

// Of several drafts the newest comes first; those that are not asked about stay.
func TestNewestDraftIsFound(t *testing.T) {
	d := Drafts{t.TempDir()}
	for name, day := range map[string]int{"a": 2, "b": 4, "c": 3} {
		text := fmt.Sprintf(`{"form":"movie add","catalog":"/c.db","saved":"2026-01-0%dT00:00:00Z","answers":{"title":{"text":%q}}}`, day, name)
		if err := os.WriteFile(filepath.Join(d.Dir, name+draftEnding), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"b", "c", "a"} {
		title, kept := left(t, d)
		if title != want {
			t.Fatalf("found %q, want %q", title, want)
		}
		kept.Drop()
	}
}

// A draft belongs to the process that keeps it for as long as that lives, and
// within a process to whom it was given.
func TestDraftOfALivingProcessIsNotFound(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there a process cannot own a draft")
	}
	d := Drafts{t.TempDir()}
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), holdVariable+"="+d.Dir)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(20*time.Second, func() { c.Process.Kill() })
	defer late.Stop()
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "<nil>\n" {
		t.Fatalf("%q, %v", line, err)
	}
	if title, kept := left(t, d); kept != nil {
		t.Errorf("%q is found while its process lives", title)
	}
	c.Process.Kill()
	c.Wait()
	in.Close()
	title, kept := left(t, d)
	if title != "held" {
		t.Fatalf("%q is found after its process died", title)
	}
	if title, again := left(t, d); again != nil {
		t.Errorf("%q is given twice", title)
	}
	kept.Release()
	if title, _ := left(t, d); title != "held" {
		t.Errorf("%q after it was released", title)
	}
}

// Torn files, those of others and what is no file at all are passed over, and
// left alone.
func TestFilesThatAreNoDrafts(t *testing.T) {
	d := Drafts{t.TempDir()}
	files := map[string]string{
		"empty": "", "torn": `{"form":"movie add","catalog":"/c.db","answers":{"title":{"te`, "list": `[1,2]`, "noise": "\x00\xff\x1b",
		"others": `{"form":"movie add"}`, "wrong": `{"form":"movie add","catalog":"/c.db","answers":7}`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(d.Dir, name+draftEnding), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(d.Dir, "dir"+draftEnding), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.Dir, "other.json"), []byte(`{"form":"movie add","catalog":"/c.db"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if title, kept := left(t, d); kept != nil {
		t.Errorf("found %q", title)
	}
	// What is left of a longer text behind the first one does no harm.
	text := `{"form":"movie add","catalog":"/c.db","answers":{"title":{"text":"whole"}}}` + "\n" + `r"}}}`
	if err := os.WriteFile(filepath.Join(d.Dir, "tail"+draftEnding), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	title, kept := left(t, d)
	if title != "whole" {
		t.Fatalf("found %q", title)
	}
	kept.Drop()
	for name, text := range files {
		if b, err := os.ReadFile(filepath.Join(d.Dir, name+draftEnding)); err != nil || string(b) != text {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
}

// A place that cannot be written to is an error, each time.
func TestDraftsWithoutAPlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	k := Drafts{filepath.Join(file, "dir")}.New()
	for range 2 {
		if err := k.Keep(draftOf("x")); err == nil {
			t.Error("no error")
		}
	}
	if err := k.Drop(); err != nil {
		t.Errorf("%v", err)
	}
	k.Release()
}
