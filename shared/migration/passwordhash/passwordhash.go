// Package passwordhash checks passwords against the hashes of other systems, so that their users can be migrated
// without a new password: bcrypt, scrypt, PBKDF2 and argon2id, in the text forms that libraries write.
//
// A hash names what it costs to check. Since it is read from a table, Parse refuses costs over the given Limits: one
// item must not use up the function's memory or time.
package passwordhash

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Hash is a parsed password hash.
type Hash interface {
	// Matches reports whether the password belongs to the hash. It takes as long for a wrong password as for the right
	// one, and it cannot be cancelled.
	Matches(password string) bool
}

// Limits bounds what a check may cost.
type Limits struct {
	// MemoryKiB is the memory that one check of scrypt or argon2id may use.
	MemoryKiB int
}

// What a check may cost in time. Each is about the work of a second on a whole processor of Lambda, which a function
// has with 1,769 MB of memory.
const (
	maxBcryptCost   = 14
	maxScryptWork   = 1 << 22 // N·r·p: 32 times the default of most libraries
	maxIterations   = 4_000_000
	maxArgonWork    = 2 << 20 // memory in KiB times passes
	maxArgonThreads = 16
)

// Lengths of salts and digests in bytes.
const (
	minSalt, maxSalt     = 8, 128
	minDigest, maxDigest = 16, 128
)

// MaxPassword is the longest password that is checked, in bytes: 256 characters, which is Cognito's own limit.
const MaxPassword = 4 * 256

// ErrUnsupported reports a hash in a form that Parse does not know.
var ErrUnsupported = errors.New("the password hash has a form that is not supported: use bcrypt ($2a$, $2b$, $2y$), " +
	"$scrypt$, $pbkdf2-sha256$, $pbkdf2-sha512$, pbkdf2_sha256$ or $argon2id$")

// ErrTooCostly reports a hash whose check would cost more than the limits allow.
var ErrTooCostly = errors.New("the password hash costs more to check than the function may spend")

// errMalformed reports a hash of a known kind that cannot be read. No error has parts of the hash.
var errMalformed = errors.New("the password hash is malformed")

// Parse reads a hash. The error is ErrUnsupported, ErrTooCostly, or says what is malformed; it has no part of the hash.
//
// These forms are read:
//
//   - bcrypt: $2a$, $2b$ and $2y$; as everywhere, only the first 72 bytes of a password count
//   - scrypt: $scrypt$ln=14,r=8,p=1$salt$digest
//   - PBKDF2: $pbkdf2-sha256$i=600000$salt$digest or $pbkdf2-sha256$600000$salt$digest, also with sha512, and Django's
//     pbkdf2_sha256$600000$salt$digest
//   - argon2id: $argon2id$v=19$m=19456,t=2,p=1$salt$digest
//
// See https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md
func Parse(text string, limits Limits) (Hash, error) {
	switch {
	case strings.HasPrefix(text, "$2"):
		return parseBcrypt(text)
	case strings.HasPrefix(text, "$scrypt$"):
		return parseScrypt(strings.Split(text, "$")[2:], limits)
	case strings.HasPrefix(text, "$pbkdf2-sha256$"), strings.HasPrefix(text, "$pbkdf2-sha512$"):
		return parsePBKDF2(strings.Split(text, "$")[1:])
	case strings.HasPrefix(text, "pbkdf2_sha256$"):
		return parseDjango(strings.Split(text, "$")[1:])
	case strings.HasPrefix(text, "$argon2id$"):
		return parseArgon2id(strings.Split(text, "$")[2:], limits)
	}
	return nil, ErrUnsupported
}

// derived is a salt and the digest that the password's must equal.
type derived struct{ salt, digest []byte }

func (d derived) equals(digest []byte) bool { return subtle.ConstantTimeCompare(d.digest, digest) == 1 }

// parseDerived reads the last two parts of a hash.
func parseDerived(salt, digest string) (derived, error) {
	var d derived
	var err error
	if d.salt, err = decode(salt); err != nil {
		return d, err
	}
	if d.digest, err = decode(digest); err != nil {
		return d, err
	}
	return d, d.check()
}

func (d derived) check() error {
	if len(d.salt) < minSalt || len(d.salt) > maxSalt {
		return fmt.Errorf("%w: its salt needs %d to %d bytes", errMalformed, minSalt, maxSalt)
	}
	if len(d.digest) < minDigest || len(d.digest) > maxDigest {
		return fmt.Errorf("%w: its digest needs %d to %d bytes", errMalformed, minDigest, maxDigest)
	}
	return nil
}

// decode reads base64 with or without padding, and with the full stop that Python's passlib writes for a plus sign.
func decode(text string) ([]byte, error) {
	text = strings.TrimRight(strings.ReplaceAll(text, ".", "+"), "=")
	data, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%w: its salt and digest are not base64", errMalformed)
	}
	return data, nil
}

// parameters reads "m=65536,t=3,p=4": exactly the given names, each with a whole number that is not negative.
func parameters(text string, names ...string) (map[string]int, error) {
	values := map[string]int{}
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(part, "=")
		n, err := number(value)
		if err != nil {
			return nil, err
		}
		values[name] = n
	}
	for _, name := range names {
		if _, there := values[name]; !there || len(values) != len(names) {
			return nil, fmt.Errorf("%w: its parameters must be %s", errMalformed, strings.Join(names, ", "))
		}
	}
	return values, nil
}

// number reads a whole number of at most nine digits.
func number(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || len(text) > 9 {
		return 0, fmt.Errorf("%w: a cost is not a whole number", errMalformed)
	}
	return int(n), nil
}
