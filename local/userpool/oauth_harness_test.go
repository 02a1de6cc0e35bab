package userpool

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// answered is what an endpoint of a domain answered.
type answered struct {
	status int
	header http.Header
	body   string
	out    object // of a JSON body
	to     *url.URL
}

// send sends a request to an endpoint of the domain, without the browser's cookies, and follows no redirect.
func (b *browser) send(method, path, body string, header ...string) answered {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.domain.URL+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Add(header[i], header[i+1])
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	a := answered{status: got.StatusCode, header: got.Header, body: string(raw)}
	_ = json.Unmarshal(raw, &a.out) // pages are no JSON
	a.to, _ = got.Location()        // nil without
	return a
}

const formType = "application/x-www-form-urlencoded"

// post posts a form to an endpoint.
func (b *browser) post(path string, form url.Values, header ...string) answered {
	b.t.Helper()
	return b.send(http.MethodPost, path, form.Encode(), append([]string{"Content-Type", formType}, header...)...)
}

// code signs a user in, if the browser has no session, and returns the code that the app gets.
func (b *browser) code(name string, more url.Values) string {
	b.t.Helper()
	b.authorize(more)
	if b.at.Host != "app.example.org" {
		b.submit(map[string]string{"username": name, "password": password})
	}
	b.atTheApp()
	return b.at.Query().Get("code")
}

// exchangeForm is the form with which the app exchanges a code.
func (b *browser) exchangeForm(code string, more url.Values) url.Values {
	form := url.Values{"grant_type": {"authorization_code"}, "client_id": {b.direct.client}, "redirect_uri": {callback},
		"code": {code}}
	maps.Copy(form, more)
	return form
}

// granted exchanges a code, which must succeed.
func (b *browser) granted(code string, more url.Values) object {
	b.t.Helper()
	a := b.post("/oauth2/token", b.exchangeForm(code, more))
	if a.status != http.StatusOK {
		b.t.Fatalf("the exchange: %d %s", a.status, a.body)
	}
	return a.out
}

// another creates a second app client, and returns its ID and secret.
func (b *browser) another(settings object) (id, secret string) {
	b.t.Helper()
	made := at(b.do("CreateUserPoolClient", with(object{"ClientName": "other",
		"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": []string{"code"},
		"AllowedOAuthScopes": []string{"openid", "email"}, "CallbackURLs": []string{callback},
		"SupportedIdentityProviders": []string{"COGNITO"},
	}, settings)), "UserPoolClient").(object)
	secret, _ = made["ClientSecret"].(string)
	return made["ClientId"].(string), secret
}

// verifier and challenge are the example of RFC 7636, appendix B.
const (
	verifier      = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	pkceChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

func pkce() url.Values {
	return url.Values{"code_challenge": {pkceChallenge}, "code_challenge_method": {"S256"}}
}

// startServices starts a browser whose pool has a resource server, and whose app client may have its scopes.
func startServices(t *testing.T, app object) *browser {
	t.Helper()
	b := startBrowser(t, nil, nil)
	b.do("CreateResourceServer", object{"Identifier": "https://posts.example.org", "Name": "posts",
		"Scopes": []object{{"ScopeName": "read", "ScopeDescription": "r"}, {"ScopeName": "write", "ScopeDescription": "w"}}})
	b.direct.client, _ = b.another(with(object{
		"AllowedOAuthFlows": []string{"code", "implicit"},
		"AllowedOAuthScopes": []string{"openid", "email", "profile", "aws.cognito.signin.user.admin",
			"https://posts.example.org/read", "https://posts.example.org/write"}}, app))
	b.user("ines", "email", "ines@example.org", "email_verified", "true", "name", "Ines")
	return b
}

// operation calls an operation at the address that the tokens of the domain name.
func (b *browser) operation(name string, body object) (status int, out object) {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:9229/", bytes.NewReader(encode(b.t, body)))
	r.Header.Set("X-Amz-Target", targetPrefix+name)
	w := httptest.NewRecorder()
	b.server.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		b.t.Fatal(err)
	}
	return w.Code, out
}
