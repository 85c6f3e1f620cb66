package catalog

import (
	"errors"
	"io/fs"
	"os"
)

// The sentinels every layer above speaks of. Wrap them with the subject
// ("movie 7: not found") and test them with errors.Is.
var (
	// ErrInvalid marks a value that the rules of the catalog refuse.
	ErrInvalid = errors.New("invalid value")
	// ErrNotFound marks a named record that does not exist.
	ErrNotFound = errors.New("not found")
	// ErrExists marks a record that is in the catalog already.
	ErrExists = errors.New("exists already")
	// ErrAmbiguous marks a name that several records bear.
	ErrAmbiguous = errors.New("ambiguous")
	// ErrInUse marks a record that others still refer to.
	ErrInUse = errors.New("in use")
	// ErrBusy marks a catalog that another process kept locked past the timeout.
	ErrBusy = errors.New("busy")
)

// WithoutPath takes the path off an error of the file system, which may hold what
// a terminal should not see, or a name that nobody knows; the caller puts a
// visible one in front. Other errors are returned as they are.
func WithoutPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}
