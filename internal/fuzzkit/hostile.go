package fuzzkit

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Hostile returns texts that do harm to terminals, tables, files, queries or
// readers of text that do not expect them.
func Hostile() []string {
	return []string{
		// nothing, and what looks like nothing
		"", " ", "\t", "\n", "\u00a0", "\u3000", "\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad", "\u115f", "\u3164", "null", "NULL", "nil", "None", "undefined", "NaN", "-",
		// what a terminal obeys
		"\x1b[31mred\x1b[0m", "\x1b]0;title\a", "\x1b[2J", "\x1b[8m", "\x1bP+q\x1b\\", "\u009b31m", "\u009d0;x\u009c", "a\rb", "a\bb", "a\x7f", "\x00", "a\x00b", "\x05", "\x0e",
		"\x07", "\x1a", "a\vb", "a\fb", "a\u0085b",
		// lines that end elsewhere
		"one\ntwo", "one\r\ntwo", "a\u2028b", "a\u2029b", "a\tb",
		// text that runs the other way, or over its neighbours
		"\u202egnp.exe", "\u2066a\u2069", "\u200fשלום", "مرحبا", "a\u202bb\u202c", "a" + strings.Repeat("\u0301", 60), "Z̮̞̠͙͔ͅA̡L͠G̕O", "\U000e0041\U000e007f",
		// of odd width, and of several code points
		"日本語", "ﾊﾝｶｸ", "👨‍👩‍👧‍👦", "🇩🇪🇫", "👍🏽", "ﷺ", "ဪ", "\u1100\u1161\u11a8", "\u212b", "A\u030a", "ﬁ", "Ⅻ", "İ", "ß", "ſ", "ǆ",
		// not UTF-8
		"\xff", "\xc0\x80", "\xed\xa0\x80", "a\xe2\x82", "\xf4\x90\x80\x80", "\ufffd", "\ufffe", "\U0010ffff", "\ue000",
		// tables of all kinds
		"|", "a|b", "\\|", "\\", "\\n", "a,b", "\"", "\"\"", "a\"b", "'", ";", "=1+1", "@SUM(A1)", "+1", "`", "```", "<b>", "<!--", "&amp;", "[a](b)", "![a](b)", "# a", "---", "*a*", "~~a~~",
		// queries, formats, shells and paths
		"'; DROP TABLE movies; --", "1 OR 1=1", "%", "%s%n", "%00", "_", "a*", "NEAR(a b)", "a:b", "^a", "(", "{}", "[]", "{{.}}", "${HOME}", "$(reboot)", "`id`", "~", "..", ".",
		"../../etc/passwd", "..\\..\\x", "/", "/dev/zero", "C:\\con", "CON", "nul.txt", "a/", "-rf", "--help", ".hidden",
		// numbers, ids and references
		"0", "-1", "12", "007", "1e309", "9223372036854775808", "0x10", "١٢", "½", "id:", "id:1", "title:", "title:1917", "name:", "name:2001", "Solaris (1972)", "(1972)", "X (0000)",
		// long
		strings.Repeat("a", 1000), strings.Repeat("長", 1000), strings.Repeat("a ", 500) + "a",
	}
}

// Shared returns the strings of the Big List of Naughty Strings and the lists of
// fuzzdb from ../shared/data beside the module; none if they are not there.
func Shared(tb testing.TB) []string {
	tb.Helper()
	data := sharedData(tb)
	var texts []string
	if text, err := os.ReadFile(filepath.Join(data, "blns", "blns.json")); err == nil {
		if err := json.Unmarshal(text, &texts); err != nil {
			tb.Fatal(err)
		}
	}
	lists, err := filepath.Glob(filepath.Join(data, "fuzzdb", "*", "*.txt"))
	if err != nil {
		tb.Fatal(err)
	}
	for _, name := range lists {
		text, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		texts = append(texts, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")...)
	}
	return texts
}

// Every returns each nth of a list: seeds for a fuzzer whose inputs take long.
func Every[T any](n int, list []T) []T {
	var some []T
	for i := 0; i < len(list); i += n {
		some = append(some, list[i])
	}
	return some
}

// SharedFiles returns what is in the files of ../shared/data that fit a pattern
// of filepath.Match and are no larger than limit; none if they are not there.
func SharedFiles(tb testing.TB, pattern string, limit int64) [][]byte {
	tb.Helper()
	names, err := filepath.Glob(filepath.Join(sharedData(tb), pattern))
	if err != nil {
		tb.Fatal(err)
	}
	var contents [][]byte
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || !info.Mode().IsRegular() || info.Size() > limit {
			continue
		}
		content, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		contents = append(contents, content)
	}
	return contents
}

// sharedData returns where the shared data sets are if they are there: beside
// the folder of go.mod, which is above the working directory of a test.
func sharedData(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(filepath.Dir(dir), "shared", "data")
		}
		if dir == filepath.Dir(dir) {
			tb.Fatal("no go.mod in the working directory or above")
		}
		dir = filepath.Dir(dir)
	}
}
