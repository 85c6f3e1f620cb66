package output

import (
	"fmt"
	"math"
	"reflect"
	"strconv"

	"github.com/dustin/go-humanize"

	"github.com/moviedb/moviedb/internal/catalog"
)

// Charts returns the numbers of a catalog for people.
func (s *Stats) Charts() []Chart {
	missing := func(title string, of any, all int64) Chart {
		return Chart{Title: title, Full: float64(all), Bars: barsOf(of)}
	}
	c, t := s.columns(), s.Totals
	return []Chart{
		{Title: "Totals", Bars: barsOf(t)},
		{Title: "Size in bytes", Bars: []Bar{
			{Label: "database", Value: s.Size.DatabaseBytes, Note: size(s.Size.DatabaseBytes)},
			{Label: "files", Value: s.Size.FilesBytes, Note: fmt.Sprintf("%s in %s %s", size(s.Size.FilesBytes),
				humanize.Comma(s.Size.FilesStored), catalog.Plural(int(s.Size.FilesStored), "file", "files"))},
		}},
		{Title: "Movies by decade", Bars: withUnknown(s.decadeBars(), s.Missing.Movies.ReleaseDate)},
		{Title: titled("Movies by genre", len(s.Genres), t.Genres), Bars: withUnknown(c[0].bars(), s.Missing.Movies.Genre)},
		{Title: titled("Movies by country", len(s.Countries), t.Countries), Bars: withUnknown(c[1].bars(), s.Missing.Movies.Country)},
		{Title: titled("Directors by movies", len(s.Directors), t.Directors), Bars: c[2].bars()},
		{Title: titled("Actors by parts", len(s.Actors), t.Actors), Bars: c[3].bars()},
		{Title: "Running time in minutes", Text: s.Duration.sentence(), Bars: withUnknown(s.Duration.bars(minutesLabel), s.Duration.Unknown)},
		{Title: "Budget", Text: s.Budget.sentence(), Bars: withUnknown(s.Budget.bars(amountLabel), s.Budget.Unknown)},
		missing("Movies without", s.Missing.Movies, t.Movies),
		missing("People without", s.Missing.Persons, t.Persons),
		missing("Characters without", s.Missing.Characters, t.Characters),
	}
}

// titled adds to a title how many of all are shown, if not all are.
func titled(title string, shown int, all int64) string {
	if int64(shown) >= all {
		return title
	}
	return fmt.Sprintf("%s (%s of %s)", title, humanize.Comma(int64(shown)), humanize.Comma(all))
}

func size(bytes int64) string { return humanize.IBytes(uint64(max(0, bytes))) }

func (s *Stats) decadeBars() []Bar {
	return each(s.Decades, func(d DecadeCount) Bar { return Bar{Label: strconv.Itoa(d.Decade) + "s", Value: d.Count} })
}

// withUnknown adds a line for what could not be counted anywhere, if there is any.
func withUnknown(bars []Bar, unknown int64) []Bar {
	if unknown <= 0 {
		return bars
	}
	return append(bars, Bar{Label: "unknown", Value: unknown})
}

// statsColumn is a list of records with a number for each.
type statsColumn struct {
	section string
	names   []string
	counts  []int64
}

// columns returns the lists that name records: genres, countries, directors,
// actors.
func (s *Stats) columns() []statsColumn {
	return []statsColumn{
		newStatsColumn("genres", s.Genres, func(c GenreCount) (Ref, int64) { return c.Genre, c.Count }),
		newStatsColumn("countries", s.Countries, func(c CountryCount) (Ref, int64) { return c.Country, c.Count }),
		newStatsColumn("directors", s.Directors, func(c DirectorCount) (Ref, int64) { return c.Director, c.Count }),
		newStatsColumn("actors", s.Actors, func(c ActorCount) (Ref, int64) { return c.Actor, c.Count }),
	}
}

func newStatsColumn[T any](section string, items []T, split func(T) (Ref, int64)) statsColumn {
	c := statsColumn{section: section}
	for _, item := range items {
		ref, n := split(item)
		c.names, c.counts = append(c.names, ref.Name), append(c.counts, n)
	}
	return c
}

func (c statsColumn) bars() []Bar {
	bars := make([]Bar, len(c.names))
	for i, name := range c.names {
		bars[i] = Bar{Label: name, Value: c.counts[i]}
	}
	return bars
}

// sentence says what is in the middle and at the ends.
func (d *StatsDistribution) sentence() string {
	if d.Known == 0 {
		return ""
	}
	return fmt.Sprintf("median %s, mean %s, from %s to %s", rounded(*d.Median), rounded(*d.Mean), rounded(*d.Min), rounded(*d.Max))
}

// rounded writes 106, 104.5, 48,601,579.
func rounded(f float64) string {
	if f >= 1000 || f == math.Trunc(f) {
		return humanize.Comma(int64(math.Round(f)))
	}
	return strconv.FormatFloat(f, 'f', 1, 64)
}

// bars are those of the buckets, none where nothing is known.
func (d *StatsDistribution) bars(label func(StatsBucket) string) []Bar {
	if d.Known == 0 {
		return nil
	}
	return each(d.Buckets, func(b StatsBucket) Bar { return Bar{Label: label(b), Value: b.Count} })
}

// minutesLabel names a range of whole numbers.
func minutesLabel(b StatsBucket) string {
	switch {
	case b.Below == nil:
		return fmt.Sprintf("%g or more", b.From)
	case b.From == 0:
		return fmt.Sprintf("under %g", *b.Below)
	}
	return fmt.Sprintf("%g-%g", b.From, *b.Below-1)
}

// amountLabel names a range of amounts.
func amountLabel(b StatsBucket) string {
	switch {
	case b.Below == nil:
		return short(b.From) + " or more"
	case b.From == 0:
		return "under " + short(*b.Below)
	}
	return short(b.From) + " to " + short(*b.Below)
}

// short writes 100k, 1M.
func short(f float64) string {
	switch {
	case f >= 1e6:
		return fmt.Sprintf("%gM", f/1e6)
	case f >= 1e3:
		return fmt.Sprintf("%gk", f/1e3)
	}
	return fmt.Sprint(f)
}

// Rows returns the numbers of a catalog one a row, in the order of the JSON.
func (s *Stats) Rows() []StatsRow {
	rows := append(rowsOf("totals", s.Totals), rowsOf("size", s.Size)...)
	for _, d := range s.Decades {
		rows = append(rows, statsRow("decades", strconv.Itoa(d.Decade), d.Count))
	}
	for _, c := range s.columns() {
		for i, name := range c.names {
			rows = append(rows, statsRow(c.section, name, c.counts[i]))
		}
	}
	for _, d := range []struct {
		section string
		StatsDistribution
	}{{"duration", s.Duration}, {"budget", s.Budget}} {
		rows = append(rows, rowsOf(d.section, d.StatsDistribution)...)
		for _, b := range d.Buckets {
			rows = append(rows, statsRow(d.section+".buckets", strconv.FormatFloat(b.From, 'f', -1, 64), b.Count))
		}
	}
	rows = append(rows, rowsOf("missing.movies", s.Missing.Movies)...)
	rows = append(rows, rowsOf("missing.persons", s.Missing.Persons)...)
	return append(rows, rowsOf("missing.characters", s.Missing.Characters)...)
}

func statsRow(section, label string, n int64) StatsRow {
	f := float64(n)
	return StatsRow{section, label, &f}
}

// rowsOf returns the numbers of a record, in order, by their JSON names.
func rowsOf(section string, record any) []StatsRow {
	v := reflect.New(reflect.TypeOf(record)).Elem()
	v.Set(reflect.ValueOf(record))
	var rows []StatsRow
	for _, f := range compile(v.Type()).fields {
		w, ok := f.get(v)
		switch {
		case f.kind != kindInt && f.kind != kindFloat:
		case !ok:
			rows = append(rows, StatsRow{Section: section, Label: f.name})
		case f.kind == kindInt:
			rows = append(rows, statsRow(section, f.name, w.Int()))
		default:
			n := w.Float()
			rows = append(rows, StatsRow{section, f.name, &n})
		}
	}
	return rows
}

// barsOf returns the numbers of a record, in order, by their names in words.
func barsOf(record any) []Bar {
	return each(rowsOf("", record), func(r StatsRow) Bar { return Bar{Label: words(r.Label), Value: int64(*r.Count)} })
}
