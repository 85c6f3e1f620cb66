package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// TestWaitingForTheWriteLock: a writer gets the lock when the other lets go of
// it, is told so when that lasts too long, and stops waiting when it is told to.
func TestWaitingForTheWriteLock(t *testing.T) {
	for _, journal := range []string{"wal", "delete"} {
		t.Run(journal, func(t *testing.T) {
			o := testkit.Options(t)
			o.Journal = journal
			addFilm(t, o, "Sun")
			db := hand(t, o.Path)
			nothing := func(*store.Tx) error { return nil }
			mustExec(t, db, `BEGIN IMMEDIATE`)
			o.BusyTimeout = 30 * time.Millisecond
			if err := store.Update(t.Context(), o, nothing); !errors.Is(err, catalog.ErrBusy) {
				t.Errorf("got %v, want %v", err, catalog.ErrBusy)
			}
			o.BusyTimeout = time.Hour
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
			defer cancel()
			if err := store.Update(ctx, o, nothing); !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
			}
			done := make(chan error)
			go func() { done <- store.Update(t.Context(), o, nothing) }()
			time.Sleep(30 * time.Millisecond)
			mustExec(t, db, `ROLLBACK`)
			if err := <-done; err != nil {
				t.Errorf("the lock was free: %v", err)
			}
		})
	}
}
