package userpool

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

// The outcomes of a check.
const (
	passes  = "passes"
	fails   = "fails, as Cognito does"
	skipped = "not run"
)

// check is one module of the OpenID Foundation's plan for the basic certification profile of providers.
type check struct {
	name, outcome, note string
	run                 func(t *testing.T, r *relying) // asserts what the outcome says; nil if the suite does not run it
}

// checks lists the modules of oidcc-basic-certification-test-plan, for clients that are registered beforehand. The
// suite itself cannot be had here: what each module asks is asked again by go-oidc and x/oauth2.
//
// See https://openid.net/certification/connect_op_testing/
func checks() []check {
	return []check{
		{"oidcc-server", passes, "", func(t *testing.T, r *relying) {
			r.ask("ines", param("nonce", "n-1"))
			token, id := r.token("n-1")
			if token.TokenType != "Bearer" || id.Subject == "" || token.RefreshToken == "" {
				t.Errorf("token %+v", token)
			}
		}},
		{"oidcc-response-type-missing", passes, "the error goes to the callback", func(t *testing.T, r *relying) {
			r.ask("ines", param("response_type", ""))
			if r.refused() != "invalid_request" {
				t.Errorf("error %s", r.refused())
			}
		}},
		{"oidcc-idtoken-signature", passes, "RS256 with a key of the key set", func(t *testing.T, r *relying) {
			token, _ := r.signIn("ines")
			header, err := base64.RawURLEncoding.DecodeString(strings.Split(token.Extra("id_token").(string), ".")[0])
			if err != nil || !strings.Contains(string(header), `"alg":"RS256"`) || !strings.Contains(string(header), `"kid"`) {
				t.Errorf("header %s, %v", header, err)
			}
		}},
		{"oidcc-idtoken-unsigned", skipped, "only for clients that register dynamically", nil},
		{"oidcc-userinfo-get", passes, "for users without e-mail address and phone number; see oidcc-scope-email",
			func(t *testing.T, r *relying) {
				token, id := r.signIn("ines")
				if info, claims := r.userInfo(token); info.Subject != id.Subject || wronglyTyped(claims) != "" {
					t.Errorf("claims %v", claims)
				}
			}},
		{"oidcc-userinfo-post-header", fails, "userInfo takes only GET", func(t *testing.T, r *relying) {
			token, _ := r.signIn("ines")
			a := r.post("/oauth2/userInfo", nil, "Authorization", "Bearer "+token.AccessToken)
			if a.status != http.StatusMethodNotAllowed {
				t.Errorf("%d %s", a.status, a.body)
			}
		}},
		{"oidcc-userinfo-post-body", fails, "userInfo takes only GET", func(t *testing.T, r *relying) {
			token, _ := r.signIn("ines")
			a := r.post("/oauth2/userInfo", url.Values{"access_token": {token.AccessToken}})
			if a.status != http.StatusMethodNotAllowed {
				t.Errorf("%d %s", a.status, a.body)
			}
		}},
		{"oidcc-ensure-request-without-nonce-succeeds-for-code-flow", passes, "", func(_ *testing.T, r *relying) {
			r.signIn("ines")
		}},
		{"oidcc-scope-profile", passes, "", func(t *testing.T, r *relying) {
			if claims := r.claims("ines", "profile"); claims["name"] != "Ines Moreau" || claims["birthdate"] != "1990-02-03" ||
				wronglyTyped(claims) != "" {
				t.Errorf("claims %v", claims)
			}
		}},
		{"oidcc-scope-email", fails, "`email_verified` of userInfo is text, not a boolean", func(t *testing.T, r *relying) {
			claims := r.claims("paul", "email")
			if wronglyTyped(claims) != "email_verified" || claims["email"] != "paul@example.org" || claims["name"] != nil {
				t.Errorf("claims %v", claims)
			}
		}},
		{"oidcc-scope-address", skipped, "discovery has no such scope; a request for it is refused with invalid_scope",
			noSuchScope("address")},
		{"oidcc-scope-phone", fails, "`phone_number_verified` of userInfo is text, not a boolean",
			func(t *testing.T, r *relying) {
				if claims := r.claims("paul", "phone"); wronglyTyped(claims) != "phone_number_verified" ||
					claims["phone_number"] != "+12065550100" {
					t.Errorf("claims %v", claims)
				}
			}},
		{"oidcc-scope-all", skipped, "discovery has no scope address; a request for it is refused with invalid_scope",
			noSuchScope("email phone profile address")},
		{"oidcc-ensure-other-scope-order-succeeds", passes, "", func(t *testing.T, r *relying) {
			r.config.Scopes = []string{"profile", "openid"}
			token, _ := r.signIn("ines")
			if scope, _ := claimsOf(t, token.AccessToken)["scope"].(string); !sameWords(scope, "openid profile") {
				t.Errorf("scope %q", scope)
			}
		}},
		{"oidcc-alternate-happy-flow", passes, "", func(t *testing.T, r *relying) {
			r.ask("ines", param("nonce", "n-2"), param("response_mode", "query"))
			r.token("n-2")
		}},
		{"oidcc-display-page", passes, "ignored", ignored("display", "page")},
		{"oidcc-display-popup", passes, "ignored", ignored("display", "popup")},
		{"oidcc-prompt-login", passes, "with managed login; the classic pages ignore prompt",
			func(t *testing.T, r *relying) {
				_, first := r.signIn("ines")
				r.wait(time.Second)
				if !r.ask("ines", param("prompt", "login")) {
					t.Error("the user was not asked to sign in")
				}
				_, second := r.token("")
				if first.Subject != second.Subject || authTime(t, first.Claims) == authTime(t, second.Claims) {
					t.Errorf("%+v, then %+v", first, second)
				}
			}},
		{"oidcc-prompt-none-not-logged-in", passes, "with managed login", func(t *testing.T, r *relying) {
			if r.ask("ines", param("prompt", "none")); r.refused() != "login_required" {
				t.Errorf("error %s", r.refused())
			}
		}},
		{"oidcc-prompt-none-logged-in", passes, "", func(t *testing.T, r *relying) {
			_, first := r.signIn("ines")
			r.wait(time.Minute)
			if r.ask("ines", param("prompt", "none")) {
				t.Error("the user was asked")
			}
			_, second := r.token("")
			if first.Subject != second.Subject || authTime(t, first.Claims) != authTime(t, second.Claims) {
				t.Errorf("%+v, then %+v", first, second)
			}
		}},
		{"oidcc-max-age-1", passes, "", func(t *testing.T, r *relying) {
			_, first := r.signIn("ines")
			r.wait(2 * time.Second)
			if !r.ask("ines", param("max_age", "1")) {
				t.Error("the user was not asked to sign in")
			}
			_, second := r.token("")
			if authTime(t, second.Claims) != authTime(t, first.Claims)+2 {
				t.Errorf("auth_time %v", authTime(t, second.Claims))
			}
		}},
		{"oidcc-max-age-10000", passes, "", func(t *testing.T, r *relying) {
			_, first := r.signIn("ines")
			r.wait(2 * time.Second)
			if r.ask("ines", param("max_age", "10000")) {
				t.Error("the user was asked")
			}
			if _, second := r.token(""); authTime(t, second.Claims) != authTime(t, first.Claims) {
				t.Errorf("auth_time %v", authTime(t, second.Claims))
			}
		}},
		{"oidcc-ensure-request-with-unknown-parameter-succeeds", passes, "", ignored("extra", "foobar")},
		{"oidcc-id-token-hint", passes, "ignored: the session decides", func(t *testing.T, r *relying) {
			token, first := r.signIn("ines")
			r.ask("ines", param("prompt", "none"), param("id_token_hint", token.Extra("id_token").(string)))
			if _, second := r.token(""); first.Subject != second.Subject {
				t.Errorf("%+v, then %+v", first, second)
			}
		}},
		{"oidcc-login-hint", passes, "fills in the form", func(t *testing.T, r *relying) {
			r.show(r.client.Get(r.config.AuthCodeURL("st-1", param("login_hint", "ines"))))
			r.wants(`value="ines"`)
			r.submit(map[string]string{"username": "ines", "password": password})
			r.token("")
		}},
		{"oidcc-ui-locales", passes, "ignored: managed login has `lang`", ignored("ui_locales", "se")},
		{"oidcc-claims-locales", passes, "ignored", ignored("claims_locales", "se")},
		{"oidcc-ensure-request-with-acr-values-succeeds", passes, "", func(t *testing.T, r *relying) {
			r.ask("ines", param("acr_values", "urn:cognito:loa:1 urn:cognito:loa:2"))
			if _, id := r.token(""); claim(t, id.Claims, "acr") != "urn:cognito:loa:1" {
				t.Errorf("acr %v", claim(t, id.Claims, "acr"))
			}
		}},
		{"oidcc-codereuse", passes, "", reuse(0)},
		{"oidcc-codereuse-30seconds", passes, "with a warning: the tokens of the first exchange stay",
			reuse(30 * time.Second)},
		{"oidcc-ensure-registered-redirect-uri", passes, "an error page", func(t *testing.T, r *relying) {
			r.config.RedirectURL = callback + "/unknown"
			if r.ask("ines"); r.at.Path != "/error" || r.at.Query().Get("error") != "redirect_mismatch" {
				t.Errorf("the browser is at %s", r.at)
			}
		}},
		{"oidcc-ensure-post-request-succeeds", fails, "the authorization endpoint takes only GET; the suite only warns",
			func(t *testing.T, r *relying) {
				address, err := url.Parse(r.config.AuthCodeURL("st-1"))
				if err != nil {
					t.Fatal(err)
				}
				if a := r.post("/oauth2/authorize", address.Query()); a.status != http.StatusMethodNotAllowed {
					t.Errorf("%d %s", a.status, a.body)
				}
			}},
		{"oidcc-server-client-secret-post", passes, "", func(_ *testing.T, r *relying) {
			r.config.Endpoint.AuthStyle = oauth2.AuthStyleInParams
			r.signIn("ines")
		}},
		{"oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported", skipped,
			"only for clients that register dynamically", nil},
		{"oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported", fails,
			"`request` is ignored, not refused", func(_ *testing.T, r *relying) {
				r.ask("ines", param("nonce", "n-1"), param("request", unsigned(`{"nonce":"n-2"}`)))
				r.token("n-1")
			}},
		{"oidcc-claims-essential", passes, "`claims` is ignored, but openid alone shows all attributes",
			func(t *testing.T, r *relying) {
				r.ask("ines", param("claims", `{"userinfo":{"name":{"essential":true}}}`))
				token, _ := r.token("")
				if _, claims := r.userInfo(token); claims["name"] != "Ines Moreau" {
					t.Errorf("claims %v", claims)
				}
			}},
		{"oidcc-ensure-request-object-with-redirect-uri", passes, "an error page: `request` is ignored",
			func(t *testing.T, r *relying) {
				r.config.RedirectURL = callback + "/unknown"
				r.ask("ines", param("request", unsigned(`{"redirect_uri":"`+callback+`"}`)))
				if r.at.Path != "/error" {
					t.Errorf("the browser is at %s", r.at)
				}
			}},
		{"oidcc-refresh-token", passes, "", refreshes},
		{"oidcc-ensure-request-with-valid-pkce-succeeds", passes, "S256", func(_ *testing.T, r *relying) {
			secret := oauth2.GenerateVerifier()
			r.ask("ines", oauth2.S256ChallengeOption(secret))
			r.token("", oauth2.VerifierOption(secret))
		}},
	}
}

// claims returns what userInfo shows with openid and another scope.
func (r *relying) claims(name, scope string) object {
	r.t.Helper()
	r.config.Scopes = []string{"openid", scope}
	token, _ := r.signIn(name)
	_, claims := r.userInfo(token)
	return claims
}

// wronglyTyped returns the name of a standard claim that has not the type of OpenID Connect, section 5.1.
func wronglyTyped(claims object) string {
	for _, name := range []string{"email_verified", "phone_number_verified"} {
		if value, there := claims[name]; there {
			if _, right := value.(bool); !right {
				return name
			}
		}
	}
	if value, there := claims["updated_at"]; there {
		if _, right := value.(float64); !right {
			return "updated_at"
		}
	}
	return ""
}

func noSuchScope(scope string) func(t *testing.T, r *relying) {
	return func(t *testing.T, r *relying) {
		if known := text(t, r.metadata["scopes_supported"]); strings.Contains(known, "address") {
			t.Errorf("scopes_supported %s", known)
		}
		r.config.Scopes = []string{"openid", scope}
		if r.ask("ines"); r.at.Path != "/error" || r.at.Query().Get("error") != "invalid_scope" {
			t.Errorf("the browser is at %s", r.at)
		}
	}
}

func ignored(name, value string) func(t *testing.T, r *relying) {
	return func(_ *testing.T, r *relying) { r.signIn("ines", param(name, value)) }
}

func reuse(after time.Duration) func(t *testing.T, r *relying) {
	return func(t *testing.T, r *relying) {
		token, _ := r.signIn("ines")
		r.wait(after)
		_, err := r.config.Exchange(t.Context(), r.at.Query().Get("code"))
		var refused *oauth2.RetrieveError
		if !errors.As(err, &refused) || refused.ErrorCode != "invalid_grant" {
			t.Errorf("the second exchange: %v", err)
		}
		r.userInfo(token)
	}
}

// refreshes gets a refresh token, refreshes with it, and tries it as another app client.
func refreshes(t *testing.T, r *relying) {
	token, first := r.signIn("ines")
	r.wait(time.Minute)
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token.RefreshToken}}
	id, secret := r.another(object{"GenerateSecret": true})
	if a := r.post("/oauth2/token", form, "Authorization", basicAuth(id, secret)); a.out["error"] != "invalid_grant" {
		t.Errorf("another client: %d %s", a.status, a.body)
	}
	a := r.post("/oauth2/token", form, "Authorization", basicOf(r.config))
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	next := (&oauth2.Token{AccessToken: a.out["access_token"].(string)}).WithExtra(map[string]any(a.out))
	second := r.verified(next)
	if second.Subject != first.Subject || second.Issuer != first.Issuer || text(t, second.Audience) != text(t,
		first.Audience) ||
		authTime(t, second.Claims) != authTime(t, first.Claims) || !second.IssuedAt.After(first.IssuedAt) {
		t.Errorf("%+v, then %+v", first, second)
	}
	r.userInfo(next)
}

func claim(t *testing.T, read func(any) error, name string) any {
	t.Helper()
	var claims object
	if err := read(&claims); err != nil {
		t.Fatal(err)
	}
	return claims[name]
}

func authTime(t *testing.T, read func(any) error) float64 {
	t.Helper()
	seconds, there := claim(t, read, "auth_time").(float64)
	if !there {
		t.Error("the ID token has no auth_time")
	}
	return seconds
}

// unsigned returns a request object without a signature.
func unsigned(claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none"}`)) + "." + encode([]byte(claims)) + "."
}

// Every module of the plan, each with a pool of its own.
func TestConformance(t *testing.T) {
	t.Parallel()
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) {
			if c.run == nil {
				t.Skip(c.note)
			}
			t.Parallel()
			c.run(t, startRelying(t))
		})
	}
}

// docs/conformance.md lists the modules and their outcomes.
func TestConformancePage(t *testing.T) {
	t.Parallel()
	const page, begin, end = "../../docs/conformance.md", "<!-- modules: begin -->\n", "<!-- modules: end -->"
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, opened := strings.Cut(string(raw), begin)
	_, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		t.Fatalf("%s has no %q before %q", page, begin, end)
	}
	var rows strings.Builder
	rows.WriteString("| Module | Outcome | Note |\n|---|---|---|\n")
	for _, c := range checks() {
		fmt.Fprintf(&rows, "| `%s` | %s | %s |\n", c.name, c.outcome, c.note)
	}
	wanted := before + begin + rows.String() + end + after
	switch {
	case wanted == string(raw):
	case !*update:
		t.Errorf("%s is out of date: run go test ./local/userpool -run TestConformancePage -update", page)
	default:
		if err := os.WriteFile(page, []byte(wanted), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
