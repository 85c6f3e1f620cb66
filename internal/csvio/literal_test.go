package csvio

import (
	"slices"
	"strings"
	"testing"
)

func TestListsOfPrograms(t *testing.T) {
	for text, want := range map[string][]entry{
		`["Drama", "Crime"]`:                    {{name: "Drama"}, {name: "Crime"}},
		`['Drama']`:                             {{name: "Drama"}},
		`[]`:                                    nil,
		`[ ]`:                                   nil,
		`["Rock 'n' Roll", 'It\'s', "a \"b\""]`: {{name: "Rock 'n' Roll"}, {name: "It's"}, {name: `a "b"`}},
		`["Am\u00e9lie", 'Z\xfcrich', "\ud83c\udfac"]`: {{name: "Amélie"}, {name: "Zürich"}, {name: "🎬"}},
		`['\U0001f3ac']`:                                             {{name: "🎬"}},
		`[None, null, nan, "", "x"]`:                                 {{name: "x"}},
		`[1, 2.5, true]`:                                             {{name: "1"}, {name: "2.5"}, {name: "true"}},
		`[{"id": 18, "name": "Drama"}]`:                              {{name: "Drama", object: true}},
		`[{'id': 18, 'name': 'Drama'}, {'name': 'War'}]`:             {{name: "Drama", object: true}, {name: "War", object: true}},
		`[{"iso_3166_1": "US", "name": "United States of America"}]`: {{name: "United States of America", object: true}},
		`{"id":1,"name":"X"}`:                                        {{name: "X", object: true}},
		`{"id":1,"title":"Alien"}`:                                   {{name: "Alien", object: true}},
		`[{'cast_id': 14, 'character': 'Woody (voice)', 'gender': 2, 'name': 'Tom Hanks', 'profile_path': None}]`: {{name: "Tom Hanks", character: "Woody (voice)", object: true}},
		`[{"name": "X", "known_for": [{"name": "Y"}, []], "of": {"name": "Z"}}]`:                                  {{name: "X", object: true}},
		`["a",` + "\n\t" + `"b"]`: {{name: "a"}, {name: "b"}},
	} {
		if got, ok := literal(text); !ok || !slices.Equal(got, want) {
			t.Errorf("%s: got %+v, %v, want %+v", text, got, ok, want)
		}
	}
}

func TestTextsThatOnlyLookLikeLists(t *testing.T) {
	for _, text := range []string{
		"", "[", "[]x", "[REC]", "[Rec] 2, Drama", "{}", "{x}", `["a"`, `["a" "b"]`, `["a",]x`, `[a, b]`, `["a]`, `['\q']`, `["\u12"]`, `["\ud800"]`, `["\ud800\u0041"]`,
		`{"id":1}`, `{"name":""}`, `{"name" "x"}`, `{"name":"x"`, `[{"name":}]`, `[["a"]]`, `["a"]]`, `{"name":"x"}{"name":"y"}`, `['\U00110000']`,
		`[{"a":` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `}]`,
	} {
		if got, ok := literal(text); ok {
			t.Errorf("%s: got %+v", text, got)
		}
	}
	// What is no list is read as if somebody had written it.
	row, errs, _ := cell(t, "genres", "[REC], Horror")
	if len(errs) > 0 || !slices.Equal(row.Genres, []string{"[REC]", "Horror"}) {
		t.Errorf("got %q, %q", row.Genres, messages(errs))
	}
}

func TestListsInTheColumnsOfMovies(t *testing.T) {
	const text = "title\tgenres\tcountry\tdirector\tcast\n" +
		`["Not", "a list"]` + "\t" + `["Drama", "Crime"]` + "\t" + `[{'iso_3166_1': 'US', 'name': 'United States of America'}, {"name": "France"}]` + "\t" + `{"id":1,"name":"Al A"}` + "\t" + `[{"name":"Bo B","character":"X as Y"},{"name":"Cy C"}]` + "\n" +
		"B\t['Drama']\t[]\t[]\t" + `["Al A as X", "Bo B"]` + "\n" +
		"C\t[{\"id\": 18, \"name\": \"Drama\"}]\t['Spain']\t[\"Al A\"]\t[]\n"
	r := open(t, text, "")
	rows, errs, end := rest(r)
	if len(errs) > 0 || end != nil || len(rows) != 3 {
		t.Fatalf("got %+v, %q, %v", rows, messages(errs), end)
	}
	for i, want := range []MovieRow{
		{Genres: []string{"Drama", "Crime"}, Country: "United States of America", Director: "Al A", Cast: []Part{{"Bo B", "X as Y"}, {"Cy C", ""}}},
		{Genres: []string{"Drama"}, Cast: []Part{{"Al A", "X"}, {"Bo B", ""}}},
		{Genres: []string{"Drama"}, Country: "Spain", Director: "Al A"},
	} {
		got := rows[i]
		if !slices.Equal(got.Genres, want.Genres) || got.Country != want.Country || got.Director != want.Director || !slices.Equal(got.Cast, want.Cast) {
			t.Errorf("row %d: got %+v, want %+v", i, got, want)
		}
	}
	if rows[0].Movie.Title != `["Not", "a list"]` {
		t.Errorf("got the title %q", rows[0].Movie.Title)
	}
	if notes := r.Notes(); len(notes) != 1 || !strings.Contains(notes[0], "several countries") {
		t.Errorf("got %q", notes)
	}
	_, errs, _ = cell(t, "genres", `["a\u0007", "b\nc", "d"]`)
	if len(errs) != 1 || !strings.Contains(errs[0].Reason, "control character") {
		t.Errorf("got %q", messages(errs))
	}
}
