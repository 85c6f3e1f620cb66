package bulk

import (
	"fmt"
	"strings"
	"testing"
)

// TestLongFilesOfEveryKind: records of one batch are found by the next, also
// where indexes are built after the rows, and by the next import.
func TestLongFilesOfEveryKind(t *testing.T) {
	n := 12_000
	if raceOn {
		n = 2 * batchRows
	}
	for _, tc := range []struct {
		name   string
		kind   importer
		header string
		row    func(i int) string
		want   Result
		checks map[string]string
	}{
		{"persons", Persons, "name,country", func(i int) string { return fmt.Sprintf("Pér Son%d,C%d", i%3000, i%40) },
			Result{Created: 3000, Repeated: n - 3000, Countries: 40}, map[string]string{`SELECT count(*) FROM persons`: "3000", `SELECT count(*) FROM countries`: "40"}},
		{"characters", Characters, "movie,year,actor,name", func(i int) string {
			return fmt.Sprintf("Fílm %d,%d,Ac Tor%d,Part %d", i%500, 1950+i%50, i%700, i%3500)
		}, Result{Created: 3500, Repeated: n - 3500, Movies: 500, Persons: 700},
			map[string]string{`SELECT count(*) FROM movies`: "500", `SELECT count(*) FROM persons`: "700", `SELECT count(*) FROM characters`: "3500"}},
		{"parts of one film", Characters, "movie,year,actor,name", func(i int) string { return fmt.Sprintf("Crowd,1982,,Extra %d", i%3000) },
			Result{Created: 3000, Repeated: n - 3000, Movies: 1}, map[string]string{`SELECT count(*) FROM characters`: "3000"}},
		{"genres", Genres, "name", func(i int) string { return fmt.Sprintf("Genré %d", i%2500) }, Result{Created: 2500, Repeated: n - 2500}, nil},
		{"countries", Countries, "name", func(i int) string { return fmt.Sprintf("Çountry %d", i%2500) }, Result{Created: 2500, Repeated: n - 2500}, nil},
		{"favorites", Favorites, "user,movie,year", func(i int) string { return fmt.Sprintf("user%d,Film %d,1999", i%10, i%2000) },
			Result{Created: 2000, Repeated: n - 2000, Movies: 2000, Users: 10}, map[string]string{`SELECT count(*) FROM favorite_movies`: "2000", `SELECT count(*) FROM users`: "10"}},
		{"ids of the file", Movies, "id,title,year,director", func(i int) string { return fmt.Sprintf("t%d,Twin,1999,Di Rector%d", i%2500, i%2500%3) },
			Result{Created: 2500, Repeated: n - 2500, Persons: 3}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if raceOn && tc.name == "ids of the file" {
				t.Skip("every row is compared with all others")
			}
			var b strings.Builder
			b.WriteString(tc.header + "\n")
			for i := range n {
				b.WriteString(tc.row(i) + "\n")
			}
			o := absent(t)
			if res := take(t, o, tc.kind, b.String()); !same(res, tc.want) {
				t.Errorf("got %+v, want %+v", counts(res), tc.want)
			}
			for q, want := range tc.checks {
				expect(t, o, q, want)
			}
			expect(t, o, `SELECT count(*) FROM stale`, "0")
			if res := take(t, o, tc.kind, b.String()); !same(res, Result{Skipped: n}) {
				t.Errorf("the second time: got %+v", counts(res))
			}
		})
	}
}
