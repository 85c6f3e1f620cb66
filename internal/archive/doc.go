// Package archive makes one file of a catalog and its pictures, while others
// write, and a catalog of such a file again.
//
// The file is a tar archive, gzipped if its name says so, that tar can extract:
// manifest.json, which says what follows; moviedb.db, the database at one
// moment; files/ab/abcdef….jpg, the content that its rows stand for, by key.
// The hashes of all of it are known, in the manifest and by the keys, so that an
// archive is either whole or refused.
//
// Backup keeps content from being destroyed, takes a snapshot of the database,
// writes the archive under another name, reads it back and only then gives it its
// name. Restore reads all of an archive into places that nobody else knows, a
// file beside the catalog and a folder in the managed directory, looks that it is
// whole, and then copies the database over the old catalog in one transaction,
// which ends only when the content is in place. Content that is in place before its row is
// what a killed process may leave, as everywhere; no row is ever without its
// content, and the old content stays until it is collected. What was made under
// other names by a process that was killed is removed by the next one.
package archive
