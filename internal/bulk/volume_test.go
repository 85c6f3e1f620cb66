package bulk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/testkit"
)

// filmsCSV is a file of n films with a director, a country, two genres and a part
// each; a director has four films, an actor two.
func filmsCSV(n int) string {
	var b strings.Builder
	b.WriteString("title,release_date,duration,country,director,genres,cast\n")
	for i := range n {
		fmt.Fprintf(&b, "The Film %d,%d-05-25,%d,Country %d,Director Number%d,Genre %d|Genre %d,Actor Number%d as Part %d\n",
			i, 1920+i%100, 60+i%90, i%50, i/4, i%20, 20+i%3, i/2, i)
	}
	return b.String()
}

// fed tells whether a statement gives a word index one row, which a long import
// does so that the index is written in few parts.
func fed(statement string) bool {
	return strings.HasPrefix(statement, "INSERT INTO ") && strings.HasSuffix(statement, " VALUES (?, ?)") &&
		(strings.Contains(statement, "_words (rowid, ") || strings.Contains(statement, "_texts (rowid, "))
}

// TestStatementsGrowWithTheRowsAndNoFaster: 64 rows an INSERT, 500 names a
// look-up, and a constant for each 2048 rows; a row of a word index each in a
// long import.
func TestStatementsGrowWithTheRowsAndNoFaster(t *testing.T) {
	if raceOn {
		t.Skip("counts the same without the race detector")
	}
	const n = 10_000
	run := func(n int) int {
		name, counter := testkit.CountingDriver(t)
		o := absent(t)
		o.Store.Driver = name
		res := load(t, o, filmsCSV(n))
		if want := (Result{Created: n, Persons: n/4 + n/2, Genres: 23, Countries: 50, Characters: n}); !same(res, want) {
			t.Fatalf("got %+v, want %+v", res, want)
		}
		return len(slices.DeleteFunc(counter.Statements(), fed))
	}
	inserted := func(n int) int {
		movies, persons, parts, links := n, n/4+n/2, n, 2*n
		rows := 3*movies + 3*persons + 3*parts + links // with keys and words
		return rows/64 + movies/500 + persons/500 + parts/500
	}
	const perBatch, constant = 50, 60
	bound := func(n int) int { return inserted(n) + perBatch*(n/batchRows+1) + constant }
	half, whole := run(n/2), run(n)
	t.Logf("%d rows: %d statements, at most %d; %d rows: %d, at most %d", n/2, half, bound(n/2), n, whole, bound(n))
	if half > bound(n/2) || whole > bound(n) {
		t.Errorf("%d rows took %d statements, want at most %d; %d rows took %d, want at most %d", n/2, half, bound(n/2), n, whole, bound(n))
	}
	if whole > 2*half+perBatch {
		t.Errorf("twice the rows took %d statements, after %d", whole, half)
	}
}

// TestStatementsOfASecondImport: rows that are there already cost look-ups only.
func TestStatementsOfASecondImport(t *testing.T) {
	if raceOn {
		t.Skip("counts the same without the race detector")
	}
	const n = 2 * batchRows
	text := filmsCSV(n)
	o := present(t, text)
	name, counter := testkit.CountingDriver(t)
	o.Store.Driver = name
	if res := load(t, o, text); !same(res, Result{Skipped: n}) {
		t.Errorf("got %+v", res)
	}
	if got, most := counter.N(), n/500+15*2+30; got > most {
		t.Errorf("%d skipped rows took %d statements, want at most %d", n, got, most)
	}
}

// TestMoreRowsThanAreReadAhead: new films in every batch, among many repeats,
// which cost little.
func TestMoreRowsThanAreReadAhead(t *testing.T) {
	const n = 70_000 // of which 65,536 are read ahead
	var b strings.Builder
	b.WriteString("title,year\n")
	created := 0
	for i := range n {
		if i%100 == 0 || i == n-1 {
			fmt.Fprintf(&b, "Film %d,1999\n", i)
			created++
		} else {
			fmt.Fprintf(&b, "Film %d,1999\n", i%7000/100*100)
		}
	}
	text := b.String()
	o := absent(t)
	if res := load(t, o, text); !same(res, Result{Created: created, Repeated: n - created}) {
		t.Errorf("got %+v, want %d created", res, created)
	}
	expect(t, o, `SELECT count(*), max(id) FROM movies`, fmt.Sprintf("%d|%d", created, created))
	expect(t, o, `SELECT title FROM movies WHERE id = (SELECT max(id) FROM movies)`, fmt.Sprintf("Film %d", n-1))
	bad := refuse(t, o, text+"X,soon\n\"") // two bad rows at the very end
	if bad.Rows != n+2 || bad.Rejected != 2 || bad.Errors[0].Line != n+2 || bad.Errors[1].Line != n+3 {
		t.Errorf("got %v", bad)
	}
}

// TestEveryRowOfALongFileIsStored: the same with new films only.
func TestEveryRowOfALongFileIsStored(t *testing.T) {
	if raceOn {
		t.Skip("takes a minute with the race detector")
	}
	const n = 70_000
	var b strings.Builder
	b.WriteString("title\n")
	for i := range n {
		fmt.Fprintf(&b, "%d\n", i)
	}
	o := absent(t)
	if res := load(t, o, b.String()); !same(res, Result{Created: n}) {
		t.Errorf("got %+v", res)
	}
	expect(t, o, `SELECT count(*), count(DISTINCT title), min(id), max(id) FROM movies`, fmt.Sprintf("%d|%d|1|%d", n, n, n))
	expect(t, o, `SELECT count(*) FROM movies WHERE title <> id - 1`, "0")
}

func TestSameFileGivesTheSameIds(t *testing.T) {
	n := batchRows + 500
	if raceOn {
		n = 500
	}
	text := filmsCSV(n) + "Solaris,1972,,USSR,Andrei Tarkovsky,Drama,Donatas Banionis as Kris Kelvin; Al A; as X\n"
	one, two := absent(t), absent(t)
	load(t, one, text)
	load(t, two, text)
	if a, b := dump(t, one), dump(t, two); a != b || strings.Count(a, "\n") < 4*n {
		t.Errorf("the catalogs differ, in %d and %d lines", strings.Count(a, "\n"), strings.Count(b, "\n"))
	}
}

// TestBatchesDoNotShow: wherever a batch ends, the outcome is the same.
func TestBatchesDoNotShow(t *testing.T) {
	rows := strings.SplitAfter(`Solaris,1972,USA,Tom Holland (1996),Drama|War,Al A as X; Tom Holland
Solaris,,United States,Tom Holland,drama,"A, Al"
Solaris,2002,U.S.,"Holland, Tom",Sci-Fi,Cher as X
SOLARIS,1972,Spain,tom holland,New,
Stalker,1979,USSR,Tom Holland (1943),War,Al A (1950)
stalker,1979-05,,,,
Mirror,1975,ussr,Al A (1950),"war, SCI-FI",as Z
Mirror,1975,France,"A, Al (1950)",,
`, "\n")
	rejected := strings.SplitAfter(`Solaris,1972,,Al A,,
Solaris,1972,,Bo B,,
Stalker,1979,,Cy C (1950),,
Stalker,1979,,,,
Mirror,1975,,Cy C (1960),,Bo B
Other,1975,,Cy C,,Cy C as X; Cy C
Last,1975,,cy c,,Bo B; cy C as X
`, "\n")
	// The filler is one film again and again; the first row makes it.
	const header, filler = "title,year,country,director,genres,cast\n", "Filler,1900,,,,\n"
	cut := func(rows []string, at int) string {
		return header + filler + strings.Join(rows[:at], "") + strings.Repeat(filler, batchRows-1-at) + strings.Join(rows[at:], "")
	}
	var want, wantErrors string
	for at := range rows {
		o := absent(t)
		load(t, o, cut(rows, at))
		got := dump(t, o)
		if at == 0 {
			want = got
		}
		if got != want {
			t.Errorf("cut after %d rows: got\n%s\nwant\n%s", at, got, want)
		}
	}
	for at := range rejected {
		_, err := Movies(t.Context(), absent(t), file(cut(rejected, at)))
		var bad *RejectedError
		if !errors.As(err, &bad) {
			t.Fatal(err)
		}
		var list []string
		for _, e := range bad.Errors {
			row := e.Line - 3 // counted without header and filler
			if row >= at {
				row -= batchRows - 1 - at
			}
			list = append(list, fmt.Sprint(row, " ", e.Column, " ", e.Reason))
		}
		got := fmt.Sprintf("%d rows, %d errors\n%s", bad.Rejected, bad.Total, strings.Join(list, "\n"))
		if at == 0 {
			wantErrors = got
			rows := []string{"1 ", "5 director", "5 cast", "6 director", "6 cast"}
			if !slices.EqualFunc(list, rows, strings.HasPrefix) {
				t.Errorf("got\n%s\nwant errors in %q", got, rows)
			}
		}
		if got != wantErrors {
			t.Errorf("cut after %d rows: got\n%s\nwant\n%s", at, got, wantErrors)
		}
	}
}
