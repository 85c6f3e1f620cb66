package cmd

import (
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/moviedb/moviedb/internal/bulk"
)

// progress shows how far an import is, on a terminal, once it takes longer than
// one likes to wait in the dark.
type progress struct {
	a     *app
	begun time.Time
	bar   *progressbar.ProgressBar
	final bool
}

// progressAfter is how long an import runs before it shows its progress.
const progressAfter = 500 * time.Millisecond

func (a *app) newProgress() *progress { return &progress{a: a, begun: time.Now()} }

// show draws the bar. It is nothing where nobody looks.
func (p *progress) show(at bulk.Progress) {
	a := p.a
	if !a.ErrTerminal || a.cfg.Quiet || a.Getenv("TERM") == "dumb" || time.Since(p.begun) < progressAfter {
		return
	}
	if p.bar == nil {
		total := at.Total
		if total <= 0 {
			total = -1 // a spinner
		}
		p.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(a.Err),
			progressbar.OptionSetWidth(24),
			progressbar.OptionShowBytes(false),
			progressbar.OptionSetElapsedTime(true),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
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

// end takes the bar off the screen.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.Clear()
	}
}
