package cmd

import (
	"strings"

	"github.com/spf13/cobra"
)

// Example is what a command's help shows.
type Example struct{ Command, Text string }

func walk(visit func(*cobra.Command)) {
	var down func(*cobra.Command)
	down = func(c *cobra.Command) {
		visit(c)
		for _, sub := range c.Commands() {
			down(sub)
		}
	}
	down(newRootCmd(&app{}))
}

func path(c *cobra.Command) string {
	return strings.TrimSpace(strings.TrimPrefix(c.CommandPath(), "moviedb"))
}

// Leaves returns every command that has none below it.
func Leaves() (paths []string) {
	walk(func(c *cobra.Command) {
		if !c.HasSubCommands() {
			paths = append(paths, path(c))
		}
	})
	return paths
}

// Groups returns every command below the root that only holds others.
func Groups() (paths []string) {
	walk(func(c *cobra.Command) {
		if c.HasSubCommands() && c.HasParent() {
			paths = append(paths, path(c))
		}
	})
	return paths
}

// HelpExamples returns the examples of all leaves and of the root, in the order of
// the help.
func HelpExamples() (examples []Example) {
	walk(func(c *cobra.Command) {
		if !c.HasSubCommands() || !c.HasParent() {
			examples = append(examples, Example{c.CommandPath(), c.Example})
		}
	})
	return examples
}
