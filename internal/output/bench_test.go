package output

import (
	"io"
	"iter"
	"strconv"
	"testing"
)

// manyFilms yields n films, each a little different.
func manyFilms(n int) iter.Seq2[tFilm, error] {
	f := solaris()
	return func(yield func(tFilm, error) bool) {
		for i := range n {
			f.ID = int64(i)
			f.Title = "Film number " + strconv.Itoa(i)
			if !yield(f, nil) {
				return
			}
		}
	}
}

// benchList measures List by the row.
func benchList(b *testing.B, p Printer) {
	p.Out = io.Discard
	b.ReportAllocs()
	if _, err := List(&p, columnsOfFilm(), manyFilms(b.N)); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkListJSON(b *testing.B)     { benchList(b, Printer{Format: JSON}) }
func BenchmarkListJSONL(b *testing.B)    { benchList(b, Printer{Format: JSONL}) }
func BenchmarkListTSV(b *testing.B)      { benchList(b, Printer{Format: TSV}) }
func BenchmarkListCSV(b *testing.B)      { benchList(b, Printer{Format: CSV}) }
func BenchmarkListMarkdown(b *testing.B) { benchList(b, Printer{Format: Markdown}) }
func BenchmarkListTable(b *testing.B)    { benchList(b, Printer{Format: Table, Width: 80}) }

func BenchmarkListFields(b *testing.B) {
	benchList(b, Printer{Format: JSON, Fields: []string{"id", "title", "director.name"}})
}
