package output

import "github.com/moviedb/moviedb/internal/catalog"

// Photo is a picture of a person. Fields are only ever added.
type Photo struct {
	ID        int64   `json:"id" doc:"of the photo; never changes"`
	Person    Ref     `json:"person" doc:"who is on it"`
	File      FileRef `json:"file" doc:"the picture itself"`
	Primary   bool    `json:"primary" doc:"it stands for the person"`
	CreatedAt string  `json:"created_at" doc:"when it was added: RFC 3339, UTC"`
	UpdatedAt string  `json:"updated_at" doc:"when it was last changed: RFC 3339, UTC"`
}

// NewPhoto makes the public shape of a photo; at finds its content.
func NewPhoto(p catalog.Photo, at Locate) Photo {
	return Photo{ID: p.ID, Person: newRef(p.Person), File: newFileRef(p.File, at), Primary: p.Primary,
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt}
}

// PhotoColumns are the columns of a list of photos.
func PhotoColumns() []string { return []string{"id", "person", "file.file_name", "primary"} }

// PersonPhoto is one photo under its person.
type PersonPhoto struct {
	ID      int64   `json:"id" doc:"of the photo"`
	File    FileRef `json:"file" doc:"the picture itself"`
	Primary bool    `json:"primary" doc:"it stands for the person"`
}

// SectionColumns are those of the photos under a person.
func (PersonPhoto) SectionColumns() []string { return []string{"id", "primary", "file.file_name"} }

// Cell is the name of the photo's file.
func (p PersonPhoto) Cell(string) string { return string(p.File.FileName) }
