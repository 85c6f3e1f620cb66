package cmd

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
)

// manPage is what --json prints of a manual page. Fields are only ever added.
type manPage struct {
	Command string `json:"command" doc:"command the page is of"`
	Path    string `json:"path" doc:"the page, below the directory given"`
}

func newManCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "man DIR", Short: "Write manual pages",
		Long: `Write a manual page of section 1 for every command into a directory, which is made
if it is not there. Pages of an earlier time are replaced, other files are left
alone. The same program writes the same bytes.

man moviedb finds them where the directory is a man1 below one of MANPATH, such as
~/.local/share/man/man1.`,
		Example: `  moviedb man ~/.local/share/man/man1
  moviedb man ~/.local/share/man/man1 --jq length`,
		Args: args(1, 1, "a directory for the pages"),
		RunE: func(c *cobra.Command, words []string) error {
			if err := output.CheckFields[manPage](a.fields); err != nil {
				return err
			}
			if words[0] == "" {
				return usagef(c.CommandPath(), "the name of the directory is blank; . is the one you are in")
			}
			return a.writeManual(c.Root(), words[0])
		},
	}
}

// writeManual writes the pages of all commands and tells of them.
func (a *app) writeManual(root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var pages []manPage
	for _, c := range commandTree(root) {
		page := manPage{c.CommandPath(), filepath.Join(dir, pageName(c)+".1")}
		if err := writePage(page.Path, manText(c)); err != nil {
			return err
		}
		pages = append(pages, page)
	}
	if a.format() == "" && a.fields == nil && a.OutTerminal {
		_, err := fmt.Fprintf(a.Out, "wrote %d manual pages into %s\n", len(pages), catalog.Visible(dir))
		return err
	}
	columns := []string{"path"}
	if a.format() != "" {
		columns = nil
	}
	_, err := output.List(a.printer(), columns, mapped(pages, func(p manPage) manPage { return p }))
	return err
}

// commandTree is a command and all below it, each before those below it.
func commandTree(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		if isShown(sub) {
			all = append(all, commandTree(sub)...)
		}
	}
	return all
}

// pageName is "moviedb-movie-add".
func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// writePage puts a page in place at once, whole or not at all.
func writePage(path, text string) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".moviedb-man-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // is gone if all went well
	_, err = tmp.WriteString(text)
	err = cmp.Or(err, tmp.Chmod(0o644), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// manText is the page of a command in the macros of man(7).
func manText(c *cobra.Command) string {
	r := &roff{}
	r.line(fmt.Sprintf(`.TH %s 1 %s "moviedb %s" "User Commands"`, strings.ToUpper(pageName(c)), released, release))
	r.section("NAME")
	r.line(roffEscape(pageName(c)) + ` \- ` + roffEscape(c.Short))
	r.section("SYNOPSIS")
	for _, line := range useLines(c) {
		r.line(`.B ` + roffEscape(line))
	}
	r.section("DESCRIPTION")
	r.prose(longText(c))
	for _, s := range commandSections(c) {
		title, _, _ := strings.Cut(strings.TrimSuffix(s.title, ":"), ",")
		r.section(strings.ToUpper(title))
		r.definitions(s.items)
	}
	own, global := flagsOf(c)
	if len(own) > 0 {
		r.section("OPTIONS")
		r.definitions(own)
	}
	if len(global) > 0 {
		r.section("GLOBAL OPTIONS")
		r.definitions(global)
	}
	if c.Name() == "help" {
		for _, t := range topics() {
			r.section(strings.ToUpper(strings.ReplaceAll(t.name, "-", " ")))
			r.prose(t.text())
		}
	}
	if c.Example != "" {
		r.section("EXAMPLES")
		r.literal(strings.Split(c.Example, "\n"))
	}
	if !c.HasParent() {
		r.section("EXIT STATUS")
		for _, e := range exitCodes() {
			r.definitions([]definition{{fmt.Sprint(e.Code), e.When}})
		}
		r.section("ENVIRONMENT")
		for _, v := range variables() {
			r.definitions([]definition{{v.Name, v.Text}})
		}
	}
	r.section("SEE ALSO")
	r.line(seeAlso(c))
	return r.b.String()
}

// seeAlso names the pages around a command.
func seeAlso(c *cobra.Command) string {
	var names []string
	add := func(c *cobra.Command) { names = append(names, `\fB`+roffEscape(pageName(c))+`\fR(1)`) }
	if c.HasParent() {
		add(c.Parent())
	}
	for _, sub := range c.Commands() {
		if isShown(sub) {
			add(sub)
		}
	}
	return strings.Join(names, ",\n")
}

// roff builds a page.
type roff struct {
	b     strings.Builder
	begun bool // the section has a paragraph already
}

// line writes a line that is roff already.
func (r *roff) line(s string) { r.b.WriteString(s + "\n") }

func (r *roff) section(title string) {
	r.line(".SH " + title)
	r.begun = false
}

// paragraph begins one, unless the section has just begun.
func (r *roff) paragraph() {
	if r.begun {
		r.line(".PP")
	}
	r.begun = true
}

// text writes a line of text, which is no request whatever it begins with.
func (r *roff) text(s string) {
	s = roffEscape(s)
	if strings.HasPrefix(s, ".") {
		s = `\&` + s
	}
	r.line(s)
}

// fill writes text whose lines may be broken anew.
func (r *roff) fill(s string) {
	const width = 60 // escapes make it longer
	for line := range strings.Lines(hang("", "", s, width)) {
		r.text(strings.TrimSuffix(line, "\n"))
	}
}

// prose writes paragraphs, and lines that begin with a space as they are.
func (r *roff) prose(text string) {
	for part := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if lines := strings.Split(part, "\n"); strings.HasPrefix(part, " ") {
			r.literal(lines)
		} else {
			r.paragraph()
			r.fill(part)
		}
	}
}

// literal writes lines as they are.
func (r *roff) literal(lines []string) {
	r.paragraph()
	r.line(".RS 2\n.nf")
	for _, line := range lines {
		r.text(strings.TrimPrefix(line, "  "))
	}
	r.line(".fi\n.RE")
}

func (r *roff) definitions(items []definition) {
	for _, d := range items {
		r.line(".TP")
		r.line(`.B ` + roffEscape(strings.TrimSpace(d.word)))
		r.fill(d.text)
	}
}

// roffEscape makes a text literal: backslashes, dashes that can be copied, and
// characters beyond ASCII, whatever the encoding of the page is taken for.
func roffEscape(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c == '\\':
			b.WriteString(`\e`)
		case c == '-':
			b.WriteString(`\-`)
		case c == '\'':
			b.WriteString(`\(aq`)
		case c == '`':
			b.WriteString(`\(ga`)
		case c == '^':
			b.WriteString(`\(ha`)
		case c == '~':
			b.WriteString(`\(ti`)
		case c == '"':
			b.WriteString(`\(dq`)
		case c > 0x7e:
			fmt.Fprintf(&b, `\[u%04X]`, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
