package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// FoldVersion is the version of Fold, SortKey and IndexText. It is stored with
// what was derived with them; where another one is found, the derived tables
// are rebuilt. Raise it with every change of a result.
const FoldVersion = 1

// Fold returns the key by which names and titles are compared whatever their
// case, accents or Unicode form: NFKD, without marks and invisible format
// characters, case folded, ß as ss, œ oe, æ ae, ø o, đ d, ł l, þ th, ð d and ı
// i, typographic quotes and dashes as those of ASCII, white space collapsed and
// trimmed. Other punctuation stays. A name of which nothing would be left is
// its own key, in lower case.
//
// Marks are removed where they adorn a letter (Latin, Greek, Cyrillic, Hebrew,
// Arabic, Syriac). They stay where they are letters of their own: the vowel
// signs of India and South-East Asia and the voicing marks of kana. What stays
// is composed again (NFC), so that 한 is one character and not three.
func Fold(s string) string {
	state := foldState(s)
	if state == foldDone {
		return s
	}
	var stack [128]byte
	buf := stack[:0]
	if len(s) > len(stack) {
		buf = make([]byte, 0, len(s))
	}
	if state == foldASCII {
		return string(appendFoldASCII(buf, s))
	}
	buf, compose := appendFold(buf, s)
	switch {
	case len(buf) == 0:
		return norm.NFC.String(strings.ToLower(strings.TrimSpace(s)))
	case compose:
		return norm.NFC.String(string(buf))
	}
	return string(buf)
}

// What Fold has to do for a text.
const (
	foldDone    = iota // it is folded already
	foldASCII          // it is ASCII
	foldUnicode        // anything else
)

// foldState returns what Fold has to do for s.
func foldState(s string) int {
	state := foldDone
	space := true // the character before is white space, or there is none
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return foldUnicode
		case c == ' ' && !space:
			space = true
			continue
		case c >= 'A' && c <= 'Z' || isSpaceASCII(c):
			state = foldASCII
		}
		space = false
	}
	if space && s != "" {
		state = foldASCII
	}
	return state
}

// appendFoldASCII appends the fold of s, which is ASCII, to b, which is empty.
func appendFoldASCII(b []byte, s string) []byte {
	space := false
	for i := range len(s) {
		b, space = appendFoldByte(b, s[i], space)
	}
	return b
}

// appendFoldByte appends the fold of c, which is ASCII, after white space if
// space is set. It returns whether c is white space, which is held back.
func appendFoldByte(b []byte, c byte, space bool) ([]byte, bool) {
	if isSpaceASCII(c) {
		return b, true
	}
	if space && len(b) > 0 {
		b = append(b, ' ')
	}
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return append(b, c), false
}

// isSpaceASCII reports whether c is white space of ASCII.
func isSpaceASCII(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// appendFold appends the fold of s to b, which is empty. It is true if the
// result has yet to be composed.
func appendFold(b []byte, s string) ([]byte, bool) {
	space, compose := false, false
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			b, space = appendFoldByte(b, s[i], space)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		var parts []byte
		if !isIdeograph(r) && !isAcute(r) {
			parts = norm.NFKD.PropertiesString(s[i:]).Decomposition()
		}
		i += size
		for more := true; more; more = len(parts) > 0 {
			if len(parts) > 0 {
				r, size = utf8.DecodeRune(parts)
				parts = parts[size:]
			}
			switch {
			case unicode.IsSpace(r):
				space = true
				continue
			case isIgnored(r):
				continue
			}
			if space && len(b) > 0 {
				b = append(b, ' ')
			}
			space = false
			compose = compose || composes(r)
			b = appendFoldRune(b, r)
		}
	}
	return b, compose
}

// isAcute reports whether r is the accent that some type for an apostrophe, of
// which NFKD would leave a space.
func isAcute(r rune) bool { return r == '´' || r == '\u1ffd' }

// appendFoldRune appends the case fold of r, which is decomposed.
func appendFoldRune(b []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(b, byte(r))
	}
	if isIdeograph(r) {
		return utf8.AppendRune(b, r)
	}
	if r < 0x2e80 || r >= 0xa640 { // between them is nothing that has case
		r = unicode.ToLower(unicode.ToUpper(r)) // one for all of σ ς Σ
	}
	switch r {
	case 'ß':
		return append(b, "ss"...)
	case 'œ':
		return append(b, "oe"...)
	case 'æ':
		return append(b, "ae"...)
	case 'þ':
		return append(b, "th"...)
	case 'ø':
		return append(b, 'o')
	case 'đ', 'ð':
		return append(b, 'd')
	case 'ł':
		return append(b, 'l')
	case 'ı':
		return append(b, 'i')
	case '‘', '’', '‚', '‛', 'ʼ', '´', '\u1ffd':
		return append(b, '\'')
	case '“', '”', '„', '‟':
		return append(b, '"')
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return append(b, '-')
	}
	return utf8.AppendRune(b, r)
}

// isIdeograph reports whether r is a Han character or a syllable of Hangul that
// folds to itself. These are by far the most of the characters there are.
func isIdeograph(r rune) bool {
	return r >= 0x3400 && r <= 0x4dbf || r >= 0x4e00 && r <= 0x9fff || r >= 0xac00 && r <= 0xd7a3
}

// isIgnored reports whether Fold leaves the character r out: a mark that adorns
// a letter, or a format character that cannot be seen.
func isIgnored(r rune) bool {
	switch {
	case r < 0x300:
		return r == '\u00ad' // soft hyphen
	case r < 0x370:
		return true
	case r < 0x483 || r >= 0x30a0 && r <= 0x30ff || isIdeograph(r): // Greek, Cyrillic, Katakana
		return false
	case unicode.Is(unicode.Mn, r):
		return r != '\u3099' && r != '\u309a' && unicode.In(r, unicode.Inherited,
			unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic, unicode.Syriac)
	case unicode.Is(unicode.Cf, r):
		return !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
	}
	return unicode.Is(unicode.Me, r)
}

// composes reports whether r may compose with the character before it: it is a
// mark that Fold keeps, or a letter of Hangul that is less than a syllable.
func composes(r rune) bool {
	switch {
	case r < 0x590: // up to Armenian
		return false
	case r >= 0x1100 && r <= 0x11ff:
		return true
	case r >= 0x3040 && r <= 0x30ff:
		return r == '\u3099' || r == '\u309a'
	}
	return !isIdeograph(r) && unicode.Is(unicode.M, r)
}
