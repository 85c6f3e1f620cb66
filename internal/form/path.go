package form

import (
	"net/url"
	"os"
	"strings"
)

// pastedPath is the path in what a terminal pastes when a file is dropped on it:
// quoted as for a shell, or a file URL. What is there as it stands is that.
func pastedPath(s string) string {
	s = strings.TrimSpace(s)
	if u, err := url.Parse(s); err == nil && u.Scheme == "file" && strings.HasPrefix(u.Path, "/") {
		return u.Path
	}
	if _, err := os.Lstat(s); err != nil {
		if plain, ok := unquoted(s); ok {
			return plain
		}
	}
	return s
}

// unquoted takes one word of a shell out of its quotes; ok is that there were
// any, and that they end.
func unquoted(s string) (plain string, ok bool) {
	var b strings.Builder
	quote := rune(0)
	escaped := false
	for _, r := range s {
		switch {
		case escaped:
			escaped = false
			b.WriteRune(r)
		case r == '\\' && quote != '\'':
			escaped, ok = true, true
		case r == quote && quote != 0:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, ok = r, true
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), ok && quote == 0 && !escaped
}
