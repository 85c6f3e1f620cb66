package form

import (
	"os"
	"path/filepath"
	"strings"
)

// pastedPath is the path in what a terminal pastes when a file is dropped on it:
// in quotes, with backslashes before blanks, or as a file URL's path.
func pastedPath(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1 && (s[0] == '\'' || s[0] == '"') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	if rest, ok := strings.CutPrefix(s, "file:///"); ok {
		return "/" + strings.ReplaceAll(rest, "%20", " ")
	}
	if _, err := os.Lstat(s); err != nil {
		if plain := strings.ReplaceAll(s, `\ `, " "); plain != s {
			return filepath.Clean(plain)
		}
	}
	return s
}
