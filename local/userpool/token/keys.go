// Package token creates and verifies the tokens of a local user pool: ID and access tokens with Cognito's claims,
// changed as a pre token generation trigger asks, and opaque refresh tokens.
//
// See
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
package token

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	jose "github.com/go-jose/go-jose/v4"
)

const keyBits = 2048

// Pair holds a pool's two RSA keys: Cognito signs ID tokens with one and access tokens with the other.
type Pair struct{ id, access *rsa.PrivateKey }

// shared is the pair that all pools of this process use, since generating a key takes tenths of a second.
var shared = sync.OnceValues(NewPair)

// Shared returns the process's pair and generates it if necessary.
func Shared() (*Pair, error) { return shared() }

// NewPair generates a pair: one key after the other, so that a starting server keeps a core to itself.
func NewPair() (*Pair, error) {
	id, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, fmt.Errorf("making signing keys: %w", err)
	}
	access, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, fmt.Errorf("making signing keys: %w", err)
	}
	return &Pair{id: id, access: access}, nil
}

// ParsePair parses the output of Marshal.
func ParsePair(der []byte) (*Pair, error) {
	var private [2]*rsa.PrivateKey
	for i := range private {
		var first asn1.RawValue
		rest, err := asn1.Unmarshal(der, &first)
		if err != nil {
			return nil, fmt.Errorf("the pool's keys are damaged: %w", err)
		}
		parsed, err := x509.ParsePKCS8PrivateKey(first.FullBytes)
		if err != nil {
			return nil, fmt.Errorf("the pool's keys are damaged: %w", err)
		}
		rsaKey, ok := parsed.(*rsa.PrivateKey)
		if !ok {
			return nil, fmt.Errorf("the pool's keys have the wrong type %T", parsed)
		}
		if rsaKey.N.BitLen() != keyBits {
			return nil, fmt.Errorf("the pool's keys are damaged: %d bits, want %d", rsaKey.N.BitLen(), keyBits)
		}
		private[i], der = rsaKey, rest
	}
	if len(der) != 0 {
		return nil, errors.New("the pool's keys are damaged: trailing data")
	}
	return &Pair{id: private[0], access: private[1]}, nil
}

// Marshal encodes the two keys in PKCS #8, one after the other.
func (p *Pair) Marshal() ([]byte, error) {
	var out []byte
	for _, private := range []*rsa.PrivateKey{p.id, p.access} {
		der, err := x509.MarshalPKCS8PrivateKey(private)
		if err != nil {
			return nil, err
		}
		out = append(out, der...)
	}
	return out, nil
}

// Keys are a pool's keys. Pools may share a pair, but each has its own key IDs, so one pool rejects the tokens of
// another. Keys are safe for concurrent use.
type Keys struct{ id, access *key }

type key struct {
	public jose.JSONWebKey
	signer jose.Signer
}

// Of returns a pool's keys. The same pair and pool always give the same keys.
func (p *Pair) Of(poolID string) (*Keys, error) {
	id, err := newKey(poolID, p.id)
	if err != nil {
		return nil, err
	}
	access, err := newKey(poolID, p.access)
	if err != nil {
		return nil, err
	}
	return &Keys{id: id, access: access}, nil
}

func newKey(poolID string, private *rsa.PrivateKey) (*key, error) {
	der, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(append(der, poolID...))
	name := base64.StdEncoding.EncodeToString(digest[:]) // Cognito's key IDs look like this
	secret := jose.JSONWebKey{Key: private, KeyID: name, Algorithm: string(jose.RS256), Use: "sig"}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: secret}, nil)
	if err != nil {
		return nil, err
	}
	return &key{public: secret.Public(), signer: signer}, nil
}

// JWKS returns the document at <issuer>/.well-known/jwks.json.
func (k *Keys) JWKS() ([]byte, error) {
	return json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{k.id.public, k.access.public}})
}

// Discovered is what a pool's OpenID configuration depends on.
type Discovered struct {
	Issuer string
	JWKS   string // URL of the keys
	Domain string // URL of the pool's domain; "" for none
}

// Discovery returns the document at <issuer>/.well-known/openid-configuration. Without a domain, it names endpoints
// below the issuer, which AWS does not serve either.
func Discovery(c Discovered) ([]byte, error) {
	base, out := c.Domain+"/oauth2", c.Domain
	if c.Domain == "" {
		base, out = c.Issuer, c.Issuer
	}
	return json.Marshal(map[string]any{
		"issuer":                                c.Issuer,
		"jwks_uri":                              c.JWKS,
		"authorization_endpoint":                base + "/authorize",
		"token_endpoint":                        base + "/token",
		"userinfo_endpoint":                     base + "/userInfo",
		"revocation_endpoint":                   base + "/revoke",
		"end_session_endpoint":                  out + "/logout",
		"id_token_signing_alg_values_supported": []string{string(jose.RS256)},
		"response_types_supported":              []string{"code", "token"},
		"scopes_supported":                      []string{"openid", "email", "phone", "profile"},
		"subject_types_supported":               []string{"public"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
	})
}

func (k *key) sign(claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed, err := k.signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}
