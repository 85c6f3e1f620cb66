package output

import "github.com/moviedb/moviedb/internal/catalog"

// File is a stored file. Fields are only ever added.
type File struct {
	ID        int64  `json:"id" doc:"of the file; never changes"`
	FileName  Text   `json:"file_name" doc:"name it came with; null for a URL alone"`
	MIMEType  Text   `json:"mime_type" doc:"seen from the content"`
	Size      *int64 `json:"size" doc:"bytes; null when there is no content here"`
	FileKey   Text   `json:"file_key" doc:"place in the managed directory, by the SHA-256 of the content"`
	Path      Text   `json:"path" doc:"absolute path of the content; null when there is none here"`
	URL       Text   `json:"url" doc:"where it came from, if that was said"`
	CreatedAt string `json:"created_at" doc:"when it was added: RFC 3339, UTC"`
	UpdatedAt string `json:"updated_at" doc:"when it was last changed: RFC 3339, UTC"`
}

// NewFile makes the public shape of a file; at finds its content.
func NewFile(f catalog.File, at Locate) File {
	out := File{
		ID: f.ID, FileName: Text(f.Name), MIMEType: Text(f.MIME), FileKey: Text(f.Key), URL: Text(f.URL),
		CreatedAt: f.CreatedAt, UpdatedAt: f.UpdatedAt,
	}
	if path, size, ok := at(f.Key); ok {
		out.Path, out.Size = Text(path), &size
	}
	return out
}

// FileColumns are the columns of a list of files.
func FileColumns() []string { return []string{"id", "file_name", "mime_type", "size"} }

// FileDetail is what one file shows: all of a list, the size of a picture and
// what uses it.
type FileDetail struct {
	File
	Width  Count `json:"width" doc:"pixels; null if it is no picture"`
	Height Count `json:"height" doc:"pixels; null if it is no picture"`
	UsedBy []Use `json:"used_by" doc:"the records that refer to it"`
}

// Use is one record that refers to a file.
type Use struct {
	Kind string `json:"kind" doc:"movie, photo or user"`
	ID   int64  `json:"id" doc:"of the record"`
	Name string `json:"name" doc:"of the record"`
	As   string `json:"as" doc:"poster, picture or avatar"`
}

// SectionColumns are those of the uses under a file.
func (Use) SectionColumns() []string { return []string{"id", "kind", "as", "name"} }

// NewFileDetail makes the public shape of one file.
func NewFileDetail(f catalog.File, at Locate, width, height int, uses []catalog.Referrer) FileDetail {
	d := FileDetail{File: NewFile(f, at), Width: Count(width), Height: Count(height), UsedBy: make([]Use, len(uses))}
	for i, u := range uses {
		d.UsedBy[i] = Use{Kind: string(u.Kind), ID: u.ID, Name: u.Name, As: u.As}
	}
	return d
}
