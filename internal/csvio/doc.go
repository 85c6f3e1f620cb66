// Package csvio makes rows of cells into what the catalog is made of: headers
// are given a meaning, every value is checked by the rules of package catalog,
// and each bad cell is named with its line and column.
package csvio
