package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/blob"
	"github.com/moviedb/moviedb/internal/store"
)

// script is what is done to a good archive, a few bytes for each change.
type script struct{ b []byte }

func (s *script) byte() int {
	if len(s.b) == 0 {
		return 0
	}
	c := s.b[0]
	s.b = s.b[1:]
	return int(c)
}

// number is up to two bytes.
func (s *script) number() int { return s.byte()<<8 | s.byte() }

// text is some of the bytes that follow.
func (s *script) text() string {
	n := min(s.byte(), len(s.b))
	text := string(s.b[:n])
	s.b = s.b[n:]
	return text
}

// mutant is an archive that is being changed: its members, then its bytes.
type mutant struct {
	ms    []member
	zip   bool
	zeros int
	after []func(b []byte) []byte
}

// changes are what a script can do, by its first byte.
func changes() []func(*mutant, *script) {
	one := func(m *mutant, s *script) *member { return &m.ms[s.byte()%len(m.ms)] }
	return []func(*mutant, *script){
		func(m *mutant, _ *script) { m.zip = !m.zip },
		func(m *mutant, s *script) { m.zeros += s.byte() },
		func(m *mutant, s *script) { one(m, s).Mode = int64(s.number()) },
		func(m *mutant, s *script) { one(m, s).Uid = s.number() },
		func(m *mutant, s *script) { x := one(m, s); x.Uname, x.Format = s.text(), tar.FormatUnknown },
		func(m *mutant, _ *script) { m.agree() },
		func(m *mutant, s *script) { x := one(m, s); x.Name, x.Format = s.text(), tar.FormatUnknown },
		func(m *mutant, s *script) { one(m, s).Name += s.text() },
		func(m *mutant, s *script) { one(m, s).Typeflag = byte(s.byte()) },
		func(m *mutant, s *script) { x := one(m, s); x.Typeflag, x.Linkname = byte('0'+s.byte()%8), s.text() },
		func(m *mutant, s *script) {
			x := one(m, s)
			x.data = slices.Clone(x.data)
			if i := s.number() * 7; i < len(x.data) {
				x.data[i] ^= byte(s.byte())
			}
		},
		func(m *mutant, s *script) { x := one(m, s); x.data = x.data[:min(s.number(), len(x.data))] },
		func(m *mutant, s *script) { x := one(m, s); x.data = append(slices.Clone(x.data), s.text()...) },
		func(m *mutant, s *script) {
			if len(m.ms) > 1 {
				i := s.byte() % len(m.ms)
				m.ms = slices.Delete(m.ms, i, i+1)
			}
		},
		func(m *mutant, s *script) { m.ms = append(m.ms, *one(m, s)) },
		func(m *mutant, s *script) {
			i, j := s.byte()%len(m.ms), s.byte()%len(m.ms)
			m.ms[i], m.ms[j] = m.ms[j], m.ms[i]
		},
		func(m *mutant, s *script) {
			data := s.text()
			sum := sha256.Sum256([]byte(data))
			h := hex.EncodeToString(sum[:])
			m.ms = append(m.ms, member{tar.Header{Typeflag: tar.TypeReg, Name: filesPrefix + h[:2] + "/" + h + s.text(), Mode: 0o600}, []byte(data)})
		},
		func(m *mutant, s *script) {
			x := one(m, s)
			x.Format, x.PAXRecords = tar.FormatPAX, map[string]string{[]string{"path", "linkpath", "size", "comment", "MOVIEDB.x"}[s.byte()%5]: s.text()}
		},
		func(m *mutant, s *script) {
			i, c := s.number()*16+s.byte(), s.byte()
			m.after = append(m.after, func(b []byte) []byte {
				if i < len(b) {
					b[i] ^= byte(c)
				}
				return b
			})
		},
		func(m *mutant, s *script) {
			i := s.number() * 16
			m.after = append(m.after, func(b []byte) []byte { return b[:min(i, len(b))] })
		},
		func(m *mutant, s *script) { // a lie about a size, in a header that is sound
			i, size := s.number(), s.number()
			m.after = append(m.after, func(b []byte) []byte {
				if i = i % (len(b)/512 + 1) * 512; i+512 > len(b) || b[i] == 0 {
					return b
				}
				copy(b[i+124:], fmt.Sprintf("%011o\x00", size))
				copy(b[i:], rehashed(b[i:]))
				return b
			})
		},
		func(m *mutant, s *script) {
			more := s.text()
			m.after = append(m.after, func(b []byte) []byte { return append(b, more...) })
		},
	}
}

// agree makes the manifest agree with what follows it.
func (m *mutant) agree() {
	if len(m.ms) < 2 {
		return
	}
	said, err := decodeManifest(m.ms[0].data)
	if err != nil {
		return
	}
	sum := sha256.Sum256(m.ms[1].data)
	said.Database = Database{Size: int64(len(m.ms[1].data)), SHA256: hex.EncodeToString(sum[:])}
	said.Files = Files{Count: int64(len(m.ms) - 2)}
	for _, x := range m.ms[2:] {
		said.Files.Size += int64(len(x.data))
	}
	m.ms[0].data, _ = said.encode()
}

// bytes is the archive; ok is false if tar cannot write it.
func (m *mutant) bytes() (b []byte, ok bool) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, x := range m.ms {
		if x.Size = int64(len(x.data)); x.Typeflag != tar.TypeReg && x.Typeflag != 0 {
			x.Size, x.data = 0, nil
		}
		if w.WriteHeader(&x.Header) != nil {
			return nil, false
		}
		if _, err := w.Write(x.data); err != nil {
			return nil, false
		}
	}
	if w.Close() != nil {
		return nil, false
	}
	b = append(out.Bytes(), make([]byte, m.zeros*512)...)
	for _, change := range m.after {
		b = change(b)
	}
	if m.zip {
		var zipped bytes.Buffer
		z, _ := gzip.NewWriterLevel(&zipped, gzip.BestSpeed)
		z.Write(b)
		z.Close()
		b = zipped.Bytes()
	}
	return b, true
}

// mutate does what a script says.
func mutate(ms []member, ops []byte) (b []byte, ok bool) {
	m, s := &mutant{ms: slices.Clone(ms)}, &script{ops}
	for i := range m.ms {
		m.ms[i].PAXRecords = nil
	}
	all := changes()
	for len(s.b) > 0 {
		all[s.byte()%len(all)](m, s)
	}
	return m.bytes()
}

// scripted is a good archive for a fuzzer, and scripts to begin with.
func scripted(f *testing.F) (o store.Options, ms []member) {
	o = absent(f)
	for _, content := range []string{"one", "two"} {
		addFile(f, o, content+".txt", content)
	}
	good, err := os.ReadFile(backUp(f, o, "films.tar"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{})
	for i := range len(changes()) {
		f.Add([]byte{byte(i), 2, 9, 's', 'o', 'm', 'e', ' ', 't', 'e', 'x', 't'})
		f.Add([]byte{byte(i), 1, 200, 100, 50, 25, 5})
	}
	f.Add(append([]byte{6, 2, 20}, "files/../../../evil/"...))
	f.Add(append([]byte{9, 2, 2, 11}, "/etc/passwd"...))
	f.Add(append([]byte{16, 3, 'n', 'e', 'w', 4, '.', 't', 'x', 't', 5}, 0, 1, 9))
	return o, unpack(f, good)
}

// FuzzReadArchive: of an archive to which anything was done no more is taken
// than regular files of the three forms of names, with the hashes they are said
// to have; what is read to its end is what tar finds in it; and no more is read
// than the manifest allows.
func FuzzReadArchive(f *testing.F) {
	_, ms := scripted(f)
	f.Fuzz(func(t *testing.T, ops []byte) {
		archive, ok := mutate(ms, ops)
		if !ok {
			t.Skip("tar cannot write it")
		}
		var names []string
		var contents [][]byte
		keep := func(name string, r io.Reader) error {
			b, err := io.ReadAll(r)
			names, contents = append(names, name), append(contents, b)
			return err
		}
		m, _, err := read(t.Context(), bytes.NewReader(archive), sink{
			database: func(r io.Reader) error { return keep(databaseName, r) },
			file: func(key string, r io.Reader) error {
				if !blob.IsKey(key) {
					t.Errorf("%q came in", key)
				}
				return keep(filesPrefix+key, r)
			},
		})
		if err != nil {
			if strings.ContainsAny(err.Error(), "\x1b\x00\n") {
				t.Errorf("a control character in %q", err)
			}
			return
		}
		want := unpack(t, archive)[1:]
		if int64(len(want)) != m.Files.Count+1 || len(names) != len(want) {
			t.Fatalf("%d members, %d taken, %+v", len(want), len(names), m)
		}
		total := int64(0)
		for i, w := range want {
			sum := sha256.Sum256(w.data)
			said := m.Database.SHA256
			if i > 0 {
				said = blob.HashOf(strings.TrimPrefix(w.Name, filesPrefix))
				total += int64(len(w.data))
			}
			if names[i] != w.Name || !bytes.Equal(contents[i], w.data) || hex.EncodeToString(sum[:]) != said || w.Typeflag != tar.TypeReg {
				t.Errorf("%q was taken for %q", names[i], w.Name)
			}
		}
		if total != m.Files.Size || int64(len(contents[0])) != m.Database.Size {
			t.Errorf("%d bytes of files, %+v", total, m)
		}
	})
}

// FuzzRestoreArchive: an archive to which anything was done is either refused,
// and nothing is there, or it is the catalog that it says, in its place, with
// nothing beside it.
func FuzzRestoreArchive(f *testing.F) {
	o, ms := scripted(f)
	f.Fuzz(func(t *testing.T, ops []byte) {
		archive, ok := mutate(ms, ops)
		if !ok {
			t.Skip("tar cannot write it")
		}
		to, root := o, t.TempDir()
		to.Path = filepath.Join(root, "data", "moviedb.db")
		to.FilesDir = to.Path + ".files"
		done, err := tryRestore(to, archive, false)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\x1b\x00\n") {
				t.Errorf("a control character in %q", err)
			}
			if left := tree(t, root); len(left) != 1 {
				t.Errorf("refused (%v), and left %q", err, slices.Sorted(maps.Keys(left)))
			}
			return
		}
		isRestored(t, root, done, unpack(t, archive))
	})
}

// isRestored fails unless what is there is the members of the archive.
func isRestored(t *testing.T, root string, done Restored, ms []member) {
	want := map[string]string{".": "", "data": "drwx------", "data/moviedb.db": "-rw------- " + string(ms[1].data), "data/moviedb.db.files": "drwx------"}
	for _, m := range ms[2:] {
		key, ok := strings.CutPrefix(m.Name, filesPrefix)
		sum := sha256.Sum256(m.data)
		if !ok || !blob.IsKey(key) || blob.HashOf(key) != hex.EncodeToString(sum[:]) {
			t.Errorf("%q came in", m.Name)
		}
		want["data/moviedb.db.files/"+key[:2]] = "drwx------"
		want["data/moviedb.db.files/"+key] = "-rw------- " + string(m.data)
	}
	got := tree(t, root)
	want["."] = got["."]
	for name := range got { // whose the pictures are, if the catalog says so
		if strings.HasPrefix(name, "data/moviedb.db.files/owners") {
			delete(got, name)
		}
	}
	same(t, "restored", want, got)
	if sum := sha256.Sum256(ms[1].data); done.Database.SHA256 != hex.EncodeToString(sum[:]) || done.Files.Count != int64(len(ms)-2) {
		t.Errorf("%+v", done)
	}
}
