package store_test

import (
	"fmt"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/store"
	"github.com/moviedb/moviedb/internal/testkit"
)

// benchDescription is of the usual length.
const benchDescription = "A small-town soldier is haunted by his own reflection. The picture is considered lost and is now in the public domain. " +
	"The score won several awards over 30 days."

// bulkOf writes n films, half as many people and 4 parts a film in one late
// bulk, a batch at a time, each name looked up before it is written.
func bulkOf(b *testing.B, o store.Options, n int) {
	b.Helper()
	ctx := b.Context()
	err := store.Update(ctx, o, func(tx *store.Tx) error {
		if err := tx.InsertGenres(ctx, []catalog.Genre{{Name: "Drama"}, {Name: "Crime"}}); err != nil {
			return err
		}
		if err := tx.Bulk(ctx, int64(n)); err != nil {
			return err
		}
		const batch = 2048
		for first := 0; first < n; first += batch {
			var keys []string
			persons := make([]catalog.Person, 0, batch/2)
			movies := make([]catalog.Movie, 0, batch)
			var links []store.Link
			for i := first; i < min(first+batch, n); i++ {
				if i%2 == 0 {
					persons = append(persons, catalog.Person{FirstName: "Jo", LastName: fmt.Sprintf("Doe%d", i)})
				}
				movies = append(movies, catalog.Movie{Title: fmt.Sprintf("The Film %d of %d", i*7919%n, i%1000), ReleaseDate: fmt.Sprintf("%d-03-31", 1900+i%120),
					Duration: 60 + i%90, Description: benchDescription, Director: catalog.Named{ID: int64(i/2 + 1)}})
				keys = append(keys, catalog.Fold(movies[len(movies)-1].Title))
				links = append(links, store.Link{Movie: int64(i + 1), Genre: 1}, store.Link{Movie: int64(i + 1), Genre: 2})
			}
			if _, err := tx.MoviesByKey(ctx, keys); err != nil {
				return err
			}
			if err := tx.InsertPersons(ctx, persons); err != nil {
				return err
			}
			if err := tx.InsertMovies(ctx, movies); err != nil {
				return err
			}
			if _, err := tx.LinkGenres(ctx, links); err != nil {
				return err
			}
			if err := tx.Refresh(ctx); err != nil {
				return err
			}
		}
		return tx.EndBulk(ctx)
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkBulk is the cost of a film in an import into a new catalog: its row,
// keys, words, two genres and half a person.
func BenchmarkBulk(b *testing.B) {
	for _, n := range []int{30_000, 300_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				bulkOf(b, testkit.Options(b), n)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/film")
		})
	}
}

// BenchmarkParts is the cost of a part in an import of parts into a catalog of
// films and people: both are looked up by name, then the part is written.
func BenchmarkParts(b *testing.B) {
	const films, parts = 100_000, 400_000
	for b.Loop() {
		b.StopTimer()
		o := testkit.Options(b)
		bulkOf(b, o, films)
		b.StartTimer()
		ctx := b.Context()
		err := store.Update(ctx, o, func(tx *store.Tx) error {
			if err := tx.Bulk(ctx, parts); err != nil {
				return err
			}
			const batch = 4096
			for first := 0; first < parts; first += batch {
				var titles, names []string
				cast := make([]catalog.Character, 0, batch)
				for i := first; i < min(first+batch, parts); i++ {
					film, person := i/4, i*7919%films/2*2
					if i%4 == 0 {
						titles = append(titles, fmt.Sprintf("the film %d of %d", film*7919%films, film%1000))
					}
					names = append(names, fmt.Sprintf("jo doe%d", person))
					cast = append(cast, catalog.Character{Name: fmt.Sprintf("Part %d", i%50_000), Role: "supporting", Movie: catalog.Titled{ID: int64(film + 1)},
						Actor: catalog.Named{ID: int64(person/2 + 1)}})
				}
				found, err := tx.MoviesByKey(ctx, titles)
				if err != nil {
					return err
				}
				people, err := tx.PersonsByKey(ctx, names)
				if err != nil {
					return err
				}
				if len(found) < len(titles) || len(people) < len(cast)/2 {
					b.Fatalf("found %d films of %d, %d people", len(found), len(titles), len(people))
				}
				if err := tx.InsertCharacters(ctx, cast); err != nil {
					return err
				}
			}
			return tx.EndBulk(ctx)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*parts), "ns/part")
}
