package catalog

import "strings"

// Sort is one key of an order. Key is a JSON name such as release_date.
type Sort struct {
	Key  string
	Desc bool
}

// ParseSort reads the value of --sort: keys separated by commas, each with an
// optional leading minus. Whether a key is known is for the list to say.
func ParseSort(s string) ([]Sort, error) {
	var keys []Sort
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		name := strings.TrimPrefix(part, "-")
		if name == "" {
			return nil, Invalidf("%s is not an order; write keys like title or -release_date, separated by commas", Quote(s))
		}
		keys = append(keys, Sort{Key: name, Desc: name != part})
	}
	return keys, nil
}

// Page is which part of a list is wanted, and in what order.
type Page struct {
	Sort   []Sort // none is by id
	Limit  int    // 0 is all
	Offset int    // records left out at the start
	After  int64  // the id of the record that the page follows; 0 is none
}

// MovieFilter is which movies a list holds. Each zero field restricts nothing.
type MovieFilter struct {
	Years    Years
	Genre    int64
	Country  int64
	Director int64
	Actor    int64
	Favorite int64 // of this user
	Page
}

// PersonFilter is which people a list holds. Each zero field restricts nothing.
type PersonFilter struct {
	Country int64
	Page
}

// FileFilter is which files a list holds. Each zero field restricts nothing.
type FileFilter struct {
	Type   string // a MIME type (image/png), or its first half (image)
	Unused bool   // only files that no record refers to
	Page
}

// PhotoFilter is which photos a list holds. Each zero field restricts nothing.
type PhotoFilter struct {
	Person int64
	Page
}

// CharacterFilter is which parts a list holds. Each zero field restricts nothing.
type CharacterFilter struct {
	Movie int64
	Actor int64
	Page
}
