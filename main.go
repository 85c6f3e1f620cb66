// Command moviedb keeps a catalog of films on your own machine.
package main

import (
	_ "embed"
	"os"

	"github.com/moviedb/moviedb/cmd"
)

//go:embed schema.sql
var schema string

func main() { os.Exit(cmd.Run(cmd.System(schema))) }
