package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"runtime/metrics"
	"testing"

	"github.com/moviedb/moviedb/internal/catalog"
	"github.com/moviedb/moviedb/internal/fuzzkit"
)

// FuzzStagePicture: any bytes are a picture with pixels or refused with a
// reason; both leave nothing behind and take memory by the limits, not by what
// the bytes say of themselves. An input is a content, or a sample with edits.
func FuzzStagePicture(f *testing.F) {
	pictures := samples(f)
	for i, s := range pictures {
		f.Add(byte(i), []byte(nil), false, []byte(nil))
		f.Add(byte(i), []byte{0, 20, 7, 0, 99, 255}, true, []byte(nil))
		f.Add(byte(255), []byte(nil), false, s.data[:len(s.data)/2])
	}
	for _, content := range [][]byte{pngOf("IHDR", ihdr(100000, 100000)), []byte("<svg/>")} {
		f.Add(byte(255), []byte(nil), false, content)
	}
	for _, content := range fuzzkit.Every(8, fuzzkit.SharedFiles(f, "images/*/*", 2<<10)) {
		f.Add(byte(255), []byte(nil), true, content) // with more of them samples are hardly ever edited
	}
	share := fuzzkit.NewShare(f)
	f.Fuzz(func(t *testing.T, which byte, edits []byte, repair bool, raw []byte) {
		share.Try(t)
		content := raw
		if which != 255 {
			content = edited(pictures[int(which)%len(pictures)].data, edits)
		}
		if repair {
			content = repaired(content)
		}
		if stagePicture(t, content) {
			share.Accept()
		}
	})
}

// stagePicture stages a content as a picture, and tells whether it is one.
func stagePicture(t *testing.T, content []byte) bool {
	t.Helper()
	const pixels, memory = 1 << 16, 16 << 20
	d := newDir(t)
	defer empty(t, d)
	before := allocated()
	s, err := d.Stage(t.Context(), bytes.NewReader(content), Limits{MaxSize: 1 << 20, MaxPixels: pixels}, true)
	if took := allocated() - before; took > memory+64*uint64(len(content)) {
		t.Errorf("%d bytes took %d bytes of memory", len(content), took)
	}
	if err != nil {
		if !errors.Is(err, catalog.ErrInvalid) || err.Error() != catalog.Visible(err.Error()) {
			t.Errorf("got %q", err)
		}
		return false
	}
	defer s.Discard()
	if s.Width <= 0 || s.Height <= 0 || s.Width*s.Height > pixels || s.Size != int64(len(content)) || !isKey(s.Key) {
		t.Errorf("got %+v", s)
	}
	other := stage(t, d, content)
	defer other.Discard()
	if other.Key != s.Key || other.MIME != s.MIME {
		t.Errorf("as a picture %+v, as any file %+v", s, other)
	}
	return true
}

// allocated is how many bytes were allocated so far.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// edited returns data with some of its bytes changed: each edit is a place of
// two bytes, small numbers of which are all over the data, and a value.
func edited(data, edits []byte) []byte {
	const most = 3 * 3 // with more of them nothing is left of the sample
	data, edits = bytes.Clone(data), edits[:min(len(edits), most)]
	for ; len(edits) >= 3; edits = edits[3:] {
		data[40503*int(binary.BigEndian.Uint16(edits))%len(data)] = edits[2]
	}
	return data
}

// repaired gives the chunks of a PNG their right checksums, so that a decoder
// looks at what is in them. Other data stay as they are.
func repaired(data []byte) []byte {
	const head, frame = 8, 12
	if !bytes.HasPrefix(data, []byte("\x89PNG")) {
		return data
	}
	data = bytes.Clone(data)
	for at := head; at+frame <= len(data); {
		n := int(binary.BigEndian.Uint32(data[at:]))
		if n > len(data)-at-frame {
			break
		}
		binary.BigEndian.PutUint32(data[at+8+n:], crc32.ChecksumIEEE(data[at+4:at+8+n]))
		at += frame + n
	}
	return data
}
