package passwordhash

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"hash"
	"math/bits"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/scrypt"
)

type bcryptHash string

// parseBcrypt leaves $2x$ out, which marks hashes of an implementation with an error.
func parseBcrypt(text string) (Hash, error) {
	minor, _, _ := strings.Cut(strings.TrimPrefix(text, "$2"), "$")
	if minor != "a" && minor != "b" && minor != "y" {
		return nil, ErrUnsupported
	}
	cost, err := bcrypt.Cost([]byte(text))
	switch {
	case err != nil || len(text) != 60:
		return nil, errMalformed
	case cost > maxBcryptCost:
		return nil, ErrTooCostly
	}
	return bcryptHash(text), nil
}

func (h bcryptHash) Matches(password string) bool {
	return bcrypt.CompareHashAndPassword([]byte(h), []byte(password)) == nil
}

type scryptHash struct {
	derived
	n, r, p int
}

func parseScrypt(parts []string, limits Limits) (Hash, error) {
	if len(parts) != 3 {
		return nil, errMalformed
	}
	values, err := parameters(parts[0], "ln", "r", "p")
	if err != nil {
		return nil, err
	}
	h := scryptHash{r: values["r"], p: values["p"]}
	switch ln := values["ln"]; {
	case ln < 1 || h.r < 1 || h.p < 1:
		return nil, fmt.Errorf("%w: ln, r and p must be at least 1", errMalformed)
	case ln > 30 || h.r > 1024 || h.p > 1024:
		return nil, ErrTooCostly
	default:
		h.n = 1 << ln
	}
	// N·r·128 bytes are the large table; the rest is small beside it
	if h.n*h.r*h.p > maxScryptWork || h.r*h.p*128+h.n*h.r*128 > limits.MemoryKiB<<10 {
		return nil, ErrTooCostly
	}
	h.derived, err = parseDerived(parts[1], parts[2])
	return h, err
}

func (h scryptHash) Matches(password string) bool {
	digest, err := scrypt.Key([]byte(password), h.salt, h.n, h.r, h.p, len(h.digest))
	return err == nil && h.equals(digest)
}

type pbkdf2Hash struct {
	derived
	function   func() hash.Hash
	iterations int
}

// parsePBKDF2 reads the name of the hash function, the iterations, the salt and the digest.
func parsePBKDF2(parts []string) (Hash, error) {
	if len(parts) != 4 {
		return nil, errMalformed
	}
	h := pbkdf2Hash{function: sha256.New}
	if parts[0] == "pbkdf2-sha512" {
		h.function = sha512.New
	}
	count, length, hasLength := strings.Cut(strings.TrimPrefix(parts[1], "i="), ",l=")
	var err error
	if h.iterations, err = iterations(count); err != nil {
		return nil, err
	}
	if h.derived, err = parseDerived(parts[2], parts[3]); err != nil {
		return nil, err
	}
	if n, err := number(length); hasLength && (err != nil || n != len(h.digest)) {
		return nil, fmt.Errorf("%w: its digest does not have the length in l", errMalformed)
	}
	return h, nil
}

// parseDjango reads the iterations, the salt, which Django writes as it is, and the digest.
func parseDjango(parts []string) (Hash, error) {
	if len(parts) != 3 {
		return nil, errMalformed
	}
	count, err := iterations(parts[0])
	if err != nil {
		return nil, err
	}
	digest, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil {
		return nil, errMalformed
	}
	h := pbkdf2Hash{derived{[]byte(parts[1]), digest}, sha256.New, count}
	return h, h.check()
}

func iterations(text string) (int, error) {
	count, err := number(text)
	switch {
	case err != nil || count < 1:
		return 0, fmt.Errorf("%w: its iterations are not a whole number of at least 1", errMalformed)
	case count > maxIterations:
		return 0, ErrTooCostly
	}
	return count, nil
}

func (h pbkdf2Hash) Matches(password string) bool {
	digest, err := pbkdf2.Key(h.function, password, h.salt, h.iterations, len(h.digest))
	return err == nil && h.equals(digest)
}

type argonHash struct {
	derived
	memory, passes int
	threads        int
}

// parseArgon2id accepts version 19 alone, which x/crypto computes.
func parseArgon2id(parts []string, limits Limits) (Hash, error) {
	if len(parts) != 4 || parts[0] != "v=19" {
		return nil, fmt.Errorf("%w: argon2id needs v=19, its parameters, a salt and a digest", errMalformed)
	}
	values, err := parameters(parts[1], "m", "t", "p")
	if err != nil {
		return nil, err
	}
	h := argonHash{memory: values["m"], passes: values["t"], threads: values["p"]}
	switch {
	case h.passes < 1 || h.threads < 1 || h.memory < 8*h.threads:
		return nil, fmt.Errorf("%w: t and p must be at least 1, and m at least 8 times p", errMalformed)
	case h.threads > maxArgonThreads, h.memory > limits.MemoryKiB, exceeds(h.memory, h.passes, maxArgonWork):
		return nil, ErrTooCostly
	}
	h.derived, err = parseDerived(parts[2], parts[3])
	return h, err
}

func (h argonHash) Matches(password string) bool {
	return h.equals(argon2.IDKey([]byte(password), h.salt, uint32(h.passes), uint32(h.memory), uint8(h.threads),
		uint32(len(h.digest))))
}

// exceeds reports whether a times b is more than most, also where the product overflows.
func exceeds(a, b, most int) bool {
	high, low := bits.Mul64(uint64(a), uint64(b))
	return high > 0 || low > uint64(most)
}
