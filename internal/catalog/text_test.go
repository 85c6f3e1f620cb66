package catalog

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// hostile returns texts that break programs: a few of our own and, where they
// are present, those of the shared data sets.
func hostile(tb testing.TB) []string {
	tb.Helper()
	texts := []string{
		"", " ", "Alien", "Amélie", "Ame\u0301lie", "\u00a0Alien\u3000", "\ufeffAlien\u200b", "a\r\nb\rc\n", "a\tb",
		"\x1b[31mred", "\x00", "\x7f", "\u0085", "\u2028", "\u202eevil", "caf\xe9", "\xff\xfe", "\xed\xa0\x80", "İı",
		"Straße", "👨‍👩‍👧", "❤️", "हिन्दी", "ガ", "ｶﾞ", "한국", "\u1112\u1161\u11ab", "\u0301", "\u1b44\u034f\u302e",
		strings.Repeat("\u0301", 40), "e" + strings.Repeat("\u0316\u0301", 40), strings.Repeat("\u094d\u302e", 40), "ᾳ ΐ ŉ ǰ",
	}
	if data, err := os.ReadFile("../../../shared/data/blns/blns.json"); err == nil {
		var more []string
		if err := json.Unmarshal(data, &more); err != nil {
			tb.Fatal(err)
		}
		texts = append(texts, more...)
	}
	files, _ := filepath.Glob("../../../shared/data/fuzzdb/*/*.txt")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		texts = append(texts, strings.Split(string(data), "\n")...)
	}
	return texts
}

func TestCleanLineTrimsAndComposes(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{" \t\n\u00a0\u3000\ufeff\u200b\u2060 ", ""},
		{"Alien", "Alien"},
		{" Alien\n", "Alien"},
		{"\u00a0Alien\u3000", "Alien"},
		{"\ufeffAlien\u200b", "Alien"},
		{"two  spaces\u00a0kept", "two  spaces\u00a0kept"},
		{"Ame\u0301lie", "Amélie"},
		{"\u202eright to left", "\u202eright to left"},
		{"👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"क्\u200d", "क्\u200d"},
		{"\u212b", "Å"},
		{`back\slash`, `back\slash`},
	} {
		got, err := CleanLine(test.in)
		if got != test.want || err != nil {
			t.Errorf("CleanLine(%+q) = %+q, %v, want %+q", test.in, got, err, test.want)
		}
	}
}

func TestCleanLineRefusesControlsAndBadUTF8(t *testing.T) {
	for in, want := range map[string]string{
		"a\nb":         `"a\nb" has more than one line`,
		"a\r\nb":       `"a\r\nb" has more than one line`,
		"a\u2028b":     `"a\u2028b" has more than one line`,
		"a\u2029b":     `"a\u2029b" has more than one line`,
		"a\u0085b":     `"a\u0085b" has more than one line`,
		"a\tb":         `"a\tb" has a control character, \t`,
		"\x1b[31mred":  `"\x1b[31mred" has a control character, \x1b`,
		"a\x00":        `"a\x00" has a control character, \x00`,
		"a\x7fb":       `"a\x7fb" has a control character, \x7f`,
		"a\u009bb":     `"a\u009bb" has a control character, \u009b`,
		"caf\xe9":      `"caf\xe9" is not valid UTF-8`,
		"\xed\xa0\x80": `"\xed\xa0\x80" is not valid UTF-8`,
	} {
		got, err := CleanLine(in)
		if got != "" || !errors.Is(err, ErrInvalid) || err.Error() != want {
			t.Errorf("CleanLine(%+q) = %q, %v, want the error %s", in, got, err, want)
		}
	}
}

func TestCleanTextAllowsNewlinesAndTabs(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{"\n one\n\n\ttwo \n", "one\n\n\ttwo"},
		{"one\r\ntwo\rthree\n\rfour", "one\ntwo\nthree\n\nfour"},
		{"Ame\u0301lie\n", "Amélie"},
	} {
		got, err := CleanText(test.in)
		if got != test.want || err != nil {
			t.Errorf("CleanText(%+q) = %+q, %v, want %+q", test.in, got, err, test.want)
		}
	}
	for _, in := range []string{"a\x00b", "a\x1bb", "a\vb", "a\u0085b", "a\u2028b", "a\n\xff"} {
		if got, err := CleanText(in); got != "" || !errors.Is(err, ErrInvalid) {
			t.Errorf("CleanText(%+q) = %q, %v, want ErrInvalid", in, got, err)
		}
	}
}

func TestVisibleShowsWhatWouldActOnATerminal(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{"Amélie 黒澤", "Amélie 黒澤"},
		{"a\n\t\r\x1b\x00\x7fb", `a\n\t\r\x1b\x00\x7fb`},
		{"\u0085\u009b", `\u0085\u009b`},
		{"\u202e\u2066\u200e\u200f\u061c", `\u202e\u2066\u200e\u200f\u061c`},
		{"\u2028\u2029\ufeff", `\u2028\u2029\ufeff`},
		{"caf\xe9\xff", `caf\xe9\xff`},
		{"\ufffd", "\ufffd"},
		{"❤\ufe0f 👨\u200d👩", "❤\ufe0f 👨\u200d👩"},
		{`a\nb`, `a\nb`},
	} {
		if got := Visible(test.in); got != test.want {
			t.Errorf("Visible(%+q) = %+q, want %+q", test.in, got, test.want)
		}
	}
	if n := testing.AllocsPerRun(100, func() { Visible("Amélie Poulain") }); n != 0 {
		t.Errorf("Visible allocates %v times for plain text", n)
	}
}

func TestQuoteClips(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", `""`},
		{"Alien", `"Alien"`},
		{`say "hi"`, `"say "hi""`},
		{"a\nb", `"a\nb"`},
		{strings.Repeat("é", 60), `"` + strings.Repeat("é", 60) + `"`},
		{strings.Repeat("é", 61), `"` + strings.Repeat("é", 60) + `…"`},
		{strings.Repeat("\x1b", 100), `"` + strings.Repeat(`\x1b`, 15) + `…"`},
	} {
		if got := Quote(test.in); got != test.want {
			t.Errorf("Quote(%+q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range hostile(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line, err := CleanLine(s)
		checkClean(t, s, line, err, CleanLine)
		if err == nil && Visible(line) != line && !strings.ContainsFunc(line, isBidi) && !strings.Contains(line, "\ufeff") {
			t.Errorf("CleanLine(%+q) = %+q, which is not fit to print", s, line)
		}
		text, textErr := CleanText(s)
		checkClean(t, s, text, textErr, CleanText)
		if err == nil && (textErr != nil || text != line) {
			t.Errorf("CleanText(%+q) = %+q, %v, want %+q as a line", s, text, textErr, line)
		}
	})
}

// checkClean checks what is true of both CleanLine and CleanText.
func checkClean(t *testing.T, in, got string, err error, clean func(string) (string, error)) {
	t.Helper()
	if err != nil {
		checkValueError(t, in, err)
		return
	}
	if !norm.NFC.IsNormalString(got) || !utf8.ValidString(got) || trim(got) != got {
		t.Errorf("clean(%+q) = %+q", in, got)
	}
	if again, err := clean(got); again != got || err != nil {
		t.Errorf("clean(%+q) = %+q, %v, want itself", got, again, err)
	}
}

// checkValueError checks that err is a sentence fit to show.
func checkValueError(t *testing.T, in string, err error) {
	t.Helper()
	text := err.Error()
	switch {
	case !errors.Is(err, ErrInvalid):
		t.Errorf("%+q: error %v is not ErrInvalid", in, err)
	case strings.Contains(text, ErrInvalid.Error()) && !strings.Contains(in, ErrInvalid.Error()):
		t.Errorf("%+q: error %q names the sentinel", in, text)
	case Visible(text) != text || strings.HasSuffix(text, ".") && !strings.HasSuffix(text, ".."):
		t.Errorf("%+q: error %+q is not one plain sentence", in, text)
	case utf8.RuneCountInString(text) > 200:
		t.Errorf("%+q: error %q is too long", in, text)
	}
}

func FuzzVisible(f *testing.F) {
	for _, s := range hostile(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Visible(s)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return isHidden(r, 2) }) {
			t.Errorf("Visible(%+q) = %+q", s, got)
		}
		if again := Visible(got); again != got {
			t.Errorf("Visible(%+q) = %+q, want itself", got, again)
		}
		quoted := Quote(s)
		if n := utf8.RuneCountInString(quoted); n > 63 {
			t.Errorf("Quote(%+q) has %d characters", s, n)
		}
		if utf8.RuneCountInString(got) <= 60 && quoted != `"`+got+`"` {
			t.Errorf("Quote(%+q) = %q, want %q in quotes", s, quoted, got)
		}
	})
}
