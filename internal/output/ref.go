package output

import "github.com/moviedb/moviedb/internal/catalog"

// Text is a text that is null in JSON and nothing in a cell when it is "".
type Text string

// Absent reports whether there is no text.
func (t Text) Absent() bool { return t == "" }

// Count is a number that is null when it is 0, such as minutes or a year.
type Count int

// Absent reports whether the number is unknown.
func (c Count) Absent() bool { return c == 0 }

// Ref is a related record: a country, a genre, a person. It is null when ID is 0.
type Ref struct {
	ID   int64  `json:"id" doc:"its id"`
	Name string `json:"name" doc:"its name"`
}

// Absent reports whether there is no related record.
func (r Ref) Absent() bool { return r.ID == 0 }

func newRef(n catalog.Named) Ref { return Ref{n.ID, n.Name} }

func newRefs(ns []catalog.Named) []Ref {
	refs := make([]Ref, len(ns))
	for i, n := range ns {
		refs[i] = newRef(n)
	}
	return refs
}

// MovieRef is a related movie. It is null when ID is 0.
type MovieRef struct {
	ID   int64  `json:"id" doc:"its id"`
	Name string `json:"name" doc:"its title"`
	Year Count  `json:"year" doc:"its year of release"`
}

// Absent reports whether there is no related movie.
func (r MovieRef) Absent() bool { return r.ID == 0 }

// Cell is the title with the year.
func (r MovieRef) Cell(string) string { return catalog.YearLabel(r.Name, int(r.Year)) }

func newMovieRef(t catalog.Titled) MovieRef { return MovieRef{t.ID, t.Title, Count(t.Year)} }

// FileRef is a related picture. It is null when ID is 0.
type FileRef struct {
	ID       int64 `json:"id" doc:"id of the file"`
	FileName Text  `json:"file_name" doc:"name the file came with"`
	Path     Text  `json:"path" doc:"absolute path of the content; null when there is none here"`
}

// Absent reports whether there is no related picture.
func (r FileRef) Absent() bool { return r.ID == 0 }

// Cell is the path, or the name of a file that has none.
func (r FileRef) Cell(string) string {
	if r.Path != "" {
		return string(r.Path)
	}
	return string(r.FileName)
}

// Locate finds the content of a file in the managed directory: its absolute
// path and its size in bytes. ok is false when there is none.
type Locate func(key string) (path string, size int64, ok bool)

func newFileRef(f catalog.File, at Locate) FileRef {
	r := FileRef{ID: f.ID, FileName: Text(f.Name)}
	if f.Key == "" {
		return r
	}
	if path, _, ok := at(f.Key); ok {
		r.Path = Text(path)
	}
	return r
}
