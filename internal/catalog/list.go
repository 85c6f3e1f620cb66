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

// SortRandom is the key of an order that is another one each time. It stands
// alone.
const SortRandom = "random"

// Page is which part of a list is wanted, and in what order.
type Page struct {
	Sort   []Sort // none is by id
	Limit  int    // 0 is all
	Offset int    // records left out at the start
	After  int64  // the id of the record that the page follows; 0 is none
}
