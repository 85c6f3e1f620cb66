package cmd

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
)

// shells are those that can be taught to complete.
func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

// completionScript is what --json prints of a script. Fields are only ever added.
type completionScript struct {
	Shell  string `json:"shell" doc:"shell the script is for"`
	Script string `json:"script" doc:"text of the script"`
}

func newCompletionCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "completion SHELL", Short: "Teach a shell to complete what you type",
		Long: `Print a script that teaches a shell, bash, zsh, fish or powershell, to complete
commands, flags and their values, and the names in your catalog: type the beginning
of a title and press Tab. Case and accents do not matter.

bash: add the first line to ~/.bashrc, or, where the package bash-completion is
installed, run the other two once:
  source <(moviedb completion bash)
  mkdir -p ~/.local/share/bash-completion/completions
  moviedb completion bash > ~/.local/share/bash-completion/completions/moviedb

zsh: add the first line to ~/.zshrc after compinit, or run the other once:
  source <(moviedb completion zsh)
  moviedb completion zsh > "${fpath[1]}/_moviedb"

fish:
  moviedb completion fish > ~/.config/fish/completions/moviedb.fish

PowerShell: add to the file that $PROFILE names:
  moviedb completion powershell | Out-String | Invoke-Expression`,
		Example: `  moviedb completion bash
  moviedb completion fish --json`,
		Args: func(c *cobra.Command, words []string) error {
			if err := args(1, 1, "which shell: bash, zsh, fish or powershell")(c, words); err != nil {
				return err
			}
			if !slices.Contains(shells(), words[0]) {
				return usagef(c.CommandPath(), "unknown shell %s; write bash, zsh, fish or powershell", catalog.Quote(words[0]))
			}
			return nil
		},
		RunE: func(c *cobra.Command, words []string) error {
			if err := output.CheckFields[completionScript](a.fields); err != nil {
				return err
			}
			script, err := scriptFor(c.Root(), words[0])
			if err != nil {
				return err
			}
			// A format that is only the default of the settings is not meant for this.
			if a.asJSON || c.Root().PersistentFlags().Changed("output") || a.fields != nil {
				return output.Show(a.printer(), nil, completionScript{words[0], script})
			}
			_, err = io.WriteString(a.Out, script)
			return err
		},
	}
}

// scriptFor returns the completion script of a shell. Those of cobra serve for
// names without blanks and quotes only: in bash they insert what several names
// begin with unquoted (github.com/spf13/cobra/issues/1740), and in all shells
// they evaluate the line that is being typed, which runs its command
// substitutions and fails at an open quote.
func scriptFor(root *cobra.Command, shell string) (string, error) {
	switch shell {
	case "bash":
		return bashScript, nil
	case "zsh":
		return zshScript, nil
	case "fish":
		return fishScript, nil
	}
	var b bytes.Buffer
	err := root.GenPowerShellCompletionWithDesc(&b)
	return b.String(), err
}

// completing reports whether the arguments are a shell's question what may come
// next. The question is put to cobra's hidden command, which has flags parsed
// and flags and commands completed by cobra.
func completing(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// completeFor readies the command tree for such a question and returns the
// arguments for it.
func (a *app) completeFor(root *cobra.Command, args []string) []string {
	root.PersistentPreRunE = nil // settings are read where a name is looked up, and silent if they are wrong
	a.registerCompletions(root)
	if n := len(args); n > 2 && args[n-2] == "--sort" && strings.HasPrefix(args[n-1], "-") {
		// To cobra whatever begins with - is a flag; here it is a key.
		return append(slices.Clone(args[:n-2]), "--sort="+args[n-1])
	}
	return args
}
