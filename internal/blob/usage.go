package blob

import (
	"context"
	"errors"
	"io/fs"
)

// Usage counts the content in the directory and its bytes, whether a file of
// the catalog stands for it or not. The trash and what is not ours do not
// count. A directory that is not there holds nothing.
func (d *Dir) Usage(ctx context.Context) (files, bytes int64, err error) {
	root, err := d.root()
	if errors.Is(err, fs.ErrNotExist) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, err
	}
	defer root.Close()
	shards, err := list(root, ".")
	if err != nil {
		return 0, 0, d.failed(err)
	}
	for _, s := range shards {
		if !s.IsDir() || !isShard(s.Name()) {
			continue
		}
		entries, err := list(root, s.Name())
		if err != nil {
			return 0, 0, d.failed(err)
		}
		for _, e := range entries {
			if err := ctx.Err(); err != nil {
				return 0, 0, err
			}
			if !e.Type().IsRegular() || !isKey(s.Name()+"/"+e.Name()) {
				continue
			}
			info, err := root.Lstat(s.Name() + "/" + e.Name())
			if err != nil || !info.Mode().IsRegular() {
				continue // gone meanwhile
			}
			files, bytes = files+1, bytes+info.Size()
		}
	}
	return files, bytes, nil
}
