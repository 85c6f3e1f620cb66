// Package bulk brings whole files into the catalog: rows are read and checked
// ahead, names are resolved a batch at a time, and everything is written in one
// transaction, or nothing.
package bulk
