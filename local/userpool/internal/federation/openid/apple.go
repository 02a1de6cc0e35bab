package openid

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// AppleKey signs the secret of a client of Sign in with Apple.
type AppleKey struct {
	TeamID, KeyID string
	PrivateKey    string // PKCS #8, as PEM or as its base64
}

// appleSecretLifetime is how long a signed secret holds. Each exchange signs its own.
const appleSecretLifetime = 5 * time.Minute

// secret returns the client's secret: a token that the key signs.
//
// See https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret
func (k *AppleKey) secret(clientID, issuer string, now time.Time) (string, error) {
	der, err := derOf(k.PrivateKey)
	if err != nil {
		return "", err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return "", errors.New("use the text of the .p8 file")
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key},
		(&jose.SignerOptions{}).WithHeader(jose.HeaderKey("kid"), k.KeyID))
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{
		"iss": k.TeamID, "iat": now.Unix(), "exp": now.Add(appleSecretLifetime).Unix(), "aud": issuer, "sub": clientID,
	})
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

func derOf(key string) ([]byte, error) {
	if block, _ := pem.Decode([]byte(key)); block != nil {
		return block.Bytes, nil
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(key), ""))
	if err != nil {
		return nil, errors.New("it is neither PEM nor base64")
	}
	return der, nil
}
