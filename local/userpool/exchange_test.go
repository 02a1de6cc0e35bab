package userpool

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

const (
	exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange"
	tokenType     = "urn:ietf:params:oauth:token-type:"
)

// derived is a pool with a user's tokens, a service that may exchange them, and the service's own token.
type derived struct {
	*browser
	user           object // tokens of the user
	id, secret     string // of the service
	service, actor string // the service's client by which it gets its own token, and that token
}

func startExchange(t *testing.T, flows ...string) *derived {
	t.Helper()
	d := &derived{browser: startServices(t, nil)}
	d.user = d.granted(d.code("ines", url.Values{"scope": {"openid email https://posts.example.org/read " +
		"https://posts.example.org/write"}}), nil)
	d.id, d.secret = d.another(object{"GenerateSecret": true, "ExplicitAuthFlows": flows,
		"AllowedOAuthScopes": []string{"https://posts.example.org/read"}})
	var secret string
	d.service, secret = d.another(object{"GenerateSecret": true, "AllowedOAuthFlows": []string{"client_credentials"},
		"AllowedOAuthScopes": []string{"https://posts.example.org/read"}, "CallbackURLs": nil})
	a := d.post("/oauth2/token", url.Values{"grant_type": {"client_credentials"}}, "Authorization", basicAuth(d.service,
		secret))
	d.actor = a.out["access_token"].(string)
	return d
}

func (d *derived) access() string { return d.user["access_token"].(string) }

// derive calls GetDerivedToken.
func (d *derived) derive(more object) (status int, out object) {
	d.t.Helper()
	return d.operation("GetDerivedToken", with(object{"ClientId": d.id, "ClientSecret": d.secret,
		"SubjectToken": d.access(), "SubjectTokenType": "ACCESS_TOKEN"}, more))
}

// Source: API reference, GetDerivedToken.
func TestDerivedTokens(t *testing.T) {
	t.Parallel()
	d := startExchange(t, "ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION")
	d.clock.Advance(10 * time.Minute)
	subject := claimsOf(t, d.access())
	for name, c := range map[string]struct {
		request object
		scopes  string
		claims  object
		id      bool
	}{
		"all scopes of the subject": {nil, "email openid https://posts.example.org/read https://posts.example.org/write",
			object{"client_id": d.id, "act": nil, "aud": nil}, false},
		"those that all have": {object{"Scopes": []string{"https://posts.example.org/read", "https://posts.example.org/write",
			"openid", "profile"}}, "https://posts.example.org/read", nil, false},
		"none that all have": {object{"Scopes": []string{"profile"}}, "", nil, false},
		"for an audience": {object{"Audiences": []string{"billing"}}, "email openid https://posts.example.org/read " +
			"https://posts.example.org/write", object{"aud": "billing"}, false},
		"for a resource server": {object{"Resources": []string{"https://posts.example.org"}},
			"email openid https://posts.example.org/read https://posts.example.org/write",
			object{"aud": "https://posts.example.org"}, false},
		"of an ID token": {object{"SubjectToken": d.user["id_token"], "SubjectTokenType": "ID_TOKEN"},
			"email openid https://posts.example.org/read https://posts.example.org/write", nil, false},
		"an ID token": {object{"RequestedTokenType": "ID_TOKEN", "Audiences": []string{"billing"}}, "email openid " +
			"https://posts.example.org/read https://posts.example.org/write",
			object{"aud": "billing", "email": "ines@example.org", "cognito:username": "ines"}, true},
		"with an actor": {object{"ActorToken": d.actor, "ActorTokenType": "ACCESS_TOKEN"},
			"email openid https://posts.example.org/read https://posts.example.org/write",
			object{"act": object{"sub": d.service, "client_id": d.service}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			status, out := d.derive(c.request)
			if status != http.StatusOK {
				t.Fatal(out)
			}
			kind, bearer := "ACCESS_TOKEN", "Bearer"
			if c.id {
				kind, bearer = "ID_TOKEN", "N_A"
			}
			// As long as the subject: fifty of its sixty minutes are left.
			if out["IssuedTokenType"] != kind || out["TokenType"] != bearer || out["ExpiresIn"] != 3000.0 {
				t.Errorf("answer %v", out)
			}
			claims := claimsOf(t, out["IssuedToken"])
			for name, want := range with(object{"sub": subject["sub"], "origin_jti": subject["origin_jti"],
				"auth_time": subject["auth_time"], "exp": subject["exp"]}, c.claims) {
				if text(t, claims[name]) != text(t, want) {
					t.Errorf("%s is %v, want %v", name, claims[name], want)
				}
			}
			scope, _ := claims["scope"].(string)
			if list, _ := out["Scopes"].([]any); len(list) != len(strings.Fields(c.scopes)) ||
				!c.id && !sameWords(scope, c.scopes) {
				t.Errorf("scope %q, answer %v", scope, out["Scopes"])
			}
		})
	}
	t.Run("actors stay in order", func(t *testing.T) {
		actor := object{"ActorToken": d.actor, "ActorTokenType": "ACCESS_TOKEN"}
		_, first := d.derive(actor)
		again := with(actor, object{"SubjectToken": first["IssuedToken"]})
		_, second := d.derive(again)
		act, _ := claimsOf(t, second["IssuedToken"])["act"].(object)
		if inner, _ := act["act"].(object); inner["sub"] != d.service {
			t.Errorf("act %v", act)
		}
		delete(again, "ActorToken")
		delete(again, "ActorTokenType")
		_, third := d.derive(again)
		if act, _ := claimsOf(t, third["IssuedToken"])["act"].(object); act["sub"] != d.service {
			t.Errorf("a later exchange without actor hides the earlier one: %v", act)
		}
	})
	t.Run("they end with the sign-in", func(t *testing.T) {
		_, out := d.derive(nil)
		d.do("AdminUserGlobalSignOut", object{"Username": "ines"})
		a := d.send(http.MethodGet, "/oauth2/userInfo", "", "Authorization", "Bearer "+out["IssuedToken"].(string))
		if a.status != http.StatusUnauthorized {
			t.Errorf("%d %s", a.status, a.body)
		}
		if _, out := d.derive(nil); out["__type"] != "NotAuthorizedException" {
			t.Errorf("a token that was revoked: %v", out)
		}
	})
}

// Source: API reference, GetDerivedToken. The texts are the local pool's own.
func TestDerivedTokenRefusals(t *testing.T) {
	t.Parallel()
	both := startExchange(t, "ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION")
	foreign := startServices(t, nil)
	foreign.user("paul")
	stranger := foreign.granted(foreign.code("paul", nil), nil)
	actor := object{"ActorToken": both.actor, "ActorTokenType": "ACCESS_TOKEN"}
	for name, c := range map[string]struct {
		request object
		kind    string
	}{
		"a wrong secret":       {object{"ClientSecret": strings.Repeat("x", 24)}, "NotAuthorizedException"},
		"an unknown client":    {object{"ClientId": "nobody"}, "ResourceNotFoundException"},
		"no subject":           {object{"SubjectToken": ""}, "InvalidParameterException"},
		"an unknown type":      {object{"SubjectTokenType": "JWT"}, "InvalidParameterException"},
		"the wrong type":       {object{"SubjectTokenType": "ID_TOKEN"}, "NotAuthorizedException"},
		"a damaged token":      {object{"SubjectToken": both.access() + "x"}, "NotAuthorizedException"},
		"another pool's":       {object{"SubjectToken": stranger["access_token"]}, "NotAuthorizedException"},
		"a refresh token":      {object{"SubjectToken": both.user["refresh_token"]}, "NotAuthorizedException"},
		"an app client's":      {object{"SubjectToken": both.actor}, "NotAuthorizedException"},
		"a foreign provider's": {object{"SubjectTokenProviderName": "Google"}, "InvalidParameterException"},
		"a SAML assertion":     {object{"SubjectTokenType": "SAML2"}, "InvalidParameterException"},
		"SAML is not issued":   {object{"RequestedTokenType": "SAML2"}, "InvalidParameterException"},
		"audience and resource": {object{"Audiences": []string{"a"}, "Resources": []string{"https://posts.example.org"}},
			"InvalidParameterException"},
		"two audiences":           {object{"Audiences": []string{"a", "b"}}, "InvalidParameterException"},
		"an unknown resource":     {object{"Resources": []string{"https://nobody.example"}}, "ResourceNotFoundException"},
		"an actor of no type":     {object{"ActorToken": both.actor}, "InvalidParameterException"},
		"a type without an actor": {object{"ActorTokenType": "ACCESS_TOKEN"}, "InvalidParameterException"},
		"a damaged actor":         {with(actor, object{"ActorToken": both.actor + "x"}), "NotAuthorizedException"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, out := both.derive(c.request); out["__type"] != c.kind {
				t.Errorf("%v, want %s", out, c.kind)
			}
		})
	}
	t.Run("flows", func(t *testing.T) {
		with, _ := both.another(object{"ExplicitAuthFlows": []string{"ALLOW_TOKEN_EXCHANGE_DELEGATION"}})
		without, _ := both.another(object{"ExplicitAuthFlows": []string{"ALLOW_TOKEN_EXCHANGE_IMPERSONATION"}})
		for client, request := range map[string]object{with: nil, without: actor} {
			request := object{"ClientId": client, "ClientSecret": "", "ActorToken": request["ActorToken"],
				"ActorTokenType": request["ActorTokenType"]}
			if request["ActorToken"] == nil {
				delete(request, "ActorToken")
				delete(request, "ActorTokenType")
			}
			if _, out := both.derive(request); !strings.Contains(text(t, out), "flow not enabled for this client") {
				t.Errorf("%v", out)
			}
		}
	})
	both.do("UpdateUserPool", object{"UserPoolTier": "LITE"})
	if _, out := both.derive(nil); out["__type"] != "OperationNotEnabledException" {
		t.Errorf("with Lite: %v", out)
	}
}

// The grant of the token endpoint is the same, in the form of RFC 8693.
func TestTokenExchangeGrant(t *testing.T) {
	t.Parallel()
	d := startExchange(t, "ALLOW_TOKEN_EXCHANGE_IMPERSONATION")
	ask := func(more url.Values) answered {
		form := url.Values{"grant_type": {exchangeGrant}, "subject_token": {d.access()},
			"subject_token_type": {tokenType + "access_token"}}
		for name, values := range more {
			form[name] = values
		}
		return d.post("/oauth2/token", form, "Authorization", basicAuth(d.id, d.secret))
	}
	a := ask(url.Values{"scope": {"https://posts.example.org/read"}, "resource": {"https://posts.example.org"}})
	claims := object{}
	if a.status == http.StatusOK {
		claims = claimsOf(t, a.out["access_token"])
	}
	if a.out["issued_token_type"] != tokenType+"access_token" || a.out["token_type"] != "Bearer" ||
		a.out["scope"] != "https://posts.example.org/read" || a.out["refresh_token"] != nil ||
		claims["aud"] != "https://posts.example.org" || claims["client_id"] != d.id {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := ask(url.Values{"requested_token_type": {tokenType + "id_token"}}); a.out["token_type"] != "N_A" ||
		a.out["issued_token_type"] != tokenType+"id_token" {
		t.Errorf("%d %s", a.status, a.body)
	}
	for name, c := range map[string]struct {
		form url.Values
		code string
	}{
		"no subject":      {url.Values{"subject_token": nil}, "invalid_request"},
		"no type":         {url.Values{"subject_token_type": nil}, "invalid_request"},
		"an unknown type": {url.Values{"subject_token_type": {tokenType + "refresh_token"}}, "invalid_request"},
		"a damaged token": {url.Values{"subject_token": {"x"}}, "invalid_request"},
		"an actor": {url.Values{"actor_token": {d.actor}, "actor_token_type": {tokenType + "access_token"}},
			"unauthorized_client"},
		"another resource": {url.Values{"resource": {"https://nobody.example"}}, "invalid_target"},
		"both targets":     {url.Values{"resource": {"https://posts.example.org"}, "audience": {"a"}}, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			if a := ask(c.form); a.status != http.StatusBadRequest || a.out["error"] != c.code {
				t.Errorf("%d %s, want %s", a.status, a.body, c.code)
			}
		})
	}
}

// A derived token fires pre token generation, whose errors are those of sign-ins; claims that say who acts and how the
// user signed in are not the trigger's.
func TestDerivedTokensFire(t *testing.T) {
	t.Parallel()
	w := start(t, setup{pool: func(in *cip.CreateUserPoolInput) {
		in.LambdaConfig.PreTokenGenerationConfig.LambdaVersion = types.PreTokenGenerationLambdaVersionType("V2_0")
	}})
	d := &direct{t: t, server: w.server, clock: w.clock, pool: *w.pool}
	d.client = at(d.do("CreateUserPoolClient", object{"ClientName": "x", "ExplicitAuthFlows": []string{
		"ALLOW_USER_PASSWORD_AUTH", "ALLOW_TOKEN_EXCHANGE_IMPERSONATION"}}), "UserPoolClient.ClientId").(string)
	d.user("ines@example.org")
	access := at(d.signIn("ines@example.org"), "AuthenticationResult.AccessToken")
	w.functions.take()
	w.functions.on("TokenGeneration_Authentication", func(map[string]any) (any, error) {
		return object{"claimsAndScopeOverrideDetails": object{"accessTokenGeneration": object{"claimsToAddOrOverride": object{
			"tenant": "acme", "acr": "urn:cognito:loa:4", "amr": "hwk", "auth_time": "0", "sub": "evil"}}}}, nil
	})
	derive := object{"SubjectToken": access, "SubjectTokenType": "ACCESS_TOKEN"}
	claims := claimsOf(t, d.do("GetDerivedToken", derive)["IssuedToken"])
	before := claimsOf(t, access)
	if claims["tenant"] != "acme" || claims["acr"] != nil || claims["amr"] != nil || claims["sub"] != before["sub"] ||
		claims["auth_time"] != before["auth_time"] {
		t.Errorf("claims %v", claims)
	}
	w.wantFired("TokenGeneration_Authentication")
	w.functions.on("TokenGeneration_Authentication", func(map[string]any) (any, error) {
		return nil,
			errors.New("not you")
	})
	d.fails("GetDerivedToken", derive, "UserLambdaValidationException", "PreTokenGeneration failed with error not you.")
}
