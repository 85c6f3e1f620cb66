package exchange

import (
	"bufio"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/fuzzkit"
	"github.com/moviedb/moviedb/internal/store"
)

// FuzzReadObject: a line that is read means what encoding/json says it means,
// and one that encoding/json refuses is refused.
func FuzzReadObject(f *testing.F) {
	for _, s := range []string{
		`{}`, aMovie, ` { "a" : "\u00e9\ud83c\udfac\n\/" , "b":-1.5e+3,"c":true,"d":false , "e" :null}` + "\r", `{"a":"\ud800"}`, `{"a":01}`, `{"a":-}`,
		`{"a":1,}`, `{"a"}`, `{"a":tru}`, `{"a":nullx}`, `{"a":[]}`, `{"":""}`, `{"a":"` + "\xff" + `"}`, `{"a":"\u12"}`, `{,}`, `{"a":1}}`,
	} {
		f.Add([]byte(nil), strings.TrimSuffix(s, "\n"))
		f.Add([]byte("an object"), s)
	}
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, shape []byte, line string) {
		share.Try(t)
		if len(shape) > 0 {
			line = objectOf(fuzzkit.From(shape), line)
		}
		members, err := readObject(nil, []byte(line))
		if err != nil {
			return
		}
		share.Accept()
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
		f.Add([]byte(nil), strings.TrimSuffix(line, "\n"))
		f.Add([]byte("0123456789"+line[9:]), "x")
	}
	f.Add([]byte(nil), `{"kind":"movie","id":9,"title":"\u2028\u007f`+"\u202e"+`","budget":12345678901234567890e-5,`+strings.TrimSpace(stamp))
	f.Add([]byte(nil), `{"kind":"photo","id":1,"person_id":1,"file_id":2,"is_primary":true,`+strings.TrimSpace(stamp))
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, shape []byte, line string) {
		share.Try(t)
		if s := fuzzkit.From(shape); s.Left() {
			line = rowOf(s, fuzzkit.Pick(s, store.Tables()...), map[string]int{}, line)
		}
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
		share.Accept()
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
// imports and exports again to the same bytes. An input is a stream, or, with a
// shape, a text that goes into one.
func FuzzImport(f *testing.F) {
	for _, text := range []string{head + aFile + aCountry + aGenre + aUser + aPerson + aMovie, bare, head + aMovie + `{"kind":"character","id":3,"movie_id":1,"name":"x",` + stamp, export(f, rich(f))} {
		f.Add([]byte(nil), text)
	}
	for i, text := range append(fuzzkit.Every(6, fuzzkit.Hostile()), fuzzkit.Every(128, fuzzkit.Shared(f))...) {
		f.Add([]byte(strings.Repeat(string(rune(i+'0')), 9)+text), text)
	}
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, shape []byte, raw string) {
		share.Try(t)
		text := raw
		if len(shape) > 0 {
			text = streamOf(fuzzkit.From(shape), raw)
		}
		first := absent(t)
		if _, err := tryLoad(t, first, text); err != nil {
			if said := err.Error(); strings.ReplaceAll(said, "\n", "") != catalog.Visible(strings.ReplaceAll(said, "\n", "")) {
				t.Errorf("%q: the error %q is unfit for a terminal", text, said)
			}
			return
		}
		share.Accept()
		once, second := export(t, first), absent(t)
		load(t, second, once)
		if twice := export(t, second); twice != once {
			t.Fatalf("%q\nbecame %q\nthen   %q", text, once, twice)
		}
	})
}

// streamOf makes the stream of a catalog that is likely to be right: a few rows
// of each table, which refer to rows before them.
func streamOf(s *fuzzkit.Source, raw string) string {
	var b strings.Builder
	b.WriteString(head)
	many := map[string]int{}
	for _, table := range store.Tables() {
		for range s.N(3) {
			b.WriteString(rowOf(s, table, many, raw) + "\n")
		}
	}
	return b.String()
}

// rowOf makes the line of a row of a table. many is how many rows there are of a
// kind.
func rowOf(s *fuzzkit.Source, table store.Table, many map[string]int, raw string) string {
	row := map[string]any{"kind": table.Kind}
	if many[table.Kind]++; table.HasID() {
		row["id"] = many[table.Kind] + s.N(32)/31
	}
	for _, c := range table.Columns {
		if _, ok := row[c.Name]; !ok && (c.Required || s.N(3) > 0) {
			row[c.Name] = valueOf(s, c, many, raw)
		}
	}
	line, _ := json.Marshal(row) // texts and numbers cannot fail
	return string(line)
}

// objectOf makes a JSON object, with white space and escapes.
func objectOf(s *fuzzkit.Source, raw string) string {
	blank := func() string { return fuzzkit.Pick(s, "", "", "", " ", "\t") }
	text := func() string {
		b, _ := json.Marshal(fuzzkit.Pick(s, "a", "é", "\u2028", "\x01\"\\", "🎬", raw, strings.ToUpper(raw)))
		return fuzzkit.Pick(s, string(b), string(b), `"\u00e9\/\b"`, `"\ud83c\udfac"`)
	}
	var members []string
	for i := range s.N(5) {
		value := fuzzkit.Pick(s, "null", "true", "false", "0", "-1.5e+3", "12", "0.1", text(), text(), raw)
		members = append(members, blank()+`"k`+strconv.Itoa(i)+`"`+blank()+":"+blank()+value+blank())
	}
	return blank() + "{" + strings.Join(members, ",") + blank() + "}" + fuzzkit.Pick(s, "", "", " ", "\r")
}

// valueOf makes a value of a column.
func valueOf(s *fuzzkit.Source, c store.Column, many map[string]int, raw string) any {
	switch {
	case c.Refers != "" && many[c.Refers] == 0 && !c.Required:
		return nil
	case c.Refers != "":
		return 1 + s.N(many[c.Refers]+s.N(32)/31+1)%max(many[c.Refers], 1)
	case c.Type == store.Integer:
		return fuzzkit.Pick(s, 1, 90, 100000)
	case c.Type == store.Real:
		return fuzzkit.Pick(s, 0, 1, 0.1, 1e6, 1234567.89)
	case c.Type == store.Bool:
		return false
	}
	unique := strconv.Itoa(s.N(256))
	switch c.Name {
	case "created_at", "updated_at":
		return fuzzkit.Pick(s, "2026-01-02T03:04:05Z", "1999-12-31T23:59:60Z")
	case "release_date", "date_of_birth":
		return fuzzkit.Pick(s, "1972", "1972-05", "1972-05-13", "2000-02-29")
	case "file_key":
		return key(s.N(256))
	case "url":
		return "https://example.org/" + unique
	case "email":
		return "a" + unique + "@example.org"
	case "password":
		return argon
	case "username":
		return "u" + unique
	case "title", "first_name", "last_name", "name", "file_name":
		return fuzzkit.Pick(s, "A", "de", "Jr.", "The x", "8½", raw, "") + unique
	}
	return fuzzkit.Pick(s, "x", "one\ntwo", "a\"b\\c", "\u2028", raw+"x")
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
