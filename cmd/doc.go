// Package cmd is the command tree of moviedb: flags, arguments, questions and
// exit codes. What it does lies in the packages below internal.
package cmd
