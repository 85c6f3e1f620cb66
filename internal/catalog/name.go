package catalog

import (
	"strings"
	"unicode"
)

// SplitName splits the name of a person into first and last name: "Lars" and
// "von Trier", "Robert" and "Downey Jr.". "Holland, Tom" is Tom Holland. A
// single name ("Cher") is a last name, and first is "". JoinName of the two is
// the name again, with one space for each run of white space, unless a comma
// turned it round.
func SplitName(name string) (first, last string) {
	if strings.Contains(name, ",") {
		if first, last, ok := splitInverted(name); ok {
			return first, last
		}
	}
	words := strings.Fields(name)
	if len(words) == 0 {
		return "", ""
	}
	i := lastNameAt(words)
	return strings.Join(words[:i], " "), strings.Join(words[i:], " ")
}

// JoinName returns the full name of first and last, of which either may be "".
func JoinName(first, last string) string {
	switch {
	case first == "":
		return last
	case last == "":
		return first
	}
	return first + " " + last
}

// splitInverted splits a name with commas: "Holland, Tom", "Downey Jr.,
// Robert", "Downey, Robert, Jr.", "Beethoven, Ludwig van" and "Robert Downey,
// Jr.". It is false for one where the comma does none of that, such as "Tyler,
// the Creator" or "Earth, Wind, Fire".
func splitInverted(name string) (first, last string, ok bool) {
	var parts, suffix []string
	for part := range strings.SplitSeq(name, ",") {
		if words := strings.Fields(part); len(words) > 0 {
			parts = append(parts, strings.Join(words, " "))
		}
	}
	for len(parts) > 1 && isSuffix(parts[len(parts)-1]) {
		suffix = append([]string{parts[len(parts)-1]}, suffix...)
		parts = parts[:len(parts)-1]
	}
	switch {
	case len(parts) == 1:
		first, last = SplitName(parts[0])
	case len(parts) == 2 && !strings.HasPrefix(strings.ToLower(parts[1])+" ", "the "):
		first, last = invert(parts[0], strings.Fields(parts[1]))
	default:
		return "", "", false
	}
	return first, strings.Join(append([]string{last}, suffix...), " "), true
}

// invert returns first and last name of a name whose last name came first.
// What belongs to the last name but stood after the first is moved to it.
func invert(last string, given []string) (string, string) {
	i := len(given)
	for i > 1 && isSuffix(given[i-1]) {
		i--
	}
	if i < len(given) {
		last += " " + strings.Join(given[i:], " ")
	}
	given = given[:i]
	for i > 1 && isParticle(given[i-1]) {
		i--
	}
	if i < len(given) {
		last = strings.Join(given[i:], " ") + " " + last
	}
	return strings.Join(given[:i], " "), last
}

// lastNameAt returns which of the words of a name, at least one, is the first
// word of the last name.
func lastNameAt(words []string) int {
	i := 0
	for i < len(words)-1 && isParticle(words[i]) {
		i++
	}
	if words[0] == "The" || i > 0 && startsUpper(words[i]) {
		return 0 // "The Rock", "van Gogh"
	}
	i = len(words) - 1
	for i > 0 && (isSuffix(words[i]) || words[i] == "V" && i > 1) {
		i--
	}
	for i > 1 {
		word := words[i-1]
		switch {
		case i > 2 && (word == "y" || word == "i"): // "José Ortega y Gasset"
			i -= 2
		case isParticle(word) || isCapitalParticle(word):
			i--
		default:
			return i
		}
	}
	return i
}

// isSuffix reports whether a word comes after the last name and belongs to it.
func isSuffix(word string) bool {
	if strings.HasPrefix(word, "(") && strings.HasSuffix(word, ")") {
		return true
	}
	switch strings.ToLower(strings.ReplaceAll(word, ".", "")) {
	case "jr", "jnr", "junior", "sr", "snr", "ii", "iii", "iv", "esq", "phd", "md":
		return true
	}
	return false
}

// isParticle reports whether a word in lower case belongs to the last name
// after it.
func isParticle(word string) bool {
	switch word {
	case "von", "vom", "zu", "zum", "zur", "van", "der", "den", "ter", "ten", "te", "op", "'t",
		"de", "da", "di", "do", "du", "del", "della", "dello", "dei", "degli", "des", "dos", "das",
		"la", "le", "les", "lo", "af", "av", "bin", "bint", "ibn", "ben", "abu", "al", "el", "y":
		return true
	}
	return false
}

// isCapitalParticle is isParticle for a word that begins with a capital. The
// list is shorter: many of the words are also first names.
func isCapitalParticle(word string) bool {
	if !startsUpper(word) {
		return false
	}
	switch strings.ToLower(word) {
	case "von", "van", "der", "den", "ter", "de", "da", "di", "du", "del", "della", "dello", "dos", "das",
		"la", "le", "el", "al", "st", "st.", "saint":
		return true
	}
	return false
}

// startsUpper reports whether a word begins with an upper-case letter.
func startsUpper(word string) bool {
	for _, r := range word {
		return unicode.IsUpper(r)
	}
	return false
}
