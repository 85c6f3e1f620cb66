package archive

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/dustin/go-humanize"

	"github.com/moviedb/moviedb/internal/catalog"
)

// roomFor is an error if what an archive says it holds has no room. A catalog
// that is replaced stays until the new one is whole: in its journal, or the new
// one in its WAL, and one of the two may be larger.
func (o RestoreOptions) roomFor(m Manifest) error {
	dir, files, database := filepath.Dir(o.Store.Path), settled(o.Store.FilesDir), m.Database.Size
	if info, err := os.Stat(o.Store.Path); err == nil && info.Size() > 0 {
		database += max(database, info.Size()) + max(0, database-info.Size())
	}
	if same, known := sameVolume(dir, files); known && same {
		return room(dir, database+m.Files.Size)
	}
	if err := room(dir, database); err != nil {
		return err
	}
	return room(files, m.Files.Size)
}

// room is an error if a folder has not that many bytes free, as far as is known.
func room(dir string, need int64) error {
	free, known := freeSpace(dir)
	if !known || free >= need {
		return nil
	}
	return fmt.Errorf("there is no room in %s: restoring needs %s, and %s are free", catalog.Visible(dir),
		humanize.IBytes(uint64(need)), humanize.IBytes(uint64(free)))
}
