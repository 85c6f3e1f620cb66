// Package password hashes passwords with Argon2id and keeps the hashes as PHC
// strings, $argon2id$v=19$m=…,t=…,p=…$salt$hash.
//
// The parameters follow the OWASP Password Storage Cheat Sheet (19 MiB, two
// passes, one lane), the string format the PHC string format specification.
package password

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Params is what a hash costs. A hash made with less than today's Params is
// made again when its password is next seen.
type Params struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8  // lanes
}

// Default returns the parameters of new hashes.
func Default() Params { return Params{Memory: 19 * 1024, Time: 2, Threads: 1} }

const (
	saltSize = 16
	hashSize = 32

	// The limits of what Verify computes: a string in the table must not be
	// able to ask for all memory there is.
	mostMemory = 1 << 20 // KiB
	mostTime   = 64
	mostBytes  = 64 // of salt and of hash
)

// ErrFormat marks a string that is no Argon2id hash of a reasonable cost.
var ErrFormat = errors.New("not an Argon2id hash")

// Hash returns the PHC string of a password under a new random salt.
func Hash(secret []byte, p Params) (string, error) {
	salt := make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	sum := argon2.IDKey(secret, salt, p.Time, p.Memory, p.Threads, hashSize)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.Memory, p.Time, p.Threads,
		enc.EncodeToString(salt), enc.EncodeToString(sum)), nil
}

// Verify reports whether a password has the hash, in constant time. weak tells
// that the hash was made with less than want and should be made again. A string
// that is no hash is ErrFormat.
func Verify(secret []byte, phc string, want Params) (ok, weak bool, err error) {
	p, salt, sum, err := parse(phc)
	if err != nil {
		return false, false, err
	}
	got := argon2.IDKey(secret, salt, p.Time, p.Memory, p.Threads, uint32(len(sum)))
	weak = p.Memory < want.Memory || p.Time < want.Time || len(sum) < hashSize
	return subtle.ConstantTimeCompare(got, sum) == 1, weak, nil
}

// Waste does the work of one Verify and throws it away, so that the answer for
// a user who does not exist takes as long as for one who does.
func Waste(secret []byte, p Params) {
	argon2.IDKey(secret, make([]byte, saltSize), p.Time, p.Memory, p.Threads, hashSize)
}

// Check tells why a text is no hash that Verify can read, as ErrFormat; nil if
// it is one. The text is not in the error.
func Check(phc string) error {
	_, _, _, err := parse(phc)
	return err
}

func parse(phc string) (p Params, salt, sum []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return p, nil, nil, ErrFormat
	}
	if parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, fmt.Errorf("%w: unknown version", ErrFormat)
	}
	var threads uint32
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.Memory, &p.Time, &threads); err != nil ||
		parts[3] != fmt.Sprintf("m=%d,t=%d,p=%d", p.Memory, p.Time, threads) {
		return p, nil, nil, fmt.Errorf("%w: unreadable parameters", ErrFormat)
	}
	if p.Memory < 8 || p.Memory > mostMemory || p.Time < 1 || p.Time > mostTime || threads < 1 || threads > 255 {
		return p, nil, nil, fmt.Errorf("%w: unreasonable parameters", ErrFormat)
	}
	p.Threads = uint8(threads)
	enc := base64.RawStdEncoding.Strict()
	salt, err1 := enc.DecodeString(parts[4])
	sum, err2 := enc.DecodeString(parts[5])
	if err := errors.Join(err1, err2); err != nil || len(salt) < 8 || len(salt) > mostBytes || len(sum) < 16 || len(sum) > mostBytes {
		return p, nil, nil, fmt.Errorf("%w: unreadable salt or hash", ErrFormat)
	}
	return p, salt, sum, nil
}

// The bounds of a password's length in bytes.
const (
	Least = 8
	Most  = 1024
)

// Line takes the password from what was read of a pipe: the first line, without
// its end. Everything in it counts, blanks too.
func Line(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r"))
}
