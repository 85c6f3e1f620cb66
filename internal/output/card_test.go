package output

import (
	"strings"
	"testing"
)

func detail() tDetail {
	return tDetail{
		tFilm: solaris(),
		Tags:  []string{"space", "slow"},
		Cast:  []tPart{{1, "Kris Kelvin", ptr("lead"), &tRef{2, "Donatas Banionis"}}, {20, "Hari", nil, &tRef{3, "Natalya Bondarchuk"}}},
	}
}

func TestCard(t *testing.T) {
	want := `
id            12
title         Solaris
description   A psychologist is sent to a station.
              It is not <empty>.
budget        1000000
release date  1972-03-20
duration      167
country       Soviet Union
director      Andrei Tarkovsky
genres        Drama, Sci-Fi
poster        p.jpg
seen          true
created at    2026-11-23T21:09:51Z
tags          space, slow

Cast
ID  NAME         ROLE  ACTOR
 1  Kris Kelvin  lead  Donatas Banionis
20  Hari               Natalya Bondarchuk
`
	for _, width := range []int{0, 80} {
		if got := show(t, Printer{Format: Table, Width: width}, nil, detail()); got != want[1:] {
			t.Errorf("width %d:\n%swant\n%s", width, got, want[1:])
		}
	}
}

func TestCardInNarrowTerminal(t *testing.T) {
	want := `
id            12
title         Solaris
description   A psychologist
              is sent to a
              station.
              It is not
              <empty>.
release date  1972-03-20
director      Andrei
              Tarkovsky

Cast
ID  NAME      ROLE  ACTOR
 1  Kris Ke…  lead  Donatas…
20  Hari            Natalya…
`
	cols := []string{"id", "title", "description", "release_date", "director"}
	if got := show(t, Printer{Format: Table, Width: 28}, cols, detail()); got != want[1:] {
		t.Errorf("got\n%swant\n%s", got, want[1:])
	}
}

func TestCardOfWhatIsAbsent(t *testing.T) {
	want := "id\ntitle\ndirector\ngenres\n"
	if got := show(t, Printer{Format: Table}, []string{"title", "director", "genres"}, tDetail{}); got != want[len("id\n"):] {
		t.Errorf("got %q", got)
	}
	var nobody *tDetail
	if got := show(t, Printer{Format: Table}, []string{"id"}, nobody); got != "id\n" {
		t.Errorf("nil record: %q", got)
	}
}

func TestCardFields(t *testing.T) {
	tests := []struct{ fields, want string }{
		{"title,id", "title  Solaris\nid     12\n"},
		{"cast.name", "cast name  Kris Kelvin, Hari\n"},
		{"title,cast", "title  Solaris\n\nCast\nID  NAME         ROLE  ACTOR\n 1  Kris Kelvin  lead  Donatas Banionis\n20  Hari               Natalya Bondarchuk\n"},
		{"cast", "Cast\nID  NAME         ROLE  ACTOR\n 1  Kris Kelvin  lead  Donatas Banionis\n20  Hari               Natalya Bondarchuk\n"},
	}
	for _, tt := range tests {
		if got := show(t, Printer{Format: Table, Fields: strings.Split(tt.fields, ",")}, nil, detail()); got != tt.want {
			t.Errorf("%s:\n%swant\n%s", tt.fields, got, tt.want)
		}
	}
}

func TestCardOfTextCannotLookLikeAnotherField(t *testing.T) {
	d := tFilm{Title: "x\nid  99", Description: ptr("a\r\nb\tc\rd\x1b[2J")}
	want := "title        x\n             id  99\ndescription  a\n             b    c\\rd\\x1b[2J\n"
	if got := show(t, Printer{Format: Table}, []string{"title", "description"}, d); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestColourIsTheOnlyDifference(t *testing.T) {
	for _, f := range Formats() {
		plain := show(t, Printer{Format: f, Width: 60}, nil, detail())
		color := show(t, Printer{Format: f, Width: 60, Color: true}, nil, detail())
		if strings.Contains(plain, "\x1b") {
			t.Errorf("%s without colour has an escape: %q", f, plain)
		}
		if got := strings.NewReplacer("\x1b[1m", "", "\x1b[0m", "").Replace(color); got != plain {
			t.Errorf("%s differs in more than colour:\n%s\n%s", f, got, plain)
		}
		if f == Table && !strings.Contains(color, "\x1b[1mCast\x1b[0m\n\x1b[1mID  NAME") {
			t.Errorf("headings are not bold: %q", color)
		}
	}
}

func TestCardLinesAreWithinTheWidth(t *testing.T) {
	for _, s := range nastyTexts() {
		d := detail()
		d.Description, d.Title = &s, strings.Repeat(s+" ", 3)
		for _, width := range []int{20, 40, 80, 200} {
			out := show(t, Printer{Format: Table, Width: width}, nil, d)
			wantHarmless(t, out)
			for line := range strings.SplitSeq(out, "\n") {
				if n := cellsOf(line); n > width {
					t.Errorf("%d cells of %d: %s", n, width, line)
				}
			}
		}
	}
}

func TestWrap(t *testing.T) {
	tests := []struct {
		in    string
		width int
		want  string
	}{
		{"", 5, ""},
		{"a b c", 0, "a b c"},
		{"aaa bbb ccc", 7, "aaa bbb|ccc"},
		{"aaa bbb ccc", 6, "aaa|bbb|ccc"},
		{"aaaaaaaaaa", 4, "aaaa|aaaa|aa"},
		{"aa bbbbbbb", 4, "aa|bbbb|bbb"},
		{"one\n\ntwo", 9, "one||two"},
		{"千と千尋の神隠し", 5, "千と|千尋|の神|隠し"},
		{"a  b", 2, "a |b"},
		{"\U0001F468\u200d\U0001F469\u200d\U0001F467x", 2, "\U0001F468\u200d\U0001F469\u200d\U0001F467|x"},
	}
	for _, tt := range tests {
		if got := strings.Join(wrap(tt.in, tt.width), "|"); got != tt.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", tt.in, tt.width, got, tt.want)
		}
	}
}
