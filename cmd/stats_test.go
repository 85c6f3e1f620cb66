package cmd_test

import (
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
)

// odd gives a director, an actor, a genre and a country of the catalog names
// that no command would take: with escapes, or hard to measure.
func (w *world) odd() {
	w.t.Helper()
	db, err := sql.Open("sqlite", w.db())
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	for _, change := range []string{
		`UPDATE persons SET last_name = 'Kuro' || char(27) || '[31m' || char(0x202e) || 'sawa' WHERE last_name = 'Kurosawa'`,
		`UPDATE persons SET last_name = '三船敏郎 미후네 👨‍👩‍👧 ' || replace(hex(zeroblob(60)), '00', '長') WHERE last_name = 'Mifune'`,
		`UPDATE genres SET name = 'Dra' || char(10) || 'ma' WHERE name = 'Drama'`,
		`UPDATE countries SET name = 'اليابان' WHERE name = 'Japan'`,
	} {
		if _, err := db.ExecContext(w.t.Context(), change); err != nil {
			w.t.Fatalf("%s: %v", change, err)
		}
	}
}

func TestStatsFillTheTerminal(t *testing.T) {
	w := sampled(t)
	w.odd()
	cells := runewidth.NewCondition()
	cells.EastAsianWidth = false
	const blocks = "█▏▎▍▌▋▊▉"
	for _, width := range []int{40, 80, 200} {
		for env, plain := range map[string]bool{"LANG=en_US.UTF-8": false, "NO_COLOR=1": false, "TERM=dumb": true, "LC_ALL=C": true, "LC_CTYPE=de_DE.ISO-8859-1": true} {
			c := w.command("stats")
			c.Env = append(c.Env, "COLUMNS="+strconv.Itoa(width), env)
			r := w.drive(c, "", "")
			if r.code != 0 {
				t.Fatalf("%s: exit %d: %s", env, r.code, r.out)
			}
			colored := strings.Contains(r.out, "\x1b")
			if want := env != "NO_COLOR=1" && env != "TERM=dumb"; colored != want {
				t.Errorf("%s: escapes: %t, want %t", env, colored, want)
			}
			if strings.ContainsAny(r.out, blocks) == plain || strings.Contains(r.out, "##") != plain {
				t.Errorf("%s: bars of the wrong sort:\n%s", env, r.out)
			}
			bare := strings.NewReplacer("\x1b[1m", "", "\x1b[0m", "").Replace(r.out)
			if strings.ContainsAny(bare, "\x1b\u202e") || !strings.Contains(bare, `Dra\nma`) || width > 40 && !strings.Contains(bare, `Kuro\x1b[31m\u202esawa`) {
				t.Errorf("%s: control characters are not visible:\n%q", env, bare)
			}
			longest := 0
			for line := range strings.Lines(bare) {
				longest = max(longest, cells.StringWidth(strings.TrimSuffix(line, "\n")))
			}
			if longest != width {
				t.Errorf("%s: the longest line has %d cells of %d:\n%s", env, longest, width, bare)
			}
			for _, head := range []string{"Totals\n", "Movies by decade\n", "Directors by movies (10 of 177)\n", "Running time in minutes\n", "Movies without\n"} {
				if !strings.Contains(bare, head) {
					t.Errorf("%s: no heading %q:\n%s", env, head, bare)
				}
			}
		}
	}
}

// TestStatsOfTheSample compares with what encoding/csv makes of its file.
func TestStatsOfTheSample(t *testing.T) {
	f, err := os.Open(root(t, "testdata/sample/movies.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(records[0], name) }
	decades, genres, countries, directors := map[int]int64{}, map[string]int64{}, map[string]int64{}, map[string]int64{}
	var noBudget int64
	for _, r := range records[1:] {
		year, err := strconv.Atoi(r[column("release_date")][:4])
		if err != nil {
			t.Fatal(err)
		}
		decades[year/10*10]++
		countries[r[column("country")]]++
		directors[r[column("director")]]++
		for g := range strings.SplitSeq(r[column("genres")], "|") {
			genres[g]++
		}
		if r[column("budget")] == "" {
			noBudget++
		}
	}
	var s struct {
		Totals  map[string]int64
		Decades []struct {
			Decade int
			Count  int64
		}
		Genres, Countries, Directors []map[string]json.RawMessage
		Missing                      struct{ Movies map[string]int64 }
	}
	if err := json.Unmarshal([]byte(sampled(t).must("stats", "--top", "0", "--json")), &s); err != nil {
		t.Fatal(err)
	}
	if s.Totals["movies"] != int64(len(records)-1) || s.Missing.Movies["budget"] != noBudget || noBudget == 0 {
		t.Errorf("%v, %v; want %d movies, %d without a budget", s.Totals, s.Missing, len(records)-1, noBudget)
	}
	for _, d := range s.Decades {
		if d.Count != decades[d.Decade] {
			t.Errorf("%ds: %d, want %d", d.Decade, d.Count, decades[d.Decade])
		}
	}
	if len(s.Decades) != 13 {
		t.Errorf("%d decades from the 1900s to the 2020s", len(s.Decades))
	}
	compare := func(key string, got []map[string]json.RawMessage, want map[string]int64) {
		if len(got) != len(want) {
			t.Errorf("%d times %s, want %d", len(got), key, len(want))
		}
		for _, g := range got {
			var ref struct{ Name string }
			var n int64
			if err := json.Unmarshal(g[key], &ref); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(g["count"], &n); err != nil {
				t.Fatal(err)
			}
			if n != want[ref.Name] {
				t.Errorf("%s %s: %d, want %d", key, ref.Name, n, want[ref.Name])
			}
		}
	}
	compare("genre", s.Genres, genres)
	compare("country", s.Countries, countries)
	compare("director", s.Directors, directors)
}
