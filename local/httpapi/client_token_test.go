package httpapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/httpapi"
	"cognito-triggers/local/userpool"
	"cognito-triggers/shared/manifest"
)

// ask calls an operation of a user pool and returns the answer's members.
func ask(t *testing.T, pool, operation, body string) map[string]any {
	t.Helper()
	got := call(t, http.MethodPost, pool, body, "X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	var out map[string]any
	if err := json.Unmarshal([]byte(got.body), &out); err != nil || got.status != http.StatusOK {
		t.Fatalf("%s: %d %s", operation, got.status, got.body)
	}
	return out
}

// The token that an app client gets of its own opens the routes of its scopes, and no others.
func TestTokenOfAnAppClient(t *testing.T) {
	t.Parallel()
	pools := httptest.NewServer(userpool.Open(userpool.Options{}))
	defer pools.Close()
	pool := ask(t, pools.URL, "CreateUserPool", `{"PoolName":"p"}`)["UserPool"].(map[string]any)["Id"].(string)
	in := func(body string) string { return strings.ReplaceAll(body, "POOL", pool) }
	ask(t, pools.URL, "CreateResourceServer", in(`{"UserPoolId":"POOL","Identifier":"posts","Name":"posts","Scopes":[`+
		`{"ScopeName":"read","ScopeDescription":"r"},{"ScopeName":"delete","ScopeDescription":"d"}]}`))
	app := ask(t, pools.URL, "CreateUserPoolClient", in(`{"UserPoolId":"POOL","ClientName":"c","GenerateSecret":true,`+
		`"ExplicitAuthFlows":["ALLOW_CLIENT_TOKEN_AUTH"]}`))["UserPoolClient"].(map[string]any)
	token := func(scope string) string {
		t.Helper()
		body, err := json.Marshal(map[string]any{"ClientId": app["ClientId"], "Secret": app["ClientSecret"],
			"Scopes": []string{scope}})
		if err != nil {
			t.Fatal(err)
		}
		out := ask(t, pools.URL, "GetClientToken", string(body))
		return out["ClientAuthenticationResult"].(map[string]any)["AccessToken"].(string)
	}
	issuer := pools.URL + "/" + pool
	f := &fake{answer: `"ok"`}
	authorizer := func(client string) *httpapi.Authorizer {
		return &httpapi.Authorizer{Issuer: issuer, Audience: []string{client},
			Keys: httpapi.NewKeys(issuer + "/.well-known/jwks.json")}
	}
	routes := []httpapi.Function{function("f", f,
		manifest.Route{Route: "GET /any", Authorizer: "jwt"},
		manifest.Route{Route: "GET /scoped", Authorizer: "jwt", Scopes: []string{"posts/read", "posts/write"}})}
	url := serve(t, httpapi.Options{Functions: routes, Authorizer: authorizer(app["ClientId"].(string)), Now: time.Now})
	read, other := token("posts/read"), token("posts/delete")
	call(t, "GET", url+"/scoped", "", "Authorization", "Bearer "+read).wants(t, 200, "ok")
	jwt := f.got(t)["requestContext"].(map[string]any)["authorizer"].(map[string]any)["jwt"].(map[string]any)
	if claims := jwt["claims"].(map[string]any); claims["sub"] != app["ClientId"] || claims["username"] != nil {
		t.Errorf("claims %v", claims)
	}
	call(t, "GET", url+"/scoped", "", "Authorization", "Bearer "+other).wants(t, 403, `{"message":"Forbidden"}`)
	call(t, "GET", url+"/any", "", "Authorization", "Bearer "+other).wants(t, 200, "ok")
	url = serve(t, httpapi.Options{Functions: routes, Authorizer: authorizer("another"), Now: time.Now})
	call(t, "GET", url+"/any", "", "Authorization", "Bearer "+read).wants(t, 401, `{"message":"Unauthorized"}`)
}
