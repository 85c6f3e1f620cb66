// Package exchange writes a whole catalog as a stream of JSON Lines and reads
// it back into an empty one, with ids, counters and timestamps as they were, so
// that the second stream is the first one byte for byte.
//
// The first line is {"kind":"catalog","schema_version":1,"sequences":{…},
// "rows":{…}}: per table the highest id that was ever given, and how many rows
// follow, by which a stream that was cut off is found out. Then every row of the ten tables comes
// on a line of its own, {"kind":"movie","id":1,…}: table after table, each after
// those it refers to, the rows by primary key; columns in the order of the
// schema, absent is null, references are ids.
package exchange
