package userpool

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/userpool/state"
)

// machine is a pool with two resource servers and an app client that gets tokens of its own.
type machine struct {
	*direct
	w      *world
	secret string
}

// startMachine returns one whose function for pre token generation takes events of the version.
func startMachine(t *testing.T, version string, client object) *machine {
	t.Helper()
	w := start(t, setup{pool: func(in *cip.CreateUserPoolInput) {
		in.LambdaConfig.PreTokenGenerationConfig.LambdaVersion = types.PreTokenGenerationLambdaVersionType(version)
	}})
	m := &machine{direct: &direct{t: t, server: w.server, clock: w.clock, pool: *w.pool}, w: w}
	for name, scopes := range map[string][]object{
		"billing": {{"ScopeName": "read", "ScopeDescription": "r"}, {"ScopeName": "write", "ScopeDescription": "w"}},
		"posts":   {{"ScopeName": "write", "ScopeDescription": "w"}},
	} {
		m.do("CreateResourceServer", object{"Identifier": name, "Name": name, "Scopes": scopes})
	}
	made := at(m.do("CreateUserPoolClient", with(object{"ClientName": "m", "GenerateSecret": true,
		"ExplicitAuthFlows": []string{"ALLOW_CLIENT_TOKEN_AUTH"}}, client)), "UserPoolClient").(object)
	m.client, m.secret = made["ClientId"].(string), made["ClientSecret"].(string)
	w.functions.take()
	return m
}

// token returns the claims of a token for the client.
func (m *machine) token(more object) object {
	m.t.Helper()
	body := encode(m.t, with(object{"ClientId": m.client, "Secret": m.secret}, more))
	r, err := http.NewRequestWithContext(m.t.Context(), http.MethodPost, m.w.url, bytes.NewReader(body)) // not signed
	if err != nil {
		m.t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", targetPrefix+"GetClientToken")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer answer.Body.Close()
	var out object
	if err := json.NewDecoder(answer.Body).Decode(&out); err != nil || answer.StatusCode != http.StatusOK {
		m.t.Fatal(out, err)
	}
	result := out["ClientAuthenticationResult"].(object)
	if result["TokenType"] != "Bearer" || result["ExpiresIn"] != 3600.0 || len(result) != 3 {
		m.t.Errorf("result %v", result)
	}
	text := result["AccessToken"].(string)
	return object(m.w.claims(&text)) // checks issuer, times and signature
}

// Source: sign-in-flows of the developer guide, access token of client credentials.
func TestClientToken(t *testing.T) {
	t.Parallel()
	m := startMachine(t, "V2_0", nil)
	got := m.token(nil)
	now := float64(m.clock.Now().Unix())
	want := object{"sub": m.client, "client_id": m.client, "token_use": "access", "auth_time": now, "iat": now,
		"exp": now + 3600, "scope": "billing/read billing/write posts/write"}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s = %v, want %v", name, got[name], value)
		}
	}
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, []string{"auth_time", "client_id", "exp", "iat", "iss",
		"jti", "scope", "sub", "token_use"}) {
		t.Errorf("claims %v", names)
	}
	if got := m.token(object{"Scopes": []string{"posts/write", "posts/write"}}); got["scope"] != "posts/write" {
		t.Errorf("scope %v", got["scope"])
	}
	m.w.wantFired() // only version 3 of pre token generation is for app clients
	second := at(m.do("AddUserPoolClientSecret", object{}), "ClientSecretDescriptor.ClientSecretValue")
	m.token(object{"Secret": second})
}

func TestClientTokenRefusals(t *testing.T) {
	t.Parallel()
	m := startMachine(t, "V2_0", object{"AllowedOAuthScopes": []string{"billing/read"}})
	if got := m.token(nil); got["scope"] != "billing/read" {
		t.Errorf("a client with scopes gets %v", got["scope"])
	}
	refused := func(body object, kind, words string) {
		t.Helper()
		m.fails("GetClientToken", with(object{"Secret": m.secret}, body), kind, words)
	}
	refused(object{"Scopes": []string{"posts/write"}}, "InvalidParameterException", "Invalid scope requested: posts/write")
	refused(object{"Scopes": []string{"openid"}}, "InvalidParameterException", "Invalid scope requested: openid")
	refused(object{"Scopes": make([]string, 51)}, "InvalidParameterException", "scopes")
	refused(object{"Secret": m.secret + "x"}, "NotAuthorizedException", "Unable to verify secret for client "+m.client)
	refused(object{"Secret": ""}, "InvalidParameterException", "secret")
	refused(object{"ClientId": "nobody"}, "ResourceNotFoundException", "nobody")
	refused(object{"ClientId": *m.w.clientID}, "NotAuthorizedException", "not configured for secret")
	other := at(m.do("CreateUserPoolClient", object{"ClientName": "o", "GenerateSecret": true}), "UserPoolClient").(object)
	refused(object{"ClientId": other["ClientId"], "Secret": other["ClientSecret"]}, "InvalidParameterException",
		"CLIENT_TOKEN_AUTH flow not enabled for this client")
	m.fails("InitiateAuth", passwordAuth("ines", password), "InvalidParameterException", "flow not enabled")
	for words, settings := range map[string]object{
		"along with other": {"GenerateSecret": true,
			"ExplicitAuthFlows": []string{"ALLOW_CLIENT_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"}},
		"does not have a client secret": {"ExplicitAuthFlows": []string{"ALLOW_CLIENT_TOKEN_AUTH"}},
	} {
		m.fails("CreateUserPoolClient", with(object{"ClientName": "x"}, settings), "InvalidParameterException", words)
	}
}

// The function sees an event without a user, and adds and removes claims and scopes of the token. Source: developer
// guide, pre token generation, version 3.
func TestClientTokenFiresTokenGeneration(t *testing.T) {
	t.Parallel()
	const source = "TokenGeneration_ClientCredentials"
	m := startMachine(t, "V3_0", nil)
	m.w.functions.on(source, func(map[string]any) (any, error) {
		return object{"claimsAndScopeOverrideDetails": object{
			"idTokenGeneration": object{"claimsToAddOrOverride": object{"id": "no"}},
			"accessTokenGeneration": object{
				"claimsToAddOrOverride": object{"plan": object{"seats": 3}, "sub": "evil", "username": "evil", "client_id": "evil",
					"aud": m.client},
				"scopesToAdd":      []string{"extra/scope", "aws.cognito.signin.user.admin"},
				"scopesToSuppress": []string{"billing/write"}},
			"groupOverrideDetails": object{"groupsToOverride": []string{"admins"}}}}, nil
	})
	got := m.token(object{"ClientMetadata": object{"tenant": "acme"}})
	fired := m.w.wantFired(source)
	if e := fired[0]; e.Version != "3" || e.ClientID != m.client || e.UserName != "ClientCredentials" ||
		text(t, e.Request) != `{"clientMetadata":{"tenant":"acme"},"groupConfiguration":null,`+
			`"scopes":["billing/read","billing/write","posts/write"],"userAttributes":{}}` {
		t.Errorf("event %+v", e)
	}
	wanted := object{"plan": object{"seats": 3.0}, "sub": m.client, "client_id": m.client, "aud": m.client,
		"username": nil, "cognito:groups": nil, "id": nil,
		"scope": "billing/read posts/write extra/scope aws.cognito.signin.user.admin"}
	for name, want := range wanted {
		if text(t, got[name]) != text(t, want) {
			t.Errorf("%s = %v, want %v", name, got[name], want)
		}
	}
	// No user: neither an unknown one nor one who bears the client's ID as a name.
	out := m.do("GetClientToken", object{"Secret": m.secret})
	access := at(out, "ClientAuthenticationResult.AccessToken")
	namesake := state.User{Username: m.client, Status: state.Confirmed, Attributes: map[string]string{"sub": m.client}}
	if err := m.server.Store().CreateUser(m.pool, namesake, state.KeepAliases); err != nil {
		t.Fatal(err)
	}
	m.fails("GetUser", object{"AccessToken": access}, "NotAuthorizedException",
		"Access Token does not have required scopes")
	m.fails("DeleteUser", object{"AccessToken": access}, "NotAuthorizedException", "does not have required scopes")
}

// Every kind of answer. GetClientToken's reference names no error of functions; the local pool has those of sign-ins.
func TestAnswersForClientTokens(t *testing.T) {
	t.Parallel()
	const source = "TokenGeneration_ClientCredentials"
	for name, c := range map[string]struct {
		answer      func(map[string]any) (any, error)
		kind, words string
	}{
		"nothing": {answer: nil},
		"reject": {answer: func(map[string]any) (any, error) { return nil, fmt.Errorf("not you") },
			kind: "UserLambdaValidationException", words: "PreTokenGeneration failed with error not you."},
		"invalid": {answer: func(map[string]any) (any, error) {
			return object{"claimsAndScopeOverrideDetails": "text"}, nil
		}, kind: "InvalidLambdaResponseException", words: "Unrecognizable lambda output"},
		"slow": {answer: func(map[string]any) (any, error) { return nil, lambdaruntime.ErrTimeout },
			kind: "UnexpectedLambdaException", words: "Socket timeout"},
		"crash": {answer: func(map[string]any) (any, error) { return nil, &lambdaruntime.CrashError{} },
			kind: "UserLambdaValidationException", words: "PreTokenGeneration failed with error RequestId: "},
	} {
		t.Run(name, func(t *testing.T) {
			m := startMachine(t, "V3_0", nil)
			if c.answer == nil {
				m.token(nil)
				return
			}
			m.w.functions.on(source, c.answer)
			m.fails("GetClientToken", object{"Secret": m.secret}, c.kind, c.words)
			if fired := m.w.functions.take(); len(fired) == 0 || strings.Contains(text(t, fired), m.secret) {
				t.Errorf("fired %v", fired)
			}
		})
	}
}
