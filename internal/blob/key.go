package blob

import (
	"encoding/hex"
	"strings"
)

const (
	hashLen    = 64 // hex digits of a SHA-256
	maxExtLen  = 16 // bytes of an extension, with its dot
	tempPrefix = ".tmp-"
	trashName  = "trash"
)

// makeKey returns the key of content with the given SHA-256 and extension
// (".jpg", or "" for none).
func makeKey(sum []byte, ext string) string {
	h := hex.EncodeToString(sum)
	if !isExt(ext) {
		ext = ""
	}
	return h[:2] + "/" + h + ext
}

// hashOf returns the 64 hex digits of a key.
func hashOf(key string) string { return key[3 : 3+hashLen] }

// isKey reports whether s has the shape ab/abcdef….ext, which no name that
// leads elsewhere has.
func isKey(s string) bool {
	if len(s) < 3+hashLen || s[2] != '/' || s[:2] != s[3:5] {
		return false
	}
	return isHex(hashOf(s)) && isExt(s[3+hashLen:])
}

// isShard reports whether s is the name of one of the 256 folders of content.
func isShard(s string) bool { return len(s) == 2 && isHex(s) }

// isTemp reports whether s is the name of content on its way in.
func isTemp(s string) bool {
	rest, ok := strings.CutPrefix(s, tempPrefix)
	return ok && len(rest) >= 16 && len(rest) <= 64 && isAlnum(rest)
}

// isExt reports whether s is "" or an extension such as ".jpg".
func isExt(s string) bool {
	return s == "" || len(s) > 1 && len(s) <= maxExtLen && s[0] == '.' && isAlnum(s[1:])
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func isAlnum(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
