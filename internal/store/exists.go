package store

// Exists reports whether there is a catalog at the path; a file of zero bytes
// is none yet. What is there and is no catalog of ours is an error.
func Exists(path string) (bool, error) {
	st, err := probe(path)
	return st == present, err
}
