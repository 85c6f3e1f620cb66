package fuzzkit

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"time"
)

// statsVariable names the file to which fuzzers append what they counted: lines
// of name, inputs and accepted inputs, separated by tabs. A fuzzer's lines are to
// be summed, since it runs in several processes.
const statsVariable = "MOVIEDB_FUZZ_STATS"

// flushEvery is how often a fuzzer writes: the process may be killed.
const flushEvery = 5 * time.Second

// Share counts how many inputs of one fuzzer are accepted: a fuzzer that has
// nearly all of them refused tests little. Without MOVIEDB_FUZZ_STATS it does
// nothing.
type Share struct {
	mu              sync.Mutex
	name, path      string // path is "" when nobody wants to know
	tried, accepted int
	flushed         time.Time
}

// NewShare returns the count of a fuzzer, before its first input.
func NewShare(tb testing.TB) *Share {
	tb.Helper()
	s := &Share{name: tb.Name(), path: os.Getenv(statsVariable), flushed: time.Now()}
	if s.path != "" {
		tb.Cleanup(func() {
			if err := s.flush(); err != nil {
				tb.Error(err)
			}
		})
	}
	return s
}

// Try counts an input.
func (s *Share) Try(t *testing.T) {
	if s.path == "" {
		return
	}
	s.mu.Lock()
	s.tried++
	due := time.Since(s.flushed) > flushEvery
	s.mu.Unlock()
	if due {
		if err := s.flush(); err != nil {
			t.Error(err)
		}
	}
}

// Accept counts the input as one that was accepted.
func (s *Share) Accept() {
	if s.path == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accepted++
}

// flush appends what was counted since the last time.
func (s *Share) flush() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tried == 0 {
		return nil
	}
	f, err := os.OpenFile(s.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%s\t%d\t%d\n", s.name, s.tried, s.accepted)
	s.tried, s.accepted, s.flushed = 0, 0, time.Now()
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}
