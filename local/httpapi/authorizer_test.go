package httpapi_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"cognito-triggers/local/httpapi"
	"cognito-triggers/shared/manifest"
)

// issuer signs tokens and publishes its keys.
type issuer struct {
	key     *rsa.PrivateKey
	kid     atomic.Value
	fetches atomic.Int64
	down    atomic.Bool
	url     string
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: key}
	i.kid.Store("one")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		i.fetches.Add(1)
		if i.down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{
			Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: i.kid.Load().(string), Algorithm: "RS256", Use: "sig"}},
		})
	}))
	t.Cleanup(server.Close)
	i.url = server.URL
	return i
}

// sign creates a token with any algorithm.
func sign(t *testing.T, algorithm jose.SignatureAlgorithm, key any, kid string, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key},
		(&jose.SignerOptions{}).WithHeader("kid", kid))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(text)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

func (i *issuer) token(t *testing.T, claims map[string]any) string {
	return sign(t, jose.RS256, i.key, i.kid.Load().(string), claims)
}

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// with returns an access token's claims with changes; nil removes a claim.
func (i *issuer) with(changes ...any) map[string]any {
	claims := map[string]any{
		"iss": i.url, "client_id": "app", "token_use": "access", "sub": "6f0c",
		"scope": "aws.cognito.signin.user.admin posts/write",
		"exp":   now.Unix() + 1, "iat": now.Unix(),
	}
	for n := 0; n < len(changes); n += 2 {
		name := changes[n].(string)
		if claims[name] = changes[n+1]; changes[n+1] == nil {
			delete(claims, name)
		}
	}
	return claims
}

func unsigned(t *testing.T, header string, claims map[string]any) string {
	t.Helper()
	text, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString(text) + "."
}

func publicPEM(t *testing.T, key *rsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func guarded(i *issuer, f *fake, clock func() time.Time) httpapi.Options {
	return httpapi.Options{
		Functions: []httpapi.Function{function("f", f,
			manifest.Route{Route: "GET /any", Authorizer: "jwt"},
			manifest.Route{Route: "GET /scoped", Authorizer: "jwt", Scopes: []string{"posts/read", "posts/write"}},
			manifest.Route{Route: "GET /open"})},
		Authorizer: &httpapi.Authorizer{Issuer: i.url, Audience: []string{"app", "other-app"}, Keys: httpapi.NewKeys(i.url)},
		Now:        clock,
	}
}

func TestAuthorizer(t *testing.T) {
	i, stranger := newIssuer(t), newIssuer(t)
	f := &fake{answer: `"ok"`}
	url := serve(t, guarded(i, f, func() time.Time { return now }))
	good := i.token(t, i.with())
	head, rest, _ := strings.Cut(good, ".")
	body, signature, _ := strings.Cut(rest, ".")
	const invalid = `Bearer scope="" error="invalid_token" error_description="`
	for name, c := range map[string]struct {
		header    string
		status    int
		challenge string
	}{
		"Bearer":           {header: "Bearer " + good, status: 200},
		"bearer":           {header: "bearer " + good, status: 200},
		"the token alone":  {header: good, status: 200},
		"aud that matches": {header: i.token(t, i.with("client_id", nil, "aud", "app")), status: 200},
		"one aud of a list": {
			header: i.token(t, i.with("client_id", nil, "aud", []string{"x", "other-app"})),
			status: 200,
		},
		"an ID token": {
			header: i.token(t, i.with("client_id", nil, "aud", "app", "token_use", "id", "scope", nil)),
			status: 200,
		},
		"exp in 1,000 years": {header: i.token(t, i.with("exp", now.Unix()+1000*31_557_600)), status: 200},
		"nbf now":            {header: i.token(t, i.with("nbf", now.Unix())), status: 200},
		"no token":           {header: "", status: 401, challenge: "Bearer"},
		"garbage": {
			header:    "Bearer not-a-token",
			status:    401,
			challenge: invalid + `token contains an invalid number of segments"`,
		},
		"three segments of garbage": {header: "Bearer a.b.c", status: 401, challenge: invalid + `the token is malformed"`},
		"Basic": {
			header:    "Basic aW5lczpwYXNz",
			status:    401,
			challenge: invalid + `token contains an invalid number of segments"`,
		},
		"alg none": {
			header:    unsigned(t, `{"alg":"none","kid":"one"}`, i.with()),
			status:    401,
			challenge: invalid + `signing method none is invalid"`,
		},
		"alg None": {
			header:    unsigned(t, `{"alg":"None","kid":"one"}`, i.with()),
			status:    401,
			challenge: invalid + `signing method None is invalid"`,
		},
		"alg that injects": {
			header:    unsigned(t, `{"alg":"x\" y=\"","kid":"one"}`, i.with()),
			status:    401,
			challenge: invalid + `the token is malformed"`,
		},
		"HS256, public key": {
			header:    sign(t, jose.HS256, publicPEM(t, i.key), "one", i.with()),
			status:    401,
			challenge: invalid + `signing method HS256 is invalid"`,
		},
		"RS512": {
			header:    sign(t, jose.RS512, i.key, "one", i.with()),
			status:    401,
			challenge: invalid + `signing method RS512 is invalid"`,
		},
		"a key in its header": {
			header:    unsigned(t, `{"alg":"RS256","kid":"one","jwk":{"kty":"RSA","n":"AQAB","e":"AQAB"}}`, i.with()) + "AAAA",
			status:    401,
			challenge: invalid + `the token's signature is invalid"`,
		},
		"another's signature": {
			header:    head + "." + body + "." + signature[:len(signature)-4] + "AAAA",
			status:    401,
			challenge: invalid + `the token's signature is invalid"`,
		},
		"other claims": {
			header:    head + "." + strings.Split(i.token(t, i.with("sub", "x")), ".")[1] + "." + signature,
			status:    401,
			challenge: invalid + `the token's signature is invalid"`,
		},
		"another key's": {
			header:    sign(t, jose.RS256, stranger.key, "one", i.with()),
			status:    401,
			challenge: invalid + `the token's signature is invalid"`,
		},
		"unknown kid": {
			header:    sign(t, jose.RS256, i.key, "two", i.with()),
			status:    401,
			challenge: invalid + `unable to find the token's key among the issuer's keys"`,
		},
		"no kid": {
			header:    sign(t, jose.RS256, i.key, "", i.with()),
			status:    401,
			challenge: invalid + `unable to find the token's key among the issuer's keys"`,
		},
		"expired": {
			header:    i.token(t, i.with("exp", now.Unix())),
			status:    401,
			challenge: invalid + `the token has expired"`,
		},
		"no expiry": {
			header:    i.token(t, i.with("exp", nil)),
			status:    401,
			challenge: invalid + `the token does not have an expiry"`,
		},
		"an expiry in words": {
			header:    i.token(t, i.with("exp", "never")),
			status:    401,
			challenge: invalid + `the token does not have an expiry"`,
		},
		"nbf in 1,000 years": {
			header:    i.token(t, i.with("nbf", now.Unix()+1000*31_557_600)),
			status:    401,
			challenge: invalid + `the token is not valid yet"`,
		},
		"nbf to come": {
			header:    i.token(t, i.with("nbf", now.Unix()+1)),
			status:    401,
			challenge: invalid + `the token is not valid yet"`,
		},
		"iat to come": {
			header:    i.token(t, i.with("iat", now.Unix()+1)),
			status:    401,
			challenge: invalid + `the token is not valid yet"`,
		},
		"wrong issuer": {
			header:    i.token(t, i.with("iss", "https://evil.example")),
			status:    401,
			challenge: invalid + `the token does not have a valid issuer"`,
		},
		"issuer with a slash": {
			header:    i.token(t, i.with("iss", i.url+"/")),
			status:    401,
			challenge: invalid + `the token does not have a valid issuer"`,
		},
		"wrong audience": {
			header:    i.token(t, i.with("client_id", "x")),
			status:    401,
			challenge: invalid + `the token does not have a valid audience"`,
		},
		"aud beats client_id": {
			header:    i.token(t, i.with("aud", "x")),
			status:    401,
			challenge: invalid + `the token does not have a valid audience"`,
		},
		"aud that is a number": {
			header:    i.token(t, i.with("aud", 7)),
			status:    401,
			challenge: invalid + `the token does not have a valid audience"`,
		},
		"no audience": {
			header:    i.token(t, i.with("client_id", nil)),
			status:    401,
			challenge: invalid + `the token does not have a valid audience"`,
		},
		"another pool's token": {
			header:    stranger.token(t, stranger.with()),
			status:    401,
			challenge: invalid + `the token's signature is invalid"`,
		},
		"claims that are a list": {
			header:    sign(t, jose.RS256, i.key, "one", nil),
			status:    401,
			challenge: invalid + `the token's claims cannot be read"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := f.calls
			got := call(t, "GET", url+"/any", "", "Authorization", c.header)
			if c.status == 200 {
				got.wants(t, 200, "ok")
				return
			}
			got.wants(t, c.status, `{"message":"Unauthorized"}`)
			if challenge := got.header.Get("Www-Authenticate"); challenge != c.challenge {
				t.Errorf("WWW-Authenticate %q, want %q", challenge, c.challenge)
			}
			if f.calls != before {
				t.Error("the function was called")
			}
		})
	}
	t.Run("two headers", func(t *testing.T) {
		call(t, "GET", url+"/any", "", "Authorization", good, "Authorization", good).wants(t, 401,
			`{"message":"Unauthorized"}`)
	})
	t.Run("an open route ignores tokens", func(t *testing.T) {
		call(t, "GET", url+"/open", "", "Authorization", "garbage").wants(t, 200, "ok")
	})
}

func TestScopes(t *testing.T) {
	i := newIssuer(t)
	f := &fake{answer: `"ok"`}
	url := serve(t, guarded(i, f, func() time.Time { return now }))
	for name, c := range map[string]struct {
		changes []any
		scopes  []any // in the event; nil if refused
	}{
		"one of them":       {changes: nil, scopes: []any{"aws.cognito.signin.user.admin", "posts/write"}},
		"the other":         {changes: []any{"scope", "posts/read"}, scopes: []any{"posts/read"}},
		"scp":               {changes: []any{"scope", nil, "scp", []string{"posts/read"}}, scopes: []any{"posts/read"}},
		"another":           {changes: []any{"scope", "posts/delete"}},
		"a longer name":     {changes: []any{"scope", "posts/write/all"}},
		"none":              {changes: []any{"scope", nil}},
		"none, an ID token": {changes: []any{"scope", nil, "client_id", nil, "aud", "app", "token_use", "id"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := call(t, "GET", url+"/scoped", "", "Authorization", i.token(t, i.with(c.changes...)))
			if c.scopes == nil {
				got.wants(t, 403, `{"message":"Forbidden"}`)
				if challenge := got.header.Get("Www-Authenticate"); !strings.HasPrefix(challenge,
					`Bearer scope="posts/read posts/write" error="insufficient_scope"`) {
					t.Errorf("WWW-Authenticate %q", challenge)
				}
				return
			}
			got.wants(t, 200, "ok")
			jwt := f.got(t)["requestContext"].(map[string]any)["authorizer"].(map[string]any)["jwt"].(map[string]any)
			if !reflect.DeepEqual(jwt["scopes"], c.scopes) {
				t.Errorf("scopes %v, want %v", jwt["scopes"], c.scopes)
			}
		})
	}
}

// Every claim is a string, as from API Gateway.
func TestClaims(t *testing.T) {
	i := newIssuer(t)
	f := &fake{answer: `"ok"`}
	url := serve(t, guarded(i, f, func() time.Time { return now }))
	token := i.token(t, i.with("cognito:groups", []string{"admins", "members"},
		"none", []string{}, "email_verified", true, "n", 1583798639, "f", 1.5))
	call(t, "GET", url+"/any", "", "Authorization", "Bearer "+token).wants(t, 200, "ok")
	jwt := f.got(t)["requestContext"].(map[string]any)["authorizer"].(map[string]any)["jwt"].(map[string]any)
	if scopes, there := jwt["scopes"]; !there || scopes != nil {
		t.Errorf("scopes %v, want null", scopes)
	}
	claims := jwt["claims"].(map[string]any)
	for name, want := range map[string]string{
		"sub": "6f0c", "cognito:groups": "[admins members]", "none": "[]", "email_verified": "true", "n": "1583798639",
		"f":     "1.5",
		"scope": "aws.cognito.signin.user.admin posts/write", "iss": i.url,
	} {
		if claims[name] != want {
			t.Errorf("%s is %#v, want %q", name, claims[name], want)
		}
	}
}

func TestKeys(t *testing.T) {
	i := newIssuer(t)
	f := &fake{answer: `"ok"`}
	var offset atomic.Int64
	url := serve(t, guarded(i, f, func() time.Time { return now.Add(time.Duration(offset.Load())) }))
	far := now.Add(24 * time.Hour).Unix()
	first := i.token(t, i.with("exp", far))
	wants := func(token string, status int, fetches int64) {
		t.Helper()
		if got := call(t, "GET", url+"/any", "", "Authorization", token); got.status != status ||
			i.fetches.Load() != fetches {
			t.Errorf("status %d after %d fetches, want %d after %d", got.status, i.fetches.Load(), status, fetches)
		}
	}
	i.down.Store(true)
	wants(first, 401, 1)
	i.down.Store(false)
	offset.Add(int64(time.Second))
	wants(first, 200, 2)
	wants(first, 200, 2)
	forged := sign(t, jose.RS256, i.key, "forged", i.with("exp", far))
	wants(forged, 401, 2) // too soon after the last fetch for another one
	offset.Add(int64(time.Second))
	wants(forged, 401, 3)
	wants(forged, 401, 3)
	i.kid.Store("rotated")
	offset.Add(int64(time.Second))
	wants(i.token(t, i.with("exp", far)), 200, 4)
	wants(first, 401, 4) // its key was removed
	offset.Add(int64(2 * time.Hour))
	wants(i.token(t, i.with("exp", far)), 200, 5)
}
