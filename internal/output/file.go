package output

import "github.com/moviedb/moviedb/internal/catalog"

// File is a stored file. Fields are only ever added.
type File struct {
	ID        int64  `json:"id"`
	FileName  Text   `json:"file_name"` // null for a URL alone
	MIMEType  Text   `json:"mime_type"`
	Size      *int64 `json:"size"`     // bytes; null when there is no content here
	FileKey   Text   `json:"file_key"` // place in the managed directory
	Path      Text   `json:"path"`     // absolute; null when there is no content here
	URL       Text   `json:"url"`
	CreatedAt string `json:"created_at"` // UTC, RFC 3339
	UpdatedAt string `json:"updated_at"` // UTC, RFC 3339
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
	Width  Count `json:"width"`  // pixels; null if it is no picture
	Height Count `json:"height"` // pixels
	UsedBy []Use `json:"used_by"`
}

// Use is one record that refers to a file.
type Use struct {
	Kind string `json:"kind"` // movie, photo, user
	ID   int64  `json:"id"`
	Name string `json:"name"`
	As   string `json:"as"` // poster, picture, avatar
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
