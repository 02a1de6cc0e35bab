package userpool

import (
	"strings"
	"testing"
)

// Each social type signs people in at addresses that stand in for its own, and Describe shows what Cognito adds.
func TestSocialProviders(t *testing.T) {
	t.Parallel()
	for kind, c := range map[string]struct {
		details func(at string) object
		info    object
		mapping object
		user    string
		fields  string // that are asked for
		added   string // a detail that Describe adds
		addedIs string
	}{
		"Google": {
			details: func(at string) object {
				return object{"oidc_issuer": at, "authorize_scopes": "openid email", // and what Terraform repeats
					"authorize_url":  "https://accounts.google.com/o/oauth2/v2/auth",
					"attributes_url": "https://people.googleapis.com/v1/people/me?personFields="}
			},
			info: object{"sub": "00u1x9"}, mapping: object{"email": "email"}, user: "Google_00u1x9",
			added: "token_url", addedIs: "https://www.googleapis.com/oauth2/v4/token",
		},
		"Facebook": {
			details: func(at string) object {
				return object{"authorize_url": at + "/authorize", "token_url": at + "/token",
					"attributes_url": at + "/me?fields=", "authorize_scopes": "public_profile, email", "api_version": "v21.0"}
			},
			info: object{"id": "77", "email": "ines@acme.example"}, mapping: object{"email": "email"}, user: "Facebook_77",
			fields: "id,email", added: "token_request_method", addedIs: "GET",
		},
		"LoginWithAmazon": {
			details: func(at string) object {
				return object{"authorize_url": at + "/authorize", "token_url": at + "/token", "attributes_url": at + "/me",
					"authorize_scopes": "profile postal_code"}
			},
			info: object{"user_id": "amzn1.7", "email": "ines@acme.example"}, mapping: object{"email": "email"},
			user: "LoginWithAmazon_amzn1.7", added: "attributes_url_add_attributes", addedIs: "false",
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			f := startFederatedBrowser(t, nil)
			f.idp.info = c.info
			f.do("CreateIdentityProvider", object{"ProviderName": kind, "ProviderType": kind, "AttributeMapping": c.mapping,
				"ProviderDetails": with(object{"client_id": "pool-at-acme", "client_secret": "s-1"}, c.details(f.idp.url))})
			f.offer(kind)
			f.goTo(kind, nil)
			if claims := claimsOf(t, f.tokens()["id_token"]); claims["cognito:username"] != c.user ||
				claims["email"] != "ines@acme.example" {
				t.Errorf("claims %v", claims)
			}
			if f.idp.given.Get("client_secret") != "s-1" || f.idp.wanted != c.fields ||
				strings.Contains(f.idp.asked.Get("scope"), ",") {
				t.Errorf("the token endpoint got %v, the scopes were %s, the fields %s", f.idp.given,
					f.idp.asked.Get("scope"), f.idp.wanted)
			}
			described := f.do("DescribeIdentityProvider", object{"ProviderName": kind})
			if got := at(described, "IdentityProvider.ProviderDetails."+c.added); got != c.addedIs {
				t.Errorf("%s is %v, want %s", c.added, got, c.addedIs)
			}
		})
	}
}
