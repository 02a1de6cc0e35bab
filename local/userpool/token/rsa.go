package token

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"

	jose "github.com/go-jose/go-jose/v4"
)

// primes is how many a key has. A signature is computed modulo each prime apart, so that four of half the length take less
// than half the time of two, and every sign-in makes two signatures. RFC 8017 has such keys; verifiers see the modulus
// alone. Elsewhere the price would be too high: crypto/rsa signs with such keys slowly, and math/big, which is used
// instead, takes more time for some numbers than for others. These keys guard a pool on its user's own machine.
const primes = 4

const publicExponent = 65537

// generate makes a key of so many primes.
func generate() (*rsa.PrivateKey, error) {
	one, e := big.NewInt(1), big.NewInt(publicExponent)
	for {
		private := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: big.NewInt(1), E: publicExponent}}
		order := big.NewInt(1)
		for range primes {
			p, err := rand.Prime(rand.Reader, keyBits/primes)
			if err != nil {
				return nil, err
			}
			private.Primes = append(private.Primes, p)
			private.N.Mul(private.N, p)
			order.Mul(order, new(big.Int).Sub(p, one))
		}
		private.D = new(big.Int).ModInverse(e, order)
		if private.D != nil && private.N.BitLen() == keyBits && private.Validate() == nil {
			return private, nil
		}
	}
}

// remainder is a step of the Chinese remainder theorem: of the key's exponent and the earlier primes' product for a prime.
type remainder struct{ prime, exponent, product, inverse *big.Int }

// rs256 signs with a key of any number of primes.
type rs256 struct {
	public     *jose.JSONWebKey
	remainders []remainder
}

func newRS256(private *rsa.PrivateKey, public *jose.JSONWebKey) rs256 {
	s := rs256{public: public}
	product := big.NewInt(1)
	for _, p := range private.Primes {
		order := new(big.Int).Sub(p, big.NewInt(1))
		s.remainders = append(s.remainders, remainder{p, order.Mod(private.D, order), product, new(big.Int).ModInverse(product, p)})
		product = new(big.Int).Mul(product, p)
	}
	return s
}

// Public implements jose.OpaqueSigner.
func (s rs256) Public() *jose.JSONWebKey { return s.public }

// Algs implements jose.OpaqueSigner.
func (s rs256) Algs() []jose.SignatureAlgorithm { return []jose.SignatureAlgorithm{jose.RS256} }

// SignPayload implements jose.OpaqueSigner.
func (s rs256) SignPayload(payload []byte, _ jose.SignatureAlgorithm) ([]byte, error) {
	digest := sha256.Sum256(payload)
	message := new(big.Int).SetBytes(encode(digest))
	signature := new(big.Int)
	for _, r := range s.remainders {
		step := new(big.Int).Mod(message, r.prime)
		step.Exp(step, r.exponent, r.prime)
		step.Sub(step, signature)
		step.Mul(step, r.inverse)
		step.Mod(step, r.prime)
		signature.Add(signature, step.Mul(step, r.product))
	}
	return signature.FillBytes(make([]byte, keyBits/8)), nil
}

// digestInfo is what EMSA-PKCS1-v1_5 puts before a SHA-256 digest (RFC 8017, section 9.2).
var digestInfo = []byte{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20}

// encode is EMSA-PKCS1-v1_5.
func encode(digest [sha256.Size]byte) []byte {
	encoded := make([]byte, keyBits/8)
	tail := append(append([]byte{0}, digestInfo...), digest[:]...)
	encoded[1] = 1
	for i := 2; i < len(encoded)-len(tail); i++ {
		encoded[i] = 0xff
	}
	copy(encoded[len(encoded)-len(tail):], tail)
	return encoded
}
