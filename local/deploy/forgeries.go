package deploy

import (
	"context"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
)

// forgeries returns tokens derived from a valid one without the pool's private key.
func forgeries(ctx context.Context, jwks, good string) (map[string]string, error) {
	parts := strings.Split(good, ".")
	if len(parts) != 3 {
		return nil, errors.New("the access token is not a JWT")
	}
	var header, claims map[string]any
	if err := errors.Join(decodePart(parts[0], &header), decodePart(parts[1], &claims)); err != nil {
		return nil, fmt.Errorf("the access token: %w", err)
	}
	public, err := publicKey(ctx, jwks, fmt.Sprint(header["kid"]))
	if err != nil {
		return nil, err
	}
	none := encodePart(map[string]any{"alg": "none", "kid": header["kid"]}) + "." + parts[1]
	hmacked := encodePart(map[string]any{"alg": "HS256", "kid": header["kid"]}) + "." + parts[1]
	mac := hmac.New(sha256.New, public)
	mac.Write([]byte(hmacked))
	claims["cognito:groups"] = []string{"admins"}
	return map[string]string{
		"garbage":                             "garbage",
		"three parts of garbage":              "a.b.c",
		"alg none":                            none + ".",
		"alg none, with the signature":        none + "." + parts[2],
		"HS256 with the public key":           hmacked + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)),
		"other claims under a good signature": parts[0] + "." + encodePart(claims) + "." + parts[2],
		"without its signature":               parts[0] + "." + parts[1] + ".",
	}, nil
}

func decodePart(part string, into any) error {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

func encodePart(content map[string]any) string {
	text, _ := json.Marshal(content) // decoded from JSON
	return base64.RawURLEncoding.EncodeToString(text)
}

// publicKey returns the pool's public key in PEM, which careless libraries accept as a shared secret.
func publicKey(ctx context.Context, url, kid string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var set struct {
		Keys []struct{ Kid, N, E string }
	}
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
		return nil, fmt.Errorf("%s: %w", url, err)
	}
	for _, key := range set.Keys {
		if key.Kid != kid {
			continue
		}
		n, errN := base64.RawURLEncoding.DecodeString(key.N)
		e, errE := base64.RawURLEncoding.DecodeString(key.E)
		der, err := x509.MarshalPKIXPublicKey(&rsa.PublicKey{
			N: new(big.Int).SetBytes(n),
			E: int(new(big.Int).SetBytes(e).Int64()),
		})
		return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), errors.Join(errN, errE, err)
	}
	return nil, fmt.Errorf("%s has no key %q", url, kid)
}
