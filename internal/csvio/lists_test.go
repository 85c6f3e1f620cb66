package csvio

import (
	"slices"
	"strings"
	"testing"
)

func TestGenresSplitAtBarsElseSemicolonsElseCommas(t *testing.T) {
	for text, want := range map[string][]string{
		"Drama":                        {"Drama"},
		"Action|Drama":                 {"Action", "Drama"},
		"Action;Drama":                 {"Action", "Drama"},
		"Action,Drama":                 {"Action", "Drama"},
		" Action ,  Sci-Fi,Drama ":     {"Action", "Sci-Fi", "Drama"},
		"Action, Adventure | Drama; X": {"Action, Adventure", "Drama; X"},
		"Rock, Roll; Drama":            {"Rock, Roll", "Drama"},
		"|Action||Drama|":              {"Action", "Drama"},
		";":                            nil,
		", ,":                          nil,
		"Action,\u200b,\ufeffDrama":    {"Action", "Drama"},
		"Action,\u00a0Drama":           {"Action", "Drama"},
		"Drama,drama":                  {"Drama", "drama"}, // one genre, says the catalog
	} {
		row, errs, _ := cell(t, "genres", text)
		if len(errs) > 0 || !slices.Equal(row.Genres, want) {
			t.Errorf("%q: got %q, %q, want %q", text, row.Genres, messages(errs), want)
		}
	}
}

func TestCountryIsTheWholeCellElseTheFirstOfItsList(t *testing.T) {
	const note = ` names several countries in a cell (line 2: "`
	for _, tc := range []struct {
		text, want string
		note       bool
	}{
		{"France", "France", false},
		{" U.S. ", "U.S.", false},
		{"Atlantis", "Atlantis", false},
		{"Korea, Republic of", "Korea, Republic of", false},
		{"KOREA,  republic OF", "KOREA,  republic OF", false},
		{"Congo, The Democratic Republic of the", "Congo, The Democratic Republic of the", false},
		{"United States, France", "United States", true},
		{"United States,France, India", "United States", true},
		{", France, India", "France", true},
		{"Atlantis, Lemuria", "Atlantis", true},
		{"France,", "France", false},
		{",France", "France", false},
		{", ,", "", false},
		{"\u200b, France", "France", false},
	} {
		row, errs, r := cell(t, "Country", tc.text)
		if len(errs) > 0 || row.Country != tc.want {
			t.Errorf("%q: got %q, %q, want %q", tc.text, row.Country, messages(errs), tc.want)
		}
		notes := r.Notes()
		if (len(notes) == 1) != tc.note || tc.note && !strings.HasPrefix(notes[0], "Country"+note) {
			t.Errorf("%q: got the notes %q", tc.text, notes)
		}
	}
}

func TestDirectorIsTheFirstOfTheNamesInACell(t *testing.T) {
	for _, tc := range []struct {
		text, want string
		note       bool
	}{
		{"Cher", "Cher", false},
		{"Tom Holland", "Tom Holland", false},
		{"Tom Holland (1996)", "Tom Holland (1996)", false},
		{"Holland, Tom", "Holland, Tom", false},
		{"Davis, Jr.", "Davis, Jr.", false},
		{"Robert Downey, Jr.", "Robert Downey, Jr.", false},
		{"Sammy Davis, Jr., Dean Martin", "Sammy Davis, Jr., Dean Martin", false},
		{"John Doe, III", "John Doe, III", false},
		{"Tyler, the Creator", "Tyler, the Creator", false},
		{"Cher, Sonny Bono", "Cher, Sonny Bono", false},
		{"Lana Wachowski, Lilly Wachowski", "Lana Wachowski", true},
		{"Joel Coen,Ethan Coen", "Joel Coen", true},
		{"Ren\u00e9\u00a0Clair, Luis Bu\u00f1uel", "Ren\u00e9\u00a0Clair", true},
		{"Tom Holland,", "Tom Holland", false},
		{", Tom Holland", "Tom Holland", false},
		{"Cher,", "Cher", false},
		{" ,, Holland, Tom,\u00a0,", "Holland, Tom", false},
		{",", "", false},
		{"Joel Coen; Ethan Coen", "Joel Coen", true},
		{"Cher|Sonny Bono", "Cher", true},
		{`["Cher", "Sonny Bono"]`, "Cher", true},
		{`{"id": 3, "name": "Cher"}`, "Cher", false},
	} {
		row, errs, r := cell(t, "Directed By", tc.text)
		if len(errs) > 0 || row.Director != tc.want {
			t.Errorf("%q: got %q, %q, want %q", tc.text, row.Director, messages(errs), tc.want)
		}
		notes := r.Notes()
		if (len(notes) == 1) != tc.note || tc.note && !strings.HasPrefix(notes[0], "Directed By names several directors in a cell (line 2: \"") {
			t.Errorf("%q: got the notes %q", tc.text, notes)
		}
	}
}

func TestNotesComeOnceForAFileInAFixedOrder(t *testing.T) {
	const text = "title,director,country\nA,Al A,France\nB,\"Al A, Bo B\",\"France, Spain\"\nC,\"Cy C, Di D\",\"Spain, France\"\n"
	want := []string{
		`country names several countries in a cell (line 3: "France, Spain"); the first is taken as the country`,
		`director names several directors in a cell (line 3: "Al A, Bo B"); the first is taken as the director`,
	}
	for range 10 {
		r := open(t, text, "")
		if rows, errs, end := rest(r); len(rows) != 3 || len(errs) > 0 || end != nil {
			t.Fatal(rows, messages(errs), end)
		}
		if got := r.Notes(); !slices.Equal(got, want) {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
}

func TestNotesAreHarmless(t *testing.T) {
	r := open(t, "title,c\x1bountry,dir\u202eector\nA,\"Fr\u202eance, Spain\",\"Al A, B\u202eo B\"\n", "")
	if rows, errs, end := rest(r); len(rows) != 1 || len(errs) > 0 || end != nil {
		t.Fatal(rows, messages(errs), end)
	}
	if len(r.Notes()) != 2 {
		t.Errorf("got %q, want two notes", r.Notes())
	}
	for _, n := range r.Notes() {
		harmless(t, n)
	}
}

func TestCastGrammar(t *testing.T) {
	for text, want := range map[string][]Part{
		"Keanu Reeves":                         {{"Keanu Reeves", ""}},
		"Cher":                                 {{"Cher", ""}},
		"Keanu Reeves as Neo":                  {{"Keanu Reeves", "Neo"}},
		"Keanu Reeves as Neo; Hugo Weaving":    {{"Keanu Reeves", "Neo"}, {"Hugo Weaving", ""}},
		"A as B; C as D":                       {{"A", "B"}, {"C", "D"}},
		"A as B|C as D | E":                    {{"A", "B"}, {"C", "D"}, {"E", ""}},
		"Al A|Bo B":                            {{"Al A", ""}, {"Bo B", ""}},
		"A;B|C":                                {{"A", ""}, {"B", ""}, {"C", ""}},
		"A as B as C":                          {{"A as B", "C"}},
		"as Neo":                               {{"", "Neo"}},
		"as Neo; as Trinity":                   {{"", "Neo"}, {"", "Trinity"}},
		"A; as Neo":                            {{"A", ""}, {"", "Neo"}},
		"Chris Pratt, Vin Diesel,Zoe Saldana":  {{"Chris Pratt", ""}, {"Vin Diesel", ""}, {"Zoe Saldana", ""}},
		"Holland, Tom":                         {{"Holland, Tom", ""}},
		"Holland, Tom; Zendaya":                {{"Holland, Tom", ""}, {"Zendaya", ""}},
		"Davis, Jr.":                           {{"Davis, Jr.", ""}},
		"Holland, Tom as Peter Parker":         {{"Holland, Tom", "Peter Parker"}},
		"A B, C D as E, F":                     {{"A B, C D", "E, F"}}, // commas separate only where nothing else does
		"A as B, the Great; C as D":            {{"A", "B, the Great"}, {"C", "D"}},
		"Thomas Mason":                         {{"Thomas Mason", ""}},
		"Jason Assante, Lucas Asner":           {{"Jason Assante", ""}, {"Lucas Asner", ""}},
		"Ryan ASH AS B":                        {{"Ryan ASH AS B", ""}},
		"A as ; B as C":                        {{"A", ""}, {"B", "C"}},
		"A as":                                 {{"A", ""}},
		"as":                                   nil,
		"A as as B":                            {{"A as", "B"}},
		"A  as  B":                             {{"A", "B"}},
		"A as B;;; ;C":                         {{"A", "B"}, {"C", ""}},
		";|":                                   nil,
		"A\u00a0; \u200b;\ufeffB as \u200bNeo": {{"A", ""}, {"B", "Neo"}},
		"as \u200b; A":                         {{"A", ""}},
		"Tom Holland (1996) as Peter; Zoe (1978)": {{"Tom Holland (1996)", "Peter"}, {"Zoe (1978)", ""}},
	} {
		row, errs, _ := cell(t, "cast", text)
		if len(errs) > 0 || !slices.Equal(row.Cast, want) {
			t.Errorf("%q: got %q, %q, want %q", text, row.Cast, messages(errs), want)
		}
	}
}

func TestCellOfNamesThatStaysWholeIsNotedOnce(t *testing.T) {
	r := open(t, "title,cast\nA,\"Al A, Bo B, Tabu, Cy C\"\nB,\"Al A, Cher\"\nC,\"Al A, Bo B, Cy C, Prince\"\n", "")
	rows, errs, end := rest(r)
	if len(errs) > 0 || end != nil || len(rows) != 3 || !slices.Equal(rows[0].Cast, []Part{{"Al A, Bo B, Tabu, Cy C", ""}}) {
		t.Errorf("got %+v, %q, %v", rows, messages(errs), end)
	}
	want := `cast has a single word between commas (line 2: "Tabu" in "Al A, Bo B, Tabu, Cy C"); such a cell is taken as one name, separate its names with ;`
	if got := r.Notes(); !slices.Equal(got, []string{want}) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestRowsOfOneLineAreNumbered: a line of JSON can have many.
func TestRowsOfOneLineAreNumbered(t *testing.T) {
	_, errs, end := rest(open(t, `[{"title":"A","year":"x"},{"title":"B"},{"title":"","year":1999},`+"\n"+`{"title":"D","year":"y"}, 5]`, ""))
	want := []string{
		`f.csv:1: year: "x" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD`,
		`f.csv:1: title: a movie needs a title; this cell is blank (record 3 of the file)`,
		`f.csv:2: year: "y" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD`,
	}
	got := messages(errs)
	if end != nil || len(got) != 4 || !slices.Equal(got[:3], want) || !strings.HasSuffix(got[3], "(record 5 of the file)") {
		t.Errorf("got %q, %v, want %q", got, end, want)
	}
}
