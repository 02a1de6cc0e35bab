package userpool

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// userInfo. Source: developer guide, userInfo endpoint.
func TestUserInfoByScope(t *testing.T) {
	t.Parallel()
	b := startServices(t, nil)
	for scope, want := range map[string]string{
		"openid":         `{"email":"ines@example.org","email_verified":"true","name":"Ines","sub":"SUB","username":"ines"}`,
		"openid email":   `{"email":"ines@example.org","email_verified":"true","sub":"SUB","username":"ines"}`,
		"openid profile": `{"name":"Ines","sub":"SUB","username":"ines"}`,
	} {
		t.Run(scope, func(t *testing.T) {
			out := b.granted(b.code("ines", url.Values{"scope": {scope}}), nil)
			sub := claimsOf(t, out["access_token"])["sub"].(string)
			a := b.send(http.MethodGet, "/oauth2/userInfo", "", "Authorization", "bearer "+out["access_token"].(string))
			if a.status != http.StatusOK || strings.TrimSpace(a.body) != strings.Replace(want, "SUB", sub, 1) {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	out := b.granted(b.code("ines", url.Values{"scope": {"aws.cognito.signin.user.admin"}}), nil)
	for name, c := range map[string]struct {
		authorization string
		status        int
		challenge     string
	}{
		"nothing": {"", 400, `error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint"`},
		"no openid": {"Bearer " + out["access_token"].(string), 401,
			`error="invalid_token", error_description="Access token does not contain openid scope"`},
		"no token": {"Bearer x", 401, `error="invalid_token", error_description="Access token is expired, disabled, or ` +
			`deleted, or the user has globally signed out."`},
	} {
		t.Run(name, func(t *testing.T) {
			a := b.send(http.MethodGet, "/oauth2/userInfo", "", "Authorization", c.authorization)
			if a.status != c.status || a.header.Get("WWW-Authenticate") != c.challenge {
				t.Errorf("%d %q", a.status, a.header.Get("WWW-Authenticate"))
			}
		})
	}
	if a := b.post("/oauth2/userInfo", url.Values{"access_token": {"x"}}); a.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", a.status)
	}
	good := b.granted(b.code("ines", nil), nil)["access_token"].(string)
	b.do("AdminUserGlobalSignOut", object{"Username": "ines"})
	if a := b.send(http.MethodGet, "/oauth2/userInfo", "", "Authorization", "Bearer "+good); a.status != 401 {
		t.Errorf("after a global sign-out: %d", a.status)
	}
}

// revoke. Source: developer guide, revoke endpoint.
func TestRevokeEndpoint(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	id, secret := b.another(object{"GenerateSecret": true})
	out := b.granted(b.code("ines", nil), nil)
	mine := func(more url.Values) url.Values {
		form := url.Values{"token": {out["refresh_token"].(string)}, "client_id": {b.direct.client}}
		for name, values := range more {
			form[name] = values
		}
		return form
	}
	for _, c := range []struct {
		name   string
		form   url.Values
		header []string
		status int
		code   any
	}{
		{"no token", mine(url.Values{"token": nil}), nil, 400, "invalid_request"},
		{"no client", mine(url.Values{"client_id": nil}), nil, 401, "invalid_request"},
		{"an unknown client", mine(url.Values{"client_id": {"nobody"}}), nil, 401, "invalid_client"},
		{"no secret", mine(url.Values{"client_id": {id}}), nil, 401, "invalid_client"},
		{"another client", mine(url.Values{"client_id": nil}), []string{"Authorization", basicAuth(id, secret)}, 400,
			"invalid_request"},
		{"an access token", mine(url.Values{"token": {out["access_token"].(string)}}), nil, 400, "unsupported_token_type"},
		{"an unknown token", mine(url.Values{"token": {"x"}}), nil, 200, nil},
		{"the token", mine(nil), nil, 200, nil},
		{"the token again", mine(nil), nil, 200, nil},
	} {
		if a := b.post("/oauth2/revoke", c.form, c.header...); a.status != c.status || a.out["error"] != c.code ||
			c.status == 200 && a.body != "" {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
		}
	}
	if a := b.post("/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "client_id": {b.direct.client},
		"refresh_token": {out["refresh_token"].(string)}}); a.out["error"] != "invalid_grant" {
		t.Errorf("the revoked token: %d %s", a.status, a.body)
	}
	if a := b.send(http.MethodGet, "/oauth2/revoke?"+mine(nil).Encode(), ""); a.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", a.status)
	}
	off, _ := b.another(object{"EnableTokenRevocation": false})
	if a := b.post("/oauth2/revoke", mine(url.Values{"client_id": {off}})); a.status != 400 ||
		a.out["error"] != "invalid_request" {
		t.Errorf("without revocation: %d %s", a.status, a.body)
	}
}

// Pages of other origins may call what apps call, and only that. Source: developer guide, CORS of the endpoints.
func TestOriginsOfEndpoints(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	for path, method := range map[string]string{"/oauth2/token": "POST", "/oauth2/userInfo": "GET",
		"/oauth2/revoke": "POST"} {
		a := b.send(http.MethodOptions, path, "", "Origin", "https://spa.example", "Access-Control-Request-Method", method,
			"Access-Control-Request-Headers", "authorization,content-type")
		if a.status != http.StatusNoContent || a.header.Get("Access-Control-Allow-Origin") != "*" ||
			a.header.Get("Access-Control-Allow-Headers") != "authorization,content-type" ||
			!strings.Contains(a.header.Get("Access-Control-Allow-Methods"), method) ||
			a.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
		if a := b.send(method, path, "", "Origin",
			"https://spa.example"); a.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("an error of %s: %v", path, a.header)
		}
	}
	for _, path := range []string{"/login", "/oauth2/authorize", "/logout", "/error"} {
		if a := b.send(http.MethodGet, path, "", "Origin",
			"https://spa.example"); a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s is open to other origins", path)
		}
	}
}

func TestDynamicRegistrationIsRefusedByName(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	a := b.send(http.MethodPost, "/oauth2/register", `{"redirect_uris":["https://app.example.org"]}`,
		"Content-Type", "application/json")
	if text, _ := a.out["error_description"].(string); a.status != http.StatusNotImplemented ||
		!strings.Contains(text, "dynamic client registration") {
		t.Errorf("%d %s", a.status, a.body)
	}
}
