package catalog

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSortKeyLeavesOneArticleOut(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"The Thing", "thing"},
		{"A  Beautiful Mind", "beautiful mind"},
		{"AN American in Paris", "american in paris"},
		{"The The", "the"},
		{"The A Team", "a team"},
		{"The", "the"},
		{" A ", "a"},
		{"Them!", "them!"},
		{"A-Team", "a-team"},
		{"A.I.", "a.i."},
		{"Ánna", "anna"},
		{"À bout de souffle", "bout de souffle"},
		{"", ""},
	} {
		if got := SortKey(test.in); got != test.want {
			t.Errorf("SortKey(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestWordsAreLettersAndDigits(t *testing.T) {
	for _, test := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"*** !?", nil},
		{"\u0301", nil},
		{"Alien", []string{"alien"}},
		{"the thing", []string{"the", "thing"}},
		{"  Spider-Man: No Way Home ", []string{"spider", "man", "no", "way", "home"}},
		{"C++ & C#", []string{"c", "c"}},
		{"Amélie’s 2nd", []string{"amelie", "s", "2nd"}},
		{"snake_case", []string{"snake", "case"}},
		{"七人の侍", []string{"七", "人", "の", "侍"}},
		{"ガメラ2 レギオン", []string{"ガ", "メ", "ラ", "2", "レ", "ギ", "オ", "ン"}},
		{"ラーメン", []string{"ラ", "ー", "メ", "ン"}},
		{"기생충 Parasite", []string{"기", "생", "충", "parasite"}},
		{"abc漢def", []string{"abc", "漢", "def"}},
		{"हिन्दी फिल्म", []string{"हिन्दी", "फिल्म"}},
		{"तारे-ज़मीन", []string{"तारे", "ज\u093cमीन"}},
		{"Ⅷ", []string{"viii"}},
		{"易䷓經", []string{"易", "經"}},
		{"👨‍👩‍👧", nil},
	} {
		if got := Words(test.in); !slices.Equal(got, test.want) {
			t.Errorf("Words(%q) = %q, want %q", test.in, got, test.want)
		}
		if got, want := IndexText(test.in), strings.Join(test.want, " "); got != want {
			t.Errorf("IndexText(%q) = %q, want %q", test.in, got, want)
		}
	}
}

func TestIndexPairsJoinsNeighbours(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{"*** !?", ""},
		{"The Thing", "the thing"},
		{"Amélie’s 2nd", "amelie s 2nd"},
		{"侍", "侍"},
		{"七人の侍", "七人 人の の侍 侍"},
		{"七人、侍", "七人 人 侍"},
		{"ガメラ2 レギオン", "ガメ メラ ラ 2 レギ ギオ オン ン"},
		{"기생충 Parasite", "기생 생충 충 parasite"},
		{"abc漢def 字", "abc 漢 def 字"},
		{"か\u3099く", "がく く"},
		{"हिन्दी फिल्म", "हिन्दी फिल्म"},
		{"易䷓經", "易 經"},
	} {
		if got := IndexPairs(test.in); got != test.want {
			t.Errorf("IndexPairs(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

// pairs is IndexPairs, said in another way: of the words, neighbours are joined
// that stand side by side in the fold.
func pairs(s string) string {
	key := Fold(s)
	words := Words(s)
	var b []string
	at := 0
	for i, w := range words {
		at += strings.Index(key[at:], w) + len(w)
		if i+1 < len(words) && isRun(w) && isRun(words[i+1]) && strings.HasPrefix(key[at:], words[i+1]) {
			b = append(b, w+words[i+1])
		} else {
			b = append(b, w)
		}
	}
	return strings.Join(b, " ")
}

func isRun(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return r >= utf8.RuneSelf && isSyllable(r)
}

func FuzzIndexText(f *testing.F) {
	for _, s := range hostile(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := IndexText(s)
		// norm parts more than 30 marks in a row with U+034F, so that where they
		// stand matters.
		if got := IndexText(text); got != text && !strings.Contains(text, "\u034f") {
			t.Errorf("IndexText(%+q) = %+q, want itself", text, got)
		}
		if got := IndexText(Fold(s)); got != text {
			t.Errorf("IndexText(Fold(%+q)) = %+q, want %+q", s, got, text)
		}
		if got := strings.Join(Words(s), " "); got != text {
			t.Errorf("Words(%+q) = %q, want the words of %q", s, Words(s), text)
		}
		if got, want := IndexPairs(s), pairs(s); got != want {
			t.Errorf("IndexPairs(%+q) = %+q, want %+q", s, got, want)
		}
		for _, word := range Words(s) {
			if word == "" || strings.ContainsFunc(word, func(r rune) bool { return !isAlnum(r) }) {
				t.Errorf("Words(%+q) has the word %+q", s, word)
			}
		}
	})
}

func BenchmarkIndexText(b *testing.B) {
	b.Run("title", func(b *testing.B) { benchmarkStrings(b, IndexText, "Spider-Man: No Way Home") })
	b.Run("accents", func(b *testing.B) { benchmarkStrings(b, IndexText, "Le Fabuleux Destin d’Amélie Poulain") })
	b.Run("description", func(b *testing.B) {
		benchmarkStrings(b, IndexText, strings.Repeat("A thief who steals corporate secrets, by dream-sharing. ", 8))
	})
	b.Run("pairs", func(b *testing.B) {
		benchmarkStrings(b, IndexPairs, strings.Repeat("「彼女は失われた手紙を探して旅に出る。」 it says. ", 8))
	})
}
