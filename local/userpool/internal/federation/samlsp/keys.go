package samlsp

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"math/big"
	"time"
)

// Keys are what a pool signs requests with, and decrypts responses.
type Keys struct {
	Key         *rsa.PrivateKey
	Certificate *x509.Certificate
}

const (
	keyBits = 2048
	// certificateYears is how long Cognito's certificate is valid.
	certificateYears = 10
)

// NewKeys makes the keys of a pool.
func NewKeys(pool string, now time.Time) (*Keys, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: pool}, NotBefore: now.Add(-time.Hour),
		NotAfter: now.AddDate(certificateYears, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &Keys{key, certificate}, err
}

// StoredKeys are keys as a store keeps them.
type StoredKeys struct{ Key, Certificate []byte } // PKCS #8, and DER

// Store returns the keys as a store keeps them.
func (k *Keys) Store() (StoredKeys, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.Key)
	return StoredKeys{der, k.Certificate.Raw}, err
}

// Open returns the keys that a store kept.
func (s StoredKeys) Open() (*Keys, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(s.Key)
	if err != nil {
		return nil, err
	}
	key, is := parsed.(*rsa.PrivateKey)
	if !is {
		return nil, errors.New("the key is not an RSA key")
	}
	certificate, err := x509.ParseCertificate(s.Certificate)
	return &Keys{key, certificate}, err
}

// Text returns the certificate as GetSigningCertificate does: DER in base64.
func (k *Keys) Text() string { return base64.StdEncoding.EncodeToString(k.Certificate.Raw) }
