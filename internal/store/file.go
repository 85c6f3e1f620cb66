package store

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

func fileListing() listing {
	return listing{
		kind: catalog.KindFile, cols: `f.id, f.file_name, f.mime_type, f.file_key, f.url, f."createdAt", f."updatedAt"`,
		from: "files f", count: "files f", id: "f.id",
		orders: map[string]order{
			"id":         {expr: "f.id"},
			"file_name":  {expr: "fk.name_key", join: "LEFT JOIN file_keys fk ON fk.file_id = f.id"},
			"mime_type":  {expr: "f.mime_type"},
			"created_at": {expr: `f."createdAt"`},
			"updated_at": {expr: `f."updatedAt"`},
		},
	}
}

func scanFile(s scanner, f *catalog.File) error {
	var name, mime, key, url sql.NullString
	err := s.Scan(&f.ID, &name, &mime, &key, &url, &f.CreatedAt, &f.UpdatedAt)
	f.Name, f.MIME, f.Key, f.URL = name.String, mime.String, key.String, url.String
	return err
}

// unusedFile is the condition that no record refers to a file.
const unusedFile = `NOT EXISTS (SELECT 1 FROM movies WHERE poster_id = f.id)
	AND NOT EXISTS (SELECT 1 FROM users WHERE avatar_id = f.id)
	AND NOT EXISTS (SELECT 1 FROM photos WHERE file_id = f.id)
	AND NOT EXISTS (SELECT 1 FROM persons WHERE primary_photo_id = f.id)`

func fileFilters(_ context.Context, f catalog.FileFilter) ([]filter, error) {
	var fs []filter
	if f.Name != "" {
		fs = append(fs, prefixed("f", "file_keys", "file_id", "name_key", f.Name))
	}
	switch {
	case f.Type == "":
	case strings.Contains(f.Type, "/"):
		fs = append(fs, equal("files", "f", "mime_type", f.Type, rankGroup))
	default:
		fs = append(fs, between("files", "f", "mime_type", "mime_type", f.Type+"/", f.Type+"0", "<")) // 0 follows /
	}
	if f.Unused {
		fs = append(fs, filter{probe: unusedFile})
	}
	return fs, nil
}

// Files yields the files that the filter lets through, one at a time.
func (tx *Tx) Files(ctx context.Context, f catalog.FileFilter) iter.Seq2[catalog.File, error] {
	return page(ctx, tx, fileListing(), f, fileFilters, f.Page, scanFile)
}

// CountFiles counts what the filter lets through, without regard to the page.
func (tx *Tx) CountFiles(ctx context.Context, f catalog.FileFilter) (int64, error) {
	return total(ctx, tx, fileListing(), f, fileFilters)
}

// FilesByID returns the files with the given ids, in that order.
func (tx *Tx) FilesByID(ctx context.Context, ids ...int64) ([]catalog.File, error) {
	return byIDs(ctx, tx, fileListing(), ids, scanFile, func(f *catalog.File) int64 { return f.ID })
}

// FileByKey returns the id of the file with the key, or of the URL alone if key
// is "", and 0 if there is none.
func (tx *Tx) FileByKey(ctx context.Context, key, url string) (int64, error) {
	if key == "" {
		return tx.number(ctx, `SELECT min(id) FROM files WHERE file_key IS NULL AND url = ?`, url)
	}
	return tx.number(ctx, `SELECT min(id) FROM files WHERE file_key = ?`, key)
}

// HasFileKey reports whether a row has the key.
func (tx *Tx) HasFileKey(ctx context.Context, key string) (bool, error) {
	var one int
	stmt, err := tx.prepared(ctx, `SELECT 1 FROM files WHERE file_key = ?`)
	if err != nil {
		return false, err
	}
	err = stmt.QueryRowContext(ctx, key).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// InsertFiles stores files in order and sets their ids.
func (tx *Tx) InsertFiles(ctx context.Context, fs []catalog.File) error {
	id, err := tx.nextID(ctx, "files")
	if err != nil {
		return err
	}
	for i := range fs {
		fs[i].ID = id + int64(i)
	}
	return insertAll(ctx, tx, `INSERT INTO files (id, file_name, mime_type, file_key, url)`, 5, "", fs,
		func(a []any, f *catalog.File) []any {
			return append(a, f.ID, null(f.Name), null(f.MIME), null(f.Key), null(f.URL))
		})
}

// SetFileURL says where a file came from.
func (tx *Tx) SetFileURL(ctx context.Context, id int64, url string) error {
	return tx.changeOne(ctx, catalog.KindFile, id, `UPDATE files SET url = ? WHERE id = ?`, null(url), id)
}

// DeleteFiles deletes the rows of files nobody refers to. The content stays in
// the managed directory until it is collected.
func (tx *Tx) DeleteFiles(ctx context.Context, ids []int64) error {
	return execIn(ctx, tx, `DELETE FROM files WHERE id IN %IN%`, ids)
}
