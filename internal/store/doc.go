// Package store keeps the catalog in one SQLite file. It is the only package
// that speaks SQL.
//
// Plain statements stay in the subset that SQLite and PostgreSQL share. What is
// SQLite's own lives in sqlite.go (opening, pragmas, error codes), create.go
// (the first moment of a catalog) and derived.go (folded keys, word index).
package store
