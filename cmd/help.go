package cmd

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
)

// helpWidth is how wide help is where the terminal is not narrower.
const helpWidth = 80

// helpDocument is what --json prints of a command's help.
type helpDocument struct {
	Command string `json:"command" doc:"command or topic the help is of"`
	Help    string `json:"help" doc:"text of the help"`
}

func newHelpCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND|TOPIC]", Short: "Show the help of a command or a topic",
		Long: `Show the help of the program, of a command or of a topic. The topics are ` + proseList(topicNames()) + `.

help json, help exit-codes and help environment are lists as well: -o json prints
them for programs. help json NOUN tells of one noun.`,
		Example: `  moviedb help movie add
  moviedb help names
  moviedb help json movie
  moviedb help json --jq '.[] | select(.of == "movie" and .null) | .name'`,
		RunE: func(c *cobra.Command, words []string) error {
			if t, ok := findTopic(words); ok {
				return a.showTopic(c, t, words[1:])
			}
			at := c.Root()
			for _, w := range words {
				i := slices.IndexFunc(at.Commands(), func(sub *cobra.Command) bool { return sub.Name() == w })
				if i < 0 {
					return unknownHelp(at, w)
				}
				at = at.Commands()[i]
			}
			return a.showHelp(at.CommandPath(), at.Help, func() string { return helpText(at, helpWidth) })
		},
	}
}

// unknownHelp says that there is no such command or topic.
func unknownHelp(at *cobra.Command, word string) error {
	if near := nearWord(word, topicNames()); near != "" && !at.HasParent() && nearCommand(at, word) == "" {
		return usagef(at.CommandPath(), "unknown command %s for %s; did you mean help %s?", catalog.Quote(word), at.CommandPath(), near)
	}
	return asGroup(at).Args(at, []string{word})
}

// showHelp prints a help, as a document where JSON is asked for.
func (a *app) showHelp(of string, help func() error, text func() string) error {
	if a.format() != output.JSON && a.format() != output.JSONL {
		return help()
	}
	return output.Show(a.printer(), nil, helpDocument{of, text()})
}

// printHelp is what --help does.
func (a *app) printHelp(c *cobra.Command, _ []string) {
	io.WriteString(a.paged(), helpText(c, a.helpCells()))
}

// helpCells is how wide help is.
func (a *app) helpCells() int {
	if a.OutTerminal {
		if w := a.Width(); w >= helpWidth/2 && w < helpWidth {
			return w
		}
	}
	return helpWidth
}

// helpText is the help of a command in lines of at most width cells.
func helpText(c *cobra.Command, width int) string {
	var b strings.Builder
	b.WriteString(reflow(longText(c), width) + "\n\nUsage:\n")
	for _, line := range useLines(c) {
		b.WriteString(hang("  ", "      ", line, width))
	}
	if c.Example != "" {
		b.WriteString("\nExamples:\n")
		for _, line := range strings.Split(c.Example, "\n") {
			b.WriteString(breakCommand(line, width))
		}
	}
	for _, s := range commandSections(c) {
		b.WriteString("\n" + s.title + "\n" + definitions(s.items, width))
	}
	own, global := flagsOf(c)
	if len(own) > 0 {
		b.WriteString("\nFlags:\n" + definitions(own, width))
	}
	if len(global) > 0 {
		var names []string
		for _, g := range global {
			names = append(names, g.short())
		}
		b.WriteString("\nFlags of every command, see moviedb --help:\n" + hang("  ", "  ", strings.Join(names, " "), width))
	}
	return b.String()
}

// longText is what a command does, at length.
func longText(c *cobra.Command) string {
	if c.CommandPath() == "moviedb import" {
		return c.Long + importColumns() // worked out here, as every run of the program builds c
	}
	return cmp.Or(c.Long, c.Short)
}

// useLines are the ways to call a command.
func useLines(c *cobra.Command) []string {
	if c.HasAvailableSubCommands() {
		return []string{c.CommandPath() + " COMMAND"}
	}
	return []string{c.UseLine()}
}

// section is a part of a help: a title and what is under it.
type section struct {
	title string
	items []definition
}

// definition is a word, such as a command or a flag, and what it means.
type definition struct{ word, text string }

// short is the word without its value: "--limit".
func (d definition) short() string {
	word := strings.TrimSpace(d.word)
	if _, long, ok := strings.Cut(word, ", "); ok {
		word = long
	}
	name, _, _ := strings.Cut(word, " ")
	return name
}

// commandSections are the commands below c, by their groups; the topics come
// after those of the program itself.
func commandSections(c *cobra.Command) []section {
	var sections []section
	add := func(title, group string) {
		s := section{title: title}
		for _, sub := range c.Commands() {
			if isShown(sub) && sub.GroupID == group {
				s.items = append(s.items, definition{sub.Name(), sub.Short})
			}
		}
		if len(s.items) > 0 {
			sections = append(sections, s)
		}
	}
	for _, g := range c.Groups() {
		add(g.Title, g.ID)
	}
	add("Commands:", "")
	if !c.HasParent() {
		s := section{title: "Topics, see moviedb help TOPIC:"}
		for _, t := range topics() {
			s.items = append(s.items, definition{t.name, t.short})
		}
		sections = append(sections, s)
	}
	return sections
}

// isShown tells whether help and manual have a command.
func isShown(c *cobra.Command) bool { return c.IsAvailableCommand() || !c.Hidden && c.Name() == "help" }

// flagsOf are the flags of a command, and those that every command has.
func flagsOf(c *cobra.Command) (own, global []definition) {
	c.InitDefaultHelpFlag()
	c.InitDefaultVersionFlag()
	everywhere := c.Root().PersistentFlags()
	visit := func(f *pflag.Flag) {
		switch {
		case f.Hidden:
		case c.HasParent() && everywhere.Lookup(f.Name) == f:
			global = append(global, flagDefinition(f))
		default:
			own = append(own, flagDefinition(f))
		}
	}
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	all.AddFlagSet(c.LocalFlags())
	all.AddFlagSet(c.InheritedFlags())
	all.VisitAll(visit)
	return own, global
}

// flagDefinition is "-o, --output format" and what it does.
func flagDefinition(f *pflag.Flag) definition {
	value, text := pflag.UnquoteUsage(f)
	word := "    --" + f.Name
	if f.Shorthand != "" {
		word = "-" + f.Shorthand + ", --" + f.Name
	}
	if f.Value.Type() == "bool" {
		return definition{word, text}
	}
	switch f.DefValue {
	case "", "[]", "0":
	default:
		text += " (default " + f.DefValue + ")"
	}
	return definition{word + " " + value, text}
}

// definitions prints words in a column and texts beside them, or below those
// words that are too long.
func definitions(items []definition, width int) string {
	const most = 26 // cells of the column
	column := 0
	for _, d := range items {
		if n := utf8.RuneCountInString(d.word); n <= most {
			column = max(column, n)
		}
	}
	var b strings.Builder
	indent := strings.Repeat(" ", 2+column+2)
	for _, d := range items {
		gap := column - utf8.RuneCountInString(d.word)
		if gap < 0 {
			b.WriteString("  " + d.word + "\n" + hang(indent, indent, d.text, width))
			continue
		}
		b.WriteString(hang("  "+d.word+strings.Repeat(" ", gap+2), indent, d.text, width))
	}
	return b.String()
}

// hang breaks a text between words into lines of at most width cells. The first
// begins with first, the others with rest.
func hang(first, rest, text string, width int) string {
	var b strings.Builder
	b.WriteString(first)
	at, begun := utf8.RuneCountInString(first), false
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case begun && at+1+n > width:
			b.WriteString("\n" + rest)
			at = utf8.RuneCountInString(rest)
		case begun:
			b.WriteString(" ")
			at++
		}
		b.WriteString(word)
		at += n
		begun = true
	}
	return strings.TrimRight(b.String(), " ") + "\n"
}

// reflow breaks the paragraphs of a text anew. Lines that begin with a space are
// left as they are.
func reflow(text string, width int) string {
	var out, paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			out = append(out, strings.TrimSuffix(hang("", "", strings.Join(paragraph, " "), width), "\n"))
			paragraph = nil
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, " ") {
			flush()
			out = append(out, strings.TrimRight(line, " "))
			continue
		}
		paragraph = append(paragraph, line)
	}
	flush()
	return strings.Join(out, "\n")
}

// breakCommand breaks a line of shell that is too long at spaces outside of
// quotes, with a backslash, so that it can be pasted.
func breakCommand(line string, width int) string {
	const more = `      `
	var b strings.Builder
	for utf8.RuneCountInString(line) > width {
		at := shellBreak(line, width-len(` \`), len(more))
		if at < 0 {
			break
		}
		b.WriteString(line[:at] + " \\\n")
		line = more + line[at+1:]
	}
	b.WriteString(line + "\n")
	return b.String()
}

// shellBreak is the place of the last space outside of quotes before cell limit,
// and after byte least; a space before a flag is better than any other. -1 is
// none.
func shellBreak(line string, limit, least int) int {
	best, flag, cells := -1, -1, 0
	var quote rune
	for i, r := range line {
		switch {
		case cells > limit:
			return max(best, flag)
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
		case r == '"' || r == '\'':
			quote = r
		case r == ' ' && i > least:
			best = i
			if strings.HasPrefix(line[i:], " --") || strings.HasPrefix(line[i:], " |") {
				flag = i
			}
		}
		if flag >= 0 {
			best = flag
		}
		cells++
	}
	return best
}

// proseList is "a, b and c".
func proseList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
