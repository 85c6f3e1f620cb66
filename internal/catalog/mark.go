package catalog

import "strings"

// IsMark tells whether a text can be the mark that tells one catalog from others:
// 32 hexadecimal digits. A mark becomes the name of a file, so one that comes from
// a database of anybody's is looked at first.
func IsMark(s string) bool { return len(s) == 32 && strings.Trim(s, "0123456789abcdef") == "" }
