package catalog

// Distance returns how many edits turn a into b: a character added, left out or
// replaced, or two neighbours swapped (optimal string alignment). As soon as it
// is known to be more than most, which is 0 or more, most+1 comes back.
func Distance(a, b string, most int) int {
	var stackA, stackB [64]rune
	from, to := appendRunes(stackA[:0], a), appendRunes(stackB[:0], b)
	for len(from) > 0 && len(to) > 0 && from[0] == to[0] {
		from, to = from[1:], to[1:]
	}
	if max(len(from)-len(to), len(to)-len(from)) > most {
		return most + 1
	}
	var stack [3 * 65]int
	cells := stack[:]
	width := len(to) + 1
	if 3*width > len(cells) {
		cells = make([]int, 3*width)
	}
	before, last, row := cells[:width], cells[width:2*width], cells[2*width:3*width]
	for j := range row {
		row[j] = j
	}
	for i := range from {
		before, last, row = last, row, before
		row[0] = i + 1
		least := row[0]
		for j := range to {
			cost := 1
			if from[i] == to[j] {
				cost = 0
			}
			d := min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				d = min(d, before[j-1]+1)
			}
			row[j+1] = d
			least = min(least, d)
		}
		if least > most {
			return most + 1
		}
	}
	return min(row[len(to)], most+1)
}

// appendRunes appends the characters of s to r.
func appendRunes(r []rune, s string) []rune {
	for _, c := range s {
		r = append(r, c)
	}
	return r
}
