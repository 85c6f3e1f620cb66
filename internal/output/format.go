package output

import (
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Format is a way to write records; its value is what users write after -o.
type Format string

// The formats. Table is for people; the others are for programs and documents.
const (
	Table    Format = "table"
	TSV      Format = "tsv"
	CSV      Format = "csv"
	JSON     Format = "json"
	JSONL    Format = "jsonl"
	Markdown Format = "markdown"
)

// Formats returns every format, in the order help lists them.
func Formats() []Format {
	return []Format{Table, TSV, CSV, JSON, JSONL, Markdown}
}

// ParseFormat returns the format of the given name. An unknown name is a
// catalog.ErrInvalid error that lists the known ones.
func ParseFormat(s string) (Format, error) {
	names := make([]string, 0, len(Formats()))
	for _, f := range Formats() {
		if s == string(f) {
			return f, nil
		}
		names = append(names, string(f))
	}
	return "", catalog.Invalidf("unknown output format %s; known are %s", catalog.Quote(s), strings.Join(names, ", "))
}
