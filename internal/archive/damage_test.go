package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/moviedb/moviedb/internal/store"
)

// spoiler makes a bad archive of a good one's members.
type spoiler func(t *testing.T, ms []member) []byte

// members is a spoiler that changes members; then the archive is whole again.
func members(change func(t *testing.T, ms []member) []member) spoiler {
	return func(t *testing.T, ms []member) []byte { return pack(t, change(t, ms)) }
}

// raw is a spoiler that changes the bytes of the archive.
func raw(change func(b []byte) []byte) spoiler {
	return func(t *testing.T, ms []member) []byte { return change(pack(t, ms)) }
}

// manifest is a spoiler that changes the text of the manifest.
func manifest(old, text string) spoiler {
	return members(func(t *testing.T, ms []member) []member {
		if !strings.Contains(string(ms[0].data), old) {
			t.Fatalf("no %s in the manifest:\n%s", old, ms[0].data)
		}
		ms[0].data = []byte(strings.Replace(string(ms[0].data), old, text, 1))
		return ms
	})
}

// database is a spoiler that changes the database by hand and makes the manifest
// agree, as somebody would who means harm.
func database(statements ...string) spoiler {
	return members(func(t *testing.T, ms []member) []member {
		path := filepath.Join(t.TempDir(), "x.db")
		if err := os.WriteFile(path, ms[1].data, 0o600); err != nil {
			t.Fatal(err)
		}
		byHand(t, path, statements...)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return withDatabase(t, ms, b)
	})
}

// withDatabase puts another database into an archive, and its hash and size into
// the manifest.
func withDatabase(t testing.TB, ms []member, b []byte) []member {
	t.Helper()
	m, err := decodeManifest(ms[0].data)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	m.Database = Database{Size: int64(len(b)), SHA256: hex.EncodeToString(sum[:])}
	ms[1].data = b
	if ms[0].data, err = m.encode(); err != nil {
		t.Fatal(err)
	}
	return ms
}

// renamed is a spoiler that gives a member another name.
func renamed(i int, name string) spoiler {
	return members(func(_ *testing.T, ms []member) []member {
		ms[i].Name = name
		return ms
	})
}

// retyped is a spoiler that puts something else in the place of the first file.
func retyped(kind byte, link string) spoiler {
	return members(func(_ *testing.T, ms []member) []member {
		ms[2].Typeflag, ms[2].Linkname = kind, link
		return ms
	})
}

// damages are all kinds of damage, with what the error has to say.
func damages() map[string]struct {
	spoil spoiler
	want  string
} {
	type damage = struct {
		spoil spoiler
		want  string
	}
	other := "files/ff/" + strings.Repeat("ff", 32) + ".txt"
	return map[string]damage{
		"empty":                          {raw(func([]byte) []byte { return nil }), "it ends where manifest.json should be"},
		"text":                           {raw(func([]byte) []byte { return []byte(strings.Repeat("text ", 1000)) }), "no tar archive"},
		"half":                           {raw(func(b []byte) []byte { return b[:len(b)/2] }), "cut off"},
		"cut between members":            {raw(func(b []byte) []byte { return b[:len(b)-1024] }), "its end is missing"},
		"cut in the end":                 {raw(func(b []byte) []byte { return b[:len(b)-512] }), "its end is missing"},
		"the last byte missing":          {raw(func(b []byte) []byte { return b[:len(b)-1] }), "cut off"},
		"a header changed":               {raw(func(b []byte) []byte { b[3] ^= 1; return b }), "damaged"},
		"a bit of the database":          {members(func(_ *testing.T, ms []member) []member { ms[1].data[5000] ^= 1; return ms }), "its database has another hash"},
		"a bit of a file":                {members(func(_ *testing.T, ms []member) []member { ms[3].data[1] ^= 1; return ms }), "has another hash"},
		"something behind it":            {raw(func(b []byte) []byte { return append(b, "more"...) }), "something follows its end"},
		"an archive behind it":           {raw(func(b []byte) []byte { return append(b, b...) }), "something follows its end"},
		"gzip cut":                       {zipped(func(b []byte) []byte { return b[:len(b)-300] }), "cut off"},
		"gzip with a bit changed":        {zipped(func(b []byte) []byte { b[len(b)/2] ^= 1; return b }), "damaged"},
		"gzip with another sum":          {zipped(func(b []byte) []byte { b[len(b)-8] ^= 1; return b }), "checksum"},
		"gzip with more behind it":       {zipped(func(b []byte) []byte { return append(b, "more"...) }), "it is"},
		"only a gzip header":             {raw(func([]byte) []byte { return []byte("\x1f\x8b") }), "cut off"},
		"no manifest":                    {members(func(_ *testing.T, ms []member) []member { return ms[1:] }), `"moviedb.db" where manifest.json should be`},
		"no database":                    {members(func(_ *testing.T, ms []member) []member { return slices.Delete(ms, 1, 2) }), "where moviedb.db should be"},
		"no end of the manifest":         {manifest("}", ""), "cannot be read"},
		"another application":            {manifest(`"moviedb"`, `"\u001b[2Jdb"`), `it is of "`},
		"a newer format":                 {manifest(`"format": 1`, `"format": 2`), "newer moviedb"},
		"no format":                      {manifest(`"format": 1`, `"format": 0`), "format 0"},
		"a negative size":                {manifest(`"size": `, `"size": -`), "sizes that cannot be"},
		"a size beyond all numbers":      {manifest(`"size": `, `"size": 99999999999999999999`), "cannot be read"},
		"a manifest of 1 GB":             {bigManifest, "more than one can have"},
		"a database longer than it says": {manifest(`"size": `, `"size": 1`), "its manifest says"},
		"more files than it says":        {manifest(`"count": 3`, `"count": 2`), "shorter than its manifest says"},
		"fewer files than it says":       {manifest(`"count": 3`, `"count": 4`), "ends where a file should be"},
		"files longer than it says":      {manifest(`"size": 250023`, `"size": 9`), "larger than its manifest says"},
		"another version than it says":   {manifest(`"schema_version": 2`, `"schema_version": 7`), "its manifest says 7"},
		"no time":                        {manifest(`"created_at": "2`, `"created_at": "x2`), "cannot be read"},
		"a path upwards":                 {renamed(2, "files/../../../evil"), `"files/../../../evil" where a file`},
		"an absolute path":               {renamed(2, "/tmp/evil"), `"/tmp/evil" where a file`},
		"a path upwards, database":       {renamed(1, "../moviedb.db"), "where moviedb.db should be"},
		"a name with escapes":            {renamed(2, "files/\x1b[2J"), "where a file should be"},
		"a folder":                       {retyped(tar.TypeDir, ""), "no regular file"},
		"a symbolic link":                {retyped(tar.TypeSymlink, "/etc/passwd"), "no regular file"},
		"a hard link":                    {retyped(tar.TypeLink, "moviedb.db"), "no regular file"},
		"a device":                       {retyped(tar.TypeChar, ""), "no regular file"},
		"a FIFO":                         {retyped(tar.TypeFifo, ""), "no regular file"},
		"a database that is a link": {members(func(_ *testing.T, ms []member) []member {
			ms[1].Typeflag, ms[1].Linkname = tar.TypeSymlink, "/etc/passwd"
			return ms
		}), "no regular file"},
		"a sparse file":     {sparse, "sparse"},
		"a bomb":            {bomb, "it is longer than its manifest says"},
		"a file twice":      {members(func(_ *testing.T, ms []member) []member { return slices.Insert(ms, 3, ms[2]) }), "twice, or out of order"},
		"files in disorder": {members(func(_ *testing.T, ms []member) []member { ms[2], ms[3] = ms[3], ms[2]; return ms }), "twice, or out of order"},
		"an unknown member": {members(func(_ *testing.T, ms []member) []member {
			return append(ms, member{tar.Header{Typeflag: tar.TypeReg, Name: "README", Mode: 0o600}, []byte("read me")})
		}), `"README", of which its manifest says nothing`},
		"a file under another's hash": {renamed(4, other), "has another hash"},
		"a file that no row names":    {database(`DELETE FROM files WHERE id = 2`), "are not the 2 that its database names"},
		"a row without its file":      {database(`INSERT INTO files (file_name, file_key) VALUES ('x', '` + strings.TrimPrefix(other, filesPrefix) + `')`), "are not the 4 that"},
		"a row that names a path":     {database(`UPDATE files SET file_key = '../../../../etc/passwd' WHERE id = 1`), "are not the 3 that"},
		"another program's database":  {database(`PRAGMA application_id = 7`), "of another program"},
		"a newer catalog":             {database(`PRAGMA user_version = 99`), "newer moviedb"},
		"a table dropped":             {database(`DROP TABLE characters`), "its table characters is missing"},
		"another column":              {database(`ALTER TABLE countries RENAME COLUMN name TO names`), "its table countries is missing"},
		"references to nothing":       {database(`UPDATE movies SET director_id = 77`), "2 references in its database lead to nothing"},
		"an index that lies": {database(`PRAGMA writable_schema = 1`,
			`UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'movies_poster') WHERE name = 'movies_director'`), "damaged"},
		"half a database": {members(func(t *testing.T, ms []member) []member {
			return withDatabase(t, ms, ms[1].data[:len(ms[1].data)/2])
		}), "damaged"},
		"a database that is text": {members(func(t *testing.T, ms []member) []member {
			return withDatabase(t, ms, bytes.Repeat([]byte("text "), 1000))
		}), "not an SQLite database"},
	}
}

// zipped is a spoiler that changes the bytes of the gzipped archive.
func zipped(change func(b []byte) []byte) spoiler {
	return func(t *testing.T, ms []member) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write(pack(t, ms))
		w.Close()
		return change(b.Bytes())
	}
}

// bigManifest says that it is larger than it can be.
func bigManifest(t *testing.T, ms []member) []byte {
	b := pack(t, ms)
	copy(b[124:], fmt.Sprintf("%011o\x00", 1<<30))
	return rehashed(b)
}

// rehashed mends the checksum of the first header.
func rehashed(b []byte) []byte {
	copy(b[148:156], "        ")
	sum := 0
	for _, c := range b[:512] {
		sum += int(c)
	}
	copy(b[148:], fmt.Sprintf("%06o\x00 ", sum))
	return b
}

// sparse is an archive with a file of 1 TB that takes no room.
func sparse(t *testing.T, ms []member) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i, m := range ms {
		m.Size = int64(len(m.data))
		if i == 2 { // the records of GNU's sparse format 0.1, which Go reads and does not write
			record := func(key, value string) string {
				line := fmt.Sprintf(" %s=%s\n", key, value)
				n := len(line) + 2
				return fmt.Sprint(n) + line
			}
			records := record("GNU.sparse.size", "1099511627776") + record("GNU.sparse.numblocks", "1") + record("GNU.sparse.map", "0,3")
			w.Flush()
			head := tar.Header{Typeflag: tar.TypeReg, Name: "x", Size: int64(len(records)), Mode: 0o600}
			var one bytes.Buffer
			inner := tar.NewWriter(&one)
			inner.WriteHeader(&head)
			inner.Write([]byte(records))
			inner.Flush()
			raw := one.Bytes()
			raw[156] = tar.TypeXHeader
			b.Write(rehashed(raw))
		}
		if err := w.WriteHeader(&m.Header); err != nil {
			t.Fatal(err)
		}
		w.Write(m.data)
	}
	w.Close()
	return b.Bytes()
}

// bomb is a small archive that becomes 200 MB of empty headers.
func bomb(t *testing.T, ms []member) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	whole := pack(t, ms)
	w.Write(whole[:len(whole)-1024])
	w.Write(make([]byte, 200<<20))
	w.Close()
	return b.Bytes()
}

// Whatever is wrong with an archive, it is refused with a sentence that says
// what, and the place is as it was, be it empty or a catalog.
func TestDamagedArchivesAreRefused(t *testing.T) {
	from, _ := filled(t)
	good, err := os.ReadFile(backUp(t, from, "films.tar"))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(damages()); n < 20 {
		t.Errorf("only %d kinds of damage", n)
	}
	there, _ := filled(t)
	for name, d := range damages() {
		t.Run(name, func(t *testing.T) {
			archive := d.spoil(t, unpack(t, good))
			for place, o := range map[string]store.Options{"no catalog": absent(t), "a catalog": there} {
				before := tree(t, filepath.Dir(o.Path))
				_, err := tryRestore(o, archive, true)
				var bad *BadArchiveError
				switch {
				case !errors.As(err, &bad):
					t.Errorf("%s: got %v", place, err)
				case !strings.Contains(err.Error(), d.want) || strings.ContainsAny(err.Error(), "\x1b\n\x00"):
					t.Errorf("%s: got %q, want %q", place, err, d.want)
				}
				same(t, place, before, tree(t, filepath.Dir(o.Path)))
			}
		})
	}
	if _, err := tryRestore(there, pack(t, unpack(t, good)), true); err != nil {
		t.Errorf("what was spoilt is refused unspoilt too: %v", err)
	}
}
