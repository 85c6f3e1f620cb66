package archive

import (
	"fmt"
	"path/filepath"

	"github.com/dustin/go-humanize"

	"github.com/moviedb/moviedb/internal/catalog"
)

// roomFor is an error if what an archive says it holds has no room.
func (o RestoreOptions) roomFor(m Manifest) error {
	dir, files := filepath.Dir(o.Store.Path), settled(o.Store.FilesDir)
	if same, known := sameVolume(dir, files); known && same {
		return room(dir, m.bytes())
	}
	if err := room(dir, m.Database.Size); err != nil {
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
	return fmt.Errorf("there is no room in %s: the backup needs %s, and %s are free", catalog.Visible(dir),
		humanize.IBytes(uint64(need)), humanize.IBytes(uint64(free)))
}
