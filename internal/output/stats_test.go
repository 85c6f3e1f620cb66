package output

import (
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

// tStats is a catalog of few numbers.
func tStats() catalog.Stats {
	of := func(id int64, name string, n int64) catalog.NamedCount {
		return catalog.NamedCount{Named: catalog.Named{ID: id, Name: name}, Count: n}
	}
	return catalog.Stats{
		Totals:    catalog.Totals{Movies: 3, Persons: 2, Characters: 1, Genres: 12, Favorites: 9, Directors: 1, Actors: 2},
		Bytes:     4096,
		Decades:   []catalog.DecadeCount{{Decade: 1990, Count: 1}, {Decade: 2000}},
		Genres:    []catalog.NamedCount{of(7, "Sci\tFi\x1b[31m", 1)},
		Directors: []catalog.NamedCount{of(2, "Ben", 1)},
		Duration: catalog.Distribution{Known: 2, Unknown: 1, Min: 39, Max: 240, Mean: 100.0 / 3, Median: 139.5,
			Buckets: []catalog.Bucket{{From: 0, Below: 40, Count: 1}, {From: 40, Below: 60}, {From: 60, Count: 1}}},
		Budget:  catalog.Distribution{Unknown: 3, Buckets: []catalog.Bucket{{From: 0, Below: 1e5}, {From: 1e5, Below: 1e6}, {From: 1e6}}},
		Missing: catalog.Missing{Movies: catalog.MissingOfMovies{Poster: 3, ReleaseDate: 2, Budget: 3}, Persons: catalog.MissingOfPersons{Photo: 1}},
	}
}

func TestStatsJSON(t *testing.T) {
	want := `{"totals":{"movies":3,"persons":2,"directors":1,"actors":2,"characters":1,"genres":12,"countries":0,"photos":0,"files":0,"users":0,"favorites":9},` +
		`"size":{"database_bytes":4096,"files_bytes":88,"files_stored":1},"decades":[{"decade":1990,"count":1},{"decade":2000,"count":0}],` +
		`"genres":[{"genre":{"id":7,"name":"Sci\tFi\u001b[31m"},"count":1}],"countries":[],"directors":[{"director":{"id":2,"name":"Ben"},"count":1}],"actors":[],` +
		`"duration":{"known":2,"unknown":1,"min":39,"max":240,"mean":33.333,"median":139.5,"buckets":[{"from":0,"below":40,"count":1},{"from":40,"below":60,"count":0},{"from":60,"below":null,"count":1}]},` +
		`"budget":{"known":0,"unknown":3,"min":null,"max":null,"mean":null,"median":null,"buckets":[{"from":0,"below":100000,"count":0},{"from":100000,"below":1000000,"count":0},{"from":1000000,"below":null,"count":0}]},` +
		`"missing":{"movies":{"poster":3,"director":0,"country":0,"genre":0,"description":0,"release_date":2,"duration":0,"budget":3,"cast":0},` +
		`"persons":{"photo":1,"date_of_birth":0,"gender":0,"country":0,"biography":0},"characters":{"actor":0,"name":0}}}` + "\n"
	if got := show(t, Printer{Format: JSONL}, nil, NewStats(tStats(), 1, 88)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestStatsRows(t *testing.T) {
	s := NewStats(tStats(), 1, 88)
	got := list(t, Printer{Format: TSV, Header: true}, nil, s.Rows()...)
	want := `section	label	count
totals	movies	3
totals	persons	2
totals	directors	1
totals	actors	2
totals	characters	1
totals	genres	12
totals	countries	0
totals	photos	0
totals	files	0
totals	users	0
totals	favorites	9
size	database_bytes	4096
size	files_bytes	88
size	files_stored	1
decades	1990	1
decades	2000	0
genres	Sci\tFi\x1b[31m	1
directors	Ben	1
duration	known	2
duration	unknown	1
duration	min	39
duration	max	240
duration	mean	33.333
duration	median	139.5
duration.buckets	0	1
duration.buckets	40	0
duration.buckets	60	1
budget	known	0
budget	unknown	3
budget	min	
budget	max	
budget	mean	
budget	median	
budget.buckets	0	0
budget.buckets	100000	0
budget.buckets	1000000	0
missing.movies	poster	3
missing.movies	director	0
missing.movies	country	0
missing.movies	genre	0
missing.movies	description	0
missing.movies	release_date	2
missing.movies	duration	0
missing.movies	budget	3
missing.movies	cast	0
missing.persons	photo	1
missing.persons	date_of_birth	0
missing.persons	gender	0
missing.persons	country	0
missing.persons	biography	0
missing.characters	actor	0
missing.characters	name	0
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestStatsCharts(t *testing.T) {
	s := NewStats(tStats(), 1, 88)
	got := charts(t, Printer{Width: 40}, true, s.Charts()...)
	want := `Totals
  movies       3  ######
  persons      2  ####
  directors    1  ##
  actors       2  ####
  characters   1  ##
  genres      12  ######################
  countries    0
  photos       0
  files        0
  users        0
  favorites    9  #################

Size in bytes
  database  4,096  4.0 KiB
  files        88  88 B in 1 file

Movies by decade
  1990s    1  #############
  2000s    0
  unknown  2  ##########################

Movies by genre (1 of 12)
  Sci\tFi\x1b[31m  1  ##################

Directors by movies
  Ben  1  ##############################

Running time in minutes
  median 139.5, mean 33.3, from 39 to
  240
  under 40    1  #######################
  40-59       0
  60 or more  1  #######################
  unknown     1  #######################

Budget
  unknown  3  ##########################

Movies without
  poster        3  #####################
  director      0
  country       0
  genre         0
  description   0
  release date  2  ##############
  duration      0
  budget        3  #####################
  cast          0

People without
  photo          1  ##########
  date of birth  0
  gender         0
  country        0
  biography      0

Characters without
  actor  0
  name   0
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLabelsOfAmounts(t *testing.T) {
	s := tStats()
	s.Budget.Known = 1
	var labels []string
	d := newDistribution(s.Budget)
	for _, b := range d.bars(amountLabel) {
		labels = append(labels, b.Label)
	}
	if got := strings.Join(labels, ", "); got != "under 100k, 100k to 1M, 1M or more" {
		t.Error(got)
	}
	for f, want := range map[float64]string{0: "0", 106: "106", 104.04: "104.0", 1000.4: "1,000", 48601578.9663337: "48,601,579", 1e15: "1,000,000,000,000,000"} {
		if got := rounded(f); got != want {
			t.Errorf("%g: %s, want %s", f, got, want)
		}
	}
}
