// Package archtest holds only tests: that the packages of this module import
// each other in one direction, that each outside library has one user, and a
// few habits of the source that a compiler does not know.
package archtest
