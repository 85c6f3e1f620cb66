// Package blob is the managed directory: the files that belong to a catalog,
// each stored once under the hash of its content.
//
// The directory holds ab/abcdef….jpg for the content whose SHA-256 begins with
// abcdef, .tmp-… for content on its way in, and trash/<time>/… for what the
// collector took out. Whatever else lies there is left alone, and no symbolic
// link is followed that leaves the directory.
//
// Content goes in by two steps. Stage, which may take long, reads, checks and
// syncs it under a temporary name; Commit renames it, while the caller holds
// the write lock of the catalog. The collector runs under the same lock and so
// never meets content whose row is still to come.
package blob
