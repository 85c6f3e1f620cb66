package cmd

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
)

// topic is something that help tells of and that is no command.
type topic struct {
	name, short string
	text        func() string                      // paragraphs, and lines that begin with a space
	list        func(a *app, words []string) error // prints it as a list; nil if it is none
	about       func(word string) (string, error)  // tells of one thing in it; nil if there is none
}

// topics are all of them, in the order help lists them.
func topics() []topic {
	return []topic{
		{name: "names", short: "How to name a movie, a person or another record", text: namesText},
		{name: "json", short: "Every field of JSON, --fields and --jq", text: jsonText, list: listFields, about: jsonAbout},
		{name: "exit-codes", short: "What the exit codes and the errors in JSON mean", text: exitCodesText, list: listExitCodes},
		{name: "environment", short: "The variables that are heeded", text: environmentText, list: listVariables},
	}
}

func topicNames() []string {
	var names []string
	for _, t := range topics() {
		names = append(names, t.name)
	}
	return names
}

// findTopic returns the topic that help was asked for.
func findTopic(words []string) (topic, bool) {
	if len(words) == 0 {
		return topic{}, false
	}
	i := slices.IndexFunc(topics(), func(t topic) bool { return t.name == words[0] })
	if i < 0 {
		return topic{}, false
	}
	return topics()[i], true
}

// showTopic prints a topic: as a list where it is one and a format other than a
// table is asked for, else as a text.
func (a *app) showTopic(c *cobra.Command, t topic, words []string) error {
	if len(words) > 1 || len(words) == 1 && t.about == nil {
		return usagef(c.CommandPath(), "one word too many: %s", catalog.Quote(words[len(words)-1]))
	}
	if f := a.format(); t.list != nil && (a.fields != nil || f != "" && f != output.Table) {
		return t.list(a, words)
	}
	text, err := t.text(), error(nil)
	if len(words) == 1 {
		if text, err = t.about(words[0]); err != nil {
			return err
		}
	}
	show := func(width int) string { return reflow(text, width) + "\n" }
	return a.showHelp("moviedb help "+t.name, func() error {
		_, err := io.WriteString(a.paged(), show(a.helpCells()))
		return err
	}, func() string { return show(helpWidth) })
}

func namesText() string {
	return `Wherever a command takes a record it takes an id or a name. Case, accents and the
form of Unicode do not matter, nor do ß and ss, œ and oe, ø and o, ł and l.

  12, id:12              the record with id 12; all digits is always an id
  Solaris                the one film of that title
  "Solaris (1972)"       title and year of release
  title:1917             the film called 1917
  name:2001              another record whose name is all digits
  "Tom Holland"          a person, by the whole name
  "Holland, Tom"         the same, last name first
  "Tom Holland (1996)"   name and year of birth
  USA, US                a country, by name, ISO 3166 code or common alias
  ripley.png             a file, by the name it came with
  ann                    a user, by username

A name that several records have is never taken for the first of them: the
command ends with exit code 4 and lists id, name and year of each. A name that no
record has ends it with exit code 3 and the nearest names.

A title with a year behind it, "X (1972)", is tried as a whole title and as title
and year. Put a name of several words in quotes, and write -- before one that
begins with a dash.`
}

// exitCode is a line of help exit-codes. Fields are only ever added.
type exitCode struct {
	Code  int      `json:"code" doc:"exit code of the process"`
	When  string   `json:"when" doc:"what has happened"`
	Words []string `json:"words" doc:"what error.code can be in JSON"`
}

func exitCodes() []exitCode {
	return []exitCode{
		{exitDone, "done; an empty list; already so", []string{}},
		{exitFailed, "anything else: disk, database, refused import, wrong password, findings", []string{"error", "rejected", "findings"}},
		{exitUsage, "wrong usage, or an invalid value", []string{"usage", "invalid"}},
		{exitNotFound, "a named thing does not exist", []string{"not_found"}},
		{exitConflict, "conflict: exists already, ambiguous name, still in use", []string{"exists", "ambiguous", "in_use"}},
		{exitPartly, "an import partly done: --keep-going with bad rows", []string{"partly"}},
		{exitBusy, "another process kept the catalog locked past --busy-timeout", []string{"busy"}},
		{exitInterrupted, "interrupted; nothing half done", []string{"interrupted"}},
	}
}

func exitCodesText() string {
	var b strings.Builder
	b.WriteString(`A script can rely on these.

`)
	for _, e := range exitCodes() {
		fmt.Fprintf(&b, "  %3d  %s\n", e.Code, e.When)
		if len(e.Words) > 0 {
			fmt.Fprintf(&b, "       in JSON: %s\n", strings.Join(e.Words, ", "))
		}
	}
	b.WriteString(`
Where JSON is asked for an error is one document on standard error, and standard
output is empty:

  {"error":{"code":"not_found","message":"no movie \"Solarsi\" in the catalog"}}

help json error lists its fields.`)
	return b.String()
}

func listExitCodes(a *app, _ []string) error {
	_, err := output.List(a.printer(), nil, mapped(exitCodes(), func(e exitCode) exitCode { return e }))
	return err
}

// variable is a line of help environment. Fields are only ever added.
type variable struct {
	Name string `json:"name" doc:"name of the variable"`
	Text string `json:"text" doc:"what it does"`
}

func variables() []variable {
	return []variable{
		{"MOVIEDB_DB", "path of the catalog, as --db"},
		{"MOVIEDB_FILES", "directory of the pictures, as --files"},
		{"MOVIEDB_OUTPUT", "format of what is printed, as --output"},
		{"MOVIEDB_COLOR", "auto, always or never, as --color"},
		{"MOVIEDB_NO_INPUT", "1: never ask, as --no-input"},
		{"MOVIEDB_ACCESSIBLE", "1: ask line by line, as --accessible"},
		{"ACCESSIBLE", "anything: the same"},
		{"MOVIEDB_BUSY_TIMEOUT", "how long to wait for a locked catalog, as --busy-timeout"},
		{"MOVIEDB_JOURNAL", "wal; or delete, where processes cannot share memory, as on some network drives: then readers and writers wait for each other"},
		{"MOVIEDB_QUIET", "1: no notes and no progress, as --quiet"},
		{"MOVIEDB_CONFIG", "file to read settings from, as --config"},
		{"MOVIEDB_PAGER, PAGER", "command that long output on a terminal goes through; empty or cat is none, the default is less"},
		{"LESS", "options of less; FRX unless set"},
		{"NO_COLOR", "not empty: no colour"},
		{"TERM", "dumb: no colour, and no pager unless one is named"},
		{"COLUMNS", "width of the terminal in cells, whatever it says itself"},
		{"XDG_DATA_HOME", "where moviedb/moviedb.db is, ~/.local/share unless set"},
		{"XDG_CONFIG_HOME", "where moviedb/config.toml is, ~/.config unless set"},
		{"XDG_STATE_HOME", "where drafts of forms are kept, in moviedb, ~/.local/state unless set"},
		{"VISUAL, EDITOR", "command that edits a long text of a form; nano unless set"},
	}
}

func environmentText() string {
	var items []definition
	for _, v := range variables() {
		items = append(items, definition{v.Name, v.Text})
	}
	return `A flag wins over a variable, a variable over the configuration file, the file over
the default. moviedb config prints every setting, its value and where it comes
from.

` + definitions(items, helpWidth) + `
The configuration file is TOML; its keys are the names of the variables without
MOVIEDB_, in small letters:

  db = "~/films/films.db"
  color = "never"
  busy_timeout = "10s"`
}

func listVariables(a *app, _ []string) error {
	_, err := output.List(a.printer(), nil, mapped(variables(), func(v variable) variable { return v }))
	return err
}

// importColumns is what help import adds: the columns of every kind of file.
func importColumns() string {
	var items []definition
	for _, k := range importKinds() {
		items = append(items, definition{k.name, strings.Join(k.names, ", ")})
	}
	return `

Dates are 1999, 1999-03 or 1999-03-31, or what --date-format says. A duration is
136, 2h 16m, 2:16 or PT2H16M. A blank cell is no value.

The columns of each kind of file are these; common other names for them are known,
and --map 'Header=column' says the rest. Order, case and spaces do not matter.

` + definitions(items, helpWidth)
}
