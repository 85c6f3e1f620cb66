package blob

import (
	"bytes"
	"errors"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
)

// FuzzStagePicture: any bytes are a picture with pixels or refused with a
// reason; both leave nothing behind.
func FuzzStagePicture(f *testing.F) {
	for _, s := range samples(f) {
		f.Add(s.data)
		f.Add(s.data[:len(s.data)/2])
	}
	f.Add(pngOf("IHDR", ihdr(100000, 100000)))
	f.Add([]byte("<svg/>"))
	f.Add([]byte(""))
	lim := Limits{MaxSize: 1 << 20, MaxPixels: 1 << 16}
	f.Fuzz(func(t *testing.T, content []byte) {
		d := newDir(t)
		defer empty(t, d)
		s, err := d.Stage(t.Context(), bytes.NewReader(content), lim, true)
		if err != nil {
			if !errors.Is(err, catalog.ErrInvalid) || err.Error() != catalog.Visible(err.Error()) {
				t.Errorf("got %q", err)
			}
			return
		}
		defer s.Discard()
		if s.Width <= 0 || s.Height <= 0 || s.Width*s.Height > 1<<16 || s.Size != int64(len(content)) || !isKey(s.Key) {
			t.Errorf("got %+v", s)
		}
		other := stage(t, d, content)
		defer other.Discard()
		if other.Key != s.Key || other.MIME != s.MIME {
			t.Errorf("as a picture %+v, as any file %+v", s, other)
		}
	})
}
