package federation

import (
	"maps"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/federation/openid"
)

// openID returns what the settings of a provider say to its relying party. Every address can be overridden, so that
// something on this machine can stand in for Google and the others.
func openID(p directory.Provider) openid.Provider {
	all := directory.ProviderDetails(p.Type, p.Details)
	out := openid.Provider{
		Name: p.Name, ClientID: all["client_id"], ClientSecret: all["client_secret"],
		Scopes: scopesOf(all["authorize_scopes"]), Issuer: all["oidc_issuer"],
		AuthorizeURL: all["authorize_url"], TokenURL: all["token_url"], AttributesURL: all["attributes_url"],
		KeysURL:          all["jwks_uri"],
		AttributesByPost: strings.EqualFold(all["attributes_request_method"], "POST"),
		TokenByGet:       strings.EqualFold(all["token_request_method"], "GET"),
	}
	if out.Issuer != "" {
		// Google and Apple have discovery documents, with the addresses of their keys, and of Google's claims by their
		// names. So what Cognito adds, which Terraform's configurations repeat, gives way to it.
		added := directory.ProviderDetails(p.Type, nil)
		for name, address := range map[string]*string{
			"authorize_url": &out.AuthorizeURL, "token_url": &out.TokenURL, "attributes_url": &out.AttributesURL,
		} {
			if *address == added[name] {
				*address = ""
			}
		}
	}
	if p.Type == "SignInWithApple" {
		out.FormPost = true
		if all["private_key"] != "" {
			out.Apple = &openid.AppleKey{TeamID: all["team_id"], KeyID: all["key_id"], PrivateKey: all["private_key"]}
		}
	}
	if all["attributes_url_add_attributes"] == "true" && p.Type != "Google" {
		out.AttributesURL += strings.Join(wanted(p), ",")
	}
	return out
}

// wanted lists the provider's attributes that the pool maps, and the user's id.
func wanted(p directory.Provider) []string {
	names := slices.Sorted(maps.Values(p.Mapping))
	return slices.Compact(append([]string{"id"}, slices.DeleteFunc(names, func(name string) bool {
		return name == "id" || strings.HasSuffix(name, "_token")
	})...))
}

// scopesOf splits a list of scopes, which Facebook's settings separate by commas.
func scopesOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' })
}
