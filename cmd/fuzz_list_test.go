package cmd_test

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/fuzzkit"
)

// listNouns are the nouns whose lists are fuzzed.
func listNouns() []string {
	return []string{"movie", "person", "character", "genre", "country", "user"}
}

// crowded is a home whose catalog has many records that are equal in what lists
// sort by, records that lack it, and values with something in them.
func crowded(t testing.TB) *inside {
	t.Helper()
	in := newInside(t)
	files := map[string]string{
		"countries": "name\nFrance\n\"a\tb|c\"\n\"Congo, Republic\"\n",
		"genres":    "name,notes\nDrama,\nWar,\"two\nlines\"\n\"a|b\",x\n",
		"users":     "username,first_name,last_name,email\nada,Ada,L,ada@example.org\nbob,,L,\ncy,Cy,,cy@example.org\n",
	}
	var movies, persons, parts strings.Builder
	movies.WriteString("title,release_date,duration,budget,country,director,genres,description\n")
	persons.WriteString("first_name,last_name,date_of_birth,gender,country,biography\n")
	parts.WriteString("movie,actor,name,role,description\n")
	for i := range 40 {
		pick := func(list ...string) string { return list[i*i%len(list)] }
		fmt.Fprintf(&movies, "%s %d,%s,%s,%s,%s,%s,%s,%s\n", pick("The a", "A", "á", "b"), i/2, pick("", "1972", "1972-05", fmt.Sprint(1900+i)), pick("", "90", "120"),
			pick("0", "", "1000", "0.5"), pick("", "France", "USA"), pick("", "Ada 1", "Bo 2", "Cher"), pick("", "Drama", "War|Drama"), pick("", "x"))
		fmt.Fprintf(&persons, "%s,%s %d,%s,%s,%s,%s\n", pick("Ada", "", "ada"), pick("x", "X", "de x"), i/3, pick("", "1972", fmt.Sprint(1900+i), "1972-05"), pick("", "f", "F", "m"), pick("France", ""), pick("", "y"))
		fmt.Fprintf(&parts, "%s %d,%s,%s,%s,%s\n", pick("M", "N"), i/4, pick("Cher", "", "Ada 1"), fmt.Sprint(pick("A", "a", "B"), i), pick("", "lead", "self"), pick("", "z"))
	}
	files["movies"], files["persons"], files["characters"] = movies.String(), persons.String(), parts.String()
	for _, kind := range []string{"countries", "genres", "users", "movies", "persons", "characters"} {
		in.files[kind] = strings.ReplaceAll(files[kind], "\t", " ")
		in.must("import", kind, kind)
	}
	return in
}

// at is the same home for another test.
func (in *inside) at(t *testing.T) *inside {
	other := *in
	other.t = t
	return &other
}

// known returns the words that an error lists as the known ones for a flag.
func known(t testing.TB, in *inside, noun, flag string) []string {
	t.Helper()
	r := in.run(noun, "list", flag, "nosuch")
	_, list, ok := strings.Cut(strings.TrimSpace(r.err), "known ")
	_, list, _ = strings.Cut(list, ": ")
	if r.code != 2 || !ok || list == "" {
		t.Fatalf("%s list %s nosuch: exit %d, %s", noun, flag, r.code, r.err)
	}
	return strings.Split(list, ", ")
}

// someOf makes a list of known words with commas between them, and rarely
// something else.
func someOf(s *fuzzkit.Source, raw string, words []string, signs ...string) string {
	var list []string
	for range 1 + s.N(4) {
		word := fuzzkit.Pick(s, words...)
		if s.N(32) == 31 {
			word = raw
		}
		list = append(list, fuzzkit.Pick(s, "", "", "", " ")+fuzzkit.Pick(s, signs...)+word)
	}
	return strings.Join(list, ",")
}

// listSeeds gives a fuzzer of lists its seeds.
func listSeeds(f *testing.F, texts ...string) {
	for i, s := range slices.Concat(texts, fuzzkit.Every(8, fuzzkit.Hostile()), fuzzkit.Every(128, fuzzkit.Shared(f))) {
		f.Add(byte(i), []byte(nil), s, byte(i*7))
		f.Add(byte(i), []byte{byte(i), byte(i * 5), byte(i * 11), byte(i * 17), byte(i * 3), byte(i * 23)}, s, byte(i*7))
	}
}

// FuzzSort: the value of --sort is refused with a reason, or the order it asks
// for is total: it is the same each time, and the pages are the whole.
func FuzzSort(f *testing.F) {
	listSeeds(f, "title", "-release_date,title", "id", "-id", "random", "title,,", "-", "--title", "title,title", "name,-id,name", "-random", "random,id")
	home, nouns, keys := crowded(f), listNouns(), map[string][]string{}
	for _, n := range nouns {
		keys[n] = known(f, home, n, "--sort")
	}
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, which byte, shape []byte, raw string, page byte) {
		share.Try(t)
		noun, text := nouns[int(which)%len(nouns)], raw
		if len(shape) > 0 {
			text = someOf(fuzzkit.From(shape), raw, keys[noun], "", "", "-")
		}
		in := home.at(t)
		r := in.run(noun, "list", "--sort="+text, "-o", "json")
		harmless(t, "what is said of an order", r.err)
		if r.code != 0 {
			if r.code != 2 || r.out != "" || strings.TrimSpace(r.err) == "" {
				t.Errorf("--sort=%q: exit %d, %q, %q", text, r.code, r.out, r.err)
			}
			return
		}
		share.Accept()
		rows := objects(t, r.out)
		inOrder(t, rows, text)
		if all := ids(objects(t, in.must(noun, "list", "-o", "json"))); !slices.Equal(all, slices.Sorted(slices.Values(ids(rows)))) {
			t.Errorf("--sort=%q lists %v, there are %v", text, ids(rows), all)
		}
		if strings.TrimSpace(text) != "random" {
			samePages(in, noun, text, ids(rows), 3+int(page)%len(rows))
		}
	})
}

// objects reads a JSON array.
func objects(t testing.TB, text string) (list []map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("%v: %q", err, text)
	}
	return list
}

// ids are the ids of records.
func ids(rows []map[string]any) []int {
	list := []int{}
	for _, row := range rows {
		list = append(list, int(row["id"].(float64)))
	}
	return list
}

// samePages fails unless a list comes again in pages: by offset, and each after
// the last record of the one before.
func samePages(in *inside, noun, text string, want []int, n int) {
	in.t.Helper()
	var byOffset, byAfter []int
	read := func(args ...string) []int {
		args = append([]string{noun, "list", "--sort=" + text, "-o", "json", "--fields", "id", "--limit", strconv.Itoa(n)}, args...)
		return ids(objects(in.t, in.must(args...)))
	}
	for len(byOffset) < len(want) {
		page := read("--offset", strconv.Itoa(len(byOffset)))
		if byOffset = append(byOffset, page...); len(page) == 0 {
			break
		}
	}
	for page := read(); len(page) > 0; page = read("--after", strconv.Itoa(page[len(page)-1])) {
		if byAfter = append(byAfter, page...); len(byAfter) > len(want) {
			break
		}
	}
	if !slices.Equal(byOffset, want) || !slices.Equal(byAfter, want) {
		in.t.Errorf("%s list --sort=%q\nwhole           %v\nby %3d, offset  %v\nby %3d, after   %v", noun, text, want, n, byOffset, n, byAfter)
	}
}

// inOrder fails unless records stand in an order whose keys are all compared as
// JSON has them: absent last, and then by id.
func inOrder(t *testing.T, rows []map[string]any, text string) {
	t.Helper()
	plain := []string{"id", "release_date", "date_of_birth", "duration", "budget", "gender", "role", "created_at", "updated_at"}
	keys := strings.Split(text, ",")
	for i, k := range keys {
		keys[i] = strings.TrimSpace(k)
		if !slices.Contains(plain, strings.TrimPrefix(keys[i], "-")) {
			return
		}
	}
	if last := keys[len(keys)-1]; strings.HasPrefix(last, "-") {
		keys = append(keys, "-id")
	} else {
		keys = append(keys, "id")
	}
	if !slices.IsSortedFunc(rows, func(a, b map[string]any) int {
		for _, k := range keys {
			name, down := strings.CutPrefix(k, "-")
			if c := compareValues(a[name], b[name], down); c != 0 {
				return c
			}
		}
		return 0
	}) {
		t.Errorf("--sort=%q gives %v", text, rows)
	}
}

// compareValues compares values of JSON; null is last both ways.
func compareValues(a, b any, down bool) int {
	sign := 1
	if down {
		sign = -1
	}
	switch a := a.(type) {
	case string:
		if b, ok := b.(string); ok {
			return sign * cmp.Compare(a, b)
		}
		return -1
	case float64:
		if b, ok := b.(float64); ok {
			return sign * cmp.Compare(a, b)
		}
		return -1
	}
	if b == nil {
		return 0
	}
	return 1
}

// FuzzFields: the value of --fields is refused with a reason, or every format
// has these fields, in this order, and nothing that harms a terminal.
func FuzzFields(f *testing.F) {
	listSeeds(f, "id", "id,title,director.name", "director", "id,id", "id,,", "ID", "genres.name", "title.x", "id, name")
	home, nouns, fields := crowded(f), listNouns(), map[string][]string{}
	for _, n := range nouns {
		fields[n] = known(f, home, n, "--fields")
	}
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, which byte, shape []byte, raw string, format byte) {
		share.Try(t)
		noun, text := nouns[int(which)%len(nouns)], raw
		if len(shape) > 0 {
			text = someOf(fuzzkit.From(shape), raw, fields[noun], "")
		}
		in := home.at(t)
		in.terminal = format%2 == 0
		name := []string{"table", "tsv", "csv", "json", "jsonl", "markdown"}[int(format/2)%6]
		r := in.run(noun, "list", "--limit", "7", "--fields="+text, "--header", "-o", name)
		harmless(t, "what is said of fields", r.err)
		if r.code != 0 {
			if r.code != 2 || r.out != "" || strings.TrimSpace(r.err) == "" {
				t.Errorf("--fields=%q: exit %d, %q, %q", text, r.code, r.out, r.err)
			}
			return
		}
		share.Accept()
		var want []string
		for part := range strings.SplitSeq(text, ",") {
			want = append(want, strings.TrimSpace(part))
		}
		hasFields(t, name, r.out, want)
	})
}

// hasFields fails unless what was printed in a format has these fields.
func hasFields(t *testing.T, format, text string, want []string) {
	t.Helper()
	switch format {
	case "json", "jsonl":
		if format == "jsonl" {
			text = "[" + strings.ReplaceAll(strings.TrimSpace(text), "\n", ",") + "]"
		}
		for _, row := range objects(t, text) {
			tops := map[string]bool{}
			for _, path := range want {
				top, _, _ := strings.Cut(path, ".")
				tops[top] = true
				if _, ok := row[top]; !ok {
					t.Errorf("%q is not in %v", top, row)
				}
			}
			if len(row) != len(tops) {
				t.Errorf("fields %q give %v", want, row)
			}
		}
		return
	case "csv":
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(rows) < 2 || !slices.Equal(rows[0], want) {
			t.Errorf("fields %q as CSV: %v, %q", want, err, text)
		}
		return
	case "tsv":
		header, _, _ := strings.Cut(text, "\n")
		if !slices.Equal(strings.Split(header, "\t"), want) {
			t.Errorf("fields %q as TSV: %q", want, header)
		}
		text = strings.ReplaceAll(text, "\t", "")
	}
	harmless(t, "a list", text)
}
