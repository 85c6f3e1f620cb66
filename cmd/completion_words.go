package cmd

import (
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
)

// registerCompletions says of every argument and every flag of the tree what may
// stand there. Arguments are known by their word in the usage line, flags by
// their name.
func (a *app) registerCompletions(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	var down func(*cobra.Command)
	down = func(c *cobra.Command) {
		if c.HasParent() {
			c.ValidArgsFunction = a.completeArgument
		}
		flags := func(f *pflag.Flag) {
			if complete := a.flagCompletion(c, f); complete != nil {
				c.RegisterFlagCompletionFunc(f.Name, complete) // fails only for a flag met twice
			}
			_, f.Usage = pflag.UnquoteUsage(f) // as a description
		}
		c.LocalNonPersistentFlags().VisitAll(flags)
		c.PersistentFlags().VisitAll(flags)
		for _, sub := range c.Commands() {
			down(sub)
		}
	}
	down(root)
}

// kindOf returns the kind of record that a word stands for.
func kindOf(word string) (catalog.Kind, bool) {
	switch k := catalog.Kind(strings.ToLower(word)); k {
	case catalog.KindMovie, catalog.KindPerson, catalog.KindGenre, catalog.KindCountry, catalog.KindUser:
		return k, true
	}
	return "", false
}

// completeArgument completes an argument by its word in the usage line: MOVIE is
// a movie, "FILE|-" a path.
func (a *app) completeArgument(c *cobra.Command, words []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	word := argumentWord(c.Use, len(words))
	noun := ""
	if c.HasParent() {
		noun = c.Parent().Name()
	}
	kind, ok := kindOf(word)
	switch {
	case ok:
		return a.completeNames(kind)(c, words, typed)
	case word == "FILE" && noun == "file" && c.Name() != "add":
		return a.completeNames(catalog.KindFile)(c, words, typed)
	case strings.Contains(word, "FILE"):
		return nil, cobra.ShellCompDirectiveDefault
	case word == "DIR":
		return nil, cobra.ShellCompDirectiveFilterDirs
	case word == "SHELL":
		return beginning(shells(), typed), cobra.ShellCompDirectiveNoFileComp
	case strings.HasPrefix(word, "COMMAND"):
		return completeHelp(c.Root(), words, typed), cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// argumentWord returns the word for the argument after n others in a usage line
// such as "link GENRE MOVIE…", "" if there is none.
func argumentWord(use string, n int) string {
	words := strings.Fields(use)[1:]
	if i := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") }); i >= 0 {
		words = words[:i]
	}
	if len(words) == 0 {
		return ""
	}
	last := words[len(words)-1]
	if n >= len(words) && !strings.Contains(last, "…") && !strings.Contains(last, "COMMAND") { // as deep as commands go
		return ""
	}
	return strings.Trim(words[min(n, len(words)-1)], "[]…")
}

// completeHelp completes the command or the topic that help is wanted on.
func completeHelp(at *cobra.Command, words []string, typed string) []cobra.Completion {
	var found []cobra.Completion
	add := func(name, short string) {
		if strings.HasPrefix(name, typed) {
			found = append(found, cobra.CompletionWithDesc(name, short))
		}
	}
	if t, ok := findTopic(words); ok {
		if t.name == "json" && len(words) == 1 {
			for _, d := range jsonDocuments() {
				if !strings.Contains(d.Name, " ") {
					add(d.Name, d.Text)
				}
			}
		}
		return found
	}
	if len(words) == 0 {
		for _, t := range topics() {
			add(t.name, t.short)
		}
	}
	for _, w := range words {
		i := slices.IndexFunc(at.Commands(), func(sub *cobra.Command) bool { return sub.Name() == w })
		if i < 0 {
			return nil
		}
		at = at.Commands()[i]
	}
	for _, sub := range at.Commands() {
		if !sub.Hidden {
			add(sub.Name(), sub.Short)
		}
	}
	return found
}

// flagCompletion returns what completes the value of a flag, nil if it has none
// or if it is the path of a file.
func (a *app) flagCompletion(c *cobra.Command, f *pflag.Flag) cobra.CompletionFunc {
	switch f.Name {
	case "director", "actor", "person":
		return a.completeNames(catalog.KindPerson)
	case "country":
		return a.completeNames(catalog.KindCountry)
	case "genre", "add-genre", "remove-genre":
		return a.completeNames(catalog.KindGenre)
	case "movie":
		return a.completeNames(catalog.KindMovie)
	case "user", "favorite-of":
		return a.completeNames(catalog.KindUser)
	case "into":
		kind, _ := kindOf(c.Parent().Name())
		return a.completeNames(kind)
	case "db", "config", "rejects", "poster", "avatar":
		return nil
	case "files":
		return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		}
	case "fields":
		return func(c *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return commaList(fieldsOf(c), typed)
		}
	case "sort":
		keys := bothWays(choices(f.Usage))
		if strings.Contains(f.Usage, "random") {
			keys = append(keys, "random")
		}
		return func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return commaList(keys, typed)
		}
	case "missing", "kind", "types", "role":
		words := choices(f.Usage)
		return func(c *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return commaList(words, typed)
		}
	case "output", "color", "on-conflict":
		words := choices(f.Usage)
		return func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return beginning(words, typed), cobra.ShellCompDirectiveNoFileComp
		}
	}
	return cobra.NoFileCompletions
}

// choices returns the words that the help of a flag lists: "one: a, b or c; …" or
// "`a|b|c`".
func choices(usage string) []string {
	name, _ := pflag.UnquoteUsage(&pflag.Flag{Usage: usage})
	list := name
	if !strings.Contains(name, "|") {
		_, list, _ = strings.Cut(usage, ": ")
		list, _, _ = strings.Cut(list, ";")
		list, _, _ = strings.Cut(list, " (")
	}
	var words []string
	for _, w := range regexp.MustCompile(`, or |, | or |,|\|`).Split(list, -1) {
		if w != "" && !strings.Contains(w, " ") {
			words = append(words, w)
		}
	}
	return words
}

func bothWays(keys []string) []string {
	var both []string
	for _, k := range keys {
		both = append(both, k, "-"+k)
	}
	return both
}

// beginning returns the words that begin as typed.
func beginning(words []string, typed string) []cobra.Completion {
	var found []cobra.Completion
	for _, w := range words {
		if strings.HasPrefix(w, typed) {
			found = append(found, w)
		}
	}
	return found
}

// commaList completes the last word of a list with commas; a word that is there
// already is not offered again.
func commaList(words []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	head, last := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		head, last = typed[:i+1], typed[i+1:]
	}
	there := strings.Split(head, ",")
	for i, w := range there {
		there[i] = strings.TrimPrefix(w, "-")
	}
	var found []cobra.Completion
	for _, w := range beginning(words, last) {
		if !slices.Contains(there, strings.TrimPrefix(w, "-")) {
			found = append(found, head+w)
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// fieldsOf returns the JSON names of what a command prints.
func fieldsOf(c *cobra.Command) []string {
	name := strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")
	noun, verb, _ := strings.Cut(name, " ")
	switch {
	case noun == "user" && strings.Contains(verb, "favorite"), noun == "genre" && strings.HasSuffix(verb, "link"):
		noun = "movie"
	}
	docs := jsonDocuments()
	at := slices.IndexFunc(docs, func(d output.Document) bool { return d.Name == name })
	if at < 0 {
		at = slices.IndexFunc(docs, func(d output.Document) bool { return d.Name == noun })
	}
	if at < 0 {
		return nil
	}
	if verb != "show" && verb != "delete" {
		verb = "list" // what others print too
	}
	var names []string
	for _, f := range docs[at].Fields {
		if len(f.In) == 0 || slices.Contains(f.In, verb) {
			names = append(names, f.Name)
		}
	}
	return names
}
