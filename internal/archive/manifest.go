package archive

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/moviedb/moviedb/internal/catalog"
)

// The names of the members, in the order they come in.
const (
	manifestName = "manifest.json"
	databaseName = "moviedb.db"
	filesPrefix  = "files/" // and a key
)

const (
	formatVersion   = 1
	application     = "moviedb"
	maxManifest     = 64 << 10 // bytes
	maxContent      = 1 << 60  // bytes, and files
	memberOverhead  = 4 << 10  // bytes that a member takes besides its content, at most
	trailerOverhead = 1 << 20  // bytes of zeros that may follow the last member
)

// Manifest says what is in an archive. Fields are only ever added.
type Manifest struct {
	Format      int       `json:"format"`      // 1
	Application string    `json:"application"` // moviedb
	Schema      int       `json:"schema_version"`
	Created     time.Time `json:"created_at"` // in UTC, whole seconds
	Database    Database  `json:"database"`
	Files       Files     `json:"files"`

	// Dangling is how many references lead to nothing, as a hand edit leaves
	// them: the catalog had them when the archive was made.
	Dangling int64 `json:"dangling_references"`
}

// Database is what the manifest says of the database.
type Database struct {
	Size   int64  `json:"size"`   // bytes
	SHA256 string `json:"sha256"` // in hexadecimal
}

// Files is what the manifest says of the content.
type Files struct {
	Count int64 `json:"count"`
	Size  int64 `json:"size"` // bytes
}

// bytes is the size of all that matters.
func (m Manifest) bytes() int64 { return m.Database.Size + m.Files.Size }

// longest is how long the tar archive is at most.
func (m Manifest) longest() int64 {
	return m.bytes() + (m.Files.Count+2)*memberOverhead + maxManifest + trailerOverhead
}

// encode is the manifest as it stands in the archive.
func (m Manifest) encode() ([]byte, error) {
	b, err := json.MarshalIndent(m, "", "  ")
	return append(b, '\n'), err
}

// decodeManifest reads a manifest and refuses what cannot be one.
func decodeManifest(b []byte) (m Manifest, err error) {
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("its %s cannot be read: %s", manifestName, catalog.Visible(err.Error()))
	}
	switch {
	case m.Application != application:
		return m, fmt.Errorf("it is of %s, not of moviedb", catalog.Quote(m.Application))
	case m.Format > formatVersion:
		return m, fmt.Errorf("it was written by a newer moviedb (format %d, this one knows %d); please upgrade moviedb", m.Format, formatVersion)
	case m.Format < 1:
		return m, fmt.Errorf("its %s has the format %d, which there is not", manifestName, m.Format)
	case m.Database.Size <= 0 || m.Database.Size > maxContent || m.Files.Size < 0 || m.Files.Size > maxContent:
		return m, fmt.Errorf("its %s has sizes that cannot be", manifestName)
	case m.Files.Count < 0 || m.Files.Count > maxContent/memberOverhead || m.Files.Count == 0 && m.Files.Size > 0 || m.Dangling < 0:
		return m, fmt.Errorf("its %s has numbers that cannot be", manifestName)
	case m.Database.SHA256 != strings.ToLower(m.Database.SHA256) || !isSHA256(m.Database.SHA256):
		return m, fmt.Errorf("its %s has no SHA-256 of the database", manifestName)
	case m.Created.IsZero():
		return m, fmt.Errorf("its %s does not say when it was made", manifestName)
	}
	return m, nil
}

func isSHA256(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32
}
