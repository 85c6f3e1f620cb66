package fuzzkit

import (
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
)

// Kinds are the kinds of files that CSV and JSON make.
func Kinds() []string {
	return []string{"movies", "persons", "characters", "genres", "countries", "users"}
}

// headers are the columns of files of a kind: those of exports, and then others.
func headers(kind string) []string {
	return map[string][]string{
		"movies":     {"title", "release_date", "duration", "budget", "country", "director", "genres", "description", "cast", "year"},
		"persons":    {"first_name", "last_name", "date_of_birth", "gender", "country", "biography"},
		"characters": {"movie", "year", "actor", "name", "role", "description"},
		"genres":     {"name", "notes"},
		"countries":  {"name"},
		"users":      {"username", "first_name", "last_name", "email"},
	}[kind]
}

// table makes a header and rows of a kind, which an import is likely to accept.
func table(s *Source, kind, raw string) (header []string, rows [][]string) {
	header = headers(kind)
	if n := s.N(8); n > 5 && n < len(header) {
		header = header[:n]
	}
	for range 1 + s.N(5) {
		row := make([]string, len(header))
		for i, name := range header {
			row[i] = cell(s, name, raw)
		}
		rows = append(rows, row)
	}
	return header, rows
}

// cell makes what may stand in a column.
func cell(s *Source, column, raw string) string {
	text := func() string {
		return Pick(s, "Solaris", "the Rock", "8½", "A & B", "x", "a \"b\"", "\u00a0y", "Ångström", "黒澤 明", "a  b", "=1", "It's", "1917", "(1972)", raw)
	}
	switch column {
	case "title", "movie":
		return text() + Pick(s, "", "", "", "", " 2", " (1972)")
	case "release_date", "date_of_birth":
		return Pick(s, "", "", "1972", "1972-05", "1972-05-13", "2000-02-29")
	case "year":
		return Pick(s, "", "", "", "1972", "1972.0")
	case "duration":
		return Pick(s, "", "", "167", "2h 47m", "2:47", "90 min")
	case "budget":
		return Pick(s, "", "", "0", "1000000", "$1,000.50", "0.1")
	case "country":
		return Pick(s, "", "", "France", "USA", "Korea, Republic of", "Soviet Union", text())
	case "director", "actor":
		return Pick(s, "", "Ada A", "von Trier, Lars", "Cher", "Robert Downey Jr.", text())
	case "genres":
		return Pick(s, "", "Drama", "Drama|War", "War, Drama", `["a|b","c"]`, text(), text()+"|"+text())
	case "cast":
		return Pick(s, "", "", "A as B; C", text()+" as "+text(), text())
	case "email":
		return Pick(s, "", "", "a@example.org", "b@example.org", "")
	case "username":
		return Pick(s, "ada", "bob", "cy", "d", "e2", text())
	case "first_name", "last_name", "name":
		return Pick(s, "Ada", "von Trier", "Jr.", "de", text(), text())
	}
	return Pick(s, "", "", text(), text()+"\n"+text())
}

// CSV returns a file of a kind, as CSV or TSV, that an import is likely to accept;
// here and there raw is in it.
func CSV(s *Source, kind, raw string) string {
	header, rows := table(s, kind, raw)
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = Pick(s, ',', ',', ';', '\t'), s.N(4) == 0
	_ = w.WriteAll(append([][]string{header}, rows...)) // a Builder takes all
	return Pick(s, "", "", "", "\ufeff") + b.String()
}

// JSON is CSV for JSON Lines or one array; lists and numbers are such now and
// then.
func JSON(s *Source, kind, raw string) string {
	header, rows := table(s, kind, raw)
	var objects []string
	for _, row := range rows {
		object := map[string]any{}
		for i, name := range header {
			n, err := strconv.Atoi(row[i])
			switch {
			case row[i] == "" && s.N(2) == 0:
				object[name] = nil
			case err == nil && strconv.Itoa(n) == row[i] && s.N(2) == 0:
				object[name] = n
			case name == "genres" && s.N(2) == 0:
				object[name] = strings.Split(row[i], "|")
			default:
				object[name] = row[i]
			}
		}
		text, _ := json.Marshal(object) // a map of texts and numbers cannot fail
		objects = append(objects, string(text))
	}
	if s.N(3) == 0 {
		return "[" + strings.Join(objects, ",\n") + "]"
	}
	return strings.Join(objects, "\n") + "\n"
}
