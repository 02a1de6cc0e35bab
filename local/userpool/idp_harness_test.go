package userpool

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"cognito-triggers/shared/cognito"
)

// provider is an identity provider that does what a test wants. local/clients has providers that others wrote.
type provider struct {
	t   testing.TB
	key *ecdsa.PrivateKey
	url string

	mu       sync.Mutex
	claims   object                // of ID tokens, laid over the right ones
	info     object                // of the userinfo endpoint
	sign     func(p []byte) string // replaces the signature
	answer   url.Values            // laid over the answer to the redirect URI
	method   string                // of the last request for attributes
	wanted   string                // fields of the last request for attributes
	post     bool                  // answers by a form
	document object                // laid over the discovery document
	status   int                   // of the token endpoint
	asked    url.Values            // the last request for a sign-in
	given    url.Values            // the last form at the token endpoint
	headers  http.Header           // the last ones there
	nonces   map[string]string     // by code
}

const kid = "k-1"

func startProvider(t testing.TB) *provider {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{t: t, key: key, nonces: map[string]string{}, info: object{"sub": "00u1x9", "given_name": "Ines"}}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.json(w, with(object{"issuer": p.url, "authorization_endpoint": p.url + "/authorize",
			"token_endpoint": p.url + "/token", "jwks_uri": p.url + "/keys", "userinfo_endpoint": p.url + "/me",
			// Says that HMAC and none are fine: the pool takes neither.
			"id_token_signing_alg_values_supported": []string{"ES256", "HS256", "none"}}, p.document))
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		p.json(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: kid, Use: "sig"}}})
	})
	mux.HandleFunc("/authorize", p.authorize)
	mux.HandleFunc("/token", p.token)
	mux.HandleFunc("/me", func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.method = r.Method
		p.wanted = r.URL.Query().Get("fields")
		p.json(w, p.info)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

func (p *provider) json(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		p.t.Error(err)
	}
}

// authorize signs in whoever comes.
func (p *provider) authorize(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = r.URL.Query()
	code := "c-" + strconv.Itoa(len(p.nonces))
	p.nonces[code] = p.asked.Get("nonce")
	values := url.Values{"code": {code}, "state": p.asked["state"]}
	maps.Copy(values, p.answer)
	to, post := p.asked.Get("redirect_uri"), p.post
	p.mu.Unlock()
	if post {
		w.Header().Set("Content-Type", "text/html")
		page := `<form method="post" action="` + to + `">`
		for name := range values {
			page += `<input type="hidden" name="` + name + `" value="` + html.EscapeString(values.Get(name)) + `">`
		}
		_, _ = w.Write([]byte(page + `</form>`))
		return
	}
	http.Redirect(w, r, to+"?"+values.Encode(), http.StatusFound)
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.given, p.headers = r.Form, r.Header
	if p.status != 0 {
		w.WriteHeader(p.status)
		return
	}
	p.json(w, object{"access_token": "a-1", "token_type": "Bearer", "expires_in": 3600, "id_token": p.idToken()})
}

// idToken returns the ID token of a sign-in.
func (p *provider) idToken() string {
	payload, err := json.Marshal(with(object{"iss": p.url, "aud": "pool-at-acme", "sub": "00u1x9",
		"iat": testNow.Unix(), "exp": testNow.Add(time.Hour).Unix(), "nonce": p.nonces[p.given.Get("code")],
		"email": "ines@acme.example", "groups": []string{"Eng", "Ops"}}, p.claims))
	if err != nil {
		p.t.Error(err)
	}
	if p.sign != nil {
		return p.sign(payload)
	}
	return signedBy(p.t, jose.ES256, p.key, kid, payload)
}

func signedBy(t testing.TB, algorithm jose.SignatureAlgorithm, key any, id string, payload []byte) string {
	t.Helper()
	options := &jose.SignerOptions{}
	if id != "" {
		options.WithHeader("kid", id)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// testNow is the time at which the pools of tests start.
var testNow = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// federatedBrowser is a browser at a pool with an identity provider, and functions at the triggers that it fires.
type federatedBrowser struct {
	*browser
	idp       *provider
	functions *functions
}

func startFederatedBrowser(t *testing.T, pool object, set ...func(*Options)) *federatedBrowser {
	t.Helper()
	f := &federatedBrowser{idp: startProvider(t),
		functions: &functions{answers: map[string]func(map[string]any) (any, error){}}}
	f.browser = startBrowser(t, with(object{
		"Schema": []object{{"Name": "groups", "AttributeDataType": "String", "Mutable": true}},
		"LambdaConfig": object{
			"InboundFederation": object{"LambdaArn": arnOf(cognito.InboundFederation), "LambdaVersion": "V1_0"},
			"PreSignUp":         arnOf(cognito.PreSignUp), "PostConfirmation": arnOf(cognito.PostConfirmation),
			"PreAuthentication": arnOf(cognito.PreAuthentication), "PostAuthentication": arnOf(cognito.PostAuthentication),
			"PreTokenGeneration": arnOf(cognito.PreTokenGeneration),
		}}, pool), nil,
		append([]func(*Options){func(o *Options) { o.Invoker = f.functions }}, set...)...)
	f.provide("Acme", "OIDC", object{"oidc_issuer": f.idp.url})
	f.offer("COGNITO", "Acme")
	return f
}

// offer sets the providers of the app client.
func (f *federatedBrowser) offer(names ...string) {
	f.t.Helper()
	f.do("UpdateUserPoolClient", object{
		"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": []string{"code", "implicit"},
		"AllowedOAuthScopes": []string{"openid", "email", "profile"}, "CallbackURLs": []string{callback},
		"LogoutURLs": []string{"https://app.example.org/bye"}, "SupportedIdentityProviders": names,
	})
}

// provide adds an identity provider to the pool.
func (f *federatedBrowser) provide(name, kind string, details object) {
	f.t.Helper()
	f.do("CreateIdentityProvider", object{"ProviderName": name, "ProviderType": kind,
		"ProviderDetails": with(object{"client_id": "pool-at-acme", "client_secret": "s-1",
			"authorize_scopes": "openid email", "attributes_request_method": "GET"}, details),
		"AttributeMapping": object{"email": "email", "given_name": "given_name", "custom:groups": "groups"}})
}

// goTo begins a sign-in at a provider.
func (f *federatedBrowser) goTo(name string, more url.Values) {
	f.t.Helper()
	query := url.Values{"identity_provider": {name}}
	maps.Copy(query, more)
	f.authorize(query)
}

// tokens exchanges the code at the app's callback.
func (f *federatedBrowser) tokens() object {
	f.t.Helper()
	f.atTheApp()
	status, out := f.exchange(url.Values{"grant_type": {"authorization_code"}, "client_id": {f.direct.client},
		"redirect_uri": {callback}, "code": {f.at.Query().Get("code")}})
	if status != http.StatusOK {
		f.t.Fatalf("%d %v", status, out)
	}
	return out
}

// refused fails unless the app got this error.
func (f *federatedBrowser) refused(code, description string) {
	f.t.Helper()
	got := f.at.Query()
	if f.at.Host != "app.example.org" || got.Get("error") != code || got.Get("error_description") != description ||
		got.Get("state") != "s-1" {
		f.t.Errorf("the browser is at %s, want %s: %s\n%s", f.at, code, description, f.page)
	}
}

func (f *federatedBrowser) fired() string {
	var sources string
	for _, e := range f.functions.take() {
		sources += e.Source + " "
	}
	return sources
}
