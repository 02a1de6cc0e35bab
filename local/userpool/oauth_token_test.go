package userpool

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"
)

func basicAuth(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
}

// Which requests to the token endpoint are refused, and with which code. Source: developer guide, token endpoint; what
// is not there is in docs/aws-behaviour.md.
func TestTokenEndpointRefusals(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	id, secret := b.another(object{"GenerateSecret": true})
	base := func(more url.Values) url.Values {
		form := url.Values{"grant_type": {"authorization_code"}, "code": {"x"}, "redirect_uri": {callback},
			"client_id": {b.direct.client}}
		for name, values := range more {
			form[name] = values
		}
		return form
	}
	for name, c := range map[string]struct {
		form   url.Values
		header []string
		code   string
	}{
		"no grant type":      {base(url.Values{"grant_type": nil}), nil, "invalid_request"},
		"another grant type": {base(url.Values{"grant_type": {"password"}}), nil, "unsupported_grant_type"},
		"no client":          {base(url.Values{"client_id": nil}), nil, "invalid_request"},
		"an unknown client":  {base(url.Values{"client_id": {"nobody"}}), nil, "invalid_client"},
		"no secret":          {base(url.Values{"client_id": {id}}), nil, "invalid_client"},
		"a wrong secret":     {base(url.Values{"client_id": {id}, "client_secret": {"x"}}), nil, "invalid_client"},
		"a wrong secret Basic": {base(url.Values{"client_id": nil}), []string{"Authorization", basicAuth(id, "x")},
			"invalid_client"},
		"Basic of another client": {base(nil), []string{"Authorization", basicAuth(id, secret)},
			"invalid_client"},
		"two secrets": {base(url.Values{"client_id": {id}, "client_secret": {secret}}),
			[]string{"Authorization", basicAuth(id, secret)}, "invalid_request"},
		"no Basic": {base(nil), []string{"Authorization", "Bearer x"}, "invalid_client"},
		"the secret of a public client is not looked at": {base(url.Values{"client_secret": {"x"}}), nil,
			"invalid_grant"},
		"the right secret": {base(url.Values{"client_id": {id}, "client_secret": {secret}}), nil, "invalid_grant"},
		"the right secret Basic": {base(url.Values{"client_id": {id}}), []string{"Authorization", basicAuth(id, secret)},
			"invalid_grant"},
		"no code":          {base(url.Values{"code": nil}), nil, "invalid_request"},
		"no redirect_uri":  {base(url.Values{"redirect_uri": nil}), nil, "invalid_request"},
		"an unknown code":  {base(nil), nil, "invalid_grant"},
		"no refresh token": {base(url.Values{"grant_type": {"refresh_token"}}), nil, "invalid_request"},
		"an unknown refresh": {base(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"x"}}), nil,
			"invalid_grant"},
		"no client of its own": {base(url.Values{"grant_type": {"client_credentials"}}), nil, "unauthorized_client"},
		"twice the client":     {base(url.Values{"client_id": {b.direct.client, id}}), nil, "invalid_request"},
		"twice the code":       {base(url.Values{"code": {"x", "y"}}), nil, "invalid_request"},
		"JSON":                 {base(nil), []string{"Content-Type", "application/json"}, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			header := append([]string{"Content-Type", formType}, c.header...)
			if len(c.header) > 0 && c.header[0] == "Content-Type" {
				header = c.header
			}
			a := b.send(http.MethodPost, "/oauth2/token", c.form.Encode(), header...)
			if a.status != http.StatusBadRequest || a.body != `{"error":"`+c.code+`"}`+"\n" {
				t.Errorf("%d %q, want %s", a.status, a.body, c.code)
			}
			if a.header.Get("X-Amz-Cognito-Request-Id") == "" || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("header %v", a.header)
			}
		})
	}
	a := b.send(http.MethodGet, "/oauth2/token?"+base(nil).Encode(), "")
	if a.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", a.status)
	}
}

// Parameters in the query count, too; beside the body, they are the same parameter twice. Source: seen,
// arctic#175.
func TestTokenParametersInTheQuery(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	form := b.exchangeForm(b.code("ines", nil), nil)
	if a := b.send(http.MethodPost, "/oauth2/token?"+form.Encode(), form.Encode(), "Content-Type",
		formType); a.status != 400 {
		t.Errorf("in both: %d %s", a.status, a.body)
	}
	if a := b.send(http.MethodPost, "/oauth2/token?"+form.Encode(), "", "Content-Type", formType); a.status != 200 {
		t.Errorf("in the query: %d %s", a.status, a.body)
	}
}

// The two ways of a confidential client to prove itself, with either of two secrets, and with a secret that has a plus.
func TestClientsProveThemselves(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	first := "plus+plus+plus+plus+plus"
	id, _ := b.another(object{"ClientSecret": first})
	second := at(b.do("AddUserPoolClientSecret", object{"ClientId": id}),
		"ClientSecretDescriptor.ClientSecretValue").(string)
	for name, c := range map[string]struct {
		more   url.Values
		header []string
	}{
		"in the body":             {url.Values{"client_secret": {first}}, nil},
		"Basic":                   {url.Values{"client_id": nil}, []string{"Authorization", basicAuth(id, first)}},
		"Basic, encoded":          {nil, []string{"Authorization", basicAuth(id, url.QueryEscape(first))}},
		"Basic in another case":   {nil, []string{"Authorization", "basic" + basicAuth(id, first)[5:]}},
		"the second secret":       {url.Values{"client_secret": {second}}, nil},
		"the second secret Basic": {nil, []string{"Authorization", basicAuth(id, second)}},
	} {
		t.Run(name, func(t *testing.T) {
			form := b.exchangeForm(b.code("ines", url.Values{"client_id": {id}}), url.Values{"client_id": {id}})
			for name, values := range c.more {
				form[name] = values
			}
			if a := b.post("/oauth2/token", form, c.header...); a.status != http.StatusOK {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}

// A code: its form, its five minutes, its one use; PKCE and redirect_uri as in the request. Source: developer guide,
// token endpoint; StackOverflow 50264679 for the redirect.
func TestAuthorizationCodes(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	code := b.code("ines", nil)
	if !regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(code) {
		t.Errorf("the code is %q", code)
	}
	b.clock.Advance(5*time.Minute - time.Second)
	b.granted(code, nil)
	code = b.code("ines", nil)
	b.clock.Advance(5 * time.Minute)
	for name, c := range map[string]struct {
		code  string
		query url.Values
		form  url.Values
		error string
	}{
		"after five minutes":  {code: code, error: "invalid_grant"},
		"with the verifier":   {query: pkce(), form: url.Values{"code_verifier": {verifier}}},
		"without it":          {query: pkce(), error: "invalid_grant"},
		"another verifier":    {query: pkce(), form: url.Values{"code_verifier": {verifier + "x"}}, error: "invalid_grant"},
		"the challenge":       {query: pkce(), form: url.Values{"code_verifier": {pkceChallenge}}, error: "invalid_grant"},
		"a verifier too many": {form: url.Values{"code_verifier": {verifier}}, error: "invalid_grant"},
		"another redirect":    {form: url.Values{"redirect_uri": {callback + "/"}}, error: "unauthorized_client"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.code == "" {
				c.code = b.code("ines", c.query)
			}
			a := b.post("/oauth2/token", b.exchangeForm(c.code, c.form))
			if got, _ := a.out["error"].(string); got != c.error || (a.status == http.StatusOK) != (c.error == "") {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	code = b.code("ines", nil)
	b.do("UpdateUserPoolClient", object{"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": []string{"implicit"},
		"AllowedOAuthScopes": []string{"openid", "email"}, "CallbackURLs": []string{callback}})
	if a := b.post("/oauth2/token", b.exchangeForm(code, nil)); a.out["error"] != "unauthorized_client" {
		t.Errorf("a flow that was taken away: %d %s", a.status, a.body)
	}
}

// Scopes whose attributes the app client may not all read bring no tokens. Source: developer guide, token endpoint,
// which has this example.
func TestScopesNeedReadableAttributes(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, object{"ReadAttributes": []string{"email"}, "AllowedOAuthFlows": []string{"code",
		"implicit"}})
	b.user("ines")
	if a := b.post("/oauth2/token", b.exchangeForm(b.code("ines", nil), nil)); a.out["error"] != "invalid_grant" {
		t.Errorf("%d %s", a.status, a.body)
	}
	b.authorize(url.Values{"response_type": {"token"}})
	if b.fragment().Get("error") != "invalid_grant" {
		t.Errorf("the browser is at %s", b.at)
	}
	b.granted(b.code("ines", url.Values{"scope": {"openid"}}), nil)
}

// The claims of both tokens, and what a refresh keeps. Source: developer guide, ID and access tokens.
func TestTokensOfTheEndpoint(t *testing.T) {
	t.Parallel()
	b := startServices(t, object{"RefreshTokenRotation": object{"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}})
	const resource = "https://api.example.org/v1"
	query := url.Values{"nonce": {"n-1"}, "resource": {resource}, "scope": {"openid email https://posts.example.org/read"}}
	first := b.granted(b.code("ines", query), nil)
	if first["token_type"] != "Bearer" || first["expires_in"] != 3600.0 || len(first) != 5 {
		t.Errorf("answer %v", first)
	}
	b.clock.Advance(20 * time.Minute)
	refresh := url.Values{"grant_type": {"refresh_token"}, "client_id": {b.direct.client}}
	refresh.Set("refresh_token", first["refresh_token"].(string))
	second := b.post("/oauth2/token", refresh)
	if second.status != http.StatusOK || second.out["refresh_token"] == first["refresh_token"] {
		t.Fatalf("%d %s", second.status, second.body)
	}
	began := float64(b.clock.Now().Add(-20 * time.Minute).Unix())
	for name, out := range map[string]object{"first": first, "refreshed": second.out} {
		id, access := claimsOf(t, out["id_token"]), claimsOf(t, out["access_token"])
		sum := sha256.Sum256([]byte(out["access_token"].(string)))
		for _, c := range []struct {
			claims object
			name   string
			want   any
		}{
			{id, "aud", b.direct.client}, {id, "token_use", "id"}, {id, "auth_time", began}, {id, "cognito:username", "ines"},
			{id, "email_verified", true}, {id, "acr", "urn:cognito:loa:1"}, {id, "amr", []any{"pwd"}},
			{id, "at_hash", base64.RawURLEncoding.EncodeToString(sum[:16])}, {id, "name", nil}, {id, "version", nil},
			{access, "aud", resource}, {access, "client_id", b.direct.client}, {access, "token_use", "access"},
			{access, "auth_time", began}, {access, "version", 2.0}, {access, "acr", "urn:cognito:loa:1"},
			{access, "amr", []any{"pwd"}}, {access, "username", "ines"}, {access, "at_hash", nil}, {access, "nonce", nil},
			{access, "email", nil},
		} {
			if text(t, c.claims[c.name]) != text(t, c.want) {
				t.Errorf("%s: %s is %v, want %v", name, c.name, c.claims[c.name], c.want)
			}
		}
		if scope, _ := access["scope"].(string); !sameWords(scope, query.Get("scope")) {
			t.Errorf("%s: scope %q", name, scope)
		}
		if nonce := id["nonce"]; name == "first" && nonce != "n-1" || name == "refreshed" && nonce != nil {
			t.Errorf("%s: nonce %v", name, nonce)
		}
	}
	if a := b.post("/oauth2/token", refresh); a.out["error"] != "invalid_grant" {
		t.Errorf("a refresh token that was rotated away: %d %s", a.status, a.body)
	}
	plain := b.granted(b.code("ines", url.Values{"scope": {"aws.cognito.signin.user.admin"}}), nil)
	if plain["id_token"] != nil || claimsOf(t, plain["access_token"])["aud"] != nil {
		t.Errorf("without openid and resource: %v", plain)
	}
	if status, out := b.operation("GetUser", object{"AccessToken": plain["access_token"]}); status != http.StatusOK {
		t.Errorf("GetUser: %v", out)
	}
	if _, out := b.operation("GetUser", object{"AccessToken": first["access_token"]}); out["message"] !=
		"Access Token does not have required scopes" {
		t.Errorf("GetUser without the scope: %v", out)
	}
}

// Which resources an access token can be for. Source: developer guide, resource binding, after RFC 8707.
func TestResources(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	for resource, good := range map[string]bool{
		"https://api.example.org": true, "https://api.example.org/v1?x=y": true, "http://localhost:3000": true,
		"com.example.app://x": true, "https://api.example.org/#part": false, "http://api.example.org": false,
		"/v1": false, "api": false, "https://": false, "https://ines@api.example.org": false, "javascript:alert(1)": false,
		"http://localhost.evil.example": false,
	} {
		b.authorize(url.Values{"resource": {resource}, "prompt": {"none"}})
		want := "login_required"
		if !good {
			want = "invalid_request"
		}
		if got := b.at.Query().Get("error"); got != want {
			t.Errorf("%s: %s, want %s", resource, got, want)
		}
	}
	b.authorize(url.Values{"resource": {"https://a.example", "https://b.example"}})
	if b.at.Query().Get("error") != "invalid_request" {
		t.Errorf("two resources: %s", b.at)
	}
}

// A pool names its levels itself; the Lite plan has none. Source: API reference, AcrConfigurationType; developer guide,
// authentication levels.
func TestLevels(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pool object
		want any
	}{
		"AWS's names": {nil, "urn:cognito:loa:1"},
		"own names": {object{"AcrConfiguration": object{"Level1": object{"AcrValue": "urn:example:low"}}},
			"urn:example:low"},
		"Lite": {object{"UserPoolTier": "LITE"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			b := startBrowser(t, c.pool, nil)
			b.user("ines")
			out := b.granted(b.code("ines", url.Values{"acr_values": {"urn:example:low"}}), nil)
			if got := claimsOf(t, out["id_token"])["acr"]; got != c.want {
				t.Errorf("acr %v", got)
			}
		})
	}
}

// An app client's own token by the endpoint. Source: developer guide, token endpoint and M2M.
func TestClientCredentials(t *testing.T) {
	t.Parallel()
	b := startServices(t, nil)
	id, secret := b.another(object{"GenerateSecret": true, "AllowedOAuthFlows": []string{"client_credentials"},
		"AllowedOAuthScopes": []string{"https://posts.example.org/read", "https://posts.example.org/write"},
		"CallbackURLs":       nil})
	ask := func(more url.Values) answered {
		form := url.Values{"grant_type": {"client_credentials"}}
		for name, values := range more {
			form[name] = values
		}
		return b.post("/oauth2/token", form, "Authorization", basicAuth(id, secret))
	}
	a := ask(url.Values{"aws_client_metadata": {`{"tenant":"acme"}`}, "resource": {"https://api.example.org"}})
	if a.status != http.StatusOK || len(a.out) != 3 || a.out["token_type"] != "Bearer" || a.out["expires_in"] != 3600.0 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	claims := claimsOf(t, a.out["access_token"])
	if claims["sub"] != id || claims["version"] != 2.0 || claims["aud"] != nil ||
		!sameWords(claims["scope"].(string), "https://posts.example.org/read https://posts.example.org/write") {
		t.Errorf("claims %v", claims)
	}
	if a := ask(url.Values{"scope": {"https://posts.example.org/read"}}); a.status != http.StatusOK ||
		claimsOf(t, a.out["access_token"])["scope"] != "https://posts.example.org/read" {
		t.Errorf("%d %s", a.status, a.body)
	}
	for name, c := range map[string]struct {
		form url.Values
		code string
	}{
		"a foreign scope":     {url.Values{"scope": {"openid"}}, "invalid_scope"},
		"metadata of no JSON": {url.Values{"aws_client_metadata": {"x"}}, "invalid_request"},
		"metadata of numbers": {url.Values{"aws_client_metadata": {`{"a":1}`}}, "invalid_request"},
		"another client's ID": {url.Values{"client_id": {b.direct.client}}, "invalid_client"},
		"codes are not for it": {url.Values{"grant_type": {"authorization_code"}, "code": {"x"},
			"redirect_uri": {callback}}, "invalid_grant"},
	} {
		t.Run(name, func(t *testing.T) {
			if a := ask(c.form); a.out["error"] != c.code {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}
