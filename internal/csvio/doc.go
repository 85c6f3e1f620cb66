// Package csvio reads CSV files row by row into what the catalog is made of,
// with every value checked by the rules of package catalog, and says of each
// bad cell in which line and column it stands.
package csvio
