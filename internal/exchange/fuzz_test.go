package exchange

import (
	"bufio"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/store"
)

// FuzzReadObject: a line that is read means what encoding/json says it means,
// and one that encoding/json refuses is refused.
func FuzzReadObject(f *testing.F) {
	for _, s := range []string{
		`{}`, aMovie, ` { "a" : "\u00e9\ud83c\udfac\n\/" , "b":-1.5e+3,"c":true,"d":false , "e" :null}` + "\r", `{"a":"\ud800"}`, `{"a":01}`, `{"a":-}`,
		`{"a":1,}`, `{"a"}`, `{"a":tru}`, `{"a":nullx}`, `{"a":[]}`, `{"":""}`, `{"a":"` + "\xff" + `"}`, `{"a":"\u12"}`, `{,}`, `{"a":1}}`,
	} {
		f.Add(strings.TrimSuffix(s, "\n"))
	}
	f.Fuzz(func(t *testing.T, line string) {
		members, err := readObject(nil, []byte(line))
		if err != nil {
			return
		}
		if !utf8.ValidString(line) {
			t.Fatalf("%q is not UTF-8", line)
		}
		dec := json.NewDecoder(strings.NewReader(line))
		dec.UseNumber()
		want := map[string]any{}
		if err := dec.Decode(&want); err != nil || !json.Valid([]byte(line)) {
			t.Fatalf("%q is not JSON: %v", line, err)
		}
		got := map[string]any{}
		for _, m := range members {
			got[m.key] = map[byte]any{'"': m.text, '0': json.Number(m.text), 't': true, 'f': false, 'n': nil}[m.kind]
		}
		if len(got) != len(want) {
			t.Fatalf("%q is %v, want %v", line, got, want)
		}
		for k, v := range want {
			if got[k] != v {
				t.Fatalf("%q: %q is %v, want %v", line, k, got[k], v)
			}
		}
	})
}

// FuzzRow: a row that is read and passes is written as a line that reads as the
// same row and is written the same again.
func FuzzRow(f *testing.F) {
	for line := range strings.Lines(aFile + aCountry + aGenre + aUser + aPerson + aMovie) {
		f.Add(strings.TrimSuffix(line, "\n"))
	}
	f.Add(`{"kind":"movie","id":9,"title":"\u2028\u007f` + "\u202e" + `","budget":12345678901234567890e-5,` + strings.TrimSpace(stamp))
	f.Add(`{"kind":"photo","id":1,"person_id":1,"file_id":2,"is_primary":true,` + strings.TrimSpace(stamp))
	f.Fuzz(func(t *testing.T, line string) {
		read := func(line string) (int, []any) {
			if strings.Contains(line, "\n") {
				return -1, nil
			}
			s, err := newStreamReader(strings.NewReader(head+line), "f")
			if err != nil {
				t.Fatal(err)
			}
			table, row, bad, err := s.next()
			if bad != nil || err != nil {
				return -1, nil
			}
			return table, row
		}
		table, row := read(line)
		if table < 0 {
			return
		}
		for _, guard := range []bool{false, true} {
			enc := newLineEncoder(store.Tables()[table], guard)
			written, err := enc.append(nil, row)
			if err != nil || !json.Valid(written) {
				t.Fatalf("%q is written as %q, %v", line, written, err)
			}
			again, same := read(string(written))
			if again != table {
				t.Fatalf("%q is refused", written)
			}
			rewritten, _ := enc.append(nil, same)
			if string(rewritten) != string(written) {
				t.Fatalf("%q is written again as %q", written, rewritten)
			}
		}
	})
}

// FuzzImport: no stream does harm, and the catalog that one makes exports,
// imports and exports again to the same bytes.
func FuzzImport(f *testing.F) {
	f.Add(head + aFile + aCountry + aGenre + aUser + aPerson + aMovie)
	f.Add(bare)
	f.Add(head + aMovie + `{"kind":"character","id":3,"movie_id":1,"name":"x",` + stamp)
	o := rich(f)
	f.Add(export(f, o))
	f.Fuzz(func(t *testing.T, text string) {
		first := absent(t)
		if _, err := tryLoad(t, first, text); err != nil {
			return
		}
		once, second := export(t, first), absent(t)
		load(t, second, once)
		if twice := export(t, second); twice != once {
			t.Fatalf("%q\nbecame %q\nthen   %q", text, once, twice)
		}
	})
}

// TestLinesOfAnyLength are read as they are, with and without a last newline.
func TestLinesOfAnyLength(t *testing.T) {
	for _, n := range []int{0, 1, 100, 1<<16 - 1, 1 << 16, 1<<16 + 1, 1<<17 - 1, 1 << 17, 1 << 18} {
		want := strings.Repeat("x", n)
		s := &streamReader{r: bufio.NewReaderSize(strings.NewReader(want+"\n"+want+"y"), 1<<16)}
		for _, w := range []string{want, want + "y"} {
			if got, err := s.readLine(); err != nil || string(got) != w {
				t.Errorf("a line of %d: %d bytes, %v", n, len(got), err)
			}
		}
	}
}
