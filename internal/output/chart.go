package output

import (
	"io"
	"math"
	"strings"

	"github.com/clipperhouse/displaywidth"
	"github.com/dustin/go-humanize"
)

// chartWidth is how wide charts are where there is no terminal to fill.
const chartWidth = 80

// Chart is a group of numbers under a heading, each with a bar as long as the
// number is great.
type Chart struct {
	Title string
	Text  string  // what is said below the title; "" is nothing
	Full  float64 // what a bar of the whole length stands for; 0 is the greatest value
	Bars  []Bar
}

// Bar is one line of a chart.
type Bar struct {
	Label string
	Value int64
	Note  string // stands in the place of the bar, if it is not ""
}

// PrintCharts prints charts for people, each line within the width of the
// printer, 80 cells where that is 0. Charts without bars are left out. plain
// draws bars of # for terminals that have no block characters.
func PrintCharts(p *Printer, plain bool, charts []Chart) error {
	width := p.Width
	if width <= 0 {
		width = chartWidth
	}
	out := newBuffer(p.Out)
	first := true
	for _, c := range charts {
		if len(c.Bars) == 0 {
			continue
		}
		if !first {
			io.WriteString(out.w, "\n") // the error comes from Flush
		}
		first = false
		io.WriteString(out.w, p.Bold(displayClip(visible(c.Title), width))+"\n")
		if c.Text != "" {
			for _, line := range wrap(c.Text, max(1, width-2)) {
				io.WriteString(out.w, displayClip("  "+line, width)+"\n")
			}
		}
		for _, line := range c.lines(width, plain) {
			io.WriteString(out.w, line+"\n")
		}
	}
	return out.w.Flush()
}

// lines returns the lines of the bars: label, number, bar. A third of the width
// is for the bars, and what labels and numbers leave; where that is little, labels
// come first.
func (c *Chart) lines(width int, plain bool) []string {
	const gap = 2
	labels, numbers := make([]string, len(c.Bars)), make([]string, len(c.Bars))
	names, digits, full := 0, 0, c.Full
	for i, b := range c.Bars {
		labels[i], numbers[i] = visible(b.Label), humanize.Comma(b.Value)
		names = max(names, displaywidth.String(labels[i]))
		digits = max(digits, len(numbers[i]))
		if c.Full == 0 {
			full = max(full, float64(b.Value))
		}
	}
	names = min(names, max(width-3*gap-digits-width/3, 12))
	names = max(1, min(names, width-2*gap-digits))
	room := max(0, width-3*gap-names-digits)
	lines := make([]string, len(c.Bars))
	for i, b := range c.Bars {
		label := displayClip(labels[i], names)
		line := []byte(strings.Repeat(" ", gap) + label)
		line = appendSpaces(line, names-displaywidth.String(label)+gap+digits-len(numbers[i]))
		line = append(line, numbers[i]...)
		bar := drawn(float64(b.Value)/full, room, plain)
		if b.Note != "" && room > 0 {
			bar = displayClip(visible(b.Note), room)
		}
		if bar != "" {
			line = append(appendSpaces(line, gap), bar...)
		}
		lines[i] = displayClip(string(line), width)
	}
	return lines
}

// drawn returns a bar for a share of the room, in eighths of a cell, or in whole
// ones if plain. What is more than nothing is seen.
func drawn(share float64, room int, plain bool) string {
	if !(share > 0) || room == 0 { // 0 of 0 is not a number
		return ""
	}
	share = min(share, 1)
	if plain {
		return strings.Repeat("#", max(1, int(math.Round(share*float64(room)))))
	}
	eighths := max(1, int(math.Round(share*float64(room)*8)))
	bar := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		bar += string('▐' - rune(rest)) // ▉ of seven eighths to ▏ of one lie before it
	}
	return bar
}
