package store_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// TestOrdersThatAnIndexGives: a catalog of ten million films is not sorted for
// its first fifty.
func TestOrdersThatAnIndexGives(t *testing.T) {
	o := withTies(t)
	driver, counter := testkit.CountingDriver(t)
	o.Driver = driver
	want := map[string]string{ // what the plan has to begin with; the outermost table gives the order
		"movie":                     "SCAN m",
		"movie -id":                 "SCAN m",
		"movie title":               "SCAN mk USING COVERING INDEX movie_keys_sort",
		"movie -title":              "SCAN mk USING COVERING INDEX movie_keys_sort",
		"movie release_date":        "SCAN m USING INDEX movies_release_date",
		"movie -release_date":       "SCAN m USING INDEX movies_release_date",
		"movie duration":            "SCAN m USING INDEX movies_duration",
		"movie -duration":           "SCAN m USING INDEX movies_duration",
		"movie budget":              "SCAN m USING INDEX movies_budget",
		"movie -budget":             "SCAN m USING INDEX movies_budget",
		"person":                    "SCAN p",
		"person name":               "SCAN pk USING COVERING INDEX person_keys_sort",
		"person -name":              "SCAN pk USING COVERING INDEX person_keys_sort",
		"character":                 "SCAN c",
		"character -id":             "SCAN c",
		"genre name":                "SCAN gk USING COVERING INDEX genre_keys_name",
		"country name":              "SCAN ck USING COVERING INDEX country_keys_name",
		"user username":             "SCAN uk USING COVERING INDEX user_keys_name",
		"movie title after":         "SEARCH mk USING COVERING INDEX movie_keys_sort (sort_key>?)",
		"movie -title after":        "SEARCH mk USING COVERING INDEX movie_keys_sort (sort_key<?)",
		"movie title,-budget after": "SEARCH mk USING COVERING INDEX movie_keys_sort (sort_key>?)",
		"movie release_date after":  "SCAN m USING INDEX movies_release_date",
		"movie -release_date after": "SCAN m USING INDEX movies_release_date",
		"movie after":               "SEARCH m USING INTEGER PRIMARY KEY (rowid>?)",
		"person name after":         "SEARCH pk USING COVERING INDEX person_keys_sort (sort_key>?)",
		"character after":           "SEARCH c USING INTEGER PRIMARY KEY (rowid>?)",
		"movie title limit":         "SCAN mk USING COVERING INDEX movie_keys_sort",
		"movie -release_date limit": "SCAN m USING INDEX movies_release_date",
		"movie release_date years":  "SEARCH m USING INDEX movies_release_date",
		"movie -release_date years": "SEARCH m USING INDEX movies_release_date",
	}
	view(t, o, func(tx *store.Tx) error {
		for _, n := range nouns() {
			for name, start := range want {
				kind, rest, _ := strings.Cut(name, " ")
				if kind != string(n.kind) {
					continue
				}
				var p catalog.Page
				var years catalog.Years
				for word := range strings.FieldsSeq(rest) {
					switch word {
					case "after":
						p.After = 2
					case "limit":
						p.Limit = 50
					case "years":
						years = catalog.Years{From: 1990, To: 1999}
					default:
						var err error
						if p.Sort, err = catalog.ParseSort(word); err != nil {
							return err
						}
					}
				}
				counter.Reset()
				var err error
				switch {
				case years != catalog.Years{}:
					_, err = ids(tx.Movies(t.Context(), catalog.MovieFilter{Years: years, Page: p}), func(m catalog.Movie) int64 { return m.ID })
				default:
					_, err = n.list(t, tx, p)
				}
				if err != nil {
					return err
				}
				all := counter.Statements()
				plan := explain(t, tx.SQL(), all[len(all)-1])
				if !strings.HasPrefix(plan, start) || strings.Contains(plan, "TEMP B-TREE") && len(p.Sort) < 2 {
					t.Errorf("%s:\n%s\nwant %s and no temporary b-tree", name, plan, start)
				}
			}
		}
		return nil
	})
}

// explain returns the plan of a statement, whose arguments do not matter.
func explain(t *testing.T, db ask, query string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, make([]any, strings.Count(query, "?"))...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused sql.NullInt64
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, detail)
	}
	return strings.Join(steps, "\n")
}
