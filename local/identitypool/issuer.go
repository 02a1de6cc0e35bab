package identitypool

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

// Issuer is the iss claim of the tokens of all identity pools, at AWS and here.
const Issuer = "https://cognito-identity.amazonaws.com"

const (
	tokenLife = 10 * time.Minute
	keyBits   = 2048
)

// issuer signs the tokens that an identity shows to STS. It makes its key when the first is needed, which takes tenths
// of a second.
type issuer struct {
	now func() time.Time

	mu     sync.Mutex
	signer jose.Signer
	public jose.JSONWebKey
}

// issue returns the token of an identity.
func (s *Server) issue(i identity, proofs []proof) (string, error) {
	amr := []string{unauthenticated}
	if len(proofs) > 0 {
		amr = []string{authenticated}
	}
	for _, proven := range proofs {
		amr = append(amr, proven.provider, proven.provider+":CognitoSignIn:"+proven.claims.Sub)
	}
	now := s.issuer.now()
	payload, err := json.Marshal(map[string]any{
		"iss": Issuer, "sub": i.ID, "aud": i.Pool, "amr": amr, "iat": now.Unix(), "exp": now.Add(tokenLife).Unix(),
	})
	if err != nil {
		return "", err
	}
	if err := s.prepare(); err != nil {
		return "", err
	}
	signed, err := s.issuer.signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// prepare reads or makes the key.
func (s *Server) prepare() error {
	s.issuer.mu.Lock()
	defer s.issuer.mu.Unlock()
	if s.issuer.signer != nil {
		return nil
	}
	var der []byte
	err := s.store.change(func(d *data) error {
		if d.Key == nil {
			private, err := rsa.GenerateKey(rand.Reader, keyBits)
			if err != nil {
				return err
			}
			if d.Key, err = x509.MarshalPKCS8PrivateKey(private); err != nil {
				return err
			}
		}
		der = d.Key
		return nil
	})
	if err != nil {
		return err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return err
	}
	private, is := parsed.(*rsa.PrivateKey)
	if !is {
		return errors.New("the identity pools' key is not an RSA key")
	}
	id := sha256.Sum256(x509.MarshalPKCS1PublicKey(&private.PublicKey))
	key := jose.JSONWebKey{Key: private, KeyID: s.options.Region + "-" + hex.EncodeToString(id[:4]),
		Algorithm: string(jose.RS512), Use: "sig"}
	s.issuer.public = key.Public()
	s.issuer.signer, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.RS512, Key: key},
		(&jose.SignerOptions{}).WithType("JWS"))
	return err
}

// serveKeys serves the JSON Web Key Set.
func (s *Server) serveKeys(w http.ResponseWriter, _ *http.Request) {
	if err := s.prepare(); err != nil {
		respond(w, nil, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{s.issuer.public}}) // or the client is gone
}
