package catalog

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

func TestFoldIgnoresCaseAccentsAndForm(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{"alien", "alien"},
		{"Alien", "alien"},
		{"  The\t\nThing  ", "the thing"},
		{"a  b", "a b"},
		{"M*A*S*H", "m*a*s*h"},
		{"Amélie", "amelie"},
		{"AME\u0301LIE", "amelie"},
		{"\u00a0Ni\u3000Hao\u2003", "ni hao"},
		{"Straße", "strasse"},
		{"STRASSE", "strasse"},
		{"STRAẞE", "strasse"},
		{"Œuvre", "oeuvre"},
		{"Æon Flux", "aeon flux"},
		{"Ǽ", "ae"},
		{"Søren", "soren"},
		{"Ðorđe", "dorde"},
		{"Paweł", "pawel"},
		{"Þór", "thor"},
		{"İstanbul ısı", "istanbul isi"},
		{"ISTANBUL ISI", "istanbul isi"},
		{"Σίσυφος", "σισυφοσ"},
		{"ΣΊΣΥΦΟΣ", "σισυφοσ"},
		{"Йод", "иод"},
		{"ﬁlm", "film"},
		{"Ａｌｉｅｎ", "alien"},
		{"Alien³", "alien3"},
		{"Wait…", "wait..."},
		{"Schindler’s List", "schindler's list"},
		{"Rock´n´Roll", "rock'n'roll"},
		{"“Quoted”", `"quoted"`},
		{"Spider\u2011Man – No Way Home", "spider-man - no way home"},
		{"WALL·E", "wall·e"},
		{"❤️", "❤"},
		{"\u200eAl\u00adien\ufeff", "alien"},
		{"שָׁלוֹם", "שלום"},
		{"مُحَمَّد", "محمد"},
		{"हिन्दी", "हिन्दी"},
		{"สุริโยไท", "สุริโยไท"},
		{"ガメラ", "ガメラ"},
		{"ｶﾞﾒﾗ", "ガメラ"},
		{"カメラ", "カメラ"},
		{norm.NFD.String("한국"), "한국"},
		{"黒澤　明", "黒澤 明"},
		{"\u0301", "\u0301"},
		{" \u0301 \u0301 ", "\u0301 \u0301"},
		{"\u200e", "\u200e"},
		{"caf\xe9", "caf\ufffd"},
	} {
		if got := Fold(test.in); got != test.want {
			t.Errorf("Fold(%+q) = %+q, want %+q", test.in, got, test.want)
		}
	}
}

// characters yields all characters but most of those that fold to themselves.
func characters(yield func(rune) bool) {
	for r := rune(0); r <= 0xe0200; r++ {
		switch r {
		case 0x4000: // Han
			r = 0x9f00
		case 0xb000: // Hangul
			r = 0xd700
		case 0xd800: // surrogates and private use
			r = 0xf8ff
		case 0x17000: // Tangut
			r = 0x18c00
		case 0x20100: // Han
			r = 0x2f7ff
		case 0x2fa20: // Han and planes that are empty
			r = 0xe0000
		}
		if utf8.ValidRune(r) && !yield(r) {
			return
		}
	}
}

// slowFold folds one character by the book, with what Fold adds to it.
func slowFold(r rune) string {
	var b strings.Builder
	for _, c := range norm.NFKD.String(string(r)) {
		if !isIgnored(c) && !unicode.IsSpace(c) {
			b.WriteRune(c)
		}
	}
	return norm.NFC.String(strings.NewReplacer(
		"œ", "oe", "æ", "ae", "ø", "o", "đ", "d", "ł", "l", "þ", "th", "ð", "d", "ı", "i", "ʼ", "'",
		"‘", "'", "’", "'", "‚", "'", "‛", "'", "“", `"`, "”", `"`, "„", `"`, "‟", `"`,
		"‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "―", "-", "−", "-",
	).Replace(cases.Fold().String(b.String())))
}

func TestFoldOfEveryCharacterIsThatOfTheBook(t *testing.T) {
	t.Parallel()
	for r := range characters {
		if isAcute(r) || unicode.Is(unicode.Cherokee, r) { // Cherokee folds to upper case there
			continue
		}
		want := slowFold(r)
		got := Fold("a" + string(r) + "b")
		if r == utf8.RuneError || want != "" {
			want = "a" + want + "b"
			got = strings.ReplaceAll(got, " ", "")
		} else if want = "ab"; strings.Contains(got, " ") {
			want = "a b"
		}
		if got != want {
			t.Errorf("Fold(a U+%04X b) = %+q, want %+q", r, got, want)
		}
	}
}

func TestFoldOfEveryCharacterIsStable(t *testing.T) {
	t.Parallel()
	for r := range characters {
		s := string(r)
		key := Fold(s)
		if got := Fold(key); got != key {
			t.Errorf("Fold(Fold(U+%04X)) = %+q, want %+q", r, got, key)
		}
		for _, form := range forms(s) {
			if got := Fold(form); got != key {
				t.Errorf("Fold(%+q) = %+q, want %+q as for U+%04X", form, got, key, r)
			}
		}
	}
}

// forms returns other ways to write s. The iota subscript becomes a letter in
// upper case, which Fold cannot tell from an iota.
func forms(s string) []string {
	forms := []string{norm.NFC.String(s), norm.NFD.String(s), strings.ToLower(s)}
	if !strings.Contains(forms[1], "\u0345") {
		forms = append(forms, strings.ToUpper(s), strings.ToUpper(forms[1]))
	}
	return forms
}

func TestIdeographsAreLettersThatFoldToThemselves(t *testing.T) {
	for r := range rune(0x20000) {
		if isIdeograph(r) && (!unicode.IsLetter(r) || Fold(string(r)) != string(r) || !isSyllable(r)) {
			t.Errorf("U+%04X", r)
		}
	}
}

func TestFoldDoesNotAllocateForWhatIsFolded(t *testing.T) {
	for s, want := range map[string]float64{"the thing (1982)": 0, "": 0, "The Thing": 1, "Amélie": 1} {
		if got := testing.AllocsPerRun(100, func() { Fold(s) }); got != want {
			t.Errorf("Fold(%q) allocates %v times, want %v", s, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range hostile(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key := Fold(s)
		if got := Fold(key); got != key {
			t.Fatalf("Fold(Fold(%+q)) = %+q, want %+q", s, got, key)
		}
		if key == "" && strings.TrimSpace(s) != "" {
			t.Errorf("Fold(%+q) is empty", s)
		}
		if !utf8.ValidString(s) || foldedAway(s) {
			return
		}
		if !norm.NFC.IsNormalString(key) {
			t.Errorf("Fold(%+q) = %+q is not NFC", s, key)
		}
		for _, form := range append(forms(s), "\n"+s+" ") {
			if got := Fold(form); got != key {
				t.Errorf("Fold(%+q) = %+q, but Fold(%+q) = %+q", form, got, s, key)
			}
		}
	})
}

// foldedAway reports whether Fold would leave nothing of s but for its last
// rule.
func foldedAway(s string) bool {
	b, _ := appendFold(nil, s)
	return len(b) == 0
}

func benchmarkStrings(b *testing.B, f func(string) string, in ...string) {
	b.ReportAllocs()
	for i := range b.N {
		f(in[i%len(in)])
	}
}

func BenchmarkFoldASCII(b *testing.B) {
	b.Run("folded", func(b *testing.B) { benchmarkStrings(b, Fold, "the empire strikes back") })
	b.Run("mixed", func(b *testing.B) { benchmarkStrings(b, Fold, "The Empire Strikes Back") })
}

func BenchmarkFoldAccents(b *testing.B) {
	b.Run("latin", func(b *testing.B) { benchmarkStrings(b, Fold, "Le Fabuleux Destin d’Amélie Poulain") })
	b.Run("cyrillic", func(b *testing.B) { benchmarkStrings(b, Fold, "Броненосец «Потёмкин»") })
	b.Run("kana", func(b *testing.B) { benchmarkStrings(b, Fold, "ゴジラ対メカゴジラ") })
	b.Run("hindi", func(b *testing.B) { benchmarkStrings(b, Fold, "तारे ज़मीन पर") })
}
