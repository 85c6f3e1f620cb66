package output

import (
	"iter"
	"strings"
	"testing"
)

// The records of the tests of the kernel. Their names begin with t, so that
// they are not those of the catalog.
type (
	tRef struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	}
	tFile struct {
		ID   int64  `json:"id"`
		Name string `json:"file_name"`
		Path string `json:"path"`
	}
	tPart struct {
		ID    int64   `json:"id"`
		Name  string  `json:"name"`
		Role  *string `json:"role"`
		Actor *tRef   `json:"actor"`
	}
	tFilm struct {
		ID          int64    `json:"id"`
		Title       string   `json:"title"`
		Description *string  `json:"description"`
		Budget      *float64 `json:"budget"`
		ReleaseDate *string  `json:"release_date"`
		Duration    *int     `json:"duration"`
		Country     *tRef    `json:"country"`
		Director    *tRef    `json:"director"`
		Genres      []tRef   `json:"genres"`
		Poster      *tFile   `json:"poster"`
		Seen        bool     `json:"seen"`
		CreatedAt   string   `json:"created_at"`
	}
	tDetail struct {
		tFilm
		Tags []string `json:"tags"`
		Cast []tPart  `json:"cast"`
	}
)

// Cell is the file's name.
func (f tFile) Cell(string) string { return f.Name }

// SectionColumns are those of a cast.
func (tPart) SectionColumns() []string { return []string{"id", "name", "role", "actor"} }

func ptr[T any](v T) *T { return &v }

func solaris() tFilm {
	return tFilm{
		ID: 12, Title: "Solaris", Description: ptr("A psychologist is sent to a station.\nIt is not <empty>."),
		Budget: ptr(1e6), ReleaseDate: ptr("1972-03-20"), Duration: ptr(167),
		Country: &tRef{1, "Soviet Union"}, Director: &tRef{7, "Andrei Tarkovsky"},
		Genres: []tRef{{1, "Drama"}, {2, "Sci-Fi"}}, Poster: &tFile{3, "p.jpg", "ab/abc.jpg"},
		Seen: true, CreatedAt: "2026-11-23T21:09:51Z",
	}
}

func columnsOfFilm() []string {
	return []string{"id", "title", "release_date", "duration", "country", "director", "genres"}
}

// seq yields the records, then err if there is one.
func seq[T any](err error, records ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
		if err != nil {
			var zero T
			yield(zero, err)
		}
	}
}

// list returns what List prints.
func list[T any](t testing.TB, p Printer, columns []string, records ...T) string {
	t.Helper()
	var b strings.Builder
	p.Out = &b
	n, err := List(&p, columns, seq(nil, records...))
	if err != nil || n != len(records) {
		t.Fatalf("List = %d, %v; want %d rows", n, err, len(records))
	}
	return b.String()
}

// show returns what Show prints.
func show[T any](t testing.TB, p Printer, columns []string, record T) string {
	t.Helper()
	var b strings.Builder
	p.Out = &b
	if err := Show(&p, columns, record); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
