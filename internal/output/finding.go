package output

import "github.com/moviedb/moviedb/internal/catalog"

// Finding is something that a check found wrong. Fields are only ever added.
type Finding struct {
	Code    string `json:"code" doc:"one word for what is wrong, see check --help"`
	Table   Text   `json:"table" doc:"the table it is about"`
	ID      *int64 `json:"id" doc:"id of the row; null if it is about several, or none"`
	Message string `json:"message" doc:"what is wrong, and what to do if it was not repaired"`
	Fixed   bool   `json:"fixed" doc:"it was repaired"`
}

// NewFinding makes the public shape of a finding.
func NewFinding(f catalog.Finding) Finding {
	shown := Finding{Code: f.Code, Table: Text(f.Table), Message: f.Text, Fixed: f.Fixed}
	if f.ID != 0 {
		shown.ID = &f.ID
	}
	return shown
}
