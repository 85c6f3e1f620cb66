package cmd

import (
	"cmp"
	"slices"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/output"
)

// jsonDocuments are all documents that some command prints. What JSON a command
// prints is in the document of its own name, or that of its noun; a test sees to
// it.
func jsonDocuments() []output.Document {
	const exported = "A list of these, as import reads them."
	return append(output.Nouns(),
		output.DocumentOf[output.Hit]("search", "A list of these, the best first."),
		output.DocumentOf[output.Stats]("stats", "The whole catalog in numbers."),
		output.DocumentOf[importSummary]("import", "What an import did; import KIND --template prints a list of texts."),
		output.DocumentOf[catalogSummary]("import catalog", "What an import of a whole catalog did."),
		output.DocumentOf[output.ExportMovie]("export movies", exported),
		output.DocumentOf[output.ExportPerson]("export persons", exported),
		output.DocumentOf[output.ExportCharacter]("export characters", exported),
		output.DocumentOf[output.ExportGenre]("export genres", exported),
		output.DocumentOf[output.ExportCountry]("export countries", exported),
		output.DocumentOf[output.ExportUser]("export users", exported),
		output.DocumentOf[output.ExportFavorite]("export favorites", exported),
		output.DocumentOf[output.ExportPhoto]("export photos", exported),
		output.DocumentOf[filePath]("file path", "Where the content of a file is."),
		output.DocumentOf[gcSummary]("file gc", "What was collected."),
		output.DocumentOf[output.Finding]("check", "A list of these, as they are found; what was repaired comes last."),
		output.DocumentOf[backupSummary]("backup", "What was backed up."),
		output.DocumentOf[restoreSummary]("restore", "What was restored."),
		output.DocumentOf[setting]("config", "A list of these, one for each setting."),
		output.DocumentOf[completionScript]("completion", "The script for a shell."),
		output.DocumentOf[versionInfo]("version", "The version."),
		output.DocumentOf[manPage]("man", "A list of these, one for each page."),
		output.DocumentOf[helpDocument]("help", "The help of a command."),
		output.DocumentOf[output.FieldDoc]("help json", "A list of these, one for each field."),
		output.DocumentOf[exitCode]("help exit-codes", "A list of these, one for each code."),
		output.DocumentOf[variable]("help environment", "A list of these, one for each variable."),
		output.DocumentOf[errorDocument]("error", "Any error, on standard error."),
	)
}

func jsonText() string {
	var b strings.Builder
	b.WriteString(`--json, or -o json, prints one document: an object for one record, a list for
several. -o jsonl prints an object a line. Fields are only ever added. What is not
known is null and present, a list without elements is []. Ids and numbers are
printed to the last digit, dates as they were entered (1999, 1999-03 or
1999-03-31), times as RFC 3339 in UTC.

--fields id,title,director.name picks fields and orders them, in every format; a
path goes through lists: genres.name, cast.actor.name.

--jq EXPRESSION prints what an expression of jq makes of the document, without jq:
strings as they are, other values as compact JSON, one a line, with the names of
an object in alphabetical order. It sees the whole document, with -o jsonl one
object at a time, and nothing else: no environment, no files, no other input. A
wrong expression is exit code 2, before anything is done. An error while it runs
is exit code 1; what the command has changed stays changed.

  moviedb movie list --jq '.[] | select(.duration > 180) | .title'
  moviedb movie show "Alien (1979)" --jq '.cast[].actor.name'
  moviedb movie add Moon --jq .id

These are the documents. add and edit print what list has of a record, delete the
record as it was, merge the record that stays. genre link and unlink, user
favorite, unfavorite and favorites print movies. The lines of export catalog are
the rows of the tables of the catalog.
`)
	for _, d := range jsonDocuments() {
		b.WriteString("\n" + documentText(d))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// documentText is a document and its fields.
func documentText(d output.Document) string {
	items := make([]definition, len(d.Fields))
	for i, f := range d.Fields {
		text := f.Type
		if f.Null {
			text += " or null"
		}
		if len(f.In) > 0 && !slices.Contains(f.In, "list") {
			text += ", only in " + strings.Join(f.In, " and ")
		}
		items[i] = definition{f.Name, text + ": " + f.Text}
	}
	return d.Name + ": " + d.Text + "\n\n" + definitions(items, helpWidth)
}

// findDocuments are the documents of a noun or command: "file" has those of
// "file gc" as well.
func findDocuments(word string) ([]output.Document, error) {
	all := jsonDocuments()
	found := slices.DeleteFunc(slices.Clone(all), func(d output.Document) bool {
		return d.Name != word && !strings.HasPrefix(d.Name, word+" ")
	})
	if len(found) > 0 {
		return found, nil
	}
	var names []string
	for _, d := range all {
		names = append(names, d.Name)
	}
	hint := cmp.Or(nearWord(word, names), "one of "+strings.Join(names, ", "))
	return nil, usagef("moviedb help", "no document %s; did you mean %s?", catalog.Quote(word), hint)
}

// jsonAbout tells of the documents of one noun.
func jsonAbout(word string) (string, error) {
	docs, err := findDocuments(word)
	var parts []string
	for _, d := range docs {
		parts = append(parts, documentText(d))
	}
	return strings.Join(parts, "\n"), err
}

// listFields prints every field of every document, or of those of one noun.
func listFields(a *app, words []string) error {
	docs := jsonDocuments()
	if len(words) == 1 {
		var err error
		if docs, err = findDocuments(words[0]); err != nil {
			return err
		}
	}
	var fields []output.FieldDoc
	for _, d := range docs {
		fields = append(fields, d.Fields...)
	}
	_, err := output.List(a.printer(), nil, mapped(fields, func(f output.FieldDoc) output.FieldDoc { return f }))
	return err
}
