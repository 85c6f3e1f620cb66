package blob

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

// differences returns the files of MANIFEST.csv that decode there and are
// refused here, besides icons, which are none of the six types.
func differences() map[string]string {
	return map[string]string{
		"go-stdlib/invalid-noend.png": "it is truncated: the PNG ends too early",
		"go-stdlib/invalid-trunc.png": "it is truncated: the PNG ends too early",
		"go-stdlib/invalid-zlib.png":  "it is a damaged PNG: png: invalid format: zlib: invalid checksum",
		"pngsuite/xcsn0g01.png":       "it is a damaged PNG: png: invalid format: invalid checksum",
	}
}

// otherSize returns the files whose declared size is not the one in
// MANIFEST.csv: Pillow enlarges the screen of a GIF to hold its first frame.
func otherSize() map[string][2]int {
	return map[string][2]int{
		"image-rs/gif/anim/oob.gif":                    {32, 32},
		"image-rs/gif/simple/issue_1455_oversized.gif": {10, 10},
	}
}

func TestManifest(t *testing.T) {
	dir := shared(t, "images")
	f, err := os.Open(filepath.Join(dir, "MANIFEST.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 400 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		name, size, hash, mime, verdict := row[0], row[1], row[2], row[4], row[11]
		d := newDir(t)
		src, err := OpenSource(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		s, err := d.Stage(t.Context(), src, Limits{}, true)
		src.Close()
		if want := verdict == "decodes" && formatName(mime) != "" && differences()[name] == ""; !want {
			if !errors.Is(err, catalog.ErrInvalid) {
				t.Errorf("%s: got %v, want it refused", name, err)
			}
			if text := differences()[name]; text != "" && err != nil && err.Error() != text {
				t.Errorf("%s: got %q, want %q", name, err, text)
			}
			empty(t, d)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		width, _ := strconv.Atoi(row[7])
		height, _ := strconv.Atoi(row[8])
		if other, ok := otherSize()[name]; ok {
			width, height = other[0], other[1]
		}
		if s.MIME != mime || s.Width != width || s.Height != height || strconv.FormatInt(s.Size, 10) != size || s.Hash()[:16] != hash {
			t.Errorf("%s: got %+v", name, s)
		}
		s.Discard()
		empty(t, d)
	}
}
