package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
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
	case "count":
		exit(countFilms(os.Args[1]))
	case "hold":
		exit(holdLock(os.Args[1], os.Args[2]))
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
// 25 films in as many transactions. STORE_TEST_JOURNAL is the journal mode.
func addFilms(path, schema, name string) error {
	text, err := os.ReadFile(schema)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	o := store.Options{Path: path, Schema: string(text), FilesDir: path + ".files", BusyTimeout: time.Minute, Journal: os.Getenv("STORE_TEST_JOURNAL")}
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

// countFilms reads until the end of its input, again and again.
func countFilms(path string) error {
	ended := make(chan struct{})
	go func() {
		io.Copy(io.Discard, os.Stdin)
		close(ended)
	}()
	ctx, seen := context.Background(), int64(0)
	for {
		s, err := store.Open(ctx, store.Options{Path: path, BusyTimeout: 30 * time.Second})
		if err != nil {
			return err
		}
		err = s.View(ctx, func(tx *store.Tx) error {
			n, err := tx.CountMovies(ctx, catalog.MovieFilter{})
			if err == nil && n < seen {
				err = fmt.Errorf("%d films, and before that %d", n, seen)
			}
			seen = n
			return err
		})
		if err := errors.Join(err, s.Close()); err != nil {
			return err
		}
		select {
		case <-ended:
			return nil
		default:
		}
	}
}

// holdLock writes a film and keeps the write lock until the end of its input.
func holdLock(path, size string) error {
	ctx := context.Background()
	o := store.Options{Path: path}
	n, err := strconv.Atoi(size)
	if err != nil {
		return err
	}
	return store.Update(ctx, o, func(tx *store.Tx) error {
		if err := tx.InsertMovies(ctx, []catalog.Movie{{Title: "Written by the other", Description: strings.Repeat("x", n)}}); err != nil {
			return err
		}
		fmt.Println("held")
		_, err := io.Copy(io.Discard, os.Stdin)
		return err
	})
}

// holder is a process that has the write lock.
type holder struct {
	*exec.Cmd
	in   io.Closer
	errs *strings.Builder
}

// held starts a process that has the write lock of a catalog and has written a
// film of about size bytes.
func held(t *testing.T, path string, size int) holder {
	t.Helper()
	h := holder{child(t, "hold", path, strconv.Itoa(size)), nil, &strings.Builder{}}
	h.Stderr = h.errs
	in, err := h.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	h.in = in
	out, err := h.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other process does not hold the lock: %q %s", line, h.errs)
	}
	return h
}

// release lets the process commit and end.
func (h holder) release(t *testing.T) {
	t.Helper()
	h.in.Close()
	if err := h.Wait(); err != nil {
		t.Errorf("the other process: %v %s", err, h.errs)
	}
}

// kill ends it at once.
func (h holder) kill(t *testing.T) {
	t.Helper()
	if err := h.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := h.Wait(); err == nil {
		t.Error("the other process was not killed")
	}
}
