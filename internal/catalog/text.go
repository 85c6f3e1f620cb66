package catalog

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// CleanLine returns a name, a title or another text of one line as the catalog
// stores it: NFC, without white space or zero-width spaces at its ends. White
// space inside stays as it is. What is not valid UTF-8, has a second line or a
// control character is refused with ErrInvalid; bidirectional controls are
// legal. "" means that nothing was given, which is no error.
func CleanLine(s string) (string, error) {
	s = trim(s)
	if printableASCII(s) {
		return s, nil
	}
	if !utf8.ValidString(s) {
		return "", Invalidf("%s is not valid UTF-8", Quote(s))
	}
	for _, r := range s {
		switch {
		case isLineBreak(r):
			return "", Invalidf("%s has more than one line", Quote(s))
		case isControl(r):
			return "", Invalidf("%s has a control character, %s", Quote(s), Visible(string(r)))
		}
	}
	return norm.NFC.String(s), nil
}

// CleanText is CleanLine for text of several lines, such as a description:
// newlines and tabs are legal, and CR LF or CR alone become a newline.
func CleanText(s string) (string, error) {
	s = trim(s)
	if printableASCII(s) {
		return s, nil
	}
	if !utf8.ValidString(s) {
		return "", Invalidf("%s is not valid UTF-8", Quote(s))
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	for _, r := range s {
		if r != '\n' && r != '\t' && isControl(r) {
			return "", Invalidf("%s has a control character, %s", Quote(s), Visible(string(r)))
		}
	}
	return norm.NFC.String(s), nil
}

// Visible returns s fit for the eyes of a person: control characters,
// bidirectional controls, line separators, byte order marks and bytes that are
// not UTF-8 become visible text such as \n, \x1b, \u202e and \xff. Everything
// else stays, the joiners and selectors that emoji are made of too. A s that
// needs nothing is returned itself.
func Visible(s string) string {
	for i := 0; i < len(s); {
		r, size := decode(s[i:])
		if isHidden(r, size) {
			return visibleFrom(s, i)
		}
		i += size
	}
	return s
}

// visibleFrom is Visible for a s whose first character to show is at i.
func visibleFrom(s string, i int) string {
	b := make([]byte, i, len(s)+16)
	copy(b, s)
	for i < len(s) {
		r, size := decode(s[i:])
		b = appendVisible(b, s[i:i+size], r)
		i += size
	}
	return string(b)
}

// Quote returns Visible(s) in double quotes for a message, clipped with … to
// about 60 characters. A double quote inside stays as it is.
func Quote(s string) string {
	const limit = 60
	b := append(make([]byte, 0, min(len(s), 4*limit)+8), '"')
	for i, shown := 0, 0; i < len(s); {
		r, size := decode(s[i:])
		before := len(b)
		b = appendVisible(b, s[i:i+size], r)
		if shown += utf8.RuneCount(b[before:]); shown > limit {
			b = append(b[:before], "…"...)
			break
		}
		i += size
	}
	return string(append(b, '"'))
}

// appendVisible appends the character r, written as c in the text, so that it
// can be seen.
func appendVisible(b []byte, c string, r rune) []byte {
	switch {
	case !isHidden(r, len(c)):
		return append(b, c...)
	case r == '\n':
		return append(b, `\n`...)
	case r == '\t':
		return append(b, `\t`...)
	case r == '\r':
		return append(b, `\r`...)
	case len(c) == 1: // ASCII, or a byte that is not UTF-8
		return fmt.Appendf(b, `\x%02x`, c[0])
	}
	return fmt.Appendf(b, `\u%04x`, r)
}

// decode returns the first character of s, which is not empty, and its size.
func decode(s string) (rune, int) {
	if s[0] < utf8.RuneSelf {
		return rune(s[0]), 1
	}
	return utf8.DecodeRuneInString(s)
}

// isHidden reports whether the character r, of size bytes, must be made
// visible: it does something to a terminal, or to the order of the text
// around it, or is no character at all.
func isHidden(r rune, size int) bool {
	if r < 0x80 {
		return r < ' ' || r == 0x7f
	}
	return isControl(r) || isBidi(r) || r == '\ufeff' || r == utf8.RuneError && size == 1
}

// isControl reports whether r is a control character of C0 or C1, DEL, or one
// of the separators U+2028 and U+2029.
func isControl(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029'
}

// isLineBreak reports whether r ends a line.
func isLineBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// isBidi reports whether r is a bidirectional control (Unicode's property
// Bidi_Control).
func isBidi(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x200e || r == 0x200f || r == 0x061c
}

// trim removes Unicode white space and characters of no width from both ends.
// The joiners U+200C and U+200D stay: a word may end in one.
func trim(s string) string {
	if s == "" || plainEnd(s[0]) && plainEnd(s[len(s)-1]) {
		return s
	}
	return strings.TrimFunc(s, isBlank)
}

// plainEnd reports whether a text that begins or ends with c has nothing there
// to trim.
func plainEnd(c byte) bool { return c > ' ' && c < 0x7f }

// isBlank reports whether r is white space or has no width and no meaning at
// the end of a text.
func isBlank(r rune) bool {
	switch r {
	case '\ufeff', '\u200b', '\u2060', '\u180e':
		return true
	}
	return unicode.IsSpace(r)
}

// printableASCII reports whether s is made of the characters from space to ~.
func printableASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}
