package catalog

import (
	"strings"
	"unicode"
)

// CountryAliases returns the folded names under which the country called name
// may be known: Fold(name) first, then the other names, the codes of ISO 3166
// and the common aliases of the same country. Case, accents and punctuation of
// name do not matter, nor a "the" or an "and" for a "&". Former countries are
// countries of their own. For a name that is not known, or that several
// countries bear ("Congo", "Korea"), only Fold(name) comes back.
func CountryAliases(name string) []string {
	key := Fold(name)
	line := countryLine(key)
	if line == "" {
		return []string{key}
	}
	aliases := make([]string, 1, strings.Count(line, "|")+2)
	aliases[0] = key
	for alias := range strings.SplitSeq(line, "|") {
		if alias != key {
			aliases = append(aliases, alias)
		}
	}
	return aliases
}

// countryLine returns the names, with | between them, of the country that a
// folded name means, or "".
func countryLine(key string) string {
	if key == "" || strings.ContainsRune(key, '|') {
		return ""
	}
	at := strings.Index(countryTable, "|"+key+"|")
	if at < 0 {
		if at = looseCountry(key); at < 0 {
			return ""
		}
	}
	start := strings.LastIndexByte(countryTable[:at+1], '\n') + 2
	end := at + strings.Index(countryTable[at:], "|\n")
	return countryTable[start:end]
}

// looseCountry returns where in countryTable the name is that differs from key
// only in punctuation and small words, or -1. A code is never found so: "N/A"
// is not Namibia.
func looseCountry(key string) int {
	var stack [64]byte
	want := appendLoose(stack[:0], key)
	if len(want) < 4 {
		return -1
	}
	for at := 0; at < len(countryTable); {
		end := strings.IndexByte(countryTable[at+1:], '|')
		if end < 0 {
			break
		}
		end += at + 1
		name := countryTable[at+1 : end]
		if name != "" && (name[0] == want[0] || name[0] == 't') && equalLoose(name, want) { // t may begin "the"
			return at
		}
		at = end
	}
	return -1
}

// appendLoose appends to b the letters and digits of a folded name, without
// its small words.
func appendLoose(b []byte, key string) []byte {
	for word, rest := nextWord(key); word != ""; word, rest = nextWord(rest) {
		b = append(b, looseWord(word)...)
	}
	return b
}

// equalLoose reports whether appendLoose of a name in countryTable, which is
// ASCII, is want, which is not empty.
func equalLoose(name string, want []byte) bool {
	for i := 0; i < len(name); {
		if !isWordASCII(name[i]) {
			i++
			continue
		}
		start := i
		for i < len(name) && isWordASCII(name[i]) {
			i++
		}
		word := looseWord(name[start:i])
		if len(word) > len(want) || word != string(want[:len(word)]) {
			return false
		}
		want = want[len(word):]
	}
	return len(want) == 0
}

// nextWord cuts the first run of letters and digits from s; word is "" if there
// is none.
func nextWord(s string) (word, rest string) {
	start := strings.IndexFunc(s, isAlnum)
	if start < 0 {
		return "", ""
	}
	return cutFunc(s[start:], isAlnum)
}

// isAlnum reports whether r is a letter, a digit or a mark.
func isAlnum(r rune) bool {
	if r < 0x80 {
		return isWordASCII(byte(r))
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// looseWord returns what of a word counts when names of countries are compared.
func looseWord(word string) string {
	switch word {
	case "the", "of", "and":
		return ""
	case "saint":
		return "st"
	}
	return word
}
