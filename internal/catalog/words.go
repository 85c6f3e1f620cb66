package catalog

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SortKey returns the key by which titles are sorted: the fold without one The,
// A or An at its beginning, if something comes after it.
func SortKey(title string) string {
	key := Fold(title)
	for _, article := range [...]string{"the ", "a ", "an "} {
		if rest, ok := strings.CutPrefix(key, article); ok {
			return rest
		}
	}
	return key
}

// Words returns the words of s for the search index: the fold, split at
// whatever is not a letter, a digit or a mark. Every character of Chinese,
// Japanese and Korean is a word of its own. It is nil if there is no word.
func Words(s string) []string {
	text := IndexText(s)
	if text == "" {
		return nil
	}
	return strings.Split(text, " ")
}

// IndexText returns the Words of s with one space between them.
func IndexText(s string) string {
	if isIndexText(s) {
		return s
	}
	if !isASCII(s) {
		s = Fold(s)
		return string(appendWords(make([]byte, 0, len(s)+len(s)/2), s, ' '))
	}
	var stack [128]byte
	b := stack[:0]
	if len(s) > len(stack) {
		b = make([]byte, 0, len(s))
	}
	return string(appendWordsASCII(b, s))
}

// IndexPairs returns s for a search index that does not know where in a text a
// word stands: IndexText, but a run of Chinese, Japanese or Korean is its pairs
// of neighbouring characters, and its last character alone. So two characters
// side by side are a word, and each character is the beginning of one.
func IndexPairs(s string) string {
	if isASCII(s) {
		return IndexText(s)
	}
	s = Fold(s)
	words := appendWords(make([]byte, 0, len(s)+len(s)/2), s, joint)
	if bytes.IndexByte(words, joint) < 0 {
		return string(words)
	}
	b := make([]byte, 0, 2*len(words))
	for word := range bytes.SplitSeq(words, []byte{' '}) {
		if len(b) > 0 {
			b = append(b, ' ')
		}
		var last []byte
		for char := range bytes.SplitSeq(word, []byte{joint}) {
			if last != nil {
				b = append(append(append(b, last...), char...), ' ')
			}
			last = char
		}
		b = append(b, last...)
	}
	return string(b)
}

// joint stands between the characters of a run, while it is known. No word has
// it.
const joint = '\x1f'

// isASCII reports whether s has no byte above 127.
func isASCII(s string) bool {
	for len(s) >= 8 {
		if (s[0]|s[1]|s[2]|s[3]|s[4]|s[5]|s[6]|s[7])&utf8.RuneSelf != 0 {
			return false
		}
		s = s[8:]
	}
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isIndexText reports whether s is lower-case words of ASCII with one space
// between them. It may be false for one that is.
func isIndexText(s string) bool {
	space := true
	for i := range len(s) {
		if !isWordASCII(s[i]) && (s[i] != ' ' || space) {
			return false
		}
		space = s[i] == ' '
	}
	return !space || s == ""
}

// isWordASCII reports whether c is a lower-case letter or a digit of ASCII.
func isWordASCII(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// appendWordsASCII appends the words of s, which is ASCII, to b, which is
// empty.
func appendWordsASCII(b []byte, s string) []byte {
	gap := false
	for i := range len(s) {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if !isWordASCII(c) {
			gap = true
			continue
		}
		if gap && len(b) > 0 {
			b = append(b, ' ')
		}
		gap = false
		b = append(b, c)
	}
	return b
}

// appendWords appends the words of a folded text to b, which is empty, with
// joint between neighbours of a run of characters that are words of their own.
func appendWords(b []byte, key string, joint byte) []byte {
	gap, alone := false, false // after a separator, after a word of one character
	for i := 0; i < len(key); {
		r, size := decode(key[i:])
		part := key[i : i+size]
		i += size
		single := r >= utf8.RuneSelf && isSyllable(r)
		switch {
		case single || isWord(r):
			switch {
			case len(b) == 0 || !gap && !alone && !single:
			case alone && single && !gap:
				b = append(b, joint)
			default:
				b = append(b, ' ')
			}
			b = append(b, part...)
			gap, alone = false, single
		case r >= utf8.RuneSelf && !gap && len(b) > 0 && unicode.Is(unicode.M, r):
			b = append(b, part...)
		default:
			gap = true
		}
	}
	return b
}

// isWord reports whether r is a letter or a digit; of ASCII, one that is
// folded.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return isWordASCII(byte(r))
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

// isSyllable reports whether r is a character of Han, kana or Hangul.
func isSyllable(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case isIdeograph(r) || r == 'ー':
		return true
	}
	return unicode.IsLetter(r) && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}
