package form

import (
	"slices"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"github.com/moviedb/moviedb/internal/catalog"
)

const (
	between   = " · "
	moveBack  = "shift+tab back"
	leastWord = 12 // cells of a word that is not shortened
)

// keyLine names keys side by side. Where there is no room for all it leaves out
// whole ones: the way back first, then from the left, the last one never.
func keyLine(width int, keys ...string) string {
	for len(keys) > 1 && displaywidth.String(strings.Join(keys, between)) > width {
		if i := slices.Index(keys, moveBack); i >= 0 {
			keys = slices.Delete(keys, i, i+1)
			continue
		}
		keys = keys[1:]
	}
	return clip(strings.Join(keys, between), width)
}

// fitting breaks a text at blanks into at most n lines. Where that is too few,
// the middle of its longest words is left out, such as of a path: what is wrong
// with it comes last.
func fitting(text string, width, n int) []string {
	words := strings.Fields(catalog.Visible(strings.ReplaceAll(text, "\n", " ")))
	for i, word := range words {
		if out := len([]rune(word)) - n*width; out > 0 {
			words[i] = squeezed(word, out)
		}
	}
	lines := broken(words, width)
	for len(lines) > n {
		longest := 0
		for i := range words {
			if displaywidth.String(words[i]) > displaywidth.String(words[longest]) {
				longest = i
			}
		}
		if displaywidth.String(words[longest]) <= leastWord {
			lines = append(lines[:n-1], clip(strings.Join(lines[n-1:], " "), width))
			break
		}
		words[longest] = squeezed(words[longest], (len(lines)-n-1)*width/2) // a rune has up to two cells
		lines = broken(words, width)
	}
	return lines
}

// squeezed is a word of which some runes in the middle are left out.
func squeezed(word string, runesOut int) string {
	runes := []rune(strings.Replace(word, "…", "", 1))
	half := max(len(runes)-1-runesOut, 0) / 2
	return string(runes[:half]) + "…" + string(runes[len(runes)-half:])
}

// broken puts words into lines; those that are wider than a line go on in the
// next one.
func broken(words []string, width int) []string {
	var lines []string
	line := ""
	for _, word := range words {
		if line != "" && displaywidth.String(line)+1+displaywidth.String(word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; displaywidth.String(line) > width; {
			head := displaywidth.TruncateString(line, max(width, 2), "")
			if head == "" {
				break
			}
			lines, line = append(lines, head), line[len(head):]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
