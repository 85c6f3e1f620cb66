package bulk

import (
	"testing"
	"time"
)

// BenchmarkImportMovies imports films with a director, a country, two genres
// and a part each into a catalog that is not there yet.
func BenchmarkImportMovies(b *testing.B) {
	const n = 20_000
	text := filmsCSV(n)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var spent time.Duration
	for b.Loop() {
		b.StopTimer()
		o := absent(b)
		b.StartTimer()
		begun := time.Now()
		if res := load(b, o, text); res.Created != n {
			b.Fatalf("got %+v", res)
		}
		spent += time.Since(begun)
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N)/n, "ns/row")
}
