package tabular

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// films is a CSV of films such as bulk imports have, with quotes in half of
// its rows.
func films(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("title,year,duration,budget,country,director,genres,description,cast\n")
	for i := range rows {
		title := fmt.Sprintf("The Film of Night %d", i)
		if i%2 == 1 {
			title = fmt.Sprintf("\"The \"\"Film\"\" of Night, %d\"", i)
		}
		fmt.Fprintf(&b, "%s,%d,%d,%d,France,Anna Sample %d,Drama|War,A long text that says what happens in the film and who is in it,Al A as B; Bo B as C\n",
			title, 1900+i%120, 60+i%90, i*1000, i%5000)
	}
	return b.Bytes()
}

func BenchmarkCSV(b *testing.B) {
	for name, data := range map[string][]byte{
		"quotes": films(100_000),
		"plain":  bytes.ReplaceAll(bytes.ReplaceAll(films(100_000), []byte(`"`), nil), []byte("Night, "), []byte("Night ")),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				drain(b, data)
			}
		})
		b.Run(name+"/encoding-csv", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				r := csv.NewReader(bytes.NewReader(data))
				for {
					if _, err := r.Read(); errors.Is(err, io.EOF) {
						break
					} else if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkJSONLines(b *testing.B) {
	line := `{"title":"The Film of Night","year":1950,"genres":["Drama", "War"],"director":"Anna Sample","description":"A long text \"that\" says what happens"}` + "\n"
	data := []byte(strings.Repeat(line, 100_000))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		drain(b, data)
	}
}

// drain reads a whole file.
func drain(b *testing.B, data []byte) {
	r, err := Open(bytes.NewReader(data), "f", Options{})
	for err == nil {
		_, err = r.Next()
	}
	if !errors.Is(err, io.EOF) {
		b.Fatal(err)
	}
}
