package csvio

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

func TestHeadersOfKnownLayoutsAreUnderstood(t *testing.T) {
	for column, headers := range map[string][]string{
		"title":        {"title", "Title", "TITLE", "Movie Title", "movie_title", "Film Title", "Series_Title", "Movie", "Film", "Títle"},
		"release_date": {"release_date", "Release Date", "releasedate", "RELEASE-DATE", " release  date "},
		"year":         {"year", "Year", "release_year", "Released_Year", "Year (Release)"},
		"duration":     {"duration", "Runtime", "Runtime (Minutes)", "runtimeMinutes", "Running Time (min)", "Running Time", "runtime_min", "Length"},
		"budget":       {"budget", "Production Budget", "production_budget"},
		"country":      {"country", "Countries", "Production Country"},
		"director":     {"director", "Directors", "Directed By"},
		"genres":       {"genres", "Genre", "GENRE"},
		"description":  {"description", "Overview", "Plot", "Synopsis", "Summary"},
		"cast":         {"cast", "Actors", "Stars", "Starring"},
	} {
		for _, header := range headers {
			text, want := header+",title\n", map[string]int{column: 0, "title": 1}
			if column == "title" {
				text, want = header+"\n", map[string]int{"title": 0}
			}
			if r := open(t, text, ""); !maps.Equal(places(r), want) || len(r.Unknown()) > 0 {
				t.Errorf("%q: got %v and unknown %q, want %v", header, places(r), r.Unknown(), want)
			}
		}
	}
	for _, column := range Movies().Names() {
		if at := Movies().alias(columnKey(column)); Movies().columns[at].name != column {
			t.Errorf("the column %s is known as column %d", column, at)
		}
	}
}

func TestHeaderDecidesWhatIsRead(t *testing.T) {
	for _, tc := range []struct {
		name, header, maps string
		want               map[string]int
		unknown            []string
	}{
		{"order is free", "Year,Genre,Title", "", map[string]int{"year": 0, "genres": 1, "title": 2}, nil},
		{"white space around a header", " title , year\t", "", map[string]int{"title": 0, "year": 1}, nil},
		{"others are named in order, each once", "rank,title,Votes,rank", "", map[string]int{"title": 1}, []string{"rank", "Votes", "rank"}},
		{"digits count", "title,year2,Star9,budget_2013$", "", map[string]int{"title": 0}, []string{"year2", "Star9", "budget_2013$"}},
		{"a header without a name", ",title,", "", map[string]int{"title": 1}, []string{"", ""}},
		{"byte order mark", "\ufefftitle,year", "", map[string]int{"title": 0, "year": 1}, nil},
		{"byte order mark before a quoted header", "\ufeff\"title\",\"year\"", "", map[string]int{"title": 0, "year": 1}, nil},
		{"a map gives a name a meaning", "Name,Length of it", "Name=title,length OF it=duration", map[string]int{"title": 0, "duration": 1}, nil},
		{"a map overrides the header of the same meaning", "title,Series_Title", "Series_Title=title", map[string]int{"title": 1}, []string{"title"}},
		{"a map overrides what a header says", "title,year,Name", "title=description,Name=title", map[string]int{"description": 0, "year": 1, "title": 2}, nil},
		{"a map solves a doubt", "title,year,Release Year", "Release Year=year", map[string]int{"title": 0, "year": 2}, []string{"year"}},
		{"a map knows headers of signs only", ",#,title", "#=description", map[string]int{"description": 1, "title": 2}, []string{""}},
		{"a header is quoted and has commas", `"Name, Full",x`, "Name Full=title", map[string]int{"title": 0}, []string{"x"}},
		{"a header in another script", "タイトル,年", "タイトル=title,年=year", map[string]int{"title": 0, "year": 1}, nil},
		{"release_date and year are two columns", "title,release_date,year", "", map[string]int{"title": 0, "release_date": 1, "year": 2}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := open(t, tc.header+"\n", tc.maps)
			if !maps.Equal(places(r), tc.want) || !slices.Equal(r.Unknown(), tc.unknown) {
				t.Errorf("%q: got %v and unknown %q, want %v and %q", tc.header, places(r), r.Unknown(), tc.want, tc.unknown)
			}
		})
	}
}

func TestHeaderThatCannotBeUsedIsRefused(t *testing.T) {
	for _, tc := range []struct {
		name, text, maps string
		want             []string // parts of the message
	}{
		{"empty file", "", "", []string{"f.csv is empty", "first line must name the columns"}},
		{"byte order mark alone", "\ufeff", "", []string{"f.csv is empty"}},
		{"blank lines alone", "\n\r\n\n", "", []string{"f.csv is empty"}},
		{"no title", "name,year\n", "", []string{"f.csv has no title column", "--map 'HEADER=title'", `"name", "year"`}},
		{"no title in a file of data alone", "Alien,1979\n", "", []string{"no title column", `"Alien", "1979"`}},
		{"title mapped away", "title,year\n", "title=description", []string{"no title column"}},
		{"the same header twice", "title,title\n", "", []string{"f.csv:1: title: ", "title is there twice"}},
		{"two headers of one meaning", "title,year,Release Year\n", "", []string{"f.csv:1: Release Year: ", `the column year is there twice (the other is "year")`, "--map Release Year=year"}},
		{"twice, below blank lines", "\r\n\ntitle,Film\n", "", []string{"f.csv:3: Film: "}},
		{"mapped, but not there", "title,year\n", "Naem=title", []string{"--map: f.csv has no header", "title", `"title", "year"`}},
		{"a quote that is not closed", "title,\"year\n1,2\n", "", []string{"f.csv:1: ", "never closed"}},
		{"a bare quote", "title,ye\"ar\n", "", []string{"f.csv:1: ", "quote the whole cell"}},
		{"escape sequences in a header", "\x1b[31mx,\u202ey\n", "", []string{`\x1b[31mx`, `\u202ey`}},
		{"escape sequences in a header that is there twice", "title,y\x1bear,year\n", "", []string{`the other is "y\x1bear"`}},
		{"escape sequences in the second of two", "title,year,y\x1bear\n", "", []string{`f.csv:1: y\x1bear: `, `--map y\x1bear=year`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := newReader(strings.NewReader(tc.text), "f.csv", mapping(t, tc.maps))
			if !errors.Is(err, catalog.ErrInvalid) {
				t.Fatalf("got %v, want an invalid value", err)
			}
			for _, part := range tc.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("got  %s\nwant %s in it", err, part)
				}
			}
			harmless(t, err.Error())
		})
	}
}

// TestSeveralMissingMappingsGiveOneMessage: whatever the order of a Go map.
func TestSeveralMissingMappingsGiveOneMessage(t *testing.T) {
	seen := map[string]bool{}
	for range 50 {
		_, err := newReader(strings.NewReader("title\n"), "f.csv", mapping(t, "a=year,b=budget,c=country,d=director,e=cast"))
		if !errors.Is(err, catalog.ErrInvalid) {
			t.Fatalf("got %v", err)
		}
		seen[err.Error()] = true
	}
	if len(seen) != 1 {
		t.Errorf("got %d different messages: %q", len(seen), slices.Sorted(maps.Keys(seen)))
	}
}

func TestHeaderAloneIsAFileWithoutRows(t *testing.T) {
	for _, text := range []string{"title", "title\n", "title\r\n", "\ufefftitle", "title,x\n\n\n"} {
		rows, errs, end := rest(open(t, text, ""))
		if len(rows) != 0 || len(errs) != 0 || end != nil {
			t.Errorf("%q: got %v, %v, %v", text, rows, messages(errs), end)
		}
	}
}

func TestAHundredThousandColumnsAreRead(t *testing.T) {
	const n = 100_000
	names, values := make([]string, n), make([]string, n)
	for i := range names {
		names[i], values[i] = "c", "v"
	}
	names[n-1], values[n-1] = "title", "Wide"
	text := strings.Join(names, ",") + "\n" + strings.Join(values, ",") + "\n" + strings.Join(values[1:], ",") + "\n"
	r := open(t, text, "")
	if len(r.Unknown()) != n-1 {
		t.Errorf("%d unknown headers, want %d", len(r.Unknown()), n-1)
	}
	rows, errs, end := rest(r)
	if end != nil || len(rows) != 1 || rows[0].Movie.Title != "Wide" {
		t.Errorf("got %d rows, %v", len(rows), end)
	}
	if want := []string{"f.csv:3: the row has 99999 cells, the header has 100000"}; !slices.Equal(messages(errs), want) {
		t.Errorf("got %q, want %q", messages(errs), want)
	}
	if _, err := newReader(strings.NewReader(strings.Join(names[:n-1], ",")), "f.csv", Mapping{}); err == nil || len(err.Error()) > 2000 {
		t.Errorf("a header without a title: got %v", clip(err.Error()))
	}
}

func TestParseMapping(t *testing.T) {
	for _, tc := range []struct {
		text string
		want map[string]string
		err  string
	}{
		{"", nil, ""},
		{" \t", nil, ""},
		{"Series_Title=title", map[string]string{"seriestitle": "title"}, ""},
		{" Series Title = title , Runtime(min)=duration", map[string]string{"seriestitle": "title", "runtimemin": "duration"}, ""},
		{"a=title,b=release_date,c=year,d=duration,e=budget,f=country,g=director,h=genres,i=description,j=cast,k=id",
			map[string]string{"a": "title", "b": "release_date", "c": "year", "d": "duration", "e": "budget", "f": "country",
				"g": "director", "h": "genres", "i": "description", "j": "cast", "k": "id"}, ""},
		{"#=title", map[string]string{"#": "title"}, ""},
		{`"Name, Full=title",x=year`, map[string]string{"namefull": "title", "x": "year"}, ""},
		{`"Name, Full"=title, "x ""y"""=year`, map[string]string{"namefull": "title", "xy": "year"}, ""},
		{`5" disc=title`, map[string]string{"5disc": "title"}, ""},
		{`"a=title,b=year`, map[string]string{"a": "title", "b": "year"}, ""},
		{"Name=title=year", map[string]string{"nametitle": "year"}, ""},
		{"Star1=cast,Star2=cast", map[string]string{"star1": "cast", "star2": "cast"}, ""},
		{"budget=-,x=-", map[string]string{"budget": "-", "x": "-"}, ""},
		{"title", nil, `"title" is not a pair`},
		{"a=title,", nil, `"" is not a pair`},
		{"=title", nil, `"=title" is not a pair`},
		{" =title", nil, `is not a pair`},
		{"Name=", nil, `"" is no column of movies; known columns: title, release_date, year`},
		{"Name=Title", nil, `"Title" is no column`},
		{"Name=poster", nil, `"poster" is no column`},
		{"Name=title,name=year", nil, `the header "name" is mapped twice`},
		{"Name=title,Other=title", nil, `title is mapped twice`},
		{"\x1b[2J", nil, `"\x1b[2J" is not a pair`},
		{"a=\x1b[2J", nil, `"\x1b[2J" is no column`},
	} {
		m, err := ParseMapping(Movies(), tc.text)
		if tc.err == "" {
			got := map[string]string{}
			for _, p := range m.pairs {
				got[p.key] = p.column
			}
			if err != nil || !maps.Equal(got, tc.want) {
				t.Errorf("%q: got %v, %v, want %v", tc.text, got, err, tc.want)
			}
			continue
		}
		if !errors.Is(err, catalog.ErrInvalid) || !strings.Contains(err.Error(), tc.err) {
			t.Errorf("%q: got %v, want %s", tc.text, err, tc.err)
			continue
		}
		harmless(t, err.Error())
	}
}

// places are the columns that have a header, and which.
func places(r *Reader[MovieRow]) map[string]int {
	at := map[string]int{}
	for column, header := range r.at {
		at[r.kind.columns[column].name] = header
	}
	return at
}
