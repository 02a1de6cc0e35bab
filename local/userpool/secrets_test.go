package userpool

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/userpool/state"
)

func hashOf(secret, name, client string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(name + client))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// secretOf returns the secret that DescribeUserPoolClient shows.
func (d *direct) secretOf() string {
	d.t.Helper()
	return at(d.do("DescribeUserPoolClient", object{}), "UserPoolClient.ClientSecret").(string)
}

// Both secrets of an app client are good everywhere, until one is deleted. Source: API reference,
// AddUserPoolClientSecret and its siblings.
func TestTwoSecrets(t *testing.T) {
	t.Parallel()
	d := startDirect(t, nil, object{"GenerateSecret": true})
	d.user("ines")
	first := d.secretOf()
	list := func() []any { return d.do("ListUserPoolClientSecrets", object{})["ClientSecrets"].([]any) }
	if one := list(); len(one) != 1 || at(one[0], "ClientSecretId") != d.client+"--1772600767" ||
		at(one[0], "ClientSecretValue") != nil || at(one[0], "ClientSecretCreateDate") != 1772600767.0 {
		t.Fatalf("a new client has the secrets %v", one)
	}
	added := at(d.do("AddUserPoolClientSecret", object{}), "ClientSecretDescriptor").(object)
	second := added["ClientSecretValue"].(string)
	if len(second) != len(first) || second == first || added["ClientSecretId"] == d.client+"--1772600767" {
		t.Fatalf("added %v", added)
	}
	works := func(secret string, want bool) {
		t.Helper()
		signIn := object{"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": object{"USERNAME": "ines", "PASSWORD": password,
			"SECRET_HASH": hashOf(secret, "ines", d.client)}}
		status, out := d.call("InitiateAuth", signIn)
		if (status == 200) != want {
			t.Errorf("sign-in: %v", out)
		}
		if !want {
			d.fails("RevokeToken", object{"Token": "x", "ClientSecret": secret}, "NotAuthorizedException", "Unable to verify")
			return
		}
		refresh := at(out, "AuthenticationResult.RefreshToken")
		d.do("GetTokensFromRefreshToken", object{"RefreshToken": refresh, "ClientSecret": secret})
		d.do("InitiateAuth", object{"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": object{"REFRESH_TOKEN": refresh,
			"SECRET_HASH": hashOf(secret, "ines", d.client)}})
		d.do("RevokeToken", object{"Token": refresh, "ClientSecret": secret})
	}
	works(first, true)
	works(second, true)
	works(second+"x", false)
	if d.secretOf() != first {
		t.Error("the described secret is not the older one")
	}
	d.fails("AddUserPoolClientSecret", object{}, "LimitExceededException", "at most 2")
	d.do("DeleteUserPoolClientSecret", object{"ClientSecretId": d.client + "--1772600767"})
	works(first, false)
	works(second, true)
	if d.secretOf() != second {
		t.Error("the described secret is not the one that is left")
	}
	d.fails("DeleteUserPoolClientSecret", object{"ClientSecretId": d.client + "--1772600767"}, "ResourceNotFoundException",
		"does not exist")
	d.fails("DeleteUserPoolClientSecret", object{"ClientSecretId": added["ClientSecretId"]}, "InvalidParameterException",
		"last client secret")
	d.do("UpdateUserPoolClient", object{
		"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}})
	works(second, true)
}

func TestOwnSecrets(t *testing.T) {
	t.Parallel()
	d := startDirect(t, nil, object{"GenerateSecret": true})
	for _, wrong := range []string{"", "short", strings.Repeat("x", 65), strings.Repeat("-", 30)} {
		d.fails("AddUserPoolClientSecret", object{"ClientSecret": wrong}, "InvalidParameterException", "clientSecret")
	}
	d.fails("AddUserPoolClientSecret", object{"ClientSecret": d.secretOf()}, "InvalidParameterException", "already")
	own := strings.Repeat("a+", 12)
	if out := d.do("AddUserPoolClientSecret", object{"ClientSecret": own}); at(out,
		"ClientSecretDescriptor.ClientSecretValue") != nil {
		t.Errorf("AWS does not repeat a secret that was given: %v", out)
	}
	d.fails("SignUp", object{"Username": "ines", "Password": password, "SecretHash": "x"}, "NotAuthorizedException", "")
	d.do("SignUp", object{"Username": "ines", "Password": password, "SecretHash": hashOf(own, "ines", d.client)})
	d.client = at(d.do("CreateUserPoolClient", object{"ClientName": "public"}), "UserPoolClient.ClientId").(string)
	d.fails("AddUserPoolClientSecret", object{}, "InvalidParameterException", "no client secret")
	if list := d.do("ListUserPoolClientSecrets", object{}); len(list["ClientSecrets"].([]any)) != 0 {
		t.Errorf("a public client has %v", list)
	}
}

// Data that was kept when a client had one secret keeps it.
func TestClientsWithOneSecretAreRead(t *testing.T) {
	t.Parallel()
	var c state.Client
	const kept = `{"ID":"c","Pool":"p","Secret":"s","Created":"2026-03-04T05:06:07Z",` +
		`"Settings":{"RefreshTokenValidity":30}}`
	if err := json.Unmarshal([]byte(kept), &c); err != nil {
		t.Fatal(err)
	}
	want := state.ClientSecret{ID: "c--1772600767", Value: "s", Created: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	if len(c.Secrets) != 1 || c.Secrets[0] != want || c.Settings.RefreshTokenValidity != 30 {
		t.Errorf("read %+v", c)
	}
}
