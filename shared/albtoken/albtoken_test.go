package albtoken

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

type object = map[string]any

const (
	mine   = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188"
	theirs = "arn:aws:elasticloadbalancing:eu-west-1:999999999999:loadbalancer/app/shop/50dc6c495c0c9188"
	client = "4fmvht22tjrgd7d3k3tghttct7"
	issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool00001"
	kid    = "c2f80c8b-c05c-4068-af14-17299f7896b1"
)

// world is a verifier, and AWS's keys.
type world struct {
	*Verifier
	key   *ecdsa.PrivateKey
	asked atomic.Int64
	paths sync.Map
	now   atomic.Pointer[time.Time]
}

func start(t testing.TB) *world {
	t.Helper()
	w := &world{key: newKey(t, elliptic.P256())}
	w.at(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC))
	published := pemOf(t, &w.key.PublicKey)
	server := httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.asked.Add(1)
		w.paths.Store(r.URL.EscapedPath(), true)
		switch r.URL.Path {
		case "/" + kid:
			_, _ = rw.Write(published)
		case "/down":
			rw.WriteHeader(http.StatusBadGateway)
		default:
			http.NotFound(rw, r)
		}
	}))
	t.Cleanup(server.Close)
	var err error
	w.Verifier, err = New(Options{
		LoadBalancers: []string{mine}, ClientID: client, Issuer: issuer, KeysURL: server.URL, HTTP: server.Client(),
		Now: func() time.Time { return *w.now.Load() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) at(now time.Time) { w.now.Store(&now) }

func newKey(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func pemOf(t testing.TB, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// header is what a load balancer writes, with changes; nil deletes a member.
func (w *world) header(change object) object {
	return changed(object{"typ": "JWT", "kid": kid, "alg": "ES256", "iss": issuer, "client": client, "signer": mine,
		"exp": w.now.Load().Add(2 * time.Minute).Unix()}, change)
}

func changed(base, change object) object {
	all := maps.Clone(base)
	maps.Copy(all, change)
	maps.DeleteFunc(all, func(_ string, value any) bool { return value == nil })
	return all
}

func claims(change object) object {
	return changed(object{"sub": "23d498b2-3031-70d2-8a15-29dd886a087b", "email_verified": "true", "username": "ines",
		"email": "ines@example.org"}, change)
}

// encode is base64url with padding, as load balancers write it.
func encode(value any) string {
	text, is := value.([]byte)
	if !is {
		text, _ = json.Marshal(value)
	}
	return base64.URLEncoding.EncodeToString(text)
}

// sign signs as a load balancer does: the padding is a part of what is signed.
func sign(t testing.TB, key *ecdsa.PrivateKey, header, claims object) string {
	t.Helper()
	text := encode(header) + "." + encode(claims)
	digest := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	size := (key.Params().BitSize + 7) / 8
	return text + "." + encode(append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...))
}

func TestToken(t *testing.T) {
	t.Parallel()
	w := start(t)
	for length := range 4 { // all paddings
		name := "ines" + strings.Repeat("x", length)
		text := sign(t, w.key, w.header(object{"typ": strings.Repeat("J", length)}), claims(object{"username": name}))
		got, err := w.Token(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		if got.Username != name || got.Subject != "23d498b2-3031-70d2-8a15-29dd886a087b" || !got.Verified ||
			got.Email != "ines@example.org" || got.LoadBalancer != mine || got.All["email"] != "ines@example.org" ||
			got.Expires.Unix() != w.now.Load().Add(2*time.Minute).Unix() {
			t.Errorf("claims %+v", got)
		}
	}
	if n := w.asked.Load(); n != 1 {
		t.Errorf("the key was fetched %d times", n)
	}
}

// None of these tokens signs anybody in, and none makes the verifier ask for another address than a key's.
func TestForgedTokens(t *testing.T) {
	t.Parallel()
	w := start(t)
	other, wide := newKey(t, elliptic.P256()), newKey(t, elliptic.P384())
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good := sign(t, w.key, w.header(nil), claims(nil))
	parts := strings.Split(good, ".")
	unsigned := func(alg string) string { return encode(w.header(object{"alg": alg})) + "." + encode(claims(nil)) }
	withSecret := func() string { // AWS's public key as the secret of HMAC
		text := unsigned("HS256")
		mac := hmac.New(sha256.New, pemOf(t, &w.key.PublicKey))
		mac.Write([]byte(text))
		return text + "." + encode(mac.Sum(nil))
	}
	withRSA := func() string {
		text := unsigned("RS256")
		digest := sha256.Sum256([]byte(text))
		signature, _ := rsa.SignPKCS1v15(rand.Reader, rsaKey, crypto.SHA256, digest[:])
		return text + "." + encode(signature)
	}
	ofHeader := func(change object) string { return sign(t, w.key, w.header(change), claims(nil)) }
	ofClaims := func(change object) string { return sign(t, w.key, w.header(nil), claims(change)) }
	elsewhere := sign(t, w.key, w.header(object{"signer": nil}), claims(object{"signer": mine}))
	past := w.now.Load().Unix()
	for name, c := range map[string]struct {
		token string
		want  error
	}{
		"another key":                   {token: sign(t, other, w.header(nil), claims(nil))},
		"somebody else's load balancer": {token: ofHeader(object{"signer": theirs})},
		"no signer":                     {token: ofHeader(object{"signer": nil})},
		"a list of signers":             {token: ofHeader(object{"signer": []string{mine}})},
		"another app client":            {token: ofHeader(object{"client": "another"})},
		"no app client":                 {token: ofHeader(object{"client": nil})},
		"another user pool":             {token: ofHeader(object{"iss": issuer + "x"})},
		"the signer in the claims":      {token: elsewhere},
		"expired":                       {token: ofHeader(object{"exp": past}), want: ErrExpired},
		"expired by its claims":         {token: ofClaims(object{"exp": past - 1}), want: ErrExpired},
		"without an end":                {token: ofHeader(object{"exp": nil})},
		"an end that is text":           {token: ofHeader(object{"exp": "9999999999"})},
		"an end without end":            {token: ofHeader(object{"exp": 1e300})},
		"no algorithm":                  {token: unsigned("none") + "."},
		"HMAC with the public key":      {token: withSecret()},
		"RSA":                           {token: withRSA()},
		"another curve":                 {token: sign(t, wide, w.header(object{"alg": "ES384"}), claims(nil))},
		"another curve, same name":      {token: sign(t, wide, w.header(nil), claims(nil))},
		"no signature":                  {token: parts[0] + "." + parts[1] + "."},
		"two parts":                     {token: parts[0] + "." + parts[1]},
		"other claims":                  {token: parts[0] + "." + encode(claims(object{"username": "a"})) + "." + parts[2]},
		"another header":                {token: encode(w.header(object{"x": 1})) + "." + parts[1] + "." + parts[2]},
		"critical extension":            {token: ofHeader(object{"crit": []string{"x"}})},
		"nobody":                        {token: ofClaims(object{"sub": nil})},
		"a key that does not exist":     {token: ofHeader(object{"kid": "11111111-2222-3333-4444-555555555555"})},
		"a key that is not to be had":   {token: ofHeader(object{"kid": "down"}), want: ErrNoKey},
		"a path":                        {token: ofHeader(object{"kid": "../" + kid})},
		"a path, encoded":               {token: ofHeader(object{"kid": "..%2f" + kid})},
		"a query":                       {token: ofHeader(object{"kid": kid + "?x=1"})},
		"another host":                  {token: ofHeader(object{"kid": "@evil.example/" + kid})},
		"a line":                        {token: ofHeader(object{"kid": kid + "\r\nHost: evil.example"})},
		"a long key id":                 {token: ofHeader(object{"kid": strings.Repeat("a", 65)})},
		"no key id":                     {token: ofHeader(object{"kid": nil})},
		"huge":                          {token: ofClaims(object{"x": strings.Repeat("x", maxToken)})},
		"no token":                      {token: "x"},
		"nothing at all":                {token: ""},
	} {
		t.Run(name, func(t *testing.T) {
			want := c.want
			if want == nil {
				want = ErrInvalid
			}
			got, err := w.Token(t.Context(), c.token)
			if !errors.Is(err, want) || got.Subject != "" || got.All != nil {
				t.Errorf("%+v, error %v, want %v", got, err, want)
			}
		})
	}
	allowed := map[string]bool{"/" + kid: true, "/down": true, "/11111111-2222-3333-4444-555555555555": true}
	w.paths.Range(func(path, _ any) bool {
		if !allowed[path.(string)] {
			t.Errorf("asked for %s", path)
		}
		return true
	})
}

func TestRequests(t *testing.T) {
	t.Parallel()
	w := start(t)
	good := sign(t, w.key, w.header(nil), claims(nil))
	handler := w.Handler(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		c, ok := FromContext(r.Context())
		fmt.Fprint(rw, c.Username, ok, r.Header.Get(IdentityHeader))
	}))
	for name, c := range map[string]struct {
		tokens []string
		status int
		body   string
	}{
		"one":           {tokens: []string{good}, status: http.StatusOK, body: "inestrue"},
		"none":          {status: http.StatusUnauthorized},
		"an empty one":  {tokens: []string{""}, status: http.StatusUnauthorized},
		"two":           {tokens: []string{good, good}, status: http.StatusUnauthorized},
		"one and none":  {tokens: []string{good, ""}, status: http.StatusUnauthorized},
		"two in a line": {tokens: []string{good + "," + good}, status: http.StatusUnauthorized},
		"no key": {tokens: []string{sign(t, w.key, w.header(object{"kid": "down"}), claims(nil))},
			status: http.StatusServiceUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set(IdentityHeader, "admin")
			for _, token := range c.tokens {
				r.Header.Add(Header, token)
			}
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, r)
			if answer.Code != c.status || c.body != "" && answer.Body.String() != c.body {
				t.Errorf("%d %s", answer.Code, answer.Body)
			}
		})
	}
	if _, ok := FromContext(t.Context()); ok {
		t.Error("a request without a verifier has claims")
	}
}

// Whoever invents ids of keys neither fills the memory, nor makes the target ask AWS without end, nor drives out the
// real key.
func TestInventedKeys(t *testing.T) {
	t.Parallel()
	w := start(t)
	good := sign(t, w.key, w.header(object{"exp": w.now.Load().Add(24 * time.Hour).Unix()}), claims(nil))
	if _, err := w.Token(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	flood := func() {
		for n := range 100 {
			text := sign(t, w.key, w.header(object{"kid": fmt.Sprint("invented-", n, "-", w.now.Load().Unix())}), claims(nil))
			if _, err := w.Token(t.Context(), text); err == nil {
				t.Error("an invented key verifies")
			}
		}
	}
	for range 3 {
		before := w.asked.Load()
		flood()
		if n := w.asked.Load() - before; n > maxFetches {
			t.Errorf("%d keys were asked for in a minute", n)
		}
		w.at(w.now.Load().Add(time.Minute))
	}
	flood()
	if len(w.keys.entries) > maxKeys || len(w.keys.order) != len(w.keys.entries) {
		t.Errorf("%d keys are kept, in a list of %d", len(w.keys.entries), len(w.keys.order))
	}
	before := w.asked.Load()
	if _, err := w.Token(t.Context(), good); err != nil || w.asked.Load() != before {
		t.Errorf("the real key was driven out: %v", err)
	}
	w.at(w.now.Load().Add(2 * keyLife)) // and serves on while too many others are asked for
	flood()
	if _, err := w.Token(t.Context(), good); err != nil {
		t.Errorf("the real key does not serve on: %v", err)
	}
}

func TestOneFetchForAll(t *testing.T) {
	t.Parallel()
	w := start(t)
	good := sign(t, w.key, w.header(nil), claims(nil))
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, err := w.Token(t.Context(), good); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := w.asked.Load(); n != 1 {
		t.Errorf("the key was fetched %d times", n)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	good := Options{LoadBalancers: []string{mine}, ClientID: client, Issuer: issuer}
	with := func(change func(*Options)) Options {
		o := good
		change(&o)
		return o
	}
	gov := "arn:aws-us-gov:elasticloadbalancing:us-gov-east-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188"
	china := "arn:aws-cn:elasticloadbalancing:cn-north-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188"
	from := func(arns ...string) Options { return with(func(o *Options) { o.LoadBalancers = arns }) }
	elsewhere := strings.Replace(mine, "eu-west-1", "us-east-1", 1)
	for name, c := range map[string]struct {
		o     Options
		url   string
		fails string
	}{
		"AWS": {o: good, url: "https://public-keys.auth.elb.eu-west-1.amazonaws.com"},
		"GovCloud": {o: from(gov),
			url: "https://s3-us-gov-east-1.amazonaws.com/aws-elb-public-keys-prod-us-gov-east-1"},
		"China":            {o: from(china), fails: "KeysURL"},
		"no load balancer": {o: from(), fails: "LoadBalancers is empty"},
		"not an ARN":       {o: from("shop"), fails: `has "shop"`},
		"a listener's ARN": {o: from(mine + "/f2f7dc8efc522ab2"), fails: "has"},
		"two Regions":      {o: from(mine, elsewhere), fails: "eu-west-1 and us-east-1"},
		"no client":        {o: with(func(o *Options) { o.ClientID = "" }), fails: "ClientID"},
		"no issuer":        {o: with(func(o *Options) { o.Issuer = "eu-west-1_Pool00001" }), fails: "Issuer"},
		"keys over HTTP":   {o: with(func(o *Options) { o.KeysURL = "http://example.org" }), fails: "KeysURL"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := New(c.o)
			if c.fails != "" {
				if err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Errorf("error %v, want %q", err, c.fails)
				}
				return
			}
			if err != nil || v.keys.url != c.url {
				t.Errorf("keys at %v, error %v", v, err)
			}
		})
	}
}

func FuzzToken(f *testing.F) {
	w := start(f)
	good := sign(f, w.key, w.header(nil), claims(nil))
	f.Add(good)
	f.Add(strings.ReplaceAll(good, "=", ""))
	f.Add(encode(w.header(object{"kid": "../x"})) + "." + encode(claims(nil)) + ".eA==")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := w.Token(t.Context(), text)
		if err == nil && c.Username != "ines" {
			t.Errorf("%q gives %+v", text, c)
		}
	})
}
