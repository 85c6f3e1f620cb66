package bulk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/tabular"
	"github.com/moviedb/moviedb/internal/tempfile"
)

// rejects writes bad rows to a file that can be imported once it is mended. It
// appears under its name only when the import was kept. A nil one does nothing.
type rejects struct {
	path   string
	file   *os.File
	w      *tabular.Writer
	header []string
	places [][]int // for each file, where its columns go
	json   bool
}

// errorColumn says what is wrong with a row.
const errorColumn = "error"

func newRejects[T any](path, db string, in *reading[T]) (*rejects, error) {
	if path == "" {
		return nil, nil
	}
	path, err := rejectsPath(path, db)
	if err != nil {
		return nil, err
	}
	r := &rejects{path: path}
	named := map[string][]int{} // where headers of a name stand
	meant := map[string]int{}   // the header that alone feeds a column
	for _, reader := range in.readers {
		r.json = r.json || reader.JSON()
		var at []int
		taken, came := map[int]bool{}, map[string]int{}
		for n, h := range reader.Headers() {
			i, means := -1, reader.Feeds(n)
			if same := named[h]; came[h] < len(same) {
				i = same[came[h]]
			}
			came[h]++
			if j, ok := meant[means]; ok && means != "" {
				i = j // another header for the same
			}
			if i < 0 || taken[i] { // two columns of one name stay two
				i = len(r.header)
				r.header = append(r.header, h)
				named[h] = append(named[h], i)
				meant[means] = i
			}
			taken[i] = true
			at = append(at, i)
		}
		r.places = append(r.places, at)
	}
	stem := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"-")
	tempfile.Sweep(stem)
	f, err := tempfile.New(stem)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return nil, fmt.Errorf("the file of rejected rows %s cannot be written: %w", catalog.Visible(path), err)
	}
	r.file = f
	if !r.json {
		r.w = tabular.NewWriter(f, false, r.withError(r.header))
	}
	return r, nil
}

// rejectsPath is where the file of rejected rows goes, links followed. It takes
// the place of what has its name, so it must not be that of the catalog at db,
// nor of anything but a file.
func rejectsPath(path, db string) (string, error) {
	if path == "-" {
		return "", catalog.Invalidf("the rejected rows cannot go to standard output; name a file")
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return "", catalog.Invalidf("the rejected rows cannot go to %s, which is not a file but %s; name a file", catalog.Visible(path), what(info.Mode()))
	}
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if samePath(path, db+suffix) {
			return "", catalog.Invalidf("the rejected rows cannot go to %s, where the catalog is; name another file", catalog.Visible(path))
		}
	}
	return path, nil
}

// what names what is not a file.
func what(mode os.FileMode) string {
	if mode.IsDir() {
		return "a directory"
	}
	return "a device or a pipe"
}

// samePath reports whether two paths mean one file, which need not exist.
func samePath(a, b string) bool {
	if x, err := os.Stat(a); err == nil {
		y, err := os.Stat(b)
		return err == nil && os.SameFile(x, y)
	}
	x, errA := filepath.Abs(a)
	y, errB := filepath.Abs(b)
	return errA == nil && errB == nil && x == y
}

// withError is the header of the file: a column of errors there was before
// makes place for the new one.
func (*rejects) withError(header []string) []string {
	if slices.Contains(header, errorColumn) {
		return header
	}
	return append(slices.Clone(header), errorColumn)
}

// add writes a bad row; header is that of its file, with keys that only came
// later.
func (r *rejects) add(src int, header, cells []string, reason string) error {
	if r.json {
		w := tabular.NewWriter(r.file, true, r.withError(header))
		if err := w.Write(withReason(header, cells, reason)); err != nil {
			return err
		}
		return w.Flush()
	}
	row := make([]string, len(r.header))
	if n := len(r.places[src]); len(cells) > n {
		reason += "; beyond the header: " + strings.Join(cells[n:], " | ")
	}
	for i, c := range cells {
		if i < len(r.places[src]) {
			row[r.places[src][i]] = c
		}
	}
	return r.w.Write(withReason(r.header, row, reason))
}

// withReason is a row with its reason in the column of errors.
func withReason(header, cells []string, reason string) []string {
	row := make([]string, len(header), len(header)+1)
	copy(row, cells)
	if i := slices.Index(header, errorColumn); i >= 0 {
		row[i] = reason
		return row
	}
	return append(row, reason)
}

// keep gives the file its name, also without a bad row, since it stands for
// this import and no earlier one; of a dry run nothing is kept.
func (r *rejects) keep(dry bool) error {
	if r == nil || dry {
		return nil
	}
	if r.w != nil {
		if err := r.w.Flush(); err != nil {
			return err
		}
	}
	name := r.file.Name()
	err := errors.Join(r.file.Sync(), r.file.Close())
	if err == nil {
		err = os.Rename(name, r.path)
	}
	r.file = nil
	if err != nil {
		os.Remove(name)
		return fmt.Errorf("the good rows were imported, but the file of rejected rows could not be written: %w", err)
	}
	return nil
}

// drop removes what was not kept.
func (r *rejects) drop() {
	if r == nil || r.file == nil {
		return
	}
	r.file.Close()
	os.Remove(r.file.Name())
	r.file = nil
}
