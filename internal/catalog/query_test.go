package catalog

import (
	"errors"
	"reflect"
	"testing"
)

func TestParseQuery(t *testing.T) {
	for text, want := range map[string][]Term{
		"Solaris":     {{"Solaris", []string{"solaris"}, true}},
		"  the   LO ": {{"the", []string{"the"}, false}, {"LO", []string{"lo"}, true}},
		"AC/DC":       {{"AC/DC", []string{"ac", "dc"}, true}},
		"C++":         {{"C++", []string{"c"}, true}},
		"what's * up": {{"what's", []string{"what", "s"}, false}, {"up", []string{"up"}, true}},
		"千と 千尋":       {{"千と", []string{"千", "と"}, false}, {"千尋", []string{"千", "尋"}, true}},
		"Große Œuvre": {{"Große", []string{"grosse"}, false}, {"Œuvre", []string{"oeuvre"}, true}},
		"AND \"OR":    {{"AND", []string{"and"}, false}, {"\"OR", []string{"or"}, true}},
		"* ! \"":      nil,
	} {
		q, err := ParseQuery(text)
		if err != nil || !reflect.DeepEqual(q.Terms, want) {
			t.Errorf("%q: got %+v, %v, want %+v", text, q.Terms, err, want)
		}
	}
	for _, text := range []string{"", " \t", "\x00", "a\x1bb", "\xff"} {
		if _, err := ParseQuery(text); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: got %v, want %v", text, err, ErrInvalid)
		}
	}
}

func TestQueryMatch(t *testing.T) {
	for _, tc := range []struct {
		query, text string
		want        Match
		ok          bool
	}{
		{"solaris", "Solaris", Match{Whole: true, Begins: true}, true},
		{"sol", "Solaris", Match{Begins: true}, true},
		{"what's up", "What’s Up, Doc?", Match{Begins: true, Extra: 1}, true},
		{"bad good", "The Good, the Bad", Match{Extra: 2, First: 1}, true},
		{"good bad", "The Good", Match{First: 1}, false},
		{"go bad", "The Good, the Bad", Match{First: 4}, false}, // only the last word may go on
		{"ac/dc", "AC and DC", Match{First: 3}, false},
		{"ac/dc", "Live: AC/DC", Match{Extra: 1, First: 1}, true},
		{"amelie", "Amélie", Match{Whole: true, Begins: true}, true},
		{"grosse", "Große Freiheit", Match{Begins: true, Extra: 1}, true},
		{"神隠", "千と千尋の神隠し", Match{Extra: 6, First: 5}, true},
		{"隠神", "千と千尋の神隠し", Match{First: 8}, false},
		{"!!!", "!!!", Match{Whole: true, Begins: true}, true},
		{"!", "!!!", Match{Begins: true}, true},
	} {
		q, err := ParseQuery(tc.query)
		if err != nil {
			t.Fatal(err)
		}
		m, ok := q.Match(tc.text)
		if ok != tc.ok || ok && m != tc.want {
			t.Errorf("%q in %q: got %+v, %v, want %+v, %v", tc.query, tc.text, m, ok, tc.want, tc.ok)
		}
	}
}

func TestSnippet(t *testing.T) {
	const long = "One two three four five six seven eight nine ten Eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen " +
		"nineteen twenty twenty-one twenty-two twenty-three twenty-four twenty-five twenty-six"
	for _, tc := range []struct{ query, text, want string }{
		{"solaris", "Solaris", "[Solaris]"},
		{"sol", "Der Große Solaris!", "Der Große [Solaris]!"},
		{"what's", "What's up?", "[What]'[s] up?"},
		{"神隠", "千と千尋の神隠し", "千と千尋の[神隠]し"},
		{"elev", long, "…six seven eight nine ten [Eleven] twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty twenty-one twenty-two…"},
		{"nothing", "A text\nof two lines", "A text of two lines"},
		{"ame", "Amélie and AMÉLIE", "[Amélie] and [AMÉLIE]"},
		{"x", "", ""},
	} {
		q, err := ParseQuery(tc.query)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Snippet(tc.text); got != tc.want {
			t.Errorf("%q: got  %q\nwant %q", tc.query, got, tc.want)
		}
	}
}

// FuzzQuery: a text is found by its own words, and neither match nor snippet
// minds what it is given.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{"Solaris", "AC/DC", "千と千尋の神隠し", "Große", "8½", "a\u00adb", "İstanbul", "ﬁn", "한글", "\u0301x", "क्षत्रिय", "ｶﾞ", "x\u2028y", "²", "Ⅻ"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		q, err := ParseQuery(query)
		if err != nil {
			return
		}
		q.Match(text)
		q.Snippet(text)
		if _, ok := q.Match(q.Text); !ok {
			t.Errorf("%q does not find itself: %+v", q.Text, q)
		}
	})
}
