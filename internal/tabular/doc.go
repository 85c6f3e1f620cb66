// Package tabular reads text files of any layout as rows of cells: CSV with
// any delimiter, TSV, JSON Lines and arrays of JSON objects, plain or packed
// with gzip, in UTF-8, UTF-16 or an encoding that is named. Layout and encoding
// are told apart by content. It knows nothing of what the cells mean; it
// says of each row in which physical line it begins.
//
// CSV is RFC 4180, read strictly: a quote inside a cell that does not begin
// with one, text after a closing quote and a row of another length are errors,
// since each may hide a cell that moved to another column. Line ends are LF,
// CRLF and CR, mixed as they come; inside quotes they stay as they are.
package tabular
