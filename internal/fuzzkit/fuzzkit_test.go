package fuzzkit

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestShareAppendsWhatItCounted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stats")
	t.Setenv(statsVariable, path)
	for _, tried := range []int{3, 0, 2} {
		t.Run("fuzzer", func(t *testing.T) {
			s := NewShare(t)
			for range tried {
				s.Try(t)
			}
			if tried > 0 {
				s.Accept()
			}
		})
	}
	got, err := os.ReadFile(path)
	const name = "TestShareAppendsWhatItCounted/fuzzer"
	if want := name + "\t3\t1\n" + name + "#02\t2\t1\n"; err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestShareIsSilentUnlessAsked(t *testing.T) {
	t.Setenv(statsVariable, "")
	s := NewShare(t)
	s.Try(t)
	s.Accept()
	if s.tried+s.accepted != 0 {
		t.Errorf("counted %d of %d", s.accepted, s.tried)
	}
}

func TestSourceEndsInZeros(t *testing.T) {
	s := From([]byte{7, 1, 0, 2, 'a', 'b', 3, 'c'})
	got := []any{s.N(5), s.N(300), s.Text(10), Pick(s, "x", "y", "z"), s.Text(10), s.N(9), s.Text(4), Pick(s, 1, 2)}
	if want := []any{2, 256, "ab", "x", "", 0, "", 1}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestHostileTextsAreOfEveryKind(t *testing.T) {
	texts := Hostile()
	if n := len(slices.Compact(slices.Sorted(slices.Values(texts)))); n != len(texts) {
		t.Errorf("%d of %d are there twice", len(texts)-n, len(texts))
	}
	for what, has := range map[string]func(string) bool{
		"no UTF-8":  func(s string) bool { return !utf8.ValidString(s) },
		"an escape": func(s string) bool { return slices.Contains([]byte(s), 0x1b) },
		"a NUL":     func(s string) bool { return slices.Contains([]byte(s), 0) },
		"very long": func(s string) bool { return len(s) > 999 },
	} {
		if !slices.ContainsFunc(texts, has) {
			t.Errorf("none is or has %s", what)
		}
	}
}

func TestEvery(t *testing.T) {
	if got := Every(2, []int{1, 2, 3, 4, 5}); !slices.Equal(got, []int{1, 3, 5}) {
		t.Errorf("got %v", got)
	}
}

func TestFilesAreWellFormed(t *testing.T) {
	for i := range 200 {
		shape := make([]byte, 60)
		for j := range shape {
			shape[j] = byte(i*31 + j*j*7 + i*j)
		}
		for _, kind := range Kinds() {
			text := strings.TrimPrefix(CSV(From(shape), kind, "raw"), "\ufeff")
			r := csv.NewReader(strings.NewReader(text))
			header, _, _ := strings.Cut(text, "\n")
			for _, comma := range ";\t" {
				if strings.ContainsRune(header, comma) {
					r.Comma = comma
				}
			}
			if rows, err := r.ReadAll(); err != nil || len(rows) < 2 {
				t.Errorf("%s: %v: %q", kind, err, text)
			}
			for line := range strings.Lines(strings.Trim(JSON(From(shape), kind, "raw"), "[]")) {
				if line = strings.TrimRight(line, ",\n"); !json.Valid([]byte(line)) {
					t.Errorf("%s: %q is not JSON", kind, line)
				}
			}
		}
	}
}
