package token

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"testing"

	jose "github.com/go-jose/go-jose/v4"
)

// PKCS #1 leaves nothing to chance: there is one right signature.
func TestSignaturesAreThoseOfCryptoRSA(t *testing.T) {
	four, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	two, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		t.Fatal(err)
	}
	for name, private := range map[string]*rsa.PrivateKey{"four primes": four, "two primes": two} {
		t.Run(name, func(t *testing.T) {
			signer := newRS256(private, nil)
			for i := range 20 {
				payload := fmt.Appendf(nil, "payload %d", i)
				digest := sha256.Sum256(payload)
				want, err := rsa.SignPKCS1v15(nil, private, crypto.SHA256, digest[:])
				if err != nil {
					t.Fatal(err)
				}
				if got, err := signer.SignPayload(payload, jose.RS256); err != nil || !bytes.Equal(got, want) {
					t.Fatalf("%s: got %x, %v, want %x", payload, got, err, want)
				}
			}
		})
	}
}

func TestGeneratedKeysDiffer(t *testing.T) {
	one, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	other, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	if one.N.Cmp(other.N) == 0 || one.N.BitLen() != keyBits || len(one.Primes) != primes || one.E != publicExponent {
		t.Errorf("%d bits, %d primes, exponent %d; equal: %t", one.N.BitLen(), len(one.Primes), one.E, one.N.Cmp(other.N) == 0)
	}
}
