package blob

import (
	"fmt"
	"os"

	"github.com/moviedb/moviedb/internal/catalog"
)

// OpenSource opens a file that the user named. Only regular files are opened,
// by way of symbolic links or not: a directory, a FIFO, a device or a socket is
// refused at once with catalog.ErrInvalid. Every error begins with the path.
func OpenSource(path string) (*os.File, error) {
	info, err := os.Stat(path) // opening a device may do something to it
	if err == nil && !info.Mode().IsRegular() {
		err = catalog.Invalidf("%s, not a file", kindOf(info.Mode()))
	}
	var f *os.File
	if err == nil {
		f, _, err = openRegular(os.OpenFile, path)
	}
	if err != nil {
		if path == "" {
			return nil, catalog.Invalidf("the path of a file is missing")
		}
		return nil, fmt.Errorf("%s: %w", catalog.Visible(path), catalog.WithoutPath(err))
	}
	return f, nil
}
