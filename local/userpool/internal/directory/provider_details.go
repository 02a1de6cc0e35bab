package directory

import "maps"

// facebookVersion is the version of Facebook's API that is used if api_version is not given.
const facebookVersion = "v17.0"

// ProviderDetails returns the details of an identity provider together with those that Cognito adds for its type. What
// was given wins.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
func ProviderDetails(kind string, given map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, addedDetails(kind, given["api_version"]))
	maps.Copy(all, given)
	return all
}

func addedDetails(kind, version string) map[string]string {
	switch kind {
	case "OIDC":
		return map[string]string{"attributes_url_add_attributes": "false"}
	case "Google":
		return map[string]string{
			"attributes_url":                "https://people.googleapis.com/v1/people/me?personFields=",
			"attributes_url_add_attributes": "true",
			"authorize_url":                 "https://accounts.google.com/o/oauth2/v2/auth",
			"oidc_issuer":                   "https://accounts.google.com",
			"token_request_method":          "POST",
			"token_url":                     "https://www.googleapis.com/oauth2/v4/token",
		}
	case "Facebook":
		if version == "" {
			version = facebookVersion
		}
		return map[string]string{
			"attributes_url":                "https://graph.facebook.com/" + version + "/me?fields=",
			"attributes_url_add_attributes": "true",
			"authorize_url":                 "https://www.facebook.com/" + version + "/dialog/oauth",
			"token_request_method":          "GET",
			"token_url":                     "https://graph.facebook.com/" + version + "/oauth/access_token",
		}
	case "LoginWithAmazon":
		return map[string]string{
			"attributes_url":                "https://api.amazon.com/user/profile",
			"attributes_url_add_attributes": "false",
			"authorize_url":                 "https://www.amazon.com/ap/oa",
			"token_request_method":          "POST",
			"token_url":                     "https://api.amazon.com/auth/o2/token",
		}
	case "SignInWithApple":
		return map[string]string{
			"attributes_url_add_attributes": "false",
			"authorize_url":                 "https://appleid.apple.com/auth/authorize",
			"oidc_issuer":                   "https://appleid.apple.com",
			"token_request_method":          "POST",
			"token_url":                     "https://appleid.apple.com/auth/token",
		}
	}
	return nil
}
