package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

// TestMain runs the tests, or, where a test started the test binary again as a
// process of its own, what that process has to do.
func TestMain(m *testing.M) {
	switch os.Getenv("STORE_TEST_CHILD") {
	case "":
		os.Exit(m.Run())
	case "add":
		exit(addFilms(os.Args[1], os.Args[2], os.Args[3]))
	case "hold":
		exit(holdLock(os.Args[1]))
	}
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// child prepares a process that does one of the above.
func child(t *testing.T, what string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, args...)
	c.Env = append(os.Environ(), "STORE_TEST_CHILD="+what)
	return c
}

// addFilms waits for the end of its input, so that many begin at once, and adds
// 25 films in as many transactions.
func addFilms(path, schema, name string) error {
	text, err := os.ReadFile(schema)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	o := store.Options{Path: path, Schema: string(text), FilesDir: path + ".files", BusyTimeout: time.Minute}
	ctx := context.Background()
	for i := range 25 {
		err := store.Update(ctx, o, func(tx *store.Tx) error {
			return tx.InsertMovies(ctx, []catalog.Movie{{Title: fmt.Sprintf("%s %d", name, i)}})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// holdLock keeps the write lock until the end of its input.
func holdLock(path string) error {
	ctx := context.Background()
	o := store.Options{Path: path}
	return store.Update(ctx, o, func(*store.Tx) error {
		fmt.Println("held")
		_, err := io.Copy(io.Discard, os.Stdin)
		return err
	})
}

// held starts a process that has the write lock until release is called.
func held(t *testing.T, path string) (release func()) {
	t.Helper()
	c := child(t, "hold", path)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs strings.Builder
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other process does not hold the lock: %q %s", line, errs.String())
	}
	return func() {
		t.Helper()
		in.Close()
		if err := c.Wait(); err != nil {
			t.Errorf("the other process: %v %s", err, errs.String())
		}
	}
}
