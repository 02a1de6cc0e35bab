// Package token makes and reads the tokens of a local user pool: ID and access tokens with the claims that Amazon Cognito
// puts there, the answer of a pre token generation trigger applied, and refresh tokens that say nothing.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html
package token

import (
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

// Keys are the two RSA keys of a pool: as at Cognito, ID tokens are signed with one and access tokens with the other.
// They are safe for parallel use.
type Keys struct{ id, access *key }

type key struct {
	private *rsa.PrivateKey
	public  jose.JSONWebKey
	signer  jose.Signer
}

// NewKeys makes keys. It takes hundredths of a second.
func NewKeys() (*Keys, error) {
	var private [2]*rsa.PrivateKey
	var problems [2]error
	var made sync.WaitGroup
	for i := range private {
		made.Go(func() { private[i], problems[i] = generate() })
	}
	made.Wait()
	if err := errors.Join(problems[:]...); err != nil {
		return nil, fmt.Errorf("making the pool's keys: %w", err)
	}
	return newKeys(private[0], private[1])
}

// ParseKeys reads what Marshal wrote.
func ParseKeys(der []byte) (*Keys, error) {
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
			return nil, fmt.Errorf("the pool's keys are of another kind: %T", parsed)
		}
		if rsaKey.N.BitLen() != keyBits {
			return nil, fmt.Errorf("the pool's keys are damaged: %d bits, want %d", rsaKey.N.BitLen(), keyBits)
		}
		private[i], der = rsaKey, rest
	}
	if len(der) != 0 {
		return nil, errors.New("the pool's keys have bytes behind them")
	}
	return newKeys(private[0], private[1])
}

// Marshal writes the keys in PKCS #8, one behind the other.
func (k *Keys) Marshal() ([]byte, error) {
	var out []byte
	for _, one := range []*key{k.id, k.access} {
		der, err := x509.MarshalPKCS8PrivateKey(one.private)
		if err != nil {
			return nil, err
		}
		out = append(out, der...)
	}
	return out, nil
}

func newKeys(id, access *rsa.PrivateKey) (*Keys, error) {
	idKey, err := newKey(id)
	if err != nil {
		return nil, err
	}
	accessKey, err := newKey(access)
	if err != nil {
		return nil, err
	}
	return &Keys{idKey, accessKey}, nil
}

func newKey(private *rsa.PrivateKey) (*key, error) {
	der, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(der)
	name := base64.StdEncoding.EncodeToString(digest[:]) // the form of Cognito's key ids
	public := jose.JSONWebKey{Key: &private.PublicKey, KeyID: name, Algorithm: string(jose.RS256), Use: "sig"}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: newRS256(private, &public)}, nil)
	if err != nil {
		return nil, err
	}
	return &key{private, public, signer}, nil
}

// JWKS is the document at <issuer>/.well-known/jwks.json.
func (k *Keys) JWKS() ([]byte, error) {
	return json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{k.id.public, k.access.public}})
}

// Discovery is the document at <issuer>/.well-known/openid-configuration of a pool without a domain, which has no
// endpoints for browsers.
func Discovery(issuer, jwksURI string) ([]byte, error) {
	return json.Marshal(map[string]any{
		"issuer":                                issuer,
		"jwks_uri":                              jwksURI,
		"id_token_signing_alg_values_supported": []string{string(jose.RS256)},
		"response_types_supported":              []string{"code", "token"},
		"scopes_supported":                      []string{"openid", "email", "phone", "profile"},
		"subject_types_supported":               []string{"public"},
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
