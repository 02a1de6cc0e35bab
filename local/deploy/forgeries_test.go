package deploy

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// Each forgery is what its name says: a verifier with that weakness accepts it, and a careful one does not.
func TestForgeries(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		encode := base64.RawURLEncoding.EncodeToString
		fmt.Fprintf(w, `{"keys":[{"kid":"another"},{"kid":"one","n":%q,"e":%q}]}`, encode(key.N.Bytes()),
			encode(big.NewInt(int64(key.E)).Bytes()))
	}))
	defer server.Close()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{"sub": "ines"})
	token.Header["kid"] = "one"
	good, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	forged, err := forgeries(t.Context(), server.URL, good)
	if err != nil {
		t.Fatal(err)
	}
	der, _ := x509.MarshalPKIXPublicKey(&key.PublicKey)
	secret := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	for name, careless := range map[string]any{
		"alg none":                  jwt.UnsafeAllowNoneSignatureType,
		"HS256 with the public key": secret,
	} {
		if _, err := jwt.Parse(forged[name], func(*jwt.Token) (any, error) { return careless, nil }); err != nil {
			t.Errorf("%s: a careless verifier refuses it: %v", name, err)
		}
	}
	for name, text := range forged {
		if _, err := jwt.Parse(text, func(*jwt.Token) (any, error) {
			return &key.PublicKey, nil
		}, jwt.WithValidMethods([]string{"RS256"})); err == nil {
			t.Errorf("%s: a careful verifier accepts it", name)
		}
	}
	if _, err := jwt.Parse(good, func(*jwt.Token) (any, error) { return &key.PublicKey, nil }); err != nil {
		t.Error(err)
	}
	if _, err := forgeries(t.Context(), server.URL, "no.token"); err == nil {
		t.Error("something other than a token was accepted")
	}
}

func TestAttempts(t *testing.T) {
	all := attempts(&callers{owner: tokens{access: "a", id: "i"}, other: tokens{access: "o"}, stranger: "s"},
		map[string]string{"garbage": "g"}, "1")
	good := 0
	for _, a := range all {
		if a.want < 300 {
			good++
		}
	}
	if last := all[len(all)-1]; good != 1 || last.token != "a" || last.want != http.StatusNoContent {
		t.Errorf("%d attempts succeed, the last is %+v; want only the owner's, as the last one", good, last)
	}
}
