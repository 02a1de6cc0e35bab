package webauthn

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"

	"github.com/fxamacker/cbor/v2"
)

// The algorithms, as COSE numbers them.
const (
	ES256 = -7
	RS256 = -257
)

// Numbers of COSE.
const (
	curveKey  = 2 // kty
	rsaKey    = 3
	curveP256 = 1 // crv
)

// The sizes of moduli, in bytes. The bound keeps the time of a check small.
const (
	minModulus  = 256
	maxModulus  = 512
	maxExponent = 4
	coordinate  = 32
)

// header holds the members of a COSE key that say what the others are.
type header struct {
	Kty int `cbor:"1,keyasint"`
	Alg int `cbor:"3,keyasint"`
}

type curvePoint struct {
	Curve int    `cbor:"-1,keyasint"`
	X     []byte `cbor:"-2,keyasint"`
	Y     []byte `cbor:"-3,keyasint"`
}

type modulus struct {
	N []byte `cbor:"-1,keyasint"`
	E []byte `cbor:"-2,keyasint"`
}

// parseKey decodes a COSE key. The key's own algorithm decides how its signatures are checked: nothing in a request
// does.
//
// See https://www.rfc-editor.org/rfc/rfc9053 and https://www.rfc-editor.org/rfc/rfc8230
func parseKey(raw []byte) (crypto.PublicKey, error) {
	var h header
	if err := decodeCBOR(raw, &h); err != nil {
		return nil, err
	}
	switch {
	case h.Kty == curveKey && h.Alg == ES256:
		return parsePoint(raw)
	case h.Kty == rsaKey && h.Alg == RS256:
		return parseModulus(raw)
	}
	return nil, ErrUnsupported
}

func parsePoint(raw []byte) (crypto.PublicKey, error) {
	var p curvePoint
	if err := decodeCBOR(raw, &p); err != nil {
		return nil, err
	}
	if p.Curve != curveP256 {
		return nil, ErrUnsupported
	}
	if len(p.X) != coordinate || len(p.Y) != coordinate {
		return nil, ErrMalformed
	}
	point := append(append([]byte{4}, p.X...), p.Y...) // uncompressed
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return nil, ErrMalformed
	}
	return key, nil
}

func parseModulus(raw []byte) (crypto.PublicKey, error) {
	var m modulus
	if err := decodeCBOR(raw, &m); err != nil {
		return nil, err
	}
	switch {
	case len(m.E) == 0 || len(m.E) > maxExponent || m.E[len(m.E)-1]&1 == 0:
		return nil, ErrMalformed
	case len(m.N) < minModulus || len(m.N) > maxModulus || m.N[0] == 0:
		return nil, ErrUnsupported
	}
	exponent := new(big.Int).SetBytes(m.E)
	if exponent.Cmp(big.NewInt(3)) < 0 || exponent.BitLen() > 31 {
		return nil, ErrMalformed
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(m.N), E: int(exponent.Int64())}, nil
}

// signed reports whether a signature over a message is by a COSE key.
func signed(rawKey, message, signature []byte) (bool, error) {
	key, err := parseKey(rawKey)
	if err != nil {
		return false, err
	}
	sum := sha256.Sum256(message)
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, sum[:], signature), nil
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil, nil
	}
	return false, ErrUnsupported
}

// EncodeKey returns a key for ES256 in COSE's form.
func EncodeKey(key *ecdsa.PublicKey) ([]byte, error) {
	point, err := key.Bytes()
	if err != nil {
		return nil, err
	}
	return cbor.Marshal(struct {
		header
		curvePoint
	}{header{curveKey, ES256}, curvePoint{curveP256, point[1 : 1+coordinate], point[1+coordinate:]}})
}
