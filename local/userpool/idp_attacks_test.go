package userpool

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// ID tokens that are not the provider's answer to this sign-in. Each would be taken without one check.
func TestIDTokensThatAreRefused(t *testing.T) {
	t.Parallel()
	f := startFederatedBrowser(t, nil)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(f.idp.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	unsigned := func(payload []byte) string {
		header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"` + kid + `"}`))
		return header + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
	}
	for name, c := range map[string]struct {
		claims object
		sign   func([]byte) string
		info   object
		want   string
	}{
		"algorithm none": {sign: unsigned, want: "bad id_token: it is missing, or signed with an algorithm"},
		"HMAC with the public key": {sign: func(p []byte) string { return signedBy(t, jose.HS256, public, kid, p) },
			want: "bad id_token: it is missing, or signed with an algorithm"},
		"HMAC with the client's secret": {sign: func(p []byte) string {
			return signedBy(t, jose.HS256, []byte(strings.Repeat("s-1", 16)), kid, p)
		}, want: "bad id_token: it is missing, or signed with an algorithm"},
		"another key": {sign: func(p []byte) string { return signedBy(t, jose.ES256, other, kid, p) },
			want: "bad id_token"},
		"no kid": {sign: func(p []byte) string { return signedBy(t, jose.ES256, f.idp.key, "", p) }, want: "no kid"},
		"an unknown kid": {sign: func(p []byte) string { return signedBy(t, jose.ES256, f.idp.key, "k-2", p) },
			want: "bad id_token"},
		"another nonce":   {claims: object{"nonce": "n-of-another-sign-in"}, want: "the nonce is not that of this sign-in"},
		"no nonce":        {claims: object{"nonce": ""}, want: "the nonce is not that of this sign-in"},
		"another issuer":  {claims: object{"iss": "https://evil.example"}, want: "issued by a different provider"},
		"another client":  {claims: object{"aud": "somebody-else"}, want: "expected audience"},
		"another azp":     {claims: object{"azp": "somebody-else"}, want: "azp is another client"},
		"expired":         {claims: object{"exp": testNow.Add(-time.Hour).Unix()}, want: "token is expired"},
		"another at_hash": {claims: object{"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, want: "at_hash is another token's"},
		"attributes of another user": {info: object{"sub": "00u2"},
			want: "the attributes belong to another sub than the ID token"},
	} {
		t.Run(name, func(t *testing.T) {
			f.idp.claims, f.idp.sign, f.idp.info = c.claims, c.sign, object{"sub": "00u1x9"}
			if c.info != nil {
				f.idp.info = c.info
			}
			f.goTo("Acme", url.Values{"prompt": {"login"}})
			got := f.at.Query()
			if f.at.Host != "app.example.org" || got.Get("error") != "invalid_request" ||
				!strings.Contains(got.Get("error_description"), c.want) {
				t.Errorf("the browser is at %s, want %s", f.at, c.want)
			}
		})
	}
	if users := f.do("ListUsers", object{})["Users"].([]any); len(users) != 0 {
		t.Errorf("users %v", users)
	}
}

// stop makes the browser stop on its way back from the provider, and returns the address that it would open.
func (f *federatedBrowser) stop(name string) *url.URL {
	f.t.Helper()
	old := f.client.CheckRedirect
	defer func() { f.client.CheckRedirect = old }()
	f.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.Path, "/oauth2/idpresponse") {
			return http.ErrUseLastResponse
		}
		return nil
	}
	f.goTo(name, url.Values{"prompt": {"login"}})
	return f.at
}

// An answer is taken once, from the browser that was sent away, for the provider that it was sent to.
func TestAnswersBelongToABrowser(t *testing.T) {
	t.Parallel()
	f := startFederatedBrowser(t, nil)
	invalid := func(why string) {
		t.Helper()
		if f.at.Host == "app.example.org" || !strings.Contains(f.page, "Invalid State") {
			t.Errorf("%s: the browser is at %s\n%s", why, f.at, f.page)
		}
	}
	own := f.stop("Acme")
	mine := f.client.Jar
	var err error
	if f.client.Jar, err = cookiejar.New(nil); err != nil {
		t.Fatal(err)
	}
	f.show(f.client.Get(own.String())) // the victim opens the attacker's answer: login CSRF
	invalid("another browser")
	f.stop("Acme")
	victims := f.at.Query()
	victims.Set("code", own.Query().Get("code"))
	victims.Set("state", own.Query().Get("state"))
	f.show(f.client.Get(f.domain.URL + "/oauth2/idpresponse?" + victims.Encode()))
	invalid("another browser that has a state of its own")
	f.client.Jar = mine
	for name, state := range map[string]string{"none": "", "unknown": strings.Repeat("a", 43), "short": "x"} {
		f.show(f.client.Get(f.domain.URL + "/oauth2/idpresponse?code=c-1&state=" + state))
		invalid("state " + name)
	}
	cookies := f.client.Jar.Cookies(own)
	f.show(f.client.Get(own.String())) // what others tried has not used it up
	f.atTheApp()
	f.client.Jar.SetCookies(own, cookies) // a browser that keeps what it should forget
	f.show(f.client.Get(own.String()))
	invalid("a second time")
	late := f.stop("Acme")
	f.clock.Advance(5*time.Minute + time.Second)
	f.show(f.client.Get(late.String()))
	invalid("after five minutes")
}

// The code of an honest provider does not go to another one, whose answer names its issuer.
func TestProvidersAreNotMixedUp(t *testing.T) {
	t.Parallel()
	f := startFederatedBrowser(t, nil)
	evil := startProvider(t)
	f.provide("Evil", "OIDC", object{"oidc_issuer": evil.url})
	f.offer("COGNITO", "Acme", "Evil")
	// The browser begins at Evil, which sends it on to Acme; Acme's answer comes with Evil's state.
	back := f.stop("Evil")
	values := back.Query()
	values.Set("iss", f.idp.url)
	f.show(f.client.Get(f.domain.URL + "/oauth2/idpresponse?" + values.Encode()))
	f.refused("invalid_request", "Evil Error - the answer comes from another provider")
	if evil.given != nil {
		t.Errorf("the code went to the other provider: %v", evil.given)
	}
	// A provider that says it always names itself must do so.
	f.idp.document = object{"authorization_response_iss_parameter_supported": true}
	f.goTo("Acme", url.Values{"prompt": {"login"}})
	f.refused("invalid_request", "Acme Error - the answer comes from another provider")
	f.idp.answer = url.Values{"iss": {f.idp.url}}
	f.goTo("Acme", url.Values{"prompt": {"login"}})
	f.atTheApp()
}

// What a provider's documents name cannot make the pool read the cloud's metadata or send its secret on.
func TestBoundsOfCallsToProviders(t *testing.T) {
	t.Parallel()
	var leaked []string
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		leaked = append(leaked, r.Form.Get("client_secret")+r.Header.Get("Authorization"))
	}))
	t.Cleanup(elsewhere.Close)
	redirects := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	}
	for name, c := range map[string]struct {
		serve    http.HandlerFunc
		document func(at string) object
		want     string
	}{
		"metadata of the cloud": {document: func(string) object {
			return object{"token_endpoint": "http://169.254.169.254/latest/meta-data/"}
		}, want: "Connection reset"},
		"a file": {document: func(string) object {
			return object{"userinfo_endpoint": "file:///etc/passwd"}
		}, want: "Connection reset"},
		"a token endpoint that sends the secret on": {serve: redirects, document: func(at string) object {
			return object{"token_endpoint": at}
		}, want: "Acme Error - 307 error getting token"},
		"attributes that never end": {serve: func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"sub":"00u1x9","x":"` + strings.Repeat("x", 2<<20) + `"}`))
		}, document: func(at string) object { return object{"userinfo_endpoint": at} }, want: "Connection reset"},
		"redirects without end": {serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/", http.StatusFound)
		}, document: func(at string) object { return object{"userinfo_endpoint": at} }, want: "Connection reset"},
		"a token that is sent on": {serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusFound)
		}, document: func(at string) object { return object{"userinfo_endpoint": at} },
			want: "Acme Error - the attributes are no JSON object"},
		"a sign-in page that is a script": {document: func(string) object {
			return object{"authorization_endpoint": "javascript:alert(1)"}
		}, want: "Acme Error - authorize_url is no http address"},
	} {
		t.Run(name, func(t *testing.T) {
			f := startFederatedBrowser(t, nil)
			server := httptest.NewServer(c.serve)
			t.Cleanup(server.Close)
			f.idp.document = c.document(server.URL)
			f.goTo("Acme", nil)
			f.refused("invalid_request", c.want)
		})
	}
	for _, secret := range leaked {
		if secret != "" {
			t.Errorf("%q reached another server", secret)
		}
	}
}

// An answer by form_post, as Apple's, comes without the browser's Lax cookie if the provider is another site.
func TestAnswersByForm(t *testing.T) {
	t.Parallel()
	f := startFederatedBrowser(t, nil)
	key, err := x509.MarshalPKCS8PrivateKey(f.idp.key)
	if err != nil {
		t.Fatal(err)
	}
	f.do("CreateIdentityProvider", object{"ProviderName": "SignInWithApple", "ProviderType": "SignInWithApple",
		"ProviderDetails": object{"client_id": "pool-at-acme", "team_id": "T1", "key_id": "K1",
			"private_key": base64.StdEncoding.EncodeToString(key), "authorize_scopes": "email name",
			"oidc_issuer": f.idp.url},
		"AttributeMapping": object{"email": "email", "given_name": "firstName"}})
	f.offer("SignInWithApple")
	f.idp.post, f.idp.info = true, object{}
	f.idp.answer = url.Values{"user": {`{"name":{"firstName":"Ines","lastName":"K"},"email":"forged@acme.example"}`}}
	f.goTo("SignInWithApple", nil)
	if f.idp.asked.Get("response_mode") != "form_post" {
		t.Errorf("the provider was asked %v", f.idp.asked)
	}
	jar := f.client.Jar
	f.client.Jar = postless{jar} // a browser with SameSite
	f.press()
	f.client.Jar = jar
	f.atTheApp()
	user := text(t, f.do("AdminGetUser", object{"Username": "SignInWithApple_00u1x9"}))
	if !strings.Contains(user, `"Ines"`) || strings.Contains(user, "forged") {
		t.Errorf("user %s", user)
	}
	var header, claims object
	parts := strings.Split(f.idp.given.Get("client_secret"), ".")
	for i, into := range []*object{&header, &claims} {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if header["kid"] != "K1" || header["alg"] != "ES256" || claims["iss"] != "T1" || claims["sub"] != "pool-at-acme" {
		t.Errorf("the client's secret has %v %v", header, claims)
	}
}

// postless is a cookie jar that sends no cookie with a form of another site, as browsers do.
type postless struct{ http.CookieJar }

// Cookies implements http.CookieJar.
func (p postless) Cookies(u *url.URL) []*http.Cookie {
	if u.Path == "/oauth2/idpresponse" && u.RawQuery == "" {
		return nil
	}
	return p.CookieJar.Cookies(u)
}
