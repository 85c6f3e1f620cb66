// Package fuzzkit holds what the fuzzers share: how many of their inputs are
// accepted, values made from bytes, and texts that do harm elsewhere. Only tests
// import it.
package fuzzkit
