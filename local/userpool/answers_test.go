package userpool

import "testing"

// Some clients read ChallengeParameters without checking that it is present.
func TestEmptyChallengeParameters(t *testing.T) {
	d := startDirect(t, nil, nil)
	d.user("ines")
	if parameters, is := d.signIn("ines")["ChallengeParameters"].(object); !is || len(parameters) != 0 {
		t.Errorf("challenge parameters %v, want an empty object", parameters)
	}
}

// A list of identity providers must not contain their secrets.
func TestListIdentityProvidersOmitsSecrets(t *testing.T) {
	d := startDirect(t, nil, nil)
	d.do("CreateIdentityProvider", object{"ProviderName": "Google", "ProviderType": "Google",
		"ProviderDetails": object{"client_id": "x", "authorize_scopes": "openid", "client_secret": "s"}})
	listed := d.do("ListIdentityProviders", object{})["Providers"].([]any)[0].(object)
	if len(listed) != 4 || listed["ProviderName"] != "Google" || listed["ProviderType"] != "Google" ||
		listed["CreationDate"] == nil || listed["LastModifiedDate"] == nil {
		t.Errorf("listed: %v", listed)
	}
	shown := d.do("DescribeIdentityProvider", object{"ProviderName": "Google"})
	if at(shown, "IdentityProvider.ProviderDetails.client_secret") != "s" {
		t.Errorf("shown: %v", shown)
	}
}
