package tabular

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/fuzzkit"
)

// FuzzOpen: no file makes the reader panic, however it is cut into reads; lines
// do not fall; each error is ErrInvalid, and fit for a terminal.
func FuzzOpen(f *testing.F) {
	for _, text := range []string{
		"", "\ufeff", "title", "a,b\n1,2\n", "a;b\r\n\"1\r\n2\";3\r\n", "a\tb\n\"x\ny\"\t1\n\"\t\n", "a|b\r1|\"2\r", "sep=;\na;b\n1;2\n",
		"a,b\nx\"y,1\n\"x\"y,2\n\"x\n\"y,3\n", "a,b\n1\n1,2,3\n1,2,,\n", "\xff\xfea\x00\n\x001\x00", "a\x00\n\x00\x00\xd8", "\x00a\x00\n",
		"{\"a\":1}\n{\"a\":\n{\"a\":[1, {}]}", "[{\"a\":1},2,\"x\",{\"a\":1,\"a\":2}]", "{\n\"a\":\"\\ud800\"}{", "{\"a\":\"\xff\"}", "[]", "{}",
		"PK\x03\x04", "\x1f\x8b\x08", packed("a,b\n1,2\n"), packed("a\n1\n")[:20], "[1],b\n", "a\n\x1b[2J\"\n", "title\r\r\nA\n\r",
	} {
		f.Add(text, "", rune(0), []byte(nil))
	}
	f.Add("a\xe9,b\n\x83,2\n", "shift_jis", rune(0), []byte(nil))
	f.Add("a·b\n1·2\n", "", '·', []byte(nil))
	f.Add("a b\n1\t2\n", "latin1", ' ', []byte(nil))
	for i, s := range fuzzkit.Hostile() {
		f.Add(s, "", rune(0), []byte{byte(i), byte(i * 3), byte(i * 5), byte(i * 7), byte(i * 11), byte(i * 13), byte(i * 17), byte(i * 19)})
	}
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, text, encoding string, delimiter rune, shape []byte) {
		share.Try(t)
		if len(shape) > 0 {
			s := fuzzkit.From(shape)
			text = fuzzkit.Pick(s, fuzzkit.CSV, fuzzkit.JSON)(s, fuzzkit.Pick(s, fuzzkit.Kinds()...), text)
		}
		o := Options{Delimiter: delimiter, Encoding: encoding}
		want := result(strings.NewReader(text), o)
		for name, wrap := range chunkings() {
			if got := result(wrap(strings.NewReader(text)), o); got != want {
				t.Fatalf("%s:\ngot  %s\nwant %s", name, got, want)
			}
		}
		r, err := Open(strings.NewReader(text), "f\x1b.csv", o)
		if err != nil {
			typed(t, err)
			return
		}
		accepted := false
		defer func() {
			if accepted {
				share.Accept()
			}
		}()
		for last := 0; ; {
			rec, err := r.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				typed(t, err)
			}
			if rec.Line == 0 {
				return
			}
			if rec.Line < last || !r.JSON() && rec.Line == last {
				t.Fatalf("line %d after line %d", rec.Line, last)
			}
			last = rec.Line
			accepted = accepted || err == nil
			if err == nil && (len(rec.Cells) > len(r.Header()) || !r.JSON() && len(rec.Cells) != len(r.Header())) {
				t.Fatalf("%d cells, the header has %d", len(rec.Cells), len(r.Header()))
			}
		}
	})
}

// typed fails for an error that is not ErrInvalid or unfit for a terminal.
func typed(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, catalog.ErrInvalid) {
		t.Errorf("%v is not ErrInvalid", err)
	}
	if s := err.Error(); catalog.Visible(s) != s || !utf8.ValidString(s) {
		t.Errorf("%q is not fit for a terminal", s)
	}
}

// table makes rows of one length of a text: cells end at commas, rows at
// semicolons, and what is left is cut.
func table(text string) (header []string, rows [][]string) {
	for _, line := range strings.Split(text, ";") {
		cells := strings.Split(line, ",")
		if header == nil {
			for i, name := range cells {
				cells[i] = strings.TrimSpace(name)
			}
			header = cells
			continue
		}
		for len(cells) < len(header) {
			cells = append(cells, "")
		}
		rows = append(rows, cells[:len(header)])
	}
	return header, rows
}

// FuzzRoundTrip: what Writer writes, as CSV and as JSON, and what encoding/csv
// writes, is read as the same cells; and CSV that encoding/csv reads is read
// here with the same cells, but for CRLF, which it changes.
func FuzzRoundTrip(f *testing.F) {
	for _, text := range []string{
		"a,b;1,2;3,4", "a; ;\t;\r\n;\"", "a,b;\"x\",\n;\r,\"\"", "\ufeffa,{;[,|;\t,\x00", "é;日本;😀;\u2028", "sep=x;1", "%PDF-;1", "0\t\r\x00", ",0\t\t\x00", "a, ;x\ry,\r\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		header, rows := table(text)
		read := func(file string, o Options) {
			t.Helper()
			if looksLikeUTF16([]byte(file[:min(len(file), headSize)]), 0) || looksLikeUTF16([]byte(file[:min(len(file), headSize)]), 1) {
				o.Encoding = utf8Name
			}
			r, err := Open(strings.NewReader(file), "f", o)
			if err != nil {
				t.Fatalf("%q: %v", file, err)
			}
			good, _, errs, end := rest(r)
			if end != nil || errs != nil || !slices.Equal(r.Header(), header) || len(good) != len(rows) ||
				len(rows) > 0 && !reflect.DeepEqual(cellsOf(good), rows) {
				t.Fatalf("%q: got  %q %q %q %v\nwant %q %q", file, r.Header(), cellsOf(good), errs, end, header, rows)
			}
		}
		read(written(t, false, header, rows), Options{})
		if names := slices.Sorted(slices.Values(header)); utf8.ValidString(text) && len(slices.Compact(names)) == len(header) && len(rows) > 0 {
			read(written(t, true, header, rows), Options{})
		}
		var std strings.Builder
		w := csv.NewWriter(&std)
		blank := func(row []string) bool { return len(row) == 1 && row[0] == "" }
		if blank(header) || slices.ContainsFunc(rows, blank) || w.WriteAll(append([][]string{header}, rows...)) != nil {
			return
		}
		if !strings.HasPrefix(strings.ToLower(text), "sep=") && !strings.HasPrefix(text, "\ufeff") && notText([]byte(std.String())) == "" && !strings.HasPrefix(text, "\x1f\x8b\x08") {
			if _, marked := markedEncoding(std.String()); !marked {
				read(std.String(), Options{Delimiter: ','})
			}
		}
	})
}

// FuzzSameAsEncodingCSV: CSV that encoding/csv reads without an error has the
// same rows here, if no CR is in it, which the two treat otherwise, and no row
// of one blank cell, which may be a blank line here.
func FuzzSameAsEncodingCSV(f *testing.F) {
	for _, text := range []string{"a,b\n1,2\n", "a\n\"x\n\"\"\"\n\n\"y\"\n", "a,b,c\n1,\"\",3\n", "\n\n a , b\n x,\" y\"\n", "a,b\n1,2,\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, marked := markedEncoding(text)
		if _, sep := sepLine([]byte(text)); sep > 0 || marked || strings.Contains(text, "\r") || notText([]byte(text)) != "" || strings.HasPrefix(text, "\x1f\x8b\x08") {
			return
		}
		want, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		blank := func(row []string) bool { return len(row) == 1 && strings.TrimSpace(row[0]) == "" }
		if err != nil || len(want) == 0 || slices.ContainsFunc(want, blank) {
			return
		}
		r, err := Open(strings.NewReader(text), "f", Options{Delimiter: ',', Encoding: utf8Name})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		good, _, errs, end := rest(r)
		if end != nil || errs != nil || len(good) != len(want)-1 || len(good) > 0 && !reflect.DeepEqual(cellsOf(good), want[1:]) {
			t.Fatalf("%q: got  %q %q %v\nwant %q", text, cellsOf(good), errs, end, want)
		}
	})
}

// FuzzJSON: what encoding/json reads as an object of texts is read as the same
// texts, alone, in an array and in lines.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{`{"a":"b"}`, `{"a":"\u00e9\ud83d\ude00","b":"\"\\"}`, "{\n\"a\" : \"]}\" ,\"b\":\"\"}", `{}`, `{" a":"1"}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var object map[string]string
		if json.Unmarshal([]byte(text), &object) != nil || object == nil || !utf8.ValidString(text) || strings.Contains(text, "null") {
			return
		}
		for _, file := range []string{text, "[" + text + "," + text + "]", text + "\n" + text} {
			r, err := Open(strings.NewReader(file), "f", Options{Encoding: utf8Name})
			if err != nil {
				t.Fatalf("%q: %v", file, err)
			}
			good, _, errs, end := rest(r)
			if end != nil {
				t.Fatalf("%q: %v", file, end)
			}
			if errs != nil {
				continue // a key twice, or half a surrogate pair
			}
			for _, rec := range good {
				for i, name := range r.Header() {
					if want, ok := object[name]; ok && rec.Cells[i] != want {
						t.Fatalf("%q: %s: got %q, want %q", file, name, rec.Cells[i], want)
					}
				}
			}
		}
	})
}
