package userpool

import "testing"

// Clients read the member without looking whether it is there.
func TestTokensComeWithChallengeParameters(t *testing.T) {
	d := startDirect(t, nil, nil)
	d.user("ines")
	if parameters, is := d.signIn("ines")["ChallengeParameters"].(object); !is || len(parameters) != 0 {
		t.Errorf("challenge parameters %v, want none, and the member", parameters)
	}
}

// A list of identity providers shows no secret of theirs.
func TestListedIdentityProvidersAreBrief(t *testing.T) {
	d := startDirect(t, nil, nil)
	d.do("CreateIdentityProvider", object{"ProviderName": "Google", "ProviderType": "Google",
		"ProviderDetails": object{"client_secret": "s"}})
	listed := d.do("ListIdentityProviders", object{})["Providers"].([]any)[0].(object)
	if len(listed) != 4 || listed["ProviderName"] != "Google" || listed["ProviderType"] != "Google" ||
		listed["CreationDate"] == nil || listed["LastModifiedDate"] == nil {
		t.Errorf("listed: %v", listed)
	}
	if shown := d.do("DescribeIdentityProvider", object{"ProviderName": "Google"}); at(shown,
		"IdentityProvider.ProviderDetails.client_secret") != "s" {
		t.Errorf("shown: %v", shown)
	}
}
