package userpool

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// With AWS's issuer, tokens and the discovery document have the form that the pool chooses. Source: API reference,
// IssuerConfigurationType.
func TestIssuerForms(t *testing.T) {
	for kind, host := range map[string]string{
		"": "cognito-idp", "ORIGINAL": "cognito-idp", "UPDATED": "issuer-cognito-idp",
	} {
		d := startDirect(t, nil, nil)
		d.server = Open(Options{Issuer: "aws", Now: d.clock.Now})
		settings := object{"PoolName": "p"}
		if kind != "" {
			settings["IssuerConfiguration"] = object{"Type": kind}
		}
		d.pool = at(d.do("CreateUserPool", settings), "UserPool.Id").(string)
		d.client = at(d.do("CreateUserPoolClient", object{"ClientName": "c",
			"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH"}}), "UserPoolClient.ClientId").(string)
		d.user("ines")
		want := "https://" + host + ".eu-west-1.amazonaws.com/" + d.pool
		access := at(d.signIn("ines"), "AuthenticationResult.AccessToken")
		if got := claimsOf(t, access)["iss"]; got != want {
			t.Errorf("%q: the token's issuer is %v, want %s", kind, got, want)
		}
		d.do("GetUser", object{"AccessToken": access}) // the pool accepts its own issuer
		answer := httptest.NewRecorder()
		d.server.ServeHTTP(answer, httptest.NewRequest(http.MethodGet,
			"http://127.0.0.1/"+d.pool+"/.well-known/openid-configuration", nil))
		if !strings.Contains(answer.Body.String(), `"issuer":"`+want+`"`) || d.server.Issuer("", d.pool) != want {
			t.Errorf("%q: %s, Issuer returns %s", kind, answer.Body, d.server.Issuer("", d.pool))
		}
	}
	d := startDirect(t, nil, nil)
	d.fails("CreateUserPool", object{"PoolName": "p", "IssuerConfiguration": object{"Type": "OTHER"}},
		"InvalidParameterException", "issuerConfiguration.type")
}
