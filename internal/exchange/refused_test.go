package exchange

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
)

const (
	head  = `{"kind":"catalog","schema_version":1,"sequences":{}}` + "\n"
	stamp = `"created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z"}` + "\n"
)

// Lines of rows, without their timestamps.
const (
	aFile    = `{"kind":"file","id":1,"file_name":null,"mime_type":null,"file_key":null,"url":"https://example.org/1",` + stamp
	aCountry = `{"kind":"country","id":1,"name":"Nepal",` + stamp
	aGenre   = `{"kind":"genre","id":1,"name":"Drama","notes":null,` + stamp
	aUser    = `{"kind":"user","id":1,"username":"ann",` + stamp
	aPerson  = `{"kind":"person","id":1,"last_name":"Cher",` + stamp
	aMovie   = `{"kind":"movie","id":1,"title":"Ran",` + stamp
)

// TestHostileStreams: what is refused, and with which words. Every one leaves no
// catalog.
func TestHostileStreams(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "f.jsonl:1: it is empty"},
		{"not JSON", "title,year\nRan,1985\n", "f.jsonl:1: the first line is not that of a catalog"},
		{"a row first", aMovie, "f.jsonl:1: the first line is not that of a catalog"},
		{"no version", `{"kind":"catalog"}`, "f.jsonl:1: the first line is not that of a catalog"},
		{"newer", `{"kind":"catalog","schema_version":99}`, "f.jsonl:1: it was written by a newer moviedb (schema version 99"},
		{"version 0", `{"kind":"catalog","schema_version":0}`, "f.jsonl:1: it has schema version 0"},
		{"unknown sequence", `{"kind":"catalog","schema_version":1,"sequences":{"x":1}}`, `f.jsonl:1: sequences: "x" is not in the schema`},
		{"sequence of links", `{"kind":"catalog","schema_version":1,"sequences":{"movie_genres":1}}`, `"movie_genres" is not in the schema`},
		{"negative sequence", `{"kind":"catalog","schema_version":1,"sequences":{"movies":-1}}`, "f.jsonl:1: sequences: movies cannot be -1"},
		{"sequence of 70 bits", `{"kind":"catalog","schema_version":1,"sequences":{"movies":1180591620717411303424}}`, "f.jsonl:1: the first line"},
		{"unknown kind", head + `{"kind":"series","id":1}`, `f.jsonl:2: kind: there is no kind "series"`},
		{"no kind", head + `{"id":1}`, "f.jsonl:2: kind: it is missing"},
		{"kind twice", head + `{"kind":"movie","kind":"genre"}`, "f.jsonl:2: kind: it is there twice"},
		{"kind 7", head + `{"kind":7}`, "f.jsonl:2: kind: it is to be a text"},
		{"header again", head + `{"kind":"catalog","schema_version":1}`, `f.jsonl:2: kind: there is no kind "catalog"`},
		{"unknown column", head + `{"kind":"movie","id":1,"rating":5}`, `f.jsonl:2: a movie has no column "rating"`},
		{"column twice", head + `{"kind":"movie","id":1,"id":2}`, "f.jsonl:2: id: it is there twice"},
		{"nested", head + `{"kind":"movie","id":{"a":1}}`, "f.jsonl:2: a value is a list or an object"},
		{"list", head + `[1]`, "f.jsonl:2: it is not a JSON object"},
		{"blank line", head + "\n" + aMovie, "f.jsonl:2: it is not a JSON object"},
		{"cut line", head + `{"kind":"movie","id":1,"title":"Ra`, "f.jsonl:2: the line ends in the middle"},
		{"cut escape", head + `{"kind":"movie","id":1,"title":"Ra\`, "f.jsonl:2: the line ends in the middle"},
		{"trailing", head + `{"kind":"movie","id":1} {}`, "f.jsonl:2: something follows"},
		{"NUL at the end", head + `{"kind":"movie","id":1}` + "\x00", "f.jsonl:2: something follows"},
		{"raw control", head + "{\"kind\":\"movie\",\"title\":\"\x01\"}", "f.jsonl:2: it is not JSON at"},
		{"bad UTF-8", head + "{\"kind\":\"movie\",\"title\":\"\xff\"}", "f.jsonl:2: it is not valid UTF-8"},
		{"half a pair", head + `{"kind":"movie","title":"\ud800"}`, "f.jsonl:2: it is not JSON at"},
		{"pair the wrong way", head + `{"kind":"movie","title":"\udc00\ud800"}`, "f.jsonl:2: it is not JSON at"},
		{"unknown escape", head + `{"kind":"movie","title":"\x41"}`, "f.jsonl:2: it is not JSON at"},
		{"id 0", head + `{"kind":"movie","id":0,"title":"Ran",` + stamp, "f.jsonl:2: id: 0 is no id"},
		{"id -1", head + `{"kind":"movie","id":-1,"title":"Ran",` + stamp, "f.jsonl:2: id: -1 is no id"},
		{"id 1.0", head + `{"kind":"movie","id":1.0,"title":"Ran",` + stamp, `f.jsonl:2: id: "1.0" is not a whole number`},
		{"id 01", head + `{"kind":"movie","id":01,"title":"Ran",` + stamp, "f.jsonl:2: it is not JSON at"},
		{"id text", head + `{"kind":"movie","id":"1","title":"Ran",` + stamp, "f.jsonl:2: id: it is to be a whole number"},
		{"id of 65 bits", head + `{"kind":"movie","id":18446744073709551616,"title":"Ran",` + stamp, "is not a whole number of 64 bits"},
		{"id null", head + `{"kind":"movie","id":null,"title":"Ran",` + stamp, "f.jsonl:2: id: it is missing"},
		{"no title", head + `{"kind":"movie","id":1,` + stamp, "f.jsonl:2: title: it is missing"},
		{"empty title", head + `{"kind":"movie","id":1,"title":"",` + stamp, "f.jsonl:2: title: it is empty"},
		{"blank title", head + `{"kind":"movie","id":1,"title":"  ",` + stamp, "f.jsonl:2: title: the schema refuses it: trim(title) <> ''"},
		{"empty text", head + `{"kind":"movie","id":1,"title":"Ran","description":"",` + stamp, "f.jsonl:2: description: it is empty; absent is null"},
		{"twice", head + aMovie + aMovie, "f.jsonl:3: id 1 is there twice"},
		{"out of order", head + strings.Replace(aMovie, `"id":1`, `"id":2`, 1) + aMovie, "f.jsonl:3: id 1 comes too late"},
		{"tables out of order", head + aMovie + aGenre, "f.jsonl:3: kind: a genre cannot come after a movie"},
		{"duration", head + `{"kind":"movie","id":1,"title":"Ran","duration":0,` + stamp, "f.jsonl:2: duration: the schema refuses it: duration BETWEEN 1 AND 100000"},
		{"duration 1.5", head + `{"kind":"movie","id":1,"title":"Ran","duration":1.5,` + stamp, "f.jsonl:2: duration: "},
		{"budget", head + `{"kind":"movie","id":1,"title":"Ran","budget":-1,` + stamp, "f.jsonl:2: budget: the schema refuses it"},
		{"budget 1e999", head + `{"kind":"movie","id":1,"title":"Ran","budget":1e999,` + stamp, `f.jsonl:2: budget: "1e999" is too large`},
		{"date", head + `{"kind":"movie","id":1,"title":"Ran","release_date":"1999-02-30",` + stamp, `f.jsonl:2: release_date: "1999-02-30" is not a date`},
		{"date with space", head + `{"kind":"movie","id":1,"title":"Ran","release_date":" 1999",` + stamp, "f.jsonl:2: release_date: "},
		{"timestamp", head + `{"kind":"movie","id":1,"title":"Ran","created_at":"now","updated_at":"2026-01-02T03:04:05Z"}`, `f.jsonl:2: created_at: "now" is not a time`},
		{"no timestamp", head + `{"kind":"movie","id":1,"title":"Ran"}`, "f.jsonl:2: created_at: it is missing"},
		{"key up", head + `{"kind":"file","id":1,"file_key":"../../../etc/passwd",` + stamp, `f.jsonl:2: file_key: "../../../etc/passwd" is not the key of a file`},
		{"key absolute", head + `{"kind":"file","id":1,"file_key":"/etc/passwd",` + stamp, "f.jsonl:2: file_key: "},
		{"no key and no URL", head + `{"kind":"file","id":1,` + stamp, "f.jsonl:2: file_key: the schema refuses it"},
		{"clear password", head + `{"kind":"user","id":1,"username":"ann","password":"secret",` + stamp, "f.jsonl:2: password: the schema refuses it"},
		{"digits as username", head + `{"kind":"user","id":1,"username":"17",` + stamp, "f.jsonl:2: username: the schema refuses it"},
		{"is_primary 1", head + aPerson + `{"kind":"photo","id":1,"person_id":1,"file_id":1,"is_primary":1,` + stamp, "f.jsonl:3: is_primary: it is to be true or false"},
		{"same name", head + aGenre + `{"kind":"genre","id":2,"name":"DRAMA",` + stamp, "f.jsonl:3: name: another row has the same name"},
		{"same address", head + `{"kind":"user","id":1,"username":"a","email":"a@x",` + stamp + `{"kind":"user","id":2,"username":"b","email":"A@x",` + stamp, "f.jsonl:3: email: another row has the same email"},
		{"no such director", head + `{"kind":"movie","id":1,"title":"Ran","director_id":77,` + stamp, "f.jsonl:2: director_id: there is no person 77"},
		{"no such film", head + aGenre + `{"kind":"movie_genre","movie_id":5,"genre_id":1}`, "f.jsonl:3: movie_id: there is no movie 5"},
		{"a bad line and what refers to it", head + aPerson + `{"kind":"movie","id":1,"title":" ","director_id":1,` + stamp + `{"kind":"character","id":1,"movie_id":1,` + stamp, "f.jsonl:3: title: "},
		{"link twice", head + aGenre + aMovie + strings.Repeat(`{"kind":"movie_genre","movie_id":1,"genre_id":1}`+"\n", 2), "f.jsonl:5: movie_id 1, genre_id 1 is there twice"},
		{"two primary photos", head + aFile + strings.NewReplacer(`"id":1`, `"id":2`, `org/1`, `org/2`).Replace(aFile) + strings.Replace(aPerson, `"last_name"`, `"primary_photo_id":1,"last_name"`, 1) +
			`{"kind":"photo","id":1,"person_id":1,"file_id":1,"is_primary":true,` + stamp + `{"kind":"photo","id":2,"person_id":1,"file_id":2,"is_primary":true,` + stamp,
			"f.jsonl:6: person_id: another row has the same person_id"},
		{"primary photo of the person alone", head + aFile + strings.Replace(aPerson, `"last_name"`, `"primary_photo_id":1,"last_name"`, 1), "f.jsonl:3: primary_photo_id: it is not the file"},
		{"primary photo of the photo alone", head + aFile + strings.Replace(aPerson, `"id":1`, `"id":3`, 1) + strings.Replace(aPerson, `"id":1`, `"id":9`, 1) +
			`{"kind":"photo","id":1,"person_id":9,"file_id":1,"is_primary":true,` + stamp, "f.jsonl:4: primary_photo_id: it is not the file"},
		{"cut off", `{"kind":"catalog","schema_version":1,"sequences":{},"rows":{"movies":2}}` + "\n" + aMovie, "f.jsonl:2: the first line promises 2 rows of movies, but there is 1"},
		{"more than promised", `{"kind":"catalog","schema_version":1,"sequences":{},"rows":{"movies":0}}` + "\n" + aMovie, "promises 0 rows of movies"},
		{"gzip that is none", "\x1f\x8bxxxxxxxxxxxxxxxx", "f.jsonl:1: it looks like gzip"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := absent(t)
			_, err := tryLoad(t, o, tt.text)
			var rejected *RejectedError
			if !errors.As(err, &rejected) || !strings.Contains(err.Error(), tt.want) || rejected.Total != 1 {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if _, err := os.Stat(filepath.Dir(o.Path)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("a refused import left something: %v", err)
			}
		})
	}
}

// TestManyBadLines: the first twenty are named, in order, and the others counted.
func TestManyBadLines(t *testing.T) {
	var b strings.Builder
	b.WriteString(head + aGenre)
	for i := 1; i <= 3000; i++ {
		title := "Film"
		if i%10 == 0 {
			title = " "
		}
		fmt.Fprintf(&b, `{"kind":"movie","id":%d,"title":"%s",`+stamp, i, title)
	}
	_, err := tryLoad(t, absent(t), b.String())
	var rejected *RejectedError
	if !errors.As(err, &rejected) || rejected.Total != 300 || len(rejected.Errors) != 20 {
		t.Fatalf("%v", err)
	}
	for i, e := range rejected.Errors {
		if e.Line != 12+10*i || e.Field != "title" {
			t.Errorf("error %d is %v", i, e)
		}
	}
	if !strings.HasSuffix(err.Error(), "… and 280 more errors") || !strings.HasPrefix(err.Error(), "nothing was imported from f.jsonl; 300 lines are wrong:\n") {
		t.Errorf("%v", err)
	}
}

// TestTruncatedAnywhere: a stream that lost its end is refused wherever it was
// cut, packed or not.
func TestTruncatedAnywhere(t *testing.T) {
	text := export(t, rich(t))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(text))
	z.Close()
	for _, whole := range []string{text, packed.String()} {
		for n := 0; n < len(whole)-1; n += 1 + len(whole)/40 {
			var rejected *RejectedError
			if _, err := tryLoad(t, absent(t), whole[:n]); !errors.As(err, &rejected) {
				t.Errorf("the first %d of %d bytes: %v", n, len(whole), err)
			}
		}
	}
}

// TestLongLines: a text of 10 MiB comes back whole.
func TestLongLines(t *testing.T) {
	o := absent(t)
	long := strings.Repeat("ab\u2028", 10<<20/5)
	update(t, o, func(ctx context.Context, tx *store.Tx) error {
		return tx.InsertMovies(ctx, []catalog.Movie{{Title: "A", Description: long}, {Title: "B", Description: long}, {Title: "C"}})
	})
	text, target := export(t, o), absent(t)
	load(t, target, text)
	if export(t, target) != text {
		t.Error("not the same bytes")
	}
}

// TestWhatCannotBeExported: text that is not UTF-8 is named, not mended in
// silence. Dangling references are exported as they are, and named at the import.
func TestWhatCannotBeExported(t *testing.T) {
	o := rich(t)
	byHand(t, o, `UPDATE movies SET description = CAST(x'ff41' AS TEXT) WHERE id = 2`)
	text, _, err := tryExport(t, o, ExportOptions{})
	if err == nil || !strings.Contains(err.Error(), "movie 2: its description is not valid UTF-8") {
		t.Errorf("%v", err)
	}
	if _, err := tryLoad(t, absent(t), text); err == nil {
		t.Error("what was written until then is a whole stream")
	}
	o = rich(t)
	byHand(t, o, `PRAGMA foreign_keys = 0`, `UPDATE movies SET director_id = 404 WHERE id = 2`)
	_, err = tryLoad(t, absent(t), export(t, o))
	if err == nil || !strings.Contains(err.Error(), ": director_id: there is no person 404") {
		t.Errorf("a dangling reference: %v", err)
	}
}

// TestReadersThatFail: an error of reading is an error, and a reader that waits
// does not keep an interrupted import waiting.
func TestReadersThatFail(t *testing.T) {
	o := absent(t)
	boom := errors.New("boom")
	open := func(r io.Reader) Source {
		return Source{Name: "f.jsonl", Open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }}
	}
	_, err := Import(t.Context(), ImportOptions{Store: o}, open(io.MultiReader(strings.NewReader(head+aMovie), failing{boom})))
	if err == nil || !strings.Contains(err.Error(), "f.jsonl:3: it cannot be read on: boom") {
		t.Errorf("%v", err)
	}
	if _, err := Import(t.Context(), ImportOptions{Store: o}, Source{Open: func() (io.ReadCloser, error) { return nil, boom }}); !errors.Is(err, boom) {
		t.Errorf("%v", err)
	}
	for _, begun := range []string{"", head + aMovie} {
		pipe, feed := io.Pipe()
		t.Cleanup(func() { feed.Close() })
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			io.WriteString(feed, begun)
			cancel()
		}()
		if _, err := Import(ctx, ImportOptions{Store: o}, open(pipe)); !errors.Is(err, context.Canceled) {
			t.Errorf("interrupted after %q: %v", begun, err)
		}
	}
	if _, err := os.Stat(filepath.Dir(o.Path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
}

type failing struct{ err error }

// Read fails.
func (f failing) Read([]byte) (int, error) { return 0, f.err }
