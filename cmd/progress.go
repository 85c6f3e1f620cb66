package cmd

import (
	"fmt"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/moviedb/moviedb/internal/bulk"
)

// progress shows how far an import or a backup is, on a terminal, once it takes
// longer than one likes to wait in the dark.
type progress struct {
	a     *app
	begun time.Time
	bar   *progressbar.ProgressBar
	final bool
	what  string // is counted in bytes
}

// progressAfter is how long a command runs before it shows its progress.
const progressAfter = 500 * time.Millisecond

func (a *app) newProgress() *progress { return &progress{a: a, begun: time.Now()} }

// showsProgress tells that somebody sees on stderr what is redrawn.
func (a *app) showsProgress() bool {
	return a.ErrTerminal && !a.cfg.Quiet && a.Getenv("TERM") != "dumb"
}

// show draws the bar. It is nothing where nobody looks.
func (p *progress) show(at bulk.Progress) {
	if !p.wanted() {
		return
	}
	if p.bar == nil {
		total := at.Total
		if total <= 0 {
			total = -1 // a spinner
		}
		p.bar = p.newBar(total, false)
	}
	rate := float64(at.Rows) / time.Since(p.begun).Seconds()
	p.bar.Describe(fmt.Sprintf("%s rows, %s/s", thousands(int64(at.Rows)), thousands(int64(rate))))
	if at.Final && !p.final {
		p.final = true
		p.bar.Describe(fmt.Sprintf("%s rows, building indexes", thousands(int64(at.Rows))))
	}
	if at.Bytes > 0 && at.Bytes < at.Total {
		p.bar.Set64(at.Bytes)
	}
}

// wanted tells that somebody looks and has waited for a while.
func (p *progress) wanted() bool {
	return p.a.showsProgress() && time.Since(p.begun) >= progressAfter
}

func (p *progress) newBar(total int64, bytes bool) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(p.a.Err),
		progressbar.OptionSetWidth(24),
		progressbar.OptionShowBytes(bytes),
		progressbar.OptionSetElapsedTime(true),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)
}

// bytes draws the bar for work that is counted in bytes; what is new to do gets
// a new bar.
func (p *progress) bytes(what string, done, total int64) {
	if !p.wanted() {
		return
	}
	if p.bar == nil || p.what != what {
		p.end()
		p.bar, p.what = p.newBar(total, true), what
		p.bar.Describe(what)
	}
	if done < total {
		p.bar.Set64(done)
	}
}

// end takes the bar off the screen.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.Clear()
	}
}

// spinner shows that something goes on whose end nobody knows, and what it is at.
type spinner struct {
	a     *app
	what  string // goes on
	later *time.Timer

	mu   sync.Mutex
	at   string
	bar  *progressbar.ProgressBar
	over bool
}

func (a *app) newSpinner(what string) *spinner {
	s := &spinner{a: a, what: what}
	if a.showsProgress() {
		s.later = time.AfterFunc(progressAfter, s.begin)
	}
	return s
}

// begin puts it on the screen, where it moves by itself.
func (s *spinner) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return
	}
	s.bar = progressbar.NewOptions64(-1, progressbar.OptionSetWriter(s.a.Err), progressbar.OptionSetElapsedTime(true),
		progressbar.OptionSpinnerType(14), progressbar.OptionClearOnFinish())
	s.bar.Describe(s.what + " " + s.at)
}

// step says what it is at.
func (s *spinner) step(at string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = at
	if s.bar != nil {
		s.bar.Describe(s.what + " " + at)
	}
}

// end takes it off the screen; a second time it does nothing.
func (s *spinner) end() {
	if s.later != nil {
		s.later.Stop()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	if s.bar != nil {
		s.bar.Finish()
		s.bar.Clear()
		s.bar = nil
	}
}
